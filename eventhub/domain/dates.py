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
        raise ValueError(f"not a date: {written!r}")
    year = int(match[1])
    month, day = (None if part is None else int(part) for part in match.groups()[1:])
    try:
        first = date(year, 1 if month is None else month, 1 if day is None else day)
    except ValueError as error:
        raise ValueError(f"not a date: {written!r}") from error
    if day is not None:
        return Bounds(first, first)
    last_month = month or 12
    return Bounds(first, date(year, last_month, monthrange(year, last_month)[1]))


def period_bounds(written: str) -> Bounds:
    """The bounds of a period as published: `2024`, `2021-10/2022-12`. Raises ValueError."""
    first, slash, last = written.partition("/")
    found = Bounds(bounds(first).first, bounds(last if slash else first).last)
    if found.first > found.last:
        raise ValueError(f"not a date after the other: {written!r}")
    return found
