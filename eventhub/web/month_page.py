"""A month of the agenda on paper: a list by day, what is not settled yet apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from babel.dates import format_date
from flask import url_for

from eventhub.domain.agenda import AgendaFilter, Period, period
from eventhub.domain.event import EVENT_STATE_LABELS, DatePrecision, EventState
from eventhub.domain.kinds import KindColour
from eventhub.exports import wording
from eventhub.models.event import Event
from eventhub.web.agenda_filters import filter_arguments, period_label
from eventhub.web.agenda_rows import event_row
from eventhub.web.feeds import without_month

_LOCALE = "fr"


@dataclass(frozen=True, slots=True)
class MonthEntry:
    """An event in the month. `when` is said where the heading does not; `state` where it is off."""

    url: str
    title: str
    kind_label: str
    colour: KindColour
    when: str
    line: str
    territory: str
    state: str


@dataclass(frozen=True, slots=True)
class MonthDay:
    """A day on which something begins, or goes on since before the month."""

    number: str
    weekday: str
    datetime_attr: str
    entries: Sequence[MonthEntry]


@dataclass(frozen=True, slots=True)
class MonthLink:
    """Another month, on paper too."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class MonthPage:
    """`vague` holds what may take place in the month; `previous` and `next` None at the edges."""

    title: str
    days: Sequence[MonthDay]
    vague: Sequence[MonthEntry]
    previous: MonthLink | None
    next: MonthLink | None


def read_month(text: str) -> Period | None:
    """Read `2026-12`; None for anything else, a year alone too."""
    asked = period(text)
    return asked if asked is not None and asked.month is not None else None


def month_url(chosen: AgendaFilter, asked: Period) -> str:
    """The address of a month with the other filters."""
    kept: dict[str, Any] = {**filter_arguments(without_month(chosen))}
    return url_for("agenda.month", month=str(asked), **kept)


def month_page(
    events: Sequence[Event],
    chosen: AgendaFilter,
    asked: Period,
    now: datetime,
    *,
    departement_total: int,
) -> MonthPage:
    """Lay out the events of a month, which come in the order of the list."""

    def entry(event: Event) -> MonthEntry:
        return _entry(event, now, departement_total)

    def day_of(event: Event) -> date:
        return max(event.starts_on, asked.starts_on)

    settled = sorted((event for event in events if _is_settled(event)), key=day_of)
    return MonthPage(
        title=period_label(asked),
        days=[
            MonthDay(
                number="1er" if on.day == 1 else str(on.day),
                weekday=format_date(on, "EEEE", _LOCALE),
                datetime_attr=on.isoformat(),
                entries=[entry(event) for event in some],
            )
            for on, some in groupby(settled, key=day_of)
        ],
        vague=[entry(event) for event in events if not _is_settled(event)],
        previous=_link(chosen, asked.starts_on - timedelta(days=1)),
        next=_link(chosen, asked.ends_on + timedelta(days=1)),
    )


def _is_settled(event: Event) -> bool:
    return event.date_precision is DatePrecision.DAY and event.state is not EventState.POSTPONED


def _entry(event: Event, now: datetime, departement_total: int) -> MonthEntry:
    row = event_row(event, now, departement_total=departement_total)
    off = event.state in {EventState.CANCELLED, EventState.POSTPONED}
    when = ""
    if event.state is EventState.POSTPONED:
        days = wording.days(event.starts_on, event.ends_on)
        when = f"C’était prévu {days if days.startswith('du ') else f'le {days}'}"
    elif not _is_settled(event) or event.starts_on != event.ends_on:
        when = wording.capitalise(wording.event_days(event))
    return MonthEntry(
        url=row.url,
        title=row.title,
        kind_label=row.kind_label,
        colour=row.family_colour,
        when=when,
        line=row.line,
        territory=row.territory,
        state=EVENT_STATE_LABELS[event.state] if off else "",
    )


def _link(chosen: AgendaFilter, on: date) -> MonthLink | None:
    """The month of that day; None where no address can name it."""
    asked = read_month(f"{on:%Y-%m}")
    return MonthLink(period_label(asked), month_url(chosen, asked)) if asked else None
