"""A programme as a timetable: days, slots, and what takes place at the same time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from eventhub.domain.event import ACTIVITY_FORMAT_LABELS, ActivityFormat
from eventhub.exports import wording
from eventhub.models.event import Activity, Event

_PAUSES = frozenset({ActivityFormat.BREAK, ActivityFormat.MEAL})
_TRACK_TONES = "abcdef"
_NUMBERS = ("", "Une", "Deux", "Trois", "Quatre", "Cinq", "Six", "Sept", "Huit", "Neuf", "Dix")
_PLURALS = {
    ActivityFormat.PLENARY: "plénières",
    ActivityFormat.TALK: "conférences",
    ActivityFormat.WORKSHOP: "ateliers",
    ActivityFormat.ROUND_TABLE: "tables rondes",
    ActivityFormat.STAND: "stands",
    ActivityFormat.FORUM: "forums",
    ActivityFormat.PITCH: "pitchs",
    ActivityFormat.CAFE_IA: "cafés IA",
}


@dataclass(frozen=True, slots=True)
class TimetableEntry:
    """One activity. `letter` and `tone` mark its track; `end` is said where it has its own."""

    title: str
    format_label: str
    summary: str
    details: str
    letter: str
    tone: str
    track: str
    end: str


@dataclass(frozen=True, slots=True)
class TimetableSlot:
    """What begins at one moment. `start` is empty where no hour is known."""

    start: str
    end: str
    datetime_attr: str
    is_pause: bool
    note: str
    entries: Sequence[TimetableEntry]


@dataclass(frozen=True, slots=True)
class TimetableDay:
    """The slots of a day; `label` is empty where the event has one day only."""

    label: str
    slots: Sequence[TimetableSlot]


@dataclass(frozen=True, slots=True)
class Programme:
    """A timetable. `undated` are the activities of which the hour is not known."""

    days: Sequence[TimetableDay]
    undated: Sequence[TimetableEntry]
    note: str


def programme(event: Event) -> Programme:
    """The timetable of an event; loads its activities with their hosts."""
    letters = _letters(event.activities)
    # Parallel activities stand in the order of their tracks, at every slot the same.
    timed = sorted(
        ((activity.starts_at, activity) for activity in event.activities if activity.starts_at),
        key=lambda pair: (pair[0], letters.get(pair[1].track, ""), pair[1].position, pair[1].id),
    )
    by_day = [
        (day, [activity for _start, activity in pairs])
        for day, pairs in groupby(timed, lambda pair: _local(pair[0], event).date())
    ]
    several_days = len(by_day) > 1 or event.starts_on != event.ends_on
    return Programme(
        days=[
            TimetableDay(
                wording.capitalise(wording.day(day, year=False)) if several_days else "",
                _slots(activities, event, letters),
            )
            for day, activities in by_day
        ],
        undated=[
            _entry(activity, event, letters, slot_end=None)
            for activity in event.activities
            if activity.starts_at is None
        ],
        note=f"{_NUMBERS[len(letters)]} parcours en parallèle."
        if 1 < len(letters) < len(_NUMBERS)
        else "",
    )


def _slots(
    activities: Sequence[Activity], event: Event, letters: dict[str, str]
) -> list[TimetableSlot]:
    slots = []
    for start, members in groupby(activities, lambda activity: activity.starts_at):
        together = list(members)
        ends = {activity.ends_at for activity in together}
        end = ends.pop() if len(ends) == 1 else None
        there = _local(start, event) if start else None
        slots.append(
            TimetableSlot(
                start=wording.hour(there) if there else "",
                end=wording.hour(_local(end, event)) if end else "",
                datetime_attr=f"{there:%H:%M}" if there else "",
                is_pause=all(activity.format in _PAUSES for activity in together),
                note=_together(together),
                entries=[_entry(one, event, letters, slot_end=end) for one in together],
            )
        )
    return slots


def _entry(
    activity: Activity, event: Event, letters: dict[str, str], *, slot_end: datetime | None
) -> TimetableEntry:
    letter = letters.get(activity.track, "")
    track = activity.track
    if track.upper() in {letter, f"PARCOURS {letter}"}:
        track = ""  # named by its letter alone
    label = ACTIVITY_FORMAT_LABELS[activity.format]
    # « Atelier : … » would say it twice.
    is_said = activity.format is ActivityFormat.OTHER or activity.title.casefold().startswith(
        label.casefold()
    )
    own_end = activity.ends_at if activity.ends_at != slot_end else None
    places = activity.capacity_onsite
    details = [
        activity.room,
        ", ".join(speaker.name for speaker in activity.speakers if speaker.may_be_named),
        ", ".join(host.name for host in activity.hosts),
        wording.count(places, "place") if places else "",
    ]
    return TimetableEntry(
        title=wording.typeset(activity.title),
        format_label="" if is_said else label,
        summary=wording.typeset(activity.summary),
        details=wording.typeset(" · ".join(part for part in details if part)),
        letter=letter,
        tone=_TRACK_TONES[(ord(letter) - ord("A")) % len(_TRACK_TONES)] if letter else "",
        track=track,
        end=wording.hour(_local(own_end, event)) if own_end else "",
    )


def _letters(activities: Sequence[Activity]) -> dict[str, str]:
    """A letter for each track, in the order in which they come; its own where it has one."""
    tracks = list(dict.fromkeys(activity.track for activity in activities if activity.track))
    own = {track: track.strip().upper().removeprefix("PARCOURS ") for track in tracks}
    if all(len(letter) == 1 and "A" <= letter <= "Z" for letter in own.values()):
        return own
    return {track: chr(ord("A") + index % 26) for index, track in enumerate(tracks)}


def _together(activities: Sequence[Activity]) -> str:
    """« Trois ateliers en même temps »; nothing for one alone."""
    if len(activities) < 2:
        return ""
    formats = {activity.format for activity in activities}
    plural = _PLURALS.get(formats.pop(), "activités") if len(formats) == 1 else "activités"
    count = len(activities)
    number = _NUMBERS[count] if count < len(_NUMBERS) else wording.integer(count)
    return f"{number} {plural} en même temps"


def _local(moment: datetime, event: Event) -> datetime:
    return wording.local(moment, event.timezone)
