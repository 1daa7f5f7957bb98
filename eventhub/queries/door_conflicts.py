"""What came of phones that worked apart: conflicts, and scans that wait for a human."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from eventhub.domain.conflicts import Arrival, Conflict, Place, conflicts
from eventhub.domain.door import (
    CLOCK_SHIFT_SHOWN,
    DoorCheckpoint,
    Standing,
    clock_is_shifted,
)
from eventhub.domain.registration import RegistrationOrigin, RegistrationState
from eventhub.domain.scan import ScanKind, Verdict
from eventhub.models.account import Account
from eventhub.models.door import Checkpoint, Device, Scan
from eventhub.models.event import Activity, Event
from eventhub.models.person import Person
from eventhub.models.registration import Booking, Registration, Ticket

LISTED_AT_MOST = 200
_SHIFT_MS = CLOCK_SHIFT_SHOWN // timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class ScanLine:
    """One scan, as a human is shown it."""

    number: int
    scan_id: str
    kind: ScanKind | None
    at: datetime
    recorder: str
    checkpoint: str
    name: str
    verdict: Verdict
    shown: Verdict | None
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class ConflictLine:
    """One conflict with what tells it: who, where, and the scans concerned."""

    conflict: Conflict
    name: str
    checkpoints: list[str]
    scans: list[ScanLine]
    capacity: int | None = None
    present: int = 0


class CheckReason(StrEnum):
    """Why a scan waits for a human."""

    HELD = "held"
    UNREAD = "unread"
    NOT_KNOWN_YET = "not_known_yet"
    UNDO_OF_NOTHING = "undo_of_nothing"
    LATE = "late"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class DoorReview:
    """All that a human should look at at one event's door; `more` counts what is not listed."""

    conflicts: list[ConflictLine]
    to_check: list[tuple[CheckReason, ScanLine]]
    doubles: list[tuple[str, int]]
    more: int = 0


_RECORDER = func.coalesce(Device.name, Account.display_name, "")


def door_review(session: Session, event: Event) -> DoorReview:
    """What to look at, now."""
    to_check = _to_check(session, event.id)
    return DoorReview(
        conflicts=_conflict_lines(session, event),
        to_check=to_check[:LISTED_AT_MOST],
        doubles=_doubles(session, event.id),
        more=max(0, len(to_check) - LISTED_AT_MOST),
    )


def event_conflicts(session: Session, event: Event) -> set[Conflict]:
    """The conflicts of an event."""
    return _Facts.read(session, event).conflicts()


@dataclass(slots=True)
class _Facts:
    """What the rules of conflicts look at."""

    arrivals: list[Arrival] = field(default_factory=list)
    standings: dict[uuid.UUID, Standing] = field(default_factory=dict)
    cancelled_at: dict[uuid.UUID, datetime] = field(default_factory=dict)
    names: dict[uuid.UUID, str] = field(default_factory=dict)
    places: dict[int, Place] = field(default_factory=dict)

    @classmethod
    def read(cls, session: Session, event: Event) -> "_Facts":
        facts = cls()
        facts.places = _places(session, event)
        arriving = select(Scan.registration_id).where(
            Scan.event_id == event.id, Scan.registration_id.is_not(None)
        )
        booked = defaultdict(set)
        for registration_id, activity_id in session.execute(
            select(Booking.registration_id, Booking.activity_id).where(
                Booking.registration_id.in_(arriving),
                Booking.state == RegistrationState.CONFIRMED,
            )
        ):
            booked[registration_id].add(activity_id)
        for row in session.execute(
            select(
                Registration.id,
                Registration.state,
                Registration.mode,
                Registration.origin,
                Registration.cancelled_at,
                Person.given_name,
                Person.family_name,
            )
            .join(Person, Person.id == Registration.person_id)
            .where(Registration.id.in_(arriving))
        ):
            facts.standings[row.id] = Standing(
                row.id, row.state, row.mode, frozenset(booked[row.id])
            )
            facts.names[row.id] = f"{row.given_name} {row.family_name}".strip()
            # A walk-in that was undone was never valid, whenever that came in.
            if row.cancelled_at is not None and row.origin is not RegistrationOrigin.DOOR:
                facts.cancelled_at[row.id] = row.cancelled_at
        for scan, revoked_at in session.execute(
            select(Scan, Ticket.revoked_at)
            .outerjoin(Ticket, Ticket.public_id == Scan.ticket_public_id)
            .where(
                Scan.event_id == event.id,
                Scan.kind.in_((ScanKind.ARRIVAL, ScanKind.WALK_IN)),
                Scan.registration_id.is_not(None),
                Scan.checkpoint_id.is_not(None),
                Scan.undone.is_(False),
                Scan.is_test.is_(False),
                or_(Scan.verdict != Verdict.HELD, Scan.accepted_at.is_not(None)),
            )
        ):
            facts.arrivals.append(_arrival(scan, revoked_at))
        return facts

    def conflicts(self) -> set[Conflict]:
        return conflicts(self.arrivals, self.standings, self.cancelled_at, self.places)


