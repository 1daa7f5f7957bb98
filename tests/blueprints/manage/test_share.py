"""An organiser of another structure edits one event and sees its registrations, and no other."""

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from eventhub.domain.event import EventState, PartnershipRole
from eventhub.domain.rights import AccountRole
from eventhub.models.account import Account
from eventhub.models.event import Event, Partnership
from eventhub.models.mail import OutgoingMail
from eventhub.services.events import share_event
from eventhub.web.clock import now
from tests.blueprints.page_text import text_of
from tests.blueprints.sign_in import signed_in
from tests.factories import (
    make_account,
    make_departement,
    make_event,
    make_person,
    make_registration,
)

INVITED = {
    "email": "ines@example.org",
    "display_name": "Inès Aubertin",
    "structure": "Les Tilleuls",
    "sheet": "b" * 32,
}


@pytest.fixture
def nadege(app: Flask, session: Session) -> FlaskClient:
    account = make_account(session, AccountRole.ORGANISER, ("45",), display_name="Nadège Lemoine")
    return signed_in(app, session, account)


@pytest.fixture
def event(session: Session) -> Event:
    made = make_event(session, title="Rencontre", slug="rencontre")
    make_registration(session, made, make_person(session, "Bruno", "Delaunay"))
    return made


def guest_of(app: Flask, session: Session, event: Event) -> FlaskClient:
    guest = make_account(session, AccountRole.CO_ORGANISER)
    share_event(session, event, [guest.id], now(), account=guest)
    session.commit()
    return signed_in(app, session, guest)


def test_the_mailed_link_opens_the_event_and_nothing_else(
    app: Flask, session: Session, nadege: FlaskClient, event: Event
) -> None:
    other = make_event(session, title="Autre", slug="autre")
    address = "/organisation/evenements/rencontre/partage"
    for _click in range(2):
        assert nadege.post(f"{address}/inviter", data=INVITED).location == address
    assert "Inès Aubertin (ines@example.org), Les Tilleuls" in text_of(nadege.get(address).text)
    mail = session.query(OutgoingMail).one()
    link = str(mail.params["link"])
    path = re.sub("^https?://[^/]+", "", link)
    guest = app.test_client()
    assert guest.get(path).status_code == 200
    assert guest.post(path).location == "/organisation/evenements/rencontre"
    listed = text_of(guest.get("/organisation/").text)
    assert "Rencontre" in listed
    assert "Autre" not in listed
    assert "Nouvel évènement" not in listed
    tabs = (
        "",
        "/programme",
        "/inscriptions",
        "/accueil",
        "/chiffres",
        "/compte-rendu",
        "/reglages",
    )
    for tab in tabs:
        assert guest.get(f"/organisation/evenements/rencontre{tab}").status_code == 200
        assert guest.get(f"/organisation/evenements/autre{tab}").status_code == 403
    assert "Delaunay" in guest.get("/organisation/evenements/rencontre/inscriptions").text
    for closed in (
        "/chiffres",
        "/organisation/structures",
        "/organisation/comptes",
        "/organisation/evenements/nouveau",
        "/organisation/evenements/rencontre/partage",
        "/organisation/evenements/rencontre/annuler",
        f"/organisation/evenements/{other.slug}/chiffres.json",
    ):
        assert guest.get(closed).status_code == 403
    settings = text_of(guest.get("/organisation/evenements/rencontre/reglages").text)
    assert "Partager, annuler et supprimer restent à l’organisation du territoire." in settings
    assert "Annuler l’évènement" not in settings
    menu = guest.get("/organisation/").text
    assert "/organisation/structures" not in menu
    assert 'href="/chiffres"' not in menu


def test_access_ends_at_the_next_request(
    app: Flask, session: Session, nadege: FlaskClient, event: Event
) -> None:
    guest = guest_of(app, session, event)
    assert guest.get("/organisation/evenements/rencontre/inscriptions").status_code == 200
    assert nadege.post("/organisation/evenements/rencontre/partage", data={}).status_code == 303
    for tab in ("", "/inscriptions", "/chiffres", "/reglages"):
        assert guest.get(f"/organisation/evenements/rencontre{tab}").status_code == 403


