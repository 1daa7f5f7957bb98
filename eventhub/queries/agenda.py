"""The public agenda: which events are listed, in which order, and how many each filter holds."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from itertools import groupby
from typing import Any, Literal

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    Select,
    String,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session, defer, joinedload, load_only, selectinload

from eventhub.domain.agenda import (
    PUBLIC_STATES,
    WORDS_MAX,
    AgendaFilter,
    AgendaView,
    GroupKey,
    GroupKind,
    group_key,
    period,
    periods_of,
)
from eventhub.domain.event import DatePrecision, EventMode, EventState
from eventhub.domain.kinds import UNLISTED_FAMILIES
from eventhub.domain.minutes import MinutesState
from eventhub.models.event import (
    Activity,
    ActivitySpeaker,
    Event,
    EventKind,
    Partnership,
    event_departements,
)
from eventhub.models.minutes import Minutes
from eventhub.models.structure import Structure
from eventhub.models.territory import BassinDeVie, Departement
from eventhub.queries.event_conditions import holds_words

PAGE_SIZE = 40
"""Events on one page of the agenda."""
FOUND_PAGE_SIZE = 10
"""The same where words are looked for: the page is there to be narrowed, and comes sooner."""
TEASER_SIZE = 6
"""Past events shown under those to come."""

_MODES = {
    EventMode.ONSITE: frozenset({"onsite"}),
    EventMode.REMOTE: frozenset({"remote"}),
    EventMode.HYBRID: frozenset({"onsite", "remote"}),
    EventMode.UNKNOWN: frozenset[str](),
}

_GONE_BY, _YEAR_ONLY = 2, 1
_PAGES_MOST = 1_000_000

Dimension = Literal["departement", "bassin", "kind", "month", "mode"]


@dataclass(frozen=True, slots=True)
class Facet:
    """How many events each value of a filter would list, the other filters kept.

    `total`: the same with this filter cleared. Values that would list nothing are left out.
    """

    total: int
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class AgendaGroup:
    """Events under one heading."""

    key: GroupKey
    events: Sequence[Event]


@dataclass(frozen=True, slots=True)
class Agenda:
    """One page of the agenda.

    `groups` holds the events to come, or of the period; `past` those of the past, latest first.
    `listed_total` counts them over all pages; `upcoming_total` and `past_total` what lies on each
    side of today, any month; `past_periods` are the months and years that hold something past.
    `accounted` holds the events that have a published compte-rendu.
    """

    view: AgendaView
    page: int
    pages: int
    groups: Sequence[AgendaGroup]
    past: Sequence[Event]
    listed_total: int
    upcoming_total: int
    past_total: int
    past_periods: frozenset[str]
    facets: Mapping[Dimension, Facet]
    departements: Sequence[Departement]
    bassins: Sequence[BassinDeVie]
    kinds: Sequence[EventKind]
    accounted: frozenset[int]


_ROW = "row"
_TEASED = "teased"
_MATCHING = "matching"
_ANYWHERE = "anywhere"


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of what the database counted: of which dimension, which value, how many events."""

    dimension: str
    value: str
    until: str
    flag: int
    is_over: int
    count: int


