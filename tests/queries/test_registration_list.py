from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from eventhub.domain.look_alikes import LookAlike
from eventhub.domain.registration import RegistrationState
from eventhub.extensions import db
from eventhub.models.event import Event
from eventhub.queries.registration_list import (
    RegistrationFilter,
    latest_registrations,
    registration_details,
    registration_list,
)
from tests.factories import (
    make_category,
    make_event,
    make_person,
    make_registration,
    make_structure,
)
from tests.query_count import counted_statements


def register(session: Session, event: Event, given: str, family: str, **values: object) -> None:
    email = values.pop("email", f"{family.lower()}@example.org".replace(" ", "-"))
    person = make_person(session, given, family, email=email)
    make_registration(session, event, person, **values)


@pytest.fixture
def event(session: Session) -> Event:
    event = make_event(session)
    lake = make_structure(session, "Médiathèque du Lac")
    register(session, event, "Élodie", "Vanneau", structure_id=lake.id)
    register(session, event, "Inès", "Aubertin", category_code=make_category(session).code)
    register(session, event, "Yann", "Le Bihan", state=RegistrationState.CANCELLED)
    register(session, event, "Ambre", "Pinson", state=RegistrationState.WAITING, waiting_rank=2)
    register(session, event, "Zoé", "Attente", state=RegistrationState.WAITING, waiting_rank=1)
    register(session, make_event(session), "Élodie", "Ailleurs")
    return event


def names(session: Session, event: Event, words: str = "", **values: object) -> list[str]:
    found = registration_list(
        session,
        event.id,
        words=words,
        **values,  # type: ignore[arg-type]  # filter and page
    )
    return [row.family_name for row in found.rows]


def test_people_come_by_name(session: Session, event: Event) -> None:
    assert names(session, event) == ["Attente", "Aubertin", "Le Bihan", "Pinson", "Vanneau"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("elodie", ["Vanneau"]),
        ("VANNEAU Élodie", ["Vanneau"]),
        ("mediatheque lac", ["Vanneau"]),
        ("le bihan", ["Le Bihan"]),
        ("aubertin@example.org", ["Aubertin"]),
        ("aubertin vanneau", []),
        ("%", ["Attente", "Aubertin", "Le Bihan", "Pinson", "Vanneau"]),
        ("\0", ["Attente", "Aubertin", "Le Bihan", "Pinson", "Vanneau"]),
    ],
)
def test_each_word_stands_in_a_name_an_address_or_a_structure(
    session: Session, event: Event, words: str, expected: list[str]
) -> None:
    assert names(session, event, words) == expected


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (RegistrationFilter.CONFIRMED, ["Aubertin", "Vanneau"]),
        (RegistrationFilter.WAITING, ["Attente", "Pinson"]),
        (RegistrationFilter.CANCELLED, ["Le Bihan"]),
        (RegistrationFilter.INVITED, []),
        (RegistrationFilter.EXCUSED, []),
        (RegistrationFilter.LOOK_ALIKES, []),
    ],
)
def test_each_filter_keeps_its_own(
    session: Session, event: Event, chosen: RegistrationFilter, expected: list[str]
) -> None:
    assert names(session, event, chosen=chosen) == expected
    assert registration_list(session, event.id).counts[chosen] == len(expected)


def test_look_alikes_are_pointed_at(session: Session, event: Event) -> None:
    register(session, event, "Ines", "AUBERTIN", email="autre@example.org")
    register(session, event, "Bruno", "Delaunay", email="vanneau@example.org")
    found = registration_list(session, event.id, chosen=RegistrationFilter.LOOK_ALIKES)
    assert {f"{row.given_name} {row.family_name}": row.look_alike for row in found.rows} == {
        "Inès Aubertin": LookAlike.SAME_NAME,
        "Ines AUBERTIN": LookAlike.SAME_NAME,
        "Bruno Delaunay": LookAlike.SHARED_MAILBOX,
        "Élodie Vanneau": LookAlike.SHARED_MAILBOX,
    }
    assert found.counts[RegistrationFilter.LOOK_ALIKES] == 4


def test_a_page_holds_fifty_and_the_last_one_the_rest(session: Session) -> None:
    event = make_event(session)
    for number in range(53):
        make_registration(session, event, make_person(session, "A", f"Nom {number:02d}"))
    found = registration_list(session, event.id, page=7)
    assert (found.found, found.page, found.pages) == (53, 2, 2)
    assert [row.family_name for row in found.rows] == ["Nom 50", "Nom 51", "Nom 52"]


def test_the_latest_come_first(session: Session, event: Event) -> None:
    rows = latest_registrations(session, event.id, 2)
    assert [row.family_name for row in rows] == ["Attente", "Pinson"]


def test_the_details_of_another_event_are_not_read(session: Session, event: Event) -> None:
    other = make_event(session)
    registration = make_registration(session, other)
    assert registration_details(session, event.id, registration.id) is None
    details = registration_details(session, other.id, registration.id)
    assert details is not None
    assert (details.ticket, details.presences, details.mails, details.resembling) == (
        None,
        (),
        (),
        (),
    )


def test_the_details_name_who_resembles(session: Session, event: Event, now: datetime) -> None:
    register(session, event, "Ines", "AUBERTIN", email="autre@example.org")
    first = registration_list(session, event.id, words="aubertin").rows[0]
    details = registration_details(session, event.id, first.id)
    assert details is not None
    assert len(details.resembling) == 1


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_whatever_its_length(session: Session, number: int) -> None:
    event = make_event(session)
    for _ in range(number):
        make_registration(session, event)
    session.expire_all()
    event_id = event.id
    with counted_statements(db.engine) as statements:
        rows = registration_list(session, event_id).rows
        assert len(rows) == number
    assert len(statements) == 5
