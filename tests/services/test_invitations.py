import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from eventhub.domain.errors import (
    AlreadyRegistered,
    EventFull,
    InvalidInput,
    RegistrationClosed,
    StateForbids,
)
from eventhub.domain.event import EventMode, EventState
from eventhub.domain.mail import MailKind
from eventhub.domain.registration import (
    AttendanceMode,
    RegistrationOrigin,
    RegistrationRequest,
    RegistrationRole,
    RegistrationState,
)
from eventhub.extensions import db
from eventhub.models.event import Event
from eventhub.models.mail import OutgoingMail
from eventhub.models.registration import Registration, Ticket
from eventhub.services.invitations import accept_invitation, decline_invitation
from eventhub.services.registration import register
from eventhub.services.registration_care import mail_link
from eventhub.web.transactions import write_transaction
from tests.conftest import NOW
from tests.factories import make_category, make_event, make_person, make_registration

LATER = NOW.date() + timedelta(days=60)
INVITED: dict[str, Any] = {"state": RegistrationState.INVITED, "origin": RegistrationOrigin.STAFF}


def invite(session: Session, event: Event, **values: object) -> Registration:
    person = make_person(session, "Camille", "Brossard", email="camille@example.org")
    return make_registration(session, event, person, **(INVITED | values))


def mails(session: Session) -> list[tuple[MailKind, dict[str, object]]]:
    rows = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))
    return [(mail.kind, mail.params) for mail in rows]


def tickets(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Ticket)) or 0


def test_who_comes_has_a_place_a_ticket_and_a_mail(session: Session) -> None:
    event = make_event(session, starts_on=LATER)
    registration = invite(session, event, excused_at=NOW)

    for _ in range(2):  # the second changes nothing more
        state = accept_invitation(session, registration, None, NOW)
        assert state is RegistrationState.CONFIRMED

    session.refresh(event)
    assert (registration.holds_place, registration.excused_at, event.taken_onsite) == (
        True,
        None,
        1,
    )
    assert registration.sequence == event.door_sequence
    assert (tickets(session), mails(session)) == (1, [(MailKind.REGISTRATION_CONFIRMED, {})])


def test_who_comes_to_a_full_event_waits(session: Session) -> None:
    event = make_event(session, starts_on=LATER, capacity_onsite=0)
    registration = invite(session, event)
    assert accept_invitation(session, registration, None, NOW) is RegistrationState.WAITING
    assert (registration.waiting_rank, registration.holds_place) == (1, False)
    assert mails(session) == [(MailKind.REGISTRATION_WAITING, {"rank": 1})]


def test_without_a_waiting_list_full_is_refused(session: Session) -> None:
    event = make_event(session, starts_on=LATER, capacity_onsite=0, waiting_list=False)
    registration = invite(session, event)
    with pytest.raises(EventFull):
        accept_invitation(session, registration, None, NOW)


def test_the_mode_is_one_of_the_event(session: Session) -> None:
    event = make_event(session, starts_on=LATER, mode=EventMode.HYBRID)
    registration = invite(session, event)
    accept_invitation(session, registration, AttendanceMode.REMOTE, NOW)
    session.refresh(event)
    assert (registration.mode, event.taken_remote) == (AttendanceMode.REMOTE, 1)

    onsite = make_event(session, starts_on=LATER)
    other = make_registration(session, onsite, **INVITED)
    with pytest.raises(InvalidInput) as refused:
        accept_invitation(session, other, AttendanceMode.REMOTE, NOW)
    assert list(refused.value.fields) == ["mode"]


@pytest.mark.parametrize(
    "values",
    [
        {"registration_enabled": False},
        {"registration_opens_at": NOW + timedelta(days=1)},
        {"registration_closes_at": NOW - timedelta(days=1)},
    ],
)
def test_the_invited_answer_whether_registration_is_open_or_not(
    session: Session, values: dict[str, object]
) -> None:
    registration = invite(session, make_event(session, starts_on=LATER, **values))
    assert accept_invitation(session, registration, None, NOW) is RegistrationState.CONFIRMED


