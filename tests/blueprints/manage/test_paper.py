import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy.orm import Session

from eventhub.domain.registration import RegistrationState
from eventhub.domain.rights import AccountRole
from eventhub.models.event import Event
from tests.blueprints.sign_in import signed_in
from tests.factories import make_account, make_event, make_person, make_registration

PATHS = ("feuille-emargement.pdf", "inscriptions.csv")


@pytest.fixture
def event(session: Session) -> Event:
    event = make_event(session, slug="rencontre", title="La rencontre")
    make_registration(session, event, make_person(session, "Inès", "Étienne"))
    make_registration(session, event, make_person(session, "Bruno", "Delaunay"))
    make_registration(
        session,
        event,
        make_person(session, "Yann", "Attend"),
        state=RegistrationState.WAITING,
        waiting_rank=1,
    )
    return event


def address(event: Event, document: str) -> str:
    return f"/organisation/evenements/{event.slug}/{document}"


def test_the_sheet_to_sign_names_the_people_expected_in_order(
    app: Flask, session: Session, event: Event
) -> None:
    organiser = signed_in(app, session, make_account(session))
    answer = organiser.get(address(event, "feuille-emargement.pdf"))
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert (
        answer.headers["Content-Disposition"] == "inline; filename=feuille-emargement-rencontre.pdf"
    )
    assert answer.headers["Cache-Control"] == "no-store"
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)
    assert text.index("La rencontre") < text.index("Delaunay") < text.index("Étienne")
    assert "Attend Yann" not in text


def test_the_list_of_registrants_holds_everyone(app: Flask, session: Session, event: Event) -> None:
    organiser = signed_in(app, session, make_account(session))
    answer = organiser.get(address(event, "inscriptions.csv"))
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    assert (
        answer.headers["Content-Disposition"] == "attachment; filename=inscriptions-rencontre.csv"
    )
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.data.startswith(b"\xef\xbb\xbfNom;")
    names = [line.split(";")[0] for line in answer.data.decode().splitlines()[1:]]
    assert names == ["Attend", "Delaunay", "Étienne"]


def test_only_those_who_may_read_names_get_them(
    app: Flask, client: FlaskClient, session: Session, event: Event
) -> None:
    expected = {
        AccountRole.STAFF: 200,
        AccountRole.STAFF_FIGURES: 403,
        AccountRole.ORGANISER: 403,
    }
    for role, status in expected.items():
        territory = ("18",) if role is AccountRole.ORGANISER else ()
        browser = signed_in(app, session, make_account(session, role, territory))
        for document in PATHS:
            assert browser.get(address(event, document)).status_code == status
    for document in PATHS:
        assert client.get(address(event, document)).status_code == 401


def test_an_unknown_event_has_no_documents(app: Flask, session: Session) -> None:
    organiser = signed_in(app, session, make_account(session))
    for document in PATHS:
        path = f"/organisation/evenements/rien/{document}"
        assert organiser.get(path).status_code == 404
