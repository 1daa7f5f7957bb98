"""The description of the API says what the code does."""

import re
from typing import Any

import jsonschema
import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import validate
from sqlalchemy.orm import Session

from tests.blueprints.api.conftest import MakeHeaders
from tests.factories import make_event


@pytest.fixture
def description(client: FlaskClient) -> Any:
    return client.get("/api/v1/openapi.json").get_json()


def test_the_description_is_valid(description: Any) -> None:
    validate(description)


def test_every_route_is_described_and_no_other(app: Flask, description: Any) -> None:
    routes = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    described = {
        (path, method) for path, operations in description["paths"].items() for method in operations
    }
    assert described == routes


def schema_errors(description: Any, name: str, document: Any) -> list[str]:
    schema = {
        "$ref": f"#/components/schemas/{name}",
        "components": description["components"],
    }
    validator = jsonschema.Draft202012Validator(schema)
    return [error.message for error in validator.iter_errors(document)]


def test_answers_have_the_described_shapes(
    client: FlaskClient, session: Session, description: Any, headers: MakeHeaders
) -> None:
    make_event(session, slug="nec")
    caller = headers()
    made = client.post(
        "/api/v1/events/nec/registrations",
        json={"given_name": "Inès", "family_name": "Aubertin", "email": "ines@example.org"},
        headers=caller,
    ).get_json()
    one = f"/api/v1/events/nec/registrations/{made['id']}"
    answers = {
        "Event": client.get("/api/v1/events/nec", headers=caller),
        "EventList": client.get("/api/v1/events", headers=caller),
        "Registration": client.get(one, headers=caller),
        "RegistrationList": client.get("/api/v1/events/nec/registrations", headers=caller),
        "Problem": client.get("/api/v1/events/absent", headers=caller),
        "EventFigures": client.get("/api/v1/events/nec/figures", headers=caller),
        "FiguresOver": client.get("/api/v1/figures?year=2027", headers=caller),
        "Withdrawal": client.delete(one, headers=caller),
    }
    assert schema_errors(description, "NewRegistration", made) == []
    for name, answer in answers.items():
        assert schema_errors(description, name, answer.get_json()) == [], name
