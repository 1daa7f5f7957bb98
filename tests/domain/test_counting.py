from datetime import date

from hypothesis import given

from eventhub.domain.counting import (
    event_counts,
    event_figures,
    is_upper_bound,
    months_before,
    over_figures,
)
from eventhub.domain.event import CountingUnit, HubRole, KindFamily
from eventhub.domain.facts import Facts, people_at_events
from eventhub.domain.figures import EVENT_MEASURES, MEASURES
from eventhub.domain.registration import (
    AttendanceMode,
    RegistrationOrigin,
    RegistrationRole,
    RegistrationState,
)
from tests.domain.fact_cases import DAY, NEXT_DAY, Story, chance_facts

REMOTE = AttendanceMode.REMOTE


def figures(facts: Facts) -> dict[str, object]:
    return dict(event_figures(facts, people_at_events(facts)))


def over(facts: Facts) -> dict[str, object]:
    return dict(over_figures(facts, people_at_events(facts)))


def test_an_event_where_nothing_is_known_counts_nothing() -> None:
    story = Story()
    story.event()
    expected = dict.fromkeys(EVENT_MEASURES, 0) | {"attendance_rate": None}
    assert figures(story.facts()) == expected


def test_a_person_counts_once_whatever_the_checkpoints_of_a_day() -> None:
    story = Story()
    event = story.event()
    morning, afternoon = story.entrance(event), story.entrance(event)
    story.came(story.registered(event, 1), morning, afternoon)
    told = figures(story.facts())
    assert (told["present"], told["participants"], told["participations"]) == (1, 1, 1)


def test_participations_count_each_day() -> None:
    story = Story()
    event = story.event()
    first, second = story.entrance(event, DAY), story.entrance(event, NEXT_DAY)
    story.came(story.registered(event, 1), first, second)
    story.came(story.registered(event, 2), second)
    told = figures(story.facts())
    assert (told["participants"], told["participations"]) == (2, 3)


def test_all_that_is_of_an_unknown_day_is_one_day() -> None:
    story = Story()
    event = story.event()
    one, other = story.entrance(event, None), story.entrance(event, None)
    story.came(story.registered(event, 1), one, other)
    assert figures(story.facts())["participations"] == 1


def test_a_carrefour_counts_each_activity_and_a_day_at_the_entrance_only() -> None:
    story = Story()
    event = story.event(unit=CountingUnit.ACTIVITY)
    first, second = story.entrance(event, DAY), story.entrance(event, NEXT_DAY)
    workshop, forum = story.activity(event, DAY), story.activity(event, DAY)
    story.came(story.registered(event, 1), first, workshop, forum)
    story.came(story.registered(event, 2), first, workshop, second)
    story.came(story.registered(event, 3), second)
    told = figures(story.facts())
    assert (told["participants"], told["participations"]) == (3, 2 + 2 + 1)


def test_organisers_and_facilitators_are_present_and_nothing_else() -> None:
    story = Story()
    event = story.event()
    entrance = story.entrance(event)
    for person, role in enumerate(RegistrationRole):
        story.came(story.registered(event, person, role=role), entrance)
    told = figures(story.facts())
    assert told["present"] == 6
    assert {told[code] for code in ("participants", "participations", "registered", "onsite")} == {
        4
    }


def test_someone_on_site_once_is_on_site_and_the_others_are_remote() -> None:
    story = Story()
    event = story.event()
    first, second = story.entrance(event, DAY), story.entrance(event, NEXT_DAY)
    mixed = story.registered(event, 1, mode=REMOTE)
    story.came(mixed, first, mode=REMOTE)
    story.came(mixed, second)
    story.came(story.registered(event, 2, mode=REMOTE), first, mode=REMOTE)
    told = figures(story.facts())
    assert (told["onsite"], told["remote"], told["participants"]) == (1, 1, 2)


