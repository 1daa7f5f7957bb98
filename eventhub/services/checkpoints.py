"""Checkpoints: where presence is recorded."""

import secrets
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date
from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from eventhub.domain.errors import InvalidInput
from eventhub.domain.event import DatePrecision
from eventhub.domain.registration import clean_line, why_not_a_line
from eventhub.domain.scan import CheckpointKind
from eventhub.models.attendance import Attendance
from eventhub.models.door import Checkpoint, Scan
from eventhub.models.event import Activity, Event
from eventhub.services.sequence import next_sequence

ENTRANCE_LABEL = "Entrée"
LABEL_MAX = 200
DAYS_MAX = 31
"""A longer event gets one entrance of no particular day."""
_ACTIVITIES_FROM = 1000
"""Position of the first activity: entrances come before."""


def default_checkpoints(session: Session, event: Event, now: datetime) -> list[Checkpoint]:
    """Give an event an entrance per day and a checkpoint per activity (breaks apart).

    Call it again after any change of the dates or of the programme: what is missing is added,
    labels follow, an entrance whose day has gone is removed unless something was recorded there.
    Every one is open at any hour. Half-days are added by hand.
    """
    if not event.door_epoch:
        event.door_epoch = secrets.token_hex(4)
    session.flush()
    existing = list(session.scalars(select(Checkpoint).where(Checkpoint.event_id == event.id)))
    before = {checkpoint.id: _state(checkpoint) for checkpoint in existing}
    entrances = _entrances(session, event, existing)
    kept = entrances + _activities(session, event, existing)
    session.flush()
    changed = [c for c in kept if before.get(c.id) != _state(c)]
    if changed or len(kept) < len(existing):
        event.updated_at = now
        sequence = next_sequence(session, event.id)
        for checkpoint in changed:
            checkpoint.sequence = sequence
        session.flush()
    return kept


def _entrances(session: Session, event: Event, existing: list[Checkpoint]) -> list[Checkpoint]:
    days = _days(event)
    entrances = [c for c in existing if c.kind is CheckpointKind.ENTRANCE]
    kept = [c for c in entrances if c.on_date in days]
    leaving = [c for c in entrances if c.on_date not in days]
    recorded = _recorded(session, leaving)
    free = [c for c in leaving if c.id not in recorded]
    for on in days:
        if any(c.on_date == on for c in kept):
            continue
        if free:  # the event has moved: its entrance moves with it
            moved = free.pop(0)
            if moved.label == _label(moved.on_date, several=True):
                moved.label = ENTRANCE_LABEL
            moved.on_date = on
            kept.append(moved)
        else:
            made = Checkpoint(
                event_id=event.id, kind=CheckpointKind.ENTRANCE, label=ENTRANCE_LABEL, on_date=on
            )
            session.add(made)
            kept.append(made)
    for checkpoint in free:
        session.delete(checkpoint)
    kept += [c for c in leaving if c.id in recorded]
    kept.sort(key=lambda c: (c.on_date or date.max, c.position, c.id or 0))
    for position, checkpoint in enumerate(kept):
        checkpoint.position = position
        if checkpoint.label in (ENTRANCE_LABEL, _label(checkpoint.on_date, several=True)):
            checkpoint.label = _label(checkpoint.on_date, several=len(days) > 1)
    return kept


def _activities(session: Session, event: Event, existing: list[Checkpoint]) -> list[Checkpoint]:
    by_activity = {c.activity_id: c for c in existing if c.kind is CheckpointKind.ACTIVITY}
    activities = session.scalars(
        select(Activity).where(Activity.event_id == event.id, Activity.counts_presence)
    )
    kept = []
    for activity in activities:
        checkpoint = by_activity.pop(activity.id, None)
        if checkpoint is None:
            checkpoint = Checkpoint(
                event_id=event.id, kind=CheckpointKind.ACTIVITY, activity_id=activity.id
            )
            session.add(checkpoint)
        checkpoint.label = activity.title[:200]
        checkpoint.on_date = _activity_day(event, activity)
        checkpoint.position = _ACTIVITIES_FROM + activity.position
        kept.append(checkpoint)
    kept += by_activity.values()
    kept.sort(key=lambda c: (c.on_date or date.max, c.position, c.id or 0))
    return kept


def _days(event: Event) -> list[date | None]:
    """The local days on which people can be present; one of None where they are not known."""
    count = (event.ends_on - event.starts_on).days + 1
    if event.date_precision is not DatePrecision.DAY or not 1 <= count <= DAYS_MAX:
        return [None]
    return [event.starts_on + timedelta(days=day) for day in range(count)]


def _activity_day(event: Event, activity: Activity) -> date | None:
    if activity.starts_at is not None:
        return activity.starts_at.astimezone(ZoneInfo(event.timezone)).date()
    days = _days(event)
    return days[0] if len(days) == 1 else None


def _label(on: date | None, *, several: bool) -> str:
    if on is None or not several:
        return ENTRANCE_LABEL
    number = "1er" if on.day == 1 else str(on.day)
    weekday, month = format_date(on, "EEEE", "fr"), format_date(on, "MMMM", "fr")
    return f"{ENTRANCE_LABEL}, {weekday} {number} {month}"


def _recorded(session: Session, checkpoints: list[Checkpoint]) -> set[int]:
    """The ids of those where something was recorded."""
    ids = [checkpoint.id for checkpoint in checkpoints]
    if not ids:
        return set()
    return set(
        session.scalars(
            select(Checkpoint.id).where(
                Checkpoint.id.in_(ids),
                or_(
                    exists().where(Scan.checkpoint_id == Checkpoint.id),
                    exists().where(Attendance.checkpoint_id == Checkpoint.id),
                ),
            )
        )
    )


def _state(checkpoint: Checkpoint) -> tuple[object, ...]:
    return (
        checkpoint.label,
        checkpoint.on_date,
        checkpoint.position,
        checkpoint.opens_at,
        checkpoint.closes_at,
    )


def save_checkpoint(
    session: Session,
    event: Event,
    checkpoint: Checkpoint | None,
    now: datetime,
    *,
    label: str,
    on_date: date | None,
    opens_at: datetime | None,
    closes_at: datetime | None,
) -> Checkpoint:
    """Add an entrance (`checkpoint` None), for instance a half-day, or change a checkpoint.

    The day of an activity's checkpoint follows the programme. Raises InvalidInput (`label`,
    `closes`).
    """
    wrong: dict[str, str] = {}
    label = clean_line(label)
    problem = why_not_a_line(label, LABEL_MAX) if label else "Donnez un nom à ce point d’accueil."
    if problem:
        wrong["label"] = problem
    if opens_at is not None and closes_at is not None and closes_at <= opens_at:
        wrong["closes"] = "La fermeture vient après l’ouverture."
    if wrong:
        raise InvalidInput(wrong)
    if checkpoint is None:
        checkpoint = Checkpoint(event_id=event.id, kind=CheckpointKind.ENTRANCE)
        session.add(checkpoint)
    if checkpoint.kind is CheckpointKind.ENTRANCE:
        checkpoint.on_date = on_date
    checkpoint.label = label
    checkpoint.opens_at = opens_at
    checkpoint.closes_at = closes_at
    checkpoint.sequence = next_sequence(session, event.id)
    event.updated_at = now
    session.flush()
    return checkpoint
