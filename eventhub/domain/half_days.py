"""Which half-days an event takes: one box to sign for each, on the feuille d'émargement."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from eventhub.domain.event import DayHalf

NOON = time(13, 0)
"""Where a day is cut: a meal taken together at the end of a morning does not make an afternoon."""

EVENING = time(17, 0)
"""A second half that begins later than this is an evening."""

WORTH_SIGNING = timedelta(hours=1)
"""Less of a half-day than this is the tail of the other one, and is not signed for."""


class DayPart(StrEnum):
    """A part of a day, as it is called on screen."""

    MORNING = "matin"
    AFTERNOON = "après-midi"
    EVENING = "soirée"


@dataclass(frozen=True, slots=True)
class HalfDay:
    """One half-day; `on` is null where the day is not known."""

    on: date | None
    part: DayPart


def half_days(
    starts_on: date | None,
    ends_on: date | None,
    starts_at: datetime | None,
    ends_at: datetime | None,
    starts_half: DayHalf | None = None,
    ends_half: DayHalf | None = None,
) -> tuple[HalfDay, ...]:
    """The half-days from the first day to the last one, at least one.

    Hours are in the event's zone; where one is unknown, `starts_half` says whether the first day
    begins in the afternoon, `ends_half` whether the last one ends at noon; else the day is taken
    whole on that side. Days are null where they are not settled: both halves of one unknown day.
    """
    if starts_on is None or ends_on is None:
        return _halves(None, _local_time(starts_at), _local_time(ends_at))
    days = [starts_on + timedelta(days=n) for n in range((ends_on - starts_on).days + 1)]
    found: list[HalfDay] = []
    for on in days:
        first = _local_time(starts_at) if on == starts_on else None
        last = _local_time(ends_at) if on == ends_on else None
        if first is None and on == starts_on and starts_half is DayHalf.AFTERNOON:
            first = NOON
        if first is None and last is None and on == ends_on and ends_half is DayHalf.MORNING:
            last = NOON
        found += _halves(on, first, last)
    return tuple(found)


def _local_time(moment: datetime | None) -> time | None:
    return None if moment is None else moment.time()


def _halves(on: date | None, first: time | None, last: time | None) -> tuple[HalfDay, ...]:
    later = DayPart.EVENING if first is not None and first >= EVENING else DayPart.AFTERNOON
    both = (HalfDay(on, DayPart.MORNING), HalfDay(on, later))
    # An end before the start is past midnight: the day is taken to its end.
    if first is not None and last is not None and last <= first:
        last = None
    before = _length(first or time.min, min(last or NOON, NOON))
    after = _length(max(first or NOON, NOON), last or time.max)
    if before >= WORTH_SIGNING and after >= WORTH_SIGNING:
        return both
    return both[:1] if before >= after else both[1:]


def _length(first: time, last: time) -> timedelta:
    day = date(2000, 1, 1)
    return max(timedelta(0), datetime.combine(day, last) - datetime.combine(day, first))
