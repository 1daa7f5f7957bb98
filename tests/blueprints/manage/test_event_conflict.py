"""Two people editing one event in two browsers."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from eventhub.domain.event import EventState
from eventhub.domain.rights import AccountRole
from eventhub.models.event import Event
from tests.blueprints.page_text import text_of
from tests.blueprints.sign_in import signed_in
from tests.blueprints.test_manage_events import form_values
from tests.factories import make_account, make_event

LONG = "Une phrase. " * 300


@pytest.fixture
def event(session: Session) -> Event:
    return make_event(session, title="Avant", slug="avant-2027")


@pytest.fixture
def nadege(app: Flask, session: Session, event: Event) -> FlaskClient:
    account = make_account(session, AccountRole.ORGANISER, ("45",), display_name="Nadège Lemoine")
    return signed_in(app, session, account)


@pytest.fixture
def ines(app: Flask, session: Session, event: Event) -> FlaskClient:
    return signed_in(app, session, make_account(session, display_name="Inès Aubertin"))


ADDRESS = "/organisation/evenements/avant-2027/reglages"


def typed(client: FlaskClient, **values: Any) -> dict[str, Any]:
    return form_values(client.get(ADDRESS).text) | values


def held(session: Session, event: Event) -> tuple[str, ...]:
    session.refresh(event)
    return event.title, event.place, event.summary[:20], event.audience


def test_the_second_sees_what_was_written_and_loses_nothing(
    nadege: FlaskClient, ines: FlaskClient, session: Session, event: Event
) -> None:
    mine = typed(nadege, title="Le mien", summary=LONG, audience="Médiateur·rice·s")
    theirs = typed(ines, title="Le sien", summary="Court.\n" + LONG, place="Tours")
    assert ines.post(ADDRESS, data=theirs).status_code == 303
    page = nadege.post(ADDRESS, data=mine)
    assert page.status_code == 409
    text = text_of(page.text)
    assert "Vous avez tous deux écrit ici." in text
    assert "Titre : Le sien (Inès Aubertin," in text
    assert "Présentation : le texte enregistré Court. Une phrase." in text
    assert "Lieu et commune : Tours (Inès Aubertin," in text
    assert held(session, event) == ("Le sien", "Tours", "Court.\nUne phrase. U", "")
    again = form_values(page.text)
    assert [again[name] for name in ("title", "place", "audience")] == [
        "Le mien",
        "Tours",
        "Médiateur·rice·s",
    ]
    assert again["summary"].strip() == LONG.strip()
    assert nadege.post(ADDRESS, data=again).status_code == 303
    assert held(session, event) == (
        "Le mien",
        "Tours",
        "Une phrase. Une phra",
        "Médiateur·rice·s",
    )


def test_what_only_the_other_changed_is_taken_over(
    nadege: FlaskClient, ines: FlaskClient, session: Session, event: Event
) -> None:
    mine = typed(nadege, audience="Tout le monde")
    theirs = typed(
        ines,
        starts_on="2027-04-15",
        ends_at="18:00",
        capacity_onsite="",
        registration_opens_at="2027-03-01T09:00",
        organisers="Hub-Lo",
    ) | {"waiting_list": ""}
    theirs.pop("waiting_list")
    assert ines.post(ADDRESS, data=theirs).status_code == 303
    page = nadege.post(ADDRESS, data=mine)
    assert page.status_code == 409
    text = text_of(page.text)
    assert "Vous avez tous deux écrit ici." not in text
    assert "Premier jour : jeudi 15 avril 2027" in text
    assert "Tenir une liste d’attente quand c’est complet : non" in text
    assert nadege.post(ADDRESS, data=form_values(page.text)).status_code == 303
    session.refresh(event)
    assert (event.starts_on.isoformat(), event.capacity_onsite, event.waiting_list) == (
        "2027-04-15",
        None,
        False,
    )
    assert (event.audience, [p.structure.name for p in event.partnerships]) == (
        "Tout le monde",
        ["Hub-Lo"],
    )


def test_a_third_change_asks_again(
    nadege: FlaskClient, ines: FlaskClient, session: Session, event: Event
) -> None:
    mine = typed(nadege, title="Le mien")
    ines.post(ADDRESS, data=typed(ines, title="Le sien"))
    again = form_values(nadege.post(ADDRESS, data=mine).text)
    ines.post(ADDRESS, data=typed(ines, place="Vierzon"))
    page = nadege.post(ADDRESS, data=again)
    assert page.status_code == 409
    assert "Lieu et commune : Vierzon" in text_of(page.text)
    assert nadege.post(ADDRESS, data=form_values(page.text)).status_code == 303
    assert held(session, event)[:2] == ("Le mien", "Vierzon")


@pytest.mark.parametrize("started_from", ["", "title", "title=zzz nothing=1", "x" * 5000, "😀="])
def test_a_mark_that_was_tampered_with_loses_nothing(
    nadege: FlaskClient, ines: FlaskClient, session: Session, event: Event, started_from: str
) -> None:
    mine = typed(nadege, title="Le mien", started_from=started_from)
    ines.post(ADDRESS, data=typed(ines, title="Le sien"))
    page = nadege.post(ADDRESS, data=mine)
    assert page.status_code == 409
    assert "Titre : Le sien" in text_of(page.text)
    assert form_values(page.text)["title"] == "Le mien"


@pytest.mark.parametrize("version", ["", "0", "-1", "9" * 40, "x"])
def test_a_version_that_was_tampered_with_is_asked_about(
    nadege: FlaskClient, session: Session, event: Event, version: str
) -> None:
    page = nadege.post(ADDRESS, data=typed(nadege, title="Le mien", version=version))
    assert page.status_code == 409
    assert held(session, event)[0] == "Avant"


def test_who_writes_while_an_event_is_cancelled_keeps_the_text(
    nadege: FlaskClient, session: Session, event: Event
) -> None:
    mine = typed(nadege, summary=LONG)
    event.state = EventState.CANCELLED
    session.commit()
    page = nadege.post(ADDRESS, data=mine)
    assert page.status_code == 409
    assert "ne se modifie plus" in page.text
    assert LONG.strip() in page.text
