"""The programme of an event: its parts, in the order of their hours."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventhub.domain.activity_details import ActivityDetails
from eventhub.domain.errors import ActivityChanged, ActivityInUse, InvalidInput, StateForbids
from eventhub.domain.event import EventState
from eventhub.domain.programme import Part, first_free, free_track, shifted
from eventhub.models.account import Account
from eventhub.models.door import Checkpoint
from eventhub.models.event import Activity, ActivitySpeaker, Event
from eventhub.queries.programme import activity_use, part_of, programme_rows, subject_of
from eventhub.services.audit import record
from eventhub.services.checkpoints import default_checkpoints
from eventhub.services.event_details import structures_named
from eventhub.services.search_texts import index_activity, index_event
from eventhub.services.sequence import lock_event, next_sequence
from eventhub.services.structures import find_or_create_structure

FINAL_STATES = frozenset({EventState.CANCELLED, EventState.CLOSED})

_NOT_WRITTEN = frozenset({"id", "event_id", "position", "version", "search_text"})


def add_activity(
    session: Session,
    event: Event,
    details: ActivityDetails,
    now: datetime,
    *,
    account: Account | None = None,
    beside: Activity | None = None,
) -> Activity:
    """Add a part to the programme, with its checkpoint at the door.

    `beside` is the part that it stands in parallel to: it gets a track where it has none.
    Raises InvalidInput; StateForbids for a cancelled or closed event.
    """
    open_programme(session, event)
    if beside is not None and not beside.track and details.track:
        give_track(session, event, beside, details.track, now, account)
    activity = Activity(event_id=event.id, position=len(event.activities))
    _take(session, event, activity, details)
    session.add(activity)
    session.flush()
    note(session, event, activity, "activity-added", now, account)
    settle_programme(session, event, now)
    return activity


def change_activity(
    session: Session,
    event: Event,
    activity: Activity,
    details: ActivityDetails,
    now: datetime,
    *,
    version: int | None = None,
    shift_rest: bool = False,
    account: Account | None = None,
) -> bool:
    """Change a part of the programme; its checkpoint follows. Whether anything changed.

    `version` is the one that the form was made from. `shift_rest` moves what followed that day by
    as much as the end (or the start, without an end) has moved. Raises InvalidInput, also on
    `counts_presence` where presences were recorded; ActivityChanged where someone else has
    changed it since; StateForbids for a cancelled or closed event.
    """
    open_programme(session, event)
    session.refresh(activity)
    if version is not None and version != activity.version:
        raise ActivityChanged
    before, was = _snapshot(activity), part_of(activity, event.timezone)
    _take(session, event, activity, details)
    session.flush()
    if not activity.counts_presence:
        _leave_the_door(session, event, activity)
    if shift_rest:
        _shift_what_followed(session, event, activity, was, now, account)
    if _snapshot(activity) == before:
        return False
    activity.version += 1
    note(session, event, activity, "activity-changed", now, account)
    settle_programme(session, event, now)
    return True


def duplicate_activity(
    session: Session,
    event: Event,
    activity: Activity,
    now: datetime,
    *,
    account: Account | None = None,
) -> Activity:
    """Add a part like this one, at the first hour from its end at which it meets nothing.

    Without an hour where it has none, or where the day has no room left.
    Raises StateForbids for a cancelled or closed event.
    """
    open_programme(session, event)
    copy = Activity(event_id=event.id, position=len(event.activities))
    for name in _written_columns():
        if not name.startswith("taken_"):
            setattr(copy, name, getattr(activity, name))
    copy.hosts = list(activity.hosts)
    copy.speakers = [
        ActivitySpeaker(
            position=speaker.position,
            name=speaker.name,
            role=speaker.role,
            structure=speaker.structure,
            may_be_named=speaker.may_be_named,
        )
        for speaker in activity.speakers
    ]
    wanted = part_of(copy, event.timezone)
    rows = programme_rows(session, event.id)
    free = first_free([part_of(row, event.timezone) for row in rows], wanted)
    if wanted.day is None or free is None:
        copy.starts_at = copy.ends_at = None
    else:
        put_at(copy, wanted.day, free, event.timezone)
    index_activity(copy)
    session.add(copy)
    session.flush()
    note(session, event, copy, "activity-added", now, account)
    settle_programme(session, event, now)
    return copy


def remove_activity(
    session: Session,
    event: Event,
    activity: Activity,
    now: datetime,
    *,
    account: Account | None = None,
) -> None:
    """Take a part out of the programme.

    Raises ActivityInUse where someone chose it or was recorded at it; StateForbids for a cancelled
    or closed event.
    """
    open_programme(session, event)
    if activity_use(session, activity.id).is_used:
        raise ActivityInUse
    note(session, event, activity, "activity-removed", now, account)
    _remove_checkpoint(session, activity)
    session.delete(activity)
    session.flush()
    settle_programme(session, event, now)


def open_programme(session: Session, event: Event) -> None:
    """Lock the event, and raise StateForbids where its programme does not change any more."""
    lock_event(session, event)
    if event.state in FINAL_STATES:
        raise StateForbids


def shift_parts(
    session: Session,
    event: Event,
    day: date,
    from_minute: int,
    by_minutes: int,
    now: datetime,
    account: Account | None,
    *,
    without: Activity | None = None,
) -> int:
    """Move all that starts that day at `from_minute` or later; how many parts moved.

    Raises InvalidInput (`minutes`) where something would leave the day.
    """
    rows = {row.id: row for row in programme_rows(session, event.id)}
    if without is not None:
        rows.pop(without.id, None)
    parts = [part_of(row, event.timezone) for row in rows.values()]
    starts = shifted(parts, day, from_minute, by_minutes)
    if starts is None:
        raise InvalidInput({"minutes": "Un temps sortirait de la journée."})
    if by_minutes:
        put_at_starts(session, event, rows, starts, now, account)
    return len(starts) if by_minutes else 0


def put_at_starts(
    session: Session,
    event: Event,
    rows: Mapping[int, Activity],
    starts: Mapping[int, int],
    now: datetime,
    account: Account | None,
) -> None:
    """Put activities at new minutes of their day, each as long as before."""
    for key, start in starts.items():
        activity = rows[key]
        day = part_of(activity, event.timezone).day
        if day is None:
            continue
        before = activity.starts_at
        put_at(activity, day, start, event.timezone)
        if activity.starts_at != before:
            activity.version += 1
            note(session, event, activity, "activity-moved", now, account)


def put_at(activity: Activity, day: date, minute: int, timezone: str) -> None:
    """Put an activity at a minute of a day, as long as before on the clock."""
    held = part_of(activity, timezone)
    midnight = datetime.combine(day, time(0), ZoneInfo(timezone))
    length = held.end - held.start if held.end is not None and held.start is not None else None
    activity.starts_at = midnight + timedelta(minutes=minute)
    activity.ends_at = midnight + timedelta(minutes=minute + length) if length is not None else None


def note(
    session: Session,
    event: Event,
    activity: Activity,
    action: str,
    now: datetime,
    account: Account | None,
) -> None:
    """Write down who changed what of the programme; nothing where nobody did by hand."""
    if account is not None:
        record(
            session,
            now,
            action,
            account_id=account.id,
            actor=account.shown_name,
            event_id=event.id,
            subject=subject_of(activity.id),
        )


def settle_programme(session: Session, event: Event, now: datetime) -> None:
    """Put the programme in order and let the door and the searches know."""
    session.flush()
    session.expire(event, ["activities"])
    zone = ZoneInfo(event.timezone)
    late = datetime.max.replace(tzinfo=zone)
    ordered = sorted(
        event.activities,
        key=lambda one: (
            one.starts_at or late,
            one.track if one.starts_at else "",
            0 if one.starts_at else one.position,
            one.id,
        ),
    )
    for position, activity in enumerate(ordered):
        activity.position = position
    index_event(session, event)
    event.updated_at = now
    session.flush()
    session.expire(event, ["activities"])
    next_sequence(session, event.id)
    default_checkpoints(session, event, now)


def _shift_what_followed(
    session: Session,
    event: Event,
    activity: Activity,
    was: Part,
    now: datetime,
    account: Account | None,
) -> None:
    """Move what began at the former end of `activity`, or later, by as much as that end moved."""
    part = part_of(activity, event.timezone)
    edge, edge_now = was.end, part.end
    if edge is None or edge_now is None:
        edge, edge_now = was.start, part.start
    if was.day is None or was.day != part.day or edge is None or edge_now is None:
        raise InvalidInput(
            {"shift_rest": "La suite ne se décale que si ce temps garde son jour et a des heures."}
        )
    by_minutes = edge_now - edge
    shift_parts(session, event, was.day, edge, by_minutes, now, account, without=activity)


def _take(session: Session, event: Event, activity: Activity, details: ActivityDetails) -> None:
    details.check(event.starts_on, event.ends_on)
    activity.format = details.format
    activity.title = details.title
    activity.starts_at, activity.ends_at = details.hours(event.timezone)
    activity.room = details.room
    activity.track = details.track
    activity.summary = details.summary
    activity.remote_link = details.remote_link
    activity.registration = details.registration
    activity.counts_presence = details.counts_presence
    activity.capacity_onsite = details.capacity_onsite
    activity.capacity_remote = details.capacity_remote
    _take_speakers(session, activity, details)
    hosts = structures_named(session, details.hosts)
    if activity.hosts != hosts:
        activity.hosts = hosts
    index_activity(activity)


def _take_speakers(session: Session, activity: Activity, details: ActivityDetails) -> None:
    wanted = [
        ActivitySpeaker(
            position=position,
            name=speaker.name,
            role=speaker.role,
            structure=find_or_create_structure(session, speaker.structure),
            may_be_named=speaker.may_be_named,
        )
        for position, speaker in enumerate(details.speakers)
    ]
    if [_told(speaker) for speaker in wanted] != [_told(speaker) for speaker in activity.speakers]:
        activity.speakers = wanted


def _told(speaker: ActivitySpeaker) -> tuple[object, ...]:
    structure_id = speaker.structure.id if speaker.structure is not None else None
    return speaker.name, speaker.role, structure_id, speaker.may_be_named


def give_track(
    session: Session,
    event: Event,
    activity: Activity,
    other: str,
    now: datetime,
    account: Account | None,
) -> None:
    """Name the track of a part that others will stand beside, in the track `other`."""
    parts = [part_of(row, event.timezone) for row in programme_rows(session, event.id)]
    activity.track = free_track(parts, part_of(activity, event.timezone), [other] if other else [])
    activity.version += 1
    session.flush()
    note(session, event, activity, "activity-changed", now, account)


def _leave_the_door(session: Session, event: Event, activity: Activity) -> None:
    """Take the checkpoint away of a part at which presence is not counted any more.

    Raises InvalidInput (`counts_presence`) where somebody was recorded at it.
    """
    if activity_use(session, activity.id).recorded:
        raise InvalidInput(
            {
                "counts_presence": (
                    "Des personnes y ont déjà été notées présentes\u00a0: "
                    "leurs présences comptent dans les chiffres."
                )
            }
        )
    _remove_checkpoint(session, activity)


def _remove_checkpoint(session: Session, activity: Activity) -> None:
    checkpoint = session.scalar(select(Checkpoint).where(Checkpoint.activity_id == activity.id))
    if checkpoint is not None:
        session.delete(checkpoint)
        session.flush()


def _snapshot(activity: Activity) -> dict[str, Any]:
    return {name: getattr(activity, name) for name in _written_columns()} | {
        "hosts": [host.id for host in activity.hosts],
        "speakers": [_told(speaker) for speaker in activity.speakers],
    }


def _written_columns() -> list[str]:
    return [c.key for c in Activity.__table__.columns if c.key not in _NOT_WRITTEN]
