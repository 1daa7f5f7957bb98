"""« Celle-ci et les suivantes »: what was changed in one event, done to those that follow it."""

from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventhub.domain.errors import DomainError, InvalidInput
from eventhub.domain.event import DatePrecision, EventState
from eventhub.domain.event_details import EventDetails
from eventhub.domain.registration import end_of
from eventhub.domain.rights import Actor, may_edit_event
from eventhub.models.account import Account
from eventhub.models.event import Event
from eventhub.services.event_copy import details_from_event
from eventhub.services.events import update_event

_OF_THE_DATE = ("ends_on", "starts_at", "ends_at", "starts_half", "ends_half")
_MOMENTS = ("registration_opens_at", "registration_closes_at")
_RELATIVE = frozenset({*_OF_THE_DATE, *_MOMENTS, "title"})
_NEVER = frozenset({"starts_on", "precision", "other_dates", "prepares"})
"""What says of one event alone; the day is shifted by as many days, apart."""

_AS_HELD = (
    "title", "mode", "bassin_id", "registration_enabled", "waiting_list", "capacity_onsite",
    "capacity_remote",
)  # fmt: skip
"""What beginning another event may change, and editing one must not."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A following event that stayed as it was, and why, as a French clause."""

    event: Event
    reason: str


@dataclass(frozen=True, slots=True)
class FollowingOutcome:
    """What became of the events that follow.

    `names` are those of EventDetails that were applied; `starts_on` where the days were shifted.
    """

    names: tuple[str, ...]
    changed: tuple[Event, ...]
    skipped: tuple[Skipped, ...]


def held_details(event: Event) -> EventDetails:
    """What an event's form would say of it as it is; take it before and after an edit."""
    details = details_from_event(event, event.starts_on)
    days = [alternative.on for alternative in event.alternatives]
    has_days = event.date_precision in {DatePrecision.DAY, DatePrecision.RANGE}
    return replace(
        details,
        precision=event.date_precision,
        other_dates=tuple(days[1:]),
        ends_on=event.ends_on if has_days and event.ends_on != event.starts_on else None,
        prepares=event.prepares.slug if event.prepares is not None else "",
        **{name: getattr(event, name) for name in _AS_HELD},
    )


def apply_to_following(
    session: Session,
    event: Event,
    before: EventDetails,
    now: datetime,
    *,
    account: Account,
    actor: Actor,
) -> FollowingOutcome:
    """Do to the following events of the series what an edit has just done to `event`.

    `before` is what it held (see `held_details`). Following are those of a later day than it had.
    Only what the edit changed is written, also over what was changed by hand in one of them; a
    shifted day shifts theirs by as many days, openings and closings keep their distance to the
    start. Past, closed and cancelled ones are skipped, and those that cannot take it.
    """
    after = held_details(event)
    shift = _shift(before, after)
    names = _changed(before, after, shift)
    if not names or event.series_id is None:
        return FollowingOutcome((), (), ())
    following = session.scalars(
        select(Event)
        .where(
            Event.series_id == event.series_id,
            Event.id != event.id,
            Event.starts_on > before.starts_on,
        )
        .order_by(Event.starts_on, Event.id)
    ).all()
    changed, skipped = [], []
    for other in following:
        reason = _why_not(other, now, actor) or _apply(
            session, event, other, names, shift, now, account, actor
        )
        if reason is None:
            changed.append(other)
        elif reason:
            skipped.append(Skipped(other, reason))
    return FollowingOutcome(names, tuple(changed), tuple(skipped))


def _why_not(other: Event, now: datetime, actor: Actor) -> str:
    if other.state is EventState.CANCELLED:
        return "annulé"
    if other.state is EventState.CLOSED:
        return "clos"
    if other.state is not EventState.POSTPONED and end_of(other) <= now:
        return "déjà passé"
    codes = frozenset(departement.code for departement in other.departements)
    if not may_edit_event(actor, other.id, codes):
        return "hors de votre territoire"
    return ""


def _apply(
    session: Session,
    event: Event,
    other: Event,
    names: tuple[str, ...],
    shift: timedelta,
    now: datetime,
    account: Account,
    actor: Actor,
) -> str | None:
    """None where something changed, nothing where it held all that already, else why not."""
    is_day = other.date_precision is DatePrecision.DAY
    if not is_day and shift and names == ("starts_on",):
        return "date pas encore fixée"
    try:
        starts_on = other.starts_on + shift if is_day else other.starts_on
        own, edited = held_details(other), held_details(event)
        moved = details_from_event(event, starts_on)  # its hours and its title, at that day
        wanted: dict[str, Any] = {
            name: getattr(moved if name in _RELATIVE else edited, name)
            for name in names
            if name != "starts_on" and (is_day or name not in _OF_THE_DATE)
        }
        if is_day:
            wanted = _shifted(own, starts_on, other.timezone) | wanted
        with session.begin_nested():
            found = update_event(
                session, other, replace(own, **wanted), now, account=account, actor=actor
            )
    except InvalidInput as error:
        session.expire(other)
        return " ".join(error.fields.values())
    except (DomainError, OverflowError):
        session.expire(other)
        return "cette modification n’y est pas possible"
    return None if found else ""


def _shifted(own: EventDetails, starts_on: date, timezone: str) -> dict[str, Any]:
    """The days of an event that begins on another day; hours on the clock are kept."""
    by = starts_on - own.starts_on
    zone = ZoneInfo(timezone)
    return {
        "starts_on": starts_on,
        "ends_on": own.ends_on + by if own.ends_on is not None else None,
        **{
            name: held.astimezone(zone) + by
            for name in _MOMENTS
            if (held := getattr(own, name)) is not None
        },
    }


def _shift(before: EventDetails, after: EventDetails) -> timedelta:
    if before.precision is after.precision is DatePrecision.DAY:
        return after.starts_on - before.starts_on
    return timedelta(0)


def _changed(before: EventDetails, after: EventDetails, shift: timedelta) -> tuple[str, ...]:
    names = ["starts_on"] if shift else []
    settled = before.precision is after.precision is DatePrecision.DAY
    for field in fields(EventDetails):
        name = field.name
        old, new = getattr(before, name), getattr(after, name)
        if name in _NEVER or (name in _OF_THE_DATE and not settled):
            continue
        if name == "ends_on":
            old, new = _days(before), _days(after)
        elif name in _MOMENTS and old is not None and new is not None:
            # On the clock: an opening that has followed the day has not changed.
            old, new = old.replace(tzinfo=None) + shift, new.replace(tzinfo=None)
        if old != new:
            names.append(name)
    return tuple(names)


def _days(details: EventDetails) -> timedelta:
    return (details.ends_on or details.starts_on) - details.starts_on
