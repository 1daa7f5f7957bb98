"""Words of the door: kinds of scan and verdicts. See docs/door-protocol.md."""

from enum import StrEnum


class CheckpointKind(StrEnum):
    """Where presence is recorded."""

    ENTRANCE = "entrance"
    ACTIVITY = "activity"


class ScanKind(StrEnum):
    """What the agent did."""

    ARRIVAL = "arrival"
    UNDO = "undo"
    EXCUSE = "excuse"
    WALK_IN = "walk_in"


class Verdict(StrEnum):
    """What a scan came to; the same code on the phone, in the API and in the log."""

    ACCEPTED = "accepted"
    ACCEPTED_UNSYNCED = "accepted_unsynced"
    ALREADY_PRESENT = "already_present"
    NOT_BOOKED = "not_booked"
    WAITING = "waiting"
    CANCELLED = "cancelled"
    NOT_OPEN = "not_open"
    OTHER_EVENT = "other_event"
    REVOKED = "revoked"
    FORGED = "forged"
    UNKNOWN = "unknown"
    RECORDED = "recorded"
    HELD = "held"


class AttendanceOrigin(StrEnum):
    """Where a presence comes from: scans, or history loaded without scan or hour."""

    SCAN = "scan"
    IMPORT = "import"
