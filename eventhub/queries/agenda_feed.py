"""What the agenda tells to other programs: events by filter, in an order that does not change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session, defer, joinedload, selectinload

from eventhub.domain.agenda import PUBLIC_STATES, WORDS_MAX, AgendaFilter, Period, period
from eventhub.domain.event import DatePrecision, EventMode, EventState
from eventhub.domain.kinds import UNLISTED_FAMILIES
from eventhub.domain.minutes import MinutesState
from eventhub.models.event import Event, EventKind, event_departements
from eventhub.models.minutes import Minutes
from eventhub.models.territory import BassinDeVie, Departement
from eventhub.queries.event_conditions import holds_words

MONTHS_BACK = 13
"""How far back a feed goes where no month is asked for: a year, and the month to look it up."""

_MODES = {
    "onsite": (EventMode.ONSITE, EventMode.HYBRID),
    "remote": (EventMode.REMOTE, EventMode.HYBRID),
}
_UNSEEN = (Event.search_text, Event.note, Event.mail_note, Event.remote_link)
"""Long or private columns that no feed needs."""


@dataclass(frozen=True, slots=True)
class FilterNames:
    """The names of what a filter asks for; None where the hub knows no such thing."""

    departement: str | None
    bassin: str | None
    kind: str | None


@dataclass(frozen=True, slots=True)
class FeedPosition:
    """Where a page of events ended: the last one's first day and number."""

    starts_on: date
    event_id: int


@dataclass(frozen=True, slots=True)
class FeedState:
    """When any public event last changed (one that left a filter counts too), and a fingerprint.

    `changed_at` is None where there is no public event.
    """

    changed_at: datetime | None
    fingerprint: str


@dataclass(frozen=True, slots=True)
class SiteMap:
    """Public events and published comptes-rendus: their slugs, and when each last changed."""

    events: Sequence[tuple[str, datetime]]
    minutes: Sequence[tuple[str, datetime]]


def calendar_events(
    session: Session, chosen: AgendaFilter, today: date, limit: int
) -> Sequence[Event]:
    """The events of a calendar that others follow, by date: at most `limit`, the latest ones.

    Cancelled and postponed ones are among them, so that calendars let them go. Those that left
    the month asked for by their last move are still told, at their new date.
    """
    statement = _feed(chosen, today, with_moved=True)
    found = session.scalars(
        statement.order_by(Event.starts_on.desc(), Event.id.desc()).limit(limit)
    )
    return list(reversed(found.all()))


def latest_changed_events(
    session: Session, chosen: AgendaFilter, today: date, limit: int
) -> Sequence[Event]:
    """The events of the filter that changed last, those first."""
    statement = _feed(chosen, today).order_by(Event.updated_at.desc(), Event.id.desc())
    return session.scalars(statement.limit(limit)).all()


def listed_events(
    session: Session,
    chosen: AgendaFilter,
    today: date,
    limit: int,
    *,
    position: FeedPosition | None = None,
    offset: int = 0,
) -> Sequence[Event]:
    """A page of the filter's events by first day, after `position` or past the first `offset`."""
    statement = _feed(chosen, today).order_by(Event.starts_on, Event.id).limit(limit)
    if position is not None:
        after = tuple_(position.starts_on, position.event_id)
        statement = statement.where(tuple_(Event.starts_on, Event.id) > after)
    elif offset:
        statement = statement.offset(offset)
    return session.scalars(statement).all()


def listed_total(session: Session, chosen: AgendaFilter, today: date) -> int:
    """How many events the filter holds."""
    statement = select(func.count()).select_from(Event).where(*_conditions(chosen, today))
    return session.scalar(statement) or 0


def month_events(
    session: Session, chosen: AgendaFilter, asked: Period, today: date, limit: int
) -> Sequence[Event]:
    """The events that may take place in a month, by first day and hour, unknown hours last."""
    month = AgendaFilter(
        chosen.departement, chosen.bassin, chosen.kind, str(asked), chosen.mode, chosen.words
    )
    statement = _feed(month, today).order_by(
        Event.starts_on, Event.starts_at.is_(None), Event.starts_at, Event.id
    )
    return session.scalars(statement.limit(limit)).all()


