"""The door's API: the copy that a device works from, and the scans that it sends."""

import json
import math
from typing import Any

from flask import Response, abort, current_app, jsonify, request

from eventhub.blueprints.api import bp
from eventhub.exports.door_copy import copy_json, moment
from eventhub.extensions import db
from eventhub.queries.door_copy import door_copy
from eventhub.services.door import ScanAnswer, record_scans
from eventhub.services.door.pairing import note_contact
from eventhub.web.clock import now
from eventhub.web.door_auth import reading_device, sending_device
from eventhub.web.transactions import write_transaction

_PENDING_MAX = 1_000_000
_DIGITS_MAX = 18


@bp.get("/door/snapshot")
def door_snapshot() -> Response:
    """Give the copy: whole, or what changed since `cursor`."""
    at = now()
    door = reading_device(db.session(), at)
    copy = door_copy(db.session(), door, request.args.get("cursor", ""))
    body = copy_json(door, copy, at)
    pending = request.args.get("pending", type=int)
    with write_transaction() as session:
        note_contact(session, door, at, _pending(pending))
    response = jsonify(body)
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/door/scans")
def door_scans() -> Response:
    """Take scans, and answer one verdict each, in the order sent."""
    at = now()
    with write_transaction() as session:
        # In the transaction that writes: a second one for reading would cost half as much again.
        door = sending_device(session, at)
        body = _json_body()
        scans = body.get("scans") if isinstance(body, dict) else None
        if not isinstance(scans, list):
            abort(400)
        answers = record_scans(
            session,
            door,
            scans,
            at,
            secret_key=current_app.config["SECRET_KEY"],
            pending=_pending(body.get("pending")),
        )
    response = jsonify(
        {
            "server_time": moment(at),
            "epoch": answers.epoch,
            "scans_held": answers.scans_held,
            "verdicts": [_verdict(answer) for answer in answers.verdicts],
        }
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _verdict(answer: ScanAnswer) -> dict[str, Any]:
    body: dict[str, Any] = {"id": answer.id, "verdict": answer.verdict.value}
    if answer.registration_id is not None:
        body["registration"] = str(answer.registration_id)
    if answer.first_seen is not None:
        body["first_seen"] = answer.first_seen
    body["message"] = answer.message
    return body


def _pending(value: object) -> int | None:
    """How many scans the device has yet to send, if it says so."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value <= _PENDING_MAX else None


def _json_body() -> Any:
    """The body as JSON proper: one scan with an odd number must not refuse the others."""
    try:
        return json.loads(
            request.get_data(),
            parse_int=_whole,
            parse_float=_finite,
            parse_constant=_refuse_constant,
        )
    except (ValueError, RecursionError):
        abort(400)


def _whole(text: str) -> int | None:
    """A whole number of a size that means something here, else None."""
    return int(text) if len(text) <= _DIGITS_MAX else None


def _finite(text: str) -> float | None:
    """A number that can be written down again, else None."""
    number = float(text)
    return number if math.isfinite(number) else None


def _refuse_constant(text: str) -> None:
    """NaN and Infinity are no JSON. Source: RFC 8259 §6."""
    raise ValueError(text)
