"""French words around what people type."""

from datetime import date

import pytest

from eventhub.domain.event import DatePrecision, DayHalf, EventState
from eventhub.exports import wording
from eventhub.models.event import Event, EventAlternative

MORNING, AFTERNOON = DayHalf.MORNING, DayHalf.AFTERNOON
DAY, NEXT_DAY = date(2027, 4, 8), date(2027, 4, 9)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Camille Brossard", "de Camille Brossard"),
        ("Élodie Vanneau", "d’Élodie Vanneau"),
        ("inès", "d’inès"),
        ("Yves Ngô", "d’Yves Ngô"),
        ("Yasmine Ngô", "de Yasmine Ngô"),
        ("Hugo Ngô", "de Hugo Ngô"),
        ("", "de "),
    ],
)
def test_a_name_is_elided_before_a_vowel(name: str, words: str) -> None:
    assert wording.of_name(name) == words


@pytest.mark.parametrize(
    ("last", "halves", "words"),
    [
        (DAY, (None, None), ""),
        (DAY, (MORNING, MORNING), "le matin"),
        (DAY, (AFTERNOON, AFTERNOON), "l’après-midi"),
        (DAY, (MORNING, AFTERNOON), "le matin et l’après-midi"),
        (NEXT_DAY, (AFTERNOON, None), "à partir de l’après-midi du premier jour"),
        (NEXT_DAY, (None, MORNING), "jusqu’au matin du dernier jour"),
        (
            NEXT_DAY,
            (AFTERNOON, MORNING),
            "de l’après-midi du premier jour au matin du dernier",
        ),
        (NEXT_DAY, (MORNING, AFTERNOON), ""),
    ],
)
def test_halves_are_said_where_hours_are_unknown(
    last: date, halves: tuple[DayHalf | None, DayHalf | None], words: str
) -> None:
    event = Event(
        state=EventState.PUBLISHED,
        date_precision=DatePrecision.DAY,
        starts_on=DAY,
        ends_on=last,
        starts_half=halves[0],
        ends_half=halves[1],
    )
    assert wording.event_hours(event) == words


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([date(2027, 9, 14), date(2027, 9, 21)], "14 ou 21\u00a0septembre 2027"),
        (
            [date(2027, 9, 30), date(2027, 10, 1), date(2027, 10, 7)],
            "30\u00a0septembre, 1er ou 7\u00a0octobre 2027",
        ),
        (
            [date(2027, 12, 30), date(2028, 1, 6)],
            "30\u00a0décembre 2027 ou 6\u00a0janvier 2028",
        ),
    ],
)
def test_possible_days_are_said(days: list[date], words: str) -> None:
    event = Event(
        state=EventState.PUBLISHED,
        date_precision=DatePrecision.ALTERNATIVES,
        starts_on=days[0],
        ends_on=days[-1],
        alternatives=[EventAlternative(on=on) for on in days],
    )
    assert wording.event_days(event) == words
