"""The process that delivers is killed at chosen points; every mail arrives, and arrives once."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

import config
from eventhub.domain.mail import MailKind, MailState
from eventhub.models.mail import OutgoingMail
from eventhub.services.outbox import enqueue
from tests.conftest import NOW
from tests.smtp import TAKEN, Inbox, smtp_server

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

PATIENCE_SECONDS = 60
ADDRESSES = [f"personne.{number}@example.org" for number in range(5)]
VICTIM = ADDRESSES[2]


def environment(settings: config.Settings, **values: str) -> dict[str, str]:
    return {
        **os.environ,
        "EVENTHUB_DATABASE_URL": settings.database_url,
        "EVENTHUB_INSTANCE_PATH": str(settings.instance_path),
        "EVENTHUB_SECRET_KEY": settings.secret_key,
        **values,
    }


@contextmanager
def watcher(settings: config.Settings, inbox: Inbox) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "eventhub.web.mail_watch"],
        env=environment(settings, EVENTHUB_SMTP_URL=inbox.url),
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def children(pid: int) -> list[int]:
    """The processes that `pid` has started and that still run. Source: proc(5)."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def write(settings: config.Settings, addresses: list[str]) -> None:
    engine = create_engine(settings.database_url)
    with Session(engine) as session:
        for address in addresses:
            enqueue(session, MailKind.SIGN_IN, address, NOW, link="https://example.org/")
        session.commit()
    engine.dispose()


def queued(settings: config.Settings) -> int:
    engine = create_engine(settings.database_url)
    with Session(engine) as session:
        number = session.scalar(select(func.count()).where(OutgoingMail.state == MailState.QUEUED))
    engine.dispose()
    return number or 0


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        threading.Event().wait(0.02)


def deliver_the_rest(settings: config.Settings, inbox: Inbox) -> None:
    """What an operator's next start does."""
    done = subprocess.run(
        [sys.executable, "-m", "eventhub.web.mail_delivery"],
        env=environment(settings, EVENTHUB_SMTP_URL=inbox.url),
        check=False,
        timeout=PATIENCE_SECONDS,
    )
    assert done.returncode == 0
    assert queued(settings) == 0


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with smtp_server() as inbox:
        yield inbox


@pytest.mark.parametrize("point", ["on_recipient", "on_data"])
def test_killing_the_worker_loses_no_mail_and_doubles_none(
    live_settings: config.Settings, inbox: Inbox, point: str
) -> None:
    live_settings.instance_path.mkdir(parents=True)
    write(live_settings, ADDRESSES)
    with watcher(live_settings, inbox) as process:

        def kill(address: str) -> str:
            if address == VICTIM:
                process.kill()
            return TAKEN

        setattr(inbox, point, kill)
        wait_until(lambda: process.poll() is not None)
    assert process.returncode == -signal.SIGKILL

    deliver_the_rest(live_settings, inbox)

    assert sorted(inbox.recipients) == ADDRESSES


def test_killing_the_worker_once_the_server_has_answered_doubles_nothing(
    live_settings: config.Settings, inbox: Inbox
) -> None:
    live_settings.instance_path.mkdir(parents=True)
    write(live_settings, ADDRESSES)
    with watcher(live_settings, inbox) as process:
        # From outside, at whatever point it is when the third mail has just been taken.
        wait_until(lambda: len(inbox.taken) >= 3)
        process.kill()
        process.wait()

    deliver_the_rest(live_settings, inbox)

    assert sorted(inbox.recipients) == ADDRESSES


@pytest.mark.parametrize("point", ["on_recipient", "on_data"])
def test_killing_everything_before_the_server_has_taken_a_mail_loses_and_doubles_nothing(
    live_settings: config.Settings, inbox: Inbox, point: str
) -> None:
    live_settings.instance_path.mkdir(parents=True)
    write(live_settings, ADDRESSES)
    killed = threading.Event()
    with watcher(live_settings, inbox) as process:

        def kill(address: str) -> str:
            if address != VICTIM or killed.is_set():
                return TAKEN
            for pid in [*children(process.pid), process.pid]:
                os.kill(pid, signal.SIGKILL)
            killed.set()
            return "451 not taken"

        setattr(inbox, point, kill)
        wait_until(killed.is_set)
        wait_until(lambda: process.poll() is not None)

    deliver_the_rest(live_settings, inbox)

    assert sorted(inbox.recipients) == ADDRESSES


def test_a_mail_committed_while_nobody_watches_is_sent_by_the_next_watcher(
    live_settings: config.Settings, inbox: Inbox
) -> None:
    live_settings.instance_path.mkdir(parents=True)
    write(live_settings, ADDRESSES[:1])
    with watcher(live_settings, inbox):
        wait_until(lambda: queued(live_settings) == 0)
        write(live_settings, ADDRESSES[1:])
        wait_until(lambda: queued(live_settings) == 0)
    assert inbox.recipients == ADDRESSES


def test_a_watcher_asked_to_end_finishes_the_mail_in_hand(
    live_settings: config.Settings, inbox: Inbox
) -> None:
    live_settings.instance_path.mkdir(parents=True)
    write(live_settings, ADDRESSES)
    with watcher(live_settings, inbox) as process:

        def end(address: str) -> str:
            if address == VICTIM:
                process.terminate()
            return TAKEN

        inbox.on_data = end
        wait_until(lambda: process.poll() is not None)
    assert process.returncode == 0
    # The signal takes a moment: a later mail may have begun. None is cut in two.
    taken = len(inbox.taken)
    assert taken >= 3
    assert inbox.recipients == ADDRESSES[:taken]
    assert queued(live_settings) == len(ADDRESSES) - taken


def test_a_watcher_holds_nothing_open_and_little_memory(
    live_settings: config.Settings, inbox: Inbox
) -> None:
    live_settings.instance_path.mkdir(parents=True)
    write(live_settings, ADDRESSES)
    with watcher(live_settings, inbox) as process:
        wait_until(lambda: queued(live_settings) == 0)
        wait_until(lambda: not children(process.pid))
        status = Path(f"/proc/{process.pid}/status").read_text()
        kibibytes = next(line.split()[1] for line in status.splitlines() if "VmRSS" in line)
        assert int(kibibytes) < 50 * 1024
