"""Checkpoints: where presence is recorded."""

import secrets
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date
from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from eventhub.domain.errors import InvalidInput
from eventhub.domain.event import DatePrecision, EntranceUnit
from eventhub.domain.half_days import DayPart, half_days
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
_WHOLE_DAY, _BY_HAND = "", "by hand"
_PARTS = (_WHOLE_DAY, *(part.value for part in DayPart))
_Slot = tuple[date | None, str]
"""The day of an entrance, and its half: a value of DayPart, the whole day, or named by hand."""

_ACTIVITIES_FROM = 1000
"""Position of the first activity: entrances come before."""


def default_checkpoints(
    session: Session, event: Event, now: datetime, *, unit_changed: bool = False
) -> list[Checkpoint]:
    """Give an event its entrances and a checkpoint per activity that counts presence.

    Entrances are one a day, or one a half-day (`entrance_unit`). Call it again after any change
    of the dates or of the programme: what is missing is added, labels follow, an entrance whose
    day has gone is removed unless something was recorded there. Entrances added or renamed by
    hand stay, and are counted before others are made. `unit_changed` turns entrances of days
    into those of half-days, and back, where nothing was recorded yet.
    """
    if not event.door_epoch:
        event.door_epoch = secrets.token_hex(4)
    session.flush()
    existing = list(session.scalars(select(Checkpoint).where(Checkpoint.event_id == event.id)))
    before = {checkpoint.id: _state(checkpoint) for checkpoint in existing}
    entrances = _entrances(session, event, existing, unit_changed=unit_changed)
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


def _entrances(
    session: Session, event: Event, existing: list[Checkpoint], *, unit_changed: bool
) -> list[Checkpoint]:
    slots = _slots(event)
    several = len({on for on, _ in slots}) > 1
    entrances = [c for c in existing if c.kind is CheckpointKind.ENTRANCE]
    part_of = {c.id: _part(c) for c in entrances}
    by_halves = event.entrance_unit is EntranceUnit.HALF_DAY
    days = {on for on, _ in slots}

    def stays(checkpoint: Checkpoint) -> bool:
        part = part_of[checkpoint.id]
        if checkpoint.on_date not in days or part == _BY_HAND:
            return checkpoint.on_date in days
        if by_halves and part != _WHOLE_DAY:
            return (checkpoint.on_date, part) in slots
        return not unit_changed

    leaving = [c for c in entrances if not stays(c)]
    recorded = _recorded(session, leaving)
    if unit_changed and not by_halves:  # a day that has begun keeps its two halves
        begun = {c.on_date for c in leaving if c.id in recorded}
        leaving = [c for c in leaving if c.on_date not in begun]
    free = [c for c in leaving if c.id not in recorded]
    free.sort(key=lambda c: (c.on_date or date.max, c.position, c.id))
    kept = [c for c in entrances if c not in free]
    parts = {id(c): part_of[c.id] for c in kept}
    # One whose day has gone is no entrance of the new days.
    present = [(c.on_date, part_of[c.id]) for c in kept if c.on_date in days]
    for on, part in _missing(slots, present):
        same = [c for c in free if part_of[c.id] == part] or free
        if same:  # the event has moved: its entrance moves with it
            checkpoint = same[0]
            free.remove(checkpoint)
            named_by_hand = part_of[checkpoint.id] == _BY_HAND
        else:
            checkpoint = Checkpoint(event_id=event.id, kind=CheckpointKind.ENTRANCE, position=0)
            session.add(checkpoint)
            named_by_hand = False
        checkpoint.on_date = on
        parts[id(checkpoint)] = _BY_HAND if named_by_hand else part
        kept.append(checkpoint)
    for checkpoint in free:
        session.delete(checkpoint)
    order = {part: place for place, part in enumerate((_BY_HAND, *_PARTS))}
    kept.sort(key=lambda c: (c.on_date or date.max, order[parts[id(c)]], c.position, c.id or 0))
    for position, checkpoint in enumerate(kept):
        checkpoint.position = position
        part = parts[id(checkpoint)]
        if part != _BY_HAND:
            checkpoint.label = _label(checkpoint.on_date, part, several=several)
    return kept


def _slots(event: Event) -> list[_Slot]:
    """The entrances that an event should have: a day, and its half where they are by halves."""
    days = _days(event)
    if event.entrance_unit is EntranceUnit.DAY or days == [None]:
        return [(on, _WHOLE_DAY) for on in days]
    zone = ZoneInfo(event.timezone)
    halves = half_days(
        event.starts_on,
        event.ends_on,
        event.starts_at and event.starts_at.astimezone(zone),
        event.ends_at and event.ends_at.astimezone(zone),
        event.starts_half,
        event.ends_half,
    )
    return [(half.on, half.part.value) for half in halves]


def _missing(slots: list[_Slot], present: list[_Slot]) -> list[_Slot]:
    """The slots without an entrance; those that someone renamed may stand for as many."""
    missing: list[_Slot] = []
    for on in dict.fromkeys(on for on, _ in slots):
        wanted = [slot for slot in slots if slot[0] == on]
        here = [one for one in present if one[0] == on]
        absent = [slot for slot in wanted if slot not in here]
        if len(here) - (len(wanted) - len(absent)) < len(absent):
            missing += absent
    return missing


def _part(checkpoint: Checkpoint) -> str:
    """The half-day that the label says, the whole day, or that someone wrote it."""
    for part in _PARTS:
        for several in (False, True):
            if checkpoint.label == _label(checkpoint.on_date, part, several=several):
                return part
    return _BY_HAND


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


def _label(on: date | None, part: str, *, several: bool) -> str:
    words = [ENTRANCE_LABEL]
    if on is not None and several:
        number = "1er" if on.day == 1 else str(on.day)
        weekday, month = format_date(on, "EEEE", "fr"), format_date(on, "MMMM", "fr")
        words.append(f"{weekday} {number} {month}")
    if part != _WHOLE_DAY:
        words.append(part)
    return ", ".join(words)


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
