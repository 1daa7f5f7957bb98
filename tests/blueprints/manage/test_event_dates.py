"""The dates of an event in the organisers' pages: moving, warnings, half-days, places, deletion."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventhub.domain.event import DatePrecision, DayHalf, EntranceUnit, EventState
from eventhub.domain.links import registration_token
from eventhub.domain.registration import RegistrationRequest
from eventhub.domain.rights import AccountRole
from eventhub.extensions import db
from eventhub.models.event import Event, EventAlternative
from eventhub.models.registration import Registration
from eventhub.services.registration import register
from tests.blueprints.page_text import text_of
from tests.blueprints.sign_in import signed_in
from tests.blueprints.test_manage_events import form_values
from tests.factories import MADE_AT, make_account, make_departement, make_event, make_registration
from tests.query_count import counted_statements


@pytest.fixture
def nadege(app: Flask, session: Session) -> FlaskClient:
    make_departement(session)
    account = make_account(session, AccountRole.ORGANISER, ("45",), display_name="Nadège Lemoine")
    return signed_in(app, session, account)


def at(event: Event, page: str = "") -> str:
    return f"/organisation/evenements/{event.slug}{page}"


def changed(client: FlaskClient, event: Event, **values: Any) -> str:
    """Send « Réglages » with those values; the page that follows, as text."""
    shown = form_values(client.get(at(event, "/reglages")).text)
    done = client.post(at(event, "/reglages"), data=shown | values, follow_redirects=True)
    assert done.status_code == 200
    return text_of(done.text) if "C’est enregistré" in text_of(done.text) else done.text


def test_a_move_says_what_follows_before_it_happens(nadege: FlaskClient, session: Session) -> None:
    event = make_event(
        session,
        published_at=MADE_AT,
        registration_closes_at=datetime(2027, 4, 7, 10, 0, tzinfo=UTC),
    )
    make_registration(session, event)
    other = make_event(session, starts_on=date(2027, 5, 6), title="Café IA")
    asked = nadege.get(at(event, "/deplacer"))
    assert asked.status_code == 200
    assert asked.text.count("<h1") == 1
    plan = nadege.get(at(event, "/deplacer?starts_on=2027-05-06&starts_at=09:00"))
    text = text_of(plan.text)
    for words in (
        "Aujourd’hui Jeudi 8 avril 2027, de 9 h à 17 h",
        "Ensuite Jeudi 6 mai 2027, de 9 h à 17 h",
        "Jour férié : jeudi 6 mai 2027, Ascension.",
        "Même jour, même territoire (Loiret) : jeudi 6 mai 2027, Café IA",
        "1 personne inscrite le reste. Aucun courriel ne part tout seul",
        "Fermeture des inscriptions : mercredi 5 mai 2027 à 12 h.",
        "les calendriers abonnés suivront",
    ):
        assert words in text
    assert f'href="/evenements/{other.slug}"' in plan.text
    session.expire_all()
    assert event.starts_on == date(2027, 4, 8)
    values = form_values(plan.text)
    done = nadege.post(at(event, "/deplacer"), data=values, follow_redirects=True)
    assert "C’est déplacé : jeudi 6 mai 2027, de 9 h à 17 h." in text_of(done.text)
    assert "D’abord annoncé le jeudi 8 avril 2027, à 9 h." in text_of(done.text)
    session.expire_all()
    assert (event.starts_on, event.registration_closes_at) == (
        date(2027, 5, 6),
        datetime(2027, 5, 5, 10, 0, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("starts_on=", "Donnez une date."),
        ("starts_on=hier", "Donnez une date : le jour, le mois et l’année."),
        ("starts_on=0001-01-01", "Donnez un jour à venir."),
        ("starts_on=9999-12-31", "Vérifiez l’année."),
        ("starts_on=2027-02-29", "Donnez une date : le jour, le mois et l’année."),
        ("starts_on=2027-03-28&starts_at=02:30", "les horloges la sautent"),
        ("starts_on=2027-05-06&starts_at=25:00", "Donnez une heure, par exemple 14:30."),
        ("starts_on=%00", "Donnez une date : le jour, le mois et l’année."),
    ],
)
def test_a_date_that_cannot_be_is_refused_at_its_field(
    nadege: FlaskClient, session: Session, typed: str, words: str
) -> None:
    event = make_event(session)
    page = nadege.get(at(event, f"/deplacer?{typed}"))
    assert page.status_code == 422
    assert words in text_of(page.text)
    sent = dict(pair.partition("=")[::2] for pair in typed.replace("%00", "\0").split("&"))
    refused = nadege.post(at(event, "/deplacer"), data=sent | {"version": "1"})
    assert refused.status_code == 422
    session.expire_all()
    assert event.starts_on == date(2027, 4, 8)


def test_a_move_decided_over_an_older_state_is_asked_again(
    nadege: FlaskClient, session: Session
) -> None:
    event = make_event(session)
    plan = nadege.get(at(event, "/deplacer?starts_on=2027-05-20"))
    values = form_values(plan.text)
    changed(nadege, event, title="Autre titre")
    again = nadege.post(at(event, "/deplacer"), data=values)
    assert again.status_code == 409
    assert "Quelqu’un a modifié l’évènement entre-temps." in text_of(again.text)
    done = nadege.post(at(event, "/deplacer"), data=form_values(again.text))
    assert done.status_code == 303


def test_a_postponed_event_is_given_its_date_in_one_step(
    nadege: FlaskClient, session: Session
) -> None:
    event = make_event(
        session, published_at=MADE_AT, state=EventState.POSTPONED, state_reason="Neige."
    )
    settings = text_of(nadege.get(at(event, "/reglages")).text)
    assert "Donner la nouvelle date" in settings
    plan = nadege.get(at(event, "/deplacer?starts_on=2027-06-03&starts_at=09:00"))
    done = nadege.post(at(event, "/deplacer"), data=form_values(plan.text), follow_redirects=True)
    assert "L’évènement est de nouveau publié : jeudi 3 juin 2027" in text_of(done.text)
    session.expire_all()
    assert (event.state, event.state_reason) == (EventState.PUBLISHED, "")


def test_one_of_two_possible_days_is_fixed(nadege: FlaskClient, session: Session) -> None:
    event = make_event(
        session,
        date_precision=DatePrecision.ALTERNATIVES,
        starts_on=date(2027, 9, 14),
        ends_on=date(2027, 9, 21),
        starts_at=None,
        ends_at=None,
        alternatives=[EventAlternative(on=date(2027, 9, day)) for day in (14, 21)],
    )
    page = text_of(nadege.get(at(event)).text)
    assert "14 ou 21 septembre 2027" in page
    plan = nadege.get(at(event, "/deplacer?starts_on=2027-09-21&starts_at="))
    nadege.post(at(event, "/deplacer"), data=form_values(plan.text))
    session.expire_all()
    assert (event.date_precision, event.starts_on) == (DatePrecision.DAY, date(2027, 9, 21))


def test_ten_possible_days_are_kept_and_shown(nadege: FlaskClient, session: Session) -> None:
    event = make_event(session, starts_at=None, ends_at=None)
    others = {f"other_date_{n}": f"2027-04-{8 + n:02d}" for n in range(1, 10)}
    changed(nadege, event, precision="alternatives", **others)
    session.expire_all()
    assert [one.on.day for one in event.alternatives] == list(range(8, 18))
    shown = form_values(nadege.get(at(event, "/reglages")).text)
    assert shown["other_date_9"] == "2027-04-17"


def test_half_days_are_written_and_said(nadege: FlaskClient, session: Session) -> None:
    event = make_event(session, starts_at=None, ends_at=None)
    text = changed(nadege, event, starts_half="morning", entrance_unit="half-day")
    assert "Jeudi 8 avril 2027, le matin" in text
    session.expire_all()
    assert (event.starts_half, event.ends_half, event.entrance_unit) == (
        DayHalf.MORNING,
        DayHalf.MORNING,
        EntranceUnit.HALF_DAY,
    )
    assert "Entrée, matin" in nadege.get(at(event, "/accueil")).text
    assert "Le matin" in nadege.get("/").text
    assert "Rien n’a changé." in changed(nadege, event)


def test_warnings_stand_on_the_pages_and_refuse_nothing(
    nadege: FlaskClient, session: Session
) -> None:
    event = make_event(session, state=EventState.DRAFT)
    make_event(session, title="Café IA")
    for page in ("", "/reglages", "/publier"):
        text = text_of(nadege.get(at(event, page)).text)
        assert "Même jour, même territoire (Loiret) : jeudi 8 avril 2027, Café IA" in text
    text = changed(nadege, event, starts_on="2027-05-01")
    assert "Jour férié : samedi 1er mai 2027, Fête du Travail." in text
    assert nadege.post(at(event, "/publier")).status_code == 303


@pytest.mark.parametrize("page", ["", "/reglages", "/deplacer?starts_on=2027-04-08"])
def test_warnings_cost_the_same_whatever_their_number(
    nadege: FlaskClient, session: Session, page: str
) -> None:
    event = make_event(session)
    costs = []
    for number in (1, 2):
        for _ in range(number):
            make_event(session)
        nadege.get(at(event, page))
        with counted_statements(db.engine) as statements:
            nadege.get(at(event, page))
        costs.append(len(statements))
    assert costs[0] == costs[1]


def test_places_under_what_is_taken_are_said_and_promote_nobody(
    nadege: FlaskClient, session: Session, now: datetime
) -> None:
    event = make_event(session, capacity_onsite=3)
    for number in range(4):
        someone = RegistrationRequest("Zoé", "Ngô", f"zoe{number}@example.org")
        register(session, event, someone, now)
    session.commit()
    session.expire_all()
    assert (event.taken_onsite, event.waiting_onsite) == (3, 1)
    text = changed(nadege, event, capacity_onsite="2")
    words = (
        "3 personnes ont une place pour 2 : personne n’est désinscrit. "
        "Les places libérées ne seront redonnées qu’en dessous de 2."
    )
    assert words in text
    assert words in text_of(nadege.get(at(event)).text)
    session.expire_all()
    assert (event.taken_onsite, event.waiting_onsite) == (3, 1)
    assert words not in changed(nadege, event, capacity_onsite="10")
    session.expire_all()
    assert (event.taken_onsite, event.waiting_onsite) == (3, 1)
    states = session.scalars(select(Registration.state).where(Registration.event_id == event.id))
    assert sorted(states) == ["confirmed", "confirmed", "confirmed", "waiting"]


def test_a_preparatory_meeting_names_its_event(nadege: FlaskClient, session: Session) -> None:
    nec = make_event(session, title="NEC 2027", starts_on=date(2027, 6, 3))
    meeting = make_event(session)
    page = nadege.get(at(meeting, "/reglages"))
    assert "NEC 2027, jeudi 3 juin 2027" in text_of(page.text)
    changed(nadege, meeting, prepares=nec.slug)
    text = text_of(nadege.get(at(meeting)).text)
    assert "Prépare : NEC 2027 , jeudi 3 juin 2027" in text
    session.expire_all()
    assert meeting.prepares_id == nec.id
    begun = nadege.get(f"/organisation/evenements/nouveau?prepare={nec.slug}")
    assert form_values(begun.text)["prepares"] == nec.slug
    assert "Ajouter une réunion préparatoire" in text_of(nadege.get(at(nec)).text)
    assert "1 réunion préparatoire : jeudi 8 avril 2027" in text_of(nadege.get(at(nec)).text)
    refused = form_values(page.text) | {"prepares": meeting.slug, "version": "2"}
    assert nadege.post(at(meeting, "/reglages"), data=refused).status_code == 422


def test_the_note_before_coming_is_on_the_page_of_settings_and_kept(
    nadege: FlaskClient, session: Session
) -> None:
    event = make_event(session)
    note = "Apportez votre ordinateur.\nLe repas est offert."
    changed(nadege, event, mail_note=note, reminder_hours=["24", "2"], promotion_delay_hours="48")
    session.expire_all()
    assert (event.mail_note, event.reminder_hours, event.promotion_delay_hours) == (
        note,
        [24, 2],
        48,
    )


def test_the_address_is_changed_and_checked(nadege: FlaskClient, session: Session) -> None:
    event = make_event(session, slug="premiere")
    other = make_event(session, slug="prise")
    assert nadege.get(at(event, "/adresse")).status_code == 200
    for typed in ("", "A", "été 2027", "nouveau", other.slug, "x" * 5000):
        page = nadege.post(at(event, "/adresse"), data={"slug": typed})
        assert page.status_code == 422
    done = nadege.post("/organisation/evenements/premiere/adresse", data={"slug": "nec-2027"})
    assert (done.status_code, done.location) == (
        303,
        "/organisation/evenements/nec-2027/reglages",
    )
    page = nadege.get("/organisation/evenements/nec-2027/adresse")
    assert "Elle a aussi été : premiere." in text_of(page.text)


def test_what_can_be_deleted_is_asked_about_and_what_cannot_is_said(
    nadege: FlaskClient, session: Session
) -> None:
    draft = make_event(session, state=EventState.DRAFT)
    address = at(draft, "/supprimer")
    assert "Supprimer l’évènement ?" in text_of(nadege.get(address).text)
    make_registration(session, draft)
    session.commit()
    page = nadege.get(address)
    text = text_of(page.text)
    assert "Cet évènement ne peut pas être supprimé" in text
    assert "1 inscription a été faite." in text
    assert "Annuler l’évènement" in text
    assert nadege.post(address).status_code == 409
    other = make_event(session, state=EventState.DRAFT)
    done = nadege.post(at(other, "/supprimer"), follow_redirects=True)
    assert "est supprimé." in text_of(done.text)
    assert nadege.get(at(other)).status_code == 404


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"title": "x" * 5000}, "Titre : raccourcissez : 300 caractères au plus."),
        ({"starts_on": "0001-01-01"}, "Premier jour : vérifiez l’année."),
        ({"starts_on": "9999-12-31"}, "Premier jour : vérifiez l’année."),
        ({"starts_on": "2027-02-29"}, "Premier jour : donnez une date : le jour"),
        ({"ends_on": "2027-04-07"}, "donnez un dernier jour qui suit le premier."),
        ({"ends_on": "9999-12-31"}, "vérifiez l’année."),
        ({"ends_at": "08:00"}, "donnez une heure de fin qui suit celle du début."),
        ({"starts_on": "2027-03-28", "starts_at": "02:30"}, "les horloges la sautent"),
        ({"registration_opens_at": "0001-01-01T00:00"}, "vérifiez l’année."),
        ({"registration_closes_at": "9999-12-31T23:59"}, "vérifiez l’année."),
        ({"precision": "alternatives", "other_date_9": "9999-12-31"}, "vérifiez l’année."),
        ({"starts_at": "", "ends_at": "", "starts_half": "soir"}, "choisissez dans la liste."),
        (
            {"starts_at": "", "ends_at": "", "starts_half": "afternoon", "ends_half": "morning"},
            "le matin vient avant l’après-midi.",
        ),
        ({"entrance_unit": "hour"}, "choisissez dans la liste."),
        ({"mail_note": "x" * 2001}, "raccourcissez"),
        ({"reminder_hours": ["7"]}, "choisissez dans la liste."),
        ({"reminder_hours": ["x" * 400]}, "choisissez dans la liste."),
        ({"promotion_delay_hours": "-1"}, "écrivez un nombre compris"),
        ({"promotion_delay_hours": "9" * 400}, "écrivez un nombre compris"),
        ({"prepares": "nulle-part"}, "choisissez dans la liste."),
        ({"prepares": "\0"}, "choisissez dans la liste."),
    ],
)
def test_what_cannot_be_written_is_answered_at_its_field_and_kept(
    nadege: FlaskClient, session: Session, typed: dict[str, Any], words: str
) -> None:
    event = make_event(session, title="Avant")
    shown = form_values(nadege.get(at(event, "/reglages")).text)
    page = nadege.post(at(event, "/reglages"), data=shown | typed | {"place": "=cmd() مكان 😀"})
    assert page.status_code == 422
    assert words in text_of(page.text)
    assert "=cmd() مكان 😀" in page.text
    session.refresh(event)
    assert (event.title, event.version, event.place) == ("Avant", 1, "Halle du Port-Vieux")


def test_a_29th_of_february_is_a_day(nadege: FlaskClient, session: Session) -> None:
    event = make_event(session)
    assert "Mardi 29 février 2028" in changed(nadege, event, starts_on="2028-02-29")


def test_what_to_know_before_coming_is_on_the_ticket(
    client: FlaskClient, session: Session, now: datetime, app: Flask
) -> None:
    event = make_event(session, mail_note="Apportez votre ordinateur.\n<b>Repas</b> offert.")
    outcome = register(session, event, RegistrationRequest("Zoé", "Ngô", "zoe@example.org"), now)
    session.commit()
    token = registration_token(app.config["SETTINGS"].secret_key, outcome.registration_id)
    text = text_of(client.get(f"/mon-inscription/{token}").text)
    assert "À savoir avant de venir Apportez votre ordinateur. <b>Repas</b> offert." in text
