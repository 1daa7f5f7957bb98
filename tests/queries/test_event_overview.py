from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from eventhub.domain.event import ActivityFormat, DatePrecision, EventMode, EventState, KindFamily
from eventhub.domain.mail import MailKind, MailState
from eventhub.domain.preparation import EventFacts
from eventhub.domain.registration import AttendanceMode, RegistrationState
from eventhub.extensions import db
from eventhub.models.door import Device
from eventhub.models.event import Activity
from eventhub.models.mail import OutgoingMail
from eventhub.queries.event_overview import event_overview
from eventhub.services.outbox import enqueue
from tests.factories import make_event, make_person, make_registration, make_structure
from tests.query_count import counted_statements

FACTS = EventFacts(
    state=EventState.PUBLISHED,
    family=KindFamily.EVENT,
    mode=EventMode.HYBRID,
    precision=DatePrecision.DAY,
    starts_on=date(2027, 4, 8),
    ends_on=date(2027, 4, 8),
    over=False,
    has_hours=True,
    has_place=True,
    has_capacity=True,
    has_contact=True,
    has_summary=False,
    has_access=False,
    has_link=False,
    takes_registrations=True,
    activities=0,
    confirmed=0,
    waiting=0,
    doubles=0,
    failed_mails=0,
    devices=0,
    minutes=None,
)


def test_an_empty_event_has_only_its_facts(session: Session, now: datetime) -> None:
    event = make_event(session, mode=EventMode.HYBRID)
    overview = event_overview(session, event, now)
    assert overview.facts == FACTS
    assert (overview.total, overview.structures, overview.lately) == (0, 0, 0)


def test_people_are_counted_by_state_and_mode(session: Session, now: datetime) -> None:
    event = make_event(session, mode=EventMode.HYBRID)
    known = make_structure(session)
    lately, before = now - timedelta(days=6), now - timedelta(days=8)
    make_registration(session, event, created_at=lately, structure_id=known.id)
    make_registration(session, event, created_at=before, structure_id=known.id)
    make_registration(session, event, created_at=before, mode=AttendanceMode.REMOTE)
    for state in (RegistrationState.WAITING, RegistrationState.INVITED):
        make_registration(session, event, created_at=before, state=state)
    make_registration(session, event, created_at=lately, state=RegistrationState.CANCELLED)
    overview = event_overview(session, event, now)
    assert (
        overview.onsite,
        overview.remote,
        overview.waiting,
        overview.invited,
        overview.cancelled,
        overview.structures,
        overview.lately,
        overview.total,
    ) == (2, 1, 1, 1, 1, 1, 1, 6)
    assert overview.facts == replace(FACTS, confirmed=3, waiting=1, doubles=5)  # all of one name


def test_the_facts_know_of_programme_door_mails_and_doubles(
    session: Session, now: datetime
) -> None:
    event = make_event(session, mode=EventMode.HYBRID)
    session.add(Activity(event_id=event.id, format=ActivityFormat.WORKSHOP, title="Atelier"))
    for number, values in enumerate(
        ({}, {"revoked_at": now}, {"expires_at": now - timedelta(days=1)})
    ):
        session.add(
            Device(
                **{
                    "event_id": event.id,
                    "name": "Accueil",
                    "token_hash": f"hash {number}",
                    "paired_at": now,
                    "expires_at": now + timedelta(days=1),
                }
                | values
            )
        )
    for email in ("a@example.org", "b@example.org"):
        registration = make_registration(session, event, make_person(session, email=email))
        enqueue(session, MailKind.REGISTRATION_LINK, email, now, registration_id=registration.id)
    session.execute(update(OutgoingMail).values(state=MailState.FAILED))
    session.commit()
    assert event_overview(session, event, now).facts == replace(
        FACTS, confirmed=2, activities=1, devices=1, failed_mails=2, doubles=2
    )


@pytest.mark.parametrize(
    ("values", "over"),
    [
        ({"starts_on": date(2026, 11, 20)}, True),
        ({"starts_on": date(2026, 11, 20), "state": EventState.POSTPONED}, False),
        ({"starts_on": date(2026, 11, 20), "state": EventState.DRAFT}, False),
        ({"state": EventState.CLOSED}, True),
        ({}, False),
    ],
)
def test_an_event_is_over_once_it_has_ended_or_was_closed(
    session: Session, now: datetime, values: dict[str, object], over: bool
) -> None:
    event = make_event(session, **values)
    assert event_overview(session, event, now).facts.over is over


@pytest.mark.parametrize("number", [1, 3])
def test_the_overview_costs_the_same_whatever_the_number(
    session: Session, now: datetime, number: int
) -> None:
    event = make_event(session)
    for _ in range(number):
        make_registration(session, event)
    assert event.kind.label
    with counted_statements(db.engine) as statements:
        event_overview(session, event, now)
    assert len(statements) == 5
