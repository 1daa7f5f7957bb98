"""Breakdowns: the figures of each member of a dimension. See docs/figures.md."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from eventhub.domain.facts import EventFact, Facts, PersonAtEvent


@dataclass(slots=True)
class MemberCounts:
    """The figures of one member of a breakdown, while it is counted."""

    registered: int = 0
    participations: int = 0
    present: set[int] = field(default_factory=set)
    participants: set[int] = field(default_factory=set)

    def add(self, other: "MemberCounts") -> None:
        """Count those of another member too."""
        self.registered += other.registered
        self.participations += other.participations
        self.present |= other.present
        self.participants |= other.participants

    def figures(self) -> dict[str, int]:
        """The four figures by measure."""
        return {
            "registered": self.registered,
            "present": len(self.present),
            "participants": len(self.participants),
            "participations": self.participations,
        }


Member = str | None
Breakdown = dict[Member, dict[str, int]]

_OF_PERSON: dict[str, Callable[[PersonAtEvent], Member]] = {
    "residence": lambda one: one.residence,
    "category": lambda one: one.category,
    "structure": lambda one: one.structure,
    "typologie": lambda one: one.typologie,
    "role": lambda one: one.role.value,
}
_OF_EVENT: dict[str, Callable[[EventFact], Sequence[Member]]] = {
    "departement": lambda event: event.departements or (None,),
    "bassin": lambda event: (event.bassin,),
    "kind": lambda event: (event.kind,),
    "family": lambda event: (event.family.value,),
    "hub_role": lambda event: (event.hub_role.value,),
    "year": lambda event: (f"{event.ends_on:%Y}",),
    "month": lambda event: (f"{event.ends_on:%Y-%m}",),
}


def event_members(event: EventFact, dimension: str) -> Sequence[Member]:
    """The members of a dimension of events under which an event counts."""
    return _OF_EVENT[dimension](event)


def is_event_dimension(dimension: str) -> bool:
    """Whether a dimension is about events rather than about people or presences."""
    return dimension in _OF_EVENT


def breakdown(dimension: str, facts: Facts, people: Iterable[PersonAtEvent]) -> Breakdown:
    """The four figures of `MEMBER_MEASURES` for each member of a dimension that anyone is in."""
    return breakdowns((dimension,), facts, people)[dimension]


def breakdowns(
    dimensions: Iterable[str], facts: Facts, people: Iterable[PersonAtEvent]
) -> dict[str, Breakdown]:
    """The breakdown by each dimension; what several need is counted once."""
    people = tuple(people)
    dimensions = tuple(dimensions)
    by_event = _by_event(people) if any(map(is_event_dimension, dimensions)) else {}
    return {code: _breakdown(code, facts, people, by_event) for code in dimensions}


def _breakdown(
    dimension: str,
    facts: Facts,
    people: Iterable[PersonAtEvent],
    by_event: Mapping[EventFact, MemberCounts],
) -> Breakdown:
    counts: dict[Member, MemberCounts] = defaultdict(MemberCounts)
    tell = _TELLERS.get(dimension)
    if tell is not None:
        known = _Known.of(facts)
        for one in people:
            tell(one, known, counts)
    elif dimension in _OF_EVENT:
        for event, count in by_event.items():
            for member in _OF_EVENT[dimension](event):
                counts[member].add(count)
    else:
        of_person = _OF_PERSON[dimension]
        for one in people:
            _count(one, counts[of_person(one)])
    return {
        member: figures
        for member, count in counts.items()
        if any((figures := count.figures()).values())
    }


def _count(one: PersonAtEvent, count: MemberCounts) -> None:
    if one.registered:
        count.registered += 1
    if one.present:
        count.present.add(one.person_id)
        if one.participant:
            count.participants.add(one.person_id)
            count.participations += len(one.participations)


def _by_event(people: Iterable[PersonAtEvent]) -> dict[EventFact, MemberCounts]:
    by_id: dict[int, tuple[EventFact, MemberCounts]] = {}
    for one in people:
        if one.event.id not in by_id:
            by_id[one.event.id] = (one.event, MemberCounts())
        _count(one, by_id[one.event.id][1])
    return dict(by_id.values())


_Counts = dict[Member, MemberCounts]


@dataclass(frozen=True, slots=True)
class _Known:
    """What a dimension of presences looks up: days by event, formats by activity."""

    days: Mapping[int, Sequence[Member]]
    formats: Mapping[int, str]

    @classmethod
    def of(cls, facts: Facts) -> "_Known":
        return cls(
            days={event_id: days_of(facts, event_id) for event_id in facts.events},
            formats={activity.id: activity.format for activity in facts.activities},
        )


def _tell_mode(one: PersonAtEvent, _known: _Known, counts: _Counts) -> None:
    if one.registered:
        counts[one.registered_mode.value].registered += 1
    if one.present:
        counts[one.mode.value].present.add(one.person_id)
    if one.participant:
        counts[one.mode.value].participants.add(one.person_id)
    for unit in one.participations:
        counts[unit.mode.value].participations += 1


def _tell_day(one: PersonAtEvent, known: _Known, counts: _Counts) -> None:
    if one.registered:  # for the whole event: expected on each of its days
        for day in known.days.get(one.event.id, ()):
            counts[day].registered += 1
    for visit in one.visits:
        counts[_iso(visit.day)].present.add(one.person_id)
        if one.participant:
            counts[_iso(visit.day)].participants.add(one.person_id)
    for unit in one.participations:
        counts[_iso(unit.day)].participations += 1


def _tell_activity(one: PersonAtEvent, _known: _Known, counts: _Counts) -> None:
    for member, days in _visited(one).items():
        counts[member].present.add(one.person_id)
        if one.participant:
            counts[member].participants.add(one.person_id)
            counts[member].participations += days
    for activity_id in one.booked:
        counts[str(activity_id)].registered += 1


def _visited(one: PersonAtEvent) -> dict[Member, int]:
    """The activities attended with the days of each; None: days with the entrance only."""
    followed = {(at.day, at.activity_id) for at in one.visits if at.activity_id is not None}
    days = {day for day, _activity in followed}
    visited: dict[Member, int] = defaultdict(int)
    for _day, activity_id in followed:
        visited[str(activity_id)] += 1
    if alone := {at.day for at in one.visits} - days:
        visited[None] = len(alone)
    return visited


def _tell_format(one: PersonAtEvent, known: _Known, counts: _Counts) -> None:
    for member, days in _visited(one).items():
        format_ = None if member is None else known.formats.get(int(member))
        counts[format_].present.add(one.person_id)
        if one.participant:
            counts[format_].participants.add(one.person_id)
            counts[format_].participations += days


_TELLERS: dict[str, Callable[[PersonAtEvent, _Known, _Counts], None]] = {
    "mode": _tell_mode,
    "day": _tell_day,
    "activity": _tell_activity,
    "activity_format": _tell_format,
}


def days_of(facts: Facts, event_id: int) -> list[Member]:
    """The days of an event's checkpoints in order, the unknown one last."""
    days = {at.day for at in facts.checkpoints.values() if at.event_id == event_id}
    return [_iso(day) for day in sorted(days - {None}, key=str)] + [None] * (None in days)


def _iso(day: date | None) -> Member:
    return None if day is None else day.isoformat()