def agenda(
    session: Session,
    chosen: AgendaFilter,
    today: date,
    *,
    past: bool = False,
    page: int = 1,
) -> Agenda:
    """List a page of public events. `today` is the day where the reader is.

    A month or a year chosen lists what it holds, past or not; else the events to come are listed
    with the latest past ones under them, or with `past` the past ones alone.
    """
    chosen_period = period(chosen.month)
    if chosen.month:
        view = AgendaView.PERIOD
    else:
        view = AgendaView.PAST if past else AgendaView.UPCOMING
    since = today
    if view is AgendaView.PERIOD and chosen_period:
        since = chosen_period.starts_on
    page = min(max(1, page), _PAGES_MOST)
    lines = _lines(session, chosen, view, today, since, page)
    listed_total = sum(
        line.count
        for line in lines
        if line.dimension == _MATCHING and _is_of(view, past=bool(line.is_over))
    )
    pages = max(1, -(-listed_total // _page_size(chosen)))
    if page > pages:
        page = pages
        lines = _lines(session, chosen, view, today, since, page)
    shown = {line.count for line in lines if line.dimension == _ROW}
    teases = view is AgendaView.UPCOMING and page == pages
    teased = {line.count for line in lines if line.dimension == _TEASED and teases}
    events = _events(session, [*shown, *teased])

    def heading(event: Event) -> GroupKey:
        return group_key(event.date_precision, event.state, event.starts_on, event.ends_on, since)

    def in_order(event: Event) -> tuple[GroupKey, tuple[date, time, str, int]]:
        return heading(event), _by_time(event)

    def latest_first(ids: Iterable[int]) -> list[Event]:
        return sorted(
            (events[one] for one in ids),
            key=lambda event: (event.ends_on, _by_time(event)),
            reverse=True,
        )

    periods: Counter[str] = Counter()
    past_periods: set[str] = set()
    by_side = [0, 0]
    for line in lines:
        if line.dimension == "month":
            by_side[line.is_over] += line.count
            for one in _periods(line, today):
                periods[one] += line.count
                if line.is_over:
                    past_periods.add(one)

    groups: list[AgendaGroup] = []
    if view is not AgendaView.PAST:
        ordered = sorted((events[one] for one in shown), key=in_order)
        groups = [AgendaGroup(key, list(members)) for key, members in groupby(ordered, heading)]
        latest = latest_first(teased)
    else:
        latest = latest_first(shown)
    return Agenda(
        view=view,
        page=page,
        pages=pages,
        groups=groups,
        past=latest,
        listed_total=listed_total,
        upcoming_total=by_side[0],
        past_total=by_side[1],
        past_periods=frozenset(past_periods),
        facets=_facets(lines, periods),
        departements=session.scalars(select(Departement).order_by(Departement.code)).all(),
        bassins=session.scalars(select(BassinDeVie).order_by(BassinDeVie.name)).all(),
        kinds=session.scalars(
            select(EventKind)
            .where(EventKind.family.not_in(UNLISTED_FAMILIES))
            .options(load_only(EventKind.label, EventKind.family))
            .order_by(EventKind.position, EventKind.code)
        ).all(),
        accounted=accounted_events(session, [event.id for event in events.values()]),
    )


def public_event(session: Session, slug: str) -> Event | None:
    """The event of that address with all that its page shows, whatever its state.

    None for a kind that is never shown to the public.
    """
    event = session.scalar(
        select(Event)
        .where(Event.slug == slug)
        .options(
            joinedload(Event.kind),
            joinedload(Event.bassin),
            selectinload(Event.departements),
            selectinload(Event.alternatives),
            selectinload(Event.activities).selectinload(Activity.hosts),
            selectinload(Event.activities)
            .selectinload(Activity.speakers)
            .selectinload(ActivitySpeaker.structure),
            selectinload(Event.partnerships)
            .joinedload(Partnership.structure)
            .joinedload(Structure.logo),
            selectinload(Event.deliverables),
        )
    )
    if event is None or event.kind.family in UNLISTED_FAMILIES:
        return None
    return event


def accounted_events(session: Session, event_ids: Iterable[int]) -> frozenset[int]:
    """Those of these events that have a published compte-rendu."""
    return frozenset(
        session.scalars(
            select(Minutes.event_id).where(
                Minutes.event_id.in_(list(event_ids)), Minutes.state == MinutesState.PUBLISHED
            )
        )
    )


def _lines(
    session: Session,
    chosen: AgendaFilter,
    view: AgendaView,
    today: date,
    since: date,
    page: int,
) -> list[_Line]:
    """What each filter would list, and the ids of one page, in one reading of the events.

    Among thousands of events, reading each of them into Python would cost ten times as much.
    """
    base = _base(chosen, today, since)
    keeps = {name: base.c[f"keeps_{name}"] for name in ("departement", "bassin", "kind", "mode")}
    keeps["month"] = base.c.keeps_month

    def kept(*cleared: str) -> list[ColumnElement[bool]]:
        return [condition for name, condition in keeps.items() if name not in cleared]

    on_side: list[ColumnElement[bool]] = []
    if view is not AgendaView.PERIOD:
        on_side = [base.c.is_over == int(view is AgendaView.PAST)]
    none, zero, every = literal(""), literal(0), func.count()
    territory = event_departements.c.departement_code
    size = _page_size(chosen)
    order = _latest_first(base) if view is AgendaView.PAST else _by_heading(base)
    rows = (
        select(base.c.id)
        .where(*kept(), *on_side)
        .order_by(*order)
        .limit(size)
        .offset((page - 1) * size)
    )
    teased = (
        select(base.c.id)
        .where(*kept(), base.c.is_over == 1)
        .order_by(*_latest_first(base))
        .limit(TEASER_SIZE)
    )
    parts: list[Select[*tuple[Any, ...]]] = [
        select(literal("kind"), base.c.kind, none, zero, zero, every)
        .where(*kept("kind"), *on_side)
        .group_by(base.c.kind),
        select(literal("mode"), base.c.mode, none, zero, zero, every)
        .where(*kept("mode"), *on_side)
        .group_by(base.c.mode),
        select(literal("bassin"), base.c.bassin, none, zero, zero, every)
        .where(*kept("bassin"), *on_side)
        .group_by(base.c.bassin),
        select(literal("departement"), territory, none, zero, zero, every)
        .join(base, base.c.id == event_departements.c.event_id)
        .where(*kept("departement", "bassin"), *on_side)
        .group_by(territory),
        select(literal(_ANYWHERE), none, none, zero, zero, every)
        .select_from(base)
        .where(*kept("departement", "bassin"), *on_side),
        select(
            literal("month"),
            base.c.first_month,
            base.c.last_month,
            base.c.flag,
            base.c.is_over,
            every,
        )
        .where(*kept("month"))
        .group_by(base.c.first_month, base.c.last_month, base.c.flag, base.c.is_over),
        select(literal(_MATCHING), none, none, zero, base.c.is_over, every)
        .where(*kept())
        .group_by(base.c.is_over),
        select(literal(_ROW), none, none, zero, zero, rows.subquery().c.id),
        select(literal(_TEASED), none, none, zero, zero, teased.subquery().c.id),
    ]
    return [_Line(*row) for row in session.execute(union_all(*parts))]


def _page_size(chosen: AgendaFilter) -> int:
    return FOUND_PAGE_SIZE if chosen.words else PAGE_SIZE


def _base(chosen: AgendaFilter, today: date, since: date) -> CTE:
    """The public events that hold the words, with what each filter would keep."""
    asked = period(chosen.month)
    has_gone_by = and_(Event.state == EventState.POSTPONED, Event.ends_on < today)
    in_period: ColumnElement[bool] = true()
    if chosen.month:
        in_period = false()
    if asked is not None:
        in_period = and_(
            Event.starts_on <= asked.ends_on, Event.ends_on >= asked.starts_on, ~has_gone_by
        )
        if asked.month is not None:
            in_period = and_(in_period, Event.date_precision != DatePrecision.YEAR)
    here = select(event_departements.c.event_id).where(
        event_departements.c.departement_code == chosen.departement
    )
    modes = [mode for mode, names in _MODES.items() if chosen.mode in names]
    unlisted = select(EventKind.code).where(EventKind.family.in_(UNLISTED_FAMILIES))
    is_over = and_(
        Event.state != EventState.POSTPONED,
        or_(Event.state == EventState.CLOSED, Event.ends_on < today),
    )
    undated = and_(Event.state == EventState.POSTPONED, Event.ends_on < since)
    heading = case(
        (undated, int(GroupKind.UNDATED)),
        (Event.date_precision == DatePrecision.SEASON, int(GroupKind.SEASON)),
        (Event.date_precision == DatePrecision.RANGE, int(GroupKind.RANGE)),
        (Event.date_precision == DatePrecision.YEAR, int(GroupKind.YEAR)),
        else_=int(GroupKind.MONTH),
    )
    first = case((Event.starts_on > since, Event.starts_on), else_=literal(since, Date))
    anchor = case(
        (undated, "9999-12"),
        (
            Event.date_precision == DatePrecision.YEAR,
            func.substr(cast(Event.ends_on, String), 1, 4) + "-12",
        ),
        else_=func.substr(cast(first, String), 1, 7),
    )
    return (
        select(
            Event.id,
            Event.kind_code.label("kind"),
            cast(Event.mode, String).label("mode"),
            func.coalesce(BassinDeVie.slug, "").label("bassin"),
            Event.title,
            Event.starts_on,
            Event.ends_on,
            Event.starts_at,
            func.substr(cast(Event.starts_on, String), 1, 7).label("first_month"),
            func.substr(cast(Event.ends_on, String), 1, 7).label("last_month"),
            case(
                (has_gone_by, _GONE_BY),
                (Event.date_precision == DatePrecision.YEAR, _YEAR_ONLY),
                else_=0,
            ).label("flag"),
            case((is_over, 1), else_=0).label("is_over"),
            heading.label("heading"),
            anchor.label("anchor"),
            (Event.id.in_(here) if chosen.departement else true()).label("keeps_departement"),
            (BassinDeVie.slug == chosen.bassin if chosen.bassin else true()).label("keeps_bassin"),
            (Event.kind_code == chosen.kind if chosen.kind else true()).label("keeps_kind"),
            (Event.mode.in_(modes) if chosen.mode else true()).label("keeps_mode"),
            in_period.label("keeps_month"),
        )
        .outerjoin(Event.bassin)
        .where(
            Event.state.in_(PUBLIC_STATES),
            Event.kind_code.not_in(unlisted),  # read once, where a join reads a kind for each row
            *holds_words(chosen.words, longest=WORDS_MAX),
        )
        .cte("public_events")
    )


def _by_heading(base: CTE) -> tuple[Any, ...]:
    """In the order of the headings, then of time; the same as `GroupKey` and `_by_time` sort."""
    has_own = base.c.heading.in_([GroupKind.SEASON, GroupKind.RANGE, GroupKind.YEAR])
    return (
        base.c.anchor,
        base.c.heading,
        case((has_own, base.c.starts_on)),
        case((has_own, base.c.ends_on)),
        base.c.starts_on,
        base.c.starts_at.is_(None),
        base.c.starts_at,
        base.c.title,
        base.c.id,
    )


def _latest_first(base: CTE) -> tuple[Any, ...]:
    return (
        base.c.ends_on.desc(),
        base.c.starts_on.desc(),
        base.c.starts_at.is_not(None),
        base.c.starts_at.desc(),
        base.c.title.desc(),
        base.c.id.desc(),
    )


def _by_time(event: Event) -> tuple[date, time, str, int]:
    hour = event.starts_at.time() if event.starts_at else time.max
    return event.starts_on, hour, event.title, event.id


def _is_of(view: AgendaView, *, past: bool) -> bool:
    """Whether a view lists that side of today."""
    return view is AgendaView.PERIOD or past is (view is AgendaView.PAST)


def _periods(line: _Line, today: date) -> tuple[str, ...]:
    """The periods of the events that a line of the months counts."""
    first, last = (date.fromisoformat(f"{month}-01") for month in (line.value, line.until))
    return periods_of(
        DatePrecision.YEAR if line.flag == _YEAR_ONLY else DatePrecision.MONTH,
        EventState.POSTPONED if line.flag == _GONE_BY else EventState.PUBLISHED,
        first,
        date.min if line.flag == _GONE_BY else last,
        today,
    )


def _facets(lines: Sequence[_Line], periods: Mapping[str, int]) -> dict[Dimension, Facet]:
    def counts(dimension: str) -> Counter[str]:
        return Counter({line.value: line.count for line in lines if line.dimension == dimension})

    def facet(dimension: str) -> Facet:
        found = counts(dimension)
        total = found.total()
        del found[""]
        return Facet(total, found)

    modes: Counter[str] = Counter()
    for mode, number in counts("mode").items():
        for name in _MODES[EventMode(mode)]:
            modes[name] += number
    anywhere = next(line.count for line in lines if line.dimension == _ANYWHERE)
    return {
        "departement": Facet(anywhere, counts("departement")),
        "bassin": facet("bassin"),
        "kind": facet("kind"),
        "month": Facet(
            sum(line.count for line in lines if line.dimension == "month"), dict(periods)
        ),
        "mode": Facet(counts("mode").total(), modes),
    }


def _events(session: Session, ids: Sequence[int]) -> dict[int, Event]:
    found = session.scalars(
        select(Event)
        .where(Event.id.in_(ids))
        .options(
            # A list needs no long text, and nothing of what a kind prepares.
            defer(Event.search_text),
            defer(Event.summary),
            defer(Event.access),
            defer(Event.accessibility),
            defer(Event.note),
            defer(Event.reminder_hours),
            defer(Event.mail_note),
            joinedload(Event.kind).load_only(EventKind.label, EventKind.family),
            selectinload(Event.departements),
            selectinload(Event.alternatives),
        )
    )
    return {event.id: event for event in found}