def test_an_organiser_elsewhere_who_co_organises_keeps_their_own_territory(
    app: Flask, session: Session, event: Event
) -> None:
    in_18 = make_departement(session, "18", "Cher")
    make_event(session, slug="au-cher", departements=[in_18])
    make_event(session, slug="ailleurs")
    sofiane = make_account(session, AccountRole.ORGANISER, ("18",))
    share_event(session, event, [sofiane.id], now(), account=sofiane)
    session.commit()
    browser = signed_in(app, session, sofiane)
    answers = {
        page: browser.get(f"/organisation/evenements/{page}").status_code
        for page in (
            "rencontre/reglages",
            "rencontre/inscriptions",
            "rencontre/partage",
            "rencontre/annuler",
            "au-cher/reglages",
            "au-cher/partage",
            "au-cher/annuler",
            "ailleurs/reglages",
            "ailleurs/chiffres",
            "nouveau",
        )
    }
    assert answers == {
        "rencontre/reglages": 200,
        "rencontre/inscriptions": 200,
        "rencontre/partage": 403,
        "rencontre/annuler": 403,
        "au-cher/reglages": 200,
        "au-cher/partage": 200,
        "au-cher/annuler": 200,
        "ailleurs/reglages": 403,
        "ailleurs/chiffres": 200,
        "nouveau": 200,
    }


def test_a_co_organiser_sees_a_draft_that_is_shared(
    app: Flask, session: Session, event: Event
) -> None:
    event.state = EventState.DRAFT
    session.commit()
    guest = guest_of(app, session, event)
    assert guest.get("/organisation/evenements/rencontre/chiffres").status_code == 200
    assert guest.get("/evenements/rencontre").status_code == 200


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"email": ""}, "Remplissez ce champ."),
        ({"email": "nowhere"}, "Écrivez une adresse complète"),
        ({"display_name": "a" * 5000}, "200 caractères au plus"),
        ({"structure": "a" * 5000}, "200 caractères au plus"),
        ({"email": "=cmd()@example.org'"}, "Écrivez une adresse complète"),
    ],
)
def test_an_invitation_that_cannot_be_sent_is_told_and_kept(
    session: Session, nadege: FlaskClient, event: Event, changed: dict[str, str], said: str
) -> None:
    answer = nadege.post(
        "/organisation/evenements/rencontre/partage/inviter", data=INVITED | changed
    )
    assert answer.status_code == 422
    assert said in text_of(answer.text)
    assert session.query(OutgoingMail).count() == 0
    assert session.query(Account).filter_by(role=AccountRole.CO_ORGANISER).count() == 0


def test_partners_are_added_ordered_and_removed(
    session: Session, nadege: FlaskClient, event: Event
) -> None:
    address = "/organisation/evenements/rencontre/partenaires"
    assert "Aucun partenaire pour l’instant" in text_of(nadege.get(address).text)
    for name in ("Bêta", "Alpha"):
        done = nadege.post(address, data={"name": name, "role": "partner"})
        assert done.location == address
    again = nadege.post(address, data={"name": "beta", "role": "partner"})
    assert again.status_code == 422
    assert "« Bêta » a déjà ce rôle." in text_of(again.text)
    alpha = session.query(Partnership).order_by(Partnership.id.desc()).first()
    assert alpha is not None
    assert nadege.post(f"{address}/{alpha.id}", data={"act": "up"}).status_code == 303
    said = text_of(nadege.get(address).text)
    assert said.index("Alpha") < said.index("Bêta")
    public = text_of(nadege.get("/evenements/rencontre").text)
    assert public.index("Alpha") < public.index("Bêta")
    assert "n’aura plus le rôle" in text_of(nadege.get(f"{address}/{alpha.id}/retirer").text)
    assert nadege.post(f"{address}/{alpha.id}/retirer").status_code == 303
    assert [one.role for one in session.query(Partnership)] == [PartnershipRole.PARTNER]
    assert nadege.get(f"{address}/{alpha.id}/retirer").status_code == 404


def test_a_settings_form_opened_before_the_partners_changed_does_not_undo_them(
    session: Session, nadege: FlaskClient, event: Event
) -> None:
    page = nadege.get("/organisation/evenements/rencontre/reglages").text
    version = re.search(r'name="version"[^>]*value="(\d+)"', page)
    assert version is not None
    nadege.post(
        "/organisation/evenements/rencontre/partenaires", data={"name": "Bêta", "role": "partner"}
    )
    session.expire_all()
    assert event.version > int(version[1])


def test_a_preparatory_meeting_is_begun_from_its_event(
    session: Session, nadege: FlaskClient, event: Event
) -> None:
    event.starts_on = event.ends_on = date(2031, 4, 8)
    session.commit()
    page = nadege.get("/organisation/evenements/rencontre").text
    link = "/organisation/evenements/nouveau?prepare=rencontre"
    assert f'href="{link}"' in page
    assert '<option selected value="rencontre">' in nadege.get(link).text
