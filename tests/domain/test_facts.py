from datetime import UTC, date, datetime

import pytest

from eventhub.domain.event import EventState
from eventhub.domain.facts import is_over, people_at_events
from eventhub.domain.registration import RegistrationRole, RegistrationState
from tests.domain.fact_cases import Story


@pytest.mark.parametrize(
    ("state", "ends_at", "over"),
    [
        (EventState.PUBLISHED, datetime(2024, 12, 2, 16, tzinfo=UTC), True),
        (EventState.PUBLISHED, datetime(2024, 12, 2, 18, tzinfo=UTC), False),
        (EventState.PUBLISHED, None, False),
        (EventState.CLOSED, datetime(2024, 12, 2, 18, tzinfo=UTC), True),
        (EventState.POSTPONED, datetime(2024, 12, 2, 16, tzinfo=UTC), False),
        (EventState.DRAFT, datetime(2024, 12, 2, 16, tzinfo=UTC), True),
    ],
)
def test_an_event_is_over_after_its_last_hour_or_once_closed(
    state: EventState, ends_at: datetime | None, over: bool
) -> None:
    now = datetime(2024, 12, 2, 17, tzinfo=UTC)
    assert is_over(state, date(2024, 12, 2), ends_at, "Europe/Paris", now) is over


def test_without_an_hour_an_event_is_over_at_midnight_where_it_is() -> None:
    def over(moment: datetime) -> bool:
        return is_over(EventState.PUBLISHED, date(2024, 12, 2), None, "Europe/Paris", moment)

    assert not over(datetime(2024, 12, 2, 22, 59, tzinfo=UTC))
    assert over(datetime(2024, 12, 2, 23, 0, tzinfo=UTC))


def test_several_registrations_of_a_person_are_one_person_told_by_the_one_that_came() -> None:
    story = Story()
    event = story.event()
    entrance = story.entrance(event)
    story.registered(event, 1, residence="18")
    came = story.registered(
        event, 1, residence="37", state=RegistrationState.CANCELLED, role=RegistrationRole.SPEAKER
    )
    story.came(came, entrance)
    (one,) = people_at_events(story.facts())
    assert (one.residence, one.role, one.registered, one.participant) == (
        "37",
        RegistrationRole.SPEAKER,
        True,
        True,
    )


def test_someone_present_as_a_participant_and_as_staff_is_a_participant() -> None:
    story = Story()
    event = story.event()
    entrance = story.entrance(event)
    staff = story.registered(
        event, 1, role=RegistrationRole.ORGANISER, state=RegistrationState.CANCELLED
    )
    story.came(staff, entrance)
    story.came(story.registered(event, 1), entrance)
    (one,) = people_at_events(story.facts())
    assert (one.role, one.participant) == (RegistrationRole.PARTICIPANT, True)
