"""The rules of the door as functions of values: verdicts, what counts, presence, time.

None of them looks at the order in which scans reached the server, except the verdict, which says
what the server knew at that moment.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from eventhub.domain.registration import AttendanceMode, RegistrationState
from eventhub.domain.scan import COUNTING_VERDICTS, CheckpointKind, Verdict

SCANS_PER_CALL = 500
REVOKED_TAKEN_FOR = timedelta(days=14)
"""How long a revoked device may still send what it holds."""
CLOCK_SHIFT_SHOWN = timedelta(minutes=2)
"""A phone's clock that is further off is shown to the organiser."""
COPY_KEPT_FOR = timedelta(days=2)
"""How long after the end of its event a door's copy expires."""


@dataclass(frozen=True, slots=True)
class DoorCheckpoint:
    """A checkpoint as the rules need it; open at any hour where both bounds are None."""

    id: int
    kind: CheckpointKind
    label: str
    activity_id: int | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    on_date: date | None = None

    def is_open(self, at: datetime) -> bool:
        """Whether arrivals are expected here at that moment."""
        return (self.opens_at is None or self.opens_at <= at) and (
            self.closes_at is None or at < self.closes_at
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a registration stands; `activities` are those that it holds a place in."""

    registration_id: uuid.UUID
    state: RegistrationState
    mode: AttendanceMode
    activities: frozenset[int] = frozenset()


def judge_arrival(
    standing: Standing, checkpoint: DoorCheckpoint, at: datetime, *, arrived: bool
) -> Verdict:
    """The verdict on an arrival of a known registration: the first rule that applies.

    `arrived`: an arrival that counts stands for this registration at this checkpoint.
    """
    if arrived:
        return Verdict.ALREADY_PRESENT
    return expected_verdict(standing, checkpoint, at)


def expected_verdict(standing: Standing, checkpoint: DoorCheckpoint, at: datetime) -> Verdict:
    """The verdict of the registration's state alone, whoever arrived before."""
    if standing.state is RegistrationState.CANCELLED:
        return Verdict.CANCELLED
    if standing.state is RegistrationState.WAITING:
        return Verdict.WAITING
    if not checkpoint.is_open(at):
        return Verdict.NOT_OPEN
    if checkpoint.activity_id is not None and checkpoint.activity_id not in standing.activities:
        return Verdict.NOT_BOOKED
    return Verdict.ACCEPTED


def arrival_counts(verdict: Verdict, shown: Verdict | None, *, overridden: bool) -> bool:
    """Whether an arrival of a registration of this event makes a presence.

    What the phone showed decides: the person walked in on it. Where it showed nothing, the
    server's verdict does. A replaced ticket counts only where the phone did not know of it, and
    no override passes it.
    """
    decisive = shown or verdict
    if decisive is Verdict.REVOKED:
        return False
    return overridden or decisive in COUNTING_VERDICTS


def effective_time(
    scanned_at: datetime | None, offset_ms: int | None, received_at: datetime
) -> datetime:
    """When it happened by the server's clock: the phone's time, corrected, never in the future."""
    if scanned_at is None:
        return received_at
    try:
        corrected = scanned_at + timedelta(milliseconds=offset_ms or 0)
    except OverflowError:
        corrected = scanned_at
    return min(corrected, received_at)


def clock_is_shifted(
    scanned_at: datetime | None, offset_ms: int | None, received_at: datetime
) -> bool:
    """Whether a phone's clock was so far off that the organiser is told."""
    if scanned_at is None:
        return True
    offset = timedelta(milliseconds=offset_ms or 0)
    return abs(offset) > CLOCK_SHIFT_SHOWN or scanned_at - received_at > CLOCK_SHIFT_SHOWN - offset


class LiveArrival(Protocol):
    """An arrival that counts and is not undone."""

    @property
    def scan_id(self) -> str: ...  # noqa: D102 - its name says it
    @property
    def effective_at(self) -> datetime: ...  # noqa: D102 - its name says it
    @property
    def mode(self) -> AttendanceMode | None: ...  # noqa: D102 - its name says it


@dataclass(frozen=True, slots=True)
class Presence:
    """A presence at a checkpoint: since when, in which mode, by which scan."""

    present_at: datetime
    mode: AttendanceMode
    scan_id: str


def presence_of(arrivals: Iterable[LiveArrival]) -> Presence | None:
    """The presence that live arrivals at one checkpoint make: the earliest, on site if any is."""
    found = sorted(arrivals, key=lambda arrival: (arrival.effective_at, arrival.scan_id))
    if not found:
        return None
    onsite = any(arrival.mode is not AttendanceMode.REMOTE for arrival in found)
    return Presence(
        present_at=found[0].effective_at,
        mode=AttendanceMode.ONSITE if onsite else AttendanceMode.REMOTE,
        scan_id=found[0].scan_id,
    )
