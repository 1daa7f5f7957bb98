from datetime import date

import pytest

from eventhub.domain.errors import InvalidInput
from eventhub.domain.event import DatePrecision
from eventhub.domain.event_dates import EventDates, event_dates

APRIL_8 = date(2027, 4, 8)


@pytest.mark.parametrize(
    ("precision", "ends_on", "others", "first", "last", "alternatives"),
    [
        (DatePrecision.DAY, None, (), APRIL_8, APRIL_8, ()),
        (DatePrecision.DAY, date(2027, 4, 9), (), APRIL_8, date(2027, 4, 9), ()),
        (
            DatePrecision.ALTERNATIVES,
            None,
            (date(2027, 4, 15), date(2027, 4, 1)),
            date(2027, 4, 1),
            date(2027, 4, 15),
            (date(2027, 4, 1), APRIL_8, date(2027, 4, 15)),
        ),
        (DatePrecision.MONTH, None, (), date(2027, 4, 1), date(2027, 4, 30), ()),
        (DatePrecision.SEASON, None, (), date(2027, 3, 21), date(2027, 6, 21), ()),
        (DatePrecision.YEAR, None, (), date(2027, 1, 1), date(2027, 12, 31), ()),
        (DatePrecision.RANGE, date(2027, 5, 2), (), date(2027, 4, 1), date(2027, 5, 31), ()),
    ],
)
def test_what_is_known_bounds_the_days(
    precision: DatePrecision,
    ends_on: date | None,
    others: tuple[date, ...],
    first: date,
    last: date,
    alternatives: tuple[date, ...],
) -> None:
    assert event_dates(precision, APRIL_8, ends_on, others) == EventDates(
        precision, first, last, alternatives
    )


def test_a_winter_begins_in_december_and_ends_in_march() -> None:
    winter = EventDates(DatePrecision.SEASON, date(2026, 12, 21), date(2027, 3, 21))
    assert event_dates(DatePrecision.SEASON, date(2026, 12, 21)) == winter
    assert event_dates(DatePrecision.SEASON, date(2027, 2, 1)) == winter


@pytest.mark.parametrize(
    ("precision", "ends_on", "field"),
    [
        (DatePrecision.DAY, date(2027, 4, 7), "ends_on"),
        (DatePrecision.DAY, date(2028, 4, 8), "ends_on"),
        (DatePrecision.ALTERNATIVES, None, "other_dates"),
        (DatePrecision.RANGE, None, "ends_on"),
        (DatePrecision.RANGE, date(2027, 4, 30), "ends_on"),
    ],
)
def test_dates_that_make_no_sense_are_refused_at_their_field(
    precision: DatePrecision, ends_on: date | None, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        event_dates(precision, APRIL_8, ends_on)
    assert list(refused.value.fields) == [field]