def test_walk_ins_are_participants_without_a_confirmed_registration() -> None:
    story = Story()
    event = story.event()
    entrance = story.entrance(event)
    story.came(story.registered(event, 1), entrance)
    story.came(story.registered(event, 2, origin=RegistrationOrigin.DOOR), entrance)
    for person, state in enumerate(RegistrationState, start=3):
        if state is not RegistrationState.CONFIRMED:
            story.came(story.registered(event, person, state=state), entrance)
    told = figures(story.facts())
    assert (told["registered"], told["participants"], told["walk_ins"]) == (1, 5, 4)


def test_someone_who_withdrew_and_came_back_is_registered() -> None:
    story = Story()
    event = story.event()
    entrance = story.entrance(event)
    story.came(story.registered(event, 1, state=RegistrationState.CANCELLED), entrance)
    story.registered(event, 1)
    told = figures(story.facts())
    assert (told["registered"], told["present"], told["walk_ins"], told["no_shows"]) == (1, 1, 0, 0)


def test_the_rate_leaves_the_excused_out_and_absents_too() -> None:
    story = Story()
    event = story.event()
    entrance = story.entrance(event)
    story.came(story.registered(event, 1), entrance)
    story.came(story.registered(event, 2, is_excused=True), entrance)
    story.registered(event, 3, is_excused=True)
    story.registered(event, 4)
    story.registered(event, 5, state=RegistrationState.CANCELLED, is_excused=True)
    told = figures(story.facts())
    assert (told["registered"], told["excused"], told["no_shows"]) == (4, 2, 1)
    assert told["attendance_rate"] == round(2 / 3, 4)


def test_before_the_end_nobody_is_absent_and_there_is_no_rate() -> None:
    story = Story()
    event = story.event(is_over=False)
    story.came(story.registered(event, 1), story.entrance(event))
    story.registered(event, 2)
    told = figures(story.facts())
    assert (told["present"], told["no_shows"], told["attendance_rate"]) == (1, None, None)


def test_structures_are_those_of_participants_and_engaged_ones_those_of_the_event() -> None:
    story = Story()
    event = story.event()
    entrance = story.entrance(event)
    for person, structure in enumerate(["a", "a", "b", None]):
        story.came(story.registered(event, person, structure=structure), entrance)
    story.registered(event, 9, structure="absent")
    staff = story.registered(event, 8, structure="c", role=RegistrationRole.ORGANISER)
    story.came(staff, entrance)
    facts = story.facts(engaged=frozenset({(event, 1), (event, 2), (99, 3)}))
    told = figures(facts)
    assert (told["structures"], told["engaged_structures"]) == (2, 2)


def test_over_events_persons_count_once_and_participations_each_time() -> None:
    story = Story()
    first, second = story.event(), story.event()
    story.came(story.registered(first, 1), story.entrance(first))
    entrance = story.entrance(second)
    story.came(story.registered(second, 1), entrance)
    story.came(story.registered(second, 2, origin=RegistrationOrigin.DOOR), entrance)
    told = over(story.facts())
    assert {
        code: told[code] for code in ("registered", "participants", "participations", "walk_ins")
    } == {"registered": 2, "participants": 2, "participations": 3, "walk_ins": 1}


def test_events_count_when_they_took_place_and_are_the_hub_s_own() -> None:
    story = Story()
    story.event()
    story.event(family=KindFamily.MEETING)
    story.event(family=KindFamily.MEETING, hub_role=HubRole.CO_ORGANISER)
    story.event(family=KindFamily.MEETING, hub_role=HubRole.GUEST)
    story.event(family=KindFamily.MEETING, is_over=False)
    story.event(family=KindFamily.MEETING, counts=False)
    story.event(family=KindFamily.TRAINING)
    story.event(family=KindFamily.ONE_TO_ONE)
    events = story.events.values()
    assert event_counts(events) == {"events": 1, "meetings": 2, "trainings": 1, "one_to_ones": 1}
    assert event_counts(events, {HubRole.GUEST})["meetings"] == 1


