"""Series as they are listed and shown: their events against the cadence, who was last seen."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from eventhub.domain.cadence import Cadence, Span, Standing, cadence_on, standing
from eventhub.domain.event import DatePrecision, EventState
from eventhub.domain.registration import RegistrationState
from eventhub.domain.rights import Actor
from eventhub.domain.series import may_see_series
from eventhub.models.attendance import Attendance
from eventhub.models.audit import AuditEntry
from eventhub.models.event import Event
from eventhub.models.registration import Registration
from eventhub.models.series import Series
from eventhub.models.territory import Departement

NOT_HELD = (EventState.CANCELLED, EventState.POSTPONED)
"""States in which an event neither was held nor is planned."""


@dataclass(frozen=True, slots=True)
class SeriesInList:
    """One series, its cadence in force, and where it stands against it.

    `last` and `coming` are the events of `standing`; null where there is none.
    """

    series: Series
    cadence: Cadence | None
    standing: Standing
    last: Event | None
    coming: Event | None


@dataclass(frozen=True, slots=True)
class SeriesEvent:
    """One event of a series: how many are registered, invited, and were present."""

    event: Event
    registered: int
    invited: int
    present: int


def series_by_slug(session: Session, slug: str) -> Series | None:
    """The series of that address, with what its page shows of itself."""
    return session.scalar(
        select(Series)
        .where(Series.slug == slug)
        .options(
            joinedload(Series.kind),
            joinedload(Series.bassin),
            selectinload(Series.departements),
            selectinload(Series.cadences),
        )
    )


def series_of(session: Session, slugs: Collection[str]) -> Sequence[Series]:
    """The series of those addresses, by title."""
    return session.scalars(
        select(Series)
        .where(Series.slug.in_(slugs))
        .order_by(Series.title, Series.id)
        .options(
            joinedload(Series.kind),
            selectinload(Series.departements),
            selectinload(Series.cadences),
        )
    ).all()


def listed_series(session: Session, actor: Actor, today: date) -> tuple[SeriesInList, ...]:
    """The series that the actor may read, the latest ones first, ended ones last."""
    found = session.scalars(
        select(Series)
        .order_by(Series.title, Series.id)
        .options(
            joinedload(Series.kind),
            selectinload(Series.departements),
            selectinload(Series.cadences),
        )
    ).all()
    mine = [
        one for one in found if may_see_series(actor, frozenset(d.code for d in one.departements))
    ]
    events = _events_by_series(session, [one.id for one in mine])
    listed = [in_list(one, events[one.id], today) for one in mine]
    listed.sort(key=lambda one: (_has_ended(one.series, today), -one.standing.late_days))
    return tuple(listed)


def in_list(series: Series, events: Sequence[Event], today: date) -> SeriesInList:
    """A series against its cadence; `events` are all of its own."""
    held = [event for event in events if is_held(event, today)]
    coming = [event for event in events if is_coming(event, today)]
    cadences = [Cadence(one.since, one.half_months) for one in series.cadences]
    found = standing(
        cadences,
        [span_of(event) for event in held],
        [span_of(event) for event in coming],
        today,
        ended_on=series.ended_on,
    )
    return SeriesInList(
        series=series,
        cadence=None if _has_ended(series, today) else cadence_on(cadences, today),
        standing=found,
        last=max(held, key=lambda event: event.ends_on, default=None),
        coming=min(coming, key=span_of, default=None),
    )


def is_held(event: Event, today: date) -> bool:
    """Whether an event has taken place: neither a draft, nor cancelled, nor without a date."""
    if event.state is EventState.CLOSED:
        return True
    return event.state is EventState.PUBLISHED and event.ends_on < today


def is_coming(event: Event, today: date) -> bool:
    """Whether an event is planned from today on; drafts are."""
    is_open = event.state in {EventState.DRAFT, EventState.PUBLISHED}
    return is_open and event.ends_on >= today


def span_of(event: Event) -> Span:
    """When an event takes place, as far as it is known."""
    return Span(event.starts_on, event.ends_on)


def latest_event(session: Session, series_id: int) -> Event | None:
    """The event that the next ones are made like: the latest that was not cancelled."""
    return session.scalar(
        select(Event)
        .where(Event.series_id == series_id, Event.state != EventState.CANCELLED)
        .order_by(Event.starts_on.desc(), Event.id.desc())
        .limit(1)
    )


def latest_days(session: Session, series_ids: Collection[int]) -> dict[int, date]:
    """By series, the day after which the next events are reckoned: the last one held or planned.

    The first of several days, for that is the one that recurs; of a date that is not settled, the
    last day that it may be.
    """
    rows = session.execute(
        select(Event.series_id, Event.date_precision, Event.starts_on, Event.ends_on).where(
            Event.series_id.in_(series_ids), Event.state.not_in(NOT_HELD)
        )
    )
    found: dict[int, date] = {}
    for series_id, precision, starts_on, ends_on in rows:
        on = starts_on if precision is DatePrecision.DAY else ends_on
        if series_id is not None:
            found[series_id] = max(on, found.get(series_id, on))
    return found


def taken_days(
    session: Session, series_ids: Collection[int], days: Collection[date]
) -> dict[date, Event]:
    """Of these days, those on which one of the series has an event of a known day already."""
    if not days:
        return {}
    events = session.scalars(
        select(Event).where(
            Event.series_id.in_(series_ids),
            Event.state.not_in(NOT_HELD),
            Event.date_precision == DatePrecision.DAY,
            Event.starts_on <= max(days),
            Event.ends_on >= min(days),
        )
    ).all()
    return {
        on: event
        for on in sorted(days)
        for event in events
        if event.starts_on <= on <= event.ends_on
    }


def events_of_series(session: Session, series_id: int) -> tuple[SeriesEvent, ...]:
    """Every event of a series, the latest first, with how many people it has."""
    events = session.scalars(
        select(Event)
        .where(Event.series_id == series_id)
        .order_by(Event.starts_on.desc(), Event.id.desc())
        .options(joinedload(Event.kind), selectinload(Event.alternatives))
    ).all()
    ids = [event.id for event in events]
    counts = {
        (event_id, state): number
        for event_id, state, number in session.execute(
            select(Registration.event_id, Registration.state, func.count())
            .where(Registration.event_id.in_(ids))
            .group_by(Registration.event_id, Registration.state)
        )
    }
    present: dict[int, int] = dict(
        session.execute(
            select(Attendance.event_id, func.count(Attendance.registration_id.distinct()))
            .where(Attendance.event_id.in_(ids))
            .group_by(Attendance.event_id)
        ).all()
    )
    return tuple(
        SeriesEvent(
            event,
            registered=counts.get((event.id, RegistrationState.CONFIRMED), 0),
            invited=counts.get((event.id, RegistrationState.INVITED), 0),
            present=present.get(event.id, 0),
        )
        for event in events
    )


def last_series_change(session: Session, slug: str) -> AuditEntry | None:
    """The last act upon a series: who did it, and when."""
    return session.scalar(
        select(AuditEntry)
        .where(AuditEntry.subject == f"series:{slug}", AuditEntry.action == "series-changed")
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(1)
    )


def linkable_events(
    session: Session, departements: Collection[str], limit: int = 200
) -> Sequence[Event]:
    """Events in no series that touch those départements, the latest first."""
    return session.scalars(
        select(Event)
        .where(
            Event.series_id.is_(None),
            Event.state != EventState.CANCELLED,
            Event.departements.any(Departement.code.in_(departements)),
        )
        .order_by(Event.starts_on.desc(), Event.id.desc())
        .limit(limit)
        .options(selectinload(Event.alternatives))
    ).all()


def _events_by_series(session: Session, series_ids: Collection[int]) -> dict[int, list[Event]]:
    events = session.scalars(
        select(Event)
        .where(Event.series_id.in_(series_ids))
        .order_by(Event.starts_on, Event.id)
        .options(selectinload(Event.alternatives))
    )
    by_series: dict[int, list[Event]] = defaultdict(list)
    for event in events:
        if event.series_id is not None:
            by_series[event.series_id].append(event)
    return by_series


def _has_ended(series: Series, today: date) -> bool:
    return series.ended_on is not None and series.ended_on <= today
