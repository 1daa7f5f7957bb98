"""Single events, and who is registered at them."""

import uuid

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, load_only

from eventhub.domain.registration import LIVE_STATES
from eventhub.models.event import Event
from eventhub.models.person import Person
from eventhub.models.registration import Registration

_BY_SLUG = select(Event).where(Event.slug == bindparam("slug"))

_TO_REGISTER = _BY_SLUG.options(
    load_only(
        Event.state,
        Event.mode,
        Event.ends_on,
        Event.ends_at,
        Event.timezone,
        Event.registration_enabled,
        Event.registration_opens_at,
        Event.registration_closes_at,
    )
)


def event_by_slug(session: Session, slug: str) -> Event | None:
    """The event of that address, whatever its state."""
    return session.scalar(_BY_SLUG, {"slug": slug})


def event_to_register(session: Session, slug: str) -> Event | None:
    """The event of that address with what registering looks at; the rest is read when asked for.

    A quarter of its columns: a registration must cost little more than its inserts.
    """
    return session.scalar(_TO_REGISTER, {"slug": slug})


def live_registrations(session: Session, event_id: int) -> int:
    """How many people are registered: confirmed, waiting or invited."""
    return (
        session.scalar(
            select(func.count()).where(
                Registration.event_id == event_id, Registration.state.in_(LIVE_STATES)
            )
        )
        or 0
    )


def people_to_tell(session: Session, event_id: int) -> list[tuple[uuid.UUID, str]]:
    """The live registrations of people with an address, in the order in which they came."""
    rows = session.execute(
        select(Registration.id, Person.email)
        .join(Registration.person)
        .where(
            Registration.event_id == event_id,
            Registration.state.in_(LIVE_STATES),
            Person.email.is_not(None),
        )
        .order_by(Registration.created_at, Registration.id)
    )
    return [(registration_id, email) for registration_id, email in rows if email]
