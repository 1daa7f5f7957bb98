"""Events as organisers make and edit them in their nadege."""

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventhub.domain.event import EventState
from eventhub.domain.rights import AccountRole
from eventhub.extensions import db
from eventhub.models.account import Account
from eventhub.models.event import Event
from eventhub.models.mail import OutgoingMail
from eventhub.web.clock import now as clock
from tests.blueprints.sign_in import signed_in
from tests.factories import make_account, make_departement, make_event, make_kind, make_registration
from tests.query_count import counted_statements

TYPED: dict[str, Any] = {
    "kind_code": "journee",
    "title": "Rencontre d’avril",
    "starts_on": "2027-04-08",
    "starts_at": "09:15",
    "ends_at": "17:00",
    "precision": "day",
    "departement_codes": ["37"],
    "mode": "onsite",
    "place": "Blois",
    "registration_enabled": "y",
    "waiting_list": "y",
    "capacity_onsite": "40",
    "contact_email": "nadege@example.org",
    "hub_role": "organiser",
    "organisers": "Hub-Lo",
}

_SELECT = re.compile(r'<select[^>]+name="(\w+)"[^>]*>(.*?)</select>', re.DOTALL)
_TEXTAREA = re.compile(r'<textarea[^>]+name="(\w+)"[^>]*>\r?\n?(.*?)</textarea>', re.DOTALL)


@pytest.fixture
def organiser(session: Session) -> Account:
    make_kind(session)
    make_departement(session, "41", "Loir-et-Cher")
    return make_account(session, AccountRole.ORGANISER, ("37",), display_name="Nadège Lemoine")


@pytest.fixture
def nadege(app: Flask, session: Session, organiser: Account) -> FlaskClient:
    return signed_in(app, session, organiser)


def events(session: Session) -> list[Event]:
    session.expire_all()
    return list(session.scalars(select(Event).order_by(Event.id)))


def form_values(page: str) -> dict[str, Any]:
    """What a browser would send back of a page's only form, unchanged."""
    body = page[page.index('<form class="form"') :]
    values: dict[str, Any] = {}
    for tag in re.findall(r"<input [^>]+>", body):
        found = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        checked = re.search(r"\bchecked\b", tag)
        if found.get("type") in {"checkbox", "radio"} and not checked:
            continue
        if found.get("name") in {"departement_codes", "reminder_hours"}:
            values.setdefault(found["name"], []).append(found["value"])
        elif "name" in found:
            values[found["name"]] = found.get("value", "")
    for name, options in re.findall(_SELECT, body):
        chosen = re.search(r'<option selected value="([^"]*)"', options)
        values[name] = chosen[1] if chosen else ""
    return values | dict(re.findall(_TEXTAREA, body))


def test_the_first_page_offers_to_make_the_first_event(nadege: FlaskClient) -> None:
    page = nadege.get("/organisation/")
    assert page.status_code == 200
    assert "Votre premier évènement" in page.text
    assert page.text.count("<h1") == 1


def test_an_event_is_made_in_one_page(nadege: FlaskClient, session: Session) -> None:
    blank = form_values(nadege.get("/organisation/evenements/nouveau?vierge=1").text)
    assert (blank["organisers"], blank["departement_codes"]) == ("Hub-Lo", ["37"])
    assert blank["contact_name"] == "Nadège Lemoine"
    done = nadege.post("/organisation/evenements/nouveau", data=blank | TYPED)
    assert (done.status_code, done.location) == (
        303,
        "/organisation/evenements/rencontre-d-avril-2027",
    )
    [made] = events(session)
    assert (made.state, made.title, made.capacity_onsite) == (
        EventState.DRAFT,
        "Rencontre d’avril",
        40,
    )
    overview = nadege.get(done.location)
    assert overview.status_code == 200
    assert "reste-t-il</span> à faire ?" in overview.text
    assert "Publier" in overview.text


def test_an_invalid_form_comes_back_with_what_was_typed_and_nothing_is_stored(
    nadege: FlaskClient, session: Session
) -> None:
    typed = TYPED | {"title": "", "ends_at": "08:00", "place": "Chez « nous » & ailleurs"}
    page = nadege.post("/organisation/evenements/nouveau", data=typed)
    assert page.status_code == 422
    assert '<a href="#title">Titre : remplissez ce champ.</a>' in page.text
    assert 'value="Chez « nous » &amp; ailleurs"' in page.text
    assert page.text.index("<title>Erreur : ") > 0
    page = nadege.post("/organisation/evenements/nouveau", data=TYPED | {"ends_at": "08:00"})
    assert page.status_code == 422
    assert 'href="#ends_at"' in page.text
    assert events(session) == []


def test_an_event_elsewhere_is_refused_at_its_field(nadege: FlaskClient, session: Session) -> None:
    typed = TYPED | {"departement_codes": ["41"]}
    page = nadege.post("/organisation/evenements/nouveau", data=typed)
    assert page.status_code == 422
    assert "Choisissez au moins un département de votre territoire." in page.text
    assert events(session) == []


