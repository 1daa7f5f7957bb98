"""What the registrant's own pages and mails read."""

import uuid
from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from eventhub.domain.event import EventState
from eventhub.domain.kinds import UNLISTED_FAMILIES
from eventhub.domain.naming import email_key
from eventhub.domain.registration import LIVE_STATES
from eventhub.models.event import Event
from eventhub.models.person import Person
from eventhub.models.registration import Registration, Ticket


def event_for_registration(session: Session, slug: str) -> Event | None:
    """The event of that address with its kind, as far as the public may know of it, or None."""
    event = session.scalar(
        select(Event)
        .where(Event.slug == slug, Event.state != EventState.DRAFT)
        .options(joinedload(Event.kind), selectinload(Event.alternatives))
    )
    return None if event is None or event.kind.family in UNLISTED_FAMILIES else event


def registration_with_event(session: Session, registration_id: uuid.UUID) -> Registration | None:
    """A registration with its event, kind, person and tickets, or None."""
    return session.scalar(
        select(Registration)
        .where(Registration.id == registration_id)
        .options(
            joinedload(Registration.event).joinedload(Event.kind),
            joinedload(Registration.person),
            selectinload(Registration.tickets),
        )
    )


def registrations_with_events(
    session: Session, registration_ids: Sequence[uuid.UUID]
) -> list[Registration]:
    """These registrations with their events and persons, the soonest first."""
    return list(
        session.scalars(
            select(Registration)
            .join(Registration.event)
            .where(Registration.id.in_(registration_ids))
            .order_by(Event.starts_on, Event.id, Registration.created_at, Registration.id)
            .options(joinedload(Registration.event), joinedload(Registration.person))
        )
    )


def upcoming_registration_ids(session: Session, email: str, today: date) -> list[uuid.UUID]:
    """The live registrations of an address at events that are not over, the soonest first."""
    return list(
        session.scalars(
            select(Registration.id)
            .join(Registration.person)
            .join(Registration.event)
            .where(
                Person.email_key == email_key(email),
                Registration.state.in_(LIVE_STATES),
                Event.state.in_((EventState.PUBLISHED, EventState.POSTPONED)),
                (Event.ends_on >= today) | (Event.state == EventState.POSTPONED),
            )
            .order_by(Event.starts_on, Event.id, Registration.created_at, Registration.id)
        )
    )


def live_ticket(registration: Registration) -> Ticket | None:
    """The ticket that has not been replaced."""
    return next(
        (ticket for ticket in reversed(registration.tickets) if ticket.revoked_at is None), None
    )
