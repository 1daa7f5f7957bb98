"""« Celle-ci et les suivantes »."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from eventhub.domain.activity_details import ActivityDetails
from eventhub.domain.event import ActivityFormat, DatePrecision, EventState
from eventhub.domain.rights import AccountRole, Actor
from eventhub.models.account import Account
from eventhub.models.event import Event
from eventhub.models.series import Series
from eventhub.services.events import update_event
from eventhub.services.programme import add_activity
from eventhub.services.series_following import FollowingOutcome, apply_to_following, held_details
from tests.conftest import NOW
from tests.factories import make_account, make_departement, make_event, make_series

ADMINISTRATOR = Actor(AccountRole.ADMINISTRATOR)
DAYS = [date(2027, 3, 11), date(2027, 6, 10), date(2027, 9, 9)]


@pytest.fixture
def account(session: Session) -> Account:
    return make_account(session)


@pytest.fixture
def events(session: Session) -> list[Event]:
    series = make_series(session)
    return [in_series(session, series, on) for on in DAYS]


def in_series(session: Session, series: Series, on: date, **values: Any) -> Event:
    values = {
        "starts_at": datetime(on.year, on.month, on.day, 7, 0, tzinfo=UTC),
        "ends_at": datetime(on.year, on.month, on.day, 10, 0, tzinfo=UTC),
    } | values
    return make_event(session, series_id=series.id, starts_on=on, **values)


def edit(
    session: Session,
    event: Event,
    account: Account,
    actor: Actor = ADMINISTRATOR,
    **values: Any,
) -> FollowingOutcome:
    before = held_details(event)
    update_event(
        session, event, replace(before, **values), NOW, account=account, actor=ADMINISTRATOR
    )
    return apply_to_following(session, event, before, NOW, account=account, actor=actor)


def test_only_what_was_changed_is_changed_even_where_it_differed(
    session: Session, events: list[Event], account: Account
) -> None:
    events[2].place = "Salle choisie à la main"
    events[2].summary = "Un texte à elle"
    session.commit()
    found = edit(session, events[0], account, place="Espace Béraire", capacity_onsite=25)
    assert found == FollowingOutcome(("place", "capacity_onsite"), (events[1], events[2]), ())
    assert [(e.place, e.capacity_onsite, e.summary) for e in events] == [
        ("Espace Béraire", 25, ""),
        ("Espace Béraire", 25, ""),
        ("Espace Béraire", 25, "Un texte à elle"),
    ]
    assert [e.starts_on for e in events] == DAYS


def test_the_ones_before_stay(session: Session, events: list[Event], account: Account) -> None:
    found = edit(session, events[1], account, place="Ailleurs")
    assert found.changed == (events[2],)
    assert events[0].place == "Halle du Port-Vieux"


def test_a_shifted_day_shifts_the_following_by_as_many_days(
    session: Session, events: list[Event], account: Account
) -> None:
    for event in events:
        event.registration_opens_at = datetime.combine(
            event.starts_on - timedelta(days=30), time(8), UTC
        )
        add_activity(
            session,
            event,
            ActivityDetails(
                format=ActivityFormat.TALK,
                title="Actualité",
                on=event.starts_on,
                starts_at=time(9),
                ends_at=time(10),
            ),
            NOW,
        )
    session.commit()
    found = edit(session, events[0], account, starts_on=date(2027, 3, 18))
    assert (found.names, len(found.changed)) == (("starts_on",), 2)
    assert [e.starts_on for e in events] == [
        date(2027, 3, 18),
        date(2027, 6, 17),
        date(2027, 9, 16),
    ]
    assert [e.starts_at for e in events[1:]] == [
        datetime(2027, 6, 17, 7, 0, tzinfo=UTC),
        datetime(2027, 9, 16, 7, 0, tzinfo=UTC),
    ]
    assert [e.registration_opens_at.date() for e in events if e.registration_opens_at] == [
        e.starts_on - timedelta(days=30) for e in events
    ]
    assert [
        [a.starts_at.date() for a in e.activities if a.starts_at is not None] for e in events
    ] == [[e.starts_on] for e in events]


def test_hours_are_those_of_the_clock(
    session: Session, events: list[Event], account: Account
) -> None:
    # 8:00 in winter for the first, 9:00 in summer for the others: all begin at 14:00 now.
    found = edit(session, events[0], account, starts_at=time(14), ends_at=time(16, 30))
    assert found.names == ("starts_at", "ends_at")
    assert [(e.starts_at, e.ends_at) for e in events] == [
        (
            datetime(2027, 3, 11, 13, 0, tzinfo=UTC),
            datetime(2027, 3, 11, 15, 30, tzinfo=UTC),
        ),
        (
            datetime(2027, 6, 10, 12, 0, tzinfo=UTC),
            datetime(2027, 6, 10, 14, 30, tzinfo=UTC),
        ),
        (
            datetime(2027, 9, 9, 12, 0, tzinfo=UTC),
            datetime(2027, 9, 9, 14, 30, tzinfo=UTC),
        ),
    ]


def test_an_opening_keeps_its_distance_to_the_start(
    session: Session, events: list[Event], account: Account
) -> None:
    opens = datetime(2027, 2, 11, 8, 0, tzinfo=UTC)  # 9:00 in Paris, four weeks before
    edit(session, events[0], account, registration_opens_at=opens)
    assert [e.registration_opens_at for e in events] == [
        opens,
        datetime(2027, 5, 13, 7, 0, tzinfo=UTC),
        datetime(2027, 8, 12, 7, 0, tzinfo=UTC),
    ]


def test_what_does_not_come_any_more_stays_and_is_said(session: Session, account: Account) -> None:
    series = make_series(session)
    first = in_series(session, series, date(2026, 1, 8))
    past = in_series(session, series, date(2026, 4, 9))
    cancelled = in_series(session, series, DAYS[0], state=EventState.CANCELLED)
    closed = in_series(session, series, DAYS[1], state=EventState.CLOSED)
    draft = in_series(session, series, DAYS[2], state=EventState.DRAFT)
    elsewhere = in_series(
        session, series, date(2027, 12, 9), departements=[make_departement(session, "18", "Cher")]
    )
    make_event(session, starts_on=DAYS[2], title="D’une autre série")
    here = Actor(AccountRole.ORGANISER, frozenset({"45"}))
    found = edit(session, first, account, here, place="Ailleurs")
    assert found.changed == (draft,)
    assert [(one.event, one.reason) for one in found.skipped] == [
        (past, "déjà passé"),
        (cancelled, "annulé"),
        (closed, "clos"),
        (elsewhere, "hors de votre territoire"),
    ]
    assert [e.place for e in (past, cancelled, closed, elsewhere)] == ["Halle du Port-Vieux"] * 4


def test_a_date_that_is_not_settled_is_not_shifted(
    session: Session, events: list[Event], account: Account
) -> None:
    month = events[2]
    month.date_precision = DatePrecision.MONTH
    month.starts_on, month.ends_on = date(2027, 9, 1), date(2027, 9, 30)
    month.starts_at = month.ends_at = None
    session.commit()
    found = edit(session, events[0], account, starts_on=date(2027, 3, 12), place="Ailleurs")
    assert [e.starts_on for e in found.changed] == [date(2027, 6, 11), date(2027, 9, 1)]
    assert (month.place, month.ends_on) == ("Ailleurs", date(2027, 9, 30))
    found = edit(session, events[0], account, starts_on=date(2027, 3, 15))
    assert [(one.event, one.reason) for one in found.skipped] == [(month, "date pas encore fixée")]


def test_an_event_outside_any_series_is_followed_by_none(
    session: Session, account: Account
) -> None:
    event = make_event(session)
    assert edit(session, event, account, place="Ailleurs") == FollowingOutcome((), (), ())


def test_a_change_that_one_of_them_cannot_take_leaves_it_whole(
    session: Session, events: list[Event], account: Account
) -> None:
    last = events[2]
    last.ends_on = date(2027, 9, 10)
    last.ends_at = datetime(2027, 9, 10, 10, 0, tzinfo=UTC)
    last.registration_closes_at = datetime(2027, 8, 1, 8, 0, tzinfo=UTC)
    session.commit()
    opens = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)
    found = edit(session, events[0], account, registration_opens_at=opens, place="Ailleurs")
    assert [one.event for one in found.skipped] == [last]
    assert "fermeture" in found.skipped[0].reason
    session.expire_all()
    assert (last.place, last.registration_opens_at) == ("Halle du Port-Vieux", None)
