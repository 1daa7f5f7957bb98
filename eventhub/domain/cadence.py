"""When the events of a series are due: dated cadences, next dates, late and missing ones.

A cadence counts in half months, so that « tous les deux mois et demi » is a whole number. A whole
month keeps the weekday and the week of the month (« le deuxième jeudi »), because that is how
people keep a standing date; half a month more is two weeks, the nearest same weekday to 15 days.
See docs/adr/0010-dates-of-a-series.md.
"""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from itertools import islice, pairwise

from eventhub.domain.errors import InvalidInput

HALF_MONTHS_MAX = 120
"""Five years: rarer than that is no series."""

_FORTNIGHT = timedelta(days=14)
_LAST_WEEK = 5
_TYPED_MAX = 20
_MONTHS_IN_WORDS = {
    1: "deux fois par mois",
    2: "chaque mois",
    6: "chaque trimestre",
    12: "deux fois par an",
    24: "une fois par an",
}


@dataclass(frozen=True, slots=True, order=True)
class Cadence:
    """How often events are due, from `since` on. `half_months` is 1 or more."""

    since: date
    half_months: int


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """When an event takes place, as far as it is known: the first and the last day it may be."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Gap:
    """Too long a time between two events, or since the last one; `missing` were due meanwhile.

    `before` None: nothing came yet.
    """

    after: Span
    before: Span | None
    missing: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a series stands against its cadence on a day.

    `due` is when the event after the last one held is due, None where nothing is expected;
    `late_days` says since how many days. `planned` is the first event to come.
    """

    last: Span | None
    due: date | None
    late_days: int
    planned: Span | None
    gaps: tuple[Gap, ...]

    @property
    def missing(self) -> int:
        """How many events are missing, over all gaps."""
        return sum(len(gap.missing) for gap in self.gaps)


def cadence_on(cadences: Sequence[Cadence], on: date) -> Cadence | None:
    """The cadence in force on a day; None before the first one."""
    return max((one for one in cadences if one.since <= on), default=None)


def due_dates(cadences: Sequence[Cadence], anchor: date) -> Iterator[date]:
    """The days on which events are due after the one of `anchor`, one after the other.

    The cadence in force is that of the due day. Where a denser one begins before what the sparser
    one asks for, its first event is due on its first such day. Ends with the calendar.
    """
    ordered = sorted(cadences)
    steps = 0
    for number, cadence in enumerate(ordered):
        ends = ordered[number + 1].since if number + 1 < len(ordered) else None
        while True:
            # Counted from one anchor, not from the date before: « le cinquième jeudi » comes back.
            found = _shift(anchor, (steps + 1) * cadence.half_months)
            if found is not None and found < cadence.since:
                found = _from(anchor, cadence.since)
                if found is not None and (ends is None or found < ends):
                    anchor, steps = found, -1
            if found is None or (ends is not None and found >= ends):
                break
            yield found
            steps += 1
        if steps:
            anchor, steps = _shift(anchor, steps * cadence.half_months) or anchor, 0


def next_dates(
    cadences: Sequence[Cadence], anchor: date, after: date, count: int
) -> tuple[date, ...]:
    """The next `count` days to propose, all later than `after`; fewer where nothing is due.

    `anchor` is the last event, held or planned. What is overdue is caught up on the first such
    day of a month, and the rhythm goes on from there.
    """
    first = next(due_dates(cadences, anchor), None)
    if first is None:
        return ()
    if first <= after:
        first = _from(anchor, after + timedelta(days=1))
        if first is None:
            return ()
    return (first, *islice(due_dates(cadences, first), count - 1))[:count]


def standing(
    cadences: Sequence[Cadence],
    held: Sequence[Span],
    planned: Sequence[Span],
    today: date,
    *,
    ended_on: date | None = None,
) -> Standing:
    """Compare the events held and to come with the cadence.

    Of a date that is not precise the bounds are taken that find less to complain of: late and
    missing are said only where they are sure. Nothing is expected from `ended_on` on.
    """
    past, coming = sorted(held), sorted(planned)
    last = max(past, key=lambda span: span.last, default=None)
    due = None
    if last is not None:
        due = next(due_dates(cadences, last.last), None)
        if due is not None and ended_on is not None and due >= ended_on:
            due = None
    gaps = [_gap(cadences, *pair, ended_on) for pair in pairwise([*past, *coming])]
    if last is not None and not coming:
        gaps.append(_gap(cadences, last, None, ended_on, today))
    return Standing(
        last=last,
        due=due,
        late_days=max(0, (today - due).days) if due is not None else 0,
        planned=coming[0] if coming else None,
        gaps=tuple(gap for gap in gaps if gap.missing),
    )


