"""Kinds and categories, as administrators edit them."""

import html
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventhub.domain.event import CountingUnit, KindFamily
from eventhub.domain.rights import AccountRole
from eventhub.extensions import db
from eventhub.models.account import Account
from eventhub.models.event import EventKind
from eventhub.models.person import Category
from tests.blueprints.sign_in import signed_in
from tests.blueprints.test_manage_events import form_values
from tests.factories import make_account, make_category, make_event, make_kind, make_registration
from tests.query_count import counted_statements

TYPES, CATEGORIES = "/organisation/types", "/organisation/categories"
NEW: dict[str, Any] = {
    "label": "Atelier de quartier",
    "family": "event",
    "counted_by": "day",
    "usual_start": "14:00",
    "duration_hours": "2",
    "duration_rest": "30",
    "mode": "onsite",
    "capacity_onsite": "15",
    "waiting_list": "y",
    "promotion_delay_hours": "12",
    "opens_before_days": "30",
    "closes_before_hours": "24",
    "reminder_hours": ["168", "24"],
    "entrance_unit": "day",
}


@pytest.fixture
def solene(app: Flask, session: Session) -> FlaskClient:
    make_kind(session)
    return signed_in(app, session, make_account(session, display_name="Solène Picquendaire"))


def kind_of(session: Session, code: str) -> EventKind:
    session.expire_all()
    return session.get_one(EventKind, code)


def shown(client: FlaskClient, address: str) -> dict[str, Any]:
    page = client.get(address)
    assert page.status_code == 200
    values = form_values(page.text)
    return {
        name: html.unescape(value) if isinstance(value, str) else value
        for name, value in values.items()
        if name != "sheet"
    } | {"reminder_hours": ["168", "24"]}


def test_a_kind_is_added_with_its_template_and_its_programme(
    solene: FlaskClient, session: Session
) -> None:
    done = solene.post(f"{TYPES}/nouveau", data=NEW)
    assert (done.status_code, done.location) == (303, f"{TYPES}/atelier-de-quartier")
    made = kind_of(session, "atelier-de-quartier")
    assert (made.duration_minutes, made.capacity_onsite, made.family) == (150, 15, KindFamily.EVENT)
    blank = shown(solene, f"{TYPES}/atelier-de-quartier/programme/nouveau")
    part = blank | {"title": "Accueil", "starts_at": "13:45", "ends_at": "14:15", "format": "other"}
    added = solene.post(f"{TYPES}/atelier-de-quartier/programme/nouveau", data=part)
    assert added.status_code == 303
    made = kind_of(session, "atelier-de-quartier")
    [first] = made.activities
    assert (first.starts_after_minutes, first.duration_minutes, first.day) == (-15, 30, 0)
    page = solene.get(f"{TYPES}/atelier-de-quartier").text
    assert "13\u00a0h\u00a045 – 14\u00a0h\u00a015" in page
    assert "Accueil" in page
    address = f"{TYPES}/atelier-de-quartier/programme/{first.id}"
    values = shown(solene, address)
    assert (values["starts_at"], values["ends_at"], values["day"]) == ("13:45", "14:15", "1")
    assert solene.post(address, data=values | {"title": "Café"}).status_code == 303
    assert solene.get(f"{address}/supprimer").status_code == 200
    assert solene.post(f"{address}/supprimer").status_code == 303
    assert kind_of(session, "atelier-de-quartier").activities == []
    assert solene.get(address).status_code == 404


def test_pressed_twice_a_kind_and_a_category_are_made_once(
    solene: FlaskClient, session: Session
) -> None:
    for address, values, model in (
        (f"{TYPES}/nouveau", NEW, EventKind),
        (f"{CATEGORIES}/nouvelle", {"label": "Bibliothécaire", "lacoop": "others"}, Category),
    ):
        before = len(session.scalars(select(model.code)).all())
        sheet = form_values(solene.get(address).text)["sheet"]
        places = {solene.post(address, data=values | {"sheet": sheet}).location for _ in range(2)}
        assert len(places) == 1
        assert len(session.scalars(select(model.code)).all()) == before + 1


