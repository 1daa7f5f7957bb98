from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventhub.domain.activity_details import ActivityDetails
from eventhub.domain.errors import InvalidInput, StateForbids
from eventhub.domain.event import ActivityFormat, EventState
from eventhub.domain.registration import RegistrationState
from eventhub.models.door import Checkpoint
from eventhub.models.event import Activity
from eventhub.models.registration import Booking
from eventhub.services.programme import (
    add_activity,
    change_activity,
    is_in_use,
    remove_activity,
)
from tests.factories import make_event, make_registration

WORKSHOP = ActivityDetails(
    format=ActivityFormat.WORKSHOP,
    title="Dessiner la carte",
    on=date(2027, 4, 8),
    starts_at=time(11, 0),
    ends_at=time(12, 15),
    room="Salle Cisse",
    hosts=("La Brouette",),
)


def details(title: str, **values: object) -> ActivityDetails:
    return ActivityDetails(
        format=ActivityFormat.TALK,
        title=title,
        **values,  # type: ignore[arg-type]  # fields of the dataclass
    )


def test_a_part_of_the_programme_has_its_hours_hosts_and_checkpoint(
    session: Session, now: datetime
) -> None:
    event = make_event(session)
    made = add_activity(session, event, WORKSHOP, now)
    assert (made.starts_at, made.ends_at) == (
        datetime(2027, 4, 8, 9, 0, tzinfo=UTC),
        datetime(2027, 4, 8, 10, 15, tzinfo=UTC),
    )
    assert [structure.name for structure in made.hosts] == ["La Brouette"]
    checkpoint = session.scalars(select(Checkpoint).where(Checkpoint.activity_id == made.id)).one()
    assert (checkpoint.label, checkpoint.on_date) == ("Dessiner la carte", date(2027, 4, 8))
    assert "dessiner" in event.search_text


def test_the_programme_stays_in_the_order_of_its_hours(session: Session, now: datetime) -> None:
    event = make_event(session)
    on = date(2027, 4, 8)
    late = add_activity(session, event, details("Tard", on=on, starts_at=time(16, 0)), now)
    add_activity(session, event, details("Sans heure"), now)
    add_activity(session, event, details("Tôt B", on=on, starts_at=time(9, 0), track="B"), now)
    add_activity(session, event, details("Tôt A", on=on, starts_at=time(9, 0), track="A"), now)
    assert [found.title for found in event.activities] == [
        "Tôt A",
        "Tôt B",
        "Tard",
        "Sans heure",
    ]
    change_activity(session, event, late, details("Tard", on=on, starts_at=time(8, 0)), now)
    assert event.activities[0].title == "Tard"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": ""}, "title"),
        ({"on": date(2027, 4, 9)}, "on"),
        ({"on": None}, "on"),
        ({"ends_at": time(11, 0)}, "ends_at"),
        ({"starts_at": None, "ends_at": time(12, 0)}, "starts_at"),
        ({"capacity_onsite": -1}, "capacity_onsite"),
        ({"room": "x" * 201}, "room"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(
    session: Session, now: datetime, values: dict[str, object], field: str
) -> None:
    event = make_event(session)
    given = {"title": "Atelier", "on": date(2027, 4, 8), "starts_at": time(11, 0)} | values
    with pytest.raises(InvalidInput) as refused:
        add_activity(session, event, details(**given), now)  # type: ignore[arg-type]  # of mixed types
    assert list(refused.value.fields) == [field]
    assert event.activities == []


def test_a_part_leaves_the_programme_with_its_checkpoint(session: Session, now: datetime) -> None:
    event = make_event(session)
    made = add_activity(session, event, WORKSHOP, now)
    remove_activity(session, event, made, now)
    assert session.scalars(select(Activity)).all() == []
    assert [found.activity_id for found in session.scalars(select(Checkpoint))] == [None]


def test_a_part_that_someone_chose_stays(session: Session, now: datetime) -> None:
    event = make_event(session)
    made = add_activity(session, event, WORKSHOP, now)
    registration = make_registration(session, event)
    assert not is_in_use(session, made)
    session.add(
        Booking(
            registration_id=registration.id,
            activity_id=made.id,
            state=RegistrationState.CONFIRMED,
            created_at=now,
        )
    )
    session.flush()
    assert is_in_use(session, made)
    with pytest.raises(StateForbids):
        remove_activity(session, event, made, now)


@pytest.mark.parametrize("state", [EventState.CANCELLED, EventState.CLOSED])
def test_the_programme_of_a_closed_event_stays(
    session: Session, now: datetime, state: EventState
) -> None:
    event = make_event(session)
    made = add_activity(session, event, WORKSHOP, now)
    event.state = state
    for act in (
        lambda: add_activity(session, event, WORKSHOP, now),
        lambda: change_activity(session, event, made, WORKSHOP, now),
        lambda: remove_activity(session, event, made, now),
    ):
        with pytest.raises(StateForbids):
            act()
