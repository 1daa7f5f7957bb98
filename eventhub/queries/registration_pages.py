"""Registrations of an event for programs: stable order, pages by cursor."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session, joinedload, selectinload

from eventhub.models.registration import Registration


def registrations_after(
    session: Session, event_id: int, position: tuple[datetime, uuid.UUID] | None, limit: int
) -> Sequence[Registration]:
    """Up to `limit` registrations of the event, oldest first, after `position`, with persons."""
    statement = (
        select(Registration)
        .where(Registration.event_id == event_id)
        .order_by(Registration.created_at, Registration.id)
        .limit(limit)
        .options(joinedload(Registration.person), selectinload(Registration.bookings))
    )
    if position is not None:
        statement = statement.where(
            tuple_(Registration.created_at, Registration.id) > tuple_(*position)
        )
    return session.scalars(statement).all()


def registration_of_event(
    session: Session, event_id: int, registration_id: uuid.UUID
) -> Registration | None:
    """The registration of that id at that event, with its person, or None."""
    return session.scalar(
        select(Registration)
        .where(Registration.event_id == event_id, Registration.id == registration_id)
        .options(joinedload(Registration.person), selectinload(Registration.bookings))
    )
