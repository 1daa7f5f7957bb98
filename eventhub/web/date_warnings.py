"""What an organiser is told of a date: a public holiday, another event nearby on the same day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for

from eventhub.domain.event import EventState
from eventhub.domain.registration import end_of
from eventhub.exports import wording
from eventhub.extensions import db
from eventhub.models.event import Event
from eventhub.queries.date_warnings import DateWarning, DateWarningKind, date_warnings
from eventhub.web.auth import current_actor

_TO_COME = (EventState.DRAFT, EventState.PUBLISHED)
_DAYS_NAMED = 3


@dataclass(frozen=True, slots=True)
class WarningLine:
    """One sentence, with a link to the other event where there is one."""

    text: str
    link: str = ""
    url: str = ""


def warnings_of(event: Event, now: datetime) -> list[WarningLine]:
    """What to say of the date of an event to come; nothing of one that is over or has no date."""
    if event.state not in _TO_COME or end_of(event) <= now:
        return []
    return warning_lines(date_warnings(db.session(), event, actor=current_actor()))


def warning_lines(warnings: Iterable[DateWarning]) -> list[WarningLine]:
    """The sentences of warnings, in their order."""
    return [_line(warning) for warning in warnings]


def _line(warning: DateWarning) -> WarningLine:
    days = _days(warning.days)
    if warning.kind is DateWarningKind.HOLIDAY:
        return WarningLine(f"Jour férié\u00a0: {days}, {warning.title}.")
    where = " et ".join(
        filter(None, [", ".join(warning.departements[:-1]), *warning.departements[-1:]])
    )
    draft = warning.state is EventState.DRAFT
    return WarningLine(
        f"Même jour, même territoire ({where})\u00a0: {days},",
        f"{wording.typeset(warning.title)}{' (brouillon)' if draft else ''}",
        url_for("manage.event" if draft else "agenda.event", slug=warning.slug),
    )


def _days(days: tuple[date, ...]) -> str:
    if len(days) > _DAYS_NAMED:
        return wording.days(days[0], days[-1])
    words = [wording.day(on, year=on is days[-1]) for on in days]
    return " et ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
