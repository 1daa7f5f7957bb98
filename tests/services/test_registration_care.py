from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventhub.domain.errors import AlreadyRegistered, EventFull, RegistrationNotLive, StateForbids
from eventhub.domain.registration import (
    RegistrationOrigin,
    RegistrationRequest,
    RegistrationRole,
    RegistrationState,
)
from eventhub.models.account import Account
from eventhub.models.audit import AuditEntry
from eventhub.models.mail import OutgoingMail
from eventhub.models.registration import Ticket
from eventhub.services.registration_care import (
    excuse,
    mail_link,
    register_by_hand,
    replace_ticket,
    unexcuse,
    withdraw_by_hand,
)
from tests.factories import make_account, make_event, make_person, make_registration

INES = RegistrationRequest("Inès", "Aubertin", "ines@example.org")
NO_MAIL = RegistrationRequest("Bruno", "Delaunay", None, role=RegistrationRole.SPEAKER)


@pytest.fixture
def account(session: Session) -> Account:
    return make_account(session, display_name="Nadège Lemoine")


def audit(session: Session) -> list[tuple[str, str, dict[str, object]]]:
    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    return [(entry.action, entry.actor, entry.detail) for entry in entries]


def mails(session: Session) -> list[tuple[str, str]]:
    return [
        (mail.kind.value, mail.to)
        for mail in session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))
    ]


def test_someone_without_an_address_is_registered_by_hand(
    session: Session, account: Account, now: datetime
) -> None:
    event = make_event(session)
    done = register_by_hand(session, event, NO_MAIL, now, account=account)
    assert (done.state, done.registration.origin, done.registration.role) == (
        RegistrationState.CONFIRMED,
        RegistrationOrigin.STAFF,
        RegistrationRole.SPEAKER,
    )
    assert mails(session) == []
    assert audit(session) == [("registration-added", "Nadège Lemoine", {"beyond_capacity": False})]


def test_a_full_event_takes_someone_more_only_when_told_to(
    session: Session, account: Account, now: datetime
) -> None:
    event = make_event(session, capacity_onsite=0, waiting_list=False)
    with pytest.raises(EventFull):
        register_by_hand(session, event, INES, now, account=account)
    done = register_by_hand(session, event, INES, now, account=account, beyond_capacity=True)
    session.refresh(event)
    assert (done.state, event.taken_onsite) == (RegistrationState.CONFIRMED, 1)


def test_a_full_event_with_a_waiting_list_gives_a_rank(
    session: Session, account: Account, now: datetime
) -> None:
    event = make_event(session, capacity_onsite=0)
    waiting = register_by_hand(session, event, INES, now, account=account)
    assert (waiting.state, waiting.rank) == (RegistrationState.WAITING, 1)
    placed = register_by_hand(session, event, NO_MAIL, now, account=account, beyond_capacity=True)
    session.refresh(event)
    assert (placed.state, event.taken_onsite, event.waiting_onsite) == (
        RegistrationState.CONFIRMED,
        1,
        1,
    )


def test_nobody_is_registered_twice_by_hand(
    session: Session, account: Account, now: datetime
) -> None:
    event = make_event(session)
    register_by_hand(session, event, INES, now, account=account)
    with pytest.raises(AlreadyRegistered):
        register_by_hand(session, event, INES, now, account=account)


def test_withdrawing_by_hand_frees_the_place_and_is_recorded(
    session: Session, account: Account, now: datetime
) -> None:
    event = make_event(session)
    registration = register_by_hand(session, event, INES, now, account=account).registration
    withdraw_by_hand(session, registration, now, excused=True, account=account)
    session.refresh(event)
    assert (registration.state, registration.excused_at, event.taken_onsite) == (
        RegistrationState.CANCELLED,
        now,
        0,
    )
    assert audit(session)[1:] == [("registration-withdrawn", "Nadège Lemoine", {"excused": True})]
    with pytest.raises(RegistrationNotLive):
        withdraw_by_hand(session, registration, now, excused=False, account=account)


def test_an_excuse_is_noted_and_taken_back_without_losing_the_place(
    session: Session, account: Account, now: datetime
) -> None:
    event = make_event(session)
    registration = register_by_hand(session, event, INES, now, account=account).registration
    before = registration.sequence
    excuse(session, registration, now, account=account)
    assert (registration.excused_at, registration.state) == (now, RegistrationState.CONFIRMED)
    assert registration.sequence > before
    unexcuse(session, registration, now, account=account)
    assert registration.excused_at is None
    assert [action for action, _, _ in audit(session)] == [
        "registration-added",
        "registration-excused",
        "registration-not-excused",
    ]


def test_the_link_goes_again_to_who_has_an_address(session: Session, now: datetime) -> None:
    event = make_event(session)
    registration = make_registration(session, event, make_person(session, email="i@example.org"))
    assert mail_link(session, registration, now) == "i@example.org"
    assert mails(session) == [("registration-link", "i@example.org")]
    with pytest.raises(StateForbids):
        mail_link(session, make_registration(session, event, make_person(session, email=None)), now)
    withdrawn = make_registration(session, event, state=RegistrationState.CANCELLED)
    with pytest.raises(RegistrationNotLive):
        mail_link(session, withdrawn, now)


def test_a_replaced_ticket_revokes_the_old_one_and_is_mailed(
    session: Session, account: Account, now: datetime
) -> None:
    event = make_event(session)
    registration = register_by_hand(session, event, INES, now, account=account).registration
    replace_ticket(session, registration, now, account=account)
    session.expire_all()
    tickets = session.scalars(select(Ticket).order_by(Ticket.id)).all()
    assert [ticket.revoked_at for ticket in tickets] == [now, None]
    assert mails(session) == [("registration-confirmed", "ines@example.org")] * 2
    withdraw_by_hand(session, registration, now, excused=False, account=account)
    with pytest.raises(RegistrationNotLive):
        replace_ticket(session, registration, now, account=account)
