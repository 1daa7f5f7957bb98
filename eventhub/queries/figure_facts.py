"""What rows say of a set of events, for figures: light columns, a constant number of statements."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, String, func, or_, select, type_coerce
from sqlalchemy.orm import Session

from eventhub.domain.counting import MEMORY_MONTHS, months_before
from eventhub.domain.event import EventState, PartnershipRole
from eventhub.domain.facts import (
    STAFF_ROLES,
    ActivityFact,
    CheckpointFact,
    EventFact,
    Facts,
    PersonAtEvent,
    PresenceFact,
    RegistrationFact,
    is_over,
    participation_days,
    people_at_events,
)
from eventhub.domain.registration import (
    AttendanceMode,
    RegistrationOrigin,
    RegistrationRole,
    RegistrationState,
)
from eventhub.models.attendance import Attendance
from eventhub.models.door import Checkpoint
from eventhub.models.event import (
    Activity,
    Deliverable,
    Event,
    EventKind,
    Partnership,
    activity_hosts,
    event_departements,
)
from eventhub.models.person import Person
from eventhub.models.registration import Booking, Registration
from eventhub.models.structure import Structure
from eventhub.models.territory import BassinDeVie

NOT_HELD = (EventState.DRAFT, EventState.CANCELLED)
"""States of events that count nowhere."""

_ENGAGED = (PartnershipRole.PARTNER, PartnershipRole.HOST, PartnershipRole.ENGAGED)

EventIds = Select[int]
"""A query for the ids of a set of events."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """Facts, people at events, and the names of the structures among them."""

    facts: Facts
    people: tuple[PersonAtEvent, ...]
    structure_names: Mapping[str, str]


def gather(
    session: Session, events: EventIds, now: datetime, *, with_memory: bool = False
) -> Gathered:
    """Read the facts of a set of events. `with_memory`: earlier participations too."""
    structures = _Structures.read(session)
    facts = Facts(
        events=_events(session, events, now),
        registrations=_registrations(session, events, structures),
        presences=[
            PresenceFact(registration_id, checkpoint_id, _MODES[mode])
            for registration_id, checkpoint_id, mode in session.execute(
                select(
                    _raw(Attendance.registration_id),
                    Attendance.checkpoint_id,
                    _raw(Attendance.mode),
                ).where(Attendance.event_id.in_(events))
            )
        ],
        checkpoints={
            row.id: CheckpointFact(*row)
            for row in session.execute(
                select(
                    Checkpoint.id, Checkpoint.event_id, Checkpoint.on_date, Checkpoint.activity_id
                ).where(Checkpoint.event_id.in_(events))
            )
        },
        activities=[
            ActivityFact(row.id, row.event_id, row.format.value)
            for row in session.execute(
                select(Activity.id, Activity.event_id, Activity.format)
                .where(Activity.event_id.in_(events))
                .order_by(Activity.event_id, Activity.position, Activity.id)
            )
        ],
        bookings=[
            (registration_id, activity_id)
            for registration_id, activity_id in session.execute(
                select(_raw(Booking.registration_id), Booking.activity_id)
                .join(Activity, Activity.id == Booking.activity_id)
                .where(Activity.event_id.in_(events), Booking.state == RegistrationState.CONFIRMED)
            )
        ],
        engaged=_engaged(session, events, structures),
        deliverables=_counted(
            session,
            select(Deliverable.event_id, func.count())
            .where(Deliverable.event_id.in_(events))
            .group_by(Deliverable.event_id),
        ),
        preparations=_counted(
            session,
            select(Event.prepares_id, func.count())
            .where(Event.prepares_id.in_(events), Event.state.not_in(NOT_HELD))
            .group_by(Event.prepares_id),
        ),
    )
    people = people_at_events(facts)
    if with_memory:
        facts = replace(facts, earlier=_earlier(session, events, people))
    return Gathered(facts, people, structures.names)


@dataclass(frozen=True, slots=True)
class _Structures:
    """Structures as figures see them: merged ones are the one that stays."""

    stays: Mapping[int, int]
    typologies: Mapping[int, str | None]
    names: Mapping[str, str]

    @classmethod
    def read(cls, session: Session) -> "_Structures":
        rows = session.execute(
            select(Structure.id, Structure.merged_into_id, Structure.typologie, Structure.name)
        ).all()
        merged = {row.id: row.merged_into_id for row in rows if row.merged_into_id is not None}
        return cls(
            stays=_resolved(merged),
            typologies={row.id: row.typologie or None for row in rows},
            names={str(row.id): row.name for row in rows},
        )

    def id_of(self, structure_id: int) -> int:
        return self.stays.get(structure_id, structure_id)


def _resolved(merged: Mapping[int, int]) -> dict[int, int]:
    """Where each merged row ends up, however long the chain."""
    ends: dict[int, int] = {}
    for start in merged:
        end, seen = start, {start}
        while end in merged and merged[end] not in seen:
            end = merged[end]
            seen.add(end)
        ends[start] = end
    return ends


def _events(session: Session, events: EventIds, now: datetime) -> dict[int, EventFact]:
    departements: dict[int, list[str]] = defaultdict(list)
    for event_id, code in session.execute(
        select(event_departements.c.event_id, event_departements.c.departement_code)
        .where(event_departements.c.event_id.in_(events))
        .order_by(event_departements.c.departement_code)
    ):
        departements[event_id].append(code)
    rows = session.execute(
        select(
            Event.id,
            Event.kind_code,
            EventKind.family,
            EventKind.counted_by,
            Event.hub_role,
            Event.state,
            Event.ends_on,
            Event.ends_at,
            Event.timezone,
            BassinDeVie.slug,
        )
        .join(EventKind, EventKind.code == Event.kind_code)
        .outerjoin(BassinDeVie, BassinDeVie.id == Event.bassin_id)
        .where(Event.id.in_(events))
        .order_by(Event.starts_on, Event.id)
    )
    return {
        row.id: EventFact(
            id=row.id,
            kind=row.kind_code,
            family=row.family,
            unit=row.counted_by,
            hub_role=row.hub_role,
            counts=row.state not in NOT_HELD,
            is_over=is_over(row.state, row.ends_on, row.ends_at, row.timezone, now),
            ends_on=row.ends_on,
            departements=tuple(departements[row.id]),
            bassin=row.slug,
        )
        for row in rows
    }


def _registrations(
    session: Session, events: EventIds, structures: _Structures
) -> list[RegistrationFact]:
    merged = _merged_persons(session)
    nameless = frozenset(
        session.scalars(
            select(Person.id).where(Person.name_key == "", Person.anonymised_at.is_(None))
        )
    )
    found: list[RegistrationFact] = []
    rows = session.execute(
        select(
            _raw(Registration.id),
            Registration.event_id,
            Registration.person_id,
            _raw(Registration.state),
            _raw(Registration.origin),
            _raw(Registration.role),
            _raw(Registration.mode),
            Registration.category_code,
            Registration.structure_id,
            Registration.departement_code,
            Registration.excused_at.is_not(None),
        ).where(Registration.event_id.in_(events))
    )
    for (
        key,
        event_id,
        person_id,
        state,
        origin,
        role,
        mode,
        category,
        of,
        residence,
        excused,
    ) in rows:
        structure = None if of is None else structures.id_of(of)
        found.append(
            RegistrationFact(
                key,
                event_id,
                merged.get(person_id, person_id),
                _STATES[state],
                _ORIGINS[origin],
                _ROLES[role],
                _MODES[mode],
                category,
                None if structure is None else str(structure),
                None if structure is None else structures.typologies.get(structure),
                residence,
                excused,
                person_id in nameless,
            )
        )
    return found


def _raw(column: Any) -> Any:
    """The column as the driver gives it: converting a hundred thousand values takes seconds."""
    return type_coerce(column, String)


_STATES = {state.value: state for state in RegistrationState}
_ORIGINS = {origin.value: origin for origin in RegistrationOrigin}
_ROLES = {role.value: role for role in RegistrationRole}
_MODES = {mode.value: mode for mode in AttendanceMode}


def _merged_persons(session: Session) -> dict[int, int]:
    rows = session.execute(
        select(Person.id, Person.merged_into_id).where(Person.merged_into_id.is_not(None))
    )
    return _resolved({row.id: row.merged_into_id for row in rows})


def _engaged(
    session: Session, events: EventIds, structures: _Structures
) -> frozenset[tuple[int, int]]:
    partners = select(Partnership.event_id, Partnership.structure_id).where(
        Partnership.event_id.in_(events), Partnership.role.in_(_ENGAGED)
    )
    hosts = (
        select(Activity.event_id, activity_hosts.c.structure_id)
        .join(Activity, Activity.id == activity_hosts.c.activity_id)
        .where(Activity.event_id.in_(events))
    )
    return frozenset(
        (event_id, structures.id_of(structure_id))
        for event_id, structure_id in session.execute(partners.union(hosts))
    )


def _counted(session: Session, query: Select[*tuple[Any, ...]]) -> dict[int, int]:
    return {event_id: count for event_id, count in session.execute(query)}  # noqa: C416 - rows


def _earlier(
    session: Session, events: EventIds, people: Sequence[PersonAtEvent]
) -> dict[int, list[date]]:
    """The days of participations of these people, at any event, within the memory."""
    days = [day for one in people for day in participation_days(one)]
    first, last = min(days, default=date.max), max(days, default=date.min)
    if days:
        first = months_before(first, MEMORY_MONTHS)
    day_of = func.coalesce(Checkpoint.on_date, Event.ends_on)
    these = select(Registration.person_id).where(Registration.event_id.in_(events))
    merged_away = select(Person.id).where(Person.merged_into_id.is_not(None))
    rows = session.execute(
        select(Registration.person_id, day_of)
        .select_from(Attendance)
        .join(Registration, Registration.id == Attendance.registration_id)
        .join(Checkpoint, Checkpoint.id == Attendance.checkpoint_id)
        .join(Event, Event.id == Attendance.event_id)
        .where(
            Registration.role.not_in(STAFF_ROLES),
            Event.state.not_in(NOT_HELD),
            or_(Registration.person_id.in_(these), Registration.person_id.in_(merged_away)),
            day_of >= first,
            day_of < last,
        )
        .distinct()
    )
    merged = _merged_persons(session)
    found: dict[int, list[date]] = defaultdict(list)
    for person_id, day in rows:
        found[merged.get(person_id, person_id)].append(day)
    return found
