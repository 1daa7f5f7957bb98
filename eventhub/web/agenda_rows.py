"""Turns events into the ready-made strings of macros/events.html."""

from dataclasses import dataclass
from datetime import date, datetime

from babel.dates import format_date
from flask import url_for

from eventhub.domain.event import DatePrecision, EventMode, EventState
from eventhub.domain.kinds import KindColour, kind_colour
from eventhub.exports import wording
from eventhub.models.event import Event
from eventhub.web.places import Seats, has_ended, places_words

_LOCALE = "fr"


@dataclass(frozen=True, slots=True)
class DayBlock:
    """The large date: a number with its weekday, or words where the day is not known."""

    day_weekday: str
    day_number: str
    day_word: str
    day_style: str
    datetime_attr: str
    spoken_date: str


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event in a list; each field is said in macros/events.html."""

    url: str
    title: str
    kind_code: str
    kind_label: str
    family_colour: KindColour
    day_weekday: str
    day_number: str
    day_word: str
    day_style: str
    datetime_attr: str
    spoken_date: str
    line: str
    territory: str
    seats: Seats | None
    status_icon: str
    status_text: str
    status_note: str


def event_row(
    event: Event,
    now: datetime,
    *,
    departement_total: int,
    has_minutes: bool = False,
    with_year: bool = False,
) -> EventRow:
    """Say an event in a list.

    `departement_total` is how many départements the hub has: an event in all of them is said to
    be in the whole region. `with_year`: the list has no headings that tell month and year.
    """
    block = day_block(event, now, with_year=with_year)
    icon, text, note, seats = _status(event, now, has_minutes=has_minutes)
    return EventRow(
        url=url_for("agenda.event", slug=event.slug),
        title=wording.typeset(event.title),
        kind_code=event.kind_code,
        kind_label=event.kind.label,
        family_colour=kind_colour(event.kind_code, event.kind.family),
        day_weekday=block.day_weekday,
        day_number=block.day_number,
        day_word=block.day_word,
        day_style=block.day_style,
        datetime_attr=block.datetime_attr,
        spoken_date=block.spoken_date,
        line=wording.typeset(
            " · ".join(part for part in (_hours(event), _where(event, now)) if part)
        ),
        territory=territory(event, departement_total),
        seats=seats,
        status_icon=icon,
        status_text=text,
        status_note=note,
    )


def day_block(event: Event, now: datetime, *, with_year: bool) -> DayBlock:
    """The block of an event's date; outlined where the date may still change, pale once over."""
    spoken = wording.capitalise(_known_days(event))
    over = event.state is EventState.CANCELLED or has_ended(event, now)
    if event.state is EventState.POSTPONED:
        spoken = f"{spoken}, reporté"
        if event.ends_on < wording.local(now, event.timezone).date():
            return DayBlock("date", "", "à venir", "open", "", f"Date à venir ({spoken})")
    if event.state is EventState.CANCELLED:
        spoken = f"{spoken}, annulé"
    style = "past" if over else "certain"
    if event.date_precision is DatePrecision.DAY:
        if event.state is EventState.POSTPONED:
            style = "open"
        weekday, number = _weekday(event), _number(event)
        if with_year:
            weekday = f"{short_month(event.ends_on)} {event.ends_on.year}"
        is_word = len(number) > len("28–30")
        attr = event.starts_on.isoformat() if event.starts_on == event.ends_on else ""
        return DayBlock(
            weekday, "" if is_word else number, number if is_word else "", style, attr, spoken
        )
    attr = {
        DatePrecision.MONTH: f"{event.starts_on:%Y-%m}",
        DatePrecision.YEAR: f"{event.starts_on:%Y}",
    }.get(event.date_precision, "")
    style = "past" if over else "open"
    if event.date_precision is DatePrecision.YEAR:
        return DayBlock("courant", str(event.starts_on.year), "", style, attr, spoken)
    above, word = _imprecise(event, over=over, with_year=with_year)
    return DayBlock(above, "", word, style, attr, spoken)


