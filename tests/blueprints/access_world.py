"""Everyone in the list of rights of docs, each with a way to ask: for the access matrix.

One event in the Indre-et-Loire (37), published, with one person registered; a colleague for each
right, organisers here (37) and elsewhere (18).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from eventhub.domain.activity_details import ActivityDetails
from eventhub.domain.event import ActivityFormat, PartnershipRole
from eventhub.domain.links import registration_token
from eventhub.domain.registration import RegistrationOrigin, RegistrationRequest
from eventhub.domain.rights import AccountRole, TokenScope
from eventhub.models.account import Account
from eventhub.models.door import Checkpoint
from eventhub.models.event import KindActivity
from eventhub.services.door.pairing import add_device
from eventhub.services.events import share_event
from eventhub.services.figures import add_headcount
from eventhub.services.partnerships import add_partner
from eventhub.services.programme import add_activity
from eventhub.services.registration import register
from eventhub.services.structure_merge import merge_structures
from eventhub.services.tokens import create_token
from eventhub.web.clock import now
from tests.blueprints.sign_in import signed_in
from tests.factories import (
    make_account,
    make_category,
    make_departement,
    make_event,
    make_member,
    make_series,
    make_structure,
)

HERE, ELSEWHERE = "37", "18"
UNKNOWN, NOWHERE = "inconnu", 999_999
BODIES = {
    "api.add_registration": {
        "given_name": "Bruno",
        "family_name": "Delaunay",
        "email": "bruno@example.org",
    },
}
"""What is sent where an empty request would hide that someone may not ask; else nothing."""

SESSION, DOOR = "eventhub", "eventhub_door"


@dataclass(frozen=True, slots=True)
class Persona:
    """Someone who asks: the cookies and headers sent, and the values of addresses known."""

    cookies: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    knows: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class World:
    """The personas, in the order of the table's columns, and what stands in addresses."""

    app: Flask
    personas: dict[str, Persona]
    values: dict[str, Any]

    def ask(self, persona: Persona, method: str, rule: Rule) -> str:
        """Ask this route as this persona; the answer as `send` gives it."""
        known = self.values | persona.knows
        values = {name: known[name] for name in rule.arguments}
        path = self.app.url_map.bind("localhost").build(rule.endpoint, values, method=method)
        return self.send(persona, method, path, BODIES.get(rule.endpoint))

    def send(
        self, persona: Persona, method: str, path: str, body: dict[str, str] | None = None
    ) -> str:
        """Send a request in a browser of its own; its answer in three letters.

        That is the status, or `in` for a redirect to the sign-in page.
        """
        client = self.app.test_client()
        for name, value in persona.cookies.items():
            client.set_cookie(name, value)
        sends_json = path.startswith("/api/") and method != "GET"
        response = client.open(
            path,
            method=method,
            headers=persona.headers,
            json=(body or {}) if sends_json else None,
        )
        if response.status_code == 303 and response.location.startswith("/connexion"):
            return "in"
        return str(response.status_code)


def make_world(app: Flask, session: Session) -> World:
    """Make the event, the people and their keys."""
    secret: str = app.config["SECRET_KEY"]
    in_37 = make_departement(session, HERE, "Indre-et-Loire")
    make_departement(session, ELSEWHERE, "Cher")
    event = make_event(
        session,
        slug="ici-2027",
        departements=[in_37],
        starts_on=now().date() + timedelta(days=60),
    )
    administrator = make_account(session)
    device, device_token = add_device(session, event, "Accueil 1", now(), secret_key=secret)
    made = register(
        session,
        event,
        RegistrationRequest("Inès", "Aubertin", "ines@example.org"),
        now(),
        origin=RegistrationOrigin.ONLINE,
    )
    activity = add_activity(
        session, event, ActivityDetails(format=ActivityFormat.WORKSHOP, title="Atelier"), now()
    )
    headcount = add_headcount(session, event, "participants", 12, now(), source="relevé")
    series = make_series(session, slug="serie-ici", departements=[in_37])
    event.series_id = series.id
    member = make_member(session, series)
    staff = make_account(session, AccountRole.STAFF, (HERE,))
    structure, double = make_structure(session, "Ville de Tours"), make_structure(session, "Tours")
    merge = merge_structures(session, double.id, structure.id, now(), account=administrator)
    partnership = add_partner(
        session, event, "Ville de Tours", PartnershipRole.PARTNER, now(), account=administrator
    )
    co_organiser = make_account(session, AccountRole.CO_ORGANISER)
    share_event(session, event, [co_organiser.id], now(), account=administrator)
    category = make_category(session)
    part = KindActivity(kind_code=event.kind_code, format=ActivityFormat.PLENARY, title="Ouverture")
    session.add(part)
    session.commit()

    accounts = {
        "administrator": administrator,
        "organiser here": make_account(session, AccountRole.ORGANISER, (HERE,)),
        "organiser elsewhere": make_account(session, AccountRole.ORGANISER, (ELSEWHERE,)),
        "regional organiser": make_account(session, AccountRole.ORGANISER),
        "co-organiser": co_organiser,
        "staff with names": staff,
        "staff without names": make_account(session, AccountRole.STAFF_FIGURES),
    }
    tokens = {
        f"token {scope.value}": create_token(session, scope.value, [scope.value], now())
        for scope in TokenScope
    } | {"token elsewhere": create_token(session, "18", list(TokenScope), now(), ELSEWHERE)}
    session.commit()

    personas = {
        "signed out": Persona(),
        **{
            name: Persona({SESSION: _session(app, session, account)})
            for name, account in accounts.items()
        },
        "door device": Persona({DOOR: device_token}, _bearer(device_token)),
        "participant": Persona(knows={"token": registration_token(secret, made.registration_id)}),
        **{name: Persona(headers=_bearer(token)) for name, token in tokens.items()},
    }
    values = {
        "slug": event.slug,
        "kind_code": event.kind_code,
        "category_code": category.code,
        "part_id": part.id,
        "month": "2026-12",
        "registration_id": made.registration_id,
        "account_id": staff.id,
        "structure_id": structure.id,
        "merge_id": merge.id,
        "partnership_id": partnership.id,
        "sha256": UNKNOWN,
        "activity_id": activity.id,
        "headcount_id": headcount.id,
        "series_slug": series.slug,
        "member_id": member.id,
        "device_id": device.id,
        "checkpoint_id": session.scalars(select(Checkpoint.id).order_by(Checkpoint.id)).first(),
        "scan_number": NOWHERE,
        "token": UNKNOWN,
        "code": UNKNOWN,
        "year": now().year,
    }
    return World(app, personas, values)


@contextmanager
def undone(session: Session) -> Iterator[None]:
    """Undo whatever a request commits, so that everyone asks in the same world."""
    session.commit()
    connection = session.get_bind()
    assert isinstance(connection, Connection)
    savepoint = connection.begin_nested()
    try:
        yield
    finally:
        session.rollback()
        savepoint.rollback()
        session.expire_all()


def _session(app: Flask, session: Session, account: Account) -> str:
    cookie = signed_in(app, session, account).get_cookie(SESSION)
    assert cookie is not None
    return cookie.value


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
