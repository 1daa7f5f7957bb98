from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest
from sqlalchemy.orm import Session

from eventhub.domain.event import DatePrecision, EventMode, EventState
from eventhub.exports.calendar import published_calendar
from eventhub.models.event import Event
from tests.factories import make_event

NOW = datetime(2026, 11, 21, 9, 0, 0, 5, tzinfo=UTC)
GOLDEN = Path(__file__).parent.parent / "golden" / "calendar"
URL = "https://agenda.example.org/evenements/rencontre"


def calendar_of(event: Event) -> bytes:
    return published_calendar(
        event, URL, NOW, host="agenda.example.org", contact_email="bonjour@example.org"
    )


def entry_of(event: Event) -> Any:
    return icalendar.Calendar.from_ical(calendar_of(event)).events[0]


def test_the_file_of_an_event_is_the_golden_one(session: Session) -> None:
    event = make_event(
        session,
        id=900001,
        title="Rencontre : médiateur·rice·s, élu·e·s ; le point",
        summary="Première ligne\nDeuxième, avec une virgule.",
        address="12 quai du Port-Vieux, 41000 Blois",
        mode=EventMode.HYBRID,
        calendar_sequence=3,
        updated_at=datetime(2026, 11, 20, 7, 30, tzinfo=UTC),
    )

    assert calendar_of(event).decode() == (GOLDEN / "event.ics").read_bytes().decode()


def test_hours_are_in_utc_whatever_the_season(session: Session) -> None:
    winter = make_event(
        session,
        starts_on=date(2027, 1, 8),
        starts_at=datetime(2027, 1, 8, 8, 0, tzinfo=UTC),
        ends_at=None,
    )

    entry = entry_of(winter)

    assert entry["DTSTART"].to_ical() == b"20270108T080000Z"
    assert "DTEND" not in entry


def test_an_event_without_hours_takes_whole_days_and_leaves_people_free(session: Session) -> None:
    event = make_event(
        session,
        starts_on=date(2027, 2, 2),
        ends_on=date(2027, 2, 5),
        starts_at=None,
        ends_at=None,
    )

    entry = entry_of(event)

    assert (entry["DTSTART"].dt, entry["DTEND"].dt) == (date(2027, 2, 2), date(2027, 2, 6))
    assert (entry["TRANSP"], entry["STATUS"]) == ("TRANSPARENT", "CONFIRMED")


def test_a_vague_date_is_tentative_over_its_bounds_and_says_so(session: Session) -> None:
    event = make_event(
        session,
        date_precision=DatePrecision.SEASON,
        starts_on=date(2027, 6, 21),
        ends_on=date(2027, 9, 20),
        starts_at=None,
        ends_at=None,
    )

    entry = entry_of(event)

    assert (entry["DTSTART"].dt, entry["DTEND"].dt - timedelta(days=1)) == (
        event.starts_on,
        event.ends_on,
    )
    assert entry["STATUS"] == "TENTATIVE"
    assert entry["DESCRIPTION"].startswith("Date à préciser\u00a0: été 2027.")


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (EventState.PUBLISHED, "CONFIRMED"),
        (EventState.CLOSED, "CONFIRMED"),
        (EventState.CANCELLED, "CANCELLED"),
        (EventState.POSTPONED, "CANCELLED"),
    ],
)
def test_a_cancelled_or_postponed_event_leaves_calendars_under_the_same_uid(
    session: Session, state: EventState, status: str
) -> None:
    event = make_event(session)
    uid = entry_of(event)["UID"]
    event.state = state

    entry = entry_of(event)

    assert (entry["UID"], entry["STATUS"]) == (uid, status)


def test_an_event_without_contact_is_organised_from_the_hub_address(session: Session) -> None:
    event = make_event(session, contact_name="", contact_email="", mode=EventMode.REMOTE)

    entry = entry_of(event)

    assert entry["ORGANIZER"] == "mailto:bonjour@example.org"
    assert entry["LOCATION"] == "À distance"
