"""« Que me reste-t-il à faire ? »: what an event still needs, from facts alone."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from eventhub.domain.event import DatePrecision, EventMode, EventState, KindFamily
from eventhub.domain.minutes import MinutesState


class TaskCode(StrEnum):
    """One thing to do; its sentence is in templates/manage/tasks.html."""

    SET_DATE = "set-date"
    SET_HOURS = "set-hours"
    SET_PLACE = "set-place"
    SET_CAPACITY = "set-capacity"
    SET_CONTACT = "set-contact"
    WRITE_SUMMARY = "write-summary"
    SAY_ACCESS = "say-access"
    SET_LINK = "set-link"
    WRITE_PROGRAMME = "write-programme"
    PUBLISH = "publish"
    SPREAD_THE_WORD = "spread-the-word"
    LOOK_AT_WAITING = "look-at-waiting"
    LOOK_AT_DOUBLES = "look-at-doubles"
    LOOK_AT_MAILS = "look-at-mails"
    PAIR_A_DEVICE = "pair-a-device"
    CLOSE = "close"
    WRITE_MINUTES = "write-minutes"
    PUBLISH_MINUTES = "publish-minutes"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFacts:
    """What is known of an event's preparation. Days are in the event's zone."""

    state: EventState
    family: KindFamily
    mode: EventMode
    precision: DatePrecision
    starts_on: date
    ends_on: date
    over: bool
    has_hours: bool
    has_place: bool
    has_capacity: bool
    has_contact: bool
    has_summary: bool
    has_access: bool
    has_link: bool
    takes_registrations: bool
    activities: int
    confirmed: int
    waiting: int
    doubles: int
    failed_mails: int
    devices: int
    minutes: MinutesState | None


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do by a day, or done. `number` is how many are concerned, where it counts."""

    code: TaskCode
    due_on: date
    number: int = 0
    done: bool = False


@dataclass(frozen=True, slots=True)
class Preparation:
    """What is left, most urgent first, and what is done."""

    left: tuple[Task, ...]
    done: tuple[Task, ...]


def preparation(facts: EventFacts, today: date) -> Preparation:
    """List what the event needs. A cancelled one needs nothing."""
    if facts.state is EventState.CANCELLED:
        return Preparation((), ())
    tasks = _after(facts, today) if facts.over else _before(facts, today)
    left = sorted((task for task in tasks if not task.done), key=lambda task: task.due_on)
    return Preparation(tuple(left), tuple(task for task in tasks if task.done))


def _before(facts: EventFacts, today: date) -> list[Task]:
    onsite = facts.mode in {EventMode.ONSITE, EventMode.HYBRID}
    remote = facts.mode in {EventMode.REMOTE, EventMode.HYBRID}
    published = facts.state is EventState.PUBLISHED
    precise = facts.precision is DatePrecision.DAY and facts.state is not EventState.POSTPONED

    def days_before(number: int) -> date:
        return facts.starts_on - timedelta(days=number)

    # What the public page needs: before it is published, or at once where it already is.
    page = today if published else days_before(30)
    tasks = [
        Task(TaskCode.SET_DATE, min(page, days_before(30)), done=precise),
        Task(TaskCode.SET_CONTACT, page, done=facts.has_contact),
        Task(TaskCode.WRITE_SUMMARY, page, done=facts.has_summary),
        Task(TaskCode.PUBLISH, days_before(30), done=published),
    ]
    if precise:
        tasks.append(Task(TaskCode.SET_HOURS, page, done=facts.has_hours))
    if onsite:
        tasks += [
            Task(TaskCode.SET_PLACE, page, done=facts.has_place),
            Task(TaskCode.SAY_ACCESS, days_before(21), done=facts.has_access),
        ]
    if remote:
        tasks.append(Task(TaskCode.SET_LINK, days_before(7), done=facts.has_link))
    if facts.family is KindFamily.EVENT:
        tasks.append(Task(TaskCode.WRITE_PROGRAMME, days_before(30), done=facts.activities > 0))
    if facts.takes_registrations:
        tasks.append(Task(TaskCode.SET_CAPACITY, page, done=facts.has_capacity))
        if published:
            tasks.append(Task(TaskCode.SPREAD_THE_WORD, days_before(21), done=facts.confirmed > 0))
    tasks += _look_at(facts, today)
    if onsite and published and precise:
        tasks.append(Task(TaskCode.PAIR_A_DEVICE, days_before(2), done=facts.devices > 0))
    return tasks


def _after(facts: EventFacts, today: date) -> list[Task]:
    two_weeks = facts.ends_on + timedelta(days=14)
    written = facts.minutes is not None
    tasks = [
        Task(TaskCode.WRITE_MINUTES, two_weeks, done=written),
        Task(
            TaskCode.CLOSE, facts.ends_on + timedelta(days=1), done=facts.state is EventState.CLOSED
        ),
    ]
    if written:
        published = facts.minutes is MinutesState.PUBLISHED
        tasks.append(Task(TaskCode.PUBLISH_MINUTES, two_weeks, done=published))
    if facts.state is EventState.PUBLISHED:
        tasks += _look_at(facts, today)
    return tasks


def _look_at(facts: EventFacts, today: date) -> list[Task]:
    counted = (
        (TaskCode.LOOK_AT_WAITING, 0 if facts.over else facts.waiting),
        (TaskCode.LOOK_AT_DOUBLES, facts.doubles),
        (TaskCode.LOOK_AT_MAILS, facts.failed_mails),
    )
    return [Task(code, today, number) for code, number in counted if number]
