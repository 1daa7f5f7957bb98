"""The calendar entry of one registration: sent with mails, taken from the registrant's page.

Its UID is the registration's id, for as long as the registration exists; its SEQUENCE rises with
the event's. Source: RFC 5545 (iCalendar), RFC 5546 (iTIP).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import icalendar

from eventhub.domain.event import DatePrecision, EventState
from eventhub.domain.registration import AttendanceMode
from eventhub.exports.calendar import PRODUCT, event_entry
from eventhub.models.registration import Registration


class CalendarMethod(StrEnum):
    """What the entry asks of the calendar that takes it."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"
    PUBLISH = "PUBLISH"


@dataclass(frozen=True, slots=True)
class Invitation:
    """A calendar file and its method, which the mail has to repeat."""

    method: CalendarMethod
    data: bytes


def has_calendar_entry(registration: Registration) -> bool:
    """Whether the day is settled; « date à venir » has no place in a calendar."""
    event = registration.event
    return event.date_precision is DatePrecision.DAY and event.state is not EventState.POSTPONED


def invitation(
    registration: Registration,
    method: CalendarMethod,
    event_url: str,
    now: datetime,
    *,
    contact_email: str,
) -> Invitation:
    """The entry of a registration: REQUEST and CANCEL name the participant, PUBLISH does not.

    `event_url` is the event's public page: calendars are shared, the registrant's own link is
    not. `contact_email` answers where the event names no one.
    """
    event = registration.event
    entry = event_entry(event, event_url, now, host="", contact_email=contact_email)
    entry["uid"] = icalendar.vText(str(registration.id))
    if registration.mode is AttendanceMode.REMOTE:
        entry.pop("location", None)
        entry.add("location", event.remote_link or "À distance")
    if method is CalendarMethod.CANCEL:
        _replace(entry, "status", "CANCELLED")
        # After whatever was sent before, even where the event itself has not changed.
        _replace(entry, "sequence", event.calendar_sequence + 1)
    if method is not CalendarMethod.PUBLISH and registration.person.email:
        entry.add("attendee", _attendee(registration), encode=False)
    calendar = icalendar.Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("method", method.value)
    calendar.add_component(entry)
    return Invitation(method, bytes(calendar.to_ical()))


def _attendee(registration: Registration) -> icalendar.vCalAddress:
    person = registration.person
    attendee = icalendar.vCalAddress(f"mailto:{person.email}")
    attendee.params["CN"] = f"{person.given_name} {person.family_name}"
    attendee.params["ROLE"] = "REQ-PARTICIPANT"
    attendee.params["PARTSTAT"] = "ACCEPTED"
    attendee.params["RSVP"] = "FALSE"
    return attendee


def _replace(entry: icalendar.Event, name: str, value: str | int) -> None:
    entry.pop(name, None)
    entry.add(name, value)
