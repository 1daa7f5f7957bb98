from datetime import date, datetime

import pytest

from eventhub.domain.event import DayHalf
from eventhub.domain.half_days import DayPart, HalfDay, half_days

DAY = date(2027, 4, 8)


def at(hour: int, minute: int = 0, on: date = DAY) -> datetime:
    return datetime(on.year, on.month, on.day, hour, minute)  # noqa: DTZ001 - already local


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "parts"),
    [
        (at(9, 15), at(17), ["matin", "après-midi"]),
        (at(9), at(12, 30), ["matin"]),
        (at(9), at(13, 45), ["matin"]),
        (at(14), at(16, 30), ["après-midi"]),
        (at(12, 30), at(16), ["après-midi"]),
        (at(18), at(20), ["soirée"]),
        (at(12, 30), at(13, 30), ["matin"]),
        (at(19), at(0, 30), ["soirée"]),
        (None, None, ["matin", "après-midi"]),
        (at(9), None, ["matin", "après-midi"]),
        (None, at(12), ["matin"]),
    ],
)
def test_a_day_is_signed_for_once_in_each_half_that_it_fills(
    starts_at: datetime | None, ends_at: datetime | None, parts: list[str]
) -> None:
    assert [half.part for half in half_days(DAY, DAY, starts_at, ends_at)] == parts


def test_several_days_take_their_first_hour_and_their_last_one() -> None:
    last = date(2027, 4, 10)
    assert half_days(DAY, last, at(14), at(12, on=last)) == (
        HalfDay(DAY, DayPart.AFTERNOON),
        HalfDay(date(2027, 4, 9), DayPart.MORNING),
        HalfDay(date(2027, 4, 9), DayPart.AFTERNOON),
        HalfDay(last, DayPart.MORNING),
    )


def test_an_event_without_a_settled_day_has_two_halves_of_an_unknown_one() -> None:
    assert half_days(None, None, None, None) == (
        HalfDay(None, DayPart.MORNING),
        HalfDay(None, DayPart.AFTERNOON),
    )


@pytest.mark.parametrize(
    ("last", "halves", "parts"),
    [
        (DAY, (DayHalf.MORNING, DayHalf.MORNING), ["matin"]),
        (DAY, (DayHalf.AFTERNOON, DayHalf.AFTERNOON), ["après-midi"]),
        (DAY, (DayHalf.MORNING, DayHalf.AFTERNOON), ["matin", "après-midi"]),
        (date(2027, 4, 9), (DayHalf.AFTERNOON, None), ["après-midi", "matin", "après-midi"]),
        (date(2027, 4, 9), (None, DayHalf.MORNING), ["matin", "après-midi", "matin"]),
        (date(2027, 4, 9), (DayHalf.AFTERNOON, DayHalf.MORNING), ["après-midi", "matin"]),
    ],
)
def test_a_half_is_enough_where_hours_are_unknown(
    last: date, halves: tuple[DayHalf, DayHalf | None], parts: list[str]
) -> None:
    assert [half.part for half in half_days(DAY, last, None, None, *halves)] == parts


def test_hours_say_more_than_halves() -> None:
    found = half_days(DAY, DAY, at(9), at(17), DayHalf.AFTERNOON, DayHalf.AFTERNOON)
    assert [half.part for half in found] == ["matin", "après-midi"]
