"""« Ensemble »: what is computed and what is declared, brought together without inventing.

Parts of a declared total stay declared, nothing is subtracted, and no rate is made from declared
numbers: where a figure cannot be known, it is None.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import reduce

from eventhub.domain.breakdowns import Breakdown
from eventhub.domain.counting import OWN_ROLES, Value, over_figures
from eventhub.domain.event import KindFamily
from eventhub.domain.facts import EventFact, Facts, PersonAtEvent
from eventhub.domain.figures import MEMBER_MEASURES, Covers, Declared, Qualified, in_force, together

_REST_ON: dict[str, tuple[str, ...]] = {
    "present": ("participants",),
    "participations": ("participants",),
    "onsite": ("participants",),
    "remote": ("participants",),
    "no_shows": ("registered", "present", "participants"),
    "walk_ins": ("registered", "participants"),
    "structures": ("participants",),
    "new": ("participants",),
    "returning": ("participants",),
}
"""Measures that are not known of an event where one of these is declared and they are not."""

_PEOPLE_IN = {
    "people_in_meetings": KindFamily.MEETING,
    "people_in_one_to_ones": KindFamily.ONE_TO_ONE,
}

Together = dict[str, Qualified | None]
MembersTogether = dict[tuple[str, str, str | None], Qualified | None]


def event_together(figures: Mapping[str, Value], declared: Sequence[Declared]) -> Together:
    """« Ensemble » of each figure of one event; the rate apart, which is never made from it."""
    brought: Together = {}
    for measure, value in figures.items():
        own = _totals(measure, declared)
        if in_force(own) is None and (_is_unknown(measure, declared) or not isinstance(value, int)):
            brought[measure] = None
        else:
            brought[measure] = together(int(value or 0), own)
    return brought


def members_together(
    breakdowns: Mapping[str, Breakdown], declared: Sequence[Declared]
) -> MembersTogether:
    """« Ensemble » of each member of each breakdown of one event, where something is declared."""
    brought: MembersTogether = {}
    for measure in MEMBER_MEASURES:
        total_is_declared = in_force(_totals(measure, declared)) is not None
        total_is_declared |= _is_unknown(measure, declared)
        for dimension, members in breakdowns.items():
            for member, counts in members.items():
                own = [
                    one
                    for one in declared
                    if (one.measure, one.dimension, one.member or None)
                    == (measure, dimension, member)
                ]
                if total_is_declared and in_force(own) is None:
                    brought[measure, dimension, member] = None
                elif own:
                    brought[measure, dimension, member] = together(counts[measure], own)
    return brought


def over_together(
    facts: Facts,
    people: Sequence[PersonAtEvent],
    figures: Mapping[str, Value],
    declared: Sequence[Declared],
) -> Together:
    """« Ensemble » of each figure over events: per event what is declared, else what is computed.

    None where one event at least leaves the figure unknown.
    """
    by_event: dict[int, list[Declared]] = defaultdict(list)
    for one in declared:
        if one.event_id is not None and one.event_id in facts.events:
            by_event[one.event_id].append(one)
    computed = _computing_without(facts, people, figures)
    return {
        measure: _over(measure, facts.events, by_event, computed)
        for measure in figures
        if measure != "attendance_rate"
    }


def _over(
    measure: str,
    events: Mapping[int, EventFact],
    by_event: Mapping[int, Sequence[Declared]],
    computed: Callable[[frozenset[int]], Mapping[str, Value]],
) -> Qualified | None:
    counted_as = measure
    if measure in _PEOPLE_IN:
        counted_as = "participants"
        by_event = {
            event_id: declared
            for event_id, declared in by_event.items()
            if _is_own_of(events[event_id], _PEOPLE_IN[measure])
        }
    whole: dict[int, Declared] = {}
    beyond: list[Qualified] = []
    for event_id, declared in by_event.items():
        own = _totals(counted_as, declared)
        if (one := in_force(own)) is not None:
            whole[event_id] = one
        elif _is_unknown(counted_as, declared):
            return None
        else:
            beyond += [one.count for one in own if one.covers is Covers.BEYOND_LIST]
    value = computed(frozenset(whole))[measure]
    if not isinstance(value, int):
        return None
    added = [one.count for one in whole.values()] + beyond
    return reduce(Qualified.__add__, added, Qualified(value))


def _is_own_of(event: EventFact, family: KindFamily) -> bool:
    return event.family is family and event.is_over and event.counts and event.hub_role in OWN_ROLES


def _computing_without(
    facts: Facts, people: Sequence[PersonAtEvent], figures: Mapping[str, Value]
) -> Callable[[frozenset[int]], Mapping[str, Value]]:
    """Figures over the events but some; each set of left-out events is computed once."""
    known: dict[frozenset[int], Mapping[str, Value]] = {frozenset(): figures}

    def without(left_out: frozenset[int]) -> Mapping[str, Value]:
        if left_out not in known:
            events = {key: one for key, one in facts.events.items() if key not in left_out}
            kept = [one for one in people if one.event.id not in left_out]
            known[left_out] = over_figures(replace(facts, events=events), kept)
        return known[left_out]

    return without


def _totals(measure: str, declared: Iterable[Declared]) -> list[Declared]:
    """What is declared of a total; the modes of participants are totals of their own."""
    return [
        one
        for one in declared
        if (one.measure == measure and not one.dimension)
        or (
            measure in {"onsite", "remote"}
            and (one.measure, one.dimension, one.member) == ("participants", "mode", measure)
        )
    ]


def _is_unknown(measure: str, declared: Sequence[Declared]) -> bool:
    return in_force(_totals(measure, declared)) is None and any(
        in_force(_totals(other, declared)) is not None for other in _REST_ON.get(measure, ())
    )
