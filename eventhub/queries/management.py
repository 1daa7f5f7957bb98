"""The events that a signed-in person may open, for « Mes évènements »."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import CTE, Select, case, false, func, or_, select, true, union_all
from sqlalchemy.orm import Session, defer, joinedload, selectinload

from eventhub.domain.event import EventState
from eventhub.domain.registration import RegistrationState
from eventhub.domain.rights import Actor
from eventhub.models.account import Account, event_co_organisers
from eventhub.models.audit import AuditEntry
from eventhub.models.event import Event, EventKind
from eventhub.models.registration import Registration
from eventhub.queries.event_conditions import holds_words, may_open

PAGE_SIZE = 20
"""Events on a page of each list."""
FOUND_PAGE_SIZE = 10
"""The same where words are looked for: the list is there to be narrowed."""
PAGES_MOST = 1_000_000
CHANGES_MAX = 50


@dataclass(frozen=True, slots=True)
class ManagedEvent:
    """One event in the list, with how many are confirmed and how many wait."""

    event: Event
    registered: int
    waiting: int


@dataclass(frozen=True, slots=True)
class ManagedPage:
    """One page of a list; `total` counts its events over all pages."""

    rows: tuple[ManagedEvent, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class ManagedEvents:
    """What someone may open, a page of each: drafts, what comes (postponed ones last), the past."""

    drafts: ManagedPage
    upcoming: ManagedPage
    past: ManagedPage

    @property
    def total(self) -> int:
        """How many events there are, over all lists and pages."""
        return self.drafts.total + self.upcoming.total + self.past.total


class EventList(StrEnum):
    """The lists of « Mes évènements »."""

    DRAFTS = "drafts"
    UPCOMING = "upcoming"
    PAST = "past"


def managed_events(
    session: Session,
    actor: Actor,
    today: date,
    *,
    words: str = "",
    pages: Mapping[EventList, int] | None = None,
) -> ManagedEvents:
    """The events of the actor's territory, and those it co-organises, that hold every word.

    `pages` count from 1, of each list; one beyond the end gives the last.
    """
    mine = _mine(actor, today, words)
    size = FOUND_PAGE_SIZE if words else PAGE_SIZE
    shown = {name: min(max((pages or {}).get(name, 1), 1), PAGES_MOST) for name in EventList}
    totals, by_list = _totals_and_ids(session, mine, size, shown)
    lasts = {name: max(1, -(-totals.get(name, 0) // size)) for name in EventList}
    if any(shown[name] > lasts[name] for name in EventList):
        shown = {name: min(shown[name], lasts[name]) for name in EventList}
        totals, by_list = _totals_and_ids(session, mine, size, shown)
    ids = [number for one in by_list.values() for number in one]
    events = {event.id: event for event in session.scalars(_loaded(ids))} if ids else {}
    counts = _counts(session, ids) if ids else {}

    def page(name: EventList) -> ManagedPage:
        listed = sorted((events[one] for one in by_list[name]), key=_order(name))
        if name is EventList.PAST:
            listed.reverse()
        rows = tuple(
            ManagedEvent(
                event,
                counts.get((event.id, RegistrationState.CONFIRMED), 0),
                counts.get((event.id, RegistrationState.WAITING), 0),
            )
            for event in listed
        )
        return ManagedPage(rows, totals.get(name, 0), shown[name], lasts[name])

    return ManagedEvents(page(EventList.DRAFTS), page(EventList.UPCOMING), page(EventList.PAST))


def _totals_and_ids(
    session: Session, mine: CTE, size: int, shown: Mapping[EventList, int]
) -> tuple[dict[str, int], dict[str, list[int]]]:
    """How many each list holds, and the ids of one page of each, in one reading of the events."""
    pages = [
        _ids(mine, name).limit(size).offset((shown[name] - 1) * size).subquery()
        for name in EventList
    ]
    counted = select(mine.c.list, true().label("is_total"), func.count()).group_by(mine.c.list)
    totals: dict[str, int] = {}
    by_list: dict[str, list[int]] = defaultdict(list)
    for name, is_total, number in session.execute(
        union_all(counted, *(select(page.c.list, false(), page.c.id) for page in pages))
    ):
        if is_total:
            totals[name] = number
        else:
            by_list[name].append(number)
    return totals, by_list


def _mine(actor: Actor, today: date, words: str) -> CTE:
    """Narrow rows of what may be opened, each with the list it stands in."""
    is_past = or_(
        Event.state == EventState.CLOSED,
        (Event.ends_on < today) & (Event.state != EventState.POSTPONED),
    )
    return (
        select(
            Event.id,
            case(
                (Event.state == EventState.DRAFT, EventList.DRAFTS.value),
                (is_past, EventList.PAST.value),
                else_=EventList.UPCOMING.value,
            ).label("list"),
            case((Event.state == EventState.POSTPONED, 1), else_=0).label("is_postponed"),
            Event.starts_on,
            Event.ends_on,
            Event.starts_at,
        )
        .where(may_open(actor), *holds_words(words))
        .cte("mine")
    )


def _ids(mine: CTE, name: EventList) -> Select[str, int]:
    """Those of a list, in its order: the same as `_order` sorts."""
    found = select(mine.c.list, mine.c.id).where(mine.c.list == name.value)
    if name is EventList.PAST:
        return found.order_by(mine.c.ends_on.desc(), mine.c.starts_on.desc(), mine.c.id.desc())
    return found.order_by(
        *((mine.c.is_postponed,) if name is EventList.UPCOMING else ()),
        mine.c.starts_on,
        mine.c.starts_at.is_not(None),  # databases differ on where nothing goes
        mine.c.starts_at,
        mine.c.id,
    )


def _order(name: EventList) -> Callable[[Event], tuple[Any, ...]]:
    if name is EventList.PAST:
        return lambda event: (event.ends_on, event.starts_on, event.id)
    return lambda event: (
        name is EventList.UPCOMING and event.state is EventState.POSTPONED,
        event.starts_on,
        event.starts_at is not None,
        event.starts_at,
        event.id,
    )


def changes_since(session: Session, event_id: int, version: int) -> list[AuditEntry]:
    """What was changed of an event after that version of it, the latest first."""
    latest = session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.event_id == event_id,
            AuditEntry.action.in_(("event-changed", "event-moved")),
        )
        .order_by(AuditEntry.id.desc())
        .limit(CHANGES_MAX)
    )
    return [entry for entry in latest if entry.detail.get("version", 0) > version]


def co_organisers(session: Session, event_id: int) -> Sequence[Account]:
    """The accounts that may edit this event beside those of its territory."""
    return session.scalars(
        select(Account)
        .join(event_co_organisers, event_co_organisers.c.account_id == Account.id)
        .where(event_co_organisers.c.event_id == event_id, Account.active)
        .order_by(Account.display_name, Account.email)
    ).all()


def _loaded(ids: Iterable[int]) -> Select[Event]:
    return (
        select(Event)
        .where(Event.id.in_(ids))
        .options(
            # A line needs no long text, and nothing of what a kind prepares.
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


def _counts(session: Session, event_ids: list[int]) -> dict[tuple[int, RegistrationState], int]:
    rows = session.execute(
        select(Registration.event_id, Registration.state, func.count())
        .where(Registration.event_id.in_(event_ids))
        .group_by(Registration.event_id, Registration.state)
    )
    return {(event_id, state): number for event_id, state, number in rows}
