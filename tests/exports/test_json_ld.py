import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from eventhub.domain.event import (
    ActivityFormat,
    DatePrecision,
    EventMode,
    EventState,
    PartnershipRole,
)
from eventhub.exports.json_ld import agenda_thing, event_thing, in_page
from eventhub.models.event import Activity, Event, Partnership
from tests.factories import make_event, make_structure

URL = "https://agenda.example.org/evenements/rencontre"
HUB = {"hub": "Un hub", "hub_url": "https://agenda.example.org/"}


def thing_of(event: Event) -> dict[str, Any]:
    return event_thing(event, URL, **HUB)


def test_an_event_is_told_whole_and_names_nobody(session: Session) -> None:
    event = make_event(
        session,
        title="Rencontre",
        summary="Une phrase.",
        audience="Médiateur·rice·s",
        mode=EventMode.HYBRID,
        address="12 quai du Port-Vieux, 41000 Blois",
        remote_link="https://visio.example.org/secret",
    )
    event.partnerships = [
        Partnership(
            role=PartnershipRole.ORGANISER, structure=make_structure(session, "La Brouette")
        ),
        Partnership(
            role=PartnershipRole.PARTNER, structure=make_structure(session, "Un partenaire")
        ),
    ]
    at = [datetime(2027, 4, 8, hour, tzinfo=UTC) for hour in (7, 8, 9)]
    event.activities = [
        Activity(
            format=ActivityFormat.WORKSHOP,
            title="Atelier",
            starts_at=at[0],
            ends_at=at[1],
            room="A",
        ),
        Activity(format=ActivityFormat.BREAK, title="Pause", starts_at=at[1], ends_at=at[2]),
        Activity(format=ActivityFormat.TALK, title="Sans heure"),
    ]
    session.commit()

    assert json.loads(in_page(thing_of(event))) == {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": URL,
        "url": URL,
        "name": "Rencontre",
        "description": "Une phrase.",
        "inLanguage": "fr",
        "isAccessibleForFree": True,
        "eventStatus": "https://schema.org/EventScheduled",
        "startDate": "2027-04-08T09:00:00+02:00",
        "endDate": "2027-04-08T17:00:00+02:00",
        "location": [
            {
                "@type": "Place",
                "name": "Halle du Port-Vieux",
                "address": {
                    "@type": "PostalAddress",
                    "streetAddress": "12 quai du Port-Vieux",
                    "postalCode": "41000",
                    "addressLocality": "Blois",
                    "addressRegion": "Loiret",
                    "addressCountry": "FR",
                },
            },
            {"@type": "VirtualLocation", "url": URL},
        ],
        "organizer": [{"@type": "Organization", "name": "La Brouette"}],
        "eventAttendanceMode": "https://schema.org/MixedEventAttendanceMode",
        "audience": {"@type": "Audience", "audienceType": "Médiateur·rice·s"},
        "subEvent": [
            {
                "@type": "Event",
                "name": "Atelier",
                "startDate": "2027-04-08T09:00:00+02:00",
                "endDate": "2027-04-08T10:00:00+02:00",
                "location": {"@type": "Place", "name": "A", "address": "A"},
            }
        ],
    }


@pytest.mark.parametrize(
    ("values", "status", "dates"),
    [
        (
            {"state": EventState.CANCELLED},
            "EventCancelled",
            {"startDate": "2027-04-08T09:00:00+02:00", "endDate": "2027-04-08T17:00:00+02:00"},
        ),
        (
            {"state": EventState.POSTPONED},
            "EventPostponed",
            {"previousStartDate": "2027-04-08T09:00:00+02:00"},
        ),
        (
            {"previous_starts_at": datetime(2027, 3, 1, 8, tzinfo=UTC)}
            | {"previous_starts_on": date(2027, 3, 1), "ends_at": None},
            "EventRescheduled",
            {
                "startDate": "2027-04-08T09:00:00+02:00",
                "previousStartDate": "2027-03-01T09:00:00+01:00",
            },
        ),
        (
            {"starts_at": None, "ends_at": None, "ends_on": date(2027, 4, 9)},
            "EventScheduled",
            {"startDate": "2027-04-08", "endDate": "2027-04-09"},
        ),
        (
            {"date_precision": DatePrecision.MONTH, "starts_at": None},
            "EventScheduled",
            {"startDate": "2027-04"},
        ),
        (
            {"date_precision": DatePrecision.YEAR, "starts_at": None},
            "EventScheduled",
            {"startDate": "2027"},
        ),
        (
            {"date_precision": DatePrecision.SEASON, "starts_at": None}
            | {"ends_on": date(2027, 6, 20)},
            "EventScheduled",
            {"startDate": "2027-04-08", "endDate": "2027-06-20"},
        ),
    ],
)
def test_state_and_dates_are_those_of_schema_org(
    session: Session, values: dict[str, Any], status: str, dates: dict[str, str]
) -> None:
    thing = thing_of(make_event(session, **values))

    told = ("startDate", "endDate", "previousStartDate")
    assert thing["eventStatus"] == f"https://schema.org/{status}"
    assert {name: thing[name] for name in told if name in thing} == dates


@pytest.mark.parametrize(
    ("mode", "attendance", "places"),
    [
        (EventMode.ONSITE, "OfflineEventAttendanceMode", "Place"),
        (EventMode.REMOTE, "OnlineEventAttendanceMode", "VirtualLocation"),
        (EventMode.UNKNOWN, None, "Place"),
    ],
)
def test_how_one_attends_is_told_where_it_is_known(
    session: Session, mode: EventMode, attendance: str | None, places: str
) -> None:
    thing = thing_of(make_event(session, mode=mode))

    assert thing.get("eventAttendanceMode") == (attendance and f"https://schema.org/{attendance}")
    assert thing["location"]["@type"] == places
    assert thing["organizer"] == [
        {"@type": "Organization", "name": "Un hub", "url": "https://agenda.example.org/"}
    ]


@pytest.mark.parametrize(
    "title", ["</script><script>alert(1)</script>", "<!--<script>", "a\u2028b & c", "é👩🏽‍💻" * 900]
)
def test_nothing_typed_ends_the_element_that_holds_it(title: str) -> None:
    text = in_page(agenda_thing([(title, URL)], name="L’agenda", url=URL))

    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text)["itemListElement"] == [
        {"@type": "ListItem", "position": 1, "name": title, "url": URL}
    ]
