"""Addresses and dates that several people change at the same moment, with real commits."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from eventhub.domain.errors import InvalidInput, NotFound, StateForbids
from eventhub.domain.event import EventState
from eventhub.extensions import db
from eventhub.models.account import Account
from eventhub.models.audit import AuditEntry
from eventhub.models.event import Event, FormerSlug
from eventhub.services.event_addresses import change_slug
from eventhub.services.event_deletion import delete_event
from eventhub.services.event_moves import move_event
from eventhub.services.events import create_event
from eventhub.web.transactions import write_transaction
from tests.factories import make_account, make_event, make_kind
from tests.services.test_events import DETAILS

Act = Callable[[Session, Account], object]


@pytest.fixture
def administrator(live_app: Flask) -> int:
    """The id of the account that does everything here."""
    session = db.session()
    make_kind(session)
    account = make_account(session)
    session.commit()
    return account.id


def together(app: Flask, account_id: int, acts: Sequence[Act]) -> list[str]:
    """Do those things in a transaction each, at once; what each came to."""
    ready = threading.Barrier(len(acts))

    def run(act: Act) -> str:
        with app.app_context():
            ready.wait()
            try:
                with write_transaction() as session:
                    act(session, session.get_one(Account, account_id))
            except (InvalidInput, NotFound, StateForbids) as error:
                return type(error).__name__
            return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_an_address_that_is_being_left_is_not_given_to_another(
    live_app: Flask, administrator: int, now: datetime
) -> None:
    session = db.session()
    left = "rencontre-des-mediateurs-numeriques-2027"
    event_id = make_event(session, slug=left).id
    session.commit()

    def rename(session: Session, account: Account) -> None:
        change_slug(session, session.get_one(Event, event_id), "autre", now, account=account)

    def create(session: Session, account: Account) -> None:
        details = replace(DETAILS, departement_codes=("45",))
        create_event(session, details, now, account=account, actor=account.actor())

    assert together(live_app, administrator, [rename, create, create, create]) == ["done"] * 4
    session.rollback()
    slugs = set(session.scalars(select(Event.slug)))
    assert slugs == {"autre", f"{left}-2", f"{left}-3", f"{left}-4"}
    assert list(session.scalars(select(FormerSlug.slug))) == [left]


def test_one_address_goes_to_one_event(live_app: Flask, administrator: int, now: datetime) -> None:
    session = db.session()
    ids = [make_event(session).id for _ in range(4)]
    session.commit()

    def rename(event_id: int) -> Act:
        return lambda session, account: change_slug(
            session, session.get_one(Event, event_id), "nec-2027", now, account=account
        )

    came = together(live_app, administrator, [rename(one) for one in ids])
    assert sorted(came) == ["InvalidInput", "InvalidInput", "InvalidInput", "done"]
    session.rollback()
    assert session.scalar(select(func.count()).where(Event.slug == "nec-2027")) == 1


def test_several_clicks_delete_once(live_app: Flask, administrator: int, now: datetime) -> None:
    session = db.session()
    event_id = make_event(session, state=EventState.DRAFT).id
    session.commit()

    def delete(session: Session, account: Account) -> None:
        event = session.get(Event, event_id)
        if event is None:
            raise NotFound
        delete_event(session, event, now, account=account)

    came = together(live_app, administrator, [delete] * 4)
    assert sorted(came) == ["NotFound", "NotFound", "NotFound", "done"]
    session.rollback()
    assert list(session.scalars(select(AuditEntry.action))) == ["event-deleted"]


def test_several_clicks_move_once(live_app: Flask, administrator: int, now: datetime) -> None:
    session = db.session()
    event_id = make_event(session, published_at=now).id
    session.commit()

    def move(session: Session, account: Account) -> None:
        event = session.get_one(Event, event_id)
        move_event(
            session, event, date(2027, 5, 20), None, now, account=account, actor=account.actor()
        )

    assert together(live_app, administrator, [move] * 4) == ["done"] * 4
    session.rollback()
    event = session.get_one(Event, event_id)
    assert (event.calendar_sequence, event.version) == (1, 2)
    assert list(session.scalars(select(AuditEntry.action))) == ["event-moved"]