@pytest.mark.parametrize(
    "values",
    [
        {"state": EventState.CANCELLED},
        {"state": EventState.POSTPONED},
        {"state": EventState.CLOSED},
        {"starts_on": NOW.date() - timedelta(days=2)},
    ],
)
def test_nobody_answers_for_what_does_not_come(session: Session, values: dict[str, object]) -> None:
    registration = invite(session, make_event(session, **({"starts_on": LATER} | values)))
    with pytest.raises(RegistrationClosed):
        accept_invitation(session, registration, None, NOW)
    with pytest.raises(RegistrationClosed):
        decline_invitation(session, registration, NOW, excused=True)


@pytest.mark.parametrize("excused", [True, False])
def test_who_does_not_come_may_be_excused_and_gets_no_mail(session: Session, excused: bool) -> None:
    event = make_event(session, starts_on=LATER)
    registration = invite(session, event)
    for _ in range(2):
        decline_invitation(session, registration, NOW, excused=excused)
    assert (registration.state, registration.cancelled_at, registration.excused_at) == (
        RegistrationState.CANCELLED,
        NOW,
        NOW if excused else None,
    )
    assert mails(session) == []
    with pytest.raises(StateForbids):
        accept_invitation(session, registration, None, NOW)


def test_who_has_a_place_withdraws_and_does_not_decline(session: Session) -> None:
    registration = make_registration(session, make_event(session, starts_on=LATER))
    with pytest.raises(StateForbids):
        decline_invitation(session, registration, NOW, excused=True)


def test_registering_by_the_form_takes_the_invitation_over(session: Session) -> None:
    event = make_event(session, starts_on=LATER)
    invited = invite(session, event, role=RegistrationRole.SPEAKER, structure_name="La Friche")
    request = RegistrationRequest(
        "camille", "BROSSARD", "Camille@example.org", category=make_category(session).code
    )
    outcome = register(session, event, request, NOW)
    assert (outcome.registration_id, outcome.state) == (invited.id, RegistrationState.CONFIRMED)
    session.expire_all()
    rows = session.scalars(select(Registration)).all()
    assert [
        (r.state, r.origin, r.role, r.category_code, r.structure_name, r.holds_place) for r in rows
    ] == [
        (
            RegistrationState.CONFIRMED,
            RegistrationOrigin.STAFF,
            RegistrationRole.SPEAKER,
            "mediateur",
            "La Friche",
            True,
        )
    ]
    assert (event.taken_onsite, tickets(session)) == (1, 1)
    assert mails(session) == [(MailKind.REGISTRATION_CONFIRMED, {})]
    with pytest.raises(AlreadyRegistered):
        register(session, event, request, NOW)


def test_a_merged_person_takes_their_invitation_over_too(session: Session) -> None:
    event = make_event(session, starts_on=LATER)
    invited = invite(session, event)
    make_person(
        session,
        "Camille",
        "Brossard-Meunier",
        email="cb@example.org",
        merged_into_id=invited.person_id,
    )
    request = RegistrationRequest("Camille", "Brossard-Meunier", "cb@example.org")
    assert register(session, event, request, NOW).registration_id == invited.id


def test_the_link_mailed_again_is_the_invitation(session: Session) -> None:
    registration = invite(session, make_event(session, starts_on=LATER))
    assert mail_link(session, registration, NOW) == "camille@example.org"
    assert mails(session) == [(MailKind.EVENT_INVITATION, {})]


def test_two_people_never_get_the_last_place(live_app: Flask, now: datetime) -> None:
    session = db.session()
    event = make_event(session, starts_on=LATER, capacity_onsite=3)
    ids = [make_registration(session, event, **INVITED).id for _ in range(12)]
    event_id = event.id
    session.commit()
    session.close()
    ready = threading.Barrier(len(ids))

    def answer(registration_id: object) -> str:
        with live_app.app_context():
            ready.wait()
            with write_transaction() as writing:
                registration = writing.get_one(Registration, registration_id)
                return accept_invitation(writing, registration, None, now).value

    with ThreadPoolExecutor(len(ids)) as pool:
        found = sorted(pool.map(answer, ids))

    assert found == ["confirmed"] * 3 + ["waiting"] * 9
    event = db.session().get_one(Event, event_id)
    assert (event.taken_onsite, event.waiting_onsite) == (3, 9)
    ranks = db.session().scalars(
        select(Registration.waiting_rank).where(Registration.waiting_rank.is_not(None))
    )
    assert sorted(rank or 0 for rank in ranks) == list(range(1, 10))
