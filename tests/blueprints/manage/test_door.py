import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventhub.domain.rights import AccountRole
from eventhub.domain.scan import CheckpointKind
from eventhub.extensions import db
from eventhub.models.account import Account
from eventhub.models.audit import AuditEntry
from eventhub.models.door import Checkpoint, Device, DevicePairing
from eventhub.models.event import Event
from eventhub.services.door.pairing import hash_secret
from eventhub.web.clock import now
from tests.blueprints.page_text import text_of
from tests.blueprints.sign_in import signed_in
from tests.factories import make_account, make_event
from tests.query_count import counted_statements
from tests.services.door.desk import Desk


@pytest.fixture
def account(session: Session) -> Account:
    return make_account(session, AccountRole.ORGANISER, ("45",), display_name="Nadège Lemoine")


@pytest.fixture
def organiser(app: Flask, session: Session, account: Account) -> FlaskClient:
    return signed_in(app, session, account)


@pytest.fixture
def desk(session: Session, account: Account) -> Desk:
    return Desk(session, make_event(session, slug="rencontre"))


TAB = "/organisation/evenements/rencontre/accueil"


def device(desk: Desk) -> Device:
    return desk.session.get_one(Device, desk.phone().device_id, populate_existing=True)


def test_an_event_without_devices_says_what_one_is(organiser: FlaskClient, desk: Desk) -> None:
    page = text_of(organiser.get(TAB).text)
    assert "Pas encore de poste" in page
    assert "Rien à vérifier." in page
    assert "Entrée" in page


def test_a_link_is_shown_once_with_its_code(organiser: FlaskClient, desk: Desk) -> None:
    assert 'value="Accueil 1"' in organiser.get(f"{TAB}/poste").text
    page = organiser.post(f"{TAB}/poste", data={"name": "Porte quai", "pin": "2468"})
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
    found = re.search(r'value="http://127.0.0.1:8000/accueil/ajouter/([^"]+)"', page.text)
    assert found is not None
    assert "<svg" in page.text
    (pairing,) = desk.session.scalars(select(DevicePairing))
    assert (pairing.name, pairing.code_hash) == ("Porte quai", hash_secret(found[1]))
    assert pairing.pin_hash is not None
    assert "2468" not in pairing.pin_hash
    assert found[1] not in organiser.get(TAB).text
    entry = desk.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.action, entry.actor) == ("door-pairing-offered", "Nadège Lemoine")


@pytest.mark.parametrize(
    "typed", [{"name": ""}, {"name": "A", "pin": "12"}, {"name": "A", "pin": "abcd"}]
)
def test_a_device_that_cannot_be_made_keeps_what_was_typed(
    organiser: FlaskClient, desk: Desk, typed: dict[str, str]
) -> None:
    page = organiser.post(f"{TAB}/poste", data=typed)
    assert page.status_code == 422
    assert "error-summary" in page.text
    assert desk.session.scalars(select(DevicePairing)).all() == []


def test_devices_are_listed_with_their_last_contact_and_what_they_hold(
    organiser: FlaskClient, desk: Desk
) -> None:
    desk.phone()
    desk.session.commit()
    assert "Pas encore de contact" in text_of(organiser.get(TAB).text)
    desk.send(desk.scan(ticket="?"))
    device(desk).pending = 12
    desk.session.commit()
    page = text_of(organiser.get(TAB).text)
    assert "Dernier contact samedi 21 novembre 2026 à 10 h. 1 passage." in page
    assert "12 passages à envoyer" in page
    device(desk).expires_at = now() - timedelta(days=1)
    desk.session.commit()
    assert "expiré" in text_of(organiser.get(TAB).text)


def test_revoking_asks_first(organiser: FlaskClient, desk: Desk) -> None:
    address = f"{TAB}/postes/{device(desk).id}/retirer"
    desk.session.commit()
    assert "Retirer le poste" in text_of(organiser.get(address).text)
    assert device(desk).revoked_at is None
    for _ in range(2):
        assert organiser.post(address).status_code == 303
    assert device(desk).revoked_at is not None
    page = text_of(organiser.get(TAB).text)
    assert "retiré" in page
    assert f"{device(desk).id}/retirer" not in organiser.get(TAB).text


def test_another_events_device_or_checkpoint_is_not_found(
    organiser: FlaskClient, desk: Desk, session: Session
) -> None:
    other = Desk(session, make_event(session, slug="autre"))
    other.phone()
    session.commit()
    for address in (
        f"postes/{device(other).id}/retirer",
        f"points/{other.checkpoints[0].id}",
    ):
        assert organiser.get(f"{TAB}/{address}").status_code == 404
        assert organiser.post(f"{TAB}/{address}").status_code == 404


