"""The feuille d'émargement: one box to sign per person and half-day, blank lines at the end."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby
from math import ceil

from babel.dates import format_date

from eventhub.domain.event import DatePrecision, EventMode, EventState
from eventhub.domain.half_days import DayPart, HalfDay, half_days
from eventhub.domain.registration import (
    ATTENDANCE_MODE_LABELS,
    REGISTRATION_ROLE_LABELS,
    AttendanceMode,
    RegistrationRole,
)
from eventhub.exports import wording
from eventhub.exports.pdf.document import render_pdf, shown
from eventhub.models.event import Event
from eventhub.queries.paper import Signatory

BOXES_PER_SHEET = 6
"""As many boxes as an A4 in landscape holds wide enough to sign in."""

NAME_MAX = 90
STRUCTURE_MAX = 110
TITLE_MAX = 200


def attendance_sheet(
    event: Event, people: Sequence[Signatory], hub_name: str, now: datetime
) -> bytes:
    """The sheet as a tagged PDF, A4 in landscape, people in the order given.

    An event of many half-days has one list per group of days.
    """
    return render_pdf("attendance_sheet.typ", _data(event, people, hub_name, now), now)


def _data(
    event: Event, people: Sequence[Signatory], hub_name: str, now: datetime
) -> dict[str, object]:
    halves = _half_days_of(event)
    groups = sheets(halves)
    return {
        "hub": shown(hub_name, 80),
        "title": shown(event.title, TITLE_MAX),
        "when": wording.capitalise(wording.event_when(event)),
        "where": shown(", ".join(filter(None, (event.place, event.address))), TITLE_MAX),
        "expected": wording.count(len(people), "personne attendue", "personnes attendues"),
        "printed": "Liste du " + _moment(wording.local(now, event.timezone)),
        "has_notes": any(_note(event, person) for person in people),
        "people": [
            {
                "name": shown(f"{person.family_name} {person.given_name}", NAME_MAX),
                "structure": shown(person.structure, STRUCTURE_MAX),
                "note": _note(event, person),
            }
            for person in people
        ],
        "blank_lines": min(20, max(8, ceil(len(people) / 10))),
        "sheets": [
            {
                "title": _sheet_title(group) if len(groups) > 1 else "",
                "boxes": [_box(half, halves) for half in group],
            }
            for group in groups
        ],
    }


def _half_days_of(event: Event) -> tuple[HalfDay, ...]:
    if event.date_precision is not DatePrecision.DAY or event.state is EventState.POSTPONED:
        return half_days(None, None, None, None)
    return half_days(
        event.starts_on,
        event.ends_on,
        event.starts_at and wording.local(event.starts_at, event.timezone),
        event.ends_at and wording.local(event.ends_at, event.timezone),
        event.starts_half,
        event.ends_half,
    )


def sheets(halves: Sequence[HalfDay]) -> list[tuple[HalfDay, ...]]:
    """Share half-days out between lists of at most six boxes, a day never cut in two.

    The lists are about as long as one another: five days make three and two, not three, one, one.
    """
    days = [tuple(group) for _, group in groupby(halves, key=lambda half: half.on)]
    count = ceil(len(halves) / BOXES_PER_SHEET)
    while True:
        per_sheet = ceil(len(days) / count)
        shared = [days[at : at + per_sheet] for at in range(0, len(days), per_sheet)]
        groups = [tuple(half for day in some for half in day) for some in shared]
        if max(map(len, groups)) <= BOXES_PER_SHEET:
            return groups
        count += 1


def _box(half: HalfDay, halves: Sequence[HalfDay]) -> list[str]:
    """The words over one box: the day where there are several, and the part of the day."""
    several = len({other.on for other in halves}) > 1
    part = wording.capitalise(half.part) if len(halves) > 1 else "Signature"
    if half.on is None or not several:
        return [part]
    return [_short_day(half.on), str(half.part if half.part is not DayPart.EVENING else "soir")]


def _short_day(on: date) -> str:
    number = "1er" if on.day == 1 else str(on.day)
    return wording.NBSP.join((format_date(on, "EEE", "fr"), number, format_date(on, "MMM", "fr")))


def _sheet_title(group: Sequence[HalfDay]) -> str:
    known = [half.on for half in group if half.on is not None]
    return wording.capitalise(wording.days(known[0], known[-1])) if known else ""


def _note(event: Event, person: Signatory) -> str:
    """What sets a person apart: another role than participant, a mode where there are two."""
    words = []
    if person.role is not RegistrationRole.PARTICIPANT:
        words.append(REGISTRATION_ROLE_LABELS[person.role])
    if event.mode is EventMode.HYBRID and person.mode is AttendanceMode.REMOTE:
        words.append(ATTENDANCE_MODE_LABELS[person.mode])
    return ", ".join(words)


def _moment(at: datetime) -> str:
    return f"{wording.day(at.date(), weekday=False)} à {wording.hour(at)}"
