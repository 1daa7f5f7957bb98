"""The public agenda: which events are listed, in which order, and how many each filter holds."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from itertools import groupby
from typing import Literal

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from eventhub.domain.agenda import (
    PUBLIC_STATES,
    WORDS_MAX,
    AgendaFilter,
    AgendaView,
    GroupKey,
    group_key,
    is_past,
    period,
    periods_of,
)
from eventhub.domain.event import DatePrecision, EventMode, EventState
from eventhub.domain.kinds import UNLISTED_FAMILIES
from eventhub.domain.minutes import MinutesState
from eventhub.domain.naming import search_words
from eventhub.models.event import (
    Activity,
    ActivitySpeaker,
    Event,
    EventKind,
    Partnership,
    event_departements,
)
from eventhub.models.minutes import Minutes
from eventhub.models.territory import BassinDeVie, Departement

PAGE_SIZE = 40
"""Events on one page of the agenda."""
TEASER_SIZE = 6
"""Past events shown under those to come."""

_MODES = {
    EventMode.ONSITE: frozenset({"onsite"}),
    EventMode.REMOTE: frozenset({"remote"}),
    EventMode.HYBRID: frozenset({"onsite", "remote"}),
    EventMode.UNKNOWN: frozenset[str](),
}

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


@dataclass(frozen=True, slots=True)
class _Entry:
    """What filters look at, of one public event."""

    id: int
    state: EventState
    precision: DatePrecision
    starts_on: date
    ends_on: date
    starts_at: datetime | None
    title: str
    kind: str
    bassin: str
    modes: frozenset[str]
    departements: frozenset[str]
    periods: tuple[str, ...]

    @property
    def by_time(self) -> tuple[date, time, str, int]:
        hour = self.starts_at.time() if self.starts_at else time.max
        return self.starts_on, hour, self.title, self.id


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
    entries = _entries(session, chosen.words, today)

    matching = [entry for entry in entries if _matches(entry, chosen)]
    gone = sorted(
        (entry for entry in matching if is_past(entry.state, entry.ends_on, today)),
        key=lambda entry: (entry.ends_on, entry.by_time),
        reverse=True,
    )
    since = today
    if view is AgendaView.PERIOD:
        since = chosen_period.starts_on if chosen_period else today
        listed = matching
    elif view is AgendaView.PAST:
        listed = gone
    else:
        listed = [e for e in matching if not is_past(e.state, e.ends_on, today)]

    def heading(entry: _Entry) -> GroupKey:
        return group_key(entry.precision, entry.state, entry.starts_on, entry.ends_on, since)

    if view is not AgendaView.PAST:
        listed = sorted(listed, key=lambda entry: (heading(entry), entry.by_time))
    pages = max(1, -(-len(listed) // PAGE_SIZE))
    page = min(max(1, page), pages)
    shown = listed[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    teased = gone[:TEASER_SIZE] if view is AgendaView.UPCOMING and page == pages else []
    events = _events(session, [entry.id for entry in (*shown, *teased)])
    any_time = [entry for entry in entries if _matches(entry, replace(chosen, month=""))]
    any_past = [entry for entry in any_time if is_past(entry.state, entry.ends_on, today)]

    groups: list[AgendaGroup] = []
    if view is not AgendaView.PAST:
        groups = [
            AgendaGroup(key, [events[entry.id] for entry in members])
            for key, members in groupby(shown, heading)
        ]
        latest = teased
    else:
        latest = shown
    return Agenda(
        view=view,
        page=page,
        pages=pages,
        groups=groups,
        past=[events[entry.id] for entry in latest],
        listed_total=len(listed),
        upcoming_total=len(any_time) - len(any_past),
        past_total=len(any_past),
        past_periods=frozenset(one for entry in any_past for one in entry.periods),
        facets=_facets(entries, chosen, view, today),
        departements=session.scalars(select(Departement).order_by(Departement.code)).all(),
        bassins=session.scalars(select(BassinDeVie).order_by(BassinDeVie.name)).all(),
        kinds=session.scalars(
            select(EventKind)
            .where(EventKind.family.not_in(UNLISTED_FAMILIES))
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
            selectinload(Event.partnerships).joinedload(Partnership.structure),
            selectinload(Event.deliverables),
        )
    )
    if event is None or event.kind.family in UNLISTED_FAMILIES:
        return None
    return event


def departement_total(session: Session) -> int:
    """How many départements the hub has."""
    return session.scalar(select(func.count()).select_from(Departement)) or 0


def accounted_events(session: Session, event_ids: Iterable[int]) -> frozenset[int]:
    """Those of these events that have a published compte-rendu."""
    return frozenset(
        session.scalars(
            select(Minutes.event_id).where(
                Minutes.event_id.in_(list(event_ids)), Minutes.state == MinutesState.PUBLISHED
            )
        )
    )


def _entries(session: Session, words: str, today: date) -> list[_Entry]:
    territories: dict[int, set[str]] = {}
    for event_id, code in session.execute(
        select(event_departements.c.event_id, event_departements.c.departement_code)
    ):
        territories.setdefault(event_id, set()).add(code)
    rows = session.execute(
        select(
            Event.id,
            Event.state,
            Event.date_precision,
            Event.starts_on,
            Event.ends_on,
            Event.starts_at,
            Event.title,
            Event.kind_code,
            func.coalesce(BassinDeVie.slug, ""),
            Event.mode,
        )
        .join(Event.kind)
        .outerjoin(Event.bassin)
        .where(
            Event.state.in_(PUBLIC_STATES),
            EventKind.family.not_in(UNLISTED_FAMILIES),
            *_holds_words(words),
        )
    )
    return [
        _Entry(
            *row[:9],
            modes=_MODES[row[9]],
            departements=frozenset(territories.get(row[0], ())),
            periods=periods_of(row[2], row[1], row[3], row[4], today),
        )
        for row in rows
    ]


def _holds_words(words: str) -> list[ColumnElement[bool]]:
    """One condition per word; each has to be found."""
    # PostgreSQL takes no text with a null character.
    typed = words[:WORDS_MAX].replace("\0", " ")
    return [Event.search_text.contains(word, autoescape=True) for word in search_words(typed)]


def _matches(entry: _Entry, chosen: AgendaFilter) -> bool:
    return (
        (not chosen.departement or chosen.departement in entry.departements)
        and (not chosen.bassin or chosen.bassin == entry.bassin)
        and (not chosen.kind or chosen.kind == entry.kind)
        and (not chosen.mode or chosen.mode in entry.modes)
        and (not chosen.month or chosen.month in entry.periods)
    )


def _facets(
    entries: Sequence[_Entry], chosen: AgendaFilter, view: AgendaView, today: date
) -> dict[Dimension, Facet]:
    def listed(asked: AgendaFilter) -> list[_Entry]:
        found = [entry for entry in entries if _matches(entry, asked)]
        if view is AgendaView.PERIOD:
            return found
        wants_past = view is AgendaView.PAST
        return [e for e in found if is_past(e.state, e.ends_on, today) is wants_past]

    def facet(entries: Sequence[_Entry], values: Iterable[str]) -> Facet:
        return Facet(len(entries), Counter(values))

    anywhere = listed(replace(chosen, departement="", bassin=""))
    around = listed(replace(chosen, bassin=""))
    any_kind = listed(replace(chosen, kind=""))
    any_mode = listed(replace(chosen, mode=""))
    # A period lists both sides of today.
    any_time = [entry for entry in entries if _matches(entry, replace(chosen, month=""))]
    return {
        "departement": facet(anywhere, (d for entry in anywhere for d in entry.departements)),
        "bassin": facet(around, (entry.bassin for entry in around if entry.bassin)),
        "kind": facet(any_kind, (entry.kind for entry in any_kind)),
        "month": facet(any_time, (period for entry in any_time for period in entry.periods)),
        "mode": facet(any_mode, (mode for entry in any_mode for mode in entry.modes)),
    }


def _events(session: Session, ids: Sequence[int]) -> dict[int, Event]:
    found = session.scalars(
        select(Event)
        .where(Event.id.in_(ids))
        .options(
            joinedload(Event.kind),
            selectinload(Event.departements),
            selectinload(Event.alternatives),
        )
    )
    return {event.id: event for event in found}
