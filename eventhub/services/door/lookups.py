"""Reads into the book what the database holds of what a batch names."""

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, bindparam, func, or_, select

from eventhub.domain.door import Standing
from eventhub.domain.registration import RegistrationState
from eventhub.domain.scan import Verdict
from eventhub.models.account import Account
from eventhub.models.door import Device, RegistrationAlias, Scan
from eventhub.models.event import Event
from eventhub.models.registration import Booking, Registration, Ticket
from eventhub.services.door.book import Book, Fact, KnownTicket

AnyRow = Row[*tuple[Any, ...]]
AnySelect = Select[*tuple[Any, ...]]

_STANDING = (Registration.id, Registration.event_id, Registration.state, Registration.mode)
_HIS_BOOKING = and_(
    Booking.registration_id == Registration.id,
    Booking.activity_id.in_(bindparam("activities", expanding=True)),
    Booking.state == RegistrationState.CONFIRMED,
)
_TICKET = (Ticket.public_id, Ticket.short_code, Ticket.revoked_at)
_WITH_TICKET = Ticket.__table__.join(Registration, Registration.id == Ticket.registration_id)
_BY_TICKET = Ticket.public_id.in_(bindparam("names", expanding=True))
_BY_CODE = and_(
    Ticket.event_id == bindparam("event_id"),
    Ticket.short_code.in_(bindparam("names", expanding=True)),
)
_ALIAS = and_(
    RegistrationAlias.registration_id == Registration.id,
    RegistrationAlias.alias_id.in_(bindparam("names", expanding=True)),
)
_BY_ID = or_(
    Registration.id.in_(bindparam("names", expanding=True)),
    Registration.id.in_(
        select(RegistrationAlias.registration_id).where(
            RegistrationAlias.alias_id.in_(bindparam("names", expanding=True))
        )
    ),
)
_WITH_ALIAS = Registration.__table__.outerjoin(RegistrationAlias, _ALIAS)

# Each question twice: bookings are joined only where an activity is scanned for.
_TICKETS: dict[bool, AnySelect] = {
    False: select(*_STANDING, *_TICKET).select_from(_WITH_TICKET).where(_BY_TICKET),
    True: select(*_STANDING, *_TICKET, Booking.activity_id)
    .select_from(_WITH_TICKET.outerjoin(Booking, _HIS_BOOKING))
    .where(_BY_TICKET),
}
_CODES: dict[bool, AnySelect] = {
    False: select(*_STANDING, *_TICKET).select_from(_WITH_TICKET).where(_BY_CODE),
    True: select(*_STANDING, *_TICKET, Booking.activity_id)
    .select_from(_WITH_TICKET.outerjoin(Booking, _HIS_BOOKING))
    .where(_BY_CODE),
}
_REGISTRATIONS: dict[bool, AnySelect] = {
    False: select(*_STANDING, RegistrationAlias.alias_id).select_from(_WITH_ALIAS).where(_BY_ID),
    True: select(*_STANDING, RegistrationAlias.alias_id, Booking.activity_id)
    .select_from(_WITH_ALIAS.outerjoin(Booking, _HIS_BOOKING))
    .where(_BY_ID),
}
_TITLES = select(Event.id, Event.title).where(Event.id.in_(bindparam("names", expanding=True)))

_FACT_COLUMNS = (
    Scan.id,
    Scan.scan_id,
    Scan.kind,
    Scan.verdict,
    Scan.effective_at,
    func.coalesce(Device.name, Account.display_name, "").label("recorder"),
    Scan.checkpoint_id,
    Scan.registration_id,
    Scan.named_registration,
    Scan.undoes,
    Scan.mode,
    Scan.message,
    Scan.first_seen,
    Scan.shown,
    Scan.overridden,
    Scan.is_test,
    Scan.accepted_at,
    Scan.undone,
)
_NAMED_OR_UNDOING = or_(
    and_(
        Scan.event_id == bindparam("event_id"),
        Scan.scan_id.in_(bindparam("scan_ids", expanding=True)),
    ),
    and_(
        Scan.event_id == bindparam("event_id"),
        Scan.undoes.in_(bindparam("scan_ids", expanding=True)),
    ),
    Scan.registration_id.in_(bindparam("registration_ids", expanding=True)),
)
_HELD = (
    select(func.count().label("scans_held"))
    .select_from(Scan)
    .where(Scan.device_id == bindparam("device_id"))
    .subquery("held")
)
_SCANS: AnySelect = select(_HELD.c.scans_held, *_FACT_COLUMNS).select_from(
    _HELD.outerjoin(Scan.__table__, _NAMED_OR_UNDOING)
    .outerjoin(Device, Device.id == Scan.device_id)
    .outerjoin(Account, Account.id == Scan.account_id)
)
_WAITING: AnySelect = (
    select(*_FACT_COLUMNS)
    .select_from(
        Scan.__table__.outerjoin(Device, Device.id == Scan.device_id).outerjoin(
            Account, Account.id == Scan.account_id
        )
    )
    .where(
        Scan.event_id == bindparam("event_id"),
        Scan.registration_id.is_(None),
        Scan.named_registration == bindparam("named"),
    )
)


