import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import Markup
from sqlalchemy.orm import Session

from eventhub.domain.event import EventState, KindFamily
from eventhub.domain.minutes import MinutesState
from eventhub.domain.rights import AccountRole
from eventhub.extensions import db
from eventhub.models.account import Account
from eventhub.models.minutes import Minutes
from eventhub.web.clock import now
from tests.blueprints.sign_in import signed_in
from tests.factories import make_account, make_departement, make_event, make_kind
from tests.query_count import counted_statements


def text_of(html: str) -> str:
    """What a reader sees, on one line, without the head of the page."""
    body = html.partition("<main")[2]
    return " ".join(Markup(re.sub(r"<[^>]+>", " ", body)).unescape().split())  # noqa: S704 - read, never shown


def ahead(days: int) -> dict[str, Any]:
    day = now().date() + timedelta(days=days)
    at = datetime.combine(day, datetime.min.time(), now().tzinfo)
    return {
        "starts_on": day,
        "ends_on": day,
        "starts_at": at + timedelta(hours=8),
        "ends_at": at + timedelta(hours=16),
    }


def test_the_agenda_lists_what_comes_and_what_is_past(
    client: FlaskClient, session: Session
) -> None:
    make_event(session, title="Bientôt", taken_onsite=36, **ahead(30))
    make_event(session, title="Avant", **ahead(-30))

    coming, _, past = client.get("/").text.partition('<h2 id="passes">')

    assert "Bientôt" in coming
    assert "Il reste 4 places sur 40, sur place" in text_of(coming)
    assert "Avant" in past


def test_an_empty_agenda_says_what_will_be_there(client: FlaskClient) -> None:
    page = text_of(client.get("/").text)

    assert "Rien n’est prévu pour l’instant" in page
    assert "Déjà passés 0" in page


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("departement=99", "L’agenda ne connaît pas : département « 99 »."),
        ("bassin=x&type=y", "L’agenda ne connaît pas : bassin de vie « x », type « y »."),
        ("mois=2024-13", "L’agenda ne connaît pas : mois « 2024-13 »."),
        ("mode=z", "L’agenda ne connaît pas : mode « z »."),
        ("mois=1999-01", "Rien à cette date"),
        ("q=introuvable", "Rien à venir avec ces filtres"),
        ("vue=passes&q=introuvable", "Aucun évènement passé"),
    ],
)
def test_a_filter_without_result_says_so(
    client: FlaskClient, session: Session, query: str, said: str
) -> None:
    make_event(session, **ahead(30))

    response = client.get(f"/?{query}")

    assert response.status_code == 200
    assert said in text_of(response.text)


@pytest.mark.parametrize(
    "query",
    [
        "page=0",
        "page=-3",
        "page=abc",
        "page=99999999999999999999",
        "vue=autre",
        "q=" + "é" * 5000,
        "q=%00%ff%ed%a0%80",
        "mois=0000",
        "mois=9999-12",
        "departement=37&departement=45",
    ],
)
def test_no_address_breaks_the_agenda(client: FlaskClient, session: Session, query: str) -> None:
    make_event(session, **ahead(30))

    assert client.get(f"/?{query}").status_code == 200


def test_filters_are_links_that_keep_the_others_and_say_which_is_current(
    client: FlaskClient, session: Session
) -> None:
    indre = make_departement(session, "36", "Indre")
    make_event(session, departements=[indre], **ahead(30))
    make_event(session, **ahead(30))

    html = client.get("/?departement=36&q=evenement").text

    assert (
        '<a href="/?departement=36&amp;q=evenement#resultats" aria-current="true">'
        '<span class="label">Indre</span><span class="count">1'
    ) in html
    assert '<a href="/?departement=45&amp;q=evenement#resultats"><span class="label">Loiret' in html
    assert '<input type="hidden" name="departement" value="36">' in html
    assert '<a href="/#resultats">Effacer les filtres</a>' in html
    assert (
        '<a href="/?q=evenement#resultats"><span class="visually-hidden">Retirer le filtre </span>'
        "Indre"
    ) in html


def test_what_was_typed_is_escaped(client: FlaskClient) -> None:
    html = client.get("/?q=<script>alert(1)</script>&departement=\"'><b>").text

    assert "<script>" not in html
    assert "<b>" not in html


def test_a_filtered_agenda_is_not_for_search_engines(client: FlaskClient) -> None:
    assert 'content="noindex"' in client.get("/?q=x").text
    assert '<link rel="canonical" href="http://127.0.0.1:8000/">' in client.get("/").text


