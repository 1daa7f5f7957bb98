"""SQL statements of one registration and of one check-in, authorisation included."""

import json
import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import event as sqlalchemy_event
from sqlalchemy.engine import Engine

import config
from bench.result import Result
from bench.serving import Served
from eventhub.app import create_app
from eventhub.extensions import db

MOST_FOR_A_REGISTRATION = 10
MOST_FOR_A_CHECK_IN = 6


def statements(server: Served, event: str) -> Iterator[Result]:
    """Count on the served database, through the API, after one request that warms the caches."""
    token = server.eventhub("token", "add", "count", "--scope", "registrations:write").split()[-1]
    device = server.eventhub("door", "add", event, "--name", "Compte").split()[-1]
    app = create_app(config.load(server.environment))
    logging.disable(logging.CRITICAL)
    client = app.test_client()
    address = f"/api/v1/events/{event}/registrations"

    def register() -> str:
        number = uuid.uuid4().hex[:8]
        answer = client.post(
            address,
            json={
                "given_name": "Camille",
                "family_name": f"Compte {number}",
                "email": f"compte-{number}@example.org",
                "category": "mediateur",
                "structure": "Hub-Lo",
                "departement": "45",
            },
            headers={"Authorization": f"Bearer {token}"},
        )
        if answer.status_code != 201:
            raise RuntimeError(answer.get_data(as_text=True))
        return str(json.loads(answer.data)["id"])

    headers = {"Authorization": f"Bearer {device}"}
    checkpoint = client.get("/api/v1/door/snapshot", headers=headers).get_json()["checkpoints"][0]

    def check_in(registration: str) -> None:
        moment = datetime.now(UTC).isoformat()
        scan = {
            "id": str(uuid.uuid4()),
            "checkpoint": checkpoint["id"],
            "kind": "arrival",
            "registration": registration,
            "scanned_at": moment,
        }
        answer = client.post(
            "/api/v1/door/scans", json={"sent_at": moment, "scans": [scan]}, headers=headers
        )
        if answer.status_code != 200:
            raise RuntimeError(answer.get_data(as_text=True))

    check_in(register())
    with app.app_context():
        engine = db.engine
    with _counted(engine) as sent:
        registration = register()
    yield Result("registration.statements", len(sent), "statements", target=MOST_FOR_A_REGISTRATION)
    with _counted(engine) as sent:
        check_in(registration)
    yield Result("check_in.statements", len(sent), "statements", target=MOST_FOR_A_CHECK_IN)
    engine.dispose()


@contextmanager
def _counted(engine: Engine) -> Iterator[list[str]]:
    sent: list[str] = []

    def listen(_c: object, _cu: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    sqlalchemy_event.listen(engine, "before_cursor_execute", listen)
    try:
        yield sent
    finally:
        sqlalchemy_event.remove(engine, "before_cursor_execute", listen)
