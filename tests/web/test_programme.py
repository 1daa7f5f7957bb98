from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.orm import Session

from eventhub.domain.event import ActivityFormat
from eventhub.models.event import Activity, ActivitySpeaker, Event
from eventhub.web.programme import (
    Programme,
    TimetableDay,
    TimetableEntry,
    TimetableSlot,
    programme,
)
from tests.factories import make_event, make_structure


def add(
    event: Event, title: str, hours: tuple[int, int] | None, day: int = 8, **values: Any
) -> None:
    at = [datetime(2027, 4, day, hour - 2, tzinfo=UTC) for hour in hours or ()]
    values = {"format": ActivityFormat.WORKSHOP} | values
    event.activities.append(
        Activity(
            title=title,
            starts_at=at[0] if at else None,
            ends_at=at[1] if at else None,
            position=len(event.activities),
            **values,
        )
    )


def entry(title: str, **values: Any) -> TimetableEntry:
    values = {
        "format_label": "Atelier",
        "summary": "",
        "details": "",
        "letter": "",
        "tone": "",
        "track": "",
        "end": "",
    } | values
    return TimetableEntry(title=title, **values)


def test_parallel_activities_share_a_slot_in_the_order_of_their_tracks(session: Session) -> None:
    event = make_event(session)
    add(
        event,
        "Plénière d’ouverture",
        (9, 10),
        format=ActivityFormat.PLENARY,
        speakers=[ActivitySpeaker(name="A. Perdrix", may_be_named=True)],
    )
    add(event, "Pause", (10, 11), format=ActivityFormat.BREAK)
    add(event, "Accueillir", (11, 12), track="Accompagner", room="Salle Cher", capacity_onsite=20)
    add(event, "Arnaques", (11, 12), track="Protéger")
    add(event, "Outils", (14, 16), track="Protéger")
    add(event, "Démarches", (14, 15), track="Accompagner")
    session.commit()

    assert programme(event) == Programme(
        days=[
            TimetableDay(
                "",
                [
                    TimetableSlot(
                        "9\u00a0h",
                        "10\u00a0h",
                        "09:00",
                        False,
                        "",
                        [entry("Plénière d’ouverture", format_label="", details="A. Perdrix")],
                    ),
                    TimetableSlot(
                        "10\u00a0h",
                        "11\u00a0h",
                        "10:00",
                        True,
                        "",
                        [entry("Pause", format_label="")],
                    ),
                    TimetableSlot(
                        "11\u00a0h",
                        "12\u00a0h",
                        "11:00",
                        False,
                        "Deux ateliers en même temps",
                        [
                            entry(
                                "Accueillir",
                                details="Salle Cher · 20\u00a0places",
                                letter="A",
                                tone="a",
                                track="Accompagner",
                            ),
                            entry("Arnaques", letter="B", tone="b", track="Protéger"),
                        ],
                    ),
                    TimetableSlot(
                        "14\u00a0h",
                        "",
                        "14:00",
                        False,
                        "Deux ateliers en même temps",
                        [
                            entry(
                                "Démarches",
                                letter="A",
                                tone="a",
                                track="Accompagner",
                                end="15\u00a0h",
                            ),
                            entry(
                                "Outils", letter="B", tone="b", track="Protéger", end="16\u00a0h"
                            ),
                        ],
                    ),
                ],
            )
        ],
        undated=[],
        note="Deux parcours en parallèle.",
    )


def test_an_event_of_several_days_has_a_heading_for_each(session: Session) -> None:
    event = make_event(session, ends_on=date(2027, 4, 9))
    add(event, "Demain", (9, 10), day=9)
    add(event, "Aujourd’hui", (9, 10))
    session.commit()

    days = programme(event).days

    assert [(day.label, [slot.entries[0].title for slot in day.slots]) for day in days] == [
        ("Jeudi\u00a08 avril", ["Aujourd’hui"]),
        ("Vendredi\u00a09 avril", ["Demain"]),
    ]


def test_activities_without_hours_are_told_apart_with_their_hosts(session: Session) -> None:
    event = make_event(session)
    add(event, "Portes ouvertes", None, hosts=[make_structure(session, "La Brouette")])
    add(event, "Mot de la fin", None, format=ActivityFormat.OTHER)
    session.commit()

    assert programme(event) == Programme(
        days=[],
        undated=[
            entry("Portes ouvertes", details="La Brouette"),
            entry("Mot de la fin", format_label=""),
        ],
        note="",
    )


def test_tracks_named_by_a_letter_keep_it(session: Session) -> None:
    event = make_event(session)
    add(event, "Un", (9, 10), track="Parcours C")
    add(event, "Deux", (9, 10), track="Parcours A")
    session.commit()

    slot = programme(event).days[0].slots[0]

    assert [(one.title, one.letter, one.track) for one in slot.entries] == [
        ("Deux", "A", ""),
        ("Un", "C", ""),
    ]


def test_an_event_without_programme_has_an_empty_one(session: Session) -> None:
    assert programme(make_event(session)) == Programme([], [], "")
