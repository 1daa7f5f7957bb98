"""Facts for figures: what rows say, and each person at each event brought together.

Every figure is a count over `people_at_events`, so a figure and the list behind it can never
disagree. See docs/figures.md.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from eventhub.domain.event import CountingUnit, EventState, HubRole, KindFamily
from eventhub.domain.registration import (
    AttendanceMode,
    RegistrationOrigin,
    RegistrationRole,
    RegistrationState,
)

STAFF_ROLES = frozenset({RegistrationRole.ORGANISER, RegistrationRole.FACILITATOR})
"""Roles that are present, and neither participants nor registered in the figures."""


class EventFact(NamedTuple):
    """What figures need of an event. `counts`: neither draft nor cancelled."""

    id: int
    kind: str
    family: KindFamily
    unit: CountingUnit
    hub_role: HubRole
    counts: bool
    is_over: bool
    ends_on: date
    departements: tuple[str, ...] = ()
    bassin: str | None = None


class RegistrationFact(NamedTuple):
    """What figures need of a registration; `residence` is the person's département.

    `nameless`: a walk-in of whom no name is known, who cannot be recognised elsewhere.
    """

    id: UUID
    event_id: int
    person_id: int
    state: RegistrationState
    origin: RegistrationOrigin
    role: RegistrationRole
    mode: AttendanceMode
    category: str | None = None
    structure: str | None = None
    typologie: str | None = None
    residence: str | None = None
    is_excused: bool = False
    nameless: bool = False


class CheckpointFact(NamedTuple):
    """Where a presence was recorded: the entrance on a `day`, or an activity.

    `day` None: it is not known; all that is unknown of one event is one day.
    """

    id: int
    event_id: int
    day: date | None = None
    activity_id: int | None = None


class PresenceFact(NamedTuple):
    """One registration present at one checkpoint."""

    registration_id: UUID
    checkpoint_id: int
    mode: AttendanceMode


class ActivityFact(NamedTuple):
    """One part of a programme."""

    id: int
    event_id: int
    format: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What rows say of a set of events.

    `engaged` holds (event, structure) pairs: partners, hosts, engaged, and hosts of activities.
    `bookings` holds (registration, activity) pairs. `earlier` holds the days of the participations
    of persons, at any event, as far back as figures look.
    """

    events: Mapping[int, EventFact] = field(default_factory=dict)
    registrations: Sequence[RegistrationFact] = ()
    presences: Sequence[PresenceFact] = ()
    checkpoints: Mapping[int, CheckpointFact] = field(default_factory=dict)
    activities: Sequence[ActivityFact] = ()
    bookings: Sequence[tuple[UUID, int]] = ()
    engaged: frozenset[tuple[int, int]] = frozenset()
    deliverables: Mapping[int, int] = field(default_factory=dict)
    preparations: Mapping[int, int] = field(default_factory=dict)
    earlier: Mapping[int, Sequence[date]] = field(default_factory=dict)


class Participation(NamedTuple):
    """One participation: a day, or an activity; `activity_id` None: only the entrance."""

    day: date | None
    activity_id: int | None
    mode: AttendanceMode


@dataclass(frozen=True, slots=True)
class PersonAtEvent:
    """One person at one event, all their registrations there brought together.

    `visits` are the checkpoints passed; `participations` is empty for those who are not
    participants. `mode` is the mode of presence, or of registration for who was not present.
    """

    event: EventFact
    person_id: int
    role: RegistrationRole
    mode: AttendanceMode
    category: str | None
    structure: str | None
    typologie: str | None
    residence: str | None
    registered: bool
    registered_mode: AttendanceMode
    excused: bool
    nameless: bool
    visits: tuple[CheckpointFact, ...]
    participations: tuple[Participation, ...]
    booked: tuple[int, ...]

    @property
    def present(self) -> bool:
        """Whether the person passed a checkpoint, in any role."""
        return bool(self.visits)

    @property
    def participant(self) -> bool:
        """Whether the person was present in a role that is not one of the staff."""
        return bool(self.participations)


def is_over(
    state: EventState, ends_on: date, ends_at: datetime | None, timezone: str, now: datetime
) -> bool:
    """Whether an event has taken place: its end has passed, or it was closed."""
    if state is EventState.CLOSED:
        return True
    if state is EventState.POSTPONED:
        return False
    if ends_at is None:
        midnight = datetime.combine(ends_on, time(), ZoneInfo(timezone))
        ends_at = midnight + timedelta(days=1)
    return ends_at <= now


