from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from eventhub.extensions import db
from eventhub.models.door import Device
from eventhub.services.tickets import reissue_ticket
from eventhub.web.clock import now
from tests.conftest import NOW
from tests.query_count import counted_statements
from tests.services.door.desk import Desk


@pytest.fixture
def desk(session: Session) -> Desk:
    return Desk(session)


def headers(desk: Desk, phone: str = "Accueil 1") -> dict[str, str]:
    desk.phone(phone)
    desk.session.commit()
    return {"Authorization": f"Bearer {desk.tokens[phone]}"}


def send(client: FlaskClient, desk: Desk, *scans: Any, **body: Any) -> Any:
    answer = client.post(
        "/api/v1/door/scans",
        json={"sent_at": NOW.isoformat(), "scans": list(scans)} | body,
        headers=headers(desk),
    )
    assert answer.status_code == 200
    return answer.get_json()


def device(desk: Desk) -> Device:
    return desk.session.get_one(Device, desk.phone().device_id)


def test_the_copy_is_what_the_contract_says(client: FlaskClient, desk: Desk) -> None:
    guest = desk.guest()
    desk.send(desk.scan(id="a", registration=str(guest.id), minute=1))
    old = guest.tickets[0].public_id
    new = reissue_ticket(desk.session, guest, NOW)
    answer = client.get("/api/v1/door/snapshot", headers=headers(desk))
    body = answer.get_json()
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    moment = datetime.fromisoformat(body.pop("server_time"))
    assert abs(moment - now()) < timedelta(minutes=1)
    assert datetime.fromisoformat(body.pop("expires_at")) == device(desk).expires_at
    (key,) = body.pop("public_keys").items()
    assert (key[0], len(bytes.fromhex(key[1]))) == ("1", 32)
    desk.session.refresh(desk.event)
    assert body == {
        "event": {
            "number": str(desk.event.id),
            "slug": desk.event.slug,
            "title": desk.event.title,
            "timezone": "Europe/Paris",
            "starts_on": "2027-04-08",
            "ends_on": "2027-04-08",
            "starts_at": "2027-04-08T07:00:00+00:00",
            "ends_at": "2027-04-08T15:00:00+00:00",
        },
        "device": {"id": str(device(desk).id), "name": "Accueil 1"},
        "cursor": f"{desk.event.door_epoch}.{desk.event.door_sequence}",
        "full": True,
        "scans_held": 1,
        "events": {str(desk.event.id): desk.event.title},
        "checkpoints": [
            {
                "id": desk.entrance,
                "label": "Entrée",
                "kind": "entrance",
                "opens_at": None,
                "closes_at": None,
                "capacity": 40,
                "booked": 1,
            }
        ],
        "registrations": [
            {
                "id": str(guest.id),
                "ticket_id": new.public_id,
                "short_code": new.short_code,
                "name": "Camille Brossard",
                "structure": "",
                "category": None,
                "role": "participant",
                "mode": "onsite",
                "state": "confirmed",
                "checkpoints": [desk.entrance],
                "present": {
                    desk.entrance: {
                        "scans": ["a"],
                        "at": (NOW - timedelta(minutes=59)).isoformat(),
                        "device": "Accueil 1",
                        "mode": "onsite",
                    }
                },
            }
        ],
        "removed": [],
        "revoked": [old],
    }
    assert "example.org" not in answer.get_data(as_text=True)


def test_a_later_copy_holds_what_changed(client: FlaskClient, desk: Desk) -> None:
    guest = desk.guest()
    desk.guest("Inès", "Aubertin")
    first = client.get("/api/v1/door/snapshot", headers=headers(desk)).get_json()
    desk.send(desk.scan(registration=str(guest.id)))
    desk.session.commit()
    second = client.get(
        "/api/v1/door/snapshot", query_string={"cursor": first["cursor"]}, headers=headers(desk)
    ).get_json()
    assert (len(first["registrations"]), first["full"]) == (2, True)
    assert [r["name"] for r in second["registrations"]] == ["Camille Brossard"]
    assert not second["full"]


def test_scans_are_answered_in_the_order_sent(client: FlaskClient, desk: Desk) -> None:
    guest = desk.guest()
    body = send(
        client,
        desk,
        desk.scan(id="a", ticket=desk.ticket(guest), minute=1),
        desk.scan(id="b", ticket=guest.tickets[0].short_code, minute=2),
        {"kind": "arrival"},
        desk.scan(id="c", ticket="???"),
    )
    assert body.pop("server_time")
    assert body == {
        "epoch": desk.event.door_epoch,
        "scans_held": 3,
        "verdicts": [
            {
                "id": "a",
                "verdict": "accepted",
                "registration": str(guest.id),
                "message": "Présence enregistrée.",
            },
            {
                "id": "b",
                "verdict": "already_present",
                "registration": str(guest.id),
                "first_seen": {
                    "at": (NOW - timedelta(minutes=59)).isoformat(),
                    "device": "Accueil 1",
                },
                "message": "Cette personne est déjà passée à ce point d’accueil.",
            },
            {
                "id": None,
                "verdict": "unknown",
                "message": "Ce code n’est pas un billet que nous connaissons.",
            },
            {
                "id": "c",
                "verdict": "unknown",
                "message": "Ce code n’est pas un billet que nous connaissons.",
            },
        ],
    }
    assert desk.present() == ["Camille Brossard"]


