from eventhub.domain.breakdowns import breakdown
from eventhub.domain.counting import event_figures, over_figures
from eventhub.domain.event import KindFamily
from eventhub.domain.facts import Facts, people_at_events
from eventhub.domain.figures import Covers, Declared, Qualified, Qualifier
from eventhub.domain.together import event_together, members_together, over_together
from tests.domain.fact_cases import Story

MORE_THAN_95 = Qualified(95, Qualifier.MORE_THAN)


def one_event(participants: int) -> Facts:
    story = Story()
    event = story.event()
    entrance = story.entrance(event)
    for person in range(participants):
        story.came(story.registered(event, person, category="elu"), entrance)
    return story.facts()


def test_without_anything_declared_together_is_what_is_computed() -> None:
    facts = one_event(3)
    figures = event_figures(facts, people_at_events(facts))
    together = event_together(figures, ())
    assert together == {
        code: None if code == "attendance_rate" else Qualified(value)  # type: ignore[arg-type]  # of mixed types
        for code, value in figures.items()
    }


def test_parts_of_a_declared_total_stay_declared() -> None:
    facts = one_event(3)
    figures = event_figures(facts, people_at_events(facts))
    declared = (
        Declared("participants", MORE_THAN_95),
        Declared("participants", Qualified(25), dimension="mode", member="remote"),
    )
    together = event_together(figures, declared)
    assert together["participants"] == MORE_THAN_95
    assert together["remote"] == Qualified(25)
    # Nothing is subtracted, and nothing is made of a list that is not the whole.
    unknown = {code for code, value in together.items() if value is None}
    assert unknown == {
        "present",
        "participations",
        "onsite",
        "no_shows",
        "attendance_rate",
        "walk_ins",
        "structures",
    }


def test_members_of_a_declared_total_are_not_known_unless_declared() -> None:
    facts = one_event(3)
    people = people_at_events(facts)
    breakdowns = {"category": breakdown("category", facts, people)}
    declared = (
        Declared("participants", Qualified(30, Qualifier.ABOUT)),
        Declared("participants", Qualified(12), dimension="category", member="mediateur"),
    )
    assert members_together(breakdowns, declared)["participants", "category", "elu"] is None
    part = (Declared("participants", Qualified(12), dimension="category", member="elu"),)
    assert members_together(breakdowns, part) == {
        ("participants", "category", "elu"): Qualified(12)
    }


def three_events() -> Story:
    """Persons 0 to 2 at the first event, 0 and 9 at the second, none at the third."""
    story = Story()
    for persons in ((0, 1, 2), (0, 9), ()):
        event = story.event(family=KindFamily.MEETING)
        entrance = story.entrance(event)
        for person in persons:
            story.came(story.registered(event, person), entrance)
    return story


def over(story: Story, declared: tuple[Declared, ...]) -> dict[str, Qualified | None]:
    facts = story.facts()
    people = people_at_events(facts)
    return over_together(facts, people, over_figures(facts, people), declared)


def test_over_events_each_event_gives_its_headcount_or_its_computed_figure() -> None:
    story = three_events()
    first, second, third = story.events
    declared = (
        Declared("participants", Qualified(10), event_id=second),
        Declared("participants", MORE_THAN_95, event_id=third),
        Declared("participants", Qualified(2), covers=Covers.BEYOND_LIST, event_id=first),
        Declared("participants", Qualified(1000)),  # about a period: enters no total
        Declared("participants", Qualified(1000), event_id=99),
    )
    together = over(story, declared)
    expected = Qualified(3 + 2 + 10 + 95, Qualifier.MORE_THAN)
    assert together["participants"] == expected
    assert together["people_in_meetings"] == expected
    assert together["meetings"] == Qualified(3)
    assert together["participations"] is None
    assert "attendance_rate" not in together


def test_over_events_persons_still_count_once_where_nothing_is_declared() -> None:
    assert over(three_events(), ())["participants"] == Qualified(4)
