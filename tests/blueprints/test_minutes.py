import re
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from eventhub.domain.event import KindFamily
from eventhub.domain.figures import Qualifier
from eventhub.domain.minutes import MinutesState
from eventhub.domain.rights import AccountRole
from eventhub.extensions import db
from eventhub.models.account import Account
from eventhub.models.event import Event
from eventhub.models.minutes import Minutes
from eventhub.services.figures import add_headcount
from eventhub.services.minutes import (
    publish_minutes,
    save_minutes,
    start_minutes,
    withdraw_minutes,
)
from tests.blueprints.page_text import text_of
from tests.blueprints.sign_in import signed_in
from tests.factories import make_account, make_departement, make_event, make_kind
from tests.query_count import counted_statements

AT = datetime(2024, 12, 20, 9, 0, tzinfo=UTC)

BODY = """# Six équipes, trois jeux

Le matin, personne ne se connaissait.

## Ce qui a été fabriqué

<script>alert(1)</script>

## La suite

Un [lien](https://example.org).
"""


@pytest.fixture
def account(session: Session) -> Account:
    return make_account(session)


def make_past_event(session: Session, **values: object) -> Event:
    return make_event(session, **({"starts_on": date(2024, 12, 13)} | values))


def published(
    session: Session, account: Account, body: str = BODY, **values: object
) -> tuple[Event, Minutes]:
    event = make_past_event(session, **values)
    minutes = start_minutes(session, event, body, AT, account=account)
    publish_minutes(session, event, minutes, 1, AT, account=account)
    session.commit()
    return event, minutes


def test_a_list_without_anything_says_what_will_be_there(client: FlaskClient) -> None:
    text = text_of(client.get("/comptes-rendus").text)
    assert "Aucun compte-rendu pour le moment" in text
    assert "Voir l’agenda" in text


def test_what_is_published_is_listed_under_its_year(
    client: FlaskClient, session: Session, account: Account
) -> None:
    event, _ = published(session, account, title="Le hackathon")
    page = client.get("/comptes-rendus").text
    assert f'href="/comptes-rendus/{event.slug}"' in page
    assert text_of(page).endswith(
        "Six équipes, trois jeux Le hackathon. Le matin, personne ne se connaissait. Loiret"
    )


def test_a_draft_a_withdrawn_text_and_an_unknown_one_are_not_found(
    client: FlaskClient, session: Session, account: Account
) -> None:
    draft = make_past_event(session)
    start_minutes(session, draft, "Brouillon", AT, account=account)
    withdrawn, minutes = published(session, account)
    withdraw_minutes(session, withdrawn, minutes, "Erreur", AT, account=account)
    without = make_past_event(session)
    session.commit()
    for slug in (draft.slug, withdrawn.slug, without.slug, "rien-de-tel"):
        assert client.get(f"/comptes-rendus/{slug}").status_code == 404
    assert "Aucun compte-rendu" in client.get("/comptes-rendus").text


def test_a_rendez_vous_is_not_found_even_if_its_row_says_published(
    client: FlaskClient, session: Session
) -> None:
    kind = make_kind(session, "rendez-vous", family=KindFamily.ONE_TO_ONE)
    event = make_past_event(session, kind_code=kind.code)
    session.add(
        Minutes(
            event_id=event.id,
            state=MinutesState.PUBLISHED,
            body="x",
            created_at=AT,
            updated_at=AT,
        )
    )
    session.commit()
    assert client.get(f"/comptes-rendus/{event.slug}").status_code == 404


def test_a_draft_is_read_by_those_who_may_write_it_and_by_no_one_else(
    app: Flask, session: Session, account: Account
) -> None:
    event = make_past_event(session)
    start_minutes(session, event, "# Un titre\n\nUn brouillon.", AT, account=account)
    session.commit()
    here = make_account(session, AccountRole.ORGANISER, ("45",))
    elsewhere = make_account(session, AccountRole.ORGANISER, ("18",))
    staff = make_account(session, AccountRole.STAFF)
    page = signed_in(app, session, here).get(f"/comptes-rendus/{event.slug}")
    assert page.status_code == 200
    assert "Brouillon. Cette page n’est visible que par" in text_of(page.text)
    assert '<meta name="robots" content="noindex">' in page.text
    for other in (elsewhere, staff):
        client = signed_in(app, session, other)
        assert client.get(f"/comptes-rendus/{event.slug}").status_code == 404


