from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventhub.domain.programme import (
    Direction,
    Part,
    ProgrammeWarning,
    WarningKind,
    first_free,
    free_track,
    moved,
    overlap,
    programme_warnings,
    reordered,
    shifted,
)

DAY = date(2027, 4, 8)
NEXT = date(2027, 4, 9)
OPPOSITE = {Direction.EARLIER: Direction.LATER, Direction.LATER: Direction.EARLIER}


def at(text: str) -> int:
    """« 10:40 » in minutes."""
    hours, _, minutes = text.partition(":")
    return int(hours) * 60 + int(minutes)


def part(key: int, hours: str = "", track: str = "", **values: object) -> Part:
    """A part from « 9:00-10:30 », « 9:00 » or nothing."""
    start, _, end = hours.partition("-")
    return Part(
        key=key,
        day=DAY if hours else None,
        start=at(start) if start else None,
        end=at(end) if end else None,
        track=track,
        **values,  # type: ignore[arg-type]  # fields of the dataclass
    )


def applied(parts: list[Part], starts: dict[int, int]) -> list[Part]:
    """The parts at their new starts, as long as before."""
    result = []
    for one in parts:
        start = starts.get(one.key, one.start)
        by = start - one.start if start is not None and one.start is not None else 0
        result.append(replace(one, start=start, end=one.end + by if one.end is not None else None))
    return result


def hours(parts: list[Part]) -> dict[int, str]:
    def clock(minute: int) -> str:
        return f"{minute // 60}:{minute % 60:02}"

    return {
        one.key: clock(one.start) + (f"-{clock(one.end)}" if one.end is not None else "")
        for one in parts
        if one.start is not None
    }


NEC = [
    part(1, "9:00-10:00"),
    part(2, "10:00-10:20"),
    part(3, "10:40-12:00", "A"),
    part(4, "10:40-12:00", "B"),
    part(5, "12:00-13:30"),
    part(6, "13:30-15:00", "A"),
    part(7, "13:30-15:00", "B"),
]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("9:00-10:00", "9:30-10:30", True),
        ("9:00-10:00", "10:00-11:00", False),
        ("9:00-12:00", "10:00-11:00", True),
        ("9:00", "9:00-10:00", False),
        ("", "9:00-10:00", False),
        ("", "", False),
    ],
)
def test_back_to_back_is_fine_and_no_hour_overlaps_nothing(
    one: str, other: str, expected: bool
) -> None:
    assert overlap(part(1, one), part(2, other)) is expected
    assert overlap(part(2, other), part(1, one)) is expected


def test_the_same_hours_on_two_days_do_not_overlap() -> None:
    assert not overlap(part(1, "9:00-10:00"), replace(part(2, "9:00-10:00"), day=NEXT))


def test_a_room_and_a_person_in_two_places_are_said_with_both_parts() -> None:
    parts = [
        part(1, "9:00-10:00", room="Salle Cher", speakers=("Élise Maréchal", "Paul Roy")),
        part(2, "9:30-10:30", room="salle  cher", speakers=("Elise MARECHAL",)),
        part(3, "10:30-11:00", room="Salle Cher", speakers=("Élise Maréchal",)),
    ]
    assert programme_warnings(parts, {}) == (
        ProgrammeWarning(WarningKind.ROOM_TWICE, (1, 2), "Salle Cher"),
        ProgrammeWarning(WarningKind.SPEAKER_TWICE, (1, 2), "Élise Maréchal"),
    )


def test_a_room_too_small_is_said_with_its_seats() -> None:
    parts = [
        part(1, "9:00-10:00", room="Salle Cher", capacity_onsite=40),
        part(2, "", room="Salle Loir", capacity_onsite=40),
        part(3, "11:00-12:00", room="SALLE CHER", capacity_onsite=30),
        part(4, "13:00-14:00", room="Salle Cher"),
    ]
    assert programme_warnings(parts, {"salle cher": 30, "salle loir": 12}) == (
        ProgrammeWarning(WarningKind.ROOM_TOO_SMALL, (1,), "Salle Cher", 30),
        ProgrammeWarning(WarningKind.ROOM_TOO_SMALL, (2,), "Salle Loir", 12),
    )


def test_stands_share_a_hall_and_at_a_distance_is_no_room() -> None:
    parts = [
        part(1, "9:00-10:00", room="Halle", shares_room=True),
        part(2, "9:00-10:00", room="Halle", shares_room=True),
        part(3, "9:00-10:00", room="À distance"),
        part(4, "9:00-10:00", room="à distance"),
    ]
    assert programme_warnings(parts, {}) == ()
    talk = part(5, "9:30-9:45", room="Halle")
    assert {one.keys for one in programme_warnings([*parts, talk], {})} == {(1, 5), (2, 5)}


def test_next_to_one_another_two_parts_change_places_and_the_gap_stays() -> None:
    starts = moved(NEC, 2, Direction.EARLIER)
    assert starts is not None
    assert hours(applied(NEC, starts)) == hours(NEC) | {2: "9:00-9:20", 1: "9:20-10:20"}


def test_a_common_part_changes_places_with_all_that_is_parallel() -> None:
    starts = moved(NEC, 5, Direction.EARLIER)
    assert starts is not None
    assert hours(applied(NEC, starts)) == hours(NEC) | {
        5: "10:40-12:10",
        3: "12:10-13:30",
        4: "12:10-13:30",
    }


