"""Words of the outbox."""

from enum import StrEnum


class MailState(StrEnum):
    """Where a mail of the outbox stands."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"


class MailKind(StrEnum):
    """What a mail is for; each has its templates in templates/mail/."""

    REGISTRATION_CONFIRMED = "registration-confirmed"
    REGISTRATION_WAITING = "registration-waiting"
    REGISTRATION_LINK = "registration-link"
    REGISTRATION_CANCELLED = "registration-cancelled"
    REGISTRATIONS_FOUND = "registrations-found"
    SIGN_IN = "sign-in"
    EVENT_CANCELLED = "event-cancelled"
    EVENT_INVITATION = "event-invitation"
    CO_ORGANISER_INVITED = "co-organiser-invited"
