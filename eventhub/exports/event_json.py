"""An event as the API gives it; see docs/ and /api/v1/openapi.json."""

from datetime import datetime
from typing import Any

from eventhub.domain.event import EventState
from eventhub.exports.wording import local
from eventhub.models.event import Activity, Event


def event_document(event: Event, url: str, *, registration_open: bool) -> dict[str, Any]:
    """The event with its programme. `url` is its public page; a place count of null is unlimited.

    A postponed event has no date: its days and hours are null.
    """
    dated = event.state is not EventState.POSTPONED
    return {
        "slug": event.slug,
        "title": event.title,
        "kind": event.kind_code,
        "state": event.state.value,
        "starts_on": event.starts_on.isoformat() if dated else None,
        "ends_on": event.ends_on.isoformat() if dated else None,
        "starts_at": _moment(event.starts_at, event) if dated else None,
        "ends_at": _moment(event.ends_at, event) if dated else None,
        "date_precision": event.date_precision.value,
        "mode": event.mode.value,
        "departements": [departement.code for departement in event.departements],
        "place": event.place,
        "registration_open": registration_open,
        **_places(event),
        "activities": [_activity(activity, event) for activity in event.activities],
        "url": url,
    }


def _activity(activity: Activity, event: Event) -> dict[str, Any]:
    return {
        "id": str(activity.id),
        "format": activity.format.value,
        "title": activity.title,
        "starts_at": _moment(activity.starts_at, event),
        "ends_at": _moment(activity.ends_at, event),
        "room": activity.room,
        **_places(activity),
    }


def _places(holder: Event | Activity) -> dict[str, dict[str, int | None]]:
    return {
        "capacity": {"onsite": holder.capacity_onsite, "remote": holder.capacity_remote},
        "places_left": {
            "onsite": _left(holder.capacity_onsite, holder.taken_onsite),
            "remote": _left(holder.capacity_remote, holder.taken_remote),
        },
    }


def _left(capacity: int | None, taken: int) -> int | None:
    return None if capacity is None else max(0, capacity - taken)


def _moment(moment: datetime | None, event: Event) -> str | None:
    return None if moment is None else local(moment, event.timezone).isoformat()