def _arrival(scan: Scan, revoked_at: datetime | None) -> Arrival:
    assert scan.kind and scan.registration_id and scan.checkpoint_id  # noqa: PT018, S101 - asked for
    return Arrival(
        scan_id=scan.scan_id,
        kind=scan.kind,
        registration_id=scan.registration_id,
        checkpoint_id=scan.checkpoint_id,
        recorder=f"{scan.device_id}/{scan.account_id}",
        effective_at=scan.effective_at,
        mode=scan.mode,
        shown=scan.shown,
        overridden=scan.overridden,
        counts=scan.counts,
        ticket_revoked_at=revoked_at,
    )


def _places(session: Session, event: Event) -> dict[int, Place]:
    rows = session.execute(
        select(Checkpoint, Activity)
        .outerjoin(Activity, Activity.id == Checkpoint.activity_id)
        .where(Checkpoint.event_id == event.id)
    )
    return {checkpoint.id: _place(event, checkpoint, activity) for checkpoint, activity in rows}


def _place(event: Event, checkpoint: Checkpoint, activity: Activity | None) -> Place:
    rules = DoorCheckpoint(
        checkpoint.id,
        checkpoint.kind,
        checkpoint.label,
        checkpoint.activity_id,
        checkpoint.opens_at,
        checkpoint.closes_at,
        checkpoint.on_date,
    )
    if activity is None:
        return Place(rules, capacity=event.capacity_onsite)
    return Place(rules, activity.starts_at, activity.ends_at, activity.capacity_onsite)


def _conflict_lines(session: Session, event: Event) -> list[ConflictLine]:
    facts = _Facts.read(session, event)
    found = sorted(
        facts.conflicts(),
        key=lambda one: (
            one.kind.value,
            facts.names.get(one.registration_id, "") if one.registration_id else "",
            one.checkpoint_ids,
            one.scans,
        ),
    )
    ids = {scan_id for conflict in found for scan_id in conflict.scans}
    lines = {line.scan_id: line for line in _lines(session, event.id, Scan.scan_id.in_(ids))}
    present: dict[int, set[uuid.UUID]] = defaultdict(set)
    for arrival in facts.arrivals:
        if arrival.counts:
            present[arrival.checkpoint_id].add(arrival.registration_id)
    return [
        ConflictLine(
            conflict,
            facts.names.get(conflict.registration_id, "") if conflict.registration_id else "",
            [facts.places[number].checkpoint.label for number in conflict.checkpoint_ids],
            sorted((lines[scan_id] for scan_id in conflict.scans), key=lambda line: line.at),
            facts.places[conflict.checkpoint_ids[0]].capacity,
            len(present[conflict.checkpoint_ids[0]]),
        )
        for conflict in found
    ]


