"""Moving an event: what follows it, and the clocks."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventhub.domain.errors import Forbidden, InvalidInput, StateForbids
from eventhub.domain.event import DatePrecision, EntranceUnit, EventState
from eventhub.domain.rights import AccountRole
from eventhub.models.account import Account
from eventhub.models.audit import AuditEntry
from eventhub.models.door import Checkpoint
from eventhub.models.event import Activity, Event, EventAlternative
from eventhub.services.checkpoints import default_checkpoints
from eventhub.services.event_moves import move_event, new_moment
from eventhub.services.events import publish_event, update_event
from tests.factories import MADE_AT, make_account, make_event
from tests.services.test_events import DETAILS

Move = Callable[..., None]


@pytest.fixture
def organiser(session: Session) -> Account:
    return make_account(session, AccountRole.ORGANISER, ("45",), display_name="Nadège Lemoine")


@pytest.fixture
def move(session: Session, organiser: Account, now: datetime) -> Move:
    def moved(event: Event, on: date, at: time | None = None, **more: bool) -> None:
        move_event(session, event, on, at, now, account=organiser, actor=organiser.actor(), **more)

    return moved


def published(session: Session, **values: object) -> Event:
    return make_event(session, published_at=MADE_AT, **values)


def test_everything_follows_the_date_and_keeps_its_hour(session: Session, move: Move) -> None:
    event = published(
        session,
        ends_on=date(2027, 4, 9),
        ends_at=datetime(2027, 4, 9, 15, 0, tzinfo=UTC),
        registration_opens_at=datetime(2027, 3, 1, 8, 0, tzinfo=UTC),
        registration_closes_at=datetime(2027, 4, 7, 10, 0, tzinfo=UTC),
    )
    default_checkpoints(session, event, MADE_AT)
    session.add(
        Activity(
            event_id=event.id,
            format="workshop",
            title="Atelier",
            starts_at=datetime(2027, 4, 9, 7, 30, tzinfo=UTC),
            ends_at=datetime(2027, 4, 9, 8, 0, tzinfo=UTC),
        )
    )
    session.flush()
    session.expire(event, ["activities"])
    version, sequence = event.version, event.calendar_sequence
    move(event, date(2027, 11, 10))  # winter: the clocks of Paris are one hour nearer to UTC
    assert (event.starts_on, event.ends_on) == (date(2027, 11, 10), date(2027, 11, 11))
    assert (event.starts_at, event.ends_at) == (
        datetime(2027, 11, 10, 8, 0, tzinfo=UTC),
        datetime(2027, 11, 11, 16, 0, tzinfo=UTC),
    )
    assert (event.registration_opens_at, event.registration_closes_at) == (
        datetime(2027, 10, 3, 7, 0, tzinfo=UTC),
        datetime(2027, 11, 9, 11, 0, tzinfo=UTC),
    )
    (activity,) = event.activities
    assert (activity.starts_at, activity.ends_at) == (
        datetime(2027, 11, 11, 8, 30, tzinfo=UTC),
        datetime(2027, 11, 11, 9, 0, tzinfo=UTC),
    )
    entrances = session.scalars(
        select(Checkpoint.label)
        .where(Checkpoint.event_id == event.id, Checkpoint.activity_id.is_(None))
        .order_by(Checkpoint.position)
    )
    assert list(entrances) == ["Entrée, mercredi 10 novembre", "Entrée, jeudi 11 novembre"]
    assert (event.version, event.calendar_sequence) == (version + 1, sequence + 1)
    assert (event.previous_starts_on, event.previous_starts_at) == (
        date(2027, 4, 8),
        datetime(2027, 4, 8, 7, 0, tzinfo=UTC),
    )
    [entry] = session.scalars(select(AuditEntry))
    assert (entry.action, entry.actor, entry.detail["moved_from"], entry.detail["moved_to"]) == (
        "event-moved",
        "Nadège Lemoine",
        "2027-04-08",
        "2027-11-10",
    )


def test_the_first_date_is_kept_until_the_event_is_back_there(session: Session, move: Move) -> None:
    event = published(session)
    first = event.starts_on
    move(event, date(2027, 5, 6))
    move(event, date(2027, 6, 3))
    assert event.previous_starts_on == first
    move(event, first, time(14, 0))
    assert event.previous_starts_on == first
    move(event, first, time(9, 0))
    session.refresh(event)
    assert [event.previous_starts_on, event.previous_starts_at] == [None, None]


def test_a_draft_has_no_former_date(session: Session, move: Move) -> None:
    event = make_event(session, state=EventState.DRAFT)
    move(event, date(2027, 5, 6))
    assert (event.previous_starts_on, event.calendar_sequence) == (None, 0)


def test_another_hour_moves_the_end_and_the_programme(session: Session, move: Move) -> None:
    event = published(session)
    session.add(
        Activity(
            event_id=event.id,
            format="workshop",
            title="Atelier",
            starts_at=datetime(2027, 4, 8, 8, 0, tzinfo=UTC),
        )
    )
    session.flush()
    session.expire(event, ["activities"])
    move(event, date(2027, 4, 8), time(18, 30))
    assert (event.starts_at, event.ends_at) == (
        datetime(2027, 4, 8, 16, 30, tzinfo=UTC),
        datetime(2027, 4, 9, 0, 30, tzinfo=UTC),
    )
    assert event.ends_on == date(2027, 4, 9)
    assert event.activities[0].starts_at == datetime(2027, 4, 8, 17, 30, tzinfo=UTC)


def test_opening_and_closing_may_be_kept(session: Session, move: Move) -> None:
    opens = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)
    event = published(session, registration_opens_at=opens)
    move(event, date(2027, 5, 6), keeps_registration=True)
    assert event.registration_opens_at == opens


def test_a_move_to_where_it_is_changes_nothing(session: Session, move: Move) -> None:
    event = published(session)
    move(event, event.starts_on, time(9, 0))
    assert (event.version, event.calendar_sequence) == (1, 0)
    assert session.scalars(select(AuditEntry)).all() == []


def test_one_of_the_possible_days_is_settled(session: Session, move: Move) -> None:
    event = published(
        session,
        date_precision=DatePrecision.ALTERNATIVES,
        starts_on=date(2027, 9, 14),
        ends_on=date(2027, 9, 21),
        starts_at=None,
        ends_at=None,
        alternatives=[EventAlternative(on=date(2027, 9, day)) for day in (14, 21)],
    )
    move(event, date(2027, 9, 21), time(9, 30))
    session.expire(event)
    assert (event.date_precision, event.starts_on, event.ends_on) == (
        DatePrecision.DAY,
        date(2027, 9, 21),
        date(2027, 9, 21),
    )
    assert event.starts_at == datetime(2027, 9, 21, 7, 30, tzinfo=UTC)
    assert event.alternatives == []
    assert event.previous_starts_on is None


def test_a_postponed_event_is_given_its_date_and_shown_again(
    session: Session, organiser: Account, move: Move, now: datetime
) -> None:
    event = published(session, state=EventState.POSTPONED, state_reason="Neige.")
    move(event, date(2027, 6, 3))
    publish_event(session, event, now, account=organiser)
    assert (event.state, event.state_reason, event.published_at) == (
        EventState.PUBLISHED,
        "",
        MADE_AT,
    )
    assert event.previous_starts_on == date(2027, 4, 8)


@pytest.mark.parametrize(
    ("day", "hour", "moment"),
    [
        (date(2027, 3, 28), time(3, 0), datetime(2027, 3, 28, 1, 0, tzinfo=UTC)),
        # Half past two comes twice in the night of 31 October: the first one is meant.
        (date(2027, 10, 31), time(2, 30), datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
        (date(2028, 2, 29), time(9, 0), datetime(2028, 2, 29, 8, 0, tzinfo=UTC)),
    ],
)
def test_the_hour_on_the_clock_is_meant(
    session: Session, move: Move, day: date, hour: time, moment: datetime
) -> None:
    event = published(session)
    move(event, day, hour)
    assert event.starts_at == moment


@pytest.mark.parametrize(
    ("day", "hour", "field"),
    [
        (date(2027, 3, 28), time(2, 30), "starts_at"),
        (date(1, 1, 1), None, "starts_on"),
        (date(9999, 12, 31), None, "starts_on"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    session: Session, move: Move, day: date, hour: time | None, field: str
) -> None:
    event = published(session, ends_on=date(2027, 4, 9))
    with pytest.raises(InvalidInput) as refused:
        move(event, day, hour)
    assert list(refused.value.fields) == [field]


def test_the_night_of_the_clocks_keeps_the_hours(session: Session) -> None:
    event = published(
        session,
        starts_on=date(2027, 4, 3),
        ends_on=date(2027, 4, 4),
        starts_at=datetime(2027, 4, 3, 20, 0, tzinfo=UTC),
        ends_at=datetime(2027, 4, 4, 2, 0, tzinfo=UTC),
    )
    there = new_moment(event, date(2027, 10, 30), None)
    # From ten in the evening to four in the morning, which are seven hours that night.
    assert (there.starts_at, there.ends_at) == (
        datetime(2027, 10, 30, 20, 0, tzinfo=UTC),
        datetime(2027, 10, 31, 3, 0, tzinfo=UTC),
    )


@pytest.mark.parametrize("state", [EventState.CANCELLED, EventState.CLOSED])
def test_what_is_over_does_not_move(session: Session, move: Move, state: EventState) -> None:
    with pytest.raises(StateForbids):
        move(make_event(session, state=state), date(2027, 5, 6))


def test_an_event_elsewhere_is_not_moved(
    session: Session, organiser: Account, now: datetime
) -> None:
    stranger = make_account(session, AccountRole.ORGANISER, ("28",))
    event = make_event(session)
    with pytest.raises(Forbidden):
        move_event(
            session, event, date(2027, 5, 6), None, now, account=stranger, actor=stranger.actor()
        )


def test_changing_the_date_in_the_form_has_the_same_consequences(
    session: Session, organiser: Account, now: datetime
) -> None:
    opens = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)
    event = published(session, registration_opens_at=opens)
    details = replace(DETAILS, departement_codes=("45",), registration_opens_at=opens)
    actor = organiser.actor()
    update_event(session, event, details, now, account=organiser, actor=actor)
    moved = replace(details, starts_on=date(2027, 4, 15), entrance_unit=EntranceUnit.HALF_DAY)
    update_event(session, event, moved, now, account=organiser, actor=actor)
    assert event.registration_opens_at == datetime(2027, 3, 8, 8, 0, tzinfo=UTC)
    assert event.previous_starts_on == date(2027, 4, 8)
    labels = session.scalars(
        select(Checkpoint.label)
        .where(Checkpoint.event_id == event.id)
        .order_by(Checkpoint.position)
    )
    assert list(labels) == ["Entrée, matin", "Entrée, après-midi"]
    typed = replace(details, starts_on=date(2027, 4, 22), registration_opens_at=opens)
    update_event(session, event, typed, now, account=organiser, actor=actor)
    assert event.registration_opens_at == opens
