from eventhub.domain.event import HubRole, KindFamily
from eventhub.domain.facts import people_at_events
from eventhub.domain.lookup import figure_value
from eventhub.domain.registration import RegistrationRole
from tests.domain.fact_cases import Story


def value(story: Story, measure: str, dimension: str = "", *members: str) -> object:
    facts = story.facts()
    return figure_value(facts, people_at_events(facts), measure, dimension, members)


def test_a_figure_is_found_by_its_measure_its_dimension_and_its_members() -> None:
    story = Story()
    event = story.event(departements=("18", "37"), kind="nec")
    entrance = story.entrance(event)
    story.activity(event, format_="workshop")
    story.activity(event, format_="talk")
    for person, residence in enumerate(["18", "18", "37", None]):
        story.came(story.registered(event, person, residence=residence), entrance)
    staff = story.registered(event, 9, role=RegistrationRole.FACILITATOR)
    story.came(staff, entrance)
    assert value(story, "participants") == 4
    assert value(story, "participants", "residence", "18") == 2
    assert value(story, "participants", "residence", "18", "37") == 3
    assert value(story, "participants", "residence", "41") == 0
    assert value(story, "present", "role", "facilitator") == 1
    assert value(story, "activities", "activity_format", "workshop", "talk") == 2
    assert value(story, "participants", "departement", "18", "37") == 4
    assert value(story, "participants", "kind", "hackathon") == 0
    assert value(story, "onsite", "residence", "18") is None


def test_events_are_the_hub_s_own_unless_its_part_is_named() -> None:
    story = Story()
    for role in (HubRole.ORGANISER, HubRole.CO_ORGANISER, HubRole.GUEST):
        story.event(hub_role=role, kind="trimestrielle", family=KindFamily.MEETING)
    assert value(story, "meetings") == 2
    assert value(story, "meetings", "kind", "trimestrielle") == 2
    assert value(story, "meetings", "hub_role", "guest") == 1
    assert value(story, "meetings", "hub_role", "organiser", "co-organiser") == 2
