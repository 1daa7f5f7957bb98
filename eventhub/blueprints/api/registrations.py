"""Registrations of the API."""

import uuid
from datetime import datetime
from typing import Any

from flask import Response, abort, current_app, jsonify, request
from sqlalchemy.orm import Session

from eventhub.blueprints.api import bp
from eventhub.blueprints.api.events import event_of_caller
from eventhub.domain.errors import InvalidInput, NotFound
from eventhub.domain.links import registration_token
from eventhub.domain.registration import (
    LIVE_STATES,
    AttendanceMode,
    RegistrationOrigin,
    RegistrationRequest,
    RegistrationState,
)
from eventhub.domain.rights import TokenScope
from eventhub.extensions import db
from eventhub.models.registration import Registration
from eventhub.queries.events import event_to_register
from eventhub.queries.registration_pages import registration_of_event, registrations_after
from eventhub.services.idempotency import claim_key, keep_answer
from eventhub.services.registration import RegistrationOutcome, register, withdraw
from eventhub.services.tickets import signed_text
from eventhub.web.api_auth import Caller, require_scope
from eventhub.web.clock import now
from eventhub.web.cursors import invalid_cursor, read_cursor, write_cursor
from eventhub.web.transactions import write_transaction
from eventhub.web.urls import public_url

_PAGE_SIZE = 200
_IDEMPOTENCY_KEY_MAX = 255
_TEXT_FIELDS = ("given_name", "family_name", "email", "category", "structure", "departement")


@bp.get("/events/<slug>/registrations")
def registrations(slug: str) -> Response:
    """List the registrations of an event, oldest first."""
    event = event_of_caller(slug, require_scope(TokenScope.REGISTRATIONS_READ))
    position = _position(request.args.get("cursor", ""))
    found = registrations_after(db.session(), event.id, position, _PAGE_SIZE + 1)
    page = found[:_PAGE_SIZE]
    last = page[-1] if len(found) > _PAGE_SIZE else None
    return jsonify(
        items=[_document(registration) for registration in page],
        next=write_cursor(last.created_at.isoformat(), str(last.id)) if last else None,
    )


@bp.get("/events/<slug>/registrations/<registration_id>")
def registration(slug: str, registration_id: str) -> Response:
    """Give one registration."""
    caller = require_scope(TokenScope.REGISTRATIONS_READ)
    return jsonify(_document(_registration_of_caller(db.session(), slug, registration_id, caller)))


@bp.post("/events/<slug>/registrations")
def add_registration(slug: str) -> tuple[Response, int]:
    """Register a person, or put them on the waiting list; they get a mail.

    Under an Idempotency-Key a repeated request is answered as the first was.
    """
    moment = now()
    # One transaction for the token too: opening another one costs as much as a statement.
    with write_transaction() as session:
        caller = require_scope(TokenScope.REGISTRATIONS_WRITE)
        wanted = _registration_request(_json_body())
        scope, key = f"{caller.token_id}:{slug}", request.headers.get("Idempotency-Key", "").strip()
        if len(key) > _IDEMPOTENCY_KEY_MAX:
            raise InvalidInput({"Idempotency-Key": "255 caractères au plus."})
        event = event_of_caller(slug, caller, event_to_register)
        if key:
            kept = claim_key(session, scope, key, request.get_data(), moment)
            if kept is not None:
                return jsonify(kept[1]), kept[0]
        outcome = register(session, event, wanted, moment, origin=RegistrationOrigin.ONLINE)
        body = _outcome_document(session, outcome)
        if key:
            keep_answer(session, scope, key, 201, body)
    return jsonify(body), 201


@bp.delete("/events/<slug>/registrations/<registration_id>")
def withdraw_registration(slug: str, registration_id: str) -> Response:
    """Withdraw a registration; withdrawing it again is answered in the same way."""
    caller = require_scope(TokenScope.REGISTRATIONS_WRITE)
    with write_transaction() as session:
        found = _registration_of_caller(session, slug, registration_id, caller)
        if found.state in LIVE_STATES:
            withdraw(session, found, now(), excused=False)
    return jsonify(id=str(found.id), state=RegistrationState.CANCELLED.value)


def _registration_of_caller(
    session: Session, slug: str, registration_id: str, caller: Caller
) -> Registration:
    event = event_of_caller(slug, caller)
    try:
        identity = uuid.UUID(registration_id)
    except ValueError as error:
        raise NotFound from error
    found = registration_of_event(session, event.id, identity)
    if found is None:
        raise NotFound
    return found


def _json_body() -> Any:
    try:
        return request.get_json()
    except RecursionError:  # nested deeper than Python reads
        abort(400)


def _registration_request(body: Any) -> RegistrationRequest:
    """What the JSON asks for. Raises InvalidInput with an entry per field of a wrong type."""
    if not isinstance(body, dict):
        raise InvalidInput({"body": "Envoyez un objet JSON."})
    wrong = {
        name: "Écrivez un texte."
        for name in _TEXT_FIELDS
        if not isinstance(body.get(name, ""), str | None)
    }
    activities = body.get("activities")
    if activities not in (None, []):
        wrong["activities"] = "Cet évènement ne propose pas de choisir des temps du programme."
    mode = None
    if body.get("mode") is not None:
        try:
            mode = AttendanceMode(body["mode"])
        except ValueError:
            wrong["mode"] = "Écrivez onsite ou remote."
    if not body.get("email") and "email" not in wrong:
        wrong["email"] = "Remplissez ce champ."
    if wrong:
        raise InvalidInput(wrong)
    return RegistrationRequest(
        given_name=body.get("given_name") or "",
        family_name=body.get("family_name") or "",
        email=body["email"],
        category=body.get("category"),
        structure=body.get("structure") or "",
        departement=body.get("departement"),
        mode=mode,
    )


def _outcome_document(session: Session, outcome: RegistrationOutcome) -> dict[str, Any]:
    secret_key = str(current_app.config["SECRET_KEY"])
    token = registration_token(secret_key, outcome.registration_id)
    document: dict[str, Any] = {
        "id": str(outcome.registration_id),
        "state": outcome.state.value,
        "ticket": signed_text(session, outcome.ticket, secret_key),
        "short_code": outcome.ticket.short_code,
        "manage_url": public_url("registration.manage", token=token),
    }
    if outcome.rank is not None:
        document["rank"] = outcome.rank
    return document


def _document(registration: Registration) -> dict[str, Any]:
    return {
        "id": str(registration.id),
        "state": registration.state.value,
        "rank": registration.waiting_rank,
        "origin": registration.origin.value,
        "given_name": registration.person.given_name,
        "family_name": registration.person.family_name,
        "email": registration.person.email,
        "category": registration.category_code,
        "structure": registration.structure_name,
        "departement": registration.departement_code,
        "mode": registration.mode.value,
        "role": registration.role.value,
        "activities": [
            str(booking.activity_id)
            for booking in registration.bookings
            if booking.state is RegistrationState.CONFIRMED
        ],
        "created_at": registration.created_at.isoformat(),
    }


def _position(cursor: str) -> tuple[datetime, uuid.UUID] | None:
    if not cursor:
        return None
    created_at, identity = read_cursor(cursor, 2)
    try:
        moment = datetime.fromisoformat(created_at)
        if moment.tzinfo is None:
            raise invalid_cursor()
        return moment, uuid.UUID(identity)
    except ValueError as error:
        raise invalid_cursor() from error
