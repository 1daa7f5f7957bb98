"""Registrations of the API."""

import json
import uuid
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from eventhub.domain.event import EventState
from eventhub.domain.rights import TokenScope
from eventhub.extensions import db
from eventhub.models.event import Event
from eventhub.models.mail import OutgoingMail
from eventhub.models.registration import Registration
from tests.blueprints.api.conftest import Headers, MakeHeaders
from tests.factories import make_category, make_departement, make_event
from tests.query_count import counted_statements

PERSON: dict[str, Any] = {
    "given_name": "Inès",
    "family_name": "Aubertin",
    "email": "ines.aubertin@example.org",
    "category": "mediateur",
    "structure": "Espace France services de Mer",
    "departement": "41",
}


@pytest.fixture
def event(session: Session) -> Event:
    make_category(session)
    make_departement(session, "41", "Loir-et-Cher")
    return make_event(session, slug="nec", capacity_onsite=2)


def post(
    client: FlaskClient, caller: Headers, body: object = PERSON, key: str = ""
) -> tuple[int, Any]:
    extra = {"Idempotency-Key": key} if key else {}
    answer = client.post("/api/v1/events/nec/registrations", json=body, headers=caller | extra)
    return answer.status_code, answer.get_json()


def another(number: int) -> dict[str, Any]:
    return PERSON | {"given_name": f"Ambre {number}", "email": f"ambre{number}@example.org"}


def test_a_person_is_registered_and_listed(
    client: FlaskClient, session: Session, event: Event, headers: MakeHeaders
) -> None:
    caller = headers()
    status, made = post(client, caller)
    assert status == 201
    assert set(made) == {"id", "state", "ticket", "short_code", "manage_url"}
    assert (made["state"], len(made["ticket"]), len(made["short_code"])) == ("confirmed", 120, 8)
    assert made["manage_url"].startswith("http://127.0.0.1:8000/mon-inscription/")
    listed = client.get("/api/v1/events/nec/registrations", headers=caller).get_json()
    (item,) = listed["items"]
    assert listed["next"] is None
    created_at = item.pop("created_at")
    assert created_at.endswith("+00:00")
    assert item == {
        "id": made["id"],
        "state": "confirmed",
        "rank": None,
        "origin": "online",
        "given_name": "Inès",
        "family_name": "Aubertin",
        "email": "ines.aubertin@example.org",
        "category": "mediateur",
        "structure": "Espace France services de Mer",
        "departement": "41",
        "mode": "onsite",
        "role": "participant",
        "activities": [],
    }
    one = client.get(f"/api/v1/events/nec/registrations/{made['id']}", headers=caller).get_json()
    assert one == {**item, "created_at": created_at}


def test_who_comes_after_the_last_place_waits_in_order(
    client: FlaskClient, event: Event, headers: MakeHeaders
) -> None:
    caller = headers()
    answers = [post(client, caller, another(number))[1] for number in range(4)]
    assert [(a["state"], a.get("rank")) for a in answers] == [
        ("confirmed", None),
        ("confirmed", None),
        ("waiting", 1),
        ("waiting", 2),
    ]


def test_without_a_waiting_list_full_means_refused(
    client: FlaskClient, session: Session, event: Event, headers: MakeHeaders
) -> None:
    event.waiting_list = False
    session.commit()
    caller = headers()
    for number in range(2):
        assert post(client, caller, another(number))[0] == 201
    status, problem = post(client, caller, another(3))
    assert (status, problem["code"]) == (409, "event_full")
    assert session.scalar(select(func.count()).select_from(Registration)) == 2


def test_the_same_person_twice_is_a_conflict(
    client: FlaskClient, event: Event, headers: MakeHeaders
) -> None:
    caller = headers()
    assert post(client, caller)[0] == 201
    status, problem = post(client, caller, PERSON | {"email": "Ines.AUBERTIN@example.org"})
    assert (status, problem["code"]) == (409, "already_registered")


@pytest.mark.parametrize("state", [EventState.CANCELLED, EventState.POSTPONED, EventState.CLOSED])
def test_an_event_that_takes_nobody_says_so(
    client: FlaskClient, session: Session, event: Event, headers: MakeHeaders, state: EventState
) -> None:
    event.state = state
    session.commit()
    status, problem = post(client, headers())
    assert (status, problem["code"]) == (409, "registration_closed")