def test_unchanged_a_kind_stays_as_it_is(solene: FlaskClient, session: Session) -> None:
    solene.post(f"{TYPES}/nouveau", data=NEW)
    address = f"{TYPES}/atelier-de-quartier"
    values = shown(solene, address)
    assert (values["duration_hours"], values["duration_rest"]) == ("2", "30")
    assert solene.post(address, data=values).status_code == 303
    assert kind_of(session, "atelier-de-quartier").version == 1


def test_who_writes_second_sees_what_changed_and_loses_nothing(
    solene: FlaskClient, session: Session
) -> None:
    solene.post(f"{TYPES}/nouveau", data=NEW)
    address = f"{TYPES}/atelier-de-quartier"
    early = shown(solene, address)
    solene.post(address, data=early | {"audience": "Familles"})
    late = solene.post(address, data=early | {"label": "Atelier du soir"})
    assert late.status_code == 409
    assert "Quelqu’un a modifié ce type pendant que vous écriviez" in late.text
    assert "Solène Picquendaire" in late.text
    assert "<strong>Pour qui</strong>\u00a0: Familles" in late.text
    assert 'value="Atelier du soir"' in late.text
    again = form_values(late.text) | {"reminder_hours": ["168", "24"]}
    assert solene.post(address, data=again).status_code == 303
    assert kind_of(session, "atelier-de-quartier").label == "Atelier du soir"


def test_changing_how_it_counts_asks_and_says_what_changes(
    solene: FlaskClient, session: Session
) -> None:
    make_event(session)
    values = shown(solene, f"{TYPES}/journee") | {"family": "training"}
    asked = solene.post(f"{TYPES}/journee", data=values)
    assert asked.status_code == 422
    assert "Les chiffres déjà arrêtés à la clôture ne bougent pas" in asked.text
    assert kind_of(session, "journee").family is KindFamily.EVENT
    assert solene.post(f"{TYPES}/journee", data=values | {"sure": "y"}).status_code == 303
    assert kind_of(session, "journee").family is KindFamily.TRAINING
    # No presence yet: the unit changes no figure, and is not asked about.
    values = shown(solene, f"{TYPES}/journee") | {"counted_by": "activity"}
    assert solene.post(f"{TYPES}/journee", data=values).status_code == 303
    assert kind_of(session, "journee").counted_by is CountingUnit.ACTIVITY


def test_a_kind_in_use_is_retired_one_that_never_served_may_go(
    solene: FlaskClient, session: Session
) -> None:
    event = make_event(session, slug="garde")
    solene.post(f"{TYPES}/nouveau", data=NEW)
    page = solene.get(f"{TYPES}/journee/retirer").text
    assert "ne peut pas être supprimé" in page
    assert "Supprimer pour de bon" not in page
    assert solene.post(f"{TYPES}/journee/supprimer").status_code == 409
    assert solene.post(f"{TYPES}/journee/retirer").status_code == 303
    assert "?type=journee" not in solene.get("/organisation/evenements/nouveau").text
    # Its events keep it, and can be edited.
    assert solene.get("/evenements/garde").status_code == 200
    settings = solene.get(f"/organisation/evenements/{event.slug}/reglages").text
    assert '<option selected value="journee">' in settings
    assert "Proposer à nouveau" in solene.get(TYPES).text
    assert solene.post(f"{TYPES}/journee/remettre").status_code == 303
    assert "Supprimer pour de bon" in solene.get(f"{TYPES}/atelier-de-quartier/retirer").text
    assert solene.post(f"{TYPES}/atelier-de-quartier/supprimer").status_code == 303
    assert solene.get(f"{TYPES}/atelier-de-quartier").status_code == 404


def test_kinds_and_categories_are_put_in_order(solene: FlaskClient, session: Session) -> None:
    solene.post(f"{TYPES}/nouveau", data=NEW)
    assert solene.post(f"{TYPES}/atelier-de-quartier/deplacer", data={"sens": "haut"}).location == (
        f"{TYPES}#type-atelier-de-quartier"
    )
    page = solene.get(TYPES).text
    assert page.index("Atelier de quartier") < page.index("Journée")
    for label in ("Bibliothécaire", "Parent"):
        solene.post(f"{CATEGORIES}/nouvelle", data={"label": label, "lacoop": "others"})
    solene.post(f"{CATEGORIES}/parent/deplacer", data={"sens": "haut"})
    page = solene.get(CATEGORIES).text
    assert page.index("Parent") < page.index("Bibliothécaire")


