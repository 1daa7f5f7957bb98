from collections.abc import Iterable
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventhub.domain.event import ActivityFormat, EventState, KindFamily
from eventhub.domain.minutes import MinutesState
from eventhub.domain.rights import AccountRole, Actor, may_see_draft, may_see_names
from eventhub.domain.search import SearchGroup
from eventhub.extensions import db
from eventhub.models.event import Activity, ActivitySpeaker, Event
from eventhub.models.minutes import Minutes, MinutesRevision
from eventhub.queries import event_conditions
from eventhub.queries import search as search_queries
from eventhub.queries.search import GROUP_SIZE, SearchResults, search
from eventhub.services.search_texts import rebuild
from tests.factories import (
    MADE_AT,
    make_account,
    make_departement,
    make_event,
    make_kind,
    make_person,
    make_registration,
    make_structure,
)
from tests.query_count import counted_statements

TODAY = date(2026, 11, 21)
EVERYWHERE = Actor(AccountRole.ADMINISTRATOR)


def on(day: date, **values: Any) -> dict[str, Any]:
    return {"starts_on": day, "ends_on": day, "starts_at": None, "ends_at": None, **values}


def make_activity(
    session: Session, event: Event, title: str, *names: str, **values: Any
) -> Activity:
    activity = Activity(
        event_id=event.id,
        format=ActivityFormat.WORKSHOP,
        title=title,
        speakers=[ActivitySpeaker(name=name, may_be_named=True) for name in names],
    )
    session.add(activity)
    session.flush()
    return activity


def make_minutes(session: Session, event: Event, body: str, **values: Any) -> Minutes:
    values = {"state": MinutesState.PUBLISHED} | values
    minutes = Minutes(
        event_id=event.id, body=body, created_at=MADE_AT, updated_at=MADE_AT, **values
    )
    minutes.revisions = [
        MinutesRevision(number=number, body=text, figures={}, published_at=MADE_AT)
        for number, text in enumerate(("Une première version.", body), start=1)
    ]
    session.add(minutes)
    session.flush()
    return minutes


def found(session: Session, typed: str, actor: Actor | None = None, **values: Any) -> SearchResults:
    rebuild(session)
    session.commit()
    return search(session, typed, actor=actor, today=TODAY, **values)


def titles(group: Any) -> list[str]:
    return [row.title for row in group.rows]


def names(group: Any) -> list[str]:
    return [f"{row.person.given_name} {row.person.family_name}" for row in group.rows]


def test_every_word_must_be_found_and_titles_come_first_then_the_nearest(session: Session) -> None:
    for day, title, summary in (
        (date(2026, 11, 1), "Passé récent", "café à gien"),
        (date(2026, 1, 1), "Passé lointain", "café à gien"),
        (date(2027, 6, 1), "À venir, plus tard", "café à gien"),
        (date(2026, 12, 1), "À venir, bientôt", "café à gien"),
        (date(2024, 1, 1), "Café à Gien, jadis", ""),
        (date(2027, 1, 1), "Gien", "café"),
        (date(2027, 1, 2), "Autre café", "à Blois"),
    ):
        make_event(session, **on(day, title=title, summary=summary, place=""))

    results = found(session, "café gien", only=SearchGroup.EVENTS)

    assert results.events is not None
    assert titles(results.events) == [
        "Café à Gien, jadis",
        "Gien",
        "À venir, bientôt",
        "À venir, plus tard",
        "Passé récent",
        "Passé lointain",
    ]
    assert (results.events.total, results.events.has_more) == (6, False)