def test_each_field_at_fault_is_named_and_nothing_is_stored(
    client: FlaskClient, session: Session, event: Event, headers: MakeHeaders
) -> None:
    caller = headers()
    status, problem = post(
        client,
        caller,
        {"given_name": "", "family_name": "x" * 5000, "email": "pas une adresse", "mode": "remote"},
    )
    assert (status, problem["code"]) == (422, "invalid")
    assert {error["field"] for error in problem["errors"]} == {
        "given_name",
        "family_name",
        "email",
        "mode",
    }
    status, problem = post(client, caller, {**PERSON, "given_name": 7, "mode": "volant"})
    assert {error["field"] for error in problem["errors"]} == {"given_name", "mode"}
    status, problem = post(client, caller, {**PERSON, "category": "inconnue"})
    assert [error["field"] for error in problem["errors"]] == ["category"]
    # Neither can be looked up in PostgreSQL.
    unreadable = client.post(
        "/api/v1/events/nec/registrations",
        data=json.dumps({**PERSON, "category": "\x00", "departement": "\ud800"}),
        content_type="application/json",
        headers=caller,
    )
    errors = unreadable.get_json()["errors"]
    assert [error["field"] for error in errors] == ["category", "departement"]
    assert post(client, caller, ["pas un objet"])[0] == 422
    assert session.scalar(select(func.count()).select_from(Registration)) == 0
    assert session.scalar(select(func.count()).select_from(OutgoingMail)) == 0


def test_what_is_no_json_is_a_problem(
    client: FlaskClient, event: Event, headers: MakeHeaders
) -> None:
    address = "/api/v1/events/nec/registrations"
    for text in ("{", "[" * 100_000):
        answer = client.post(address, data=text, headers=headers(), content_type="application/json")
        assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    answer = client.post(address, data="a=1", headers=headers())
    assert answer.status_code == 415


def test_a_repeated_request_under_one_key_changes_nothing(
    client: FlaskClient, session: Session, event: Event, headers: MakeHeaders
) -> None:
    caller = headers()
    first = post(client, caller, key="k1")
    assert first[0] == 201
    assert post(client, caller, key="k1") == first
    status, problem = post(client, caller, another(1), key="k1")
    assert (status, problem["code"]) == (422, "idempotency_conflict")
    assert post(client, headers(), another(2), key="k1")[0] == 201
    assert session.scalar(select(func.count()).select_from(Registration)) == 2
    assert session.scalar(select(func.count()).select_from(OutgoingMail)) == 2


def test_withdrawing_frees_the_place_and_can_be_repeated(
    client: FlaskClient, session: Session, event: Event, headers: MakeHeaders
) -> None:
    caller = headers()
    made = post(client, caller)[1]
    address = f"/api/v1/events/nec/registrations/{made['id']}"
    for _ in range(2):
        answer = client.delete(address, headers=caller)
        assert (answer.status_code, answer.get_json()) == (
            200,
            {"id": made["id"], "state": "cancelled"},
        )
    left = client.get("/api/v1/events/nec", headers=caller).get_json()["places_left"]
    assert left == {"onsite": 2, "remote": None}
    assert post(client, caller)[0] == 201


def test_a_token_reads_or_writes_only_where_it_may(
    client: FlaskClient, session: Session, event: Event, headers: MakeHeaders
) -> None:
    make_departement(session, "18", "Cher")
    reader = headers(TokenScope.REGISTRATIONS_READ)
    assert post(client, reader)[0] == 403
    elsewhere = headers(departement="18")
    assert post(client, elsewhere)[0] == 403
    assert client.get("/api/v1/events/nec/registrations", headers=elsewhere).status_code == 403
    for identity in ("x", str(uuid.uuid4())):
        address = f"/api/v1/events/nec/registrations/{identity}"
        assert client.get(address, headers=reader).status_code == 404


def test_a_registration_costs_at_most_ten_statements(
    app: Flask, client: FlaskClient, event: Event, headers: MakeHeaders
) -> None:
    caller = headers()
    assert post(client, caller)[0] == 201
    db.session.remove()
    with counted_statements(db.engine) as sent:
        assert post(client, caller, another(1))[0] == 201
    assert len(sent) <= 10, "\n".join(sent)
