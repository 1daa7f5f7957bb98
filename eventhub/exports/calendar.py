"""Calendar entries of an event: times in UTC, a UID that never changes, a rising SEQUENCE.

Source: RFC 5545 (iCalendar), RFC 5546 (iTIP).
"""

from datetime import UTC, datetime, timedelta

import icalendar

from eventhub.domain.event import DatePrecision, EventMode, EventState
from eventhub.exports import wording
from eventhub.models.event import Event

PRODUCT = "-//EventHub//EventHub//FR"


def event_uid(event: Event, host: str) -> str:
    """The UID of an event's entry, the same in every file that speaks of it.

    `host` is that of the installation's address.
    """
    return f"evenement-{event.id}@{host}"


def published_calendar(
    event: Event, url: str, now: datetime, *, host: str, contact_email: str
) -> bytes:
    """The event as a file to add to a calendar (METHOD:PUBLISH), without any participant.

    `url` is the event's page; `contact_email` answers where the event names no one.
    """
    calendar = icalendar.Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("method", "PUBLISH")
    calendar.add_component(event_entry(event, url, now, host=host, contact_email=contact_email))
    return bytes(calendar.to_ical())


def event_entry(
    event: Event, url: str, now: datetime, *, host: str, contact_email: str
) -> icalendar.Event:
    """The VEVENT of an event: all day where the hour is unknown, over the bounds of what is known.

    A postponed event has no date: what calendars hold is told to be cancelled.
    """
    entry = icalendar.Event()
    entry.add("uid", event_uid(event, host))
    entry.add("dtstamp", now.astimezone(UTC).replace(microsecond=0))
    entry.add("last-modified", event.updated_at.astimezone(UTC).replace(microsecond=0))
    entry.add("sequence", event.calendar_sequence)
    entry.add("summary", event.title)
    if event.starts_at is not None:
        entry.add("dtstart", event.starts_at.astimezone(UTC))
        if event.ends_at is not None:
            entry.add("dtend", event.ends_at.astimezone(UTC))
    else:
        entry.add("dtstart", event.starts_on)
        entry.add("dtend", event.ends_on + timedelta(days=1))  # RFC 5545: the day after the last
        entry.add("transp", "TRANSPARENT")
    entry.add("status", _status(event))
    location = _location(event)
    if location:
        entry.add("location", location)
    entry.add("description", _description(event, url))
    entry.add("url", url)
    entry.add("categories", [event.kind.label])
    organizer = icalendar.vCalAddress(f"mailto:{event.contact_email or contact_email}")
    if event.contact_name:
        organizer.params["CN"] = event.contact_name
    entry.add("organizer", organizer, encode=False)
    return entry


def _status(event: Event) -> str:
    if event.state in {EventState.CANCELLED, EventState.POSTPONED}:
        return "CANCELLED"
    precise = event.date_precision is DatePrecision.DAY and event.state is not EventState.DRAFT
    return "CONFIRMED" if precise else "TENTATIVE"


def _location(event: Event) -> str:
    if event.mode is EventMode.REMOTE:
        return "À distance"
    return ", ".join(part for part in (event.place, event.address) if part)


def _description(event: Event, url: str) -> str:
    lines = []
    if event.state is EventState.POSTPONED:
        lines.append("Reporté : la nouvelle date sera dite sur la page.")
    elif event.state is EventState.CANCELLED:
        lines.append("Annulé : cet évènement n’aura pas lieu.")
    elif event.date_precision is not DatePrecision.DAY:
        lines.append(f"Date à préciser : {wording.event_days(event)}.")
    if event.mode is EventMode.HYBRID:
        lines.append("Sur place ou à distance.")
    lines += [part for part in (event.summary, url) if part]
    return "\n\n".join(lines)