def test_the_public_finds_events_programmes_and_comptes_rendus_that_are_public(
    session: Session,
) -> None:
    private = make_kind(session, "rendez-vous", family=KindFamily.ONE_TO_ONE)
    for state in EventState:
        event = make_event(session, title=f"Carrefour {state.value}", state=state)
        make_activity(session, event, f"Atelier carrefour {state.value}")
        make_minutes(session, event, "Le carrefour.")
    hidden = make_event(session, title="Carrefour privé", kind_code=private.code)
    make_minutes(session, hidden, "Le carrefour privé.")
    draft = make_event(session, title="Sans récit")
    make_minutes(session, draft, "Le carrefour, brouillon.", state=MinutesState.DRAFT)
    make_structure(session, "Carrefour des structures")
    make_person(session, "Carrefour", "Aubertin")

    results = found(session, "carrefour")

    public = {"cancelled", "closed", "postponed", "published"}
    assert results.events is not None
    assert results.activities is not None
    assert results.minutes is not None
    assert {title.split()[-1] for title in titles(results.events)} == public
    assert {title.split()[-1] for title in titles(results.activities)} == public
    # A compte-rendu is published knowingly, whatever became of its event.
    assert {row.title.split()[-1] for row in results.minutes.rows} == {*public, "draft"}
    assert (results.structures, results.people) == (None, None)


@pytest.mark.parametrize("spelling", ["·", "‧", "•", "⋅", ".", "-"])
@pytest.mark.parametrize("typed", ["médiatrice", "MEDIATEURS", "mediateur", "médiateur·rice·s"])
def test_inclusive_spellings_are_found_by_every_form(
    session: Session, spelling: str, typed: str
) -> None:
    event = make_event(session, title=f"Les médiateur{spelling}rice{spelling}s")
    make_event(session, title="Autre chose")

    assert titles(found(session, typed).events) == [event.title]


@pytest.mark.parametrize(
    ("title", "typed"),
    [
        ("Le cœur du métier", "coeur"),
        ("Le coeur du métier", "cœur"),
        ("Fête de l’accueil", "l'accueil"),
        ("Fête de l'accueil", "L’ACCUEIL"),
        ("À Nogent-le-Rotrou", "nogent-le-rotrou"),
        ("Les élu(e)s", "élue"),
        ("100 % libre", "100 %"),
        ("fichier_a", "fichier_"),
        ("C:\\temp", "c:\\temp"),
        ("Rendez-vous", "rendez-vous"),
    ],
)
def test_a_title_is_found_as_it_is_typed(session: Session, title: str, typed: str) -> None:
    make_event(session, title=title)
    make_event(session, title="fichierxa 1000 ctemp nogent le rotrou")

    assert titles(found(session, typed).events) == [title]


@pytest.mark.parametrize(
    "typed",
    ["", "a", "\0", "?!", "x" * 5_000, "\ud800", "\u202eabc", "😀", "' OR 1=1 --", "%", "_" * 9],
)
def test_nothing_to_find_breaks_nothing(session: Session, typed: str) -> None:
    make_event(session, title="Café")

    assert found(session, typed, EVERYWHERE).total == 0


def test_who_agreed_to_be_named_is_found_and_nobody_else(session: Session) -> None:
    event = make_event(session, title="Forum")
    named = make_activity(session, event, "Ouverture", "Soizic Kervella")
    silent = make_activity(session, event, "Clôture")
    silent.speakers = [ActivitySpeaker(name="Malik Ouvrard", may_be_named=False)]

    assert titles(found(session, "kervella").activities) == [named.title]
    assert found(session, "ouvrard").total == 0


def test_drafts_are_found_where_they_are_prepared(session: Session) -> None:
    here = [make_departement(session, "37", "Indre-et-Loire")]
    there = [make_departement(session, "18", "Cher")]
    make_event(session, title="Brouillon ici", state=EventState.DRAFT, departements=here)
    shared = make_event(session, title="Brouillon là", state=EventState.DRAFT, departements=there)

    def seen(role: AccountRole, *codes: str, co_organised: Iterable[int] = ()) -> list[str]:
        actor = Actor(role, frozenset(codes), frozenset(co_organised))
        return sorted(titles(found(session, "brouillon", actor).events))

    both = ["Brouillon ici", "Brouillon là"]
    assert titles(found(session, "brouillon").events) == []
    assert seen(AccountRole.ADMINISTRATOR) == both
    assert seen(AccountRole.ORGANISER) == both
    assert seen(AccountRole.ORGANISER, "37") == ["Brouillon ici"]
    assert seen(AccountRole.ORGANISER, "37", co_organised=[shared.id]) == both
    assert seen(AccountRole.CO_ORGANISER, co_organised=[shared.id]) == ["Brouillon là"]
    assert seen(AccountRole.CO_ORGANISER) == []
    assert seen(AccountRole.STAFF, "18") == ["Brouillon là"]
    assert seen(AccountRole.STAFF_FIGURES, "37") == ["Brouillon ici"]


