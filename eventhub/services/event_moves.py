"""Moving an event to another date, and what follows it."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from eventhub.domain.errors import Forbidden, StateForbids
from eventhub.domain.event import DatePrecision, EventState
from eventhub.domain.event_dates import EventDates, event_dates
from eventhub.domain.event_details import moment_of
from eventhub.domain.rights import Actor, may_edit_event
from eventhub.models.account import Account
from eventhub.models.event import Event, EventAlternative
from eventhub.services.audit import record
from eventhub.services.checkpoints import default_checkpoints
from eventhub.services.programme_moves import move_programme
from eventhub.services.sequence import lock_event, next_sequence


@dataclass(frozen=True, slots=True)
class EventMoment:
    """When an event takes place, and when one can register, as its rows say it."""

    precision: DatePrecision
    starts_on: date
    ends_on: date
    starts_at: datetime | None
    ends_at: datetime | None
    opens_at: datetime | None
    closes_at: datetime | None


def moment_now(event: Event) -> EventMoment:
    """When the event takes place before a change."""
    return EventMoment(
        event.date_precision,
        event.starts_on,
        event.ends_on,
        event.starts_at,
        event.ends_at,
        event.registration_opens_at,
        event.registration_closes_at,
    )


def new_moment(
    event: Event, starts_on: date, starts_at: time | None, *, keeps_registration: bool = False
) -> EventMoment:
    """Where a move to that first day would put the event; hours on the clock are kept.

    `starts_at` None keeps the hour. The length is kept, and opening and closing of registration
    move by as many days, but for `keeps_registration`. An event of which the day was not settled
    gets that one day. Raises InvalidInput on `starts_on` or `starts_at`.
    """
    held = moment_now(event)
    if event.date_precision is not DatePrecision.DAY:
        dates = event_dates(DatePrecision.DAY, starts_on)
        start = moment_of(starts_on, starts_at, event.timezone, "starts_at") if starts_at else None
        return replace(
            held,
            precision=dates.precision,
            starts_on=dates.starts_on,
            ends_on=dates.ends_on,
            starts_at=start,
            ends_at=None,
        )
    zone = ZoneInfo(event.timezone)
    by = starts_on - event.starts_on
    dates = _later(event, starts_on, by)
    start, end = event.starts_at, event.ends_at
    first = start.astimezone(zone).replace(tzinfo=None) if start else None
    last = end.astimezone(zone).replace(tzinfo=None) if end else None
    if first is None:
        new_first = datetime.combine(starts_on, starts_at) if starts_at else None
    else:
        new_first = datetime.combine(starts_on, starts_at or first.time())
    new_last = last + (new_first - first) if last and first and new_first else None
    if new_last is not None and new_last.date() > dates.ends_on:
        dates = event_dates(DatePrecision.DAY, starts_on, new_last.date())
    moved = replace(
        held,
        starts_on=dates.starts_on,
        ends_on=dates.ends_on,
        starts_at=(
            moment_of(new_first.date(), new_first.time(), event.timezone, "starts_at")
            if new_first
            else None
        ),
        ends_at=(
            moment_of(new_last.date(), new_last.time(), event.timezone, "starts_at")
            if new_last
            else None
        ),
    )
    return moved if keeps_registration else _with_registration(moved, by, zone)


def move_event(
    session: Session,
    event: Event,
    starts_on: date,
    starts_at: time | None,
    now: datetime,
    *,
    account: Account,
    actor: Actor,
    keeps_registration: bool = False,
) -> None:
    """Move an event to another first day, and to another hour unless `starts_at` is None.

    It stays as long as it was. Programme, entrances of the door, opening and closing of
    registration follow (`keeps_registration`: the last two do not). The state stays: a postponed
    event is shown again by `publish_event`. Raises InvalidInput (see `new_moment`), Forbidden,
    StateForbids.
    """
    lock_event(session, event)
    if event.state in {EventState.CANCELLED, EventState.CLOSED}:
        raise StateForbids
    codes = frozenset(departement.code for departement in event.departements)
    if not may_edit_event(actor, event.id, codes):
        raise Forbidden
    before = moment_now(event)
    to = new_moment(event, starts_on, starts_at, keeps_registration=keeps_registration)
    if to == before:
        return
    event.date_precision = to.precision
    event.starts_on, event.ends_on = to.starts_on, to.ends_on
    event.starts_at, event.ends_at = to.starts_at, to.ends_at
    event.registration_opens_at, event.registration_closes_at = to.opens_at, to.closes_at
    if to.starts_at is not None:
        event.starts_half = event.ends_half = None
    if event.alternatives:
        event.alternatives = list[EventAlternative]()
    event.version += 1
    event.updated_at = now
    if event.state is not EventState.DRAFT:
        event.calendar_sequence += 1
    session.flush()
    follow_date(session, event, before, moves_hours=True)
    default_checkpoints(session, event, now)
    next_sequence(session, event.id)
    record(
        session,
        now,
        "event-moved",
        account_id=account.id,
        actor=account.shown_name,
        event_id=event.id,
        subject=event.slug,
        changed=["starts_on", "ends_on", "starts_at", "ends_at"],
        version=event.version,
        moved_from=before.starts_on.isoformat(),
        moved_to=event.starts_on.isoformat(),
    )


def follow_date(
    session: Session, event: Event, before: EventMoment, *, moves_hours: bool = False
) -> None:
    """Move the programme with a new date, and keep the date that had been announced first.

    The programme moves by whole days, with `moves_hours` by the change of the hour as well.
    """
    zone = ZoneInfo(event.timezone)
    if event.date_precision is before.precision is DatePrecision.DAY:
        by = event.starts_on - before.starts_on
        if moves_hours and event.starts_at is not None and before.starts_at is not None:
            by = event.starts_at.astimezone(zone).replace(
                tzinfo=None
            ) - before.starts_at.astimezone(zone).replace(tzinfo=None)
        if by:
            move_programme(session, event, by)
    _keep_first_date(event, before)
    session.flush()


def shift_registration(event: Event, before: EventMoment) -> bool:
    """Move opening and closing of registration with the day, where nobody changed them just now.

    Whether something moved.
    """
    by = event.starts_on - before.starts_on
    untouched = (event.registration_opens_at, event.registration_closes_at) == (
        before.opens_at,
        before.closes_at,
    )
    is_day = event.date_precision is before.precision is DatePrecision.DAY
    if not (by and untouched and is_day) or before.opens_at is before.closes_at is None:
        return False
    moved = _with_registration(moment_now(event), by, ZoneInfo(event.timezone))
    event.registration_opens_at, event.registration_closes_at = moved.opens_at, moved.closes_at
    return True


def _later(event: Event, starts_on: date, by: timedelta) -> EventDates:
    event_dates(DatePrecision.DAY, starts_on)  # a year that cannot be, before counting days
    return event_dates(DatePrecision.DAY, starts_on, event.ends_on + by)


def _with_registration(moment: EventMoment, by: timedelta, zone: ZoneInfo) -> EventMoment:
    def later(held: datetime | None) -> datetime | None:
        return (held.astimezone(zone) + by).astimezone(UTC) if held is not None else None

    return replace(moment, opens_at=later(moment.opens_at), closes_at=later(moment.closes_at))


def _keep_first_date(event: Event, before: EventMoment) -> None:
    """Keep the date announced first; forget it when the event is back there."""
    was_public = event.published_at is not None or event.state is EventState.PUBLISHED
    if not was_public or not (event.date_precision is before.precision is DatePrecision.DAY):
        return
    hours_differ = (
        event.starts_at is not None
        and before.starts_at is not None
        and event.starts_at != before.starts_at
    )
    if event.starts_on == before.starts_on and not hours_differ:
        return
    if event.previous_starts_on is None:
        event.previous_starts_on = before.starts_on
        event.previous_starts_at = before.starts_at
    elif event.previous_starts_on == event.starts_on and (
        event.previous_starts_at is None
        or event.starts_at is None
        or event.previous_starts_at == event.starts_at
    ):
        event.previous_starts_on = event.previous_starts_at = None