def test_people_in_meetings_are_those_of_the_hub_s_own_meetings() -> None:
    story = Story()
    for family, role in (
        (KindFamily.MEETING, HubRole.ORGANISER),
        (KindFamily.MEETING, HubRole.CO_ORGANISER),
        (KindFamily.MEETING, HubRole.GUEST),
        (KindFamily.ONE_TO_ONE, HubRole.ORGANISER),
    ):
        event = story.event(family=family, hub_role=role)
        entrance = story.entrance(event)
        story.came(story.registered(event, 1), entrance)
        story.came(story.registered(event, 100 + event), entrance)
    told = over(story.facts())
    assert (told["people_in_meetings"], told["people_in_one_to_ones"]) == (3, 2)


def test_returning_people_took_part_in_the_24_months_before() -> None:
    story = Story()
    event = story.event(ends_on=date(2024, 12, 6))
    known_day, unknown_day = story.entrance(event, DAY), story.entrance(event, None)
    story.earlier = {
        1: [date(2022, 12, 2)],
        2: [date(2022, 12, 1)],
        3: [DAY, NEXT_DAY],
        4: [date(2022, 12, 5)],
    }
    for person in (1, 2, 3):
        story.came(story.registered(event, person), known_day)
    story.came(story.registered(event, 4), unknown_day)
    told = over(story.facts())
    assert (told["new"], told["returning"]) == (3, 1)


def test_months_before_keeps_to_the_end_of_shorter_months() -> None:
    assert months_before(date(2024, 2, 29), 24) == date(2022, 2, 28)
    assert months_before(date(2024, 3, 31), 1) == date(2024, 2, 29)
    assert months_before(date(2024, 1, 15), 24) == date(2022, 1, 15)


def test_people_without_a_name_at_two_events_make_an_upper_bound() -> None:
    story = Story()
    for person in (1, 2):
        event = story.event()
        story.came(story.registered(event, person, nameless=True), story.entrance(event))
        assert is_upper_bound(people_at_events(story.facts())) is (person == 2)


@given(chance_facts(events_max=1))
def test_registered_who_were_present_and_walk_ins_are_the_participants(facts: Facts) -> None:
    people = people_at_events(facts)
    told = event_figures(facts, people)
    came = {one.person_id for one in people if one.registered and one.participant}
    assert len(came) + int(told["walk_ins"] or 0) == told["participants"]


@given(chance_facts())
def test_the_figures_keep_their_order(facts: Facts) -> None:
    told = {code: value for code, value in over(facts).items() if isinstance(value, (int, float))}
    assert set(over(facts)) == set(MEASURES)
    assert told["onsite"] + told["remote"] == told["participants"] <= told["present"]
    assert told["participants"] <= told["participations"]
    assert told["new"] + told["returning"] == told["participants"]
    assert told["walk_ins"] <= told["participants"]
    assert 0 <= told.get("attendance_rate", 0) <= 1
    assert told.get("no_shows", 0) <= told["registered"]


@given(chance_facts())
def test_figures_over_events_come_from_those_of_each(facts: Facts) -> None:
    each = [
        event_figures(
            Facts(
                events={event_id: event},
                registrations=[one for one in facts.registrations if one.event_id == event_id],
                presences=[
                    one
                    for one in facts.presences
                    if facts.checkpoints[one.checkpoint_id].event_id == event_id
                ],
                checkpoints=facts.checkpoints,
            ),
            [one for one in people_at_events(facts) if one.event.id == event_id],
        )
        for event_id, event in facts.events.items()
    ]
    told = over(facts)
    for code in ("registered", "participations", "excused"):
        assert told[code] == sum(int(one[code] or 0) for one in each)
    for code in ("present", "participants"):
        parts = [int(one[code] or 0) for one in each]
        assert max(parts) <= told[code] <= sum(parts)  # type: ignore[operator]  # a number
