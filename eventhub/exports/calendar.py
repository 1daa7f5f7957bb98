"""Calendar entries of an event: times in UTC, a UID that never changes, a rising SEQUENCE.

Source: RFC 5545 (iCalendar), RFC 5546 (iTIP), RFC 7986 (properties of a calendar).
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

import icalendar

from eventhub.domain.event import EVENT_STATE_LABELS, DatePrecision, EventMode, EventState
from eventhub.exports import wording
from eventhub.models.event import Event

PRODUCT = "-//EventHub//EventHub//FR"
_CONTROLS = {n: None for n in (*range(0x20), *range(0x7F, 0xA0)) if chr(n) not in "\n\t"}
REFRESH_EVERY = timedelta(hours=1)
"""How often a calendar program is asked to read a feed again."""


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


def feed_calendar(
    events: Iterable[Event],
    *,
    name: str,
    url: str,
    source: str,
    url_of: Callable[[Event], str],
    host: str,
) -> bytes:
    """A calendar to follow: no METHOD, no organiser, nothing about a person.

    `name` says in words what it holds; `url` is the page that it tells of, `source` the address
    at which it is read again; `url_of` gives an event's page. Each entry is stamped with the
    event's last change, so that the bytes change with the events and at no other time.
    """
    calendar = icalendar.Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("calscale", "GREGORIAN")
    for key in ("name", "x-wr-calname"):
        calendar.add(key, _clean(name))
    calendar.add("url", url)
    calendar.add("source", icalendar.vUri(source, params={"VALUE": "URI"}), encode=False)
    calendar.add("refresh-interval", REFRESH_EVERY, {"VALUE": "DURATION"})
    calendar.add("x-published-ttl", icalendar.vDuration(REFRESH_EVERY), encode=False)
    for event in events:
        entry = _entry(event, url_of(event), event.updated_at, host=host)
        if _status(event) == "CANCELLED":
            # Several calendar programs do not show the status of what they follow.
            state = EVENT_STATE_LABELS[event.state]
            entry["summary"] = icalendar.vText(f"{state}{wording.NBSP}: {entry['summary']}")
        calendar.add_component(entry)
    return bytes(calendar.to_ical())


def event_entry(
    event: Event, url: str, now: datetime, *, host: str, contact_email: str
) -> icalendar.Event:
    """The VEVENT of an event, with whom to write to; `now` is when the file is made."""
    entry = _entry(event, url, now, host=host)
    organizer = icalendar.vCalAddress(f"mailto:{event.contact_email or contact_email}")
    if event.contact_name:
        organizer.params["CN"] = event.contact_name
    entry.add("organizer", organizer, encode=False)
    return entry


def _entry(event: Event, url: str, stamped_at: datetime, *, host: str) -> icalendar.Event:
    """All day where the hour is unknown, over the bounds of what is known; nobody is named.

    A postponed event has no date: what calendars hold is told to be cancelled.
    """
    entry = icalendar.Event()
    entry.add("uid", event_uid(event, host))
    entry.add("dtstamp", stamped_at.astimezone(UTC).replace(microsecond=0))
    entry.add("last-modified", event.updated_at.astimezone(UTC).replace(microsecond=0))
    entry.add("sequence", event.calendar_sequence)
    entry.add("summary", _clean(event.title))
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
        entry.add("location", _clean(location))
    entry.add("description", _clean(_description(event, url)))
    entry.add("url", url)
    entry.add("categories", [_clean(event.kind.label)])
    return entry


def _clean(text: str) -> str:
    """Without the control characters that no calendar text may hold."""
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROLS)


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
    elif event.starts_at is None and wording.half_words(event):
        lines.append(f"{wording.capitalise(wording.half_words(event))}.")
    if previous := wording.previous_when(event):
        lines.append(f"Nouvelle date : c’était prévu {previous}.")
    if event.mode is EventMode.HYBRID:
        lines.append("Sur place ou à distance.")
    lines += [part for part in (event.summary, url) if part]
    return "\n\n".join(lines)
