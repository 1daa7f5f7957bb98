"""Takes the scans of one sender: judges them in the order sent, keeps each, derives presences."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, update
from sqlalchemy.orm import Session

from eventhub.domain.door import SCANS_PER_CALL
from eventhub.domain.errors import BatchTooLarge
from eventhub.domain.scan import Verdict
from eventhub.domain.sent_scan import SentScan, read_scan, without_address
from eventhub.models.door import Device, Scan
from eventhub.models.event import Event
from eventhub.queries.door import Door
from eventhub.services.door.book import Book, Fact
from eventhub.services.door.effects import Effects
from eventhub.services.door.judge import Judge
from eventhub.services.door.lookups import (
    load_registrations,
    load_scans,
    load_tickets,
    load_titles,
)
from eventhub.services.signing_keys import is_signed


@dataclass(frozen=True, slots=True)
class ScanAnswer:
    """What one scan came to; `id` None answers a scan that had none."""

    id: str | None
    verdict: Verdict
    message: str
    registration_id: uuid.UUID | None = None
    first_seen: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class ScanAnswers:
    """The answer to a call: the event's epoch, how many scans of this device are held, verdicts."""

    epoch: str
    scans_held: int
    verdicts: list[ScanAnswer]


_events, _scans, _devices = Event.__table__, Scan.__table__, Device.__table__
_LOCK_EVENT = (
    update(Event.__table__)  # type: ignore[arg-type]  # a Table, typed as FromClause
    .where(_events.c.id == bindparam("event_id"))
    .values(door_sequence=_events.c.door_sequence + 1)
    .returning(_events.c.door_sequence, _events.c.door_epoch)
)
_INSERT = insert(Scan.__table__).returning(  # type: ignore[arg-type]  # as above
    _scans.c.id, _scans.c.scan_id
)
_PENDING = (
    update(Device.__table__)  # type: ignore[arg-type]  # as above
    .where(_devices.c.id == bindparam("device_id"))
    .values(pending=bindparam("waiting"))
)


def record_scans(
    session: Session,
    door: Door,
    sent: Sequence[object],
    now: datetime,
    *,
    secret_key: str,
    pending: int | None = None,
) -> ScanAnswers:
    """Take scans in the order sent: decoded JSON values, each kept, none refusing the others.

    An id already held replays its verdict. What a revoked device sends is held without effect.
    `pending` is how many scans the device says it has yet to send.
    Raises BatchTooLarge for more than 500: nothing is taken.
    Effects: locks the event's row until the commit; derives presences, walk-ins' registrations
    and excuses.
    """
    if len(sent) > SCANS_PER_CALL:
        raise BatchTooLarge
    scans = [read_scan(one) for one in sent]
    genuine = {
        scan.ticket
        for scan in scans
        if scan.ticket is not None and is_signed(session, scan.ticket, secret_key)
    }
    connection = session.connection()
    sequence, epoch = connection.execute(_LOCK_EVENT, {"event_id": door.event_id}).one()
    book = Book(door.event_id)
    _load(connection, book, door, scans)
    effects = Effects(session, book, door.checkpoints, sequence, now)
    judge = Judge(session, door, book, effects, genuine, now)
    answers: list[ScanAnswer] = []
    taken: list[tuple[SentScan, Fact]] = []
    for scan in scans:
        fact = book.facts.get(scan.scan_id)
        if fact is None:
            fact = judge.judge(scan)
            taken.append((scan, fact))
        answers.append(_answer(scan, fact))
    if taken:
        number = book.scans_held
        rows = []
        for scan, fact in taken:
            number += _is_of_device(door, scan)
            rows.append(_row(door, scan, fact, number, sequence, now))
        for pk, scan_id in connection.execute(_INSERT, rows):
            book.facts[scan_id].pk = pk
        effects.store(connection)
        book.scans_held = number
    if pending is not None and door.device_id is not None and pending != door.pending:
        connection.execute(_PENDING, {"device_id": door.device_id, "waiting": pending})
    return ScanAnswers(epoch, book.scans_held, answers)


def _load(connection: Connection, book: Book, door: Door, scans: list[SentScan]) -> None:
    """Read everything that the scans name, in a number of statements that does not grow."""
    at = {scan.checkpoint_id for scan in scans}
    book.activities = sorted(
        checkpoint.activity_id
        for number, checkpoint in door.checkpoints.items()
        if number in at and checkpoint.activity_id is not None
    )
    load_tickets(
        connection,
        book,
        {scan.ticket.ticket_id for scan in scans if scan.ticket is not None},
        {scan.short_code for scan in scans if scan.short_code is not None},
    )
    named = {scan.registration_id for scan in scans if scan.registration_id is not None}
    load_registrations(connection, book, named - book.standings.keys())
    others = {scan.ticket.event_number for scan in scans if scan.ticket is not None}
    others |= set(book.elsewhere.values())
    load_titles(connection, book, others - {door.event_id})
    targets = {scan.undoes for scan in scans if scan.undoes is not None}
    load_scans(
        connection,
        book,
        device_id=door.device_id,
        scan_ids={scan.scan_id for scan in scans} | targets,
        registration_ids=book.standings,
    )
    undone = {
        fact.registration_id
        for target in targets
        if (fact := book.facts.get(target)) is not None and fact.registration_id is not None
    } - book.standings.keys()
    if undone:
        load_registrations(connection, book, undone)
        load_scans(connection, book, registration_ids=undone)


def _answer(scan: SentScan, fact: Fact) -> ScanAnswer:
    return ScanAnswer(
        scan.sent_id, fact.verdict, fact.message, fact.registration_id, fact.first_seen
    )


def _is_of_device(door: Door, scan: SentScan) -> bool:
    """Whether the scan is in the count that the device compares with its own."""
    return door.device_id is not None and scan.sent_id == scan.scan_id


def _row(
    door: Door, scan: SentScan, fact: Fact, number: int, sequence: int, now: datetime
) -> dict[str, Any]:
    """The scan as it is stored, once the whole batch has been judged.

    A walk-in's address is kept only while it has not been used. A scan without an id of its own
    is no device's: the count that the device compares must not grow by it.
    """
    is_used = fact.verdict is Verdict.RECORDED
    payload = without_address(scan.sent) if is_used else scan.sent
    has_id = scan.sent_id == scan.scan_id
    return {
        "event_id": door.event_id,
        "scan_id": scan.scan_id,
        "device_id": door.device_id if has_id else None,
        "device_number": number if has_id and door.device_id is not None else None,
        "account_id": door.account_id if has_id else None,
        "kind": scan.kind,
        "checkpoint_id": fact.checkpoint_id,
        "registration_id": fact.registration_id,
        "named_registration": fact.named,
        "ticket_public_id": scan.ticket.ticket_id if scan.ticket else None,
        "undoes": scan.undoes,
        "mode": fact.mode,
        "reason": scan.reason,
        "shown": scan.shown,
        "overridden": scan.overridden,
        "override_by": scan.by,
        "is_test": scan.is_test,
        "scanned_at": scan.scanned_at,
        "offset_ms": scan.offset_ms,
        "effective_at": fact.effective_at,
        "received_at": now,
        "verdict": fact.verdict,
        "message": fact.message,
        "first_seen": fact.first_seen,
        "counts": fact.counts,
        "undone": fact.undone,
        "payload": payload if has_id else {"sender": door.name, "scan": payload},
        "sequence": sequence,
    }
