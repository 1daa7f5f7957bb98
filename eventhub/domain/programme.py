"""A programme in time: what overlaps, what deserves a warning, and what moves when one part does.

Hours are minutes after midnight on the clock of the event's zone. See docs/adr/0009.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum
from itertools import combinations

from eventhub.domain.naming import name_key

DAY_MINUTES = 24 * 60
ASSUMED_MINUTES = 30
"""How long a part without an end is taken to last when others have to be put around it."""

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_NO_ROOM = frozenset(
    {"a distance", "distance", "en ligne", "distanciel", "en distanciel", "visio", "en visio"}
)


class Direction(Enum):
    """Which way a part moves in the day."""

    EARLIER = -1
    LATER = 1


class WarningKind(StrEnum):
    """What deserves a look; nothing is refused for it."""

    ROOM_TWICE = "room-twice"
    SPEAKER_TWICE = "speaker-twice"
    ROOM_TOO_SMALL = "room-too-small"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """An activity as far as time, room and people go.

    `start` is None where the hour is not known, and then `day` and `end` too. A part without a
    track is common to everyone. `shares_room`: others may be in its room at the same time.
    """

    key: int
    title: str = ""
    day: date | None = None
    start: int | None = None
    end: int | None = None
    track: str = ""
    room: str = ""
    shares_room: bool = False
    speakers: tuple[str, ...] = ()
    capacity_onsite: int | None = None


@dataclass(frozen=True, slots=True)
class ProgrammeWarning:
    """Two parts that cannot both be so, or one whose room is too small.

    `what` is the room or the person as written; `seats` those of a room that is too small.
    """

    kind: WarningKind
    keys: tuple[int, ...]
    what: str
    seats: int | None = None


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Parts that overlap one another, directly or through others: they move as one."""

    parts: tuple[Part, ...]
    start: int
    end: int

    @property
    def length(self) -> int:
        return self.end - self.start


def is_no_room(name: str) -> bool:
    """Whether « Salle » says that there is none: « à distance », « en visio »."""
    return name_key(name) in _NO_ROOM


def overlap(one: Part, other: Part) -> bool:
    """Whether nobody can be at both. Back to back is fine; without hours nothing overlaps."""
    if one.day != other.day or None in (one.start, one.end, other.start, other.end):
        return False
    return bool(one.start < other.end and other.start < one.end)  # type: ignore[operator]  # none is None


def programme_warnings(
    parts: Sequence[Part], seats_by_room: Mapping[str, int]
) -> tuple[ProgrammeWarning, ...]:
    """What deserves a look, in the order of the parts. `seats_by_room` is by `name_key`."""
    found: list[ProgrammeWarning] = []
    for part in parts:
        seats = seats_by_room.get(name_key(part.room))
        if part.room and seats is not None and (part.capacity_onsite or 0) > seats:
            found.append(
                ProgrammeWarning(WarningKind.ROOM_TOO_SMALL, (part.key,), part.room, seats)
            )
    for one, other in combinations(parts, 2):
        if not overlap(one, other):
            continue
        keys = (one.key, other.key)
        if _same_room(one, other):
            found.append(ProgrammeWarning(WarningKind.ROOM_TWICE, keys, one.room))
        there = {name_key(name) for name in other.speakers} - {""}
        found += [
            ProgrammeWarning(WarningKind.SPEAKER_TWICE, keys, name)
            for name in {name_key(name): name for name in one.speakers}.values()
            if name_key(name) in there
        ]
    order = {part.key: index for index, part in enumerate(parts)}
    return tuple(sorted(found, key=lambda one: [order[key] for key in one.keys]))


def moved(
    parts: Sequence[Part], key: int, direction: Direction, *, whole_slot: bool = False
) -> dict[int, int] | None:
    """The new starts, by key, when the part of that key changes places with its neighbour.

    A part of a track changes places within its track: next to one another the gap between them
    stays; with a common part between them they exchange their starts, so that parallel parts
    still begin together. A common part, or a whole slot, changes places with what comes before or
    after it, where parallel parts move as one. No duration changes, and the opposite move gives
    the programme back. None where there is no neighbour that day, or no room to change places.
    """
    part = next(part for part in parts if part.key == key)
    if part.start is None:
        return None
    of_day = [one for one in parts if one.day == part.day and one.start is not None]
    in_track = bool(part.track) and not whole_slot
    lane = [one for one in of_day if one.track == part.track] if in_track else of_day
    chunks = _chunks(lane)
    at = next(index for index, chunk in enumerate(chunks) if part in chunk.parts)
    other = at + direction.value
    if not 0 <= other < len(chunks):
        return None
    first, second = sorted((at, other))
    commons = [one.start for one in of_day if not one.track and one.start is not None]
    if not in_track:
        commons = []
    following = chunks[second + 1].start if second + 1 < len(chunks) else DAY_MINUTES
    return _changed_places(chunks[first], chunks[second], commons, following)


