"""Whether an event takes registrations at a moment, and if not, why."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from eventhub.domain.event import EventState
from eventhub.models.event import Event

_STATE_REASONS = {
    EventState.DRAFT: "not_published",
    EventState.CANCELLED: "cancelled",
    EventState.POSTPONED: "postponed",
    EventState.CLOSED: "over",
}


def event_end(event: Event) -> datetime:
    """When the event is over: its last hour, or the end of its last day where none is known."""
    if event.ends_at is not None:
        return event.ends_at
    midnight = datetime.combine(event.ends_on, datetime.min.time(), ZoneInfo(event.timezone))
    return midnight + timedelta(days=1)


def closed_reason(event: Event, now: datetime) -> str | None:
    """Why no registration is taken, in the order in which it is told; None when it is open.

    One of `not_published`, `cancelled`, `postponed`, `over`, `disabled`, `not_open_yet`, `closed`.
    """
    if event.state is not EventState.PUBLISHED:
        return _STATE_REASONS[event.state]
    if now >= event_end(event):
        return "over"
    if not event.registration_enabled:
        return "disabled"
    if event.registration_opens_at is not None and now < event.registration_opens_at:
        return "not_open_yet"
    if event.registration_closes_at is not None and now >= event.registration_closes_at:
        return "closed"
    return None
