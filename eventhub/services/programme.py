"""The programme of an event: its parts, in the order of their hours."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from eventhub.domain.activity_details import ActivityDetails
from eventhub.domain.errors import StateForbids
from eventhub.domain.event import EventState
from eventhub.models.attendance import Attendance
from eventhub.models.door import Checkpoint, Scan
from eventhub.models.event import Activity, ActivitySpeaker, Event
from eventhub.models.registration import Booking
from eventhub.services.checkpoints import default_checkpoints
from eventhub.services.event_details import structures_named
from eventhub.services.search_texts import index_activity, index_event
from eventhub.services.sequence import next_sequence
from eventhub.services.structures import find_or_create_structure

_FINAL_STATES = frozenset({EventState.CANCELLED, EventState.CLOSED})


def add_activity(
    session: Session, event: Event, details: ActivityDetails, now: datetime
) -> Activity:
    """Add a part to the programme, with its checkpoint at the door.

    Raises InvalidInput; StateForbids for a cancelled or closed event.
    """
    _refuse_when_final(event)
    activity = Activity(event_id=event.id)
    _take(session, event, activity, details)
    session.add(activity)
    session.flush()
    _settle(session, event, now)
    return activity


def change_activity(
    session: Session, event: Event, activity: Activity, details: ActivityDetails, now: datetime
) -> None:
    """Change a part of the programme; its checkpoint follows.

    Raises InvalidInput; StateForbids for a cancelled or closed event.
    """
    _refuse_when_final(event)
    _take(session, event, activity, details)
    session.flush()
    _settle(session, event, now)


def remove_activity(session: Session, event: Event, activity: Activity, now: datetime) -> None:
    """Take a part out of the programme.

    Raises StateForbids where someone chose it or was recorded at it, and for a cancelled or
    closed event.
    """
    _refuse_when_final(event)
    if is_in_use(session, activity):
        raise StateForbids
    checkpoint = session.scalar(select(Checkpoint).where(Checkpoint.activity_id == activity.id))
    if checkpoint is not None:
        session.delete(checkpoint)
        session.flush()
    session.delete(activity)
    session.flush()
    next_sequence(session, event.id)
    _settle(session, event, now)


def is_in_use(session: Session, activity: Activity) -> bool:
    """Whether someone chose this part of the programme, or was recorded at it."""
    at_it = Checkpoint.activity_id == activity.id
    recorded = or_(
        exists().where(Scan.checkpoint_id == Checkpoint.id),
        exists().where(Attendance.checkpoint_id == Checkpoint.id),
    )
    return bool(
        session.scalar(
            select(
                or_(
                    exists().where(Booking.activity_id == activity.id),
                    select(Checkpoint.id).where(at_it, recorded).exists(),
                )
            )
        )
    )


def move_programme(session: Session, event: Event, by: timedelta) -> None:
    """Move every hour of the programme by whole days; the hours on the clock stay."""
    zone = ZoneInfo(event.timezone)

    def moved(moment: datetime | None) -> datetime | None:
        return (moment.astimezone(zone) + by) if moment is not None else None

    for activity in event.activities:
        activity.starts_at, activity.ends_at = moved(activity.starts_at), moved(activity.ends_at)
    session.flush()


def _refuse_when_final(event: Event) -> None:
    if event.state in _FINAL_STATES:
        raise StateForbids


def _take(session: Session, event: Event, activity: Activity, details: ActivityDetails) -> None:
    details.check(event.starts_on, event.ends_on)
    activity.format = details.format
    activity.title = details.title
    activity.starts_at, activity.ends_at = details.hours(event.timezone)
    activity.room = details.room
    activity.track = details.track
    activity.speakers = [
        ActivitySpeaker(
            position=position,
            name=speaker.name,
            role=speaker.role,
            structure=find_or_create_structure(session, speaker.structure),
            may_be_named=speaker.may_be_named,
        )
        for position, speaker in enumerate(details.speakers)
    ]
    activity.summary = details.summary
    activity.remote_link = details.remote_link
    activity.registration = details.registration
    activity.counts_presence = details.counts_presence
    activity.capacity_onsite = details.capacity_onsite
    activity.capacity_remote = details.capacity_remote
    hosts = structures_named(session, details.hosts)
    if activity.hosts != hosts:
        activity.hosts = hosts
    index_activity(activity)


def _settle(session: Session, event: Event, now: datetime) -> None:
    """Put the programme in order and let the door and the searches know."""
    session.expire(event, ["activities"])
    zone = ZoneInfo(event.timezone)
    late = datetime.max.replace(tzinfo=zone)
    ordered = sorted(
        event.activities,
        key=lambda activity: (activity.starts_at or late, activity.track, activity.id),
    )
    for position, activity in enumerate(ordered):
        activity.position = position
    index_event(session, event)
    event.updated_at = now
    session.flush()
    session.expire(event, ["activities"])
    default_checkpoints(session, event, now)
