"""L'appel: a list to tap down, by a device without script or by an account.

What is tapped becomes a scan like any other.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, current_app, make_response, redirect, request, url_for
from sqlalchemy.orm import Session

from eventhub.domain.errors import NotFound
from eventhub.domain.naming import fold
from eventhub.domain.registration import AttendanceMode, RegistrationState
from eventhub.domain.scan import OVERRIDABLE_VERDICTS, VERDICT_MEANINGS, Verdict
from eventhub.exports.wording import hour, local
from eventhub.queries.door import Door
from eventhub.queries.door_copy import DoorCopy, RegistrationCopy, door_copy
from eventhub.services.door import ScanAnswer, record_scans

_STATES = {
    RegistrationState.WAITING: ("liste d’attente", "warning", "clock"),
    RegistrationState.CANCELLED: ("annulée", "no", "cross"),
}


@dataclass(frozen=True, slots=True)
class RollRow:
    """One person of the list.

    `status` is (word, tone, pictogram), of empty words for someone expected. `act` is what the
    button of a mode sends: `admit` for someone whom the rules would not let in. `scan` is a fresh
    id, so that a form sent twice is one scan.
    """

    id: uuid.UUID
    name: str
    structure: str
    status: tuple[str, str, str]
    is_present: bool
    can_be_undone: bool
    is_excused: bool
    act: str
    modes: list[AttendanceMode]
    scan: str


@dataclass(frozen=True, slots=True)
class Roll:
    """The list of one checkpoint, perhaps searched."""

    rows: list[RollRow]
    checkpoint_id: int
    checkpoints: list[tuple[int, str]]
    words: str
    present: int
    expected: int


def read_roll(session: Session, door: Door, modes: tuple[AttendanceMode, ...]) -> Roll:
    """The list that the request asks for (`point`, `q`). Raises NotFound without a checkpoint."""
    checkpoint_id = chosen_checkpoint(door)
    copy = door_copy(session, door)
    words = request.values.get("q", "").strip()
    wanted = fold(words).split()
    people = [
        person
        for person in copy.registrations
        if all(word in fold(f"{person.name} {person.structure}") for word in wanted)
    ]
    here = sum(checkpoint_id in person.present for person in copy.registrations)
    expected = sum(
        checkpoint_id not in person.present
        and checkpoint_id in person.checkpoints
        and person.state in (RegistrationState.CONFIRMED, RegistrationState.INVITED)
        for person in copy.registrations
    )
    return Roll(
        rows=[_row(copy, person, checkpoint_id, modes) for person in people],
        checkpoint_id=checkpoint_id,
        checkpoints=[(one.id, one.label) for one in door.checkpoints.values()],
        words=words,
        present=here,
        expected=expected,
    )


def chosen_checkpoint(door: Door) -> int:
    """The checkpoint of the request, else the first. Raises NotFound where there is none."""
    asked = request.values.get("point", type=int)
    if asked in door.checkpoints:
        return int(asked)
    if door.first_entrance is None:
        raise NotFound
    return door.first_entrance.id


def take_roll(session: Session, door: Door, now: datetime) -> list[ScanAnswer]:
    """Record what was tapped: `act` is present, admit, remove or excuse, about `who`.

    The mode follows the act after a dot, or comes by itself. Raises NotFound for another act or
    an unknown person.
    """
    checkpoint_id = chosen_checkpoint(door)
    scans = _scans(session, door, checkpoint_id, now)
    answers = record_scans(session, door, scans, now, secret_key=current_app.config["SECRET_KEY"])
    return answers.verdicts


def back_to_roll(endpoint: str, **values: Any) -> Response:
    """Back to the list as it was searched, at the person that was tapped."""
    return make_response(
        redirect(
            url_for(
                endpoint,
                point=request.form.get("point") or None,
                q=request.form.get("q") or None,
                _anchor=f"p-{request.form.get('who', '')}",
                **values,
            ),
            code=303,
        )
    )


def sentence(answers: list[ScanAnswer]) -> tuple[str, str]:
    """What to tell of the answers: the tone of the notice, and the sentence."""
    if not answers:
        return "warning", "Il n’y avait rien à changer."
    answer = answers[0]
    if answer.verdict in OVERRIDABLE_VERDICTS or answer.verdict is Verdict.HELD:
        return "warning", answer.message
    meaning = VERDICT_MEANINGS[answer.verdict]
    return {"green": "success", "amber": "warning"}.get(meaning.colour.value, "error"), (
        answer.message
    )


def _scans(session: Session, door: Door, checkpoint_id: int, now: datetime) -> list[Any]:
    who = request.form.get("who", "")
    act, _, mode = request.form.get("act", "").partition(".")
    mode = mode or request.form.get("mode", "")
    fields: dict[str, Any] = {
        "checkpoint": str(checkpoint_id),
        "registration": who,
        "scanned_at": now.isoformat(),
    }
    scan_id = request.form.get("scan", "") or str(uuid.uuid4())
    if act in {"present", "admit"}:
        extra = {"mode": mode} if mode in set(AttendanceMode) else {}
        override = {"override": True} if act == "admit" else {}
        return [fields | {"id": scan_id, "kind": "arrival"} | extra | override]
    if act == "excuse":
        return [fields | {"id": scan_id, "kind": "excuse"}]
    if act == "remove":
        found = [p for p in door_copy(session, door).registrations if str(p.id) == who]
        if not found:
            raise NotFound
        presence = found[0].present.get(checkpoint_id)
        reason = request.form.get("reason", "").strip() or "Retirée de la liste d’appel"
        return [
            {
                "id": f"{scan_id}.{number}",
                "kind": "undo",
                "undoes": undone,
                "reason": reason,
                "scanned_at": now.isoformat(),
            }
            for number, undone in enumerate(presence.scans if presence else [])
        ]
    raise NotFound


def _row(
    copy: DoorCopy,
    person: RegistrationCopy,
    checkpoint_id: int,
    modes: tuple[AttendanceMode, ...],
) -> RollRow:
    presence = person.present.get(checkpoint_id)
    if presence is not None:
        when = f" à {hour(local(presence.at, copy.event.timezone))}" if presence.at else ""
        status = (f"présent·e{when}", "ok", "ok")
    elif person.excused_at is not None:
        status = ("excusé·e", "warning", "info")
    else:
        status = _STATES.get(person.state, ("", "", ""))
    is_booked = checkpoint_id in person.checkpoints
    if not (is_booked or status[0]):
        status = ("pas à ce temps", "warning", "warning")
    return RollRow(
        id=person.id,
        name=person.name or "Sans nom",
        structure=person.structure,
        status=status,
        is_present=presence is not None,
        can_be_undone=bool(presence and presence.scans),
        is_excused=person.excused_at is not None,
        act="present" if is_booked and person.state not in _STATES else "admit",
        modes=[] if presence is not None else list(modes),
        scan=str(uuid.uuid4()),
    )