def half_months_typed(text: str) -> int:
    """The half months of a number of months as typed: « 3 », « 2,5 ». Raises InvalidInput.

    The field is `months`.
    """
    typed = "".join(text.split()).replace(",", ".")
    try:
        months = Decimal(typed) if len(typed) <= _TYPED_MAX else Decimal("NaN")
    except InvalidOperation:
        months = Decimal("NaN")
    if not months.is_finite():
        raise _wrong("Écrivez un nombre de mois en chiffres, par exemple 3 ou 2,5.")
    if months == 0:
        raise _wrong(
            "Un rythme de zéro mois ne donne aucune date. Écrivez un nombre de mois, par exemple 3 "
            "ou 2,5. Sans rythme fixe, laissez la ligne vide."
        )
    if months < 0:
        raise _wrong("Écrivez un nombre de mois plus grand que zéro, par exemple 3 ou 2,5.")
    if months * 2 > HALF_MONTHS_MAX:
        raise _wrong(f"Écrivez {HALF_MONTHS_MAX // 2} mois au plus.")
    if (months * 2) % 1:
        raise _wrong("Arrondissez au demi-mois\u00a0: par exemple 2, 2,5 ou 3.")
    return int(months * 2)


def months_shown(half_months: int) -> str:
    """The number of months as it is typed: « 3 », « 2,5 »."""
    whole, half = divmod(half_months, 2)
    return f"{whole},5" if half else str(whole)


def cadence_words(half_months: int) -> str:
    """« chaque trimestre », « tous les 2,5 mois », « une fois par an »."""
    if half_months in _MONTHS_IN_WORDS:
        return _MONTHS_IN_WORDS[half_months]
    if half_months % 24 == 0:
        return f"tous les {half_months // 24}\u00a0ans"
    return f"tous les {months_shown(half_months)}\u00a0mois"


def lateness_words(days: int) -> str:
    """« en retard de 4 jours », « de 3 semaines », « de 5 mois », « de 2 ans »."""
    for length, singular, plural in (
        (731, "an", "ans"),
        (61, "mois", "mois"),
        (14, "semaine", "semaines"),
        (1, "jour", "jours"),
    ):
        if days >= length:
            unit = {"an": 365.25, "mois": 30.44, "semaine": 7, "jour": 1}[singular]
            number = int(days / unit)
            return f"en retard de {number}\u00a0{singular if number == 1 else plural}"
    return ""


def _wrong(sentence: str) -> InvalidInput:
    return InvalidInput({"months": sentence})


def _gap(
    cadences: Sequence[Cadence],
    after: Span,
    before: Span | None,
    ended_on: date | None,
    today: date | None = None,
) -> Gap:
    """What was due between two events and more than half an interval before the later one."""
    until = before.first if before is not None else today
    missing = []
    previous = after.last
    for due in due_dates(cadences, after.last):
        half = (due - previous) / 2
        # Half an interval of tolerance: more than 1.5 times the cadence is one missing.
        if until is None or until - due <= half or (ended_on is not None and due >= ended_on):
            break
        missing.append(due)
        previous = due
    return Gap(after, before, tuple(missing))


def _shift(anchor: date, half_months: int) -> date | None:
    """The anchor's weekday in the same week of the month, so many half months later."""
    whole, half = divmod(half_months, 2)
    months = anchor.year * 12 + anchor.month - 1 + whole
    try:
        found = _in_month(months // 12, months % 12 + 1, anchor)
        return found + _FORTNIGHT if half else found
    except (ValueError, OverflowError):  # beyond the year 9999
        return None


def _in_month(year: int, month: int, anchor: date) -> date:
    week = (anchor.day - 1) // 7 + 1
    first = date(year, month, 1)
    day = 1 + (anchor.weekday() - first.weekday()) % 7 + 7 * (week - 1)
    if week == _LAST_WEEK and day > monthrange(year, month)[1]:
        day -= 7
    return first.replace(day=day)


def _from(anchor: date, earliest: date) -> date | None:
    """The first month's day like the anchor's that is not before `earliest`."""
    months = max(0, (earliest.year - anchor.year) * 12 + earliest.month - anchor.month)
    for whole in (months, months + 1):
        found = _shift(anchor, 2 * whole)
        if found is None or found >= earliest:
            return found
    return None
