from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventhub.services.season import EXAMPLE, read_season
from eventhub.services.season.upcoming import SOONEST_DAYS, day_of

LINES = read_season(EXAMPLE).upcoming


@given(st.dates(date(2024, 1, 1), date(2060, 12, 31)))
def test_events_to_come_are_far_enough_and_on_a_working_day(today: date) -> None:
    for line in LINES:
        day = day_of(line, today)
        assert day - today >= timedelta(days=SOONEST_DAYS)
        assert day.isoweekday() == line.weekday <= 5
        assert (day.month, day.day) not in {(1, 1), (5, 1), (12, 25)}


@pytest.mark.parametrize("line", LINES, ids=lambda line: str(line.slug))
def test_at_least_two_thirds_of_the_places_are_left(line: object) -> None:
    columns, taken = line.columns, line.taken_onsite  # type: ignore[attr-defined]  # an UpcomingLine
    assert columns["capacity_onsite"] - taken >= columns["capacity_onsite"] * 2 // 3
