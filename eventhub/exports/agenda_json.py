"""The agenda with the field names of OpenAgenda, for programs that read theirs already.

Source: https://developers.openagenda.com/en/evenements/lecture and …/structure, and
https://developers.openagenda.com/en/lieux/structure.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from eventhub.domain.event import DatePrecision, EventMode, EventState
from eventhub.domain.registration import (
    AttendanceMode,
    modes_of,
    places_left,
    why_registration_is_closed,
)
from eventhub.exports import wording
from eventhub.exports.postal_address import postal_address
from eventhub.models.event import Event

_LANGUAGE = "fr"
_DESCRIPTION_MAX = 200
"""Longest short description. Source: OpenAgenda, structure of an event."""

_OFFLINE, _ONLINE, _MIXED = 1, 2, 3
_ATTENDANCE_MODES = {
    EventMode.ONSITE: _OFFLINE,
    EventMode.REMOTE: _ONLINE,
    EventMode.HYBRID: _MIXED,
    EventMode.UNKNOWN: _OFFLINE,
}
_SCHEDULED, _RESCHEDULED, _POSTPONED, _FULL, _CANCELLED = 1, 2, 4, 5, 6


def agenda_document(
    events: Sequence[dict[str, Any]], total: int, after: Sequence[str] | None
) -> dict[str, Any]:
    """A page of events; `after` is what the next page is asked with, None on the last one."""
    return {"total": total, "events": list(events), "after": list(after) if after else None}


def event_document(event: Event, url: str, now: datetime, *, region: str) -> dict[str, Any]:
    """One event. Nobody is named; the link to join at a distance is for those registered.

    `url` is the event's page. Where the hours are unknown a timing lasts the whole day, in the
    event's zone; where the day is, or is gone, there is no timing and `dateRange` says why.
    """
    timings = _timings(event)
    can_register = why_registration_is_closed(event, now) is None
    return {
        "uid": event.id,
        "slug": event.slug,
        "title": _said(event.title),
        "description": _said(_short(event.summary)),
        "longDescription": _said(event.summary),
        "keywords": {_LANGUAGE: [event.kind.label]},
        "conditions": _said("Gratuit"),
        "dateRange": _said(wording.capitalise(wording.event_when(event))),
        "timings": timings,
        "firstTiming": timings[0] if timings else None,
        "lastTiming": timings[-1] if timings else None,
        "timezone": event.timezone,
        "location": _location(event, region),
        "attendanceMode": _ATTENDANCE_MODES[event.mode],
        "onlineAccessLink": None,
        "status": _status(event),
        "registration": [{"type": "link", "value": f"{url}/inscription"}] if can_register else [],
        "links": [{"link": url}],
        "createdAt": _utc(event.created_at),
        "updatedAt": _utc(event.updated_at),
    }


def is_full(event: Event) -> bool:
    """Whether nobody who comes now gets a place at once, in any mode."""
    left = {
        AttendanceMode.ONSITE: places_left(
            event.capacity_onsite, event.taken_onsite, event.waiting_onsite
        ),
        AttendanceMode.REMOTE: places_left(
            event.capacity_remote, event.taken_remote, event.waiting_remote
        ),
    }
    return event.registration_enabled and all(left[mode] == 0 for mode in modes_of(event.mode))


def _said(text: str) -> dict[str, str]:
    return {_LANGUAGE: text} if text else {}


def _short(text: str) -> str:
    line = " ".join(text.split())
    if len(line) <= _DESCRIPTION_MAX:
        return line
    return f"{line[: _DESCRIPTION_MAX - 1].rpartition(' ')[0] or line[: _DESCRIPTION_MAX - 1]}…"


def _timings(event: Event) -> list[dict[str, str]]:
    """One timing per day: OpenAgenda's slots never last longer than a day."""
    if event.state is EventState.POSTPONED or event.date_precision is not DatePrecision.DAY:
        return []
    zone = ZoneInfo(event.timezone)
    length = (event.ends_on - event.starts_on).days
    timings = []
    for day in (event.starts_on + timedelta(days=n) for n in range(length + 1)):
        begin, end = _hours(event, day, zone)
        timings.append({"begin": begin.isoformat(), "end": end.isoformat()})
    return timings


def _hours(event: Event, day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The same hours on each day; an end that is not told is that of the day."""
    if event.starts_at is None:
        return _at(day, time.min, zone), _at(day, time(23, 59), zone)
    begin = _at(day, event.starts_at.astimezone(zone).time(), zone)
    end = event.ends_at.astimezone(zone).time() if event.ends_at else time(23, 59)
    return begin, max(begin, _at(day, end, zone))


def _at(day: date, hour: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, hour, zone)


def _location(event: Event, region: str) -> dict[str, Any] | None:
    """Where it takes place, None at a distance; only what was written down, nothing guessed."""
    if event.mode is EventMode.REMOTE:
        return None
    address = postal_address(event.address)
    return {
        "name": event.place or None,
        "address": event.address or None,
        "city": address.city or None,
        "postalCode": address.postal_code or None,
        "department": ", ".join(departement.name for departement in event.departements) or None,
        "region": region,
        "countryCode": "FR",
        "timezone": event.timezone,
        "access": _said("\n\n".join(filter(None, (event.access, event.accessibility)))),
    }


def _status(event: Event) -> int:
    if event.state is EventState.CANCELLED:
        return _CANCELLED
    if event.state is EventState.POSTPONED:
        return _POSTPONED
    if is_full(event):
        return _FULL
    return _RESCHEDULED if event.previous_starts_on is not None else _SCHEDULED


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")
