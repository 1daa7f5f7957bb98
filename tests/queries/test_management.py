from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from eventhub.domain.event import EventState
from eventhub.domain.registration import RegistrationState
from eventhub.domain.rights import AccountRole, Actor
from eventhub.extensions import db
from eventhub.models.event import Event
from eventhub.queries.management import EventList, ManagedEvents, managed_events
from tests.factories import make_departement, make_event, make_registration
from tests.query_count import counted_statements

TODAY = date(2026, 11, 21)
EVERYWHERE = Actor(AccountRole.ADMINISTRATOR)


def titles(found: ManagedEvents) -> dict[str, list[str]]:
    return {
        "drafts": [item.event.title for item in found.drafts.rows],
        "upcoming": [item.event.title for item in found.upcoming.rows],
        "past": [item.event.title for item in found.past.rows],
    }


def test_events_stand_under_what_they_are(session: Session) -> None:
    make_event(session, title="Brouillon", state=EventState.DRAFT)
    make_event(
        session, title="Brouillon ancien", state=EventState.DRAFT, starts_on=date(2026, 1, 1)
    )
    make_event(session, title="Reporté", state=EventState.POSTPONED, starts_on=date(2026, 2, 1))
    make_event(session, title="En avril")
    make_event(session, title="Aujourd’hui", starts_on=TODAY)
    make_event(session, title="Annulé", state=EventState.CANCELLED, starts_on=date(2027, 5, 1))
    make_event(session, title="Hier", starts_on=date(2026, 11, 20))
    make_event(session, title="Clos", state=EventState.CLOSED, starts_on=date(2026, 6, 1))
    assert titles(managed_events(session, EVERYWHERE, TODAY)) == {
        "drafts": ["Brouillon ancien", "Brouillon"],
        "upcoming": ["Aujourd’hui", "En avril", "Annulé", "Reporté"],
        "past": ["Hier", "Clos"],
    }


@pytest.mark.parametrize(
    ("actor", "expected"),
    [
        (EVERYWHERE, {"A 37", "B 37", "C 28", "D 28", "E région"}),
        (Actor(AccountRole.ORGANISER), {"A 37", "B 37", "C 28", "D 28", "E région"}),
        (Actor(AccountRole.ORGANISER, frozenset({"37"})), {"A 37", "B 37", "E région"}),
        (Actor(AccountRole.STAFF, frozenset({"28"})), {"C 28", "D 28", "E région"}),
        (Actor(AccountRole.STAFF_FIGURES, frozenset({"37"})), {"A 37", "B 37", "C 28", "E région"}),
    ],
)
def test_each_right_sees_its_own(session: Session, actor: Actor, expected: set[str]) -> None:
    in_37 = make_departement(session, "37", "Indre-et-Loire")
    in_28 = make_departement(session, "28", "Eure-et-Loir")
    make_event(session, title="A 37", departements=[in_37])
    make_event(session, title="B 37", departements=[in_37], state=EventState.DRAFT)
    make_event(session, title="C 28", departements=[in_28])
    make_event(session, title="D 28", departements=[in_28], state=EventState.DRAFT)
    make_event(session, title="E région", departements=[in_28, in_37])
    found = managed_events(session, actor, TODAY)
    assert {item.event.title for item in (*found.drafts.rows, *found.upcoming.rows)} == expected


def test_a_co_organiser_sees_the_named_events_too(session: Session) -> None:
    make_departement(session, "37")
    named, _ = make_event(session, title="Partagé"), make_event(session, title="Autre")
    actor = Actor(AccountRole.ORGANISER, frozenset({"37"}), frozenset({named.id}))
    assert titles(managed_events(session, actor, TODAY))["upcoming"] == ["Partagé"]


def test_a_co_organiser_of_another_structure_sees_the_named_events_only(session: Session) -> None:
    named = make_event(session, title="Partagé")
    make_event(session, title="Autre")
    make_event(session, title="Partout", departements=[])
    actor = Actor(AccountRole.CO_ORGANISER, frozenset(), frozenset({named.id}))
    assert titles(managed_events(session, actor, TODAY))["upcoming"] == ["Partagé"]
    nobody = Actor(AccountRole.CO_ORGANISER)
    assert titles(managed_events(session, nobody, TODAY))["upcoming"] == []


def test_every_word_has_to_be_found(session: Session) -> None:
    text = {"search_text": "rencontre des mediateurs mediatrices orleans"}
    make_event(session, title="Rencontre", **text)
    make_event(session, title="Autre")
    found = managed_events(session, EVERYWHERE, TODAY, words="Médiatrices Orléans")
    assert titles(found)["upcoming"] == ["Rencontre"]
    assert titles(managed_events(session, EVERYWHERE, TODAY, words="Orléans Blois%")) == {
        "drafts": [],
        "upcoming": [],
        "past": [],
    }


@pytest.mark.parametrize(
    ("name", "state", "first_day", "ordered"),
    [
        (EventList.DRAFTS, EventState.DRAFT, date(2026, 1, 1), range(23)),
        (EventList.UPCOMING, EventState.PUBLISHED, date(2027, 1, 1), range(23)),
        (EventList.PAST, EventState.PUBLISHED, date(2026, 1, 1), range(22, -1, -1)),
    ],
)
def test_each_list_comes_by_pages_and_shorter_ones_where_words_are_looked_for(
    session: Session, name: EventList, state: EventState, first_day: date, ordered: range
) -> None:
    for number in range(23):
        make_event(
            session,
            title=f"{number:02d}",
            state=state,
            starts_on=first_day + timedelta(days=number),
            search_text="cafe",
        )
    make_event(session, title="Autre liste", state=EventState.POSTPONED)
    expected = [f"{number:02d}" for number in ordered]

    def shown(page: int, words: str = "") -> tuple[list[str], tuple[int, int, int]]:
        found = managed_events(session, EVERYWHERE, TODAY, words=words, pages={name: page})
        one = {"drafts": found.drafts, "upcoming": found.upcoming, "past": found.past}[name]
        return titles(found)[name], (one.total, one.page, one.pages)

    if name is EventList.UPCOMING:
        expected.append("Autre liste")
    total = len(expected)
    assert shown(1) == (expected[:20], (total, 1, 2))
    assert shown(99) == (expected[20:], (total, 2, 2))
    assert shown(-1) == shown(1)
    assert shown(3, "cafe") == (
        [title for title in expected if title != "Autre liste"][20:],
        (23, 3, 3),
    )


def test_registrations_are_counted_by_state(session: Session) -> None:
    event = make_event(session)
    for state in ("confirmed", "confirmed", "waiting", "cancelled"):
        make_registration(session, event, state=RegistrationState(state))
    item = managed_events(session, EVERYWHERE, TODAY).upcoming.rows[0]
    assert (item.registered, item.waiting) == (2, 1)


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_whatever_its_length(session: Session, number: int) -> None:
    made: list[Event] = []
    for _ in range(number):
        made += [
            make_event(session),
            make_event(session, state=EventState.DRAFT),
            make_event(session, starts_on=date(2026, 1, 1)),
        ]
    make_registration(session, made[0], created_at=datetime(2026, 11, 1, tzinfo=UTC))
    session.expire_all()
    with counted_statements(db.engine) as statements:
        found = managed_events(session, EVERYWHERE, TODAY)
        for item in (*found.drafts.rows, *found.upcoming.rows, *found.past.rows):
            assert item.event.kind.label
            assert item.event.departements
            assert not item.event.alternatives
    assert len(statements) == 5
