"""Words of a registration: states, origins, roles, modes."""

from enum import StrEnum


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