def test_what_is_shown_and_sent_back_changes_nothing(nadege: FlaskClient, session: Session) -> None:
    for precision, more in (
        ("day", {}),
        ("day", {"ends_on": "2027-04-09"}),
        ("alternatives", {"other_date_1": "2027-04-15"}),
        ("month", {}),
        ("season", {}),
        ("year", {}),
        ("range", {"ends_on": "2027-06-01"}),
    ):
        nadege.post(
            "/organisation/evenements/nouveau",
            data=TYPED | {"precision": precision, "co_organisers": "A\nB"} | more,
        )
    made = events(session)
    assert len(made) == 7
    for event in made:
        address = f"/organisation/evenements/{event.slug}/reglages"
        before = event.updated_at
        shown = form_values(nadege.get(address).text)
        done = nadege.post(address, data=shown, follow_redirects=True)
        assert done.status_code == 200
        assert "Rien n’a changé." in done.text
        session.expire_all()
        assert event.updated_at == before


def test_a_change_is_kept(nadege: FlaskClient, session: Session, organiser: Account) -> None:
    event = make_event(session, departements=organiser.departements)
    address = f"/organisation/evenements/{event.slug}/reglages"
    shown = form_values(nadege.get(address).text)
    done = nadege.post(address, data=shown | {"title": "Nouveau titre", "capacity_onsite": ""})
    assert done.status_code == 303
    session.expire_all()
    assert (event.title, event.capacity_onsite) == ("Nouveau titre", None)


def test_publishing_asks_first_and_says_what_is_missing(
    nadege: FlaskClient, session: Session, organiser: Account
) -> None:
    event = make_event(
        session, departements=organiser.departements, state=EventState.DRAFT, contact_email=""
    )
    address = f"/organisation/evenements/{event.slug}/publier"
    page = nadege.get(address)
    assert "Il manque 1" in page.text
    assert "<button" not in page.text[page.text.index("<main") : page.text.index("</main>")]
    assert nadege.post(address).status_code == 422
    event.contact_email = "nadege@example.org"
    session.commit()
    assert nadege.get(address).status_code == 200
    assert nadege.post(address).status_code == 303
    session.expire_all()
    assert event.state is EventState.PUBLISHED
    assert nadege.get(address).status_code == 409


def test_cancelling_says_how_many_are_written_to_and_does_so(
    nadege: FlaskClient, session: Session, organiser: Account
) -> None:
    event = make_event(session, departements=organiser.departements)
    make_registration(session, event)
    make_registration(session, event)
    address = f"/organisation/evenements/{event.slug}/annuler"
    assert "2\u00a0personnes seront prévenues" in nadege.get(address).text
    assert nadege.post(address, data={"reason": " "}).status_code == 422
    done = nadege.post(address, data={"reason": "La salle est inondée."}, follow_redirects=True)
    assert "2\u00a0courriels partent" in done.text
    assert "La salle est inondée." in done.text
    assert len(session.scalars(select(OutgoingMail)).all()) == 2
    assert nadege.post(address, data={"reason": "Encore."}).status_code == 409


def test_postponing_keeps_registrations(
    nadege: FlaskClient, session: Session, organiser: Account
) -> None:
    event = make_event(session, departements=organiser.departements)
    address = f"/organisation/evenements/{event.slug}/reporter"
    assert nadege.get(address).status_code == 200
    assert nadege.post(address, data={"reason": "Neige."}).status_code == 303
    session.expire_all()
    assert event.state is EventState.POSTPONED
    assert "date à venir" in nadege.get(f"/organisation/evenements/{event.slug}").text.lower()
    assert nadege.get(f"/organisation/evenements/{event.slug}/publier").status_code == 200


def test_closing_before_the_end_is_said_on_purpose(
    nadege: FlaskClient, session: Session, organiser: Account
) -> None:
    later = clock().date() + timedelta(days=400)
    event = make_event(session, departements=organiser.departements, starts_on=later)
    address = f"/organisation/evenements/{event.slug}/clore"
    assert "n’est pas fini" in nadege.get(address).text
    assert nadege.post(address).status_code == 422
    assert nadege.post(address, data={"early": "y"}).status_code == 303
    session.expire_all()
    assert event.state is EventState.CLOSED
    assert (
        "ne se modifie plus" in nadege.get(f"/organisation/evenements/{event.slug}/reglages").text
    )


