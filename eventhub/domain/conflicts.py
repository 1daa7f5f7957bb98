"""What a human should look at after phones worked apart: computed from facts, whatever the order.

Nothing here looks at the verdict that the server gave when a scan came in: it depends on what had
come before. What the phone showed, when it was and how things stand now do not.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import combinations

from eventhub.domain.door import DoorCheckpoint, Standing, expected_verdict
from eventhub.domain.registration import AttendanceMode, RegistrationState
from eventhub.domain.scan import ScanKind, Verdict


class ConflictKind(StrEnum):
    """Why a human should look."""

    TWO_DOORS = "two_doors"
    TWO_ROOMS = "two_rooms"
    ADMITTED = "admitted"
    REFUSED = "refused"
    OVER_CAPACITY = "over_capacity"


@dataclass(frozen=True, slots=True)
class Arrival:
    """An arrival (or a walk-in) of a known registration, neither undone, nor a test, nor held.

    `recorder` tells devices and accounts apart; `counts`: it makes a presence.
    `ticket_revoked_at`: since when the ticket that was read is replaced.
    """

    scan_id: str
    kind: ScanKind
    registration_id: uuid.UUID
    checkpoint_id: int
    recorder: str
    effective_at: datetime
    mode: AttendanceMode | None
    shown: Verdict | None
    overridden: bool
    counts: bool
    ticket_revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A checkpoint as far as conflicts go; `capacity` on site, None without limit."""

    checkpoint: DoorCheckpoint
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    capacity: int | None = None

    def overlaps(self, other: "Place") -> bool:
        """Whether nobody can be at both; a place without hours overlaps nothing."""
        if None in (self.starts_at, self.ends_at, other.starts_at, other.ends_at):
            return False
        return bool(self.starts_at < other.ends_at and other.starts_at < self.ends_at)  # type: ignore[operator]  # none is None


@dataclass(frozen=True, slots=True)
class Conflict:
    """One thing to look at, with the ids of the scans concerned, sorted.

    `verdict`: for `admitted` what the rules say now, for `refused` what the phone said.
    """

    kind: ConflictKind
    checkpoint_ids: tuple[int, ...]
    registration_id: uuid.UUID | None = None
    scans: tuple[str, ...] = ()
    verdict: Verdict | None = None


_BELIEVED_FIRST = frozenset({Verdict.ACCEPTED, Verdict.ACCEPTED_UNSYNCED})
_REFUSED_BY_PHONE = frozenset(
    {
        Verdict.WAITING,
        Verdict.CANCELLED,
        Verdict.NOT_BOOKED,
        Verdict.NOT_OPEN,
        Verdict.REVOKED,
        Verdict.FORGED,
        Verdict.UNKNOWN,
        Verdict.OTHER_EVENT,
    }
)


def conflicts(
    arrivals: Iterable[Arrival],
    standings: Mapping[uuid.UUID, Standing],
    cancelled_at: Mapping[uuid.UUID, datetime],
    places: Mapping[int, Place],
) -> set[Conflict]:
    """Every conflict of an event.

    `cancelled_at`: since when a cancelled registration is; one that is missing was never valid.
    """
    by_pair: dict[tuple[uuid.UUID, int], list[Arrival]] = defaultdict(list)
    for arrival in arrivals:
        by_pair[arrival.registration_id, arrival.checkpoint_id].append(arrival)
    found: set[Conflict] = set()
    rooms: dict[uuid.UUID, list[int]] = defaultdict(list)
    onsite: dict[int, int] = defaultdict(int)
    for (registration_id, checkpoint_id), those in sorted(
        by_pair.items(), key=lambda item: (str(item[0][0]), item[0][1])
    ):
        counting = [arrival for arrival in those if arrival.counts]
        if counting:
            rooms[registration_id].append(checkpoint_id)
            onsite[checkpoint_id] += any(
                arrival.mode is not AttendanceMode.REMOTE for arrival in counting
            )
        found |= _two_doors(counting)
        standing = standings[registration_id]
        place = places[checkpoint_id]
        for arrival in those:
            expected = _expected(arrival, standing, cancelled_at.get(registration_id), place)
            found |= _differs(arrival, expected, present=bool(counting))
    for registration_id, checkpoint_ids in rooms.items():
        found |= _two_rooms(registration_id, checkpoint_ids, places)
    for checkpoint_id, number in onsite.items():
        capacity = places[checkpoint_id].capacity
        if capacity is not None and number > capacity:
            found.add(Conflict(ConflictKind.OVER_CAPACITY, (checkpoint_id,)))
    return found


def _two_doors(counting: Collection[Arrival]) -> set[Conflict]:
    """The same person let in as a first arrival by two phones, each unaware of the other."""
    first = [
        arrival
        for arrival in counting
        if arrival.kind is ScanKind.WALK_IN or arrival.shown in _BELIEVED_FIRST
    ]
    if len({arrival.recorder for arrival in first}) < 2:
        return set()
    return {
        Conflict(
            ConflictKind.TWO_DOORS,
            (first[0].checkpoint_id,),
            first[0].registration_id,
            tuple(sorted(arrival.scan_id for arrival in first)),
        )
    }


def _two_rooms(
    registration_id: uuid.UUID, checkpoint_ids: Collection[int], places: Mapping[int, Place]
) -> set[Conflict]:
    return {
        Conflict(ConflictKind.TWO_ROOMS, (one, two), registration_id)
        for one, two in combinations(sorted(checkpoint_ids), 2)
        if places[one].overlaps(places[two])
    }


def _expected(
    arrival: Arrival, standing: Standing, cancelled_at: datetime | None, place: Place
) -> Verdict:
    """What the rules say of an arrival, by how things stand now, whoever arrived before."""
    revoked_at = arrival.ticket_revoked_at
    if revoked_at is not None and revoked_at <= arrival.effective_at:
        return Verdict.REVOKED
    if (
        standing.state is RegistrationState.CANCELLED
        and cancelled_at is not None
        and arrival.effective_at < cancelled_at
    ):
        return Verdict.ACCEPTED
    return expected_verdict(standing, place.checkpoint, arrival.effective_at)


def _differs(arrival: Arrival, expected: Verdict, *, present: bool) -> set[Conflict]:
    """Where phone and rules say otherwise, and no agent has decided."""
    if arrival.kind is not ScanKind.ARRIVAL or arrival.shown is None or arrival.overridden:
        return set()
    kind, verdict = None, expected
    if arrival.counts and expected is not Verdict.ACCEPTED:
        kind = ConflictKind.ADMITTED
    elif not present and expected is Verdict.ACCEPTED and arrival.shown in _REFUSED_BY_PHONE:
        kind, verdict = ConflictKind.REFUSED, arrival.shown
    if kind is None:
        return set()
    return {
        Conflict(
            kind,
            (arrival.checkpoint_id,),
            arrival.registration_id,
            (arrival.scan_id,),
            verdict,
        )
    }
