from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from eventhub.domain.event import ActivityFormat, ActivityRegistration, EventMode
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
        "where": "",
        "access": "",
        "speakers": [],
        "hosts": "",
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
                        [entry("Plénière d’ouverture", format_label="", speakers=["A. Perdrix"])],
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
                                where="Salle Cher",
                                access="20\u00a0places",
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
            entry("Portes ouvertes", hosts="La Brouette"),
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


def only_entry(event: Event, *, over: bool = False) -> TimetableEntry:
    found = programme(event, over=over)
    return found.days[0].slots[0].entries[0] if found.days else found.undated[0]


def test_only_who_agreed_is_named_with_role_and_structure(session: Session) -> None:
    event = make_event(session)
    relais = make_structure(session, "Le Relais")
    add(
        event,
        "Accueillir",
        (9, 10),
        speakers=[
            ActivitySpeaker(
                name="Élise Maréchal", role="animation", structure=relais, may_be_named=True
            ),
            ActivitySpeaker(name="Paul Roy", role="témoin", may_be_named=False),
            ActivitySpeaker(name="Zoé Lin", structure=relais, may_be_named=True),
        ],
    )
    session.commit()
    assert only_entry(event).speakers == [
        "Élise Maréchal, animation (Le Relais)",
        "Zoé Lin (Le Relais)",
    ]


@pytest.mark.parametrize(
    ("mode", "values", "expected"),
    [
        (EventMode.ONSITE, {"room": "Salle Cher"}, "Salle Cher"),
        (EventMode.REMOTE, {}, "à distance"),
        (
            EventMode.HYBRID,
            {"room": "Salle Cher", "remote_link": "https://visio.example.org/x"},
            "Salle Cher, et à distance",
        ),
        (
            EventMode.HYBRID,
            {"room": "Salle Cher", "capacity_remote": 5},
            "Salle Cher, et à distance",
        ),
        (EventMode.HYBRID, {"room": "À distance"}, "à distance"),
        (EventMode.ONSITE, {}, ""),
    ],
)
def test_a_room_or_at_a_distance_is_said_and_never_the_link(
    session: Session, mode: EventMode, values: dict[str, Any], expected: str
) -> None:
    event = make_event(session, mode=mode)
    add(event, "Accueillir", (9, 10), **values)
    session.commit()
    assert only_entry(event).where == expected
    assert "visio" not in repr(programme(event))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"capacity_onsite": 20, "taken_onsite": 16}, "sur inscription, il reste 4 places"),
        ({"capacity_onsite": 20, "taken_onsite": 19}, "sur inscription, il reste 1 place"),
        ({"capacity_onsite": 20, "taken_onsite": 22}, "sur inscription, complet"),
        ({}, "sur inscription"),
        (
            {"capacity_onsite": 1, "capacity_remote": 9, "taken_remote": 2},
            "sur inscription, il reste 1 place, à distance, il reste 7 places",
        ),
    ],
)
def test_places_left_are_said_where_one_has_to_register(
    session: Session, values: dict[str, Any], expected: str
) -> None:
    event = make_event(session)
    add(event, "Choisir", (9, 10), registration=ActivityRegistration.REQUIRED, **values)
    session.commit()
    assert only_entry(event).access.replace("\u00a0", " ") == expected
    assert only_entry(event, over=True).access == ""


def test_free_entry_is_said_where_others_are_by_registration(session: Session) -> None:
    event = make_event(session)
    add(event, "Choisir", (9, 10), registration=ActivityRegistration.REQUIRED)
    add(event, "Passer", (10, 11), capacity_onsite=5)
    add(event, "Pause", (11, 12), format=ActivityFormat.BREAK)
    session.commit()
    slots = programme(event).days[0].slots
    assert [slot.entries[0].access.replace("\u00a0", " ") for slot in slots] == [
        "sur inscription",
        "entrée libre, 5 places",
        "",
    ]
