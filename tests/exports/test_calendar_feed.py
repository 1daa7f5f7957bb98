"""The life of events in a calendar that others follow; tests/js/calendar reads the files again."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest
from sqlalchemy.orm import Session

from eventhub.domain.agenda import AgendaFilter
from eventhub.domain.event import DatePrecision, EventState
from eventhub.domain.event_details import EventDetails
from eventhub.domain.rights import AccountRole
from eventhub.exports.calendar import feed_calendar
from eventhub.models.event import Event
from eventhub.queries.agenda_feed import calendar_events
from eventhub.services.events import (
    cancel_event,
    create_event,
    postpone_event,
    publish_event,
    update_event,
)
from tests.factories import make_account, make_departement, make_event, make_kind

GOLDEN = Path(__file__).parent.parent / "golden" / "calendar"
TODAY = date(2026, 11, 21)
HOST = "agenda.example.org"
MEETING = EventDetails(
    title="Réunion trimestrielle : le point, médiateur·rice·s",
    kind_code="journee",
    departement_codes=("37",),
    starts_on=date(2027, 3, 26),
    starts_at=time(9, 15),
    ends_at=time(17, 0),
    summary="Accueil à 9 h ; on finit à l’heure.\n\nApportez vos questions, vos idées 💡.",
    place="Halle du Port-Vieux",
    address="12 quai du Port-Vieux, 41000 Blois",
    contact_name="Nadège Lemoine",
    contact_email="nadege@example.org",
)


def feed_of(events: Sequence[Event]) -> bytes:
    return feed_calendar(
        events,
        name="Agenda d’un hub : Indre-et-Loire",
        url=f"https://{HOST}/?departement=37",
        source=f"https://{HOST}/agenda.ics?departement=37",
        url_of=lambda event: f"https://{HOST}/evenements/{event.slug}",
        host=HOST,
    )


def entry_of(event: Event) -> Any:
    return icalendar.Calendar.from_ical(feed_of([event])).events[0]


def test_moved_postponed_and_cancelled_events_stay_in_the_feed_as_the_golden_files_say(
    session: Session,
) -> None:
    make_kind(session)
    make_departement(session, "37", "Indre-et-Loire")
    account = make_account(session, AccountRole.ORGANISER, ("37",))
    actor = account.actor()
    at = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
    details = [
        MEETING,
        replace(MEETING, title="Café IA", starts_on=date(2027, 5, 11), summary=""),
        replace(
            MEETING,
            title="Journée d’été",
            starts_on=date(2027, 7, 1),
            precision=DatePrecision.SEASON,
            starts_at=None,
            ends_at=None,
        ),
    ]
    made = [create_event(session, one, at, account=account, actor=actor) for one in details]
    moved, postponed, vague = made
    for event in made:
        publish_event(session, event, at, account=account)

    def golden(name: str) -> None:
        body = feed_of(calendar_events(session, AgendaFilter("37"), TODAY, 100)).decode()
        for number, event in enumerate(made, 900_001):
            body = body.replace(f"evenement-{event.id}@", f"evenement-{number}@")
        assert body == (GOLDEN / name).read_bytes().decode()

    golden("feed-1-announced.ics")
    at += timedelta(hours=1)
    # Over the change of clocks: the same hour in France is another one in UTC.
    later = replace(MEETING, starts_on=date(2027, 4, 2))
    update_event(session, moved, later, at, account=account, actor=actor)
    postpone_event(session, postponed, "La salle est prise", at, account=account)
    settled = replace(details[2], precision=DatePrecision.DAY, starts_on=date(2027, 7, 6))
    update_event(session, vague, settled, at, account=account, actor=actor)
    golden("feed-2-moved.ics")
    at += timedelta(hours=1)
    cancel_event(session, moved, "Trop peu d’inscrits", at, account=account)
    again = replace(details[1], starts_on=date(2027, 6, 15))
    update_event(session, postponed, again, at, account=account, actor=actor)
    publish_event(session, postponed, at, account=account)
    golden("feed-3-cancelled.ics")


def test_nobody_is_named_and_no_method_is_given(session: Session) -> None:
    body = feed_of([make_event(session, remote_link="https://visio.example.org/secret")]).decode()

    assert "BEGIN:VEVENT" in body
    for hidden in ("METHOD", "ORGANIZER", "ATTENDEE", "CONTACT", "mailto", "Nadège", "secret"):
        assert hidden not in body


def test_the_bytes_change_with_the_events_only(session: Session) -> None:
    event = make_event(session, updated_at=datetime(2026, 11, 20, 7, 30, 0, 9, tzinfo=UTC))

    assert feed_of([event]) == feed_of([event])
    assert entry_of(event)["DTSTAMP"].to_ical() == b"20261120T073000Z"
    assert entry_of(event)["LAST-MODIFIED"].to_ical() == b"20261120T073000Z"


def test_the_uid_does_not_follow_the_address_of_the_event(session: Session) -> None:
    event = make_event(session, slug="avant")
    before = entry_of(event)["UID"]
    event.slug = "apres"

    assert entry_of(event)["UID"] == before == f"evenement-{event.id}@{HOST}"


@pytest.mark.parametrize(
    "title",
    [
        "é" * 5000,
        "👩🏽‍💻" * 300,
        "BEGIN:VEVENT\r\nSUMMARY:faux",
        "Un \\; deux, trois\x0b\x00\x1b",
        "\u202eengarts",
        "=cmd()",
    ],
)
def test_any_text_is_folded_escaped_and_read_back(session: Session, title: str) -> None:
    # A state that PostgreSQL could not hold need not be stored to be shown.
    event = make_event(session)
    with session.no_autoflush:
        event.title = title
        event.summary = f"{title}\n{title}"
        body = feed_of([event])
    session.expire(event)

    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    assert body.count(b"\r\nBEGIN:VEVENT\r\n") == 1
    entry: Any = icalendar.Calendar.from_ical(body).events[0]
    expected = title.replace("\r\n", "\n").replace("\x0b", "").replace("\x00", "")
    assert entry["SUMMARY"] == expected.replace("\x1b", "")


def test_a_moved_event_says_when_it_was_announced(session: Session) -> None:
    event = make_event(session, previous_starts_on=date(2027, 3, 1))
    moved = entry_of(event)["DESCRIPTION"]
    event.previous_starts_on = event.starts_on
    event.previous_starts_at = datetime(2027, 4, 8, 12, 30, tzinfo=UTC)
    another_hour = entry_of(event)["DESCRIPTION"]
    event.state = EventState.CANCELLED

    assert moved.startswith("Nouvelle date\u00a0: c’était prévu le lundi\u00a01er mars 2027.")
    assert another_hour.startswith("Nouvelle date\u00a0: c’était prévu à 14\u00a0h\u00a030.")
    assert "Nouvelle date" not in entry_of(event)["DESCRIPTION"]
