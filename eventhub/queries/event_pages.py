"""Lists of events for programs: stable order, pages by cursor."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session, selectinload

from eventhub.domain.event import EventState
from eventhub.models.event import Event, event_departements


@dataclass(frozen=True, slots=True)
class EventPosition:
    """Where a page of events ended: the last one's first day and number."""

    starts_on: date
    event_id: int


def events_after(
    session: Session,
    position: EventPosition | None,
    limit: int,
    *,
    ending_from: date | None = None,
    departement: str | None = None,
    kind: str | None = None,
) -> Sequence[Event]:
    """Up to `limit` events that are no drafts, by first day, after `position`.

    `ending_from` leaves out what ended before that day. Loads programme and départements.
    """
    statement = (
        select(Event)
        .where(Event.state != EventState.DRAFT)
        .order_by(Event.starts_on, Event.id)
        .limit(limit)
        .options(selectinload(Event.departements), selectinload(Event.activities))
    )
    if position is not None:
        after = tuple_(position.starts_on, position.event_id)
        statement = statement.where(tuple_(Event.starts_on, Event.id) > after)
    if ending_from is not None:
        statement = statement.where(Event.ends_on >= ending_from)
    if departement is not None:
        statement = statement.where(
            Event.id.in_(
                select(event_departements.c.event_id).where(
                    event_departements.c.departement_code == departement
                )
            )
        )
    if kind is not None:
        statement = statement.where(Event.kind_code == kind)
    return session.scalars(statement).all()
