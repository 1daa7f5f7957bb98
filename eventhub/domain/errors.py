"""One class per rule that can be broken.

`eventhub.web.errors` holds the one table that turns each into a French sentence and a status.
"""

from collections.abc import Mapping


class DomainError(Exception):
    """A rule of the domain was broken; nothing was changed."""

    code = "domain_error"


class NotFound(DomainError):
    """What was asked for does not exist, or is hidden from this person."""

    code = "not_found"


class Unauthorised(DomainError):
    """No bearer token, or one that is unknown or revoked."""

    code = "unauthorised"


class NotSignedIn(DomainError):
    """Data for staff was asked for by a browser in which nobody is signed in."""

    code = "not_signed_in"


class Forbidden(DomainError):
    """This account may not do this."""

    code = "forbidden"


class InvalidInput(DomainError):
    """One or more fields hold something that cannot be taken.

    `fields` maps a field's name to a French sentence.
    """

    code = "invalid"

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {problem}" for name, problem in fields.items()))
        self.fields = dict(fields)


class EventFull(DomainError):
    """No place is left and the event keeps no waiting list."""

    code = "event_full"


class AlreadyRegistered(DomainError):
    """This person already has a live registration at this event."""

    code = "already_registered"


class ActivitiesOverlap(DomainError):
    """Two chosen activities take place at the same time."""

    code = "activities_overlap"


class RegistrationClosed(DomainError):
    """Registration is not open: not yet, no longer, or not for this event.

    `reason` is one of `not_published`, `not_open_yet`, `over`, `disabled`, `cancelled`,
    `postponed`, `closed`.
    """

    code = "registration_closed"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class RegistrationNotLive(DomainError):
    """The registration was already withdrawn."""

    code = "registration_not_live"


class StateForbids(DomainError):
    """The event's or the minutes' state does not allow this step."""

    code = "state_forbids"


class LastAdministrator(DomainError):
    """The only active administrator can neither be closed nor take another role."""

    code = "last_administrator"


class EventChanged(DomainError):
    """Someone else has changed the event since this person opened its form."""

    code = "event_changed"


class StructureChanged(DomainError):
    """Someone else has changed the structure since this person opened its form."""

    code = "structure_changed"


class StructureMerged(DomainError):
    """The structure was merged into another one: it takes nothing any more."""

    code = "structure_merged"


class LaterMerge(DomainError):
    """A later merge of the same structure has to be undone first."""

    code = "later_merge"


class LogoRefused(InvalidInput):
    """The file sent as a logo cannot be one."""

    code = "logo_refused"

    def __init__(self, reason: str = "Ce fichier ne peut pas être lu.") -> None:
        super().__init__({"logo": reason})


class ActivityChanged(DomainError):
    """Someone else has changed this part of the programme since this person opened its form."""

    code = "activity_changed"


class ActivityInUse(StateForbids):
    """Someone chose this part of the programme, or was recorded at it: it stays."""

    code = "activity_in_use"


class SeriesChanged(DomainError):
    """Someone else has changed the series since this person opened its form."""

    code = "series_changed"


class KindChanged(DomainError):
    """Someone else has changed the kind of event since this person opened its form."""

    code = "kind_changed"


class CategoryChanged(DomainError):
    """Someone else has changed the category since this person opened its form."""

    code = "category_changed"


class MinutesChanged(DomainError):
    """Someone else has written the compte-rendu since this person read it."""

    code = "minutes_changed"


class LinkExpired(DomainError):
    """A one-use link is unknown, used or out of date."""

    code = "link_expired"


class TooManyTries(DomainError):
    """Too many wrong tries at a secret."""

    code = "too_many_tries"


class WrongPin(DomainError):
    """The PIN does not match."""

    code = "wrong_pin"


class DeviceRevoked(DomainError):
    """This device may no longer read the door's copy."""

    code = "device_revoked"


class DeviceExpired(DomainError):
    """The time of this device's copy is over."""

    code = "device_expired"


class BatchTooLarge(DomainError):
    """More scans in one call than the limit."""

    code = "batch_too_large"


class IdempotencyConflict(DomainError):
    """The Idempotency-Key was used before with another request."""

    code = "idempotency_conflict"


class SeasonFileError(DomainError):
    """A line of a season file cannot be read: names the file, the line and the column."""

    code = "season_file"

    def __init__(self, file: str, line: int, column: str, problem: str) -> None:
        super().__init__(f"{file}, line {line}, column {column}: {problem}")
        self.file = file
        self.line = line
        self.column = column
        self.problem = problem
