"""French wording of dates, hours and counts, shared by pages, mails and documents."""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date

from eventhub.domain.event import DAY_HALF_LABELS, DatePrecision, DayHalf, EventState
from eventhub.models.event import Event

NBSP = "\u00a0"
_LOCALE = "fr"
_SPACE_BEFORE = re.compile(r"(?<=\S) (?=[:;?!»%](?:\W|$))")
_SPACE_AFTER = re.compile(r"« (?=\S)")
_APOSTROPHE = re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_])")
_BEFORE_A_VOWEL = re.compile(r"[aàâæeéèêëiîïoôœuùûü]|y(?![aeiou])", re.IGNORECASE)
_SEASONS = {3: "printemps", 6: "été", 9: "automne", 12: "hiver"}


def local(moment: datetime, timezone: str) -> datetime:
    """`moment` in the zone of the event."""
    return moment.astimezone(ZoneInfo(timezone))


def day(on: date, *, weekday: bool = True, year: bool = True) -> str:
    """« jeudi 8 avril 2027 »; the first of a month is « 1er »."""
    number = _number(on)
    words = [format_date(on, "EEEE", _LOCALE)] if weekday else []
    words += [number, format_date(on, "MMMM", _LOCALE)]
    if year:
        words.append(str(on.year))
    return NBSP.join(words[:2]) + "".join(f" {word}" for word in words[2:])


def short_day(on: date) -> str:
    """« 18 nov. », for the column of a table; « 1er » for the first of a month."""
    number = _number(on)
    return f"{number}{NBSP}{format_date(on, 'MMM', _LOCALE)}"


def month(on: date, *, year: bool = True) -> str:
    """« décembre 2026 »."""
    return format_date(on, "MMMM y" if year else "MMMM", _LOCALE)


def hour(moment: datetime) -> str:
    """« 9 h 30 », « 14 h », of a moment that is already in its zone."""
    minutes = f"{NBSP}{moment.minute:02d}" if moment.minute else ""
    return f"{moment.hour}{NBSP}h{minutes}"


def season(starts_on: date) -> str:
    """« automne 2023 », from the first day of an astronomical season."""
    name = _SEASONS.get(starts_on.month)
    return f"{name} {starts_on.year}" if name else month(starts_on)


def days(starts_on: date, ends_on: date, *, weekday: bool = True) -> str:
    """« jeudi 8 avril 2027 », « du lundi 2 au vendredi 6 décembre 2024 »."""
    if starts_on == ends_on:
        return day(starts_on, weekday=weekday)
    same_year = starts_on.year == ends_on.year
    if same_year and starts_on.month == ends_on.month:
        number = _number(starts_on)
        first = f"{format_date(starts_on, 'EEEE', _LOCALE)}{NBSP}{number}" if weekday else number
    else:
        first = day(starts_on, weekday=weekday, year=not same_year)
    return f"du {first} au {day(ends_on, weekday=weekday)}"


def event_days(event: Event) -> str:
    """When the event takes place, without hours, as precisely as it is known and no more."""
    if event.state is EventState.POSTPONED:
        return "date à venir"
    match event.date_precision:
        case DatePrecision.DAY:
            return days(event.starts_on, event.ends_on)
        case DatePrecision.ALTERNATIVES:
            return _alternatives([alternative.on for alternative in event.alternatives])
        case DatePrecision.MONTH:
            return month(event.starts_on)
        case DatePrecision.SEASON:
            return season(event.starts_on)
        case DatePrecision.YEAR:
            return str(event.starts_on.year)
        case DatePrecision.RANGE:
            first = month(event.starts_on, year=event.starts_on.year != event.ends_on.year)
            return f"entre {first} et {month(event.ends_on)}"


def _number(on: date) -> str:
    return "1er" if on.day == 1 else str(on.day)


def _alternatives(dates: list[date]) -> str:
    last = dates[-1]
    firsts = [
        day(on, weekday=False, year=on.year != last.year)
        if (on.year, on.month) != (last.year, last.month)
        else _number(on)
        for on in dates[:-1]
    ]
    return f"{', '.join(firsts)} ou {day(last, weekday=False)}" if firsts else day(last)


def event_hours(event: Event) -> str:
    """« de 9 h 15 à 17 h », « à partir de 9 h 15 », « le matin », or nothing where unknown."""
    if event.state is EventState.POSTPONED:
        return ""
    if event.starts_at is None:
        return half_words(event)
    start = hour(local(event.starts_at, event.timezone))
    if event.ends_at is None:
        return f"à partir de {start}"
    return f"de {start} à {hour(local(event.ends_at, event.timezone))}"


def half_words(event: Event) -> str:
    """« le matin », « jusqu’au matin du dernier jour »; nothing where days are whole."""
    first, last = event.starts_half, event.ends_half
    if event.starts_on == event.ends_on:
        if first is None or last is None or first is last:
            half = first or last
            return DAY_HALF_LABELS[half] if half else ""
        return "le matin et l’après-midi"
    late, short = first is DayHalf.AFTERNOON, last is DayHalf.MORNING
    if late and short:
        return "de l’après-midi du premier jour au matin du dernier"
    if late:
        return "à partir de l’après-midi du premier jour"
    return "jusqu’au matin du dernier jour" if short else ""


def event_when(event: Event) -> str:
    """Days and hours in one phrase: « jeudi 8 avril 2027, de 9 h 15 à 17 h »."""
    hours = event_hours(event)
    return f"{event_days(event)}, {hours}" if hours else event_days(event)


def previous_when(event: Event) -> str:
    """« le jeudi 8 avril 2027 », « à 9 h 15 »: when a moved event was announced; else nothing."""
    on, at = event.previous_starts_on, event.previous_starts_at
    if on is None or event.state in {EventState.POSTPONED, EventState.CANCELLED}:
        return ""
    if on != event.starts_on:
        return f"le {day(on)}"
    if at is None or at == event.starts_at:
        return ""
    return f"à {hour(local(at, event.timezone))}"


def first_date(event: Event) -> str:
    """« jeudi 8 avril 2027, à 9 h »: the date announced first, of an event that has left it."""
    if event.previous_starts_on is None:
        return ""
    on = day(event.previous_starts_on)
    if event.previous_starts_at is None:
        return on
    return f"{on}, à {hour(local(event.previous_starts_at, event.timezone))}"


def count(number: int, singular: str, plural: str | None = None) -> str:
    """« 0 place », « 1 place », « 2 places »: French takes the plural from two on."""
    word = singular if abs(number) < 2 else (plural or f"{singular}s")
    return f"{integer(number)}{NBSP}{word}"


def integer(number: int) -> str:
    """« 1 234 », with a no-break space between thousands."""
    return f"{number:,}".replace(",", NBSP)


def capitalise(text: str) -> str:
    """The same text with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def of_name(name: str) -> str:
    """« de Camille », « d’Élodie »; an h is kept apart, « de Hugo »."""
    return f"d’{name}" if _BEFORE_A_VOWEL.match(name) else f"de {name}"


def typeset(text: str) -> str:
    """What someone typed, with French spaces that do not break and the right apostrophe."""
    text = _SPACE_AFTER.sub(f"«{NBSP}", _SPACE_BEFORE.sub(NBSP, text))
    return _APOSTROPHE.sub("’", text)
