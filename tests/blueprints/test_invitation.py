"""The page of an invited person, and their answer."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from eventhub.domain.event import EventMode, EventState
from eventhub.domain.links import registration_token
from eventhub.domain.mail import MailKind
from eventhub.domain.registration import AttendanceMode, RegistrationOrigin, RegistrationState
from eventhub.models.event import Event
from eventhub.models.mail import OutgoingMail
from eventhub.models.registration import Registration
from eventhub.web.clock import now
from tests.conftest import SECRET_KEY
from tests.factories import make_category, make_event, make_person, make_registration

SOON = now().date() + timedelta(days=60)


def invited(session: Session, **values: object) -> Registration:
    event = make_event(session, **({"slug": "trimestre", "starts_on": SOON} | values))
    person = make_person(session, "Camille", "Brossard", email="camille@example.org")
    return make_registration(
        session,
        event,
        person,
        state=RegistrationState.INVITED,
        origin=RegistrationOrigin.STAFF,
    )


def page_of(registration: Registration) -> str:
    return f"/mon-inscription/{registration_token(SECRET_KEY, registration.id)}"


def answer(
    client: FlaskClient, registration: Registration, path: str, **values: str
) -> TestResponse:
    return client.post(f"{page_of(registration)}/{path}", data=values)


def test_the_page_asks_and_reading_it_answers_nothing(
    client: FlaskClient, session: Session
) -> None:
    registration = invited(session)
    response = client.get(page_of(registration))
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    for words in (
        "Vous êtes invité·e, Camille",
        "Votre réponse est attendue",
        "Je viens",
        "Je ne peux pas venir",
        "Me noter excusé·e",
        "Il reste 40\u00a0places.",
    ):
        assert words in response.text
    assert "Vous venez comment" not in response.text
    session.expire_all()
    assert registration.state is RegistrationState.INVITED


@pytest.mark.parametrize("path", ["je-viens", "je-ne-viens-pas"])
def test_an_answer_is_a_post(client: FlaskClient, session: Session, path: str) -> None:
    registration = invited(session)
    assert client.get(f"{page_of(registration)}/{path}").status_code == 405
    session.expire_all()
    assert registration.state is RegistrationState.INVITED


def test_who_comes_finds_their_ticket(client: FlaskClient, session: Session) -> None:
    registration = invited(session)
    for _ in range(2):
        response = answer(client, registration, "je-viens")
        assert (response.status_code, response.location) == (303, page_of(registration))
    page = client.get(page_of(registration)).text
    assert "Inscription confirmée" in page
    assert "Code QR du billet" in page
    session.expire_all()
    assert registration.state is RegistrationState.CONFIRMED
    kinds = session.scalars(select(OutgoingMail.kind)).all()
    assert kinds == [MailKind.REGISTRATION_CONFIRMED]


def test_a_hybrid_event_asks_how(client: FlaskClient, session: Session) -> None:
    registration = invited(session, mode=EventMode.HYBRID, capacity_remote=2)
    assert "Vous venez comment" in client.get(page_of(registration)).text
    assert answer(client, registration, "je-viens").status_code == 422
    assert answer(client, registration, "je-viens", mode="lune").status_code == 422
    assert answer(client, registration, "je-viens", mode="remote").status_code == 303
    session.expire_all()
    assert (registration.mode, registration.event.taken_remote) == (AttendanceMode.REMOTE, 1)


def test_full_means_waiting_or_a_clear_answer(client: FlaskClient, session: Session) -> None:
    registration = invited(session, capacity_onsite=0)
    assert "La liste d’attente est ouverte" in client.get(page_of(registration)).text
    registration.event.waiting_list = False
    session.commit()
    page = client.get(page_of(registration)).text
    assert "C’est complet, et il n’y a pas de liste d’attente." in page
    refused = answer(client, registration, "je-viens")
    assert refused.status_code == 409
    assert "Il n’y a plus de place, et il n’y a pas de liste d’attente." in refused.text
    session.expire_all()
    assert registration.state is RegistrationState.INVITED
    registration.event.waiting_list = True
    session.commit()
    assert answer(client, registration, "je-viens").status_code == 303
    assert "votre rang" in client.get(page_of(registration)).text


@pytest.mark.parametrize(("values", "excused"), [({"excused": "y"}, True), ({}, False)])
def test_who_does_not_come_is_thanked(
    client: FlaskClient, session: Session, values: dict[str, str], excused: bool
) -> None:
    registration = invited(session)
    for _ in range(2):
        assert answer(client, registration, "je-ne-viens-pas", **values).status_code == 303
    page = client.get(page_of(registration)).text
    assert "C’est noté, vous ne venez pas" in page
    assert ("Vous êtes noté·e excusé·e." in page) is excused
    assert "billet" not in page.partition("<main")[2].partition("</main>")[0].lower()
    assert "M’inscrire à nouveau" in page
    session.expire_all()
    assert (registration.state, registration.excused_at is not None) == (
        RegistrationState.CANCELLED,
        excused,
    )
    assert session.scalar(select(func.count()).select_from(OutgoingMail)) == 0


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"state": EventState.POSTPONED}, "Reporté, votre invitation est gardée"),
        ({"state": EventState.CANCELLED}, "Cet évènement est annulé"),
        ({"starts_on": now().date() - timedelta(days=5)}, "C’est passé"),
    ],
)
def test_what_does_not_come_asks_nothing(
    client: FlaskClient, session: Session, values: dict[str, object], words: str
) -> None:
    registration = invited(session, **values)
    page = client.get(page_of(registration)).text
    assert words in page
    assert "Je viens" not in page
    for path in ("je-viens", "je-ne-viens-pas"):
        assert answer(client, registration, path).status_code == 303
    session.expire_all()
    assert registration.state is RegistrationState.INVITED


def test_the_public_form_answers_an_invitation(client: FlaskClient, session: Session) -> None:
    make_category(session)
    registration = invited(session)
    typed = {
        "given_name": "Camille",
        "family_name": "Brossard",
        "email": "camille@example.org",
        "category": "mediateur",
    }
    response = client.post("/evenements/trimestre/inscription", data=typed)
    assert response.status_code == 303
    session.expire_all()
    assert registration.state is RegistrationState.CONFIRMED
    assert session.scalar(select(func.count()).select_from(Registration)) == 1
    assert session.scalars(select(Event.taken_onsite)).one() == 1


def test_an_unknown_link_answers_nothing(client: FlaskClient, session: Session) -> None:
    for path in ("je-viens", "je-ne-viens-pas"):
        assert client.post(f"/mon-inscription/inconnu/{path}").status_code == 404