def test_a_published_text_is_read_by_everyone(
    client: FlaskClient, session: Session, account: Account
) -> None:
    event, _ = published(session, account, title="Le hackathon", place="Issoudun")
    page = client.get(f"/comptes-rendus/{event.slug}").text
    assert re.findall(r"<h([1-6])[^>]*>([^<]*)</h", page)[:3] == [
        ("1", "Six équipes, trois jeux"),
        ("2", "Ce qui a été fabriqué"),
        ("2", "La suite"),
    ]
    assert "<script>alert" not in page
    assert '<a href="https://example.org" rel="noopener nofollow">lien</a>' in page
    assert '<a href="#partie-la-suite">La suite</a>' in page
    text = text_of(page)
    assert "Vendredi 13 décembre 2024 Où Issoudun Département Loiret" in text
    assert "Publié le 20 décembre 2024." in text


def test_the_margin_holds_the_frozen_figures_with_their_definitions(
    client: FlaskClient, session: Session, account: Account
) -> None:
    event = make_past_event(session)
    add_headcount(
        session, event, "participants", 95, AT, qualifier=Qualifier.MORE_THAN, source="Bilan"
    )
    minutes = start_minutes(session, event, BODY, AT, account=account)
    publish_minutes(session, event, minutes, 1, AT, account=account)
    add_headcount(session, event, "participants", 120, AT, source="Recompté")
    session.commit()
    text = text_of(client.get(f"/comptes-rendus/{event.slug}").text)
    assert (
        "participants plus de 95 Personnes différentes présentes au moins une fois, hors "
        "organisation et animation. Une personne compte une fois. "
        "Effectif déclaré par l’organisation." in text
    )
    assert "Chiffres arrêtés le 20 décembre 2024." in text
    assert "120" not in text


def test_a_correction_is_told_at_the_foot_of_the_page(
    client: FlaskClient, session: Session, account: Account
) -> None:
    event, minutes = published(session, account)
    later = datetime(2025, 1, 6, 9, 0, tzinfo=UTC)
    save_minutes(session, minutes, "Corrigé.", minutes.version, later, account=account)
    session.commit()
    assert "Corrigé." not in client.get(f"/comptes-rendus/{event.slug}").text
    publish_minutes(
        session, event, minutes, minutes.version, later, account=account, note="un nom corrigé"
    )
    session.commit()
    text = text_of(client.get(f"/comptes-rendus/{event.slug}").text)
    assert "Corrigé." in text
    assert "Publié le 20 décembre 2024. Révision 2, le 6 janvier 2025 : un nom corrigé." in text


def test_a_text_without_a_title_takes_that_of_its_event(
    client: FlaskClient, session: Session, account: Account
) -> None:
    event, _ = published(session, account, "Une demi-journée.", title="Renforcer l’inclusion")
    page = client.get(f"/comptes-rendus/{event.slug}").text
    assert re.findall(r"<h1[^>]*>([^<]*)</h1>", page) == ["Renforcer l’inclusion"]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_whatever_its_length(
    client: FlaskClient, session: Session, account: Account, rows: int
) -> None:
    make_departement(session, "18", "Cher")
    for _ in range(rows):
        published(session, account)
    client.get("/comptes-rendus")
    session.expire_all()
    with counted_statements(db.engine) as statements:
        assert client.get("/comptes-rendus").status_code == 200
    assert len(statements) == 5


def test_a_page_costs_a_handful_of_statements(
    client: FlaskClient, session: Session, account: Account
) -> None:
    event, _ = published(session, account)
    page = f"/comptes-rendus/{event.slug}"
    session.expire_all()
    with counted_statements(db.engine) as statements:
        assert client.get(page).status_code == 200
    assert len(statements) == 5


def test_the_list_goes_on_over_pages(
    client: FlaskClient, session: Session, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eventhub.blueprints.minutes.PER_PAGE", 1)
    first, _ = published(session, account, starts_on=date(2024, 11, 1))
    second, _ = published(session, account, starts_on=date(2024, 12, 1))
    page = client.get("/comptes-rendus").text
    assert second.slug in page
    assert first.slug not in page
    assert "Page 1 sur 2" in text_of(page)
    for number in ("2", "99"):
        assert first.slug in client.get(f"/comptes-rendus?page={number}").text
    assert second.slug in client.get("/comptes-rendus?page=x").text
