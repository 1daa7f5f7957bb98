"""Facts for figures: what rows say, and each person at each event brought together.

Every figure is a count over `people_at_events`, so a figure and the list behind it can never
disagree. See docs/figures.md.
"""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
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

    `id` may be of any type, the same in presences and bookings.
    `nameless`: a walk-in of whom no name is known, who cannot be recognised elsewhere.
    """

    id: Hashable
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

    registration_id: Hashable
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
    bookings: Sequence[tuple[Hashable, int]] = ()
    engaged: frozenset[tuple[int, int]] = frozenset()
    deliverables: Mapping[int, int] = field(default_factory=dict)
    preparations: Mapping[int, int] = field(default_factory=dict)
    earlier: Mapping[int, Sequence[date]] = field(default_factory=dict)


class Participation(NamedTuple):
    """One participation: a day, or an activity; `activity_id` None: only the entrance."""

    day: date | None
    activity_id: int | None
    mode: AttendanceMode


class PersonAtEvent(NamedTuple):
    """One person at one event, all their registrations there brought together.

    `present`: passed a checkpoint, in any role. `participant`: present, in a role that is not one
    of the staff. `visits` are the checkpoints passed; `participations` is empty for those who are
    not participants. `mode` is that of presence, or of registration for who was not present.
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
    present: bool
    participant: bool
    excused: bool
    nameless: bool
    visits: tuple[CheckpointFact, ...]
    participations: tuple[Participation, ...]
    booked: tuple[int, ...]


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
    seen: dict[Hashable, list[PresenceFact]] = defaultdict(list)
    for presence in facts.presences:
        seen[presence.registration_id].append(presence)
    booked: dict[Hashable, list[int]] = defaultdict(list)
    for registration_id, activity_id in facts.bookings:
        booked[registration_id].append(activity_id)
    groups: dict[tuple[int, int], list[RegistrationFact]] = defaultdict(list)
    for registration in facts.registrations:
        groups[registration.event_id, registration.person_id].append(registration)
    paths = _Paths(facts.checkpoints)
    return tuple(
        _person_at_event(facts.events[event_id], registrations, seen, booked, paths)
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


_NOWHERE: tuple[PresenceFact, ...] = ()


def _person_at_event(
    event: EventFact,
    registrations: Sequence[RegistrationFact],
    seen: Mapping[Hashable, Sequence[PresenceFact]],
    booked: Mapping[Hashable, Sequence[int]],
    paths: "_Paths",
) -> PersonAtEvent:
    if len(registrations) == 1:
        (told,) = registrations
        presences = seen.get(told.id, _NOWHERE)
        registering = told if _is_registered(told) else None
        is_excused = told.is_excused
    else:
        told = min(registrations, key=lambda one: _rank(one, seen))
        presences = [at for one in registrations for at in seen.get(one.id, _NOWHERE)]
        registering = next((one for one in registrations if _is_registered(one)), None)
        is_excused = any(one.is_excused for one in registrations)
    visits, participations, mode = paths.of(event.unit, presences)
    if told.role in STAFF_ROLES:
        participations = ()
    return PersonAtEvent(
        event,
        told.person_id,
        told.role,
        told.mode if mode is None else mode,
        told.category,
        told.structure,
        told.typologie,
        told.residence,
        registering is not None,
        told.mode if registering is None else registering.mode,
        bool(visits),
        bool(participations),
        is_excused and not visits,
        told.nameless,
        visits,
        participations,
        () if registering is None else tuple(booked.get(registering.id, ())),
    )


def _rank(one: RegistrationFact, seen: Mapping[Hashable, object]) -> tuple[bool, bool, int, str]:
    """Who came, and as a participant, speaks for who did not; then the livelier registration."""
    return one.id not in seen, one.role in STAFF_ROLES, _STATE_ORDER.index(one.state), str(one.id)


def _is_registered(one: RegistrationFact) -> bool:
    return (
        one.state is RegistrationState.CONFIRMED
        and one.origin is not RegistrationOrigin.DOOR
        and one.role not in STAFF_ROLES
    )


_Path = tuple[tuple[CheckpointFact, ...], tuple[Participation, ...], AttendanceMode | None]


class _Paths:
    """What people passed and took part in; those who did the same share one path."""

    def __init__(self, checkpoints: Mapping[int, CheckpointFact]) -> None:
        self._checkpoints = checkpoints
        self._known: dict[tuple[tuple[int, AttendanceMode], ...], _Path] = {}

    def of(self, unit: CountingUnit, presences: Sequence[PresenceFact]) -> _Path:
        """Checkpoints, participations, and the mode: on site wins."""
        key = tuple([(presence.checkpoint_id, presence.mode) for presence in presences])
        path = self._known.get(key)
        if path is None:
            visits = [(self._checkpoints[checkpoint_id], mode) for checkpoint_id, mode in key]
            modes = {mode for _at, mode in visits}
            path = (
                tuple(at for at, _mode in visits),
                _participations(unit, visits),
                AttendanceMode.ONSITE
                if AttendanceMode.ONSITE in modes
                else min(modes, default=None),
            )
            self._known[key] = path
        return path


def _participations(
    unit: CountingUnit, visits: Sequence[tuple[CheckpointFact, AttendanceMode]]
) -> tuple[Participation, ...]:
    """The participations of one person at one event; on site wins within a unit."""
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
