"""Events for search engines: schema.org as JSON-LD, to stand in a page as data.

Source: https://schema.org/Event, https://schema.org/EventStatusType,
https://schema.org/EventAttendanceModeEnumeration.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from eventhub.domain.event import ActivityFormat, DatePrecision, EventMode, EventState
from eventhub.domain.event import PartnershipRole as Role
from eventhub.exports import wording
from eventhub.exports.postal_address import postal_address
from eventhub.models.event import Activity, Event

_CONTEXT = "https://schema.org"
_ATTENDANCE = {
    EventMode.ONSITE: "OfflineEventAttendanceMode",
    EventMode.REMOTE: "OnlineEventAttendanceMode",
    EventMode.HYBRID: "MixedEventAttendanceMode",
}
_BREAKS = frozenset({ActivityFormat.BREAK, ActivityFormat.MEAL})
_PARTS_MAX = 60
"""Parts of a programme that are told; a page must stay light."""

Thing = dict[str, Any]


def in_page(thing: Mapping[str, Any]) -> str:
    """A thing as text that cannot end the script element which holds it, whatever was typed."""
    text = json.dumps(thing, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def event_thing(
    event: Event, url: str, *, hub: str, hub_url: str, country: str = "FR", image: str = ""
) -> Thing:
    """The event with its programme; no person is named. `url` is its page.

    An imprecise date is told as far as it is known, and not at all where the event is postponed.
    """
    thing: Thing = {
        "@context": _CONTEXT,
        "@type": "Event",
        "@id": url,
        "url": url,
        "name": event.title,
        "description": event.summary or f"{event.kind.label}, {wording.event_when(event)}.",
        "inLanguage": "fr",
        "isAccessibleForFree": True,
        "eventStatus": f"{_CONTEXT}/{_status(event)}",
        **_dates(event),
        "location": _location(event, url, country),
        "organizer": _organizers(event, hub, hub_url),
    }
    if event.mode in _ATTENDANCE:
        thing["eventAttendanceMode"] = f"{_CONTEXT}/{_ATTENDANCE[event.mode]}"
    if event.audience:
        thing["audience"] = {"@type": "Audience", "audienceType": event.audience}
    if image:
        thing["image"] = image
    parts = [_part(activity, event) for activity in event.activities if _is_told(activity)]
    if parts and event.state is not EventState.POSTPONED:
        thing["subEvent"] = parts[:_PARTS_MAX]
    return {name: value for name, value in thing.items() if value not in ("", None)}


def agenda_thing(rows: Sequence[tuple[str, str]], *, name: str, url: str) -> Thing:
    """A list of events, each by its name and its page."""
    return {
        "@context": _CONTEXT,
        "@type": "ItemList",
        "name": name,
        "url": url,
        "numberOfItems": len(rows),
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": title, "url": address}
            for position, (title, address) in enumerate(rows, 1)
        ],
    }


def _status(event: Event) -> str:
    match event.state:
        case EventState.CANCELLED:
            return "EventCancelled"
        case EventState.POSTPONED:
            return "EventPostponed"
        case _:
            return "EventScheduled" if event.previous_starts_on is None else "EventRescheduled"


def _dates(event: Event) -> Thing:
    before = event.previous_starts_at or event.previous_starts_on
    previous = {"previousStartDate": _moment(before, event)} if before is not None else {}
    if event.state is EventState.POSTPONED:
        # Source: https://schema.org/EventPostponed: the date that stood is the previous one.
        return {"previousStartDate": _moment(event.starts_at or event.starts_on, event)}
    if event.date_precision is DatePrecision.YEAR:
        return {"startDate": f"{event.starts_on:%Y}", **previous}
    if event.date_precision is DatePrecision.MONTH:
        return {"startDate": f"{event.starts_on:%Y-%m}", **previous}
    starts = _moment(event.starts_at or event.starts_on, event)
    if event.date_precision is not DatePrecision.DAY:
        return {"startDate": starts, "endDate": event.ends_on.isoformat(), **previous}
    ends = event.ends_at or (None if event.starts_at else event.ends_on)
    return {"startDate": starts, "endDate": ends and _moment(ends, event), **previous}


def _moment(moment: datetime | date, event: Event) -> str:
    if isinstance(moment, datetime):
        return wording.local(moment, event.timezone).isoformat()
    return moment.isoformat()


def _location(event: Event, url: str, country: str) -> Thing | list[Thing] | None:
    online: Thing = {"@type": "VirtualLocation", "url": url}
    if event.mode is EventMode.REMOTE:
        return online
    address = postal_address(event.address)
    written: Thing = {
        "@type": "PostalAddress",
        "streetAddress": address.street,
        "postalCode": address.postal_code,
        "addressLocality": address.city,
        "addressRegion": ", ".join(departement.name for departement in event.departements),
        "addressCountry": country,
    }
    place: Thing = {
        "@type": "Place",
        "name": event.place or "Lieu à préciser",
        "address": {name: value for name, value in written.items() if value},
    }
    return [place, online] if event.mode is EventMode.HYBRID else place


def _organizers(event: Event, hub: str, hub_url: str) -> list[Thing]:
    names = [
        partnership.structure.name
        for partnership in event.partnerships
        if partnership.role in {Role.ORGANISER, Role.CO_ORGANISER}
    ]
    if not names:
        return [{"@type": "Organization", "name": hub, "url": hub_url}]
    return [{"@type": "Organization", "name": name} for name in names]


def _is_told(activity: Activity) -> bool:
    return activity.starts_at is not None and activity.format not in _BREAKS


def _part(activity: Activity, event: Event) -> Thing:
    thing: Thing = {"@type": "Event", "name": activity.title}
    if activity.starts_at is not None:
        thing["startDate"] = _moment(activity.starts_at, event)
    if activity.ends_at is not None:
        thing["endDate"] = _moment(activity.ends_at, event)
    if activity.room:
        thing["location"] = {"@type": "Place", "name": activity.room, "address": activity.room}
    return thing
