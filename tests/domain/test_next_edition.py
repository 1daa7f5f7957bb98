from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventhub.domain.next_edition import next_edition_on

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("previous", "expected"),
    [
        (date(2025, 11, 27), date(2026, 11, 26)),  # a Thursday, four days from today
        (date(2025, 11, 21), date(2027, 11, 19)),  # a Friday: this year's has gone by
        (date(2022, 1, 13), date(2027, 1, 14)),
        (date(2027, 4, 8), date(2028, 4, 6)),  # not over yet: the year after
        (date(2024, 2, 29), date(2027, 2, 25)),
    ],
)
def test_the_next_edition_is_on_the_same_weekday_about_a_year_later(
    previous: date, expected: date
) -> None:
    assert next_edition_on(previous, TODAY) == expected


@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)), st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_it_is_always_to_come_and_never_far_from_the_anniversary(
    previous: date, today: date
) -> None:
    found = next_edition_on(previous, today)
    assert found.weekday() == previous.weekday()
    assert found > today
    assert found > previous
    assert (
        min(
            abs((found - date(year, previous.month, min(previous.day, 28))).days)
            for year in (found.year - 1, found.year, found.year + 1)
        )
        <= 6
    )
    assert (found - max(today, previous)) <= timedelta(days=366 + 7)
