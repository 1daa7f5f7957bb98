"""Registrations as organisers read and care for them in their browser."""

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventhub.domain.event import EventMode, EventState
from eventhub.domain.registration import RegistrationState
from eventhub.domain.rights import AccountRole
from eventhub.extensions import db
from eventhub.models.event import Event
from eventhub.models.mail import OutgoingMail
from eventhub.models.registration import Registration, Ticket
from tests.blueprints.sign_in import signed_in
from tests.factories import make_account, make_category, make_event, make_person, make_registration
from tests.query_count import counted_statements

INES = {"given_name": "Inès", "family_name": "Aubertin", "email": "ines@example.org"}


@pytest.fixture
def nadege(app: Flask, session: Session) -> FlaskClient:
    return signed_in(app, session, make_account(session, AccountRole.ORGANISER, ("45",)))


@pytest.fixture
def event(session: Session) -> Event:
    return make_event(session)


def address(event: Event, registration: Registration | None = None, act: str = "") -> str:
    path = f"/organisation/evenements/{event.slug}/inscriptions"
    if registration is not None:
        path += f"/{registration.id}"
    return f"{path}/{act}" if act else path


def registered(session: Session) -> list[Registration]:
    session.expire_all()
    return list(session.scalars(select(Registration).order_by(Registration.created_at)))


def test_an_empty_list_offers_to_add_someone(nadege: FlaskClient, event: Event) -> None:
    page = nadege.get(address(event))
    assert page.status_code == 200
    assert "Personne n’est inscrit pour l’instant" in page.text
    assert f'href="{address(event, act="ajouter")}"' in page.text


def test_someone_is_registered_by_hand(nadege: FlaskClient, session: Session, event: Event) -> None:
    category = make_category(session)
    session.commit()
    typed = INES | {"category": category.code, "role": "speaker", "structure": "La Brouette"}
    done = nadege.post(address(event, act="ajouter"), data=typed)
    [made] = registered(session)
    assert (done.status_code, done.location) == (303, address(event, made))
    assert (made.role.value, made.origin.value, made.structure_name) == (
        "speaker",
        "staff",
        "La Brouette",
    )
    page = nadege.get(done.location).text
    for word in ("Inès Aubertin", "ines@example.org", "La Brouette", "Intervenant·e"):
        assert word in page
    assert [mail.to for mail in session.scalars(select(OutgoingMail))] == ["ines@example.org"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"family_name": ""}, "family_name"),
        ({"given_name": "!!!"}, "given_name"),
        ({"email": "ines@"}, "email"),
        ({"category": "unknown"}, "category"),
        ({"mode": "remote"}, "mode"),
    ],
)
def test_an_invalid_form_comes_back_and_nothing_is_stored(
    nadege: FlaskClient, session: Session, event: Event, typed: dict[str, Any], field: str
) -> None:
    page = nadege.post(address(event, act="ajouter"), data=INES | typed)
    assert page.status_code == 422
    assert f'href="#{field}"' in page.text
    assert registered(session) == []


def test_a_second_time_is_said(nadege: FlaskClient, session: Session, event: Event) -> None:
    nadege.post(address(event, act="ajouter"), data=INES)
    page = nadege.post(address(event, act="ajouter"), data=INES)
    assert page.status_code == 422
    assert "déjà inscrite" in page.text
    assert len(registered(session)) == 1


def test_the_override_is_offered_only_when_full(nadege: FlaskClient, session: Session) -> None:
    free, full = make_event(session), make_event(session, capacity_onsite=0, waiting_list=False)
    assert 'name="beyond_capacity"' not in nadege.get(address(free, act="ajouter")).text
    assert 'name="beyond_capacity"' in nadege.get(address(full, act="ajouter")).text
    refused = nadege.post(address(full, act="ajouter"), data=INES)
    assert refused.status_code == 422
    assert 'href="#beyond_capacity"' in refused.text
    assert registered(session) == []
    taken = nadege.post(address(full, act="ajouter"), data=INES | {"beyond_capacity": "y"})
    assert taken.status_code == 303
    [made] = registered(session)
    assert made.state is RegistrationState.CONFIRMED
    session.refresh(full)
    assert full.taken_onsite == 1
    assert "au-delà des places" in nadege.get(f"/organisation/evenements/{full.slug}").text


def test_a_full_event_with_a_waiting_list_says_the_rank(
    nadege: FlaskClient, session: Session
) -> None:
    event = make_event(session, capacity_onsite=0)
    done = nadege.post(address(event, act="ajouter"), data=INES, follow_redirects=True)
    assert "sur la liste d’attente, au rang 1" in done.text


@pytest.mark.parametrize("state", [EventState.DRAFT, EventState.CANCELLED])
def test_nobody_is_added_to_a_draft_or_to_a_cancelled_event(
    nadege: FlaskClient, session: Session, state: EventState
) -> None:
    event = make_event(session, state=state)
    assert nadege.get(address(event, act="ajouter")).status_code == 409
    assert nadege.post(address(event, act="ajouter"), data=INES).status_code == 409
    assert registered(session) == []


def test_withdrawing_asks_first(nadege: FlaskClient, session: Session, event: Event) -> None:
    nadege.post(address(event, act="ajouter"), data=INES)
    [made] = registered(session)
    page = nadege.get(address(event, made, "desister"))
    assert "Noter le désistement d’Inès Aubertin" in page.text
    assert registered(session)[0].state is RegistrationState.CONFIRMED
    done = nadege.post(
        address(event, made, "desister"), data={"excused": "y"}, follow_redirects=True
    )
    assert "la place est libre" in done.text
    [after] = registered(session)
    assert (after.state, after.excused_at is not None) == (RegistrationState.CANCELLED, True)
    assert nadege.post(address(event, made, "desister")).status_code == 409
    assert nadege.get(address(event, made, "desister")).status_code == 303


