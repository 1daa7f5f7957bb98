"""The programme of an event, for those who write it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from eventhub.domain.event import ActivityFormat
from eventhub.domain.naming import name_key
from eventhub.domain.programme import Part
from eventhub.domain.rights import Actor
from eventhub.models.attendance import Attendance
from eventhub.models.audit import AuditEntry
from eventhub.models.door import Checkpoint, Scan
from eventhub.models.event import Activity, ActivitySpeaker, Event, EventRoom
from eventhub.models.registration import Booking
from eventhub.queries.event_conditions import holds_words, may_open

SOURCES_SHOWN = 20
_WITH_PEOPLE = (
    selectinload(Activity.hosts),
    selectinload(Activity.speakers).selectinload(ActivitySpeaker.structure),
)
_SHARE_A_ROOM = frozenset({ActivityFormat.STAND, ActivityFormat.BREAK, ActivityFormat.MEAL})


@dataclass(frozen=True, slots=True)
class ActivityUse:
    """How many people chose an activity, and how many were recorded at it."""

    chosen: int
    recorded: int

    @property
    def is_used(self) -> bool:
        """Whether anyone chose it or was recorded at it."""
        return bool(self.chosen or self.recorded)


def programme_rows(session: Session, event_id: int) -> Sequence[Activity]:
    """The activities of an event in their order, with hosts and speakers."""
    return session.scalars(
        select(Activity)
        .where(Activity.event_id == event_id)
        .order_by(Activity.position, Activity.id)
        .options(*_WITH_PEOPLE)
    ).all()


def activity_of(session: Session, event_id: int, activity_id: int) -> Activity | None:
    """One activity of that event, with hosts and speakers."""
    return session.scalar(
        select(Activity)
        .where(Activity.event_id == event_id, Activity.id == activity_id)
        .options(*_WITH_PEOPLE)
    )


def part_of(activity: Activity, timezone: str) -> Part:
    """An activity on the clock of its event's zone."""
    zone = ZoneInfo(timezone)
    start = activity.starts_at.astimezone(zone) if activity.starts_at else None
    end = activity.ends_at.astimezone(zone) if activity.ends_at else None
    return Part(
        key=activity.id or 0,
        title=activity.title,
        day=start.date() if start else None,
        start=_minute(start) if start else None,
        end=_minute(end) + 24 * 60 * (end.date() - start.date()).days if start and end else None,
        track=activity.track,
        room=activity.room,
        shares_room=activity.format in _SHARE_A_ROOM,
        speakers=tuple(speaker.name for speaker in activity.speakers),
        capacity_onsite=activity.capacity_onsite,
    )


def rooms(session: Session, event_id: int) -> Sequence[EventRoom]:
    """The rooms of an event of which someone wrote how many they hold, by name."""
    return session.scalars(
        select(EventRoom).where(EventRoom.event_id == event_id).order_by(EventRoom.name_key)
    ).all()


def room_names(activities: Sequence[Activity], known: Sequence[EventRoom]) -> list[str]:
    """The rooms of an event, known or named by an activity, each once, by name."""
    names = {room.name_key: room.name for room in known}
    for activity in activities:
        key = name_key(activity.room)
        if key:
            names.setdefault(key, activity.room)
    return [names[key] for key in sorted(names)]


def activity_use(session: Session, activity_id: int) -> ActivityUse:
    """How many people chose that activity, whatever became of it, or were recorded at it."""
    chosen = session.scalar(
        select(func.count()).select_from(Booking).where(Booking.activity_id == activity_id)
    )
    at_it = select(Checkpoint.id).where(Checkpoint.activity_id == activity_id)
    present = session.scalar(
        select(func.count()).select_from(Attendance).where(Attendance.checkpoint_id.in_(at_it))
    )
    # Passages that were undone left no presence, but they did happen.
    scanned = session.scalar(
        select(func.count()).select_from(Scan).where(Scan.checkpoint_id.in_(at_it))
    )
    return ActivityUse(chosen or 0, max(present or 0, 1 if scanned else 0))


def last_activity_change(session: Session, event_id: int, activity_id: int) -> AuditEntry | None:
    """The last act upon one part of a programme: who did it, and when."""
    return session.scalar(
        select(AuditEntry)
        .where(AuditEntry.event_id == event_id, AuditEntry.subject == subject_of(activity_id))
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(1)
    )


def subject_of(activity_id: int) -> str:
    """How the record of acts names an activity."""
    return f"activity-{activity_id}"


def programmes_to_copy(
    session: Session, actor: Actor, event_id: int, *, words: str = ""
) -> list[tuple[Event, int]]:
    """Events that the account may open and that hold every word, latest first.

    With how many activities each has. The event itself and empty programmes are left out.
    """
    number = (
        select(func.count()).where(Activity.event_id == Event.id).correlate(Event).scalar_subquery()
    )
    rows = session.execute(
        select(Event, number)
        .where(
            may_open(actor),
            Event.id != event_id,
            number > 0,
            *holds_words(words),
        )
        .order_by(Event.ends_on.desc(), Event.id.desc())
        .limit(SOURCES_SHOWN)
        .options(selectinload(Event.kind), selectinload(Event.alternatives))
    )
    return [(event, count) for event, count in rows]


def _minute(moment: datetime) -> int:
    return moment.hour * 60 + moment.minute
