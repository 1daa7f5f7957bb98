from datetime import date

import pytest

from eventhub.domain.dates import bounds, period_bounds


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-12-02", date(2024, 12, 2), date(2024, 12, 2)),
    ],
)
def test_a_date_is_bounded_by_what_is_known_of_it(written: str, first: date, last: date) -> None:
    assert bounds(written) == (first, last)


def test_a_period_goes_from_its_first_day_to_its_last() -> None:
    assert period_bounds("2021-10/2022-12") == (date(2021, 10, 1), date(2022, 12, 31))
    assert period_bounds("2024") == (date(2024, 1, 1), date(2024, 12, 31))


@pytest.mark.parametrize(
    "written",
    [
        "",
        "24",
        "2024-13",
        "2024-02-30",
        "2024/2023",
        "02/12/2024",
        "2024-1",
        "٢٠٢٤",
        "0000",
        "2024-00",
    ],
)
def test_what_is_not_a_date_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="not a date"):
        period_bounds(written)
