"""A programme as its editor shows it: days, slots, cards, and what deserves a look."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby

from eventhub.domain.event import (
    ACTIVITY_FORMAT_LABELS,
    ActivityFormat,
    ActivityRegistration,
    DatePrecision,
)
from eventhub.domain.programme import (
    Direction,
    Part,
    ProgrammeWarning,
    WarningKind,
    moved,
    programme_warnings,
)
from eventhub.exports import wording
from eventhub.models.event import Activity, Event, EventRoom
from eventhub.queries.programme import part_of
from eventhub.web.programme import track_letters, where

_COLON = f"{wording.NBSP}: "

Text = tuple[str, int | None]
"""A piece of a sentence, and the activity that it leads to, if any."""


@dataclass(frozen=True, slots=True)
class EditorCard:
    """One activity, with what it can do. `warnings` are sentences."""

    id: int
    title: str
    format_label: str
    hours: str
    has_hour: bool
    where: str
    letter: str
    tone: str
    track: str
    people: str
    hosts: str
    access: str
    uncounted: bool
    warnings: Sequence[str]
    can_go_earlier: bool
    can_go_later: bool


@dataclass(frozen=True, slots=True)
class EditorSlot:
    """What begins at one moment; several cards stand side by side and can move together."""

    start: str
    datetime_attr: str
    cards: Sequence[EditorCard]
    can_go_earlier: bool
    can_go_later: bool


@dataclass(frozen=True, slots=True)
class EditorDay:
    """A day of the programme; `label` is empty where the event has one day only."""

    label: str
    day: str
    slots: Sequence[EditorSlot]


@dataclass(frozen=True, slots=True)
class ProgrammeEditor:
    """The whole programme, ready to be laid out. `undated` are parts without an hour."""

    days: Sequence[EditorDay]
    undated: Sequence[EditorCard]
    warnings: Sequence[Sequence[Text]]
    count: int


def programme_editor(
    event: Event, activities: Sequence[Activity], rooms: Iterable[EventRoom]
) -> ProgrammeEditor:
    """The editor of these activities, which come with their hosts and speakers."""
    parts = [part_of(activity, event.timezone) for activity in activities]
    by_id = {activity.id: activity for activity in activities}
    part_by_id = {part.key: part for part in parts}
    found = programme_warnings(
        parts, {room.name_key: room.seats for room in rooms if room.seats is not None}
    )
    letters = track_letters(activities)

    def card(part: Part) -> EditorCard:
        return _card(by_id[part.key], part, event, letters, _beside(part.key, found, part_by_id))

    def movable(card_: EditorCard, part: Part) -> EditorCard:
        return _with_moves(card_, parts, part)

    dated = sorted(
        (part for part in parts if part.day is not None and part.start is not None),
        key=lambda one: (one.day, one.start, letters.get(one.track, ""), one.key),
    )
    undated = [part for part in parts if part.start is None]
    days = [
        EditorDay(
            wording.capitalise(wording.day(day, year=False)) if day and _several(event) else "",
            day.isoformat() if day else "",
            [
                _slot([movable(card(part), part) for part in group], parts, group[0])
                for group in _by_start(members)
            ],
        )
        for day, members in groupby(dated, lambda one: one.day)
    ]
    return ProgrammeEditor(
        days=days,
        undated=[
            replace(card(part), can_go_earlier=index > 0, can_go_later=index < len(undated) - 1)
            for index, part in enumerate(undated)
        ],
        warnings=[_sentence(one, part_by_id) for one in found],
        count=len(parts),
    )


def hours_in_words(part: Part) -> str:
    """« de 10 h 40 à 12 h », « à 10 h 40 », « sans heure »."""
    if part.start is None:
        return "sans heure"
    if part.end is None:
        return f"à {_hour(part.start)}"
    return f"de {_hour(part.start)} à {_hour(part.end)}"


def days_of(event: Event) -> list[date]:
    """The days of an event, where they are known and not too many to be listed."""
    count = (event.ends_on - event.starts_on).days + 1
    if event.date_precision is not DatePrecision.DAY or count > 31:
        return []
    return [event.starts_on + timedelta(days=index) for index in range(count)]


def _several(event: Event) -> bool:
    return event.starts_on != event.ends_on


def _by_start(members: Iterable[Part]) -> list[list[Part]]:
    return [list(group) for _start, group in groupby(members, lambda one: one.start)]


def _slot(cards: Sequence[EditorCard], parts: Sequence[Part], first: Part) -> EditorSlot:
    start = first.start or 0
    together = len(cards) > 1 or bool(first.track)
    return EditorSlot(
        start=_hour(start),
        datetime_attr=f"{start // 60:02}:{start % 60:02}",
        cards=cards,
        can_go_earlier=together and _can(parts, first, Direction.EARLIER, whole_slot=True),
        can_go_later=together and _can(parts, first, Direction.LATER, whole_slot=True),
    )


def _can(
    parts: Sequence[Part], part: Part, direction: Direction, *, whole_slot: bool = False
) -> bool:
    return moved(parts, part.key, direction, whole_slot=whole_slot) is not None


def _with_moves(card: EditorCard, parts: Sequence[Part], part: Part) -> EditorCard:
    return replace(
        card,
        can_go_earlier=_can(parts, part, Direction.EARLIER),
        can_go_later=_can(parts, part, Direction.LATER),
    )


def _card(
    activity: Activity,
    part: Part,
    event: Event,
    letters: dict[str, str],
    warnings: Sequence[str],
) -> EditorCard:
    letter = letters.get(activity.track, "")
    is_letter = activity.track.upper() in {letter, f"PARCOURS {letter}"}
    people = [
        speaker.name if speaker.may_be_named else f"{speaker.name} (nom gardé pour l’équipe)"
        for speaker in activity.speakers
    ]
    return EditorCard(
        id=activity.id,
        title=wording.typeset(activity.title),
        format_label=ACTIVITY_FORMAT_LABELS[activity.format],
        hours=hours_in_words(part),
        has_hour=part.start is not None,
        where=wording.typeset(where(activity, event)),
        letter=letter,
        tone="abcdef"[(ord(letter) - ord("A")) % 6] if letter else "",
        track="" if is_letter else activity.track,
        people=", ".join(people),
        hosts=", ".join(host.name for host in activity.hosts),
        access=_access(activity),
        uncounted=not activity.counts_presence and activity.format is not ActivityFormat.BREAK,
        warnings=warnings,
        can_go_earlier=False,
        can_go_later=False,
    )


def _access(activity: Activity) -> str:
    parts = []
    if activity.registration is ActivityRegistration.REQUIRED:
        parts.append("sur inscription")
    if activity.capacity_onsite is not None:
        parts.append(wording.count(activity.capacity_onsite, "place"))
    if activity.capacity_remote is not None:
        parts.append(f"{wording.count(activity.capacity_remote, 'place')} à distance")
    return ", ".join(parts)


def _sentence(warning: ProgrammeWarning, parts: dict[int, Part]) -> list[Text]:
    first = warning.keys[0]
    one: Text = (_quoted(parts[first]), first)
    if warning.kind is WarningKind.ROOM_TOO_SMALL:
        capacity = wording.count(parts[first].capacity_onsite or 0, "place")
        seats = wording.integer(warning.seats or 0)
        return [one, (f" annonce {capacity}, {warning.what} en a{wording.NBSP}{seats}.", None)]
    second = warning.keys[1]
    other: Text = (_quoted(parts[second]), second)
    if warning.kind is WarningKind.ROOM_TWICE:
        before = f"{wording.capitalise(warning.what)} est prise deux fois en même temps{_COLON}"
        return [(before, None), one, (" et ", None), other, (".", None)]
    before = f"{warning.what} est attendu·e à deux endroits en même temps{_COLON}"
    return [(before, None), one, (" et ", None), other, (".", None)]


def _beside(key: int, found: Iterable[ProgrammeWarning], parts: dict[int, Part]) -> list[str]:
    sentences = []
    for warning in found:
        if key not in warning.keys:
            continue
        others = [_quoted(parts[other]) for other in warning.keys if other != key]
        if warning.kind is WarningKind.ROOM_TOO_SMALL:
            seats = wording.count(warning.seats or 0, "place")
            sentences.append(f"{warning.what} n’a que {seats}.")
        elif warning.kind is WarningKind.ROOM_TWICE:
            sentences.append(f"{warning.what} est prise en même temps par {others[0]}.")
        else:
            sentences.append(f"{warning.what} est aussi attendu·e à {others[0]}.")
    return sentences


def _quoted(part: Part) -> str:
    return f"«{wording.NBSP}{wording.typeset(part.title)}{wording.NBSP}»"


def _hour(minute: int) -> str:
    minute %= 24 * 60
    rest = f"{wording.NBSP}{minute % 60:02}" if minute % 60 else ""
    return f"{minute // 60}{wording.NBSP}h{rest}"
