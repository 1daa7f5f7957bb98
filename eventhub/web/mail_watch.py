"""Watches the outbox, and starts a delivery when something is due.

Stays for as long as the server does, so it loads as little as it can: the standard library, and
psycopg where the database is PostgreSQL. The delivery is another process, in a session of its
own: see `eventhub.web.mail_delivery`.
"""

import json
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from types import FrameType
from typing import Any, NoReturn
from urllib.parse import unquote

import config

POLL_SECONDS = 1.0
PAUSE_AFTER_FAILURE_SECONDS = 5.0
_DUE = "SELECT 1 FROM outgoing_mails WHERE state = 'queued' AND next_try_at <= {} LIMIT 1"


class DeliveryFailed(Exception):
    """The delivery ended by an error, which it has written to standard error."""


def deliver() -> dict[str, Any]:
    """Deliver what is due in a process of its own; what became of the mails.

    Ctrl-C and SIGTERM let it finish the mail in hand. Raises DeliveryFailed.
    """
    with subprocess.Popen(
        [sys.executable, "-m", "eventhub.web.mail_delivery"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        handlers = _pass_on(process)
        try:
            answer, _ = process.communicate()
        finally:
            for number, handler in handlers.items():
                signal.signal(number, handler)
    if process.returncode != 0:
        raise DeliveryFailed
    tally: dict[str, Any] = json.loads(answer)
    return tally


def watch(database_url: str) -> NoReturn:
    """Deliver whenever something is due. Holds no transaction between looks."""
    is_due = due_checker(database_url)
    while True:
        pause = POLL_SECONDS
        if is_due():
            try:
                deliver()
            except DeliveryFailed:
                pause = PAUSE_AFTER_FAILURE_SECONDS
        time.sleep(pause)


def due_checker(database_url: str) -> Callable[[], bool]:
    """A function that says whether a mail is due; a database that does not answer has none."""
    scheme, _, rest = database_url.partition("://")
    if scheme.startswith("sqlite"):
        path = unquote(rest.partition("?")[0])[1:]
        return lambda: _is_due_in_sqlite(path)
    address = f"postgresql://{rest}"
    return lambda: _is_due_in_postgresql(address)


def main() -> None:
    """Watch until SIGTERM or Ctrl-C; then let a delivery under way finish the mail in hand."""

    def stop(_number: int, _frame: FrameType | None) -> NoReturn:
        sys.exit(0)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    try:
        settings = config.load()
    except config.SettingError as error:
        sys.exit(f"eventhub: {error}")
    watch(settings.database_url)


def _is_due_in_sqlite(path: str) -> bool:
    # As SQLAlchemy writes moments in SQLite: UTC, without zone, compared as text.
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=rw", uri=True, timeout=5)) as connection:
            return connection.execute(_DUE.format("?"), (now,)).fetchone() is not None
    except sqlite3.OperationalError:  # not made yet, or busy for long
        return False


def _is_due_in_postgresql(address: str) -> bool:
    import psycopg

    try:
        with psycopg.connect(address, autocommit=True, connect_timeout=5) as connection:
            return connection.execute(_DUE.format("now()")).fetchone() is not None
    except psycopg.Error:
        return False


def _pass_on(process: subprocess.Popen[str]) -> dict[signal.Signals, Any]:
    """Pass the signals that end us on to `process`, and then wait for it; the old handlers."""
    if threading.current_thread() is not threading.main_thread():
        return {}
    old = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

    def handle(received: int, frame: FrameType | None) -> None:
        process.send_signal(received)
        handler = old[signal.Signals(received)]
        if callable(handler):
            handler(received, frame)

    for number in old:
        signal.signal(number, handle)
    return old


if __name__ == "__main__":
    main()