def test_people_are_found_where_their_names_may_be_read(session: Session) -> None:
    here = [make_departement(session, "37", "Indre-et-Loire")]
    there = [make_departement(session, "18", "Cher")]
    nearby = make_event(session, title="Ici", departements=here)
    elsewhere = make_event(session, title="Là-bas", departements=there)
    camille = make_person(session, "Camille", "Brossard", email="camille@example.org")
    lea = make_person(session, "Léa", "Brossard-Ouvrard")
    make_person(session, "Anatole", "Brossard", merged_into_id=lea.id)
    make_registration(session, nearby, camille)
    make_registration(session, elsewhere, camille)
    make_registration(session, elsewhere, lea)

    def seen(typed: str, role: AccountRole, *codes: str) -> list[str] | None:
        people = found(session, typed, Actor(role, frozenset(codes))).people
        return None if people is None else names(people)

    both = ["Camille Brossard", "Léa Brossard-Ouvrard"]
    assert seen("brossard", AccountRole.ADMINISTRATOR) == both
    assert seen("brossard", AccountRole.ORGANISER) == both
    assert seen("brossard", AccountRole.ORGANISER, "37") == ["Camille Brossard"]
    assert seen("brossard", AccountRole.STAFF, "18") == both
    assert seen("brossard", AccountRole.CO_ORGANISER) == []
    assert seen("brossard", AccountRole.STAFF_FIGURES) is None
    assert seen("camille@example.org", AccountRole.ADMINISTRATOR) == ["Camille Brossard"]
    assert seen("brossard-ouvrard lea", AccountRole.ADMINISTRATOR) == ["Léa Brossard-Ouvrard"]
    assert seen("ouvrard camille", AccountRole.ADMINISTRATOR) == []

    people = found(session, "camille", Actor(AccountRole.ORGANISER, frozenset({"37"}))).people
    assert people is not None
    assert [one.event.title for one in people.rows[0].registrations] == ["Ici"]
    assert people.rows[0].registered == 1


def test_structures_are_found_by_name_but_not_once_merged(session: Session) -> None:
    kept = make_structure(session, "Mission locale de Chinon")
    make_structure(session, "Mission locale chinonaise", merged_into_id=kept.id)

    results = found(session, "chinon mission", EVERYWHERE)

    assert results.structures is not None
    assert [row.name for row in results.structures.rows] == ["Mission locale de Chinon"]
    assert found(session, "chinon", Actor(AccountRole.CO_ORGANISER)).structures is None


def test_a_compte_rendu_is_found_by_its_last_text(session: Session) -> None:
    event = make_event(session, title="Trimestrielle", state=EventState.CLOSED)
    make_minutes(session, event, "# Ce qui s’est dit\n\nLes aidants à Loches.")

    results = found(session, "aidants loches")

    assert results.minutes is not None
    assert [(row.title, row.event.title) for row in results.minutes.rows] == [
        ("Trimestrielle", "Trimestrielle")
    ]
    assert found(session, "première version").minutes is not None
    assert titles(found(session, "première version").minutes) == []


