"""Nothing is changed by following a link, nor by another site's form."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from eventhub.extensions import db
from tests.blueprints.access_world import make_world, undone
from tests.blueprints.test_access_matrix import routes
from tests.query_count import counted_statements

NOTES_A_CONTACT = {"api.door_snapshot"}
"""Reading that is itself worth noting: when a device was last heard of."""


def test_no_get_writes(app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "TESTING", False)
    world = make_world(app, session)
    wrote = []
    for (method, address), rule in routes(app).items():
        if method != "GET" or rule.endpoint in NOTES_A_CONTACT:
            continue
        for name in ("administrator", "staff with names", "door device", "participant"):
            with undone(session), counted_statements(db.engine) as statements:
                world.ask(world.personas[name], method, rule)
            writes = [words for words in statements if not words.startswith(("SELECT", "WITH"))]
            if writes:
                wrote.append((address, name, writes))
    assert wrote == []


def test_every_form_needs_the_token_of_its_page(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = make_world(app, session)
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    monkeypatch.setitem(app.config, "TESTING", False)
    accepted = {}
    for (method, address), rule in routes(app).items():
        if method == "GET" or address.startswith("/api/"):
            continue
        for name in ("signed out", "administrator", "participant", "door device"):
            with undone(session):
                answer = world.ask(world.personas[name], method, rule)
            if answer != "400":
                accepted[address, name] = answer
    assert accepted == {}
