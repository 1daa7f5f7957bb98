"""On which day the next edition of a yearly event may be."""

from datetime import date, timedelta

LONG_AGO = timedelta(days=300)
"""What took place longer ago is begun again a year later, whatever its family."""


def next_edition_on(previous: date, today: date) -> date:
    """The same weekday nearest to the first anniversary that makes it come after `today`."""
    year = max(previous.year, today.year - 1)
    while True:
        year += 1
        anniversary = _in_year(previous, year)
        away = (previous.weekday() - anniversary.weekday() + 3) % 7 - 3
        found = anniversary + timedelta(days=away)
        if found > max(previous, today):
            return found


def _in_year(on: date, year: int) -> date:
    if (on.month, on.day) == (2, 29):
        return date(year, 2, 28)
    return on.replace(year=year)
