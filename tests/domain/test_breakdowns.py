from hypothesis import given

from eventhub.domain.breakdowns import breakdown, days_of
from eventhub.domain.counting import event_figures, over_figures
from eventhub.domain.event import CountingUnit
from eventhub.domain.facts import Facts, people_at_events
from eventhub.domain.figures import DIMENSIONS, EVENT_DIMENSIONS, MEMBER_MEASURES
from eventhub.domain.registration import AttendanceMode, RegistrationRole
from tests.domain.fact_cases import DAY, NEXT_DAY, Story, chance_facts


def told(facts: Facts, dimension: str) -> dict[str | None, tuple[int, ...]]:
    """(registered, present, participants, participations) by member."""
    members = breakdown(dimension, facts, people_at_events(facts))
    return {
        member: tuple(counts[measure] for measure in MEMBER_MEASURES)
        for member, counts in members.items()
    }


def test_those_of_whom_nothing_is_known_are_a_member() -> None:
    story = Story()
    event = story.event()
    entrance = story.entrance(event)
    story.came(story.registered(event, 1, residence="37", category="elu"), entrance)
    story.came(story.registered(event, 2), entrance)
    story.registered(event, 3)
    facts = story.facts()
    assert told(facts, "residence") == {"37": (1, 1, 1, 1), None: (2, 1, 1, 1)}
    assert told(facts, "category") == {"elu": (1, 1, 1, 1), None: (2, 1, 1, 1)}


def test_staff_are_present_in_their_role_and_take_part_in_none() -> None:
    story = Story()
    event = story.event()
    entrance = story.entrance(event)
    story.came(story.registered(event, 1), entrance)
    story.came(story.registered(event, 2, role=RegistrationRole.FACILITATOR), entrance)
    assert told(story.facts(), "role") == {
        "participant": (1, 1, 1, 1),
        "facilitator": (0, 1, 0, 0),
    }


def test_modes_are_those_of_presence_and_registered_those_of_registration() -> None:
    story = Story()
    event = story.event()
    first, second = story.entrance(event, DAY), story.entrance(event, NEXT_DAY)
    one = story.registered(event, 1, mode=AttendanceMode.REMOTE)
    story.came(one, first, mode=AttendanceMode.REMOTE)
    story.came(one, second)
    assert told(story.facts(), "mode") == {"remote": (1, 0, 0, 1), "onsite": (0, 1, 1, 1)}


def test_everyone_registered_is_expected_on_each_day() -> None:
    story = Story()
    event = story.event()
    first, second = story.entrance(event, DAY), story.entrance(event, NEXT_DAY)
    story.came(story.registered(event, 1), first, second)
    story.came(story.registered(event, 2), second)
    facts = story.facts()
    assert told(facts, "day") == {"2024-12-02": (2, 1, 1, 1), "2024-12-03": (2, 2, 2, 2)}
    assert days_of(facts, event) == ["2024-12-02", "2024-12-03"]


def test_activities_count_visits_and_bookings_and_the_entrance_only_is_not_told() -> None:
    story = Story()
    event = story.event(unit=CountingUnit.ACTIVITY)
    first, second = story.entrance(event, DAY), story.entrance(event, NEXT_DAY)
    workshop = story.activity(event, DAY)
    activity_id = story.activities[0].id
    booked = story.registered(event, 1)
    story.bookings.append((booked, activity_id))
    story.came(booked, first, workshop)
    story.came(story.registered(event, 2), second)
    facts = story.facts()
    assert told(facts, "activity") == {str(activity_id): (1, 1, 1, 1), None: (0, 1, 1, 1)}
    assert told(facts, "activity_format") == {"workshop": (0, 1, 1, 1), None: (0, 1, 1, 1)}


def test_an_event_of_six_departements_counts_in_each() -> None:
    story = Story()
    event = story.event(departements=("18", "28", "36", "37", "41", "45"))
    story.came(story.registered(event, 1), story.entrance(event))
    by_departement = told(story.facts(), "departement")
    assert set(by_departement) == {"18", "28", "36", "37", "41", "45"}
    assert set(by_departement.values()) == {(1, 1, 1, 1)}


@given(chance_facts(events_max=1))
def test_breakdowns_of_persons_at_one_event_add_up(facts: Facts) -> None:
    people = people_at_events(facts)
    totals = event_figures(facts, people)
    for dimension in EVENT_DIMENSIONS:
        if DIMENSIONS[dimension].note:
            continue
        members = breakdown(dimension, facts, people)
        for measure in MEMBER_MEASURES:
            assert sum(one[measure] for one in members.values()) == totals[measure], dimension


@given(chance_facts(events_max=1))
def test_participations_by_day_add_up_and_by_activity_where_they_are_the_unit(
    facts: Facts,
) -> None:
    people = people_at_events(facts)
    total = event_figures(facts, people)["participations"]

    def added(dimension: str) -> int:
        members = breakdown(dimension, facts, people)
        return sum(one["participations"] for one in members.values())

    assert added("day") == total
    (event,) = facts.events.values()
    if event.unit is CountingUnit.ACTIVITY:
        assert added("activity") == total


@given(chance_facts())
def test_no_breakdown_holds_less_than_its_total(facts: Facts) -> None:
    people = people_at_events(facts)
    totals = over_figures(facts, people)
    for dimension in DIMENSIONS:
        members = breakdown(dimension, facts, people)
        for measure in ("present", "participants"):
            total = totals[measure]
            assert isinstance(total, int)
            assert sum(one[measure] for one in members.values()) >= total, dimension
            assert all(one[measure] <= total for one in members.values())