def test_someone_is_noted_excused_and_not_excused(
    nadege: FlaskClient, session: Session, event: Event
) -> None:
    made = make_registration(session, event)
    nadege.post(address(event, made, "excuser"), data={"excused": "1"})
    assert registered(session)[0].excused_at is not None
    assert "Ne plus noter excusé·e" in nadege.get(address(event, made)).text
    nadege.post(address(event, made, "excuser"), data={"excused": "0"})
    assert registered(session)[0].excused_at is None


def test_the_link_goes_again(nadege: FlaskClient, session: Session, event: Event) -> None:
    made = make_registration(session, event, make_person(session, email="ines@example.org"))
    done = nadege.post(address(event, made, "renvoyer"), follow_redirects=True)
    assert "Le lien part à ines@example.org." in done.text
    assert [mail.kind.value for mail in session.scalars(select(OutgoingMail))] == [
        "registration-link"
    ]
    without = make_registration(session, event, make_person(session, email=None))
    assert "Renvoyer le lien" not in nadege.get(address(event, without)).text
    assert nadege.post(address(event, without, "renvoyer")).status_code == 409


def test_a_ticket_is_replaced_after_a_question(
    nadege: FlaskClient, session: Session, event: Event
) -> None:
    nadege.post(address(event, act="ajouter"), data=INES)
    [made] = registered(session)
    assert nadege.get(address(event, made, "billet")).status_code == 200
    assert nadege.post(address(event, made, "billet")).status_code == 303
    session.expire_all()
    tickets = session.scalars(select(Ticket).order_by(Ticket.id)).all()
    assert [ticket.revoked_at is not None for ticket in tickets] == [True, False]
    assert tickets[1].short_code in nadege.get(address(event, made)).text


def test_a_registration_of_another_event_is_not_found(
    nadege: FlaskClient, session: Session, event: Event
) -> None:
    other = make_registration(session, make_event(session))
    for act in ("", "desister", "billet"):
        assert nadege.get(address(event, other, act)).status_code == 404
    for act in ("renvoyer", "excuser", "desister", "billet"):
        assert nadege.post(address(event, other, act)).status_code == 404


def test_the_list_is_searched_filtered_and_paged(
    nadege: FlaskClient, session: Session, event: Event
) -> None:
    for number in range(51):
        make_registration(session, event, make_person(session, "Zoé", f"Nom {number:02d}"))
    waiting = make_person(session, "Élodie", "Vanneau-Kermarrec")
    make_registration(session, event, waiting, state=RegistrationState.WAITING, waiting_rank=1)
    first = nadege.get(address(event)).text
    assert "Page 1 sur 2" in first
    assert "Vanneau" not in first
    assert "Vanneau" in nadege.get(f"{address(event)}?page=2").text
    found = nadege.get(f"{address(event)}?q=elodie+vanneau").text
    assert "1\u00a0inscription trouvée" in found
    assert "Vanneau-Kermarrec Élodie" in found
    only = nadege.get(f"{address(event)}?etat=attente").text
    assert "Vanneau-Kermarrec Élodie" in only
    assert "Nom 00" not in only
    assert "Aucune inscription trouvée" in nadege.get(f"{address(event)}?q=introuvable").text
    assert nadege.get(f"{address(event)}?etat=inconnu&page=-3&q=%00").status_code == 200


def test_what_resembles_is_flagged(nadege: FlaskClient, session: Session, event: Event) -> None:
    for email in ("a@example.org", "b@example.org"):
        make_registration(session, event, make_person(session, "Inès", "Aubertin", email=email))
    shared = make_person(session, "Bruno", "Delaunay", email="c@example.org", shares_mailbox=True)
    made = make_registration(session, event, shared)
    listed = nadege.get(f"{address(event)}?etat=a-verifier").text
    assert listed.count("même nom qu’une autre fiche") == 2
    assert "Boîte partagée" in nadege.get(address(event, made)).text
    todo = nadege.get(f"/organisation/evenements/{event.slug}").text
    assert "Relire des fiches qui se ressemblent" in todo


def test_staff_with_names_read_but_do_not_act(app: Flask, session: Session, event: Event) -> None:
    made = make_registration(session, event, make_person(session, "Inès", "Aubertin"))
    reader = signed_in(app, session, make_account(session, AccountRole.STAFF, ("45",)))
    assert "Aubertin" in reader.get(address(event)).text
    page = reader.get(address(event, made)).text
    assert "Aubertin" in page
    assert "Noter le désistement" not in page
    assert reader.post(address(event, made, "desister")).status_code == 403


def test_both_modes_are_offered_at_a_hybrid_event(nadege: FlaskClient, session: Session) -> None:
    event = make_event(session, mode=EventMode.HYBRID, capacity_remote=10)
    assert 'value="remote"' in nadege.get(address(event, act="ajouter")).text
    nadege.post(address(event, act="ajouter"), data=INES | {"mode": "remote"})
    assert registered(session)[0].mode.value == "remote"
    session.refresh(event)
    assert (event.taken_onsite, event.taken_remote) == (0, 1)


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_whatever_its_length(
    nadege: FlaskClient, session: Session, event: Event, number: int
) -> None:
    for _ in range(number):
        make_registration(session, event, created_at=datetime(2026, 11, 1, tzinfo=UTC))
    session.expire_all()
    path = address(event)
    with counted_statements(db.engine) as statements:
        assert nadege.get(path).status_code == 200
    assert len(statements) == 11
