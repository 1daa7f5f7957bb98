"""Figures of one event and over events: pure counts over facts. See docs/figures.md."""

import calendar
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from eventhub.domain.event import HubRole, KindFamily
from eventhub.domain.facts import EventFact, Facts, PersonAtEvent, participation_days
from eventhub.domain.registration import AttendanceMode

OWN_ROLES = frozenset({HubRole.ORGANISER, HubRole.CO_ORGANISER})
"""Parts of the hub with which an event is one of its own."""

MEMORY_MONTHS = 24
"""How far back a participation makes someone `returning`."""

Value = int | float | None
"""A figure; None is printed « — »."""

Figures = dict[str, Value]
"""Figures by measure."""


def event_figures(facts: Facts, people: Sequence[PersonAtEvent]) -> Figures:
    """The figures of `EVENT_MEASURES` over these events and these people at them.

    Over several events: present, participants, onsite, remote and walk-ins are different persons;
    registered, excused, no-shows and the rate count a person at each event.
    """
    participants = {one.person_id for one in people if one.participant}
    onsite = {
        one.person_id for one in people if one.participant and one.mode is AttendanceMode.ONSITE
    }
    expected = {one.person_id for one in people if one.participant and one.registered}
    over = [one for one in people if one.event.is_over and one.registered]
    came = sum(one.participant for one in over)
    awaited = sum(not one.excused for one in over)
    ended = any(event.is_over for event in facts.events.values())
    events = facts.events
    return {
        "registered": sum(one.registered for one in people),
        "present": len({one.person_id for one in people if one.present}),
        "participants": len(participants),
        "participations": sum(len(one.participations) for one in people),
        "onsite": len(onsite),
        "remote": len(participants - onsite),
        "excused": sum(one.excused for one in people),
        "no_shows": sum(not one.present and not one.excused for one in over) if ended else None,
        "attendance_rate": round(came / awaited, 4) if awaited else None,
        "walk_ins": len(participants - expected),
        "structures": len({one.structure for one in people if one.participant} - {None}),
        "engaged_structures": len(
            {structure for event_id, structure in facts.engaged if event_id in events}
        ),
        "activities": sum(one.event_id in events for one in facts.activities),
        "deliverables": sum(facts.deliverables.get(event_id, 0) for event_id in events),
        "preparatory_meetings": sum(facts.preparations.get(event_id, 0) for event_id in events),
    }


_FAMILY_OF = {
    "events": KindFamily.EVENT,
    "meetings": KindFamily.MEETING,
    "trainings": KindFamily.TRAINING,
    "one_to_ones": KindFamily.ONE_TO_ONE,
}


def event_counts(
    events: Iterable[EventFact], hub_roles: Collection[HubRole] = OWN_ROLES
) -> dict[str, int]:
    """How many events of each family have taken place with one of these parts of the hub."""
    held = [one for one in events if one.counts and one.is_over and one.hub_role in hub_roles]
    return {
        measure: sum(one.family is family for one in held) for measure, family in _FAMILY_OF.items()
    }


def over_figures(facts: Facts, people: Sequence[PersonAtEvent]) -> Figures:
    """The figures that exist over a set of events only, after those of `event_figures`."""
    figures = event_figures(facts, people)
    figures |= event_counts(facts.events.values())
    own = [one for one in people if one.participant and _is_own_and_held(one.event)]
    for measure, family in (
        ("people_in_meetings", KindFamily.MEETING),
        ("people_in_one_to_ones", KindFamily.ONE_TO_ONE),
    ):
        figures[measure] = len({one.person_id for one in own if one.event.family is family})
    returning = _returning(people, facts.earlier)
    figures["new"] = len({one.person_id for one in people if one.participant}) - returning
    figures["returning"] = returning
    return figures


def _is_own_and_held(event: EventFact) -> bool:
    return event.counts and event.is_over and event.hub_role in OWN_ROLES


def _returning(people: Sequence[PersonAtEvent], earlier: Mapping[int, Sequence[date]]) -> int:
    first: dict[int, date] = {}
    for one in people:
        if one.participant:
            day = min(participation_days(one))
            first[one.person_id] = min(day, first.get(one.person_id, day))
    since = {day: months_before(day, MEMORY_MONTHS) for day in set(first.values())}
    return sum(
        any(since[day] <= before < day for before in earlier.get(person, ()))
        for person, day in first.items()
    )


def months_before(day: date, months: int) -> date:
    """The same day `months` earlier, or the last of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def is_upper_bound(people: Iterable[PersonAtEvent]) -> bool:
    """Whether persons may be fewer than counted: people without a name at two events or more."""
    return len({one.event.id for one in people if one.nameless and one.present}) > 1
