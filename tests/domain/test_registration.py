from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from eventhub.domain.event import EventMode, EventState
from eventhub.domain.registration import (
    NAME_MAX,
    AttendanceMode,
    ClosedReason,
    clean_line,
    end_of,
    has_hidden_characters,
    modes_of,
    places_left,
    why_not_a_name,
    why_registration_is_closed,
)

NOW = datetime(2027, 4, 1, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@dataclass
class AnEvent:
    state: EventState = EventState.PUBLISHED
    registration_enabled: bool = True
    registration_opens_at: datetime | None = None
    registration_closes_at: datetime | None = None
    ends_on: date = date(2027, 4, 8)
    ends_at: datetime | None = datetime(2027, 4, 8, 15, tzinfo=UTC)
    timezone: str = "Europe/Paris"


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (AnEvent(), None),
        (AnEvent(state=EventState.DRAFT), ClosedReason.NOT_PUBLISHED),
        (AnEvent(state=EventState.CANCELLED), ClosedReason.CANCELLED),
        (AnEvent(state=EventState.POSTPONED), ClosedReason.POSTPONED),
        (AnEvent(state=EventState.CLOSED), ClosedReason.OVER),
        (AnEvent(ends_at=NOW), ClosedReason.OVER),
        (AnEvent(ends_at=NOW + HOUR), None),
        (AnEvent(registration_enabled=False), ClosedReason.DISABLED),
        (AnEvent(registration_opens_at=NOW + HOUR), ClosedReason.NOT_OPEN_YET),
        (AnEvent(registration_opens_at=NOW), None),
        (AnEvent(registration_closes_at=NOW), ClosedReason.CLOSED),
        (AnEvent(registration_closes_at=NOW + HOUR), None),
    ],
)
def test_registration_is_open_or_says_why_not(event: AnEvent, reason: ClosedReason | None) -> None:
    assert why_registration_is_closed(event, NOW) is reason


def test_an_event_of_unknown_hour_ends_with_its_day_where_it_takes_place() -> None:
    event = AnEvent(ends_at=None, ends_on=date(2027, 7, 13))
    assert end_of(event) == datetime(2027, 7, 13, 22, 0, tzinfo=UTC)


def test_the_modes_of_an_event() -> None:
    onsite, remote = AttendanceMode.ONSITE, AttendanceMode.REMOTE
    assert {mode: modes_of(mode) for mode in EventMode} == {
        EventMode.ONSITE: (onsite,),
        EventMode.REMOTE: (remote,),
        EventMode.HYBRID: (onsite, remote),
        EventMode.UNKNOWN: (onsite,),
    }


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Camille ", "Camille"),
        ("Jean\u00a0 Paul", "Jean Paul"),
        ("E\u0301lodie", "Élodie"),
        ("", ""),
        ("a\tb", "a\tb"),
    ],
)
def test_a_line_is_tidied(typed: str, kept: str) -> None:
    assert clean_line(typed) == kept


@pytest.mark.parametrize(
    "name",
    [
        "Élodie",
        "O’Neil",
        "Vanneau-Kermarrec",
        "Иван",
        "محمد",
        "張",
        "=cmd()",
        "<script>",
        "Léa 🌻",
        "x" * NAME_MAX,
    ],
)
def test_names_of_all_kinds_are_taken(name: str) -> None:
    assert why_not_a_name(name) is None


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "Remplissez ce champ."),
        ("x" * 101, "Raccourcissez : 100 caractères au plus."),
        ("x" * 5000, "Raccourcissez : 100 caractères au plus."),
        ("🌻", "Écrivez-le avec des lettres."),
        ("---", "Écrivez-le avec des lettres."),
        (
            "abc\u202egnp.exe",
            "Réécrivez ce champ au clavier : il contient des caractères invisibles.",
        ),
        (
            "Camille\r\nBcc: x@example.org",
            "Réécrivez ce champ au clavier : il contient des caractères invisibles.",
        ),
        ("Camille\x00", "Réécrivez ce champ au clavier : il contient des caractères invisibles."),
    ],
)
def test_other_names_are_refused_with_what_to_do(name: str, sentence: str) -> None:
    assert why_not_a_name(name) == sentence


def test_joiners_of_scripts_and_of_pictograms_are_not_hidden_characters() -> None:
    assert not has_hidden_characters("می\u200cخواهم")
    assert not has_hidden_characters("👩\u200d💻")


@pytest.mark.parametrize(
    ("capacity", "taken", "waiting", "left"),
    [
        (None, 12, 0, None),
        (40, 12, 0, 28),
        (40, 40, 0, 0),
        (40, 45, 0, 0),
        (40, 39, 2, 0),
        (None, 12, 2, 0),
    ],
)
def test_places_left_for_who_comes_now(
    capacity: int | None, taken: int, waiting: int, left: int | None
) -> None:
    assert places_left(capacity, taken, waiting) == left
