"""Places at an event: taken, freed and queued for, always under the lock of the event's row.

One atomic statement decides, so that two people never get the last place, on SQLite or on
PostgreSQL. Each mode (on site, remote) has its own capacity and its own queue.
"""

from dataclasses import dataclass
from typing import cast

from sqlalchemy import Integer, Table, UpdateBase, and_, bindparam, case, literal, or_, update
from sqlalchemy.orm import Session

from eventhub.domain.registration import AttendanceMode, RegistrationState
from eventhub.models.event import Event
from eventhub.models.prepared import Prepared
from eventhub.models.registration import Registration


@dataclass(frozen=True, slots=True)
class Placement:
    """What was given: a place (`rank` None), or a rank in the queue.

    `sequence` is the event's `door_sequence`, for the rows that the same transaction writes.
    """

    sequence: int
    rank: int | None


_EVENTS = cast(Table, Event.__table__)
_REGISTRATIONS = cast(Table, Registration.__table__)
_COLUMNS = {
    mode: (
        _EVENTS.c[f"capacity_{mode.value}"],
        _EVENTS.c[f"taken_{mode.value}"],
        _EVENTS.c[f"waiting_{mode.value}"],
    )
    for mode in AttendanceMode
}


def _taking(mode: AttendanceMode) -> UpdateBase:
    capacity, taken, waiting = _COLUMNS[mode]
    # A place that frees while people wait is theirs: who comes now goes to the queue's end.
    free = and_(or_(capacity.is_(None), taken < capacity), waiting == 0)
    return (
        update(_EVENTS)
        .where(
            _EVENTS.c.id == bindparam("event", type_=Integer),
            _EVENTS.c.state == bindparam("state_read", type_=_EVENTS.c.state.type),
            or_(free, _EVENTS.c.waiting_list),
        )
        .values(
            {
                taken: case((free, taken + 1), else_=taken),
                waiting: case((free, waiting), else_=waiting + 1),
                _EVENTS.c.door_sequence: _EVENTS.c.door_sequence + 1,
            }
        )
        .returning(_EVENTS.c.door_sequence, waiting)
    )


_COUNTERS = (
    "door_sequence",
    *(f"{what}_{mode.value}" for what in ("taken", "waiting") for mode in AttendanceMode),
)


def _taking_beyond(mode: AttendanceMode) -> UpdateBase:
    _, taken, _ = _COLUMNS[mode]
    return (
        update(_EVENTS)
        .where(
            _EVENTS.c.id == bindparam("event", type_=Integer),
            _EVENTS.c.state == bindparam("state_read", type_=_EVENTS.c.state.type),
        )
        .values({taken: taken + 1, _EVENTS.c.door_sequence: _EVENTS.c.door_sequence + 1})
        .returning(_EVENTS.c.door_sequence, literal(0))
    )


# Tables and statements made once: a registration must cost little more than its inserts.
_TAKE = {mode: Prepared(_taking(mode)) for mode in AttendanceMode}
_TAKE_BEYOND = {mode: Prepared(_taking_beyond(mode)) for mode in AttendanceMode}


def take_place(
    session: Session, event: Event, mode: AttendanceMode, *, beyond_capacity: bool = False
) -> Placement | None:
    """Take a place at the event, or the next rank in its queue; None where neither is to be had.

    That is: full and without a waiting list, or no longer in the state that was read.
    `beyond_capacity`: an organiser gives a place whatever the number and whoever waits.
    Effects: raises the event's `door_sequence`; its row stays locked until the commit.
    """
    statements = _TAKE_BEYOND if beyond_capacity else _TAKE
    values = {"event": event.id, "state_read": event.state}
    row = statements[mode].execute(session.connection(), values).one_or_none()
    if row is None:
        return None
    session.expire(event, _COUNTERS)
    # A place is only given while nobody waits: any number here is the rank just given.
    return Placement(sequence=row[0], rank=row[1] or None)


def free_place(session: Session, event_id: int, mode: AttendanceMode) -> None:
    """Give a place back. Call it under the event's lock (see `sequence.next_sequence`)."""
    taken = _COLUMNS[mode][1]
    session.connection().execute(
        update(_EVENTS).where(_EVENTS.c.id == event_id, taken > 0).values({taken: taken - 1})
    )


def leave_queue(session: Session, event_id: int, mode: AttendanceMode, rank: int) -> None:
    """Take whoever has `rank` out of the queue, and move up those who come after.

    Call it under the event's lock, once the row that leaves is no longer `waiting`.
    """
    waiting = _COLUMNS[mode][2]
    connection = session.connection()
    connection.execute(
        update(_EVENTS).where(_EVENTS.c.id == event_id, waiting > 0).values({waiting: waiting - 1})
    )
    queue = _REGISTRATIONS.c
    connection.execute(
        update(_REGISTRATIONS)
        .where(
            queue.event_id == event_id,
            queue.state == RegistrationState.WAITING,
            queue.mode == mode,
            queue.waiting_rank > rank,
        )
        .values({queue.waiting_rank: queue.waiting_rank - 1})
    )