def test_a_group_comes_in_pages_and_a_page_that_is_not_there_is_the_last(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_queries, "PAGE_SIZE", 4)
    for number in range(11):
        event = make_event(session, **on(TODAY + timedelta(days=number), title=f"Café {number}"))
        make_activity(session, event, f"Tasse {number} de café")

    first = found(session, "café")
    assert first.events is not None
    assert first.activities is not None
    assert (len(first.events.rows), first.events.total) == (GROUP_SIZE, 11)

    for group, wanted in (
        (SearchGroup.EVENTS, "Café {}"),
        (SearchGroup.ACTIVITIES, "Tasse {} de café"),
    ):
        pages = [found(session, "café", only=group, page=page) for page in (1, 2, 3, 99)]
        rows = [one.events or one.activities for one in pages]
        assert [row.page for row in rows if row] == [1, 2, 3, 3]
        assert [title for row in rows[:3] for title in titles(row)] == [
            wanted.format(number) for number in range(11)
        ]
        assert titles(rows[3]) == [wanted.format(number) for number in (8, 9, 10)]
        assert pages[0].minutes is None


@pytest.mark.parametrize("group", [SearchGroup.EVENTS, SearchGroup.ACTIVITIES, SearchGroup.PEOPLE])
def test_what_is_found_too_often_is_cut_to_the_nearest_and_says_so(
    session: Session, monkeypatch: pytest.MonkeyPatch, group: SearchGroup
) -> None:
    monkeypatch.setattr(search_queries, "MOST", 3)
    for days in (-400, -2, 1, 300, 20):
        event = make_event(session, **on(TODAY + timedelta(days=days), title=f"Café {days}"))
        make_activity(session, event, f"Café {days}")
        make_registration(session, event, make_person(session, "Café", f"{chr(70 + days % 19)}"))

    results = found(session, "café", EVERYWHERE, only=group)

    one = results.events or results.activities or results.people
    assert one is not None
    assert (one.total, one.has_more, len(one.rows), one.pages) == (3, True, 3, 1)
    if group is SearchGroup.PEOPLE:
        assert names(one) == sorted(names(one))
    else:
        assert titles(one) == ["Café 1", "Café 20", "Café 300"]
    beyond = found(session, "café", EVERYWHERE, only=group, page=9)
    other = beyond.events or beyond.activities or beyond.people
    assert other is not None
    assert (other.page, len(other.rows)) == (1, 3)


def test_the_rights_are_those_of_the_list(session: Session) -> None:
    codes = ("18", "37")
    for code in codes:
        make_departement(session, code, code)
    events = [
        make_event(session, departements=[make_departement(session, code) for code in some])
        for some in ((), ("18",), ("37",), codes)
    ]
    for role, some, shared in product(AccountRole, ((), ("37",)), ((), (events[1].id,))):
        actor = Actor(role, frozenset(some), frozenset(shared))
        for condition, rule in (
            (event_conditions.may_read_names, may_see_names),
            (event_conditions.may_see_draft, may_see_draft),
        ):
            allowed = set(session.scalars(select(Event.id).where(condition(actor))))
            expected = {
                event.id
                for event in events
                if rule(actor, event.id, frozenset(one.code for one in event.departements))
            }
            assert allowed == expected, (rule.__name__, actor)


def test_a_search_takes_as_many_statements_for_three_finds_as_for_one(session: Session) -> None:
    account = make_account(session).actor()

    def grow() -> None:
        event = make_event(session, title="Café")
        make_activity(session, event, "Café", "Soizic Kervella")
        make_minutes(session, event, "# Café\n\nLe café.")
        make_structure(session)
        make_registration(session, event, make_person(session, "Café", "Brossard"))

    def statements() -> int:
        rebuild(session)
        session.commit()
        session.expunge_all()
        with counted_statements(db.engine) as sent:
            results = search(session, "café", actor=account, today=TODAY)
            assert results.activities is not None
            assert results.people is not None
            assert results.events is not None
            assert results.minutes is not None
            for event in [
                *results.events.rows,
                *(row.event for row in results.activities.rows),
                *(row.event for row in results.minutes.rows),
            ]:
                assert (event.kind.label, event.departements[0].name) == ("Journée", "Loiret")
                assert event.alternatives == []
            for activity in results.activities.rows:
                assert [one.name for one in activity.speakers] == ["Soizic Kervella"]
            for person in results.people.rows:
                assert [one.event.alternatives for one in person.registrations] == [[]]
        return len(sent)

    grow()
    once = statements()
    grow()
    grow()

    assert statements() == once
    assert once <= 16
