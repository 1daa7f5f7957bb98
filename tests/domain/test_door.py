import uuid
from datetime import UTC, datetime, timedelta

import pytest

from eventhub.domain.door import (
    DoorCheckpoint,
    Standing,
    arrival_counts,
    clock_is_shifted,
    effective_time,
    judge_arrival,
    presence_of,
)
from eventhub.domain.registration import AttendanceMode, RegistrationState
from eventhub.domain.scan import (
    COUNTING_VERDICTS,
    OVERRIDABLE_VERDICTS,
    VERDICT_MEANINGS,
    CheckpointKind,
    Colour,
    Verdict,
)

AT = datetime(2027, 4, 8, 8, 0, tzinfo=UTC)
LATER = AT + timedelta(hours=1)


@pytest.mark.parametrize(
    ("arrived", "state", "open_now", "booked", "verdict"),
    [
        (True, "cancelled", False, False, "already_present"),
        (False, "cancelled", False, False, "cancelled"),
        (False, "waiting", False, False, "waiting"),
        (False, "confirmed", False, False, "not_open"),
        (False, "invited", True, False, "not_booked"),
        (False, "confirmed", True, True, "accepted"),
        (False, "invited", True, True, "accepted"),
    ],
)
def test_the_first_rule_that_applies_is_the_verdict(
    arrived: bool, state: str, open_now: bool, booked: bool, verdict: str
) -> None:
    checkpoint = DoorCheckpoint(
        1, CheckpointKind.ACTIVITY, "Atelier", 7, closes_at=LATER if open_now else AT
    )
    standing = Standing(
        uuid.UUID(int=1),
        RegistrationState(state),
        AttendanceMode.ONSITE,
        frozenset({7} if booked else ()),
    )
    assert judge_arrival(standing, checkpoint, AT, arrived=arrived).value == verdict


def test_a_checkpoint_opens_at_its_hour_and_closes_at_its_end() -> None:
    hours = DoorCheckpoint(1, CheckpointKind.ENTRANCE, "", opens_at=AT, closes_at=LATER)
    second = timedelta(seconds=1)
    moments = (AT - second, AT, LATER - second, LATER)
    assert [hours.is_open(at) for at in moments] == [False, True, True, False]
    assert DoorCheckpoint(1, CheckpointKind.ENTRANCE, "").is_open(AT)


@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize("shown", [None, *Verdict])
def test_what_was_shown_decides_what_counts(verdict: Verdict, shown: Verdict | None) -> None:
    decisive = shown or verdict
    assert arrival_counts(verdict, shown, overridden=False) is (decisive in COUNTING_VERDICTS)
    assert arrival_counts(verdict, shown, overridden=True) is (decisive is not Verdict.REVOKED)


def test_every_verdict_has_a_word_a_sentence_and_a_colour() -> None:
    assert set(VERDICT_MEANINGS) == set(Verdict)
    assert not COUNTING_VERDICTS & OVERRIDABLE_VERDICTS
    greens = {v for v, meaning in VERDICT_MEANINGS.items() if meaning.colour is Colour.GREEN}
    assert greens == {Verdict.ACCEPTED, Verdict.ACCEPTED_UNSYNCED, Verdict.RECORDED}


@pytest.mark.parametrize(
    ("scanned_at", "offset_ms", "expected"),
    [
        (AT, None, AT),
        (AT, 90_000, AT + timedelta(seconds=90)),
        (LATER, -3_600_000, AT),
        (LATER + timedelta(days=300), 0, LATER),
        (None, 5, LATER),
        (datetime.max.replace(tzinfo=UTC), 10**12, LATER),
    ],
)
def test_the_time_is_corrected_and_never_in_the_future(
    scanned_at: datetime | None, offset_ms: int | None, expected: datetime
) -> None:
    assert effective_time(scanned_at, offset_ms, LATER) == expected


@pytest.mark.parametrize(
    ("scanned_at", "offset_ms", "shifted"),
    [
        (AT, None, False),
        (AT, 120_000, False),
        (AT, 120_001, True),
        (AT, -120_001, True),
        (LATER + timedelta(minutes=2), 0, False),
        (LATER + timedelta(minutes=3), 0, True),
        (None, 0, True),
    ],
)
def test_a_clock_more_than_two_minutes_off_is_told(
    scanned_at: datetime | None, offset_ms: int | None, shifted: bool
) -> None:
    assert clock_is_shifted(scanned_at, offset_ms, LATER) is shifted


class Live:
    """An arrival that stands."""

    def __init__(self, scan_id: str, at: datetime, mode: AttendanceMode | None) -> None:
        self.scan_id, self.effective_at, self.mode = scan_id, at, mode


def test_a_presence_is_the_earliest_arrival_and_on_site_if_any_is() -> None:
    early = Live("b", AT, AttendanceMode.REMOTE)
    late = Live("a", LATER, AttendanceMode.ONSITE)
    for order in ([early, late], [late, early]):
        presence = presence_of(order)
        assert presence is not None
        assert (presence.present_at, presence.scan_id) == (AT, "b")
        assert presence.mode is AttendanceMode.ONSITE
    alone = presence_of([early])
    assert alone is not None
    assert alone.mode is AttendanceMode.REMOTE
    assert presence_of([]) is None
