"""What a human decides of scans that a revoked device sent."""

from datetime import datetime

from sqlalchemy.orm import Session

from eventhub.domain.errors import NotFound, StateForbids
from eventhub.domain.scan import ScanKind, Verdict
from eventhub.domain.sent_scan import read_scan, without_address
from eventhub.models.account import Account
from eventhub.models.door import Scan
from eventhub.queries.door import Door
from eventhub.services.audit import record
from eventhub.services.door.book import Book
from eventhub.services.door.effects import Effects
from eventhub.services.door.lookups import load_registrations, load_scans
from eventhub.services.door.walk_ins import take_walk_in
from eventhub.services.sequence import next_sequence


def accept_held_scan(
    session: Session, door: Door, scan_number: int, now: datetime, *, by: Account
) -> None:
    """Let a held scan take effect: an arrival counts, whatever the phone showed.

    `door` is that of the account that decides. Raises NotFound for no scan of this event,
    StateForbids for one that is not held.
    Effects: locks the event's row until the commit.
    """
    sequence = next_sequence(session, door.event_id)
    scan = session.get(Scan, scan_number, populate_existing=True)
    if scan is None or scan.event_id != door.event_id:
        raise NotFound
    if scan.verdict is not Verdict.HELD or scan.accepted_at is not None:
        raise StateForbids
    sent = read_scan(scan.payload)
    book = Book(door.event_id)
    effects = Effects(session, book, door.checkpoints, sequence, now)
    connection = session.connection()
    wanted = {scan.registration_id} if scan.registration_id is not None else set()
    load_registrations(connection, book, wanted)
    load_scans(
        connection,
        book,
        scan_ids={scan.scan_id, scan.undoes or scan.scan_id},
        registration_ids=book.standings,
    )
    target = book.facts.get(scan.undoes or "")
    whose = target.registration_id if target is not None else None
    if whose is not None and whose not in book.standings:
        load_registrations(connection, book, {whose})
        load_scans(connection, book, registration_ids={whose})
    fact = book.take_out(scan.scan_id)
    fact.held, fact.accepted, fact.changed = False, True, True
    if scan.kind is ScanKind.WALK_IN and scan.checkpoint_id is not None and not scan.is_test:
        fact.registration_id, _ = take_walk_in(session, book, effects, sent)
        fact.mode = fact.mode or book.standings[fact.registration_id].mode
        scan.payload = without_address(scan.payload)
    scan.accepted_at = now
    scan.accepted_by_id = by.id
    scan.sequence = sequence
    session.flush()
    effects.add(fact)
    effects.store(connection)
    session.refresh(scan)
    record(
        session,
        now,
        "door-scan-accepted",
        account_id=by.id,
        actor=by.shown_name,
        event_id=door.event_id,
        subject=f"scan:{scan.id}",
    )
