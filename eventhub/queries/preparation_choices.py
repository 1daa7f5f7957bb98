"""The events that a preparatory meeting may prepare."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from eventhub.domain.event import EventState
from eventhub.domain.rights import Actor
from eventhub.models.event import Event, event_departements

CHOICES_MAX = 200
MEETINGS_MAX = 50


def events_to_prepare(
    session: Session, actor: Actor, today: date, event: Event | None = None
) -> Sequence[Event]:
    """The events to come of the actor's territory by title, without those that are cancelled.

    `event` itself is not among them; what it prepares already is, whatever its date.
    """
    to_come = Event.ends_on >= today, Event.state.not_in((EventState.CANCELLED, EventState.CLOSED))
    wanted = to_come[0] & to_come[1]
    if not actor.is_regional:
        in_territory = Event.id.in_(
            select(event_departements.c.event_id).where(
                event_departements.c.departement_code.in_(actor.departements)
            )
        )
        wanted &= or_(in_territory, Event.id.in_(actor.co_organised))
    statement = select(Event).options(selectinload(Event.alternatives))
    if event is not None:
        kept = Event.id == event.prepares_id
        statement = statement.where(or_(wanted, kept), Event.id != event.id)
    else:
        statement = statement.where(wanted)
    return session.scalars(
        statement.order_by(Event.title, Event.starts_on, Event.id).limit(CHOICES_MAX)
    ).all()


def preparations_of(session: Session, event_id: int) -> Sequence[Event]:
    """The meetings that prepare an event, by date; those that were cancelled apart."""
    return session.scalars(
        select(Event)
        .where(Event.prepares_id == event_id, Event.state != EventState.CANCELLED)
        .options(selectinload(Event.alternatives))
        .order_by(Event.starts_on, Event.id)
        .limit(MEETINGS_MAX)
    ).all()