def test_a_category_is_changed_retired_and_kept_where_it_was_chosen(
    solene: FlaskClient, session: Session
) -> None:
    category = make_category(session)
    session.commit()
    solene.post(f"{CATEGORIES}/nouvelle", data={"label": "Parent", "lacoop": "others"})
    event = make_event(session, slug="ouvert")
    make_registration(session, event, category_code=category.code)
    address = f"{CATEGORIES}/mediateur"
    values = form_values(solene.get(address).text)
    assert solene.post(address, data=values | {"label": "Médiation"}).status_code == 303
    late = solene.post(address, data=values | {"label": "Autre"})
    assert late.status_code == 409
    assert "<strong>Nom</strong>\u00a0: Médiation" in late.text
    assert 'value="Autre"' in late.text
    assert solene.post(f"{address}/supprimer").status_code == 409
    assert solene.post(f"{address}/retirer").status_code == 303
    form = solene.get("/evenements/ouvert/inscription").text
    assert 'value="mediateur"' not in form
    assert 'value="parent"' in form
    assert "Médiation" in solene.get("/organisation/evenements/ouvert/inscriptions").text
    assert solene.post(f"{address}/remettre").status_code == 303
    assert 'value="mediateur"' in solene.get("/evenements/ouvert/inscription").text


@pytest.mark.parametrize(
    "typed",
    [
        {"label": "=cmd()<script>alert(1)</script>"},
        {"label": "x" * 5000},
        {"label": "\u202eelos 👩‍💻"},
        {"label": "\0\ufffe"},
        {"duration_days": "99999999999999999999"},
        {"capacity_onsite": "-1"},
        {"version": "x" * 300},
        {"version": "99999999999"},
        {"reminder_hours": ["1", "x"]},
        {"usual_start": "25:99"},
    ],
)
def test_hostile_input_is_answered(
    solene: FlaskClient, session: Session, typed: dict[str, Any]
) -> None:
    made = solene.post(f"{TYPES}/nouveau", data=NEW | typed)
    assert made.status_code in {303, 422}
    assert "<script>alert" not in solene.get(TYPES).text
    values = shown(solene, f"{TYPES}/journee") | typed
    assert solene.post(f"{TYPES}/journee", data=values).status_code in {303, 409, 422}
    part = {"title": typed.get("label", "Un"), "version": typed.get("version", "1"), "day": "999"}
    assert solene.post(f"{TYPES}/journee/programme/nouveau", data=part).status_code == 422
    category = {"label": typed.get("label", "Un"), "lacoop": "inconnu"}
    assert solene.post(f"{CATEGORIES}/nouvelle", data=category).status_code == 422


@pytest.mark.parametrize(
    "address",
    [
        f"{TYPES}/inconnu",
        f"{TYPES}/%00",
        f"{TYPES}/{'x' * 3000}",
        f"{TYPES}/journee/programme/2147483647",
        f"{TYPES}/journee/programme/99999999999999",
        f"{CATEGORIES}/inconnue",
        f"{CATEGORIES}/%00/retirer",
    ],
)
def test_what_is_not_there_is_not_found(solene: FlaskClient, address: str) -> None:
    assert solene.get(address).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("address", "expected"), [(TYPES, 4), (CATEGORIES, 4)])
def test_the_lists_ask_the_same_whatever_they_hold(
    solene: FlaskClient, session: Session, rows: int, address: str, expected: int
) -> None:
    for number in range(rows):
        kind = make_kind(session, f"type-{number}", label=f"Ligne {number}", active=number < 2)
        category = Category(code=f"categorie-{number}", label=f"Ligne {number}")
        session.add(category)
        event = make_event(session, kind_code=kind.code)
        make_registration(session, event, category_code=category.code)
    session.expire_all()
    with counted_statements(db.engine) as statements:
        assert solene.get(address).text.count("<strong>Ligne ") == rows
    assert len(statements) == expected


def test_an_organiser_edits_neither(app: Flask, session: Session) -> None:
    account: Account = make_account(session, AccountRole.ORGANISER)
    client = signed_in(app, session, account)
    assert client.get(TYPES).status_code == 403
    assert client.get(CATEGORIES).status_code == 403
    assert f'href="{TYPES}"' not in client.get("/organisation/").text