def test_half_days_are_added_and_changed(organiser: FlaskClient, desk: Desk) -> None:
    typed = {"label": "Entrée, après-midi", "on_date": "2027-04-08", "opens": "13:30"}
    assert organiser.post(f"{TAB}/point", data=typed).status_code == 303
    (made,) = desk.session.scalars(
        select(Checkpoint).where(Checkpoint.label == "Entrée, après-midi")
    )
    assert made.kind is CheckpointKind.ENTRANCE
    assert str(made.on_date) == "2027-04-08"
    opens_at: datetime | None = made.opens_at
    assert opens_at == datetime(2027, 4, 8, 11, 30, tzinfo=UTC)
    assert "à partir de 13 h 30" in text_of(organiser.get(TAB).text)
    page = organiser.get(f"{TAB}/points/{made.id}").text
    assert 'value="13:30"' in page
    wrong = typed | {"opens": "14:00", "closes": "13:00"}
    refused = organiser.post(f"{TAB}/points/{made.id}", data=wrong)
    assert refused.status_code == 422
    assert "La fermeture vient après l’ouverture." in refused.text
    organiser.post(f"{TAB}/points/{made.id}", data={"label": "Après-midi", "on_date": ""})
    changed = desk.session.get_one(Checkpoint, made.id, populate_existing=True)
    assert changed.label == "Après-midi"
    assert changed.on_date is None
    assert changed.opens_at is None


def test_lappel_records_by_the_account(
    organiser: FlaskClient, desk: Desk, account: Account
) -> None:
    guest = desk.guest()
    desk.session.commit()
    page = organiser.get(f"{TAB}/appel").text
    scan = re.search(r'name="scan" value="([^"]+)"', page)
    assert scan is not None
    answer = organiser.post(
        f"{TAB}/appel",
        data={"who": str(guest.id), "act": "present", "mode": "onsite", "scan": scan[1]},
    )
    assert answer.status_code == 303
    assert desk.present() == ["Camille Brossard"]
    assert (desk.kept()[0].account_id, desk.kept()[0].scan_id) == (account.id, scan[1])
    assert "présent·e à" in text_of(organiser.get(f"{TAB}/appel").text)
    organiser.post(f"{TAB}/appel", data={"who": str(guest.id), "act": "remove"})
    assert desk.present() == []


def test_lappel_of_an_event_without_checkpoints_makes_them(
    organiser: FlaskClient, session: Session, account: Account
) -> None:
    event = make_event(session, slug="reunion")
    address = "/organisation/evenements/reunion/accueil"
    assert "Commencer l’appel" in organiser.get(f"{address}/appel").text
    assert organiser.post(f"{address}/points").location == f"{address}/appel"
    assert "Point d’accueil" in organiser.get(f"{address}/appel").text
    checkpoints = session.scalars(select(Checkpoint).where(Checkpoint.event_id == event.id)).all()
    assert len(checkpoints) == 1


def test_a_held_scan_is_accepted_by_a_button(organiser: FlaskClient, desk: Desk) -> None:
    guest = desk.guest()
    device(desk).revoked_at = now()
    desk.session.commit()
    desk.send(desk.scan(id="a", registration=str(guest.id), shown="accepted"))
    desk.session.commit()
    page = organiser.get(TAB).text
    found = re.search(r'action="([^"]+/accepter)"', page)
    assert found is not None
    for _ in range(2):
        assert organiser.post(found[1]).status_code == 303
    assert desk.present() == ["Camille Brossard"]
    assert "Rien à vérifier." in text_of(organiser.get(TAB).text)


def test_conflicts_and_what_to_check_are_told_in_french(organiser: FlaskClient, desk: Desk) -> None:
    guest = desk.guest()
    for phone in ("Porte quai", "Porte rue"):
        desk.send(desk.scan(registration=str(guest.id), shown="accepted"), phone=phone)
    desk.send(desk.scan(ticket="K7QM2RXP"))
    desk.event.capacity_onsite = 0
    desk.session.commit()
    page = text_of(organiser.get(TAB).text)
    for words in (
        "La même personne, admise à deux postes",
        "Porte quai, Entrée : le poste a dit « C’est bon »",
        "Plus de monde que de places",
        "1 personne pour 0 place",
        "Codes que nous ne connaissons pas",
        "K7QM2RXP",
    ):
        assert words in page


def test_the_tab_costs_the_same_for_one_and_for_three(organiser: FlaskClient, desk: Desk) -> None:
    counts = []
    for size in (1, 2):
        for number in range(size):
            guest = desk.guest()
            for phone in (f"A{size}{number}", f"B{size}{number}"):
                desk.send(desk.scan(registration=str(guest.id), shown="accepted"), phone=phone)
        desk.session.commit()
        desk.session.expire_all()
        with counted_statements(db.engine) as statements:
            assert organiser.get(TAB).status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_events_elsewhere_are_closed_to_the_organiser(
    organiser: FlaskClient, session: Session, desk: Desk
) -> None:
    event = session.get_one(Event, desk.event.id)
    event.departements = []
    session.commit()
    for address in ("", "/appel", "/poste", "/point"):
        assert organiser.get(TAB + address).status_code == 403