def feed_state(session: Session) -> FeedState:
    """What tells, for little, whether any feed may have changed, whatever its filter."""
    kinds = select(func.coalesce(func.sum(EventKind.version), 0)).scalar_subquery()
    changed_at, events, versions, sequences, kind_versions = session.execute(
        select(
            func.max(Event.updated_at),
            func.count(),
            func.coalesce(func.sum(Event.version), 0),
            func.coalesce(func.sum(Event.calendar_sequence), 0),
            kinds,
        ).where(Event.state.in_(PUBLIC_STATES))
    ).one()
    return FeedState(changed_at, f"{events} {versions} {sequences} {kind_versions}")


def filter_names(session: Session, chosen: AgendaFilter) -> FilterNames:
    """Name what a filter asks for."""

    def name(column: InstrumentedAttribute[str], *conditions: ColumnElement[bool]) -> str | None:
        return session.scalar(select(column).where(*conditions))

    return FilterNames(
        departement=name(Departement.name, Departement.code == chosen.departement)
        if chosen.departement
        else None,
        bassin=name(BassinDeVie.name, BassinDeVie.slug == chosen.bassin) if chosen.bassin else None,
        kind=name(
            EventKind.label,
            EventKind.code == chosen.kind,
            EventKind.family.not_in(UNLISTED_FAMILIES),
        )
        if chosen.kind
        else None,
    )


def site_map(session: Session, limit: int) -> SiteMap:
    """What search engines may read, the latest changed first, at most `limit` of each."""
    events = session.execute(
        select(Event.slug, Event.updated_at)
        .join(Event.kind)
        .where(Event.state.in_(PUBLIC_STATES), EventKind.family.not_in(UNLISTED_FAMILIES))
        .order_by(Event.updated_at.desc(), Event.id)
        .limit(limit)
    )
    minutes = session.execute(
        select(Event.slug, Minutes.updated_at)
        .join(Event, Event.id == Minutes.event_id)
        .where(Minutes.state == MinutesState.PUBLISHED)
        .order_by(Minutes.updated_at.desc(), Minutes.id)
        .limit(limit)
    )
    return SiteMap([(slug, at) for slug, at in events], [(slug, at) for slug, at in minutes])


def _feed(chosen: AgendaFilter, today: date, *, with_moved: bool = False) -> Select[Event]:
    return (
        select(Event)
        .where(*_conditions(chosen, today, with_moved=with_moved))
        .options(
            joinedload(Event.kind),
            joinedload(Event.bassin),
            selectinload(Event.departements),
            selectinload(Event.alternatives),
            *(defer(column) for column in _UNSEEN),
        )
    )


def _conditions(
    chosen: AgendaFilter, today: date, *, with_moved: bool = False
) -> list[ColumnElement[bool]]:
    listed_kinds = select(EventKind.code).where(EventKind.family.not_in(UNLISTED_FAMILIES))
    conditions = [
        Event.state.in_(PUBLIC_STATES),
        Event.kind_code.in_(listed_kinds),
        _when(chosen.month, today, with_moved=with_moved),
    ]
    if chosen.departement:
        conditions.append(
            Event.id.in_(
                select(event_departements.c.event_id).where(
                    event_departements.c.departement_code == chosen.departement
                )
            )
        )
    if chosen.bassin:
        bassin = select(BassinDeVie.id).where(BassinDeVie.slug == chosen.bassin)
        conditions.append(Event.bassin_id.in_(bassin))
    if chosen.kind:
        conditions.append(Event.kind_code == chosen.kind)
    if chosen.mode:
        conditions.append(Event.mode.in_(_MODES.get(chosen.mode, ())))
    return conditions + holds_words(chosen.words, longest=WORDS_MAX)


def _when(month: str, today: date, *, with_moved: bool) -> ColumnElement[bool]:
    if not month:
        return or_(Event.ends_on >= _months_before(today), Event.state == EventState.POSTPONED)
    asked = period(month)
    if asked is None:
        return Event.id.in_(())
    inside = and_(Event.starts_on <= asked.ends_on, Event.ends_on >= asked.starts_on)
    if asked.month is not None:
        # Of such an event only the year is known: no month holds it.
        inside = and_(inside, Event.date_precision != DatePrecision.YEAR)
    if with_moved:
        left = Event.previous_starts_on.between(asked.starts_on, asked.ends_on)
        return or_(inside, left)
    # As in the agenda: a postponed event has no date once its old one has gone by.
    gone = and_(Event.state == EventState.POSTPONED, Event.ends_on < today)
    return and_(inside, not_(gone))


def _months_before(today: date) -> date:
    months = today.year * 12 + today.month - 1 - MONTHS_BACK
    if months < 12:
        return date.min
    return date(months // 12, months % 12 + 1, 1)
