"""What an agenda is asked, and under which heading an event of known or unknown date stands."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum, StrEnum

from eventhub.domain.event import DatePrecision, EventState

PUBLIC_STATES = frozenset(
    {EventState.PUBLISHED, EventState.CLOSED, EventState.POSTPONED, EventState.CANCELLED}
)
"""States of the events that anyone may see."""

WORDS_MAX = 100
"""Longest search that is looked at, in characters; the rest is cut."""

_PERIOD = re.compile(r"(?P<year>[12]\d{3})(?:-(?P<month>0[1-9]|1[0-2]))?", re.ASCII)


class AgendaView(StrEnum):
    """Which side of today is listed."""

    UPCOMING = "upcoming"
    PAST = "past"
    PERIOD = "period"


@dataclass(frozen=True, slots=True)
class Period:
    """A month, or a year where `month` is none."""

    year: int
    month: int | None = None

    @property
    def starts_on(self) -> date:
        """Its first day."""
        return date(self.year, self.month or 1, 1)

    @property
    def ends_on(self) -> date:
        """Its last day."""
        month = self.month or 12
        return date(self.year + month // 12, month % 12 + 1, 1) - timedelta(days=1)

    def __str__(self) -> str:
        """As in an address: `2024-12`, `2024`."""
        return f"{self.year}-{self.month:02d}" if self.month else str(self.year)


def period(text: str) -> Period | None:
    """Read `2024-12` or `2024`; None for anything else."""
    found = _PERIOD.fullmatch(text)
    if found is None:
        return None
    return Period(int(found["year"]), int(found["month"]) if found["month"] else None)


@dataclass(frozen=True, slots=True)
class AgendaFilter:
    """What the reader chose, as typed: a value that leads to nothing is kept and said.

    `month` is `2024-12`, or `2024` for the whole year; `mode` is `onsite` or `remote`.
    """

    departement: str = ""
    bassin: str = ""
    kind: str = ""
    month: str = ""
    mode: str = ""
    words: str = ""


class GroupKind(IntEnum):
    """How precise a heading is; also the order of headings that begin at the same time."""

    MONTH = 0
    SEASON = 1
    RANGE = 2
    YEAR = 3
    UNDATED = 4


@dataclass(frozen=True, slots=True, order=True)
class GroupKey:
    """A heading of the agenda. Keys sort in the order of the page."""

    undated: bool
    anchor: date
    kind: GroupKind
    starts_on: date
    ends_on: date


def group_key(
    precision: DatePrecision, state: EventState, starts_on: date, ends_on: date, since: date
) -> GroupKey:
    """The heading of an event in a list that begins on `since`.

    An event under way stands under the first month of the list; a postponed one keeps its old
    date until that day, then has none.
    """
    if state is EventState.POSTPONED and ends_on < since:
        return GroupKey(True, date.max, GroupKind.UNDATED, date.max, date.max)
    first = max(starts_on, since).replace(day=1)
    match precision:
        case DatePrecision.SEASON:
            return GroupKey(False, first, GroupKind.SEASON, starts_on, ends_on)
        case DatePrecision.RANGE:
            return GroupKey(False, first, GroupKind.RANGE, starts_on, ends_on)
        case DatePrecision.YEAR:
            return GroupKey(False, date(ends_on.year, 12, 1), GroupKind.YEAR, starts_on, ends_on)
        case _:
            return GroupKey(False, first, GroupKind.MONTH, first, first)


def is_past(state: EventState, ends_on: date, today: date) -> bool:
    """Whether an event is over: its last known day is before today, or it was closed.

    A postponed one is still to come.
    """
    if state is EventState.POSTPONED:
        return False
    return state is EventState.CLOSED or ends_on < today


def periods_of(
    precision: DatePrecision, state: EventState, starts_on: date, ends_on: date, today: date
) -> tuple[str, ...]:
    """The months and the years under which an event is listed, as `2024-12` and `2024`.

    All those in which it may take place; no month where only its year is known, and nothing for
    a postponed event whose date has gone by.
    """
    if state is EventState.POSTPONED and ends_on < today:
        return ()
    years = tuple(str(year) for year in range(starts_on.year, ends_on.year + 1))
    if precision is DatePrecision.YEAR:
        return years
    first, last = (on.year * 12 + on.month - 1 for on in (starts_on, ends_on))
    return years + tuple(str(Period(n // 12, n % 12 + 1)) for n in range(first, last + 1))
