import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventhub.blueprints.door import COOKIE
from eventhub.domain.event import EventMode
from eventhub.domain.registration import RegistrationState
from eventhub.domain.scan import (
    COUNTING_VERDICTS,
    OVERRIDABLE_VERDICTS,
    VERDICT_MEANINGS,
    ScanKind,
)
from eventhub.models.door import Device, DevicePairing
from eventhub.services.door.pairing import hash_secret, offer_pairing
from eventhub.web.clock import now
from eventhub.web.static import STATIC_ROOT
from tests.factories import make_event
from tests.services.door.desk import Desk


@pytest.fixture
def desk(session: Session) -> Desk:
    return Desk(session)


@pytest.fixture
def phone(client: FlaskClient, desk: Desk) -> FlaskClient:
    """The browser of a paired phone."""
    desk.phone()
    desk.session.commit()
    client.set_cookie(COOKIE, desk.tokens["Accueil 1"], path="/accueil")
    return client


def offer(desk: Desk, pin: str = "") -> str:
    """The address of a new pairing link."""
    _, code = offer_pairing(
        desk.session, desk.event, "Accueil 1", now(), pin=pin, account_id=None, actor="Nadège"
    )
    desk.session.commit()
    return f"/accueil/ajouter/{code}"


def devices(desk: Desk) -> list[str]:
    return list(desk.session.scalars(select(Device.name).where(Device.event_id == desk.event.id)))


def test_opening_the_link_shows_one_button_and_uses_nothing_up(
    client: FlaskClient, desk: Desk
) -> None:
    link = offer(desk)
    for _ in range(3):
        page = client.get(link)
        assert page.status_code == 200
        assert page.headers["Cache-Control"] == "no-store"
        assert "Ajouter ce poste" in page.text
        assert "Code PIN" not in page.text
    assert devices(desk) == []


def test_the_button_makes_a_device_known_by_a_cookie_of_the_door_alone(
    client: FlaskClient, desk: Desk
) -> None:
    link = offer(desk)
    answer = client.post(link, data={"name": "Porte quai"})
    assert (answer.status_code, answer.location) == (303, "/accueil")
    cookie = answer.headers["Set-Cookie"]
    token = cookie.partition("=")[2].partition(";")[0]
    for part in ("HttpOnly", "SameSite=Lax", "Path=/accueil"):
        assert part in cookie
    (device,) = desk.session.scalars(select(Device).where(Device.event_id == desk.event.id))
    assert (device.name, device.token_hash) == ("Porte quai", hash_secret(token))
    page = client.get("/accueil")
    assert f'data-token="{token}"' in page.text
    assert page.headers["Cache-Control"] == "no-store"
    again = client.post(link, data={"name": "Un autre"})
    assert (again.status_code, devices(desk)) == (410, ["Porte quai"])
    assert "Lien expiré" in client.get(link).text


def test_a_wrong_pin_is_counted_and_the_fifth_closes_the_link(
    client: FlaskClient, desk: Desk
) -> None:
    link = offer(desk, pin="2468")
    left = []
    for _ in range(4):
        page = client.post(link, data={"name": "A", "pin": "1111"})
        assert page.status_code == 422
        found = re.search(r"Il reste (\d)\xa0?\s?essais?", page.text)
        assert found is not None
        left.append(found[1])
    assert left == ["4", "3", "2", "1"]
    closed = client.post(link, data={"name": "A", "pin": "1111"})
    assert closed.status_code == 429
    right = client.post(link, data={"name": "A", "pin": "2468"})
    assert (right.status_code, devices(desk)) == (429, [])
    (pairing,) = desk.session.scalars(select(DevicePairing))
    assert pairing.tries == 5


def test_the_right_pin_pairs(client: FlaskClient, desk: Desk) -> None:
    link = offer(desk, pin="2468")
    assert client.post(link, data={"name": "A", "pin": " 2468 "}).status_code == 303
    assert devices(desk) == ["A"]


def test_a_device_needs_a_name(client: FlaskClient, desk: Desk) -> None:
    link = offer(desk)
    for name in ("", "  ", "x" * 101):
        page = client.post(link, data={"name": name})
        assert page.status_code == 422
        assert "error-summary" in page.text
    assert devices(desk) == []
    assert client.post(link, data={"name": "A"}).status_code == 303


def test_a_link_lasts_four_hours(client: FlaskClient, desk: Desk) -> None:
    link = offer(desk)
    (pairing,) = desk.session.scalars(select(DevicePairing))
    assert pairing.expires_at - pairing.created_at == timedelta(hours=4)
    pairing.expires_at = now()
    desk.session.commit()
    assert client.get(link).status_code == 410
    assert client.post(link, data={"name": "A"}).status_code == 410
    assert client.get("/accueil/ajouter/nonsense").status_code == 410


def test_a_browser_that_is_no_device_is_told_what_to_do(client: FlaskClient, desk: Desk) -> None:
    for address in ("/accueil", "/accueil/liste", "/accueil/quitter"):
        page = client.get(address)
        assert page.status_code == 200
        assert "pas encore un poste d’accueil" in page.text
        client.set_cookie(COOKIE, "nonsense", path="/accueil")


def test_a_revoked_or_expired_device_has_no_page(phone: FlaskClient, desk: Desk) -> None:
    (device,) = desk.session.scalars(select(Device).where(Device.event_id == desk.event.id))
    device.expires_at = now()
    desk.session.commit()
    assert phone.get("/accueil").status_code == 401
    device.revoked_at = now()
    desk.session.commit()
    for address in ("/accueil", "/accueil/liste"):
        page = phone.get(address)
        assert (page.status_code, "data-token" in page.text) == (401, False)


