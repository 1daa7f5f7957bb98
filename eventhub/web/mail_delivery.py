"""Delivers the outbox: one deliverer at a time, one mail after the other.

A mail is marked `sent` as soon as its transport has taken it, before the next one begins. This
runs in a process of its own (`python -m eventhub.web.mail_delivery`), in a session of its own,
which ends by itself once its parent is gone, after the mail in hand: killing `eventhub mail
deliver` at any point neither loses a mail nor sends one twice. Where this very process is killed
(power cut) between the server's answer and our commit, the mail is sent again under the same
Message-ID: RFC 5321 §4.5.4.1 leaves no other way to lose none.
"""

import fcntl
import json
import logging
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import NoReturn

from sqlalchemy import Engine, create_engine, select, text, update
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session

import config
from eventhub.domain.mail import MailState
from eventhub.models.base import begin_writing
from eventhub.models.mail import OutgoingMail
from eventhub.web import clock
from eventhub.web.mail_transport import (
    Refused,
    Transport,
    TryLater,
    Unreachable,
    transport_for,
)
from eventhub.web.mailing import NothingToSend, message_bytes, render

FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(hours=1)
LOCK_NUMBER = 0x65766D61
"""The PostgreSQL advisory lock of the deliverer; any number that is always the same."""

log = logging.getLogger("eventhub.mail")


@dataclass(slots=True)
class Tally:
    """What became of the mails that were due.

    `unreachable` says why delivery stopped, where it did.
    """

    sent: int = 0
    refused: int = 0
    put_off: int = 0
    unreachable: str = ""


def deliver_due(
    engine: Engine,
    settings: config.Settings,
    transport: Transport,
    now: Callable[[], datetime] = clock.now,
    stop: Callable[[], bool] = lambda: False,
) -> Tally:
    """Deliver every mail that is due, oldest first, until there is none or `stop` says so.

    Call it under `sole_deliverer`. No transaction is open while a mail is on its way.
    """
    tally = Tally()
    sender = parseaddr(settings.mail_from)[1]
    while not stop():
        with Session(engine) as session:
            mail = session.scalar(
                select(OutgoingMail)
                .where(OutgoingMail.state == MailState.QUEUED, OutgoingMail.next_try_at <= now())
                .order_by(OutgoingMail.id)
                .limit(1)
            )
            if mail is None:
                break
            mail_id, message_id, recipient, tries = mail.id, mail.message_id, mail.to, mail.tries
            data = _data_of(session, mail, settings)
        try:
            if isinstance(data, Exception):
                raise data
            transport.send(message_id, sender, recipient, data)
        except Refused as refusal:
            _mark(engine, mail_id, state=MailState.FAILED, tries=tries + 1, error=str(refusal))
            log.warning("mail %s refused: %s", mail_id, refusal)
            tally.refused += 1
        except TryLater as delay:
            _put_off(engine, mail_id, tries, str(delay), now())
            log.info("mail %s put off: %s", mail_id, delay)
            tally.put_off += 1
        except Unreachable as failure:
            _put_all_off(engine, tries, str(failure), now())
            log.warning("mails put off, the server cannot be reached: %s", failure)
            tally.unreachable = str(failure)
            break
        else:
            _mark(engine, mail_id, state=MailState.SENT, tries=tries + 1, sent_at=now(), error="")
            tally.sent += 1
    return tally


@contextmanager
def sole_deliverer(engine: Engine, instance_path: Path) -> Iterator[None]:
    """Hold the right to deliver; waits, and says so, while another process holds it.

    A lock on a file beside an SQLite database, an advisory lock on PostgreSQL: both end with the
    process that holds them, however it ends.
    """
    if engine.dialect.name == "sqlite":
        with (instance_path / "mail.lock").open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                log.info("another delivery is at work: waiting for its end")
                fcntl.flock(file, fcntl.LOCK_EX)
            yield
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.detach()  # so that closing it gives the lock back
        number = {"number": LOCK_NUMBER}
        if not connection.scalar(text("SELECT pg_try_advisory_lock(:number)"), number):
            log.info("another delivery is at work: waiting for its end")
            connection.execute(text("SELECT pg_advisory_lock(:number)"), number)
        yield


def next_try_after(tries: int, now: datetime) -> datetime:
    """When a mail that was not taken `tries` times before is tried again."""
    return now + min(FIRST_DELAY * (1 << min(tries, 16)), LONGEST_DELAY)


def _data_of(
    session: Session, mail: OutgoingMail, settings: config.Settings
) -> bytes | Refused | TryLater:
    """The message to send, or why there is none: one bad mail must not hold the others up."""
    try:
        return message_bytes(render(session, mail, settings))
    except NothingToSend:
        return Refused("what it is about is gone")
    except Exception as error:
        # A fault of ours, to be mended: the mail is kept and tried again.
        log.exception("mail %s cannot be made", mail.id)
        return TryLater(f"cannot be made: {type(error).__name__}")


def _mark(engine: Engine, mail_id: int, **values: object) -> None:
    with Session(engine) as session:
        begin_writing(session)
        session.execute(update(OutgoingMail).where(OutgoingMail.id == mail_id).values(values))
        session.commit()


def _put_off(engine: Engine, mail_id: int, tries: int, error: str, now: datetime) -> None:
    _mark(engine, mail_id, tries=tries + 1, error=error, next_try_at=next_try_after(tries, now))


def _put_all_off(engine: Engine, tries: int, error: str, now: datetime) -> None:
    """Put off every mail that is due: the next one would meet the same closed door."""
    with Session(engine) as session:
        begin_writing(session)
        session.execute(
            update(OutgoingMail)
            .where(OutgoingMail.state == MailState.QUEUED, OutgoingMail.next_try_at <= now)
            .values(
                tries=OutgoingMail.tries + 1,
                error=error,
                next_try_at=next_try_after(tries, now),
            )
        )
        session.commit()


def main() -> None:
    """Deliver once what is due; one line of JSON on standard output says what came of it."""
    logging.basicConfig(level=logging.INFO, format="eventhub: %(message)s", stream=sys.stderr)
    try:
        tally = _deliver_once()
    except config.SettingError as error:
        _fail(str(error))
    except (OperationalError, ProgrammingError) as error:
        _fail(f"the database does not answer as expected ({error.orig}); run `eventhub db upgrade`")
    with suppress(BrokenPipeError):  # whoever asked is gone
        os.write(sys.stdout.fileno(), json.dumps(asdict(tally)).encode() + b"\n")


def _deliver_once() -> Tally:
    """Deliver what is due, until we are asked to stop or our parent is gone."""
    parent = os.getppid()
    asked_to_stop: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _frame: asked_to_stop.append(received))

    def stop() -> bool:
        return bool(asked_to_stop) or os.getppid() != parent

    settings = config.load()
    settings.instance_path.mkdir(parents=True, exist_ok=True)
    transport = transport_for(settings)
    engine = create_engine(settings.database_url, pool_size=2)
    try:
        with sole_deliverer(engine, settings.instance_path):
            return deliver_due(engine, settings, transport, stop=stop)
    finally:
        transport.close()
        engine.dispose()


def _fail(message: str) -> NoReturn:
    log.error("%s", " ".join(message.split()))
    sys.exit(1)


if __name__ == "__main__":
    main()
