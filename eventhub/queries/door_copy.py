"""The copy of an event that a door works from: whole, or what changed since a cursor."""

import re
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from eventhub.domain.door import Presence, presence_of
from eventhub.domain.event import EventState
from eventhub.domain.registration import (
    AttendanceMode,
    RegistrationOrigin,
    RegistrationRole,
    RegistrationState,
)
from eventhub.domain.scan import AttendanceOrigin, CheckpointKind
from eventhub.models.account import Account
from eventhub.models.attendance import Attendance
from eventhub.models.door import Checkpoint, Device, RegistrationAlias, Scan, SigningKey
from eventhub.models.event import Activity, Event
from eventhub.models.person import Person
from eventhub.models.registration import Booking, Registration, Ticket
from eventhub.models.structure import Structure
from eventhub.queries.door import Door

_CURSOR = re.compile(r"([0-9A-Za-z_-]{0,32})\.([0-9]{1,15})")
_NEIGHBOURS_WITHIN = timedelta(days=183)
_NEIGHBOURS_AT_MOST = 500


@dataclass(frozen=True, slots=True)
class CheckpointCopy:
    """A checkpoint with its places: `capacity` on site (None: no limit) and places `booked`."""

    id: int
    kind: CheckpointKind
    label: str
    opens_at: datetime | None
    closes_at: datetime | None
    capacity: int | None
    booked: int


@dataclass(frozen=True, slots=True)
class PresenceCopy:
    """A presence at one checkpoint; `scans` are the arrivals that an undo would have to name.

    Loaded history has neither scans, nor hour, nor device.
    """

    scans: list[str]
    at: datetime | None
    device: str
    mode: AttendanceMode