def test_one_scan_costs_six_statements(client: FlaskClient, desk: Desk) -> None:
    first, second = desk.guest(), desk.guest()
    sent = [desk.scan(ticket=desk.ticket(guest)) for guest in (first, second)]
    send(client, desk, sent[0])
    authorisation = headers(desk)
    with counted_statements(db.engine) as statements:
        client.post("/api/v1/door/scans", json={"scans": [sent[1]]}, headers=authorisation)
    assert len(statements) <= 6
    assert len(desk.present()) == 2


def test_what_the_device_has_yet_to_send_is_noted(client: FlaskClient, desk: Desk) -> None:
    send(client, desk, pending=12)
    desk.session.refresh(device(desk))
    assert device(desk).pending == 12
    client.get("/api/v1/door/snapshot?pending=3", headers=headers(desk))
    desk.session.refresh(device(desk))
    assert device(desk).pending == 3
    assert device(desk).last_seen_at is not None
    for odd in (-1, "7", True, None, 10**9):
        send(client, desk, pending=odd)
    client.get("/api/v1/door/snapshot?pending=x", headers=headers(desk))
    desk.session.refresh(device(desk))
    assert device(desk).pending == 3


def test_more_than_five_hundred_answer_413_and_nothing_is_taken(
    client: FlaskClient, desk: Desk
) -> None:
    guest = desk.guest()
    scans = [desk.scan(registration=str(guest.id)) for _ in range(501)]
    answer = client.post("/api/v1/door/scans", json={"scans": scans}, headers=headers(desk))
    assert (answer.status_code, answer.mimetype) == (413, "application/problem+json")
    assert answer.get_json()["code"] == "batch_too_large"
    assert desk.kept() == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"x"',
        b"{}",
        b'{"scans": {}}',
        b'{"scans": [NaN]}',
        b"\xff",
        b"[" * 100_000,
    ],
)
def test_a_body_that_is_no_batch_is_a_bad_request(
    client: FlaskClient, desk: Desk, body: bytes
) -> None:
    answer = client.post("/api/v1/door/scans", data=body, headers=headers(desk))
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")


def test_one_odd_scan_does_not_refuse_the_others(client: FlaskClient, desk: Desk) -> None:
    guest = desk.guest()
    good = desk.scan(registration=str(guest.id))
    text = (
        '{"scans": [{"id": "x", "kind": "arrival", "offset_ms": 1e999}, '
        '{"id": "y", "n": ' + "9" * 400 + ', "kind": "\\u0000\\ud800"}, '
        f'{{"id": "{good["id"]}", "kind": "arrival", "checkpoint": {desk.entrance}, '
        f'"registration": "{guest.id}", "scanned_at": "{NOW.isoformat()}"}}]}}'
    )
    answer = client.post("/api/v1/door/scans", data=text, headers=headers(desk))
    assert [v["verdict"] for v in answer.get_json()["verdicts"]] == [
        "unknown",
        "unknown",
        "accepted",
    ]


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Bearer x", "Basic abc"])
def test_without_a_device_nothing_is_given_nor_taken(
    client: FlaskClient, desk: Desk, authorization: str | None
) -> None:
    given = {} if authorization is None else {"Authorization": authorization}
    for answer in (
        client.get("/api/v1/door/snapshot", headers=given),
        client.post("/api/v1/door/scans", json={"scans": []}, headers=given),
    ):
        assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_revoked_device_reads_nothing_and_sends_for_fourteen_days(
    client: FlaskClient, desk: Desk
) -> None:
    guest = desk.guest()
    authorisation = headers(desk)
    device(desk).revoked_at = now() - timedelta(days=13, hours=23)
    desk.session.commit()
    refused = client.get("/api/v1/door/snapshot", headers=authorisation)
    assert (refused.status_code, refused.get_json()["code"]) == (401, "device_revoked")
    scan = desk.scan(registration=str(guest.id))
    taken = client.post("/api/v1/door/scans", json={"scans": [scan]}, headers=authorisation)
    assert [v["verdict"] for v in taken.get_json()["verdicts"]] == ["held"]
    assert desk.present() == []
    device(desk).revoked_at = now() - timedelta(days=14, seconds=1)
    desk.session.commit()
    late = client.post("/api/v1/door/scans", json={"scans": [scan]}, headers=authorisation)
    assert (late.status_code, late.get_json()["code"]) == (401, "device_revoked")


def test_an_expired_device_reads_nothing_but_its_scans_are_taken(
    client: FlaskClient, desk: Desk
) -> None:
    guest = desk.guest()
    authorisation = headers(desk)
    device(desk).expires_at = now() - timedelta(days=300)
    desk.session.commit()
    refused = client.get("/api/v1/door/snapshot", headers=authorisation)
    assert (refused.status_code, refused.get_json()["code"]) == (401, "device_expired")
    scan = desk.scan(registration=str(guest.id))
    taken = client.post("/api/v1/door/scans", json={"scans": [scan]}, headers=authorisation)
    assert [v["verdict"] for v in taken.get_json()["verdicts"]] == ["accepted"]
    assert desk.present() == ["Camille Brossard"]
