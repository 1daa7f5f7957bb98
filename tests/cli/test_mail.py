"""`eventhub mail …`, as it is typed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

import config
from eventhub.domain.mail import MailKind
from eventhub.services.outbox import enqueue
from tests.conftest import NOW
from tests.smtp import free_port

EVENTHUB = Path(sys.executable).parent / "eventhub"


def run(settings: config.Settings, **values: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "EVENTHUB_DATABASE_URL": settings.database_url,
        "EVENTHUB_INSTANCE_PATH": str(settings.instance_path),
        "EVENTHUB_SECRET_KEY": settings.secret_key,
        **values,
    }
    return subprocess.run(
        [EVENTHUB, "mail", "deliver"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def outbox(live_settings: config.Settings) -> config.Settings:
    """An installation with three mails to deliver."""
    engine = create_engine(live_settings.database_url)
    with Session(engine) as session:
        for number in range(3):
            address = f"personne.{number}@example.org"
            enqueue(session, MailKind.SIGN_IN, address, NOW, link="https://example.org/")
        session.commit()
    engine.dispose()
    return live_settings


def test_it_prints_how_many_were_sent(outbox: config.Settings) -> None:
    first, second = run(outbox), run(outbox)
    assert (first.returncode, first.stdout, first.stderr) == (0, "3\n", "")
    assert (second.returncode, second.stdout) == (0, "0\n")
    assert len(list((outbox.instance_path / "mail").glob("*.eml"))) == 3


def test_without_a_server_it_says_so_in_one_line(outbox: config.Settings) -> None:
    done = run(outbox, EVENTHUB_SMTP_URL=f"smtp://127.0.0.1:{free_port()}")
    assert (done.returncode, done.stdout) == (1, "0\n")
    assert "Traceback" not in done.stderr
    last = done.stderr.splitlines()[-1]
    assert last.startswith("eventhub: mails wait, the server cannot be reached: ")


def test_an_unusable_address_is_told(outbox: config.Settings) -> None:
    done = run(outbox, EVENTHUB_SMTP_URL="mail.example.org")
    assert (done.returncode, done.stdout) == (1, "")
    assert "Traceback" not in done.stderr
    assert "EVENTHUB_SMTP_URL must look like" in done.stderr
