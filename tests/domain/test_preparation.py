from dataclasses import replace
from datetime import date, timedelta

import pytest

from eventhub.domain.event import DatePrecision, EventMode, EventState, KindFamily
from eventhub.domain.minutes import MinutesState
from eventhub.domain.preparation import EventFacts, Preparation, TaskCode, preparation

TODAY = date(2027, 3, 1)

READY = EventFacts(
    state=EventState.PUBLISHED,
    family=KindFamily.EVENT,
    mode=EventMode.ONSITE,
    precision=DatePrecision.DAY,
    starts_on=date(2027, 4, 8),
    ends_on=date(2027, 4, 8),
    over=False,
    has_hours=True,
    has_place=True,
    has_capacity=True,
    has_contact=True,
    has_summary=True,
    has_access=True,
    has_link=False,
    takes_registrations=True,
    activities=5,
    confirmed=12,
    waiting=0,
    doubles=0,
    failed_mails=0,
    devices=1,
    minutes=None,
)


def left(**values: object) -> list[TaskCode]:
    facts = replace(READY, **values)  # type: ignore[arg-type]  # fields of the dataclass
    return [task.code for task in preparation(facts, TODAY).left]


def test_an_event_that_has_everything_leaves_nothing_to_do() -> None:
    assert left() == []
    assert len(preparation(READY, TODAY).done) == 11


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"state": EventState.DRAFT}, TaskCode.PUBLISH),
        ({"precision": DatePrecision.MONTH}, TaskCode.SET_DATE),
        ({"has_hours": False}, TaskCode.SET_HOURS),
        ({"has_place": False}, TaskCode.SET_PLACE),
        ({"has_capacity": False}, TaskCode.SET_CAPACITY),
        ({"has_contact": False}, TaskCode.SET_CONTACT),
        ({"has_summary": False}, TaskCode.WRITE_SUMMARY),
        ({"has_access": False}, TaskCode.SAY_ACCESS),
        ({"mode": EventMode.HYBRID}, TaskCode.SET_LINK),
        ({"activities": 0}, TaskCode.WRITE_PROGRAMME),
        ({"confirmed": 0}, TaskCode.SPREAD_THE_WORD),
        ({"waiting": 3}, TaskCode.LOOK_AT_WAITING),
        ({"doubles": 2}, TaskCode.LOOK_AT_DOUBLES),
        ({"failed_mails": 1}, TaskCode.LOOK_AT_MAILS),
        ({"devices": 0}, TaskCode.PAIR_A_DEVICE),
    ],
)
def test_each_missing_thing_is_one_thing_to_do(values: dict[str, object], code: TaskCode) -> None:
    assert left(**values) == [code]


def test_a_meeting_needs_no_programme() -> None:
    assert left(family=KindFamily.MEETING, activities=0) == []


def test_an_event_at_a_distance_needs_a_link_but_neither_place_nor_door() -> None:
    values = {"mode": EventMode.REMOTE, "has_place": False, "has_access": False, "devices": 0}
    assert left(**values) == [TaskCode.SET_LINK]


def test_an_event_without_registration_needs_no_capacity() -> None:
    assert left(takes_registrations=False, has_capacity=False, confirmed=0) == []


def test_a_postponed_event_needs_a_date() -> None:
    assert left(state=EventState.POSTPONED) == [TaskCode.SET_DATE, TaskCode.PUBLISH]


def test_once_over_what_is_left_is_to_close_and_to_write() -> None:
    over = {"over": True, "starts_on": date(2027, 2, 1), "ends_on": date(2027, 2, 1)}
    assert left(**over, has_summary=False, waiting=4) == [TaskCode.CLOSE, TaskCode.WRITE_MINUTES]
    assert left(**over, state=EventState.CLOSED, minutes=MinutesState.DRAFT) == [
        TaskCode.PUBLISH_MINUTES
    ]
    assert left(**over, state=EventState.CLOSED, minutes=MinutesState.PUBLISHED) == []


def test_a_cancelled_event_needs_nothing() -> None:
    assert preparation(replace(READY, state=EventState.CANCELLED), TODAY) == Preparation((), ())


def test_the_most_urgent_comes_first() -> None:
    facts = replace(READY, has_hours=False, devices=0, has_access=False)
    tasks = preparation(facts, TODAY).left
    assert [(task.code, task.due_on) for task in tasks] == [
        (TaskCode.SET_HOURS, TODAY),
        (TaskCode.SAY_ACCESS, READY.starts_on - timedelta(days=21)),
        (TaskCode.PAIR_A_DEVICE, READY.starts_on - timedelta(days=2)),
    ]
