"""A real server over a database of its own, as `make run` serves it, for browser tests."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

import config
from tools.children import dies_with_parent, stop

ROOT = Path(__file__).resolve().parent.parent.parent
BIN = Path(sys.executable).parent
READY_WITHIN_SECONDS = 60


@dataclass(frozen=True, slots=True)
class LiveServer:
    """A server that answers at `url`; tests may read and change its database beside it."""

    url: str
    settings: config.Settings
    environment: dict[str, str]

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session on the server's database, committed when the block ends."""
        engine = create_engine(self.settings.database_url)
        try:
            with Session(engine, expire_on_commit=False) as session:
                yield session
                session.commit()
        finally:
            engine.dispose()

    def command(self, *words: str) -> str:
        """Run `eventhub WORDS` on this installation; what it printed on standard output."""
        return run_command(self.environment, *words)

    @property
    def mails(self) -> list[Path]:
        """The mails that the worker wrote, oldest first (run `mail deliver` before)."""
        return sorted((self.settings.instance_path / "mail").glob("*.eml"))


def run_command(environment: dict[str, str], *words: str) -> str:
    """Run `eventhub WORDS`; standard output. Raises AssertionError with what it said."""
    done = subprocess.run(
        [BIN / "eventhub", *words],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, f"eventhub {' '.join(words)}: {done.stderr or done.stdout}"
    return done.stdout


def free_port() -> int:
    """A port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment_of(settings: config.Settings) -> dict[str, str]:
    """The environment of a process of this installation, without the settings of the tester."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("EVENTHUB_")}
    return own | {
        "EVENTHUB_INSTANCE_PATH": str(settings.instance_path),
        "EVENTHUB_SECRET_KEY": settings.secret_key,
        "EVENTHUB_DATABASE_URL": settings.database_url,
        "EVENTHUB_BASE_URL": settings.base_url,
        "GRANIAN_WORKERS": "1",
        "GRANIAN_BLOCKING_THREADS": "4",
        "GRANIAN_LOG_LEVEL": "warning",
    }


@contextmanager
def serving(settings: config.Settings, log: Path) -> Iterator[LiveServer]:
    """Serve the installation of `settings` at its `base_url` until the block ends."""
    port = settings.base_url.rpartition(":")[2]
    environment = environment_of(settings)
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            [BIN / "granian", "--interface", "wsgi", "--port", port, "wsgi:app"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            process_group=0,
            preexec_fn=dies_with_parent(),  # noqa: PLW1509  # no lock is taken
        )
    try:
        _wait_until_ready(process, int(port), log)
        yield LiveServer(settings.base_url, settings, environment)
    finally:
        stop(process, sent=signal.SIGTERM, patience_seconds=15)


def _wait_until_ready(process: "subprocess.Popen[str]", port: int, log: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
                connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                if connection.recv(5) == b"HTTP/":
                    return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"the server does not answer:\n{log.read_text(encoding='utf-8')}")