def test_the_page_takes_as_many_statements_for_three_events_as_for_one(
    client: FlaskClient, session: Session
) -> None:
    def statements() -> int:
        session.expunge_all()
        with counted_statements(db.engine) as sent:
            assert client.get("/").status_code == 200
        return len(sent)

    make_event(session, **ahead(30))
    once = statements()
    make_event(session, **ahead(31))
    make_event(session, **ahead(32))

    assert statements() == once


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (EventState.PUBLISHED, "Il reste 40 places Sur 40, sur place. S’inscrire Une minute"),
        (EventState.CLOSED, "C’est passé"),
        (EventState.CANCELLED, "Annulé Cet évènement n’aura pas lieu. Il neige."),
        (
            EventState.POSTPONED,
            "Reporté La nouvelle date sera dite ici. Les inscriptions déjà prises sont gardées. Il",
        ),
    ],
)
def test_each_public_state_has_its_own_sentence(
    client: FlaskClient, session: Session, state: EventState, said: str
) -> None:
    event = make_event(session, state=state, state_reason="Il neige.", **ahead(30))

    response = client.get(f"/evenements/{event.slug}")

    assert response.status_code == 200
    assert said in text_of(response.text)
    assert response.text.count("<h1") == 1
    assert response.text.count("button-main") == (1 if state is EventState.PUBLISHED else 0)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (
            {"capacity_onsite": 2, "taken_onsite": 2},
            "Complet Liste d’attente ouverte. S’inscrire sur la liste d’attente",
        ),
        (
            {"capacity_onsite": 2, "taken_onsite": 2, "waiting_list": False},
            "Complet Sans liste d’attente. Toutes les places sont prises",
        ),
        (
            {"registration_enabled": False},
            "Sans inscription en ligne Pour participer, écrivez à nadege@example.org",
        ),
        (
            {"registration_opens_at": now() + timedelta(days=3)},
            "Le bouton « S’inscrire » sera ici.",
        ),
        (
            {"registration_closes_at": now() - timedelta(days=3)},
            "Inscriptions closes Elles se sont arrêtées le",
        ),
    ],
)
def test_each_way_of_being_closed_has_its_own_sentence(
    client: FlaskClient, session: Session, values: dict[str, Any], said: str
) -> None:
    event = make_event(session, **ahead(30), **values)

    assert said in text_of(client.get(f"/evenements/{event.slug}").text)


def test_unknown_draft_and_private_events_are_not_found(
    client: FlaskClient, session: Session
) -> None:
    draft = make_event(session, state=EventState.DRAFT)
    kind = make_kind(session, "rendez-vous", family=KindFamily.ONE_TO_ONE)
    private = make_event(session, kind_code=kind.code)

    addresses = [draft.slug, private.slug, "inconnu"]

    assert [client.get(f"/evenements/{slug}").status_code for slug in addresses] == [404] * 3
    assert [client.get(f"/evenements/{slug}.ics").status_code for slug in addresses] == [404] * 3


def test_a_draft_is_shown_to_those_who_may_edit_it_and_to_nobody_else(
    app: Flask, session: Session
) -> None:
    draft = make_event(session, state=EventState.DRAFT, **ahead(30))
    here = make_account(session, AccountRole.ORGANISER, ("45",))
    elsewhere = make_account(session, AccountRole.ORGANISER, ("37",))
    staff = make_account(session, AccountRole.STAFF)

    def answer(account: Account) -> tuple[int, bool, bool]:
        response = signed_in(app, session, account).get(f"/evenements/{draft.slug}")
        return response.status_code, "Brouillon." in response.text, "noindex" in response.text

    assert answer(here) == (200, True, True)
    assert [answer(account)[0] for account in (elsewhere, staff)] == [404, 404]


def test_a_past_event_leads_to_its_published_compte_rendu_only(
    client: FlaskClient, session: Session
) -> None:
    event = make_event(session, **ahead(-30))
    minutes = Minutes(event_id=event.id, created_at=now(), updated_at=now())
    session.add(minutes)
    session.commit()
    link = f'href="/comptes-rendus/{event.slug}"'

    assert link not in client.get(f"/evenements/{event.slug}").text
    minutes.state = MinutesState.PUBLISHED
    session.commit()
    assert link in client.get(f"/evenements/{event.slug}").text
    assert "Compte-rendu publié" in client.get("/").text


def test_the_calendar_file_is_one_to_add(client: FlaskClient, session: Session) -> None:
    event = make_event(session, slug="rencontre", **ahead(30))

    response = client.get("/evenements/rencontre.ics")

    assert response.mimetype == "text/calendar"
    assert response.headers["Content-Disposition"] == 'attachment; filename="rencontre.ics"'
    lines = response.text.split("\r\n")
    assert "METHOD:PUBLISH" in lines
    assert f"UID:evenement-{event.id}@127.0.0.1" in lines
    assert not [line for line in lines if line.startswith("ATTENDEE")]


def test_the_address_of_an_event_ends_where_its_slug_does(
    client: FlaskClient, session: Session
) -> None:
    make_event(session, slug="a.b", **ahead(30))

    assert client.get("/evenements/a.b").status_code == 200
    assert client.get("/evenements/a.b/").status_code == 404
