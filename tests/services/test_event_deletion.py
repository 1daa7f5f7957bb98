"""Deleting an event that nobody has seen, and no other."""

from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventhub.domain.activity_details import ActivityDetails
from eventhub.domain.errors import StateForbids
from eventhub.domain.event import ActivityFormat, EventState
from eventhub.domain.registration import RegistrationState
from eventhub.domain.rights import AccountRole
from eventhub.models.account import Account
from eventhub.models.audit import AuditEntry
from eventhub.models.door import Checkpoint
from eventhub.models.event import Activity, Event, FormerSlug
from eventhub.models.minutes import Minutes
from eventhub.services.event_addresses import change_slug
from eventhub.services.event_deletion import delete_event
from eventhub.services.events import create_event, postpone_event, publish_event, share_event
from eventhub.services.programme import add_activity
from tests.factories import (
    make_account,
    make_departement,
    make_event,
    make_kind,
    make_registration,
)
from tests.services.test_events import DETAILS


@pytest.fixture
def organiser(session: Session) -> Account:
    make_kind(session)
    make_departement(session, "37", "Indre-et-Loire")
    return make_account(session, AccountRole.ORGANISER, ("37",), display_name="Nadège Lemoine")


@pytest.fixture
def event(session: Session, organiser: Account, now: datetime) -> Event:
    return create_event(session, DETAILS, now, account=organiser, actor=organiser.actor())


def test_nothing_of_it_stays_but_the_record(
    session: Session, organiser: Account, event: Event, now: datetime
) -> None:
    add_activity(
        session,
        event,
        ActivityDetails(format=ActivityFormat.WORKSHOP, title="Atelier", on=event.starts_on),
        now,
    )
    share_event(
        session,
        event,
        [make_account(session, AccountRole.ORGANISER, ("28",)).id],
        now,
        account=organiser,
    )
    change_slug(session, event, "autre", now, account=organiser)
    meeting = make_event(session, prepares_id=event.id, starts_on=date(2027, 3, 1))
    delete_event(session, event, now, account=organiser)
    session.commit()
    session.expire_all()
    assert session.scalars(select(Event)).all() == [meeting]
    assert meeting.prepares_id is None
    assert [
        session.scalars(select(model)).all() for model in (Activity, Checkpoint, FormerSlug)
    ] == [
        [],
        [],
        [],
    ]
    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert {entry.event_id for entry in entries} == {None}
    assert (entries[-1].action, entries[-1].subject, entries[-1].detail) == (
        "event-deleted",
        "autre",
        {"title": "Rencontre des médiateurs numériques"},
    )


def test_a_draft_that_was_postponed_can_go(
    session: Session, organiser: Account, event: Event, now: datetime
) -> None:
    postpone_event(session, event, "On ne sait plus.", now, account=organiser)
    delete_event(session, event, now, account=organiser)
    assert session.scalars(select(Event)).all() == []


@pytest.mark.parametrize("state", list(RegistrationState))
def test_what_has_registrations_stays(
    session: Session, organiser: Account, event: Event, now: datetime, state: RegistrationState
) -> None:
    make_registration(session, event, state=state)
    with pytest.raises(StateForbids):
        delete_event(session, event, now, account=organiser)


def test_what_was_public_or_has_minutes_stays(
    session: Session, organiser: Account, event: Event, now: datetime
) -> None:
    session.add(Minutes(event_id=event.id, created_at=now, updated_at=now))
    session.flush()
    with pytest.raises(StateForbids):
        delete_event(session, event, now, account=organiser)
    other = create_event(session, DETAILS, now, account=organiser, actor=organiser.actor())
    publish_event(session, other, now, account=organiser)
    assert other.published_at == now
    other.state = EventState.CANCELLED
    with pytest.raises(StateForbids):
        delete_event(session, other, now, account=organiser)
