"""What is asked under an address that an event had."""

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from eventhub.domain.event import EventState
from eventhub.domain.rights import AccountRole, TokenScope
from eventhub.extensions import db
from eventhub.models.event import Event
from eventhub.services.event_addresses import RESERVED, change_slug
from eventhub.services.tokens import create_token
from tests.blueprints.sign_in import signed_in
from tests.factories import make_account, make_event
from tests.query_count import counted_statements


@pytest.fixture
def event(session: Session, now: datetime) -> Event:
    event = make_event(session, slug="premiere")
    account = make_account(session)
    for slug in ("deuxieme", "troisieme"):
        change_slug(session, event, slug, now, account=account)
    session.commit()
    return event


@pytest.mark.parametrize("former", ["premiere", "deuxieme"])
@pytest.mark.parametrize("ending", ["", ".ics", "/inscription"])
def test_public_pages_lead_on(client: FlaskClient, event: Event, former: str, ending: str) -> None:
    answer = client.get(f"/evenements/{former}{ending}?q=%C3%A9t%C3%A9&page=2")
    assert (answer.status_code, answer.location) == (
        308,
        f"/evenements/troisieme{ending}?q=%C3%A9t%C3%A9&page=2",
    )
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.get(answer.location).status_code == 200


def test_what_was_sent_is_kept(client: FlaskClient, event: Event) -> None:
    answer = client.post("/evenements/premiere/inscription", data={"given_name": "Zoé"})
    assert (answer.status_code, answer.location) == (308, "/evenements/troisieme/inscription")


def test_organisers_pages_lead_on(app: Flask, session: Session, event: Event) -> None:
    client = signed_in(app, session, make_account(session, AccountRole.ORGANISER, ("45",)))
    for path in ("", "/reglages", "/programme", "/inscriptions", "/accueil", "/chiffres"):
        answer = client.get(f"/organisation/evenements/premiere{path}")
        assert (answer.status_code, answer.location) == (
            308,
            f"/organisation/evenements/troisieme{path}",
        )
    sent = client.post("/organisation/evenements/premiere/annuler", data={"reason": "Neige."})
    assert (sent.status_code, sent.location) == (
        308,
        "/organisation/evenements/troisieme/annuler",
    )
    signed_out = app.test_client().get("/organisation/evenements/premiere")
    assert signed_out.status_code == 303


def test_programs_are_led_on(
    app: Flask, client: FlaskClient, session: Session, event: Event, now: datetime
) -> None:
    token = create_token(session, "Site", [TokenScope.EVENTS_READ], now)
    session.commit()
    headers = {"Authorization": f"Bearer {token}"}
    answer = client.get("/api/v1/events/premiere", headers=headers)
    assert (answer.status_code, answer.location) == (308, "/api/v1/events/troisieme")
    assert client.get("/api/v1/events/premiere").status_code == 401


def test_a_draft_reveals_nothing_to_strangers(
    app: Flask, client: FlaskClient, session: Session, event: Event
) -> None:
    event.state = EventState.DRAFT
    session.commit()
    assert client.get("/evenements/premiere").status_code == 404
    elsewhere = signed_in(app, session, make_account(session, AccountRole.ORGANISER, ("28",)))
    assert elsewhere.get("/organisation/evenements/premiere").status_code == 404
    here = signed_in(app, session, make_account(session, AccountRole.ORGANISER, ("45",)))
    assert here.get("/organisation/evenements/premiere").status_code == 308


@pytest.mark.parametrize("slug", ["jamais", "%00", "PREMIERE", "a" * 3000, "%F0%9F%98%80"])
def test_what_no_event_had_is_not_found(client: FlaskClient, event: Event, slug: str) -> None:
    assert client.get(f"/evenements/{slug}").status_code == 404


def test_an_address_of_today_costs_nothing_more(
    client: FlaskClient, session: Session, event: Event
) -> None:
    client.get("/evenements/troisieme")
    with counted_statements(db.engine) as statements:
        client.get("/evenements/troisieme")
    assert [one for one in statements if "former_slugs" in one] == []


def test_no_address_of_the_site_can_be_that_of_an_event(app: Flask) -> None:
    siblings = set()
    for rule in app.url_map.iter_rules():
        for stem in ("/evenements/", "/organisation/evenements/", "/api/v1/events/"):
            if rule.rule.startswith(stem):
                siblings.add(rule.rule.removeprefix(stem).partition("/")[0])
    assert {word for word in siblings if "<" not in word} <= RESERVED
