"""Organisers who click at the same moment, with real commits."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from eventhub.domain.activity_details import ActivityDetails
from eventhub.domain.errors import ActivityChanged, NotFound, StateForbids
from eventhub.domain.event import ActivityFormat
from eventhub.domain.rights import AccountRole
from eventhub.extensions import db
from eventhub.models.account import Account, event_co_organisers
from eventhub.models.audit import AuditEntry
from eventhub.models.event import Activity, Event
from eventhub.models.figure import FrozenFigures, Headcount
from eventhub.models.mail import OutgoingMail
from eventhub.services.events import cancel_event, close_event, share_event
from eventhub.services.figures import add_headcount, remove_headcount
from eventhub.services.programme import add_activity, change_activity
from eventhub.web.transactions import write_transaction
from tests.factories import make_account, make_event, make_person, make_registration

CLICKS = 4


@pytest.fixture
def event_id(live_app: Flask, now: datetime) -> int:
    """An event to come with two people registered, and one account."""
    session = db.session()
    event = make_event(session, starts_at=now + timedelta(days=9))
    make_account(session, AccountRole.ADMINISTRATOR)
    for _ in range(2):
        make_registration(session, event, make_person(session))
    session.commit()
    return event.id


def together(
    app: Flask, event_id: int, act: Callable[[Session, Event, Account], object]
) -> list[str]:
    """Do one thing in several transactions at once; what each came to."""
    ready = threading.Barrier(CLICKS)

    def run(_number: int) -> str:
        with app.app_context():
            ready.wait()
            try:
                with write_transaction() as session:
                    event = session.get_one(Event, event_id)
                    account = session.scalars(select(Account).order_by(Account.id)).first()
                    assert account is not None
                    act(session, event, account)
            except (ActivityChanged, NotFound, StateForbids):
                return "refused"
            return "done"

    with ThreadPoolExecutor(CLICKS) as pool:
        return sorted(pool.map(run, range(CLICKS)))


def test_several_clicks_on_cancel_write_to_everyone_once(
    live_app: Flask, event_id: int, now: datetime
) -> None:
    def cancel(session: Session, event: Event, account: Account) -> None:
        cancel_event(session, event, "Le lieu ferme.", now, account=account)

    assert together(live_app, event_id, cancel) == ["done", "refused", "refused", "refused"]
    session = db.session()
    assert session.scalar(select(func.count()).select_from(OutgoingMail)) == 2


def test_several_clicks_on_close_freeze_figures_once(
    live_app: Flask, event_id: int, now: datetime
) -> None:
    def close(session: Session, event: Event, account: Account) -> None:
        close_event(session, event, now, account=account, early=True)

    assert together(live_app, event_id, close) == ["done", "refused", "refused", "refused"]
    session = db.session()
    assert session.scalar(select(func.count()).select_from(FrozenFigures)) == 1
    assert list(session.scalars(select(AuditEntry.action))) == ["event-closed"]


def test_several_clicks_on_share_share_once(live_app: Flask, event_id: int, now: datetime) -> None:
    session = db.session()
    other = make_account(session, AccountRole.ORGANISER).id
    session.commit()

    def share(session: Session, event: Event, account: Account) -> None:
        share_event(session, event, [other], now, account=account)

    assert together(live_app, event_id, share) == ["done"] * CLICKS
    session.rollback()
    assert session.execute(select(event_co_organisers.c.account_id)).all() == [(other,)]
    assert list(session.scalars(select(AuditEntry.action))) == ["event-shared"]


def test_several_clicks_take_a_headcount_back_once(
    live_app: Flask, event_id: int, now: datetime
) -> None:
    session = db.session()
    event = session.get_one(Event, event_id)
    number = add_headcount(session, event, "participants", 30, now, source="Comptage").id
    session.commit()

    def remove(session: Session, _event: Event, account: Account) -> None:
        found = session.get(Headcount, number)
        if found is None:
            raise NotFound
        remove_headcount(session, found, now, account=account)

    assert together(live_app, event_id, remove) == ["done", "refused", "refused", "refused"]
    session.rollback()
    assert list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id))) == [
        "headcount-added",
        "headcount-removed",
    ]


def test_of_several_who_write_one_activity_at_once_one_is_first(
    live_app: Flask, event_id: int, now: datetime
) -> None:
    session = db.session()
    details = ActivityDetails(format=ActivityFormat.TALK, title="Avant")
    number = add_activity(session, session.get_one(Event, event_id), details, now).id
    session.commit()

    def write(session: Session, event: Event, account: Account) -> None:
        typed = ActivityDetails(
            format=ActivityFormat.TALK, title=f"Après {threading.get_native_id()}"
        )
        found = session.get_one(Activity, number)
        change_activity(session, event, found, typed, now, version=1, account=account)

    assert together(live_app, event_id, write) == ["done", "refused", "refused", "refused"]
    session.rollback()
    assert list(session.scalars(select(AuditEntry.action))) == ["activity-changed"]
