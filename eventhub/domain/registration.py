"""Words of a registration: states, origins, roles, modes; and what may be typed in one."""

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from eventhub.domain.event import EventMode, EventState


class RegistrationState(StrEnum):
    """`invited` takes no place; `waiting` is in order; `cancelled` may come back."""

    INVITED = "invited"
    CONFIRMED = "confirmed"
    WAITING = "waiting"
    CANCELLED = "cancelled"


LIVE_STATES = (
    RegistrationState.INVITED,
    RegistrationState.CONFIRMED,
    RegistrationState.WAITING,
)
"""One live registration per person and event; the partial unique index says the same."""


class RegistrationOrigin(StrEnum):
    """How the registration came in."""

    ONLINE = "online"
    STAFF = "staff"
    IMPORT = "import"
    DOOR = "door"


class RegistrationRole(StrEnum):
    """What the person does at the event."""

    PARTICIPANT = "participant"
    FACILITATOR = "facilitator"
    SPEAKER = "speaker"
    PARTNER = "partner"
    ORGANISER = "organiser"
    PRESS = "press"


class AttendanceMode(StrEnum):
    """How one person attends."""

    ONSITE = "onsite"
    REMOTE = "remote"


REGISTRATION_STATE_LABELS: dict[RegistrationState, str] = {
    RegistrationState.INVITED: "Invitation",
    RegistrationState.CONFIRMED: "Confirmée",
    RegistrationState.WAITING: "Liste d’attente",
    RegistrationState.CANCELLED: "Désistement",
}

REGISTRATION_ROLE_LABELS: dict[RegistrationRole, str] = {
    RegistrationRole.PARTICIPANT: "Participant·e",
    RegistrationRole.FACILITATOR: "Animateur·rice",
    RegistrationRole.SPEAKER: "Intervenant·e",
    RegistrationRole.PARTNER: "Partenaire",
    RegistrationRole.ORGANISER: "Organisateur·rice",
    RegistrationRole.PRESS: "Presse",
}

ATTENDANCE_MODE_LABELS: dict[AttendanceMode, str] = {
    AttendanceMode.ONSITE: "Sur place",
    AttendanceMode.REMOTE: "À distance",
}

NAME_MAX = 100
STRUCTURE_NAME_MAX = 200
EMAIL_MAX = 254
"""Longest address that can be delivered to. Source: RFC 5321 §4.5.3.1.3, less the brackets."""


class ClosedReason(StrEnum):
    """Why nobody can register at an event by themselves; `full` apart, which is about places."""

    NOT_PUBLISHED = "not_published"
    NOT_OPEN_YET = "not_open_yet"
    OVER = "over"
    DISABLED = "disabled"
    CANCELLED = "cancelled"
    POSTPONED = "postponed"
    CLOSED = "closed"


class Registrable(Protocol):
    """What must be known of an event to say whether registration is open."""

    @property
    def state(self) -> EventState: ...  # noqa: D102 - its name says it
    @property
    def registration_enabled(self) -> bool: ...  # noqa: D102 - its name says it
    @property
    def registration_opens_at(self) -> datetime | None: ...  # noqa: D102 - its name says it
    @property
    def registration_closes_at(self) -> datetime | None: ...  # noqa: D102 - its name says it
    @property
    def ends_on(self) -> date: ...  # noqa: D102 - its name says it
    @property
    def ends_at(self) -> datetime | None: ...  # noqa: D102 - its name says it
    @property
    def timezone(self) -> str: ...  # noqa: D102 - its name says it


def end_of(event: Registrable) -> datetime:
    """The moment at which the event is over: its hour of end, else the end of its last day."""
    if event.ends_at is not None:
        return event.ends_at
    next_day = event.ends_on + timedelta(days=1)
    return datetime.combine(next_day, time(), tzinfo=ZoneInfo(event.timezone))


def why_registration_is_closed(event: Registrable, now: datetime) -> ClosedReason | None:
    """Why nobody can register at `event` by themselves at `now`, or None where they can.

    Says nothing of places. What cannot be undone comes before what can.
    """
    if event.state is EventState.DRAFT:
        return ClosedReason.NOT_PUBLISHED
    if event.state is EventState.CANCELLED:
        return ClosedReason.CANCELLED
    if event.state is EventState.POSTPONED:
        return ClosedReason.POSTPONED
    if event.state is EventState.CLOSED or end_of(event) <= now:
        return ClosedReason.OVER
    if not event.registration_enabled:
        return ClosedReason.DISABLED
    if event.registration_opens_at is not None and now < event.registration_opens_at:
        return ClosedReason.NOT_OPEN_YET
    if event.registration_closes_at is not None and event.registration_closes_at <= now:
        return ClosedReason.CLOSED
    return None


def modes_of(mode: EventMode) -> tuple[AttendanceMode, ...]:
    """The modes in which one can attend an event of this mode; the first is the usual one."""
    if mode is EventMode.HYBRID:
        return (AttendanceMode.ONSITE, AttendanceMode.REMOTE)
    if mode is EventMode.REMOTE:
        return (AttendanceMode.REMOTE,)
    return (AttendanceMode.ONSITE,)


def places_left(capacity: int | None, taken: int, waiting: int) -> int | None:
    """Places that who comes now can have; None: no limit.

    A place that frees while people wait is theirs: there is none for who comes now.
    """
    if waiting:
        return 0
    return None if capacity is None else max(0, capacity - taken)


@dataclass(frozen=True, slots=True)
class RegistrationRequest:
    """What a person gives to register: as typed; the service cleans and checks it.

    `category` and `departement` are codes. `mode` None means the event's usual one. `email` None
    is for people registered by hand who have no address.
    """

    given_name: str
    family_name: str
    email: str | None
    category: str | None = None
    structure: str = ""
    departement: str | None = None
    mode: AttendanceMode | None = None
    role: RegistrationRole = RegistrationRole.PARTICIPANT


_BIDI_CONTROLS = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
_REFUSED_CATEGORIES = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})


def clean_line(text: str) -> str:
    """`text` in NFC, every kind of space made one plain space, none of them around."""
    composed = unicodedata.normalize("NFC", text)
    if not composed.isascii():
        composed = "".join(" " if unicodedata.category(c) == "Zs" else c for c in composed)
    return " ".join(part for part in composed.split(" ") if part)


def has_hidden_characters(text: str) -> bool:
    """Whether `text` holds controls, line ends, or marks that turn the reading direction over."""
    if text.isprintable():
        return False
    return any(c in _BIDI_CONTROLS or unicodedata.category(c) in _REFUSED_CATEGORIES for c in text)


def why_not_a_name(text: str) -> str | None:
    """The French sentence that says what is wrong with a cleaned given or family name."""
    if not text:
        return "Remplissez ce champ."
    return why_not_a_line(text, NAME_MAX) or (
        None if any(c.isalnum() for c in text) else "Écrivez-le avec des lettres."
    )


def why_not_a_line(text: str, longest: int) -> str | None:
    """The French sentence that says what is wrong with a cleaned line, or None."""
    if len(text) > longest:
        return f"Raccourcissez : {longest} caractères au plus."
    if has_hidden_characters(text):
        return "Réécrivez ce champ au clavier : il contient des caractères invisibles."
    return None
