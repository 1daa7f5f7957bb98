"""Places lowered under what is taken: nobody loses one, and none is given until there is room."""

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventhub.domain.errors import EventFull
from eventhub.domain.registration import RegistrationRequest, RegistrationState
from eventhub.models.account import Account
from eventhub.models.event import Event
from eventhub.models.registration import Registration
from eventhub.services.events import update_event
from eventhub.services.registration import register, withdraw
from tests.factories import make_account, make_event
from tests.services.test_events import DETAILS

CONFIRMED, WAITING = RegistrationState.CONFIRMED, RegistrationState.WAITING


@pytest.fixture
def administrator(session: Session) -> Account:
    return make_account(session)


def join(session: Session, event: Event, name: str, now: datetime) -> RegistrationState:
    someone = RegistrationRequest(name, "Ngô", f"{name.lower()}@example.org")
    state = register(session, event, someone, now).state
    session.commit()
    return state


def leave(session: Session, event: Event, now: datetime) -> None:
    found = session.scalars(
        select(Registration)
        .where(Registration.event_id == event.id, Registration.state == CONFIRMED)
        .limit(1)
    ).one()
    withdraw(session, found, now)
    session.commit()


def places(session: Session, event: Event, number: int, now: datetime, by: Account) -> None:
    details = replace(
        DETAILS,
        departement_codes=("45",),
        capacity_onsite=number,
        waiting_list=event.waiting_list,
    )
    update_event(session, event, details, now, account=by, actor=by.actor())
    session.commit()


def counters(session: Session, event: Event) -> tuple[int | None, int, int, list[str]]:
    session.refresh(event)
    states = session.scalars(select(Registration.state).where(Registration.event_id == event.id))
    return event.capacity_onsite, event.taken_onsite, event.waiting_onsite, sorted(states)


def test_nobody_loses_a_place_and_the_queue_stays_in_order(
    session: Session, administrator: Account, now: datetime
) -> None:
    event = make_event(session, capacity_onsite=3)
    assert [join(session, event, name, now) for name in ("Ana", "Bob", "Clea", "Dan")] == [
        CONFIRMED,
        CONFIRMED,
        CONFIRMED,
        WAITING,
    ]
    places(session, event, 2, now, administrator)
    kept = ["confirmed"] * 3
    assert counters(session, event) == (2, 3, 1, [*kept, "waiting"])
    assert join(session, event, "Eve", now) is WAITING
    assert counters(session, event) == (2, 3, 2, [*kept, "waiting", "waiting"])
    leave(session, event, now)
    assert counters(session, event)[:3] == (2, 2, 2)
    places(session, event, 10, now, administrator)
    assert counters(session, event)[:3] == (10, 2, 2)


def test_without_a_queue_people_are_refused_until_there_is_room(
    session: Session, administrator: Account, now: datetime
) -> None:
    event = make_event(session, capacity_onsite=3, waiting_list=False)
    for name in ("Ana", "Bob", "Clea"):
        join(session, event, name, now)
    places(session, event, 2, now, administrator)
    for _ in range(2):
        with pytest.raises(EventFull):
            join(session, event, "Dan", now)
        session.rollback()
        leave(session, event, now)
    assert join(session, event, "Dan", now) is CONFIRMED
    assert counters(session, event)[:3] == (2, 2, 0)
    places(session, event, 0, now, administrator)
    with pytest.raises(EventFull):
        join(session, event, "Eve", now)