def people_at_events(facts: Facts) -> tuple[PersonAtEvent, ...]:
    """One record per person and event."""
    presences: dict[UUID, list[PresenceFact]] = defaultdict(list)
    for presence in facts.presences:
        presences[presence.registration_id].append(presence)
    booked: dict[UUID, list[int]] = defaultdict(list)
    for registration_id, activity_id in facts.bookings:
        booked[registration_id].append(activity_id)
    groups: dict[tuple[int, int], list[RegistrationFact]] = defaultdict(list)
    for registration in facts.registrations:
        groups[registration.event_id, registration.person_id].append(registration)
    return tuple(
        _person_at_event(
            facts.events[event_id],
            registrations,
            [presence for one in registrations for presence in presences.get(one.id, ())],
            frozenset(one.id for one in registrations if one.id in presences),
            [activity for one in registrations for activity in booked.get(one.id, ())],
            facts.checkpoints,
        )
        for (event_id, _person), registrations in groups.items()
    )


def participation_days(one: PersonAtEvent) -> list[date]:
    """The days of a person's participations; an unknown day is the last one that it can be."""
    return [unit.day or one.event.ends_on for unit in one.participations]


_STATE_ORDER = (
    RegistrationState.CONFIRMED,
    RegistrationState.WAITING,
    RegistrationState.INVITED,
    RegistrationState.CANCELLED,
)


def _person_at_event(
    event: EventFact,
    registrations: Sequence[RegistrationFact],
    presences: Sequence[PresenceFact],
    seen: frozenset[UUID],
    booked: Sequence[int],
    checkpoints: Mapping[int, CheckpointFact],
) -> PersonAtEvent:
    def rank(one: RegistrationFact) -> tuple[bool, bool, int, str]:
        # Who came, and as a participant, speaks for who did not; then the livelier registration.
        state = _STATE_ORDER.index(one.state)
        return one.id not in seen, one.role in STAFF_ROLES, state, str(one.id)

    told = registrations[0] if len(registrations) == 1 else min(registrations, key=rank)
    registering = [one for one in registrations if _is_registered(one)]
    visits = [(checkpoints[presence.checkpoint_id], presence.mode) for presence in presences]
    onsite = any(mode is AttendanceMode.ONSITE for _checkpoint, mode in visits)
    mode_seen = AttendanceMode.ONSITE if onsite else AttendanceMode.REMOTE
    return PersonAtEvent(
        event=event,
        person_id=told.person_id,
        role=told.role,
        mode=mode_seen if visits else told.mode,
        category=told.category,
        structure=told.structure,
        typologie=told.typologie,
        residence=told.residence,
        registered=bool(registering),
        registered_mode=registering[0].mode if registering else told.mode,
        excused=not visits and any(one.is_excused for one in registrations),
        nameless=told.nameless,
        visits=tuple(checkpoint for checkpoint, _mode in visits),
        participations=() if told.role in STAFF_ROLES else _participations(event.unit, visits),
        booked=tuple(booked) if registering else (),
    )


def _is_registered(one: RegistrationFact) -> bool:
    return (
        one.state is RegistrationState.CONFIRMED
        and one.origin is not RegistrationOrigin.DOOR
        and one.role not in STAFF_ROLES
    )


def _participations(
    unit: CountingUnit, visits: Sequence[tuple[CheckpointFact, AttendanceMode]]
) -> tuple[Participation, ...]:
    """The participations of one person at one event; on site wins within a unit."""
    if not visits:
        return ()
    by_activity = unit is CountingUnit.ACTIVITY
    followed = {at.day for at, _mode in visits if at.activity_id is not None}
    units: dict[tuple[date | None, int | None], AttendanceMode] = {}
    for at, mode in visits:
        if by_activity and at.activity_id is None and at.day in followed:
            continue  # the entrance of a day on which an activity was attended
        key = (at.day, at.activity_id if by_activity else None)
        if mode is AttendanceMode.ONSITE or key not in units:
            units[key] = mode
    return tuple(Participation(day, activity, mode) for (day, activity), mode in units.items())