def _to_check(session: Session, event_id: int) -> list[tuple[CheckReason, ScanLine]]:
    """Scans that took no effect, or of which the hour is doubtful; rehearsals apart."""
    not_known = and_(
        Scan.registration_id.is_(None),
        or_(Scan.verdict == Verdict.ACCEPTED_UNSYNCED, Scan.named_registration.is_not(None)),
        Scan.verdict != Verdict.OTHER_EVENT,
    )
    undone_ids = select(Scan.scan_id).where(Scan.event_id == event_id)
    lost_undo = and_(Scan.kind == ScanKind.UNDO, Scan.undoes.not_in(undone_ids))
    held = and_(Scan.verdict == Verdict.HELD, Scan.accepted_at.is_(None))
    unread = Scan.verdict.in_((Verdict.UNKNOWN, Verdict.FORGED))
    found: list[tuple[CheckReason, ScanLine]] = []
    for reason, condition in (
        (CheckReason.HELD, held),
        (CheckReason.UNREAD, unread),
        (CheckReason.NOT_KNOWN_YET, and_(not_known, ~held, ~unread)),
        (CheckReason.UNDO_OF_NOTHING, and_(lost_undo, ~held)),
        (CheckReason.LATE, and_(Scan.received_at >= Device.expires_at, ~held)),
    ):
        rows = _lines(session, event_id, and_(condition, Scan.is_test.is_(False)))
        found += [(reason, line) for line in rows]
    return found + [(CheckReason.CLOCK, line) for line in _shifted(session, event_id)]


def _shifted(session: Session, event_id: int) -> list[ScanLine]:
    """For each device whose clock was off, the last scan that shows it."""
    rows = session.execute(
        select(Scan.id, Scan.device_id, Scan.scanned_at, Scan.offset_ms, Scan.received_at)
        .where(
            Scan.event_id == event_id,
            Scan.device_id.is_not(None),
            Scan.kind.is_not(None),
            or_(
                Scan.scanned_at.is_(None),
                ~Scan.offset_ms.between(-_SHIFT_MS, _SHIFT_MS),
                Scan.scanned_at > Scan.received_at,
            ),
        )
        .order_by(Scan.id)
    )
    last = {
        device_id: number
        for number, device_id, scanned_at, offset_ms, received_at in rows
        if clock_is_shifted(scanned_at, offset_ms, received_at)
    }
    return _lines(session, event_id, Scan.id.in_(last.values()))


def _lines(session: Session, event_id: int, condition: Any) -> list[ScanLine]:
    rows = session.execute(
        select(
            Scan,
            _RECORDER,
            func.coalesce(Checkpoint.label, ""),
            func.coalesce(Person.given_name, ""),
            func.coalesce(Person.family_name, ""),
        )
        .outerjoin(Device, Device.id == Scan.device_id)
        .outerjoin(Account, Account.id == Scan.account_id)
        .outerjoin(Checkpoint, Checkpoint.id == Scan.checkpoint_id)
        .outerjoin(Registration, Registration.id == Scan.registration_id)
        .outerjoin(Person, Person.id == Registration.person_id)
        .where(Scan.event_id == event_id, condition)
        .order_by(Scan.effective_at, Scan.id)
        .limit(LISTED_AT_MOST + 1)
    )
    return [
        ScanLine(
            number=scan.id,
            scan_id=scan.scan_id,
            kind=scan.kind,
            at=scan.effective_at,
            recorder=recorder,
            checkpoint=checkpoint,
            name=f"{given_name} {family_name}".strip(),
            verdict=scan.verdict,
            shown=scan.shown,
            text=_text(scan.payload),
            reason=scan.reason,
        )
        for scan, recorder, checkpoint, given_name, family_name in rows
    ]


def _text(payload: dict[str, Any]) -> str:
    """What was read or typed: a ticket's text, or a walk-in's name."""
    ticket, person = payload.get("ticket"), payload.get("person")
    if isinstance(ticket, str):
        return ticket[:40]
    if isinstance(person, dict):
        parts = (person.get("given_name"), person.get("family_name"))
        return " ".join(part for part in parts if isinstance(part, str))[:100]
    return ""


def _doubles(session: Session, event_id: int) -> list[tuple[str, int]]:
    """Names that several people of the event bear, of whom one at least gave no address."""
    rows: Collection[Sequence[Any]] = session.execute(
        select(func.min(Person.given_name), func.min(Person.family_name), func.count())
        .join(Registration, Registration.person_id == Person.id)
        .where(
            Registration.event_id == event_id,
            Registration.state != RegistrationState.CANCELLED,
            Person.name_key != "",
        )
        .group_by(Person.name_key)
        .having(func.count() > 1, func.count() > func.count(Person.email_key))
        .order_by(Person.name_key)
    ).all()
    return [(f"{row[0]} {row[1]}".strip(), row[2]) for row in rows]
