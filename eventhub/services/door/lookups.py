"""Reads into the book what the database holds of what a batch names."""

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Row,
    Select,
    and_,
    bindparam,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

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


def _among(column: Any, name: str, *, one: bool) -> ColumnElement[bool]:
    """Whether a column is one of the values of a parameter, or its only one.

    The form for a single value spares every scan the making of a new statement.
    """
    among: ColumnElement[bool] = (
        column == bindparam(name) if one else column.in_(bindparam(name, expanding=True))
    )
    return among


_STANDING = (Registration.id, Registration.event_id, Registration.state, Registration.mode)
_HIS_BOOKING = and_(
    Booking.registration_id == Registration.id,
    Booking.activity_id.in_(bindparam("activities", expanding=True)),
    Booking.state == RegistrationState.CONFIRMED,
)
_WITH_TICKET = Ticket.__table__.join(Registration, Registration.id == Ticket.registration_id)


def _named(
    found: tuple[Any, ...], source: FromClause, condition: ColumnElement[bool], *, booked: bool
) -> AnySelect:
    """Registrations by what names them; with their bookings where an activity is scanned for."""
    if not booked:
        return select(*_STANDING, *found).select_from(source).where(condition)
    return (
        select(*_STANDING, *found, Booking.activity_id)
        .select_from(source.outerjoin(Booking, _HIS_BOOKING))
        .where(condition)
    )


def _by_ticket(*, one: bool, booked: bool) -> AnySelect:
    condition = _among(Ticket.public_id, "names", one=one)
    return _named(_TICKET, _WITH_TICKET, condition, booked=booked)


def _by_code(*, one: bool, booked: bool) -> AnySelect:
    condition = and_(
        Ticket.event_id == bindparam("event_id"), _among(Ticket.short_code, "names", one=one)
    )
    return _named(_TICKET, _WITH_TICKET, condition, booked=booked)


def _by_id(*, one: bool, booked: bool) -> AnySelect:
    # A union, not « or »: PostgreSQL would read every registration for the latter.
    same = aliased(Registration)
    known = union_all(
        select(same.id).where(_among(same.id, "names", one=one)),
        select(RegistrationAlias.registration_id).where(
            _among(RegistrationAlias.alias_id, "names", one=one)
        ),
    )
    source = Registration.__table__.outerjoin(
        RegistrationAlias,
        and_(
            RegistrationAlias.registration_id == Registration.id,
            _among(RegistrationAlias.alias_id, "names", one=one),
        ),
    )
    return _named((RegistrationAlias.alias_id,), source, Registration.id.in_(known), booked=booked)


_TICKET = (Ticket.public_id, Ticket.short_code, Ticket.revoked_at)
_SHAPES = [(one, booked) for one in (True, False) for booked in (True, False)]
_TICKETS = {shape: _by_ticket(one=shape[0], booked=shape[1]) for shape in _SHAPES}
_CODES = {shape: _by_code(one=shape[0], booked=shape[1]) for shape in _SHAPES}
_REGISTRATIONS = {shape: _by_id(one=shape[0], booked=shape[1]) for shape in _SHAPES}
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
_HELD = (
    # Not counted one by one: a door has thousands of them.
    select(func.coalesce(func.max(Scan.device_number), 0).label("scans_held"))
    .where(Scan.device_id == bindparam("device_id"))
    .subquery("held")
)


def _concerned(*, one: bool) -> AnySelect:
    """The number of scans held of the device, on each row, and the scans concerned, if any."""
    of_event = Scan.event_id == bindparam("event_id")
    concerned = or_(
        and_(of_event, _among(Scan.scan_id, "scan_ids", one=one)),
        and_(of_event, _among(Scan.undoes, "scan_ids", one=one)),
        _among(Scan.registration_id, "registration_ids", one=one),
    )
    return select(_HELD.c.scans_held, *_FACT_COLUMNS).select_from(
        _HELD.outerjoin(Scan.__table__, concerned)
        .outerjoin(Device, Device.id == Scan.device_id)
        .outerjoin(Account, Account.id == Scan.account_id)
    )


_SCANS = {one: _concerned(one=one) for one in (True, False)}
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
    booked = bool(book.activities)
    for statements, named in ((_TICKETS, list(public_ids)), (_CODES, list(short_codes))):
        if not named:
            continue
        values = _values(book, named)
        if statements is _CODES:
            values["event_id"] = book.event_id
        for row in connection.execute(statements[len(named) == 1, booked], values):
            registration_id, event_id, _, _, public_id, short_code, revoked_at = row[:7]
            if event_id == book.event_id:
                known = KnownTicket(registration_id, revoked_at is not None)
                book.tickets[public_id] = known
                book.codes[short_code] = known
                _add_standing(book, row, row[7] if booked else None)


def load_registrations(connection: Connection, book: Book, ids: Iterable[uuid.UUID]) -> None:
    """Read the registrations that are named, by their ids or by ids that became aliases."""
    named = list(ids)
    if not named:
        return
    booked = bool(book.activities)
    for row in connection.execute(_REGISTRATIONS[len(named) == 1, booked], _values(book, named)):
        registration_id, event_id, _, _, alias_id = row[:5]
        if event_id != book.event_id:
            book.elsewhere[registration_id] = event_id
            if alias_id is not None:
                book.elsewhere[alias_id] = event_id
            continue
        if alias_id is not None:
            book.canonical[alias_id] = registration_id
        _add_standing(book, row, row[5] if booked else None)


def _values(book: Book, named: list[Any]) -> dict[str, Any]:
    values: dict[str, Any] = {"names": named[0] if len(named) == 1 else named}
    if book.activities:
        values["activities"] = book.activities
    return values


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
    ids, registrations = list(scan_ids), list(registration_ids)
    one = len(ids) == 1 and len(registrations) <= 1
    rows = connection.execute(
        _SCANS[one],
        {
            "event_id": book.event_id,
            "device_id": device_id,
            "scan_ids": ids[0] if one else ids,
            "registration_ids": next(iter(registrations), None) if one else registrations,
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
