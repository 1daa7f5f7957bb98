"""What to be warned of about a date: a public holiday, another event on the same day nearby."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

import holidays
from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import Session, selectinload

from eventhub.domain.event import DatePrecision, EventState
from eventhub.domain.event_details import EventDetails
from eventhub.domain.rights import AccountRole, Actor
from eventhub.models.event import Event, EventAlternative, event_departements
from eventhub.models.territory import Departement

SAME_DAY_MAX = 10
"""More events than this on one's days are not named one by one."""

_SETTLED = (DatePrecision.DAY, DatePrecision.ALTERNATIVES)


class DateWarningKind(StrEnum):
    """What a warning is about."""

    HOLIDAY = "holiday"
    SAME_DAY = "same-day"


@dataclass(frozen=True, slots=True)
class DateWarning:
    """One thing to know of a date; it never refuses anything.

    `days` are those of the event in question that it is about. For a holiday `title` is its name;
    for an event its title, with its address and the départements that both have.
    """

    kind: DateWarningKind
    days: tuple[date, ...]
    title: str
    slug: str = ""
    state: EventState | None = None
    departements: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class DatedPlace:
    """The days that an event may take, in which départements."""

    days: tuple[date, ...]
    departement_codes: frozenset[str]

    @classmethod
    def between(cls, first: date, last: date, departement_codes: frozenset[str]) -> "DatedPlace":
        """Every day from the first one to the last one."""
        count = (last - first).days + 1
        return cls(tuple(first + timedelta(days=day) for day in range(count)), departement_codes)


def dated_place(event: Event | EventDetails) -> DatedPlace:
    """The days and the territory of an event, of those known to the day; else no day.

    Raises InvalidInput for details that do not hold together.
    """
    if isinstance(event, Event):
        codes = frozenset(departement.code for departement in event.departements)
        precision, first, last = event.date_precision, event.starts_on, event.ends_on
        alternatives = (
            tuple(alternative.on for alternative in event.alternatives)
            if precision is DatePrecision.ALTERNATIVES
            else ()
        )
    else:
        codes = frozenset(event.departement_codes)
        dates = event.dates()
        precision, first, last = dates.precision, dates.starts_on, dates.ends_on
        alternatives = dates.alternatives
    if precision is DatePrecision.ALTERNATIVES:
        return DatedPlace(alternatives or (first,), codes)
    if precision is not DatePrecision.DAY:
        return DatedPlace((), codes)
    return DatedPlace.between(first, last, codes)


def date_warnings(
    session: Session,
    event: Event | EventDetails | DatedPlace,
    *,
    exclude_id: int | None = None,
    actor: Actor | None = None,
) -> tuple[DateWarning, ...]:
    """What to know of the days of an event: holidays first, then the other events nearby.

    `exclude_id` is the event itself (taken from it where `event` is one). Drafts are among the
    others where `actor` may see them; a postponed event no longer takes its days. Of an event
    whose day is not settled nothing is said.
    Raises InvalidInput for details that do not hold together.
    """
    if isinstance(event, Event) and exclude_id is None:
        exclude_id = event.id
    place = event if isinstance(event, DatedPlace) else dated_place(event)
    return (*_holidays(place.days), *_same_day(session, place, exclude_id, actor))


def _holidays(days: Sequence[date]) -> list[DateWarning]:
    found = []
    for on in days:
        name = _holiday_name(on)
        if name:
            found.append(DateWarning(DateWarningKind.HOLIDAY, (on,), name))
    return found


@lru_cache(maxsize=512)
def _holiday_name(on: date) -> str:
    """The name of a public holiday of metropolitan France, or nothing.

    Source: code du travail, article L3133-1, by the package `holidays`.
    """
    return "’".join(
        (holidays.country_holidays("FR", years=on.year, language="fr").get(on) or "").split("'")
    )


def _same_day(
    session: Session, place: DatedPlace, exclude_id: int | None, actor: Actor | None
) -> list[DateWarning]:
    if not place.days or not place.departement_codes:
        return []
    nearby = select(event_departements.c.event_id).where(
        event_departements.c.departement_code.in_(place.departement_codes)
    )
    shown = (EventState.PUBLISHED, EventState.CLOSED)
    states = or_(Event.state.in_(shown), (Event.state == EventState.DRAFT) & _drafts_of(actor))
    on_these_days = or_(
        and_(
            Event.date_precision == DatePrecision.DAY,
            or_(*(_covers(first, last) for first, last in _runs(place.days))),
        ),
        and_(
            Event.date_precision == DatePrecision.ALTERNATIVES,
            Event.id.in_(
                select(EventAlternative.event_id).where(EventAlternative.on.in_(place.days))
            ),
        ),
    )
    statement = (
        select(Event)
        .where(Event.id.in_(nearby), states, on_these_days)
        .options(selectinload(Event.departements), selectinload(Event.alternatives))
        .order_by(Event.starts_on, Event.starts_at, Event.id)
        .limit(SAME_DAY_MAX)
    )
    if exclude_id is not None:
        statement = statement.where(Event.id != exclude_id)
    return [_warning(other, place) for other in session.scalars(statement)]


def _warning(other: Event, place: DatedPlace) -> DateWarning:
    theirs = set(dated_place(other).days)
    return DateWarning(
        DateWarningKind.SAME_DAY,
        tuple(on for on in place.days if on in theirs),
        other.title,
        other.slug,
        other.state,
        _names(other.departements, place.departement_codes),
    )


def _names(departements: Collection[Departement], codes: frozenset[str]) -> tuple[str, ...]:
    return tuple(departement.name for departement in departements if departement.code in codes)


def _covers(first: date, last: date) -> ColumnElement[bool]:
    return and_(Event.starts_on <= last, Event.ends_on >= first)


def _runs(days: Sequence[date]) -> list[tuple[date, date]]:
    """The days as stretches without a gap."""
    runs: list[tuple[date, date]] = []
    for on in sorted(days):
        if runs and (on - runs[-1][1]).days == 1:
            runs[-1] = (runs[-1][0], on)
        else:
            runs.append((on, on))
    return runs


def _drafts_of(actor: Actor | None) -> ColumnElement[bool]:
    """The drafts that an account may know of: those of its territory, and those it co-organises."""
    if actor is None:
        return false()
    co_organised = Event.id.in_(actor.co_organised) if actor.co_organised else false()
    if actor.role is AccountRole.CO_ORGANISER:
        return co_organised
    if actor.is_regional:
        return Event.id.is_not(None)
    return or_(
        co_organised,
        Event.id.in_(
            select(event_departements.c.event_id).where(
                event_departements.c.departement_code.in_(actor.departements)
            )
        ),
    )
