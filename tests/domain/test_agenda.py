from datetime import date

import pytest

from eventhub.domain.agenda import (
    GroupKind,
    Period,
    group_key,
    is_past,
    period,
    periods_of,
)
from eventhub.domain.event import DatePrecision, EventState

TODAY = date(2026, 11, 21)
PUBLISHED = EventState.PUBLISHED


@pytest.mark.parametrize(
    "text", ["2024-13", "2024-00", "2024-1", "24-01", "abc", "", "٢٠٢٤", "2024-12-1"]
)
def test_what_is_no_month_and_no_year_is_no_period(text: str) -> None:
    assert period(text) is None


def test_a_period_is_a_month_or_a_year_and_knows_its_last_day() -> None:
    assert period("2024-12") == Period(2024, 12)
    assert period("2024") == Period(2024)
    assert [Period(2024, 2).ends_on, Period(2024, 12).ends_on, Period(2024).ends_on] == [
        date(2024, 2, 29),
        date(2024, 12, 31),
        date(2024, 12, 31),
    ]
    assert [str(Period(2024, 2)), str(Period(2024))] == ["2024-02", "2024"]


def test_headings_sort_from_precise_to_vague_and_undated_last() -> None:
    day, postponed = DatePrecision.DAY, EventState.POSTPONED
    keys = [
        group_key(day, postponed, date(2026, 11, 2), date(2026, 11, 2), TODAY),
        group_key(DatePrecision.YEAR, PUBLISHED, date(2027, 1, 1), date(2027, 12, 31), TODAY),
        group_key(DatePrecision.RANGE, PUBLISHED, date(2027, 6, 1), date(2027, 7, 31), TODAY),
        group_key(DatePrecision.SEASON, PUBLISHED, date(2027, 6, 21), date(2027, 9, 20), TODAY),
        group_key(day, PUBLISHED, date(2027, 6, 30), date(2027, 6, 30), TODAY),
        group_key(day, PUBLISHED, date(2027, 7, 1), date(2027, 7, 1), TODAY),
    ]

    assert [(key.kind, key.anchor) for key in sorted(keys)] == [
        (GroupKind.MONTH, date(2027, 6, 1)),
        (GroupKind.SEASON, date(2027, 6, 1)),
        (GroupKind.RANGE, date(2027, 6, 1)),
        (GroupKind.MONTH, date(2027, 7, 1)),
        (GroupKind.YEAR, date(2027, 12, 1)),
        (GroupKind.UNDATED, date.max),
    ]


def test_an_event_under_way_stands_under_the_month_of_today() -> None:
    key = group_key(DatePrecision.DAY, PUBLISHED, date(2026, 10, 28), date(2026, 11, 30), TODAY)

    assert key.starts_on == date(2026, 11, 1)


def test_an_event_is_past_the_day_after_its_last_one_or_once_closed_and_never_while_postponed() -> (
    None
):
    yesterday = date(2026, 11, 20)

    assert not is_past(PUBLISHED, TODAY, TODAY)
    assert is_past(PUBLISHED, yesterday, TODAY)
    assert is_past(EventState.CANCELLED, yesterday, TODAY)
    assert is_past(EventState.CLOSED, TODAY, TODAY)
    assert not is_past(EventState.POSTPONED, yesterday, TODAY)


def test_an_event_is_listed_under_each_month_in_which_it_may_take_place() -> None:
    def periods(precision: DatePrecision, starts_on: date, ends_on: date) -> tuple[str, ...]:
        return periods_of(precision, PUBLISHED, starts_on, ends_on, TODAY)

    assert periods(DatePrecision.DAY, date(2026, 12, 30), date(2027, 1, 2)) == (
        "2026",
        "2027",
        "2026-12",
        "2027-01",
    )
    assert periods(DatePrecision.SEASON, date(2025, 6, 21), date(2025, 9, 20)) == (
        "2025",
        "2025-06",
        "2025-07",
        "2025-08",
        "2025-09",
    )
    assert periods(DatePrecision.YEAR, date(2024, 1, 1), date(2024, 12, 31)) == ("2024",)
    assert (
        periods_of(
            DatePrecision.DAY, EventState.POSTPONED, date(2026, 1, 5), date(2026, 1, 5), TODAY
        )
        == ()
    )
