"""From what an organiser knows of a date to the first and last day that it may be."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from eventhub.domain.errors import InvalidInput
from eventhub.domain.event import DatePrecision

_SEASON_MONTHS = (3, 6, 9, 12)
_SEASON_DAY = 21

FIRST_YEAR, LAST_YEAR = 1990, 2100
"""Beyond these a date is a typing error, and its hours may not exist in every zone."""

LONGEST_DAYS = 31
"""An event of known dates lasts a month at most: longer is a typing error in a year."""


@dataclass(frozen=True, slots=True)
class EventDates:
    """Bounds of what is known, in the event's zone; `alternatives` is empty but for that case."""

    precision: DatePrecision
    starts_on: date
    ends_on: date
    alternatives: tuple[date, ...] = ()


def event_dates(
    precision: DatePrecision,
    starts_on: date,
    ends_on: date | None = None,
    others: Sequence[date] = (),
) -> EventDates:
    """Bound what is known of a date.

    For a month, a season or a year any day inside will do; a range goes from the first day's
    month to the last day's; alternatives are the first day and `others`.
    Raises InvalidInput on `starts_on`, `ends_on` or `other_dates`.
    """
    last = ends_on or starts_on
    wrong = {
        name: "Vérifiez l’année."
        for name, days in (
            ("starts_on", (starts_on,)),
            ("ends_on", (last,)),
            ("other_dates", others),
        )
        if not all(map(in_known_years, days))
    }
    if wrong:
        if "starts_on" in wrong and ends_on is None:
            del wrong["ends_on"]
        raise InvalidInput(wrong)
    match precision:
        case DatePrecision.DAY:
            if last < starts_on:
                raise InvalidInput({"ends_on": "Donnez un dernier jour qui suit le premier."})
            if (last - starts_on).days >= LONGEST_DAYS:
                raise InvalidInput(
                    {"ends_on": "Vérifiez l’année : l’évènement durerait plus d’un mois."}
                )
            return EventDates(precision, starts_on, last)
        case DatePrecision.ALTERNATIVES:
            days = tuple(sorted({starts_on, *others}))
            if len(days) == 1:
                raise InvalidInput({"other_dates": "Donnez au moins une autre date possible."})
            return EventDates(precision, days[0], days[-1], days)
        case DatePrecision.MONTH:
            return EventDates(precision, starts_on.replace(day=1), _month_end(starts_on))
        case DatePrecision.SEASON:
            return _season(starts_on)
        case DatePrecision.YEAR:
            year = starts_on.year
            return EventDates(precision, date(year, 1, 1), date(year, 12, 31))
        case DatePrecision.RANGE:
            if ends_on is None or _month_end(ends_on) <= _month_end(starts_on):
                raise InvalidInput(
                    {"ends_on": "Donnez un jour du dernier mois possible, après le premier."}
                )
            return EventDates(precision, starts_on.replace(day=1), _month_end(ends_on))


def in_known_years(on: date) -> bool:
    """Whether a day is one that an event can have."""
    return FIRST_YEAR <= on.year <= LAST_YEAR


def _month_end(on: date) -> date:
    return on.replace(day=monthrange(on.year, on.month)[1])


def _season(on: date) -> EventDates:
    starts = [
        date(year, month, _SEASON_DAY)
        for year in (on.year - 1, on.year)
        for month in _SEASON_MONTHS
    ]
    first = max(start for start in starts if start <= on)
    months = first.month - 1 + 3
    last = date(first.year + months // 12, months % 12 + 1, _SEASON_DAY)
    return EventDates(DatePrecision.SEASON, first, last)
