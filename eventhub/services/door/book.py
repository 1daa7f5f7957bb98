"""What is known of the scans and registrations that a batch is about, while it is judged."""

import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from eventhub.domain.door import Standing, arrival_counts
from eventhub.domain.registration import AttendanceMode
from eventhub.domain.scan import ScanKind, Verdict


@dataclass(slots=True)
class Fact:
    """A scan as the rules of the batch see it; `pk` None: not stored yet.

    `held`: from a revoked device; it takes no effect. `accepted`: it was, and a human took it.
    """

    scan_id: str
    kind: ScanKind | None
    verdict: Verdict
    effective_at: datetime
    recorder: str
    checkpoint_id: int | None = None
    registration_id: uuid.UUID | None = None
    named: str | None = None
    undoes: str | None = None
    mode: AttendanceMode | None = None
    message: str = ""
    first_seen: dict[str, Any] | None = None
    shown: Verdict | None = None
    overridden: bool = False
    is_test: bool = False
    held: bool = False
    accepted: bool = False
    undone: bool = False
    pk: int | None = None
    changed: bool = False

    @property
    def arrives(self) -> bool:
        """Whether this is an arrival that makes a presence, a rehearsal's included."""
        if self.registration_id is None or self.checkpoint_id is None or self.held:
            return False
        if self.kind is ScanKind.WALK_IN:
            return True
        return self.kind is ScanKind.ARRIVAL and (
            self.accepted or arrival_counts(self.verdict, self.shown, overridden=self.overridden)
        )

    @property
    def counts(self) -> bool:
        """Whether it makes a presence as long as it is not undone."""
        return not self.is_test and self.arrives

    @property
    def stands(self) -> bool:
        """Whether it takes effect: neither undone, nor a rehearsal, nor held."""
        return not (self.undone or self.is_test or self.held)


@dataclass(frozen=True, slots=True)
class KnownTicket:
    """A ticket of this installation."""

    registration_id: uuid.UUID
    revoked: bool


@dataclass(slots=True)
class Book:
    """Everything known of what a batch names, kept up to date while the batch is judged.

    `activities`: those whose checkpoints the batch is about; standings tell places in these only.
    `canonical` leads from an id, perhaps an alias, to the registration's; `elsewhere` from the id
    of another event's registration to that event.
    """

    event_id: int
    activities: list[int] = field(default_factory=list)
    standings: dict[uuid.UUID, Standing] = field(default_factory=dict)
    canonical: dict[uuid.UUID, uuid.UUID] = field(default_factory=dict)
    elsewhere: dict[uuid.UUID, int] = field(default_factory=dict)
    tickets: dict[str, KnownTicket] = field(default_factory=dict)
    codes: dict[str, KnownTicket] = field(default_factory=dict)
    titles: dict[int, str] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)
    of_registration: dict[uuid.UUID, list[Fact]] = field(default_factory=lambda: defaultdict(list))
    undos: dict[str, list[Fact]] = field(default_factory=lambda: defaultdict(list))
    scans_held: int = 0

    def add(self, fact: Fact) -> None:
        """Take a scan into the book."""
        self.facts[fact.scan_id] = fact
        if fact.registration_id is not None:
            self.of_registration[fact.registration_id].append(fact)
        if fact.undoes is not None and not fact.held:
            self.undos[fact.undoes].append(fact)

    def take_out(self, scan_id: str) -> Fact:
        """Take a scan out of the book, to add it again as something else."""
        fact = self.facts.pop(scan_id)
        if fact.registration_id is not None:
            self.of_registration[fact.registration_id].remove(fact)
        return fact

    def is_undone(self, fact: Fact) -> bool:
        """Whether an undo that takes effect names this scan; a rehearsal undoes rehearsals."""
        return any(fact.is_test or not undo.is_test for undo in self.undos.get(fact.scan_id, ()))

    def arrivals(self, registration_id: uuid.UUID, checkpoint_id: int) -> list[Fact]:
        """The arrivals that count and stand, of one registration at one checkpoint."""
        return [
            fact
            for fact in self.of_registration.get(registration_id, ())
            if fact.checkpoint_id == checkpoint_id and fact.counts and not fact.undone
        ]
