import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from eventhub.domain.conflicts import Arrival, Conflict, ConflictKind, Place, conflicts
from eventhub.domain.door import DoorCheckpoint, Standing
from eventhub.domain.registration import AttendanceMode, RegistrationState
from eventhub.domain.scan import CheckpointKind, ScanKind, Verdict

AT = datetime(2027, 4, 8, 8, 0, tzinfo=UTC)
WHO, OTHER = uuid.UUID(int=1), uuid.UUID(int=2)
STANDING = Standing(WHO, RegistrationState.CONFIRMED, AttendanceMode.ONSITE, frozenset({20, 30}))
ENTRANCE = Place(DoorCheckpoint(1, CheckpointKind.ENTRANCE, "Entrée"))
ROOMS = {
    number: Place(
        DoorCheckpoint(number, CheckpointKind.ACTIVITY, f"Salle {number}", number * 10),
        AT + start,
        AT + start + timedelta(hours=1),
    )
    for number, start in ((2, timedelta()), (3, timedelta(minutes=30)), (4, timedelta(hours=1)))
}
PLACES = {1: ENTRANCE} | ROOMS
ARRIVAL = Arrival(
    "a",
    ScanKind.ARRIVAL,
    WHO,
    1,
    "1/None",
    AT,
    AttendanceMode.ONSITE,
    Verdict.ACCEPTED,
    overridden=False,
    counts=True,
)


def found(
    *arrivals: Arrival,
    standing: Standing = STANDING,
    cancelled_at: datetime | None = None,
    places: dict[int, Place] = PLACES,
) -> set[Conflict]:
    return conflicts(
        arrivals,
        {WHO: standing, OTHER: replace(standing, registration_id=OTHER)},
        {WHO: cancelled_at} if cancelled_at else {},
        places,
    )


def test_an_ordinary_arrival_is_no_conflict() -> None:
    assert found(ARRIVAL) == set()


def test_two_phones_that_each_let_someone_in_first() -> None:
    second = replace(ARRIVAL, scan_id="b", recorder="2/None")
    both = {Conflict(ConflictKind.TWO_DOORS, (1,), WHO, ("a", "b"))}
    assert found(ARRIVAL, second) == found(second, ARRIVAL) == both
    assert found(ARRIVAL, replace(second, kind=ScanKind.WALK_IN, shown=None)) == both
    assert found(ARRIVAL, replace(second, shown=Verdict.ALREADY_PRESENT)) == set()
    assert found(ARRIVAL, replace(second, recorder=ARRIVAL.recorder)) == set()
    assert found(ARRIVAL, replace(second, checkpoint_id=2)) == set()


def test_one_person_in_two_rooms_at_once() -> None:
    at_two, at_three = (replace(ARRIVAL, scan_id=str(room), checkpoint_id=room) for room in (2, 3))
    assert found(at_two, at_three) == {Conflict(ConflictKind.TWO_ROOMS, (2, 3), WHO)}
    at_four = replace(ARRIVAL, checkpoint_id=4, overridden=True)
    assert found(at_two, at_four) == set()
    without_hours = PLACES | {3: replace(PLACES[3], ends_at=None)}
    assert found(at_two, at_three, places=without_hours) == set()


@pytest.mark.parametrize(
    ("standing", "arrival", "verdict"),
    [
        (replace(STANDING, state=RegistrationState.WAITING), ARRIVAL, Verdict.WAITING),
        (replace(STANDING, state=RegistrationState.CANCELLED), ARRIVAL, Verdict.CANCELLED),
        (
            replace(STANDING, activities=frozenset()),
            replace(ARRIVAL, checkpoint_id=2),
            Verdict.NOT_BOOKED,
        ),
        (STANDING, replace(ARRIVAL, ticket_revoked_at=AT), Verdict.REVOKED),
    ],
)
def test_someone_let_in_against_the_rules_as_they_stand(
    standing: Standing, arrival: Arrival, verdict: Verdict
) -> None:
    (conflict,) = found(arrival, standing=standing)
    assert (conflict.kind, conflict.verdict) == (ConflictKind.ADMITTED, verdict)
    assert found(replace(arrival, overridden=True), standing=standing) == set()
    assert found(replace(arrival, shown=None), standing=standing) == set()


def test_someone_who_withdrew_after_coming_in_is_no_conflict() -> None:
    cancelled = replace(STANDING, state=RegistrationState.CANCELLED)
    later, before = AT + timedelta(minutes=1), AT - timedelta(minutes=1)
    assert found(ARRIVAL, standing=cancelled, cancelled_at=later) == set()
    assert len(found(ARRIVAL, standing=cancelled, cancelled_at=before)) == 1
    assert found(replace(ARRIVAL, ticket_revoked_at=later)) == set()


@pytest.mark.parametrize("shown", [Verdict.CANCELLED, Verdict.UNKNOWN, Verdict.FORGED])
def test_someone_refused_by_a_phone_though_expected(shown: Verdict) -> None:
    refused = replace(ARRIVAL, shown=shown, counts=False)
    assert found(refused) == {Conflict(ConflictKind.REFUSED, (1,), WHO, ("a",), shown)}
    assert found(refused, replace(ARRIVAL, scan_id="b")) == set()


def test_a_room_over_its_capacity() -> None:
    places = PLACES | {1: replace(ENTRANCE, capacity=1)}
    other = replace(ARRIVAL, scan_id="b", registration_id=OTHER)
    assert found(ARRIVAL, places=places) == set()
    assert found(ARRIVAL, other, places=places) == {Conflict(ConflictKind.OVER_CAPACITY, (1,))}
    remote = replace(other, mode=AttendanceMode.REMOTE)
    assert found(ARRIVAL, remote, places=places) == set()
