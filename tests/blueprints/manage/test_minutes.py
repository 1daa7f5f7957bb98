import re
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from eventhub.domain.event import EventState
from eventhub.domain.minutes import BODY_MAX, MinutesState
from eventhub.domain.rights import AccountRole
from eventhub.models.account import Account
from eventhub.models.event import Event
from eventhub.models.minutes import Minutes, MinutesRevision
from eventhub.queries.minutes import minutes_of
from eventhub.services.minutes import publish_minutes, save_minutes, start_minutes
from eventhub.web.clock import now
from tests.blueprints.page_text import text_of
from tests.blueprints.sign_in import signed_in
from tests.factories import make_account, make_event

AT = datetime(2024, 12, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def account(session: Session) -> Account:
    return make_account(session, AccountRole.ORGANISER, ("45",), display_name="Nadège Lemoine")


@pytest.fixture
def event(session: Session, account: Account) -> Event:
    return make_event(session, starts_on=date(2024, 12, 13))


@pytest.fixture
def organiser(app: Flask, session: Session, account: Account) -> FlaskClient:
    return signed_in(app, session, account)


def address(event: Event, rest: str = "") -> str:
    return f"/organisation/evenements/{event.slug}/compte-rendu{rest}"


def begin(session: Session, event: Event, account: Account, body: str = "Le matin.") -> Minutes:
    minutes = start_minutes(session, event, body, AT, account=account)
    session.commit()
    return minutes


def reread(session: Session, event: Event) -> Minutes:
    session.expire_all()
    found = minutes_of(session, event.id)
    assert found is not None
    return found


def count_revisions(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(MinutesRevision)) or 0


def test_a_draft_begins_with_what_is_known_of_the_event(
    organiser: FlaskClient, session: Session, event: Event
) -> None:
    offer = organiser.get(address(event))
    assert "Commencer le compte-rendu" in text_of(offer.text)
    answer = organiser.post(address(event, "/commencer"))
    assert (answer.status_code, answer.location) == (303, address(event))
    minutes = reread(session, event)
    assert "- **Quand\u00a0:** vendredi\u00a013 décembre 2024" in minutes.body
    page = organiser.get(address(event)).text
    assert "## En bref" in page
    assert f'name="version" type="hidden" value="{minutes.version}"' in page


def test_a_text_is_kept(
    organiser: FlaskClient, session: Session, event: Event, account: Account
) -> None:
    begin(session, event, account)
    answer = organiser.post(
        address(event), data={"body": "Le soir.\r\n\r\nFin.", "version": "1", "action": "save"}
    )
    assert (answer.status_code, answer.location) == (303, address(event))
    minutes = reread(session, event)
    assert (minutes.body, minutes.version) == ("Le soir.\n\nFin.", 2)
    assert "Le texte est enregistré." in text_of(organiser.get(address(event)).text)


def test_a_preview_keeps_nothing_and_loses_nothing(
    organiser: FlaskClient, session: Session, event: Event, account: Account
) -> None:
    begin(session, event, account)
    page = organiser.post(
        address(event),
        data={"body": "# Titre\n\nUn **mot**, <b>x</b>.", "version": "1", "action": "preview"},
    )
    assert page.status_code == 200
    assert "<strong>mot</strong>, &lt;b&gt;x&lt;/b&gt;." in page.text
    assert "# Titre\n\nUn **mot**" in page.text.replace("\r\n", "\n")
    assert re.findall("<h1", page.text) == ["<h1"]
    assert reread(session, event).body == "Le matin."


def test_the_second_of_two_editors_loses_no_text(
    organiser: FlaskClient, session: Session, event: Event, account: Account
) -> None:
    minutes = begin(session, event, account)
    colleague = make_account(session, display_name="Sofiane Brochet")
    save_minutes(session, minutes, "Le texte de Sofiane.", 1, AT, account=colleague)
    session.commit()
    page = organiser.post(address(event), data={"body": "Mon texte à moi.", "version": "1"})
    assert page.status_code == 409
    text = text_of(page.text)
    assert "Sofiane Brochet a enregistré un autre texte pendant que vous écriviez." in text
    assert "Le texte de Sofiane." in text
    assert "Mon texte à moi." in text
    assert 'name="version" type="hidden" value="2"' in page.text
    assert reread(session, event).body == "Le texte de Sofiane."
    again = organiser.post(address(event), data={"body": "Les deux.", "version": "2"})
    assert again.status_code == 303
    assert reread(session, event).body == "Les deux."


def test_a_text_beyond_measure_comes_back_with_its_error(
    organiser: FlaskClient, session: Session, event: Event, account: Account
) -> None:
    begin(session, event, account)
    page = organiser.post(address(event), data={"body": "a" * (BODY_MAX + 1), "version": "1"})
    assert page.status_code == 422
    assert "Raccourcissez : 100 000 caractères au plus." in text_of(page.text)
    assert '<a href="#body">' in page.text
    assert "a" * (BODY_MAX + 1) in page.text
    assert reread(session, event).body == "Le matin."


@pytest.mark.parametrize("version", ["", "x", "99999999999999999999999"])
def test_a_version_that_is_none_writes_over_nothing(
    organiser: FlaskClient, session: Session, event: Event, account: Account, version: str
) -> None:
    begin(session, event, account)
    answer = organiser.post(address(event), data={"body": "Autre.", "version": version})
    assert answer.status_code in {409, 422}
    assert reread(session, event).body == "Le matin."


def test_publishing_asks_first_and_closes_the_event(
    organiser: FlaskClient, session: Session, event: Event, account: Account
) -> None:
    begin(session, event, account, "Le matin. [À compléter : la suite]")
    asked = text_of(organiser.get(address(event, "/publier")).text)
    assert "Il reste 1 passage « À compléter » dans le texte." in asked
    assert "L’évènement sera clos" in asked
    assert "Inscrits 0" in asked
    assert reread(session, event).state is MinutesState.DRAFT
    refused = organiser.post(address(event, "/publier"), data={"version": "1"})
    assert refused.status_code == 422
    assert "Complétez le texte, ou cochez cette case." in text_of(refused.text)
    assert reread(session, event).state is MinutesState.DRAFT
    answer = organiser.post(address(event, "/publier"), data={"version": "1", "unfinished": "y"})
    assert (answer.status_code, answer.location) == (303, f"/comptes-rendus/{event.slug}")
    assert reread(session, event).state is MinutesState.PUBLISHED
    assert event.state is EventState.CLOSED


def test_an_event_under_way_is_closed_only_when_the_box_is_ticked(
    organiser: FlaskClient, session: Session, account: Account
) -> None:
    event = make_event(
        session,
        starts_on=now().date(),
        starts_at=now() - timedelta(hours=1),
        ends_at=now() + timedelta(hours=3),
    )
    begin(session, event, account)
    assert "L’évènement n’est pas terminé" in text_of(
        organiser.get(address(event, "/publier")).text
    )
    page = organiser.post(address(event, "/publier"), data={"version": "1"})
    assert page.status_code == 422
    assert "Cochez cette case, ou attendez la fin." in text_of(page.text)
    assert count_revisions(session) == 0
    answer = organiser.post(address(event, "/publier"), data={"version": "1", "early": "y"})
    assert answer.status_code == 303
    assert count_revisions(session) == 1


def test_a_text_that_changed_since_is_not_published(
    organiser: FlaskClient, session: Session, event: Event, account: Account
) -> None:
    minutes = begin(session, event, account)
    save_minutes(session, minutes, "Autre.", 1, AT, account=account)
    session.commit()
    answer = organiser.post(address(event, "/publier"), data={"version": "1"})
    assert (answer.status_code, answer.location) == (303, address(event))
    assert "Le texte a changé entre-temps." in text_of(organiser.get(address(event)).text)
    assert count_revisions(session) == 0
    session.expire_all()
    assert event.state is EventState.PUBLISHED


def test_an_empty_text_is_not_published(
    organiser: FlaskClient, session: Session, event: Event, account: Account
) -> None:
    begin(session, event, account, "  ")
    page = organiser.post(address(event, "/publier"), data={"version": "1"})
    assert page.status_code == 422
    assert "Écrivez d’abord le compte-rendu." in text_of(page.text)


def test_a_correction_becomes_a_revision_with_its_note(
    organiser: FlaskClient, session: Session, event: Event, account: Account
) -> None:
    minutes = begin(session, event, account)
    publish_minutes(session, event, minutes, 1, AT, account=account)
    session.commit()
    assert "Rien n’a changé depuis" in text_of(organiser.get(address(event, "/publier")).text)
    organiser.post(address(event), data={"body": "Corrigé.", "version": "2"})
    assert "Publié, avec des changements" in text_of(organiser.get(address(event)).text)
    organiser.post(address(event, "/publier"), data={"version": "3", "note": "un nom corrigé"})
    text = text_of(organiser.get(address(event)).text)
    assert "Révision 2" in text
    assert "un nom corrigé" in text
    assert "première publication" in text


def test_withdrawing_asks_why_then_takes_the_page_off(
    organiser: FlaskClient, client: FlaskClient, session: Session, event: Event, account: Account
) -> None:
    minutes = begin(session, event, account)
    assert organiser.get(address(event, "/retirer")).status_code == 409
    publish_minutes(session, event, minutes, 1, AT, account=account)
    session.commit()
    assert organiser.get(address(event, "/retirer")).status_code == 200
    page = organiser.post(address(event, "/retirer"), data={"reason": " "})
    assert page.status_code == 422
    assert client.get(f"/comptes-rendus/{event.slug}").status_code == 200
    answer = organiser.post(address(event, "/retirer"), data={"reason": "Une erreur"})
    assert (answer.status_code, answer.location) == (303, address(event))
    assert client.get(f"/comptes-rendus/{event.slug}").status_code == 404
    assert "Retiré du site" in text_of(organiser.get(address(event)).text)


@pytest.mark.parametrize("state", [EventState.DRAFT, EventState.POSTPONED, EventState.CANCELLED])
def test_what_has_not_taken_place_is_written_but_not_published(
    organiser: FlaskClient, session: Session, account: Account, state: EventState
) -> None:
    event = make_event(session, state=state, starts_on=date(2024, 12, 13))
    begin(session, event, account)
    assert "se publie quand son évènement" in text_of(organiser.get(address(event)).text)
    assert organiser.get(address(event, "/publier")).status_code == 200
    answer = organiser.post(address(event, "/publier"), data={"version": "1"})
    assert answer.status_code == 409
    assert count_revisions(session) == 0


def test_only_those_who_may_edit_the_event_write(
    app: Flask, client: FlaskClient, session: Session, event: Event, account: Account
) -> None:
    begin(session, event, account)
    others = [
        make_account(session, AccountRole.ORGANISER, ("18",)),
        make_account(session, AccountRole.STAFF),
        make_account(session, AccountRole.STAFF_FIGURES),
    ]
    asked = [
        ("GET", ""),
        ("POST", ""),
        ("POST", "/commencer"),
        ("GET", "/publier"),
        ("POST", "/publier"),
        ("GET", "/retirer"),
        ("POST", "/retirer"),
    ]
    for other in others:
        visitor = signed_in(app, session, other)
        statuses = [
            visitor.open(address(event, path), method=how).status_code for how, path in asked
        ]
        assert statuses == [403] * len(asked)
    for how, path in asked:
        answer = client.open(address(event, path), method=how)
        assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/connexion")


def test_an_event_without_a_text_has_nothing_to_save_or_publish(
    organiser: FlaskClient, event: Event
) -> None:
    for path in ("", "/publier", "/retirer"):
        assert organiser.post(address(event, path), data={"version": "1"}).status_code == 404