def test_a_programme_is_written_without_script(
    nadege: FlaskClient, session: Session, organiser: Account
) -> None:
    event = make_event(session, departements=organiser.departements)
    address = f"/organisation/evenements/{event.slug}/programme"
    assert "Le programme est vide" in nadege.get(address).text
    typed = form_values(nadege.get(f"{address}/nouveau").text)
    assert (typed["on"], typed["starts_at"]) == ("2027-04-08", "09:00")
    typed |= {"title": "Dessiner la carte", "ends_at": "10:00", "hosts": "La Brouette"}
    assert nadege.post(f"{address}/nouveau", data=typed).status_code == 303
    session.expire_all()
    [activity] = event.activities
    assert "Dessiner la carte" in nadege.get(address).text
    assert form_values(nadege.get(f"{address}/nouveau").text)["starts_at"] == "10:00"
    one = f"{address}/{activity.id}"
    shown = form_values(nadege.get(one).text)
    assert nadege.post(one, data=shown | {"ends_at": "08:00"}).status_code == 422
    assert nadege.post(one, data=shown | {"title": "Autre"}).status_code == 303
    assert "Supprimer « Autre »" in nadege.get(f"{one}/supprimer").text
    assert nadege.post(f"{one}/supprimer").status_code == 303
    session.expire_all()
    assert event.activities == []
    assert nadege.get(one).status_code == 404


def test_an_activity_of_another_event_is_not_found(
    nadege: FlaskClient, session: Session, organiser: Account
) -> None:
    event = make_event(session, departements=organiser.departements)
    other = make_event(session, departements=organiser.departements)
    address = f"/organisation/evenements/{event.slug}/programme/nouveau"
    typed = form_values(nadege.get(address).text) | {"title": "Atelier"}
    nadege.post(address, data=typed)
    session.expire_all()
    number = event.activities[0].id
    assert (
        nadege.get(f"/organisation/evenements/{other.slug}/programme/{number}").status_code == 404
    )


def test_an_event_is_shared_with_another_territory(
    nadege: FlaskClient, app: Flask, session: Session, organiser: Account
) -> None:
    event = make_event(session, departements=organiser.departements)
    elsewhere = make_account(session, AccountRole.ORGANISER, ("41",), display_name="Sofiane")
    address = f"/organisation/evenements/{event.slug}"
    guest = signed_in(app, session, elsewhere)
    assert guest.get(address).status_code == 403
    assert "Sofiane" in nadege.get(f"{address}/partage").text
    assert nadege.post(f"{address}/partage", data={"accounts": [elsewhere.id]}).status_code == 303
    assert guest.get(address).status_code == 200
    assert event.title in guest.get("/organisation/").text
    assert nadege.post(f"{address}/partage", data={}).status_code == 303
    assert guest.get(address).status_code == 403


def test_staff_without_names_are_led_to_the_figures(app: Flask, session: Session) -> None:
    event = make_event(session)
    make_registration(session, event)
    staff = signed_in(app, session, make_account(session, AccountRole.STAFF_FIGURES))
    listed = staff.get("/organisation/")
    assert f"/organisation/evenements/{event.slug}/chiffres" in listed.text
    assert "Nouvel évènement" not in listed.text
    assert staff.get(f"/organisation/evenements/{event.slug}").location == (
        f"/organisation/evenements/{event.slug}/chiffres"
    )


@pytest.mark.parametrize("number", [1, 3])
def test_the_overview_costs_the_same_whatever_the_number(
    nadege: FlaskClient, session: Session, organiser: Account, number: int
) -> None:
    event = make_event(session, departements=organiser.departements)
    for _ in range(number):
        make_registration(session, event)
    session.expire_all()
    with counted_statements(db.engine) as statements:
        assert nadege.get(f"/organisation/evenements/{event.slug}").status_code == 200
    assert len(statements) == 15


def test_the_past_can_be_paged(nadege: FlaskClient, session: Session, organiser: Account) -> None:
    for number in range(21):
        make_event(
            session,
            departements=organiser.departements,
            starts_on=date(2025, 1, 1) + timedelta(days=number),
        )
    first = nadege.get("/organisation/")
    assert "Page 1 sur 2" in first.text
    assert "Page 2 sur 2" in nadege.get("/organisation/?page=2").text
    assert nadege.get("/organisation/?page=x&q=%00").status_code == 200


def test_what_comes_has_pages_that_keep_the_words_and_the_other_lists(
    nadege: FlaskClient, session: Session, organiser: Account
) -> None:
    for state in (EventState.PUBLISHED, EventState.DRAFT):
        for number in range(11):
            make_event(
                session, title=f"Café {number}", state=state, departements=organiser.departements
            )
    page = nadege.get("/organisation/?q=café&brouillons=2").text
    assert 'href="/organisation/?q=caf%C3%A9&amp;brouillons=2&amp;a-venir=2#upcoming"' in page
    assert 'href="/organisation/?q=caf%C3%A9#drafts"' in page
    assert 'aria-label="Pages des brouillons"' in page
    for asked in ("0", "-1", "x", "99999999999999999999"):
        assert nadege.get(f"/organisation/?a-venir={asked}&brouillons={asked}").status_code == 200


def test_the_moment_of_the_form_is_that_of_the_event(nadege: FlaskClient, session: Session) -> None:
    typed = TYPED | {"registration_closes_at": "2027-04-01T12:00"}
    nadege.post("/organisation/evenements/nouveau", data=typed)
    [made] = events(session)
    assert made.registration_closes_at == datetime.fromisoformat("2027-04-01T12:00+02:00")
