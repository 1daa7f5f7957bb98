"""A programme as a timetable: days, slots, and what takes place at the same time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from eventhub.domain.event import (
    ACTIVITY_FORMAT_LABELS,
    ActivityFormat,
    ActivityRegistration,
    EventMode,
)
from eventhub.domain.programme import is_no_room
from eventhub.domain.registration import places_left
from eventhub.exports import wording
from eventhub.models.event import Activity, ActivitySpeaker, Event

PAUSES = frozenset({ActivityFormat.BREAK, ActivityFormat.MEAL})
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
    """One activity. `letter` and `tone` mark its track; `end` is said where it has its own.

    `access` says whether one has to register for it, and how many places are left. `speakers` are
    those who agreed to be named, each with role and structure.
    """

    title: str
    format_label: str
    summary: str
    where: str
    access: str
    speakers: Sequence[str]
    hosts: str
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


def programme(event: Event, *, over: bool = False) -> Programme:
    """The timetable of an event; loads its activities with their hosts and speakers.

    Once it is `over`, nothing is said any more of places.
    """
    letters = track_letters(event.activities)
    says_access = not over
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
                _slots(activities, event, letters, says_access=says_access),
            )
            for day, activities in by_day
        ],
        undated=[
            _entry(activity, event, letters, slot_end=None, says_access=says_access)
            for activity in event.activities
            if activity.starts_at is None
        ],
        note=f"{_NUMBERS[len(letters)]} parcours en parallèle."
        if 1 < len(letters) < len(_NUMBERS)
        else "",
    )


def _slots(
    activities: Sequence[Activity], event: Event, letters: dict[str, str], *, says_access: bool
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
                is_pause=all(activity.format in PAUSES for activity in together),
                note=_together(together),
                entries=[
                    _entry(one, event, letters, slot_end=end, says_access=says_access)
                    for one in together
                ],
            )
        )
    return slots


def _entry(
    activity: Activity,
    event: Event,
    letters: dict[str, str],
    *,
    slot_end: datetime | None,
    says_access: bool,
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
    return TimetableEntry(
        title=wording.typeset(activity.title),
        format_label="" if is_said else label,
        summary=wording.typeset(activity.summary),
        where=wording.typeset(where(activity, event)),
        access=_access(activity, event) if says_access else "",
        speakers=[
            wording.typeset(_speaker(speaker))
            for speaker in activity.speakers
            if speaker.may_be_named
        ],
        hosts=wording.typeset(", ".join(host.name for host in activity.hosts)),
        letter=letter,
        tone=_TRACK_TONES[(ord(letter) - ord("A")) % len(_TRACK_TONES)] if letter else "",
        track=track,
        end=wording.hour(_local(own_end, event)) if own_end else "",
    )


def where(activity: Activity, event: Event) -> str:
    """« Salle Cher », « à distance », « Salle Cher, et à distance ». Never the link."""
    is_remote = (
        event.mode is EventMode.REMOTE
        or bool(activity.remote_link)
        or (event.mode is EventMode.HYBRID and bool(activity.capacity_remote))
    )
    if is_no_room(activity.room):
        return "à distance"
    if is_remote:
        return f"{activity.room}, et à distance" if activity.room else "à distance"
    return activity.room


def _access(activity: Activity, event: Event) -> str:
    """« sur inscription, il reste 4 places », « entrée libre », « 20 places », or nothing."""
    if activity.registration is ActivityRegistration.REQUIRED:
        onsite = _left(places_left(activity.capacity_onsite, activity.taken_onsite, 0))
        remote = _left(places_left(activity.capacity_remote, activity.taken_remote, 0))
        if remote and event.mode is not EventMode.REMOTE:
            remote = f"à distance, {remote}"
        return ", ".join(part for part in ("sur inscription", onsite, remote) if part)
    places = wording.count(activity.capacity_onsite, "place") if activity.capacity_onsite else ""
    if activity.format in PAUSES:
        return places
    must_choose = any(one.registration is ActivityRegistration.REQUIRED for one in event.activities)
    return ", ".join(part for part in ("entrée libre" if must_choose else "", places) if part)


def _left(left: int | None) -> str:
    if left is None:
        return ""
    return f"il reste {wording.count(left, 'place')}" if left else "complet"


def _speaker(speaker: ActivitySpeaker) -> str:
    """« Élise Maréchal, animation (Le Relais) »."""
    structure = f" ({speaker.structure.name})" if speaker.structure else ""
    return f"{speaker.name}{', ' if speaker.role else ''}{speaker.role}{structure}"


def track_letters(activities: Sequence[Activity]) -> dict[str, str]:
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