@dataclass(frozen=True, slots=True)
class RegistrationCopy:
    """What a door is told of a registration: no address, no telephone number."""

    id: uuid.UUID
    ticket_id: str | None
    short_code: str | None
    given_name: str
    family_name: str
    structure: str
    category: str | None
    role: RegistrationRole
    mode: AttendanceMode
    state: RegistrationState
    excused_at: datetime | None
    checkpoints: list[int] = field(default_factory=list)
    present: dict[int, PresenceCopy] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name as it is called out."""
        return f"{self.given_name} {self.family_name}".strip()


@dataclass(frozen=True, slots=True)
class DoorCopy:
    """The copy; `full` False: only what changed since the cursor that was given.

    `removed`: ids that became aliases of another registration. `revoked`: ids of replaced tickets.
    `public_keys` by key number; `events`: titles by event number, of this event and those near.
    """

    event: Event
    epoch: str
    sequence: int
    full: bool
    scans_held: int
    public_keys: dict[int, bytes]
    events: dict[int, str]
    checkpoints: list[CheckpointCopy]
    registrations: list[RegistrationCopy]
    removed: list[uuid.UUID]
    revoked: list[str]

    @property
    def cursor(self) -> str:
        """What to give next time."""
        return f"{self.epoch}.{self.sequence}"


def door_copy(session: Session, door: Door, cursor: str = "") -> DoorCopy:
    """The copy for a door: what changed since `cursor`, or all of it.

    An unreadable cursor, one of another epoch (the database was restored) and one of the future
    get a full copy. The sequence is read before the rows: what is committed meanwhile is sent
    again next time, never missed.
    """
    event = session.get_one(Event, door.event_id, populate_existing=True)
    since = _since(event, cursor)
    changed = None if since is None else _changed(event.id, since)
    return DoorCopy(
        event=event,
        epoch=event.door_epoch,
        sequence=event.door_sequence,
        full=since is None,
        scans_held=_scans_held(session, door),
        public_keys={key.number: key.public_key for key in session.scalars(select(SigningKey))},
        events=_neighbours(session, event),
        checkpoints=_checkpoints(session, event, door),
        registrations=_registrations(session, event.id, door, changed),
        removed=list(
            session.scalars(
                select(RegistrationAlias.alias_id)
                .where(
                    RegistrationAlias.event_id == event.id,
                    RegistrationAlias.sequence > (since or -1),
                )
                .order_by(RegistrationAlias.alias_id)
            )
        ),
        revoked=list(
            session.scalars(
                select(Ticket.public_id)
                .where(
                    Ticket.event_id == event.id,
                    Ticket.revoked_at.is_not(None),
                    Ticket.sequence > (since or -1),
                )
                .order_by(Ticket.id)
            )
        ),
    )


def _since(event: Event, cursor: str) -> int | None:
    """The sequence from which on changes are asked for; None: everything."""
    parts = _CURSOR.fullmatch(cursor)
    if parts is None or parts[1] != event.door_epoch or int(parts[2]) > event.door_sequence:
        return None
    return int(parts[2])


def _changed(event_id: int, since: int) -> ColumnElement[bool]:
    """Registrations that changed, whose presences did, or whose ticket did."""
    scanned = select(Scan.registration_id).where(
        Scan.event_id == event_id, Scan.sequence > since, Scan.registration_id.is_not(None)
    )
    reissued = select(Ticket.registration_id).where(
        Ticket.event_id == event_id, Ticket.sequence > since
    )
    return or_(
        Registration.sequence > since,
        Registration.id.in_(scanned),
        Registration.id.in_(reissued),
    )


def _registrations(
    session: Session, event_id: int, door: Door, changed: ColumnElement[bool] | None
) -> list[RegistrationCopy]:
    which: Select[uuid.UUID] = select(Registration.id).where(Registration.event_id == event_id)
    if changed is not None:
        which = which.where(changed)
    entrances = [c.id for c in door.checkpoints.values() if c.kind is CheckpointKind.ENTRANCE]
    booked = defaultdict(list)
    for registration_id, checkpoint_id in session.execute(
        select(Booking.registration_id, Checkpoint.id)
        .join(Checkpoint, Checkpoint.activity_id == Booking.activity_id)
        .where(
            Checkpoint.event_id == event_id,
            Booking.state == RegistrationState.CONFIRMED,
            Booking.registration_id.in_(which),
        )
        .order_by(Checkpoint.id)
    ):
        booked[registration_id].append(checkpoint_id)
    present = _presences(session, event_id, which)
    rows = session.execute(
        select(
            Registration.id,
            Ticket.public_id,
            Ticket.short_code,
            Person.given_name,
            Person.family_name,
            func.coalesce(Structure.name, Registration.structure_name),
            Registration.category_code,
            Registration.role,
            Registration.mode,
            Registration.state,
            Registration.excused_at,
        )
        .join(Person, Person.id == Registration.person_id)
        .outerjoin(Structure, Structure.id == Registration.structure_id)
        .outerjoin(
            Ticket,
            and_(Ticket.registration_id == Registration.id, Ticket.revoked_at.is_(None)),
        )
        .where(Registration.id.in_(which))
        .order_by(Person.sort_key, Registration.created_at, Registration.id, Ticket.id)
    )
    found = {
        row[0]: RegistrationCopy(*row, entrances + booked[row[0]], present.get(row[0], {}))
        for row in rows
    }
    return list(found.values())


def _presences(
    session: Session, event_id: int, which: Select[uuid.UUID]
) -> dict[uuid.UUID, dict[int, PresenceCopy]]:
    """Who is present where, from the arrivals that stand, and from loaded history."""
    arrivals: dict[tuple[Any, Any], list[tuple[Scan, str]]] = defaultdict(list)
    for scan, recorder in session.execute(
        select(Scan, func.coalesce(Device.name, Account.display_name, ""))
        .outerjoin(Device, Device.id == Scan.device_id)
        .outerjoin(Account, Account.id == Scan.account_id)
        .where(
            Scan.event_id == event_id,
            Scan.counts,
            Scan.undone.is_(False),
            Scan.registration_id.in_(which),
        )
        .order_by(Scan.effective_at, Scan.scan_id)
    ):
        arrivals[scan.registration_id, scan.checkpoint_id].append((scan, recorder))
    found: dict[uuid.UUID, dict[int, PresenceCopy]] = defaultdict(dict)
    for registration_id, checkpoint_id, mode in session.execute(
        select(Attendance.registration_id, Attendance.checkpoint_id, Attendance.mode).where(
            Attendance.event_id == event_id,
            Attendance.origin == AttendanceOrigin.IMPORT,
            Attendance.registration_id.in_(which),
        )
    ):
        found[registration_id][checkpoint_id] = PresenceCopy([], None, "", mode)
    for (whose, where), those in arrivals.items():
        presence = presence_of(scan for scan, _ in those)
        if isinstance(presence, Presence):
            found[whose][where] = PresenceCopy(
                [scan.scan_id for scan, _ in those],
                presence.present_at,
                those[0][1],
                presence.mode,
            )
    return found


def _checkpoints(session: Session, event: Event, door: Door) -> list[CheckpointCopy]:
    expected = session.scalar(
        select(func.count()).where(
            Registration.event_id == event.id,
            Registration.state == RegistrationState.CONFIRMED,
            Registration.mode == AttendanceMode.ONSITE,
            Registration.origin != RegistrationOrigin.DOOR,
        )
    )
    places = {
        activity_id: (capacity, booked)
        for activity_id, capacity, booked in session.execute(
            select(Activity.id, Activity.capacity_onsite, func.count(Registration.id))
            .outerjoin(
                Booking,
                and_(
                    Booking.activity_id == Activity.id,
                    Booking.state == RegistrationState.CONFIRMED,
                ),
            )
            .outerjoin(
                Registration,
                and_(
                    Registration.id == Booking.registration_id,
                    Registration.mode == AttendanceMode.ONSITE,
                ),
            )
            .where(Activity.event_id == event.id)
            .group_by(Activity.id, Activity.capacity_onsite)
        )
    }
    copies = []
    for checkpoint in door.checkpoints.values():
        capacity, booked = (
            (event.capacity_onsite, expected or 0)
            if checkpoint.activity_id is None
            else places.get(checkpoint.activity_id, (None, 0))
        )
        copies.append(
            CheckpointCopy(
                checkpoint.id,
                checkpoint.kind,
                checkpoint.label,
                checkpoint.opens_at,
                checkpoint.closes_at,
                capacity,
                booked,
            )
        )
    return copies


def _neighbours(session: Session, event: Event) -> dict[int, str]:
    """Titles of the events around this one, so that a ticket of another one can be named."""
    rows = session.execute(
        select(Event.id, Event.title)
        .where(
            Event.state != EventState.DRAFT,
            Event.ends_on >= event.starts_on - _NEIGHBOURS_WITHIN,
            Event.starts_on <= event.ends_on + _NEIGHBOURS_WITHIN,
        )
        .order_by(Event.starts_on, Event.id)
        .limit(_NEIGHBOURS_AT_MOST)
    )
    return {event.id: event.title} | {number: title for number, title in rows}  # noqa: C416 - dict() takes no rows


def _scans_held(session: Session, door: Door) -> int:
    if door.device_id is None:
        return 0
    number = select(func.max(Scan.device_number)).where(Scan.device_id == door.device_id)
    return session.scalar(number) or 0