def test_across_a_common_part_those_of_a_track_exchange_their_starts() -> None:
    starts = moved(NEC, 6, Direction.EARLIER)
    assert starts == {6: at("10:40"), 3: at("13:30")}
    assert hours(applied(NEC, starts))[6] == "10:40-12:10"


def test_a_whole_slot_moves_with_its_parallel_parts() -> None:
    starts = moved(NEC, 3, Direction.EARLIER, whole_slot=True)
    assert starts is not None
    assert hours(applied(NEC, starts)) == hours(NEC) | {
        3: "10:00-11:20",
        4: "10:00-11:20",
        2: "11:40-12:00",
    }


@pytest.mark.parametrize(
    ("key", "direction"),
    [(1, Direction.EARLIER), (3, Direction.EARLIER), (7, Direction.LATER), (8, Direction.LATER)],
)
def test_the_first_and_the_last_stay(key: int, direction: Direction) -> None:
    assert moved([*NEC, part(8)], key, direction) is None


def test_parts_of_another_day_are_no_neighbours() -> None:
    parts = [part(1, "9:00-10:00"), replace(part(2, "10:00-11:00"), day=NEXT)]
    assert moved(parts, 2, Direction.EARLIER) is None


def test_parts_without_hours_change_their_order() -> None:
    assert reordered([4, 9, 2], 2, Direction.EARLIER) == [4, 2, 9]
    assert reordered([4, 9, 2], 4, Direction.EARLIER) is None
    assert reordered([4, 9, 2], 2, Direction.LATER) is None


def test_what_follows_moves_by_the_same_minutes() -> None:
    assert shifted(NEC, DAY, at("10:40"), 15) == {
        3: at("10:55"),
        4: at("10:55"),
        5: at("12:15"),
        6: at("13:45"),
        7: at("13:45"),
    }
    assert shifted(NEC, NEXT, 0, 15) == {}


@pytest.mark.parametrize("by", [-700, 600, 2_000_000])
def test_nothing_leaves_the_day(by: int) -> None:
    assert shifted(NEC, DAY, 0, by) is None


def test_a_new_part_goes_where_it_meets_nothing() -> None:
    assert first_free(NEC, part(0, "9:00-9:30")) == at("15:00")
    assert first_free(NEC, part(0, "10:20-10:40")) == at("10:20")
    assert first_free(NEC, part(0, "10:40-11:40", "C")) == at("10:40")
    assert first_free(NEC, part(0, "10:40-11:40", "A")) == at("15:00")
    assert first_free(NEC, part(0, "22:00-23:30")) == at("22:00")
    assert first_free([part(1, "9:00-23:30")], part(0, "9:00-10:00")) is None
    assert first_free(NEC, part(0)) is None


def test_a_parallel_part_takes_the_next_track() -> None:
    assert free_track(NEC, NEC[2]) == "C"
    assert free_track([*NEC, part(8, "15:00-16:00", "A")], part(8, "15:00-16:00", "A")) == "B"
    assert free_track([part(1, "9:00-10:00")], part(1, "9:00-10:00")) == "A"
    assert free_track([part(1, "9:00-10:00")], part(1, "9:00-10:00"), ["A"]) == "B"
    named = [part(1, "9:00-10:00", "Accompagner"), part(2, "10:00-11:00", "Protéger")]
    assert free_track(named, named[0]) == "Protéger"
    assert free_track([part(1, "9:00-10:00", "Parcours A")], part(1, "9:00-10:00")) == "B"


DAYS = st.sampled_from([DAY, NEXT])


@st.composite
def programmes(draw: st.DrawFn) -> list[Part]:
    parts = []
    for key in range(draw(st.integers(1, 9))):
        start = draw(st.none() | st.integers(0, 40).map(lambda step: 480 + step * 15))
        length = draw(st.none() | st.integers(1, 12).map(lambda step: step * 15))
        parts.append(
            Part(
                key=key,
                day=draw(DAYS) if start is not None else None,
                start=start,
                end=start + length if start is not None and length is not None else None,
                track=draw(st.sampled_from(["", "", "A", "B"])),
            )
        )
    return parts


@given(programmes(), st.data(), st.sampled_from(Direction), st.booleans())
def test_a_move_and_its_opposite_give_the_programme_back(
    parts: list[Part], data: st.DataObject, direction: Direction, whole_slot: bool
) -> None:
    key = data.draw(st.sampled_from([one.key for one in parts]))
    starts = moved(parts, key, direction, whole_slot=whole_slot)
    if starts is None:
        return
    after = applied(parts, starts)
    assert [(one.end or 0) - (one.start or 0) for one in after if one.end is not None] == [
        (one.end or 0) - (one.start or 0) for one in parts if one.end is not None
    ]
    back = moved(after, key, OPPOSITE[direction], whole_slot=whole_slot)
    assert back is not None
    assert applied(after, back) == parts


@given(programmes(), st.integers(0, 1200), st.integers(-300, 300))
def test_shifting_there_and_back_changes_nothing(
    parts: list[Part], from_minute: int, by: int
) -> None:
    starts = shifted(parts, DAY, from_minute, by)
    if starts is None:
        return
    after = applied(parts, starts)
    for key, start in starts.items():
        [one] = [one for one in after if one.key == key]
        assert one.start == start
        assert applied([one], {key: start - by}) == [p for p in parts if p.key == key]