def territory(event: Event, departement_total: int) -> str:
    """« Loiret », « Cher et Indre », « Toute la région »."""
    names = [departement.name for departement in event.departements]
    if len(names) > 1 and len(names) == departement_total:
        return "Toute la région"
    if len(names) > 3:
        return wording.count(len(names), "département")
    return " et ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def short_month(on: date) -> str:
    """« déc. », « mai »."""
    return format_date(on, "MMM", _LOCALE)


def _known_days(event: Event) -> str:
    """The days of the event, those that a postponed one had included."""
    if event.state is not EventState.POSTPONED:
        return wording.event_days(event)
    return wording.days(event.starts_on, event.ends_on)


def _weekday(event: Event) -> str:
    first = format_date(event.starts_on, "EEEE", _LOCALE)
    if event.starts_on == event.ends_on:
        return first
    between = "et" if (event.ends_on - event.starts_on).days == 1 else "à"
    return f"{first} {between} {format_date(event.ends_on, 'EEEE', _LOCALE)}"


def _number(event: Event) -> str:
    first = "1er" if event.starts_on.day == 1 else str(event.starts_on.day)
    if event.starts_on == event.ends_on:
        return first
    if (event.starts_on.year, event.starts_on.month) == (event.ends_on.year, event.ends_on.month):
        return f"{event.starts_on.day}–{event.ends_on.day}"
    last = "1er" if event.ends_on.day == 1 else str(event.ends_on.day)
    return f"{first} {short_month(event.starts_on)} – {last} {short_month(event.ends_on)}"


def _imprecise(event: Event, *, over: bool, with_year: bool) -> tuple[str, str]:
    """What stands over the word, and the word: « date à venir », « été »."""
    above = str(event.ends_on.year) if over or with_year else "date à venir"
    match event.date_precision:
        case DatePrecision.ALTERNATIVES:
            days = [alternative.on for alternative in event.alternatives] or [event.starts_on]
            month = short_month(days[-1])
            above = f"{month} {days[-1].year}" if with_year else "à préciser"
            firsts = [
                str(on.day) if on.month == days[-1].month else f"{on.day} {short_month(on)}"
                for on in days
            ]
            return above, " ou ".join(firsts)
        case DatePrecision.MONTH:
            return above, format_date(event.starts_on, "MMMM", _LOCALE)
        case DatePrecision.SEASON:
            return above, wording.season(event.starts_on).rpartition(" ")[0]
        case _:
            first = short_month(event.starts_on)
            if event.starts_on.year != event.ends_on.year:
                first = f"{first} {event.starts_on.year}"
            return "entre", f"{first} et {short_month(event.ends_on)} {event.ends_on.year}"


def _hours(event: Event) -> str:
    if event.state is EventState.POSTPONED:
        return ""
    if event.date_precision is DatePrecision.DAY and event.starts_on != event.ends_on:
        return wording.count((event.ends_on - event.starts_on).days + 1, "jour")
    if event.starts_at is None:
        return wording.capitalise(wording.half_words(event))
    start = wording.hour(wording.local(event.starts_at, event.timezone))
    if event.ends_at is None:
        return f"à partir de {start}"
    return f"{start} – {wording.hour(wording.local(event.ends_at, event.timezone))}"


def _where(event: Event, now: datetime) -> str:
    if event.mode is EventMode.REMOTE:
        return "À distance"
    if event.mode is EventMode.HYBRID:
        return f"{event.place}, et à distance" if event.place else "Sur place et à distance"
    if not event.place and not has_ended(event, now):
        return "Lieu à préciser"
    return event.place


def _status(
    event: Event, now: datetime, *, has_minutes: bool
) -> tuple[str, str, str, Seats | None]:
    """Pictogram, words, note and gauge."""
    cancelled = event.state is EventState.CANCELLED
    if has_ended(event, now) and not cancelled:
        vague = event.date_precision is not DatePrecision.DAY
        note = "Date précise non connue" if vague else ""
        if has_minutes:
            return "document", "Compte-rendu publié", note, None
        return "", note, "", None
    words = places_words(event, now)
    return words.icon, words.headline, words.note, words.seats