def test_the_page_holds_no_name(phone: FlaskClient, desk: Desk) -> None:
    desk.guest("Zoë", "Œuvrard")
    desk.session.commit()
    page = phone.get("/accueil")
    assert page.status_code == 200
    assert "Œuvrard" not in page.text
    assert '<option value="' + desk.entrance in page.text


def test_modes_are_offered_as_the_event_has_them(client: FlaskClient, session: Session) -> None:
    for mode, offered in (
        (EventMode.ONSITE, "onsite"),
        (EventMode.REMOTE, "remote"),
        (EventMode.HYBRID, "onsite remote"),
    ):
        desk = Desk(session, make_event(session, mode=mode))
        desk.phone()
        session.commit()
        client.set_cookie(COOKIE, desk.tokens["Accueil 1"], path="/accueil")
        page = client.get("/accueil").text
        assert f'data-modes="{offered}"' in page
        assert ('name="mode"' in page) == (mode is EventMode.HYBRID)


def form_of(page: str, name: str) -> dict[str, str]:
    """The hidden fields of the person's row."""
    row = next(part for part in page.split("<li") if f"<b>{name}</b>" in part)
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', row)
    return {field: value for field, value in found if field != "csrf_token"}


def tap(phone: FlaskClient, name: str, act: str, **more: str) -> str:
    """Tap a button of the list; the text of the page that follows."""
    fields = form_of(phone.get("/accueil/liste").text, name)
    answer = phone.post("/accueil/liste", data=fields | {"act": act} | more)
    assert answer.status_code == 303
    assert answer.location.startswith("/accueil/liste?point=")
    return phone.get("/accueil/liste").text


def test_without_script_the_list_is_tapped_down(phone: FlaskClient, desk: Desk) -> None:
    desk.guest()
    desk.guest("Inès", "Aubertin", structure_name="Médiathèque du Lac")
    desk.session.commit()
    page = tap(phone, "Camille Brossard", "present")
    assert "Présence enregistrée." in page
    assert desk.present() == ["Camille Brossard"]
    assert "1 ici, 1 encore attendu·e·s" in page
    (kept,) = desk.kept()
    assert (kept.kind, kept.device_id is not None) == (ScanKind.ARRIVAL, True)
    page = tap(phone, "Camille Brossard", "remove", reason="erreur")
    assert desk.present() == []
    assert desk.kept()[1].reason == "erreur"
    tap(phone, "Inès Aubertin", "excuse")
    assert "excusé·e" in phone.get("/accueil/liste").text
    found = phone.get("/accueil/liste", query_string={"q": "mediath"}).text
    assert ("Aubertin" in found, "Brossard" in found) == (True, False)


def test_a_form_sent_twice_is_one_scan(phone: FlaskClient, desk: Desk) -> None:
    desk.guest()
    desk.session.commit()
    fields = form_of(phone.get("/accueil/liste").text, "Camille Brossard") | {"act": "present"}
    for _ in range(2):
        phone.post("/accueil/liste", data=fields)
    assert len(desk.kept()) == 1


def test_someone_on_the_waiting_list_is_admitted_by_the_button(
    phone: FlaskClient, desk: Desk
) -> None:
    desk.guest(state=RegistrationState.WAITING)
    desk.session.commit()
    assert ">Admettre<" in phone.get("/accueil/liste").text
    tap(phone, "Camille Brossard", "admit")
    assert desk.present() == ["Camille Brossard"]
    assert desk.kept()[0].overridden


def test_another_act_or_person_is_not_found(phone: FlaskClient, desk: Desk) -> None:
    desk.guest()
    desk.session.commit()
    fields = form_of(phone.get("/accueil/liste").text, "Camille Brossard")
    assert phone.post("/accueil/liste", data=fields | {"act": "burn"}).status_code == 404
    assert phone.post("/accueil/liste", data=fields | {"act": ""}).status_code == 404
    unknown = fields | {"act": "remove", "who": "nobody"}
    assert phone.post("/accueil/liste", data=unknown).status_code == 404
    assert desk.kept() == []


def test_leaving_asks_first_then_forgets(phone: FlaskClient, desk: Desk) -> None:
    page = phone.get("/accueil/quitter")
    assert "Quitter ce poste" in page.text
    answer = phone.post("/accueil/quitter")
    assert answer.status_code == 303
    assert "pas encore un poste" in phone.get("/accueil").text
    assert devices(desk) == ["Accueil 1"]


def test_the_page_says_of_verdicts_what_the_rules_say() -> None:
    script = Path(STATIC_ROOT / "js/door/verdicts.js").read_text(encoding="utf-8")

    def constant(name: str) -> object:
        text = script.partition(f"export const {name} = ")[2].partition(";\n")[0]
        return json.loads(text)

    assert constant("VERDICTS") == {
        verdict.value: {
            "word": meaning.word,
            "sentence": meaning.sentence,
            "colour": meaning.colour.value,
        }
        for verdict, meaning in VERDICT_MEANINGS.items()
    }
    assert set(constant("OVERRIDABLE")) == {v.value for v in OVERRIDABLE_VERDICTS}  # type: ignore[call-overload]  # read from JS
    assert set(constant("COUNTING")) == {v.value for v in COUNTING_VERDICTS}  # type: ignore[call-overload]  # read from JS
