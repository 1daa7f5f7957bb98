"""Kinds of event: what an event may begin with, and how far each is in use."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from eventhub.domain.event import EventState
from eventhub.domain.kinds import UNLISTED_FAMILIES
from eventhub.domain.rights import Actor
from eventhub.models.attendance import Attendance
from eventhub.models.event import Activity, Event, EventKind, KindActivity, Partnership
from eventhub.models.series import Series
from eventhub.queries.event_conditions import holds_words, may_open

EDITIONS_MAX = 8
FOUND_MAX = 20


@dataclass(frozen=True, slots=True)
class KindInUse:
    """A kind, how many events and series are of it, and how many parts its programme has."""

    kind: EventKind
    events: int
    series: int
    activities: int

    @property
    def is_used(self) -> bool:
        """Whether it can no longer be deleted."""
        return bool(self.events or self.series)


def kinds_in_use(session: Session) -> tuple[KindInUse, ...]:
    """Every kind in the order of the administrators, retired ones last."""
    events, series, activities = (
        select(column, func.count().label("number")).group_by(column).subquery()
        for column in (Event.kind_code, Series.kind_code, KindActivity.kind_code)
    )
    counts = [func.coalesce(one.c.number, 0) for one in (events, series, activities)]
    rows = session.execute(
        select(EventKind, *counts)
        .outerjoin(events, events.c.kind_code == EventKind.code)
        .outerjoin(series, series.c.kind_code == EventKind.code)
        .outerjoin(activities, activities.c.kind_code == EventKind.code)
        .order_by(EventKind.active.desc(), EventKind.position, EventKind.code)
    )
    return tuple(KindInUse(*row) for row in rows)


@dataclass(frozen=True, slots=True)
class KindUse:
    """How far a kind is in use."""

    events: int
    series: int
    presences: int

    @property
    def is_used(self) -> bool:
        """Whether it can no longer be deleted."""
        return bool(self.events or self.series)


def kind_use(session: Session, code: str) -> KindUse:
    """How many events, series and presences are of a kind."""
    events = select(func.count()).where(Event.kind_code == code)
    series = select(func.count()).where(Series.kind_code == code)
    presences = (
        select(func.count())
        .select_from(Attendance)
        .join(Event, Event.id == Attendance.event_id)
        .where(Event.kind_code == code)
    )
    parts = (one.scalar_subquery() for one in (events, series, presences))
    return KindUse(*session.execute(select(*parts)).one())


def last_editions(session: Session, actor: Actor, today: date) -> Sequence[Event]:
    """Of each kind, the latest event of the actor's territory that took place, the latest first.

    However long ago: a yearly event that skipped a year is begun from its last edition too.
    """
    latest = (
        select(
            Event.id,
            func.row_number()
            .over(partition_by=Event.kind_code, order_by=(Event.starts_on.desc(), Event.id.desc()))
            .label("rank"),
        )
        .join(Event.kind)
        .where(
            may_open(actor),
            Event.state.not_in((EventState.DRAFT, EventState.CANCELLED, EventState.POSTPONED)),
            EventKind.family.not_in(UNLISTED_FAMILIES),
            Event.starts_on < today,
        )
        .subquery()
    )
    return session.scalars(
        select(Event)
        .join(latest, latest.c.id == Event.id)
        .join(Event.kind)
        .where(latest.c.rank == 1)
        .order_by(Event.starts_on.desc(), Event.id.desc())
        .limit(EDITIONS_MAX)
        .options(
            contains_eager(Event.kind),
            selectinload(Event.departements),
            selectinload(Event.alternatives),
        )
    ).all()


def events_to_copy(session: Session, actor: Actor, words: str) -> Sequence[Event]:
    """The events that hold every word and that the actor may read, the latest first.

    Drafts and rendez-vous are those of its territory; the rest is public.
    """
    is_public = (Event.state != EventState.DRAFT) & EventKind.family.not_in(UNLISTED_FAMILIES)
    return session.scalars(
        select(Event)
        .join(Event.kind)
        .where(or_(is_public, may_open(actor)), *holds_words(words))
        .order_by(Event.starts_on.desc(), Event.id.desc())
        .limit(FOUND_MAX)
        .options(
            contains_eager(Event.kind),
            selectinload(Event.departements),
            selectinload(Event.alternatives),
        )
    ).all()


def copied_counts(session: Session, event_id: int) -> tuple[int, int]:
    """How many parts of a programme, and how many partnerships, a copy of this event would have."""
    parts, partners = (
        session.scalar(select(func.count()).select_from(model).where(model.event_id == event_id))
        for model in (Activity, Partnership)
    )
    return parts or 0, partners or 0