def shifted(
    parts: Iterable[Part], day: date, from_minute: int, by_minutes: int
) -> dict[int, int] | None:
    """The new starts when all that starts that day at `from_minute` or later moves.

    None where something would leave the day.
    """
    starts: dict[int, int] = {}
    for part in parts:
        if part.day != day or part.start is None or part.start < from_minute:
            continue
        start = part.start + by_minutes
        if start < 0 or start >= DAY_MINUTES:
            return None
        if part.end is not None and part.end <= DAY_MINUTES < part.end + by_minutes:
            return None
        starts[part.key] = start
    return starts


def reordered(keys: Sequence[int], key: int, direction: Direction) -> list[int] | None:
    """The keys with one moved by a step; None where it is at that end already."""
    order = list(keys)
    at = order.index(key)
    other = at + direction.value
    if not 0 <= other < len(order):
        return None
    order[at], order[other] = order[other], order[at]
    return order


def first_free(parts: Iterable[Part], wanted: Part) -> int | None:
    """The first minute from `wanted.start` at which `wanted` meets nothing that concerns it.

    That is what is common, what is in its track, its room or with its speakers; everything, where
    `wanted` is common itself. None where the day has no such moment.
    """
    if wanted.day is None or wanted.start is None:
        return None
    length = _end(wanted) - wanted.start
    taken = sorted(
        (part.start, _end(part))
        for part in parts
        if part.day == wanted.day and part.start is not None and _concerns(part, wanted)
    )
    start = wanted.start
    for begins, ends in taken:
        if begins < start + length and start < ends:
            start = ends
    return start if start + length <= DAY_MINUTES else None


def free_track(parts: Sequence[Part], beside: Part, taken: Collection[str] = ()) -> str:
    """A track for something at the hours of `beside`: one of the programme that is free then.

    Else the next letter; nothing once the alphabet is used up. `taken` are not given either.
    """
    tracks = list(dict.fromkeys(part.track for part in parts if part.track))
    busy = {part.track for part in parts if part.key == beside.key or overlap(part, beside)}
    busy |= {part.track for part in parts if _begin_together(part, beside)} | set(taken)
    if free := next((track for track in sorted(tracks) if track not in busy), None):
        return free
    letters = {name.strip().upper().removeprefix("PARCOURS ") for name in [*tracks, *taken]}
    return next((letter for letter in _LETTERS if letter not in letters), "")


def _changed_places(
    first: _Chunk, second: _Chunk, commons: Collection[int], following: int
) -> dict[int, int] | None:
    """New starts of two chunks of a lane; `commons` are the starts of what is common.

    `following` is where the lane goes on after them.
    """
    if any(first.start < start < second.start for start in commons):
        if first.start + second.length > second.start or second.start + first.length > following:
            return None
        later = second.start
    elif any(second.start <= start < second.end for start in commons):
        return None  # neither rule would lead back
    else:
        later = second.end - first.length
    return _at(second, first.start) | _at(first, later)


def _at(chunk: _Chunk, start: int) -> dict[int, int]:
    by = start - chunk.start
    return {part.key: part.start + by for part in chunk.parts if part.start is not None}


def _chunks(parts: Iterable[Part]) -> list[_Chunk]:
    chunks: list[_Chunk] = []
    for part in sorted(parts, key=lambda one: (one.start or 0, _end(one), one.key)):
        start, end = part.start or 0, _end(part)
        last = chunks[-1] if chunks else None
        if last is not None and start < last.end:
            chunks[-1] = _Chunk((*last.parts, part), last.start, max(last.end, end))
        else:
            chunks.append(_Chunk((part,), start, end))
    return chunks


def _end(part: Part) -> int:
    start = part.start or 0
    return max(part.end, start + 1) if part.end is not None else start + ASSUMED_MINUTES


def _same_room(one: Part, other: Part) -> bool:
    room = name_key(one.room)
    if not room or room in _NO_ROOM or room != name_key(other.room):
        return False
    return not (one.shares_room and other.shares_room)


def _begin_together(one: Part, other: Part) -> bool:
    return one.day == other.day and one.start is not None and one.start == other.start


def _concerns(part: Part, wanted: Part) -> bool:
    if not wanted.track or not part.track or part.track == wanted.track:
        return True
    people = {name_key(name) for name in part.speakers} & {name_key(n) for n in wanted.speakers}
    return _same_room(part, wanted) or bool(people)
