"""Words of an event: states, modes, date precisions, roles."""

from enum import StrEnum


class EventState(StrEnum):
    """`draft → published → closed`; `postponed` and `cancelled` from the first two."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CLOSED = "closed"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"


class EventMode(StrEnum):
    """How people attend; `unknown` only for history."""

    ONSITE = "onsite"
    REMOTE = "remote"
    HYBRID = "hybrid"
    UNKNOWN = "unknown"


class DatePrecision(StrEnum):
    """How much is known of when the event takes place."""

    DAY = "day"
    ALTERNATIVES = "alternatives"
    MONTH = "month"
    SEASON = "season"
    YEAR = "year"
    RANGE = "range"


class KindFamily(StrEnum):
    """What a kind counts as in the figures."""

    EVENT = "event"
    MEETING = "meeting"
    TRAINING = "training"
    ONE_TO_ONE = "one-to-one"


class CountingUnit(StrEnum):
    """What one participation is: a day, or an activity (a Carrefour)."""

    DAY = "day"
    ACTIVITY = "activity"


class HubRole(StrEnum):
    """The hub's own part in an event."""

    ORGANISER = "organiser"
    CO_ORGANISER = "co-organiser"
    PARTICIPANT = "participant"
    SIGNATORY = "signatory"
    GUEST = "guest"


class PartnershipRole(StrEnum):
    """A structure's part in an event."""

    ORGANISER = "organiser"
    CO_ORGANISER = "co-organiser"
    PARTNER = "partner"
    HOST = "host"
    ENGAGED = "engaged"
    SIGNATORY = "signatory"
    GUEST = "guest"


class DayHalf(StrEnum):
    """A half of a day, where that is all that is known of an hour."""

    MORNING = "morning"
    AFTERNOON = "afternoon"


class EntranceUnit(StrEnum):
    """How long one entrance at the door lasts: presence is noted once in each."""

    DAY = "day"
    HALF_DAY = "half-day"


class ActivityRegistration(StrEnum):
    """Whether one has to choose an activity beforehand, or may simply walk in."""

    OPEN = "open"
    REQUIRED = "required"


class ActivityFormat(StrEnum):
    """The format of one activity of a programme."""

    PLENARY = "plenary"
    TALK = "talk"
    WORKSHOP = "workshop"
    ROUND_TABLE = "round-table"
    STAND = "stand"
    FORUM = "forum"
    PITCH = "pitch"
    CAFE_IA = "cafe-ia"
    BREAK = "break"
    MEAL = "meal"
    OTHER = "other"


ACTIVITY_FORMAT_LABELS: dict[ActivityFormat, str] = {
    ActivityFormat.PLENARY: "Plénière",
    ActivityFormat.TALK: "Conférence",
    ActivityFormat.WORKSHOP: "Atelier",
    ActivityFormat.ROUND_TABLE: "Table ronde",
    ActivityFormat.STAND: "Stand",
    ActivityFormat.FORUM: "Forum",
    ActivityFormat.PITCH: "Pitch",
    ActivityFormat.CAFE_IA: "Café IA",
    ActivityFormat.BREAK: "Pause",
    ActivityFormat.MEAL: "Repas",
    ActivityFormat.OTHER: "Autre",
}

DAY_HALF_LABELS: dict[DayHalf, str] = {
    DayHalf.MORNING: "le matin",
    DayHalf.AFTERNOON: "l’après-midi",
}

ENTRANCE_UNIT_LABELS: dict[EntranceUnit, str] = {
    EntranceUnit.DAY: "Une fois par jour",
    EntranceUnit.HALF_DAY: "Une fois par demi-journée",
}

ACTIVITY_REGISTRATION_LABELS: dict[ActivityRegistration, str] = {
    ActivityRegistration.OPEN: "Entrée libre",
    ActivityRegistration.REQUIRED: "Sur inscription",
}

PARTNERSHIP_ROLE_LABELS: dict[PartnershipRole, str] = {
    PartnershipRole.ORGANISER: "Organise",
    PartnershipRole.CO_ORGANISER: "Co-organise",
    PartnershipRole.PARTNER: "Partenaire",
    PartnershipRole.HOST: "Accueille",
    PartnershipRole.ENGAGED: "Structure engagée",
    PartnershipRole.SIGNATORY: "Signataire",
    PartnershipRole.GUEST: "Invitée",
}

EVENT_STATE_LABELS: dict[EventState, str] = {
    EventState.DRAFT: "Brouillon",
    EventState.PUBLISHED: "Publié",
    EventState.CLOSED: "Clos",
    EventState.POSTPONED: "Reporté",
    EventState.CANCELLED: "Annulé",
}

EVENT_MODE_LABELS: dict[EventMode, str] = {
    EventMode.ONSITE: "Sur place",
    EventMode.REMOTE: "À distance",
    EventMode.HYBRID: "Sur place et à distance",
    EventMode.UNKNOWN: "Non renseigné",
}

HUB_ROLE_LABELS: dict[HubRole, str] = {
    HubRole.ORGANISER: "Organisateur",
    HubRole.CO_ORGANISER: "Co-organisateur",
    HubRole.PARTICIPANT: "Participant",
    HubRole.SIGNATORY: "Signataire",
    HubRole.GUEST: "Invité",
}
