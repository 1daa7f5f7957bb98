"""Single events."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventhub.models.event import Event


def event_by_slug(session: Session, slug: str) -> Event | None:
    """The event of that address, whatever its state."""
    return session.scalar(select(Event).where(Event.slug == slug))
