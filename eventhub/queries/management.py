"""The events that a signed-in person may open, for « Mes évènements »."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, false, func, or_, select, true
from sqlalchemy.orm import Session, selectinload

from eventhub.domain.event import EventState
from eventhub.domain.naming import search_words
from eventhub.domain.registration import RegistrationState
from eventhub.domain.rights import AccountRole, Actor
from eventhub.models.account import Account, event_co_organisers
from eventhub.models.audit import AuditEntry
from eventhub.models.event import Event, event_departements
from eventhub.models.registration import Registration
from eventhub.models.territory import Departement

PAST_PAGE_SIZE = 20
WORDS_MAX = 200
CHANGES_MAX = 50


@dataclass(frozen=True, slots=True)
class ManagedEvent:
    """One event in the list, with how many are confirmed and how many wait."""

    event: Event
    registered: int
    waiting: int


@dataclass(frozen=True, slots=True)
class ManagedEvents:
    """What someone may open: drafts, what comes (postponed ones last), one page of the past."""

    drafts: tuple[ManagedEvent, ...]
    upcoming: tuple[ManagedEvent, ...]
    past: tuple[ManagedEvent, ...]
    past_total: int
    page: int
    pages: int


def managed_events(
    session: Session, actor: Actor, today: date, *, words: str = "", page: int = 1
) -> ManagedEvents:
    """The events of the actor's territory, and those it co-organises, that hold every word.

    `page` counts from 1, over the past only; one beyond the end gives the last.
    """
    mine = (may_open(actor), *holds_words(words))
    is_past = or_(
        Event.state == EventState.CLOSED,
        (Event.ends_on < today) & (Event.state != EventState.POSTPONED),
    )
    is_draft = Event.state == EventState.DRAFT
    past_total = (
        session.scalar(select(func.count()).select_from(Event).where(*mine, is_past, ~is_draft))
        or 0
    )
    pages = max(1, -(-past_total // PAST_PAGE_SIZE))
    page = min(max(page, 1), pages)
    coming = session.scalars(
        _loaded(select(Event))
        .where(*mine, or_(is_draft, ~is_past))
        .order_by(Event.starts_on, Event.starts_at, Event.id)
    ).all()
    past = session.scalars(
        _loaded(select(Event))
        .where(*mine, is_past, ~is_draft)
        .order_by(Event.ends_on.desc(), Event.starts_on.desc(), Event.id.desc())
        .limit(PAST_PAGE_SIZE)
        .offset((page - 1) * PAST_PAGE_SIZE)
    ).all()
    counts = _counts(session, [event.id for event in (*coming, *past)])

    def listed(events: Iterable[Event]) -> tuple[ManagedEvent, ...]:
        return tuple(
            ManagedEvent(
                event,
                counts.get((event.id, RegistrationState.CONFIRMED), 0),
                counts.get((event.id, RegistrationState.WAITING), 0),
            )
            for event in events
        )

    upcoming = [event for event in coming if event.state is not EventState.DRAFT]
    upcoming.sort(key=lambda event: event.state is EventState.POSTPONED)
    return ManagedEvents(
        drafts=listed(event for event in coming if event.state is EventState.DRAFT),
        upcoming=listed(upcoming),
        past=listed(past),
        past_total=past_total,
        page=page,
        pages=pages,
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


def departement_total(session: Session) -> int:
    """How many départements the hub has."""
    return session.scalar(select(func.count()).select_from(Departement)) or 0


def may_open(actor: Actor) -> ColumnElement[bool]:
    """The same rule as `eventhub.domain.rights`, as a condition."""
    if actor.is_regional:
        return true()
    territory: ColumnElement[bool] = Event.id.in_(
        select(event_departements.c.event_id).where(
            event_departements.c.departement_code.in_(actor.departements)
        )
    )
    if actor.role is AccountRole.STAFF_FIGURES:
        return or_(territory, Event.state != EventState.DRAFT)
    if actor.role is AccountRole.ORGANISER:
        co_organised = Event.id.in_(actor.co_organised) if actor.co_organised else false()
        return or_(territory, co_organised)
    if actor.role is AccountRole.CO_ORGANISER:
        return Event.id.in_(actor.co_organised) if actor.co_organised else false()
    return territory


def holds_words(words: str) -> list[ColumnElement[bool]]:
    """That an event holds every word, as searches of events read it."""
    # PostgreSQL takes no text with a null character.
    typed = words[:WORDS_MAX].replace("\0", " ")
    return [Event.search_text.contains(word, autoescape=True) for word in search_words(typed)]


def _loaded(statement: Select[Event]) -> Select[Event]:
    return statement.options(
        selectinload(Event.departements),
        selectinload(Event.kind),
        selectinload(Event.alternatives),
    )


def _counts(session: Session, event_ids: list[int]) -> dict[tuple[int, RegistrationState], int]:
    rows = session.execute(
        select(Registration.event_id, Registration.state, func.count())
        .where(Registration.event_id.in_(event_ids))
        .group_by(Registration.event_id, Registration.state)
    )
    return {(event_id, state): number for event_id, state, number in rows}
