import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from eventhub.domain.event import ActivityFormat, EventState
from eventhub.domain.minutes import MinutesState
from eventhub.domain.rights import AccountRole
from eventhub.extensions import db
from eventhub.models.event import Activity, ActivitySpeaker, Event
from eventhub.models.minutes import Minutes, MinutesRevision
from eventhub.services.search_texts import rebuild
from tests.blueprints.sign_in import signed_in
from tests.factories import (
    MADE_AT,
    make_account,
    make_departement,
    make_event,
    make_person,
    make_registration,
    make_structure,
)
from tests.query_count import counted_statements

HOSTILE = [
    "",
    "a",
    "%00",
    "%ED%A0%80",
    "%E2%80%AE",
    "%F0%9F%98%80",
    "x" * 5_000,
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "=cmd()",
    "%25%25__%5C",
    "caf%C3%A9&page=0",
    "caf%C3%A9&page=-1",
    "caf%C3%A9&page=99999999999999999999",
    "caf%C3%A9&dans=nulle-part",
    "caf%C3%A9&dans=personnes&page=2",
]


def fill(session: Session, words: str, **values: object) -> Event:
    """An event, a part of its programme, its compte-rendu, a structure and a person."""
    event = make_event(session, title=f"Rencontre {words}", **values)
    event.activities = [
        Activity(
            format=ActivityFormat.WORKSHOP,
            title=f"Atelier {words}",
            speakers=[ActivitySpeaker(name="Soizic Kervella", may_be_named=True)],
        )
    ]
    minutes = Minutes(
        event_id=event.id,
        state=MinutesState.PUBLISHED,
        body=words,
        created_at=MADE_AT,
        updated_at=MADE_AT,
    )
    minutes.revisions = [
        MinutesRevision(
            number=1, title=f"Récit {words}", body=words, figures={}, published_at=MADE_AT
        )
    ]
    session.add(minutes)
    make_structure(session, f"Maison {words} {event.id}")
    make_registration(session, event, make_person(session, words, "Brossard"))
    rebuild(session)
    session.commit()
    return event


def headings(page: str) -> list[str]:
    return re.findall(r"<h2 id=\"([a-z-]+)\"", page)


def test_the_public_search_groups_what_is_public_with_the_words_marked(
    client: FlaskClient, session: Session
) -> None:
    event = fill(session, "cybersécurité")

    page = client.get("/recherche?q=Cybersecurite").text

    assert headings(page) == ["evenements", "programmes", "comptes-rendus"]
    assert f'<a href="/evenements/{event.slug}">Rencontre <mark>cybersécurité</mark></a>' in page
    assert f'href="/evenements/{event.slug}#programme">Atelier <mark>' in page
    assert f'href="/comptes-rendus/{event.slug}">Récit <mark>' in page
    assert "1\u00a0évènement, 1\u00a0temps du programme, 1\u00a0compte-rendu" in page
    assert "Maison" not in page
    assert "Brossard" not in page
    assert 'value="Cybersecurite"' in page


def test_the_organisers_search_leads_to_structures_and_registrations(
    app: Flask, session: Session
) -> None:
    event = fill(session, "cybersécurité")
    client = signed_in(app, session, make_account(session))

    page = client.get("/organisation/recherche?q=cybersécurité").text

    assert headings(page) == [
        "evenements",
        "programmes",
        "comptes-rendus",
        "structures",
        "personnes",
    ]
    assert f'<a href="/organisation/evenements/{event.slug}">' in page
    assert f"/organisation/evenements/{event.slug}/inscriptions/" in page


def test_staff_without_names_are_led_to_public_pages_and_see_nobody(
    app: Flask, session: Session
) -> None:
    event = fill(session, "cybersécurité", departements=[make_departement(session, "37", "37")])
    draft = fill(
        session,
        "cybersécurité",
        state=EventState.DRAFT,
        departements=[make_departement(session, "37", "37")],
    )
    client = signed_in(app, session, make_account(session, AccountRole.STAFF_FIGURES, ("37",)))

    page = client.get("/organisation/recherche?q=cybersécurité").text

    assert f'<a href="/evenements/{event.slug}">' in page
    assert f'<a href="/organisation/evenements/{draft.slug}/chiffres">' in page
    assert "Brossard" not in page
    assert "personnes" not in headings(page)


@pytest.mark.parametrize("typed", HOSTILE)
@pytest.mark.parametrize("path", ["/recherche", "/organisation/recherche"])
def test_whatever_is_typed_gets_a_clear_answer(
    app: Flask, session: Session, path: str, typed: str
) -> None:
    fill(session, "café")
    client = signed_in(app, session, make_account(session))

    response = client.get(f"{path}?q={typed}")

    assert response.status_code == 200
    assert "<script>alert" not in response.text
    assert response.text.count("<h1") == 1


def test_what_to_try_is_said_before_for_one_letter_and_where_nothing_is_found(
    client: FlaskClient, session: Session
) -> None:
    assert "Que cherchez-vous" in client.get("/recherche").text
    assert "Écrivez un mot entier" in client.get("/recherche?q=a").text
    nothing = client.get("/recherche?q=<b>introuvable").text
    assert "Rien trouvé" in nothing
    assert "&lt;b&gt;introuvable" in nothing
    assert 'href="/">Voir l’agenda' in nothing


def test_what_a_page_cannot_hold_is_on_pages_of_its_group(
    client: FlaskClient, session: Session
) -> None:
    for number in range(32):
        make_event(session, title=f"Café {number}")
    page = client.get("/recherche?q=café").text
    assert page.count('<li class="find') == 5
    assert 'href="/recherche?q=caf%C3%A9&amp;dans=evenements"' in page

    one = client.get("/recherche?q=café&dans=evenements").text
    assert one.count('<li class="find') == 20
    assert "Page 1 sur 2" in one
    other = client.get("/recherche?q=café&dans=evenements&page=2").text
    assert other.count('<li class="find') == 12
    assert 'href="/recherche?q=caf%C3%A9">Chercher partout' in other


@pytest.mark.parametrize("path", ["/recherche", "/organisation/recherche"])
def test_a_page_takes_as_many_statements_for_three_finds_as_for_one(
    app: Flask, session: Session, path: str
) -> None:
    account = make_account(session)

    def statements() -> int:
        client = signed_in(app, session, account)
        session.expunge_all()
        with counted_statements(db.engine) as sent:
            assert client.get(f"{path}?q=cybersécurité").status_code == 200
        return len(sent)

    fill(session, "cybersécurité")
    once = statements()
    fill(session, "cybersécurité")
    fill(session, "cybersécurité")

    assert statements() == once
