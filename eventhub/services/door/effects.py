"""What scans bring about: presences, undone scans, excuses, walk-ins' registrations.

Everything is derived from the facts in the book, never moved by one: the order in which they
came does not matter.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, exists, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from eventhub.domain.door import DoorCheckpoint, Presence, presence_of
from eventhub.domain.registration import LIVE_STATES, RegistrationOrigin, RegistrationState
from eventhub.domain.scan import AttendanceOrigin, CheckpointKind, ScanKind
from eventhub.models.attendance import Attendance
from eventhub.models.door import Scan
from eventhub.models.registration import Registration
from eventhub.services.door.book import Book, Fact

_attendances: Any = Attendance.__table__
_scans: Any = Scan.__table__


def _upsert(dialect: Any) -> Any:
    statement = dialect.insert(_attendances)
    return statement.on_conflict_do_update(
        index_elements=[_attendances.c.registration_id, _attendances.c.checkpoint_id],
        set_={name: statement.excluded[name] for name in ("mode", "present_at", "scan_id")},
        where=_attendances.c.origin == AttendanceOrigin.SCAN,
    )


_UPSERT = {"sqlite": _upsert(sqlite), "postgresql": _upsert(postgresql)}
_DELETE = delete(_attendances).where(
    _attendances.c.registration_id == bindparam("of_registration"),
    _attendances.c.checkpoint_id == bindparam("at_checkpoint"),
    _attendances.c.origin == AttendanceOrigin.SCAN,
)
_UPDATE_SCAN = (
    update(_scans)
    .where(_scans.c.id == bindparam("pk"))
    .values(
        undone=bindparam("is_undone"),
        counts=bindparam("does_count"),
        registration_id=bindparam("of_registration"),
        mode=bindparam("in_mode"),
    )
)


@dataclass(slots=True)
class Effects:
    """Collects what changes while a batch is judged, and stores it at the end."""

    session: Session
    book: Book
    checkpoints: Mapping[int, DoorCheckpoint]
    sequence: int
    now: datetime
    _before: dict[tuple[uuid.UUID, int], Presence | None] = field(default_factory=dict)
    _excused: set[uuid.UUID] = field(default_factory=set)

    def add(self, fact: Fact) -> None:
        """Take a new scan into the book with all that it brings about."""
        fact.undone = fact.undoes is None and self.book.is_undone(fact)
        self._touch(fact)
        self.book.add(fact)
        if fact.kind is ScanKind.EXCUSE and fact.registration_id is not None:
            self._excused.add(fact.registration_id)
        if fact.kind is ScanKind.WALK_IN and fact.registration_id is not None:
            self._settle_walk_in(fact.registration_id)
        if fact.undoes is not None and not fact.held:
            target = self.book.facts.get(fact.undoes)
            if target is not None and target.undoes is None and self.book.is_undone(target):
                self._undo(target)

    def resolve(self, fact: Fact, registration_id: uuid.UUID) -> None:
        """Give a scan that waited for it the registration that has come."""
        fact.registration_id = registration_id
        if fact.mode is None:
            fact.mode = self.book.standings[registration_id].mode
        fact.changed = True
        self._touch(fact)
        self.book.of_registration[registration_id].append(fact)
        if fact.kind is ScanKind.EXCUSE:
            self._excused.add(registration_id)

    def store(self, connection: Connection) -> None:
        """Write what changed; the new scans are stored already."""
        changed = [fact for fact in self.book.facts.values() if fact.changed]
        if changed:
            connection.execute(
                _UPDATE_SCAN,
                [
                    {
                        "pk": fact.pk,
                        "is_undone": fact.undone,
                        "does_count": fact.counts,
                        "of_registration": fact.registration_id,
                        "in_mode": fact.mode,
                    }
                    for fact in changed
                ],
            )
        self._store_presences(connection)
        for registration_id in self._excused:
            self._settle_excuse(registration_id)
        if self.session.dirty:
            self.session.flush()

    def _touch(self, fact: Fact) -> None:
        """Remember the presence as it was before `fact` changes it; call it before the change."""
        if fact.registration_id is None or fact.checkpoint_id is None:
            return
        pair = (fact.registration_id, fact.checkpoint_id)
        if pair not in self._before:
            self._before[pair] = presence_of(self.book.arrivals(*pair))

    def _undo(self, target: Fact) -> None:
        if target.undone:
            return
        self._touch(target)
        target.undone = target.changed = True
        if target.registration_id is None:
            return
        if target.kind is ScanKind.EXCUSE:
            self._excused.add(target.registration_id)
        if target.kind is ScanKind.WALK_IN:
            self._settle_walk_in(target.registration_id)

    def _settle_walk_in(self, registration_id: uuid.UUID) -> None:
        """A registration made at the door stands while one of its walk-ins does."""
        registration = self.session.get_one(Registration, registration_id)
        if registration.origin is not RegistrationOrigin.DOOR:
            return
        stands = any(
            fact.kind is ScanKind.WALK_IN and fact.stands
            for fact in self.book.of_registration[registration_id]
        )
        state = RegistrationState.CONFIRMED if stands else RegistrationState.CANCELLED
        if registration.state is state or (stands and self._lives_elsewhere(registration)):
            return
        registration.state = state
        registration.cancelled_at = None if stands else self.now
        self._mark(registration)
        self.book.standings[registration_id] = replace(
            self.book.standings[registration_id], state=state
        )

    def _lives_elsewhere(self, registration: Registration) -> bool:
        """Whether the person has come back by another registration meanwhile."""
        found = self.session.scalar(
            select(
                exists().where(
                    Registration.event_id == registration.event_id,
                    Registration.person_id == registration.person_id,
                    Registration.id != registration.id,
                    Registration.state.in_(LIVE_STATES),
                )
            )
        )
        return bool(found)

    def _settle_excuse(self, registration_id: uuid.UUID) -> None:
        """Note the earliest excuse given at an entrance; one given by the person stays."""
        excuses = [
            fact
            for fact in self.book.of_registration[registration_id]
            if fact.kind is ScanKind.EXCUSE
            and not fact.is_test
            and not fact.held
            and self._is_about_the_event(fact)
        ]
        registration = self.session.get_one(Registration, registration_id)
        if registration.excused_at is None or registration.excused_at in {
            fact.effective_at for fact in excuses
        }:
            live = [fact.effective_at for fact in excuses if not fact.undone]
            registration.excused_at = min(live, default=None)
            self._mark(registration)

    def _is_about_the_event(self, fact: Fact) -> bool:
        checkpoint = self.checkpoints.get(fact.checkpoint_id or 0)
        return checkpoint is None or checkpoint.kind is CheckpointKind.ENTRANCE

    def _mark(self, registration: Registration) -> None:
        registration.sequence = self.sequence
        registration.updated_at = self.now

    def _store_presences(self, connection: Connection) -> None:
        made: list[dict[str, Any]] = []
        gone: list[dict[str, Any]] = []
        for (registration_id, checkpoint_id), before in self._before.items():
            after = presence_of(self.book.arrivals(registration_id, checkpoint_id))
            if after == before:
                continue
            if after is None:
                gone.append({"of_registration": registration_id, "at_checkpoint": checkpoint_id})
                continue
            made.append(
                {
                    "event_id": self.book.event_id,
                    "registration_id": registration_id,
                    "checkpoint_id": checkpoint_id,
                    "mode": after.mode,
                    "origin": AttendanceOrigin.SCAN,
                    "present_at": after.present_at,
                    "scan_id": self.book.facts[after.scan_id].pk,
                }
            )
        if made:
            connection.execute(_UPSERT[connection.dialect.name], made)
        if gone:
            connection.execute(_DELETE, gone)
