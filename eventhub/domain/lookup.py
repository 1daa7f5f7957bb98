"""One figure by its measure, dimension and members, as a publication names it."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from eventhub.domain.breakdowns import breakdown, event_members, is_event_dimension
from eventhub.domain.counting import OWN_ROLES, Value, event_counts, over_figures
from eventhub.domain.event import HubRole
from eventhub.domain.facts import Facts, PersonAtEvent
from eventhub.domain.figures import MEMBER_MEASURES

_EVENT_COUNTS = frozenset({"events", "meetings", "trainings", "one_to_ones"})


def figure_value(
    facts: Facts,
    people: Sequence[PersonAtEvent],
    measure: str,
    dimension: str = "",
    members: Collection[str] = (),
) -> Value:
    """The computed figure; None for one that is not computed by that dimension.

    Without a dimension, the total. Several members are taken together: an event or a person in
    two of them counts once, where they are members of events, and in each of them otherwise.
    """
    if dimension and is_event_dimension(dimension):
        events = {
            key: event
            for key, event in facts.events.items()
            if set(event_members(event, dimension)) & set(members)
        }
        if measure in _EVENT_COUNTS:
            roles = {HubRole(one) for one in members} if dimension == "hub_role" else OWN_ROLES
            return event_counts(events.values(), roles)[measure]
        kept = [one for one in people if one.event.id in events]
        return over_figures(replace(facts, events=events), kept)[measure]
    if not dimension:
        return over_figures(facts, people)[measure]
    if (measure, dimension) == ("activities", "activity_format"):
        return sum(one.format in members for one in facts.activities)
    if measure not in MEMBER_MEASURES:
        return None
    counts = breakdown(dimension, facts, people)
    return sum(counts[member][measure] for member in members if member in counts)
