"""Reads one scan as a phone sends it; nothing that is wrong in it raises."""

import hashlib
import json
import re
import uuid
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeGuard, TypeVar

from eventhub.domain.registration import AttendanceMode, clean_line
from eventhub.domain.scan import ScanKind, Verdict
from eventhub.domain.ticket import SignedTicket, read_short_code, read_ticket

Word = TypeVar("Word", bound=StrEnum)

_ID = re.compile(r"[!-~]{1,64}")
_NUMBER = re.compile(r"[0-9]{1,9}")
_OFFSET_MAX_MS = 10 * 366 * 86_400_000
BY_MAX = 200
TEXT_MAX = 2000
PERSON_FIELD_MAX = 300


@dataclass(frozen=True, slots=True)
class WalkInPerson:
    """Who came in without a registration, as typed."""

    given_name: str = ""
    family_name: str = ""
    email: str = ""
    structure: str = ""
    category: str = ""
    departement: str = ""


_PERSON_FIELDS = tuple(part.name for part in fields(WalkInPerson))


@dataclass(frozen=True, slots=True)
class SentScan:
    """One scan as sent. `kind` None: malformed, kept as it is.

    `scan_id` is the id under which it is kept; `sent_id` the one to answer to, None where there
    was none. `offset_ms` is the server's clock less the phone's, as the phone knew it.
    """

    scan_id: str
    sent_id: str | None
    sent: dict[str, Any] = field(repr=False)
    kind: ScanKind | None = None
    checkpoint_id: int | None = None
    ticket: SignedTicket | None = None
    short_code: str | None = None
    has_ticket_text: bool = False
    registration_id: uuid.UUID | None = None
    person: WalkInPerson | None = None
    mode: AttendanceMode | None = None
    reason: str = ""
    undoes: str | None = None
    scanned_at: datetime | None = None
    offset_ms: int | None = None
    shown: Verdict | None = None
    overridden: bool = False
    by: str = ""
    is_test: bool = False


def read_scan(sent: object) -> SentScan:
    """The scan that `sent`, a decoded JSON value, says.

    Malformed are: what is not an object, an id that is not 1 to 64 visible ASCII characters, an
    unknown kind, and a scan that does not say whom or what it is about. Such a scan without a
    usable id is kept under a digest of its content, so that it too is kept only once.
    """
    raw: dict[str, Any] = sent if isinstance(sent, dict) else {"sent": sent}
    given_id = raw.get("id")
    scan_id = given_id if isinstance(given_id, str) and _ID.fullmatch(given_id) else None
    if scan_id is None:
        return SentScan(
            scan_id=_digest(sent),
            sent_id=given_id if _can_be_answered(given_id) else None,
            sent=raw,
        )
    kind = _member(ScanKind, raw.get("kind"))
    ticket_text = raw.get("ticket")
    has_ticket_text = isinstance(ticket_text, str) and bool(ticket_text.strip())
    registration_id = _uuid(raw.get("registration"))
    person = _person(raw.get("person"))
    undoes = raw.get("undoes")
    undoes = undoes if isinstance(undoes, str) and _ID.fullmatch(undoes) else None
    names_someone = has_ticket_text or registration_id is not None
    says_enough = {
        ScanKind.ARRIVAL: names_someone,
        ScanKind.EXCUSE: names_someone,
        ScanKind.UNDO: undoes is not None,
        ScanKind.WALK_IN: person is not None,
    }
    if kind is None or not says_enough[kind]:
        return SentScan(scan_id=scan_id, sent_id=scan_id, sent=raw)
    override = raw.get("override")
    ticket = read_ticket(ticket_text) if isinstance(ticket_text, str) else None
    return SentScan(
        scan_id=scan_id,
        sent_id=scan_id,
        sent=raw,
        kind=kind,
        checkpoint_id=_whole_number(raw.get("checkpoint")),
        ticket=ticket,
        short_code=read_short_code(ticket_text)
        if ticket is None and isinstance(ticket_text, str)
        else None,
        has_ticket_text=has_ticket_text,
        registration_id=registration_id,
        person=person,
        mode=_member(AttendanceMode, raw.get("mode")),
        reason=clean_text(raw.get("reason"), TEXT_MAX),
        undoes=undoes if kind is ScanKind.UNDO else None,
        scanned_at=read_moment(raw.get("scanned_at")),
        offset_ms=_offset(raw.get("offset_ms")),
        shown=_member(Verdict, raw.get("shown")),
        overridden=override is True or _member(Verdict, override) is not None,
        by=clean_text(raw.get("by"), BY_MAX),
        is_test=raw.get("test") is True,
    )


def without_address(sent: dict[str, Any]) -> dict[str, Any]:
    """What was sent, less a walk-in's address."""
    person = sent.get("person")
    if not isinstance(person, dict) or "email" not in person:
        return sent
    return sent | {"person": {key: person[key] for key in person if key != "email"}}


def read_moment(value: object) -> datetime | None:
    """A moment written in ISO 8601, in UTC; one without a zone is taken as UTC."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def clean_text(value: object, longest: int) -> str:
    """One line that any database takes, `longest` characters at most; "" for what is no text."""
    if not isinstance(value, str):
        return ""
    line = clean_line(" ".join(value[: longest * 2].split("\n")))
    return (line if line.isprintable() else "".join(filter(str.isprintable, line)))[:longest]


def _can_be_answered(given_id: object) -> TypeGuard[str]:
    """Whether an id can be written down again: half of a surrogate pair cannot."""
    if not isinstance(given_id, str) or not given_id:
        return False
    try:
        given_id.encode()
    except UnicodeEncodeError:
        return False
    return True


def _digest(sent: object) -> str:
    text = json.dumps(sent, sort_keys=True, default=str)
    return f"sha256-{hashlib.sha256(text.encode()).hexdigest()[:48]}"


def _member(kind: type[Word], value: object) -> Word | None:
    try:
        return kind(value)  # type: ignore[arg-type]  # what is no text is no member either
    except ValueError:
        return None


def _whole_number(value: object) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return int(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else None


def _uuid(value: object) -> uuid.UUID | None:
    if not isinstance(value, str) or len(value) not in (32, 36):
        return None
    try:
        return uuid.UUID(value)
    except ValueError:
        return None


def _offset(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return round(value) if abs(value) <= _OFFSET_MAX_MS else None


def _person(value: object) -> WalkInPerson | None:
    if not isinstance(value, dict):
        return None
    return WalkInPerson(
        **{name: clean_text(value.get(name), PERSON_FIELD_MAX) for name in _PERSON_FIELDS}
    )
