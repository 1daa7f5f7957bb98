"""First and last day of a date that is written with more or less precision."""

import re
from calendar import monthrange
from datetime import date
from typing import NamedTuple

_WRITTEN = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


class Bounds(NamedTuple):
    """The first and the last day that a date may be, both included."""

    first: date
    last: date


def bounds(written: str) -> Bounds:
    """The bounds of `2024`, `2024-12` or `2024-12-02`. Raises ValueError. Source: ISO 8601-1."""
    match = _WRITTEN.fullmatch(written)
    if match is None:
        raise ValueError(written)
    year = int(match[1])
    if match[2] is None:
        return Bounds(date(year, 1, 1), date(year, 12, 31))
    month = int(match[2])
    if match[3] is None:
        return Bounds(date(year, month, 1), date(year, month, monthrange(year, month)[1]))
    day = date(year, month, int(match[3]))
    return Bounds(day, day)


def period_bounds(written: str) -> Bounds:
    """The bounds of a period as published: `2024`, `2021-10/2022-12`. Raises ValueError."""
    first, slash, last = written.partition("/")
    found = Bounds(bounds(first).first, bounds(last if slash else first).last)
    if found.first > found.last:
        raise ValueError(written)
    return found
