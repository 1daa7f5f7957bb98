"""The addresses that events had."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from eventhub.models.event import Event, FormerSlug


def event_that_had(session: Session, slug: str) -> Event | None:
    """The event of which that was the address once."""
    return session.scalar(
        select(Event)
        .join(FormerSlug, FormerSlug.event_id == Event.id)
        .where(FormerSlug.slug == slug)
        .options(selectinload(Event.departements))
    )


def former_slugs(session: Session, event_id: int) -> Sequence[str]:
    """The addresses that an event had, the latest first."""
    return session.scalars(
        select(FormerSlug.slug)
        .where(FormerSlug.event_id == event_id)
        .order_by(FormerSlug.left_at.desc(), FormerSlug.slug)
    ).all()