def load_tickets(
    connection: Connection,
    book: Book,
    public_ids: Iterable[str],
    short_codes: Iterable[str],
) -> None:
    """Read the tickets that are named and the registrations that they belong to."""
    activities = book.activities
    for statements, names in ((_TICKETS, list(public_ids)), (_CODES, list(short_codes))):
        if not names:
            continue
        values: dict[str, Any] = {"names": names, "event_id": book.event_id}
        if activities:
            values["activities"] = activities
        if statements is _TICKETS:
            del values["event_id"]
        for row in connection.execute(statements[bool(activities)], values):
            registration_id, event_id, _, _, public_id, short_code, revoked_at = row[:7]
            if event_id == book.event_id:
                known = KnownTicket(registration_id, revoked_at is not None)
                book.tickets[public_id] = known
                book.codes[short_code] = known
                _add_standing(book, row, row[7] if activities else None)


def load_registrations(connection: Connection, book: Book, ids: Iterable[uuid.UUID]) -> None:
    """Read the registrations that are named, by their ids or by ids that became aliases."""
    names = list(ids)
    if not names:
        return
    activities = book.activities
    values: dict[str, Any] = {"names": names}
    if activities:
        values["activities"] = activities
    for row in connection.execute(_REGISTRATIONS[bool(activities)], values):
        registration_id, event_id, _, _, alias_id = row[:5]
        if event_id != book.event_id:
            book.elsewhere[registration_id] = event_id
            if alias_id is not None:
                book.elsewhere[alias_id] = event_id
            continue
        if alias_id is not None:
            book.canonical[alias_id] = registration_id
        _add_standing(book, row, row[5] if activities else None)


def load_titles(connection: Connection, book: Book, event_ids: Iterable[int]) -> None:
    """Read the titles of other events."""
    names = list(event_ids)
    if names:
        for event_id, title in connection.execute(_TITLES, {"names": names}):
            book.titles[event_id] = title


def load_scans(
    connection: Connection,
    book: Book,
    *,
    device_id: int | None = None,
    scan_ids: Iterable[str] = (),
    registration_ids: Iterable[uuid.UUID] = (),
) -> None:
    """Read the scans held: those of these ids or that undo them, and those of registrations."""
    rows = connection.execute(
        _SCANS,
        {
            "event_id": book.event_id,
            "device_id": device_id,
            "scan_ids": list(scan_ids),
            "registration_ids": list(registration_ids),
        },
    )
    for row in rows:
        if device_id is not None:
            book.scans_held = row[0]
        if row[1] is not None and row[2] not in book.facts:
            book.add(_fact(row[1:]))


def load_waiting(connection: Connection, book: Book, named: uuid.UUID) -> None:
    """Read the scans that wait for a registration of this id."""
    values = {"event_id": book.event_id, "named": str(named)}
    for row in connection.execute(_WAITING, values):
        if row[1] not in book.facts:
            book.add(_fact(row))


def _add_standing(book: Book, row: AnyRow, activity_id: int | None) -> None:
    registration_id, _, state, mode = row[:4]
    book.canonical[registration_id] = registration_id
    known = book.standings.get(registration_id)
    activities = known.activities if known else frozenset()
    if activity_id is not None:
        activities |= {activity_id}
    book.standings[registration_id] = Standing(registration_id, state, mode, activities)


def _fact(row: Sequence[Any]) -> Fact:
    (
        pk, scan_id, kind, verdict, effective_at, recorder, checkpoint_id, registration_id, named,
        undoes, mode, message, first_seen, shown, overridden, is_test, accepted_at, undone,
    ) = row  # fmt: skip
    return Fact(
        pk=pk,
        scan_id=scan_id,
        kind=kind,
        verdict=verdict,
        effective_at=effective_at,
        recorder=recorder,
        checkpoint_id=checkpoint_id,
        registration_id=registration_id,
        named=named,
        undoes=undoes,
        mode=mode,
        message=message,
        first_seen=first_seen,
        shown=shown,
        overridden=overridden,
        is_test=is_test,
        held=verdict is Verdict.HELD and accepted_at is None,
        accepted=accepted_at is not None,
        undone=undone,
    )
