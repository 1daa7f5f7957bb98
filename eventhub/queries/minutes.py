"""Comptes-rendus: the draft of an event, what is published, and the list of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVarTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased, defer, joinedload, selectinload

from eventhub.domain.kinds import UNLISTED_FAMILIES
from eventhub.domain.minutes import MinutesState
from eventhub.models.account import Account
from eventhub.models.event import Event, EventKind
from eventhub.models.minutes import Minutes, MinutesRevision

_Columns = TypeVarTuple("_Columns")


@dataclass(frozen=True, slots=True)
class MinutesRow:
    """A published compte-rendu in a list. `title` is its own, or the event's.

    `figures` are those of its last revision.
    """

    event: Event
    title: str
    summary: str
    figures: Mapping[str, Any]
    published_at: datetime


def minutes_of(session: Session, event_id: int) -> Minutes | None:
    """The compte-rendu of an event, in any state."""
    return session.scalar(select(Minutes).where(Minutes.event_id == event_id))


def last_revision(session: Session, minutes_id: int) -> MinutesRevision | None:
    """What was last published of a compte-rendu, be it withdrawn since."""
    return session.scalar(
        select(MinutesRevision)
        .where(MinutesRevision.minutes_id == minutes_id)
        .order_by(MinutesRevision.number.desc())
        .limit(1)
    )


def revisions(session: Session, minutes_id: int) -> Sequence[tuple[MinutesRevision, str]]:
    """All that was published of a compte-rendu, latest first, with who published it."""
    rows = session.execute(
        select(MinutesRevision, func.coalesce(Account.display_name, ""), Account.email)
        .outerjoin(Account, MinutesRevision.published_by_id == Account.id)
        .where(MinutesRevision.minutes_id == minutes_id)
        .order_by(MinutesRevision.number.desc())
    )
    return [(revision, name or email or "") for revision, name, email in rows]


def last_writer(session: Session, minutes: Minutes) -> str:
    """Who wrote the text as it stands; empty where it is not known."""
    if minutes.updated_by_id is None:
        return ""
    account = session.get(Account, minutes.updated_by_id)
    return account.shown_name if account is not None else ""


def event_of_minutes(session: Session, slug: str) -> Event | None:
    """The event of that address, with what the page of its compte-rendu shows.

    None for a kind that is never shown to the public.
    """
    return session.scalar(
        select(Event)
        .join(Event.kind)
        .where(Event.slug == slug, EventKind.family.not_in(UNLISTED_FAMILIES))
        .options(
            joinedload(Event.kind),
            selectinload(Event.departements),
            selectinload(Event.alternatives),
        )
    )


def published_minutes(session: Session, page: int, per_page: int) -> Sequence[MinutesRow]:
    """A page (from 1) of the published ones, the latest event first."""
    statement = (
        _published(select(Event, MinutesRevision))
        .order_by(Event.ends_on.desc(), Event.id.desc())
        .limit(per_page)
        .offset((page - 1) * per_page)
        .options(
            joinedload(Event.kind),
            selectinload(Event.departements),
            selectinload(Event.alternatives),
            defer(MinutesRevision.body),
        )
    )
    return [
        MinutesRow(
            event=event,
            title=revision.title or event.title,
            summary=revision.summary,
            figures=revision.figures,
            published_at=revision.published_at,
        )
        for event, revision in session.execute(statement).unique()
    ]


def count_published_minutes(session: Session) -> int:
    """How many are published."""
    return session.scalar(_published(select(func.count()).select_from(Event))) or 0


def _published(statement: Select[*_Columns]) -> Select[*_Columns]:
    every = aliased(MinutesRevision)
    latest = select(func.max(every.number)).where(every.minutes_id == Minutes.id).scalar_subquery()
    return (
        statement.join(Minutes, Minutes.event_id == Event.id)
        .join(
            MinutesRevision,
            (MinutesRevision.minutes_id == Minutes.id) & (MinutesRevision.number == latest),
        )
        .join(EventKind, Event.kind_code == EventKind.code)
        .where(Minutes.state == MinutesState.PUBLISHED, EventKind.family.not_in(UNLISTED_FAMILIES))
    )
