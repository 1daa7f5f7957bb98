"""What staff do to a registration: by hand, each written in the audit record."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from eventhub.domain.errors import RegistrationNotLive, StateForbids
from eventhub.domain.mail import MailKind
from eventhub.domain.registration import (
    LIVE_STATES,
    RegistrationOrigin,
    RegistrationRequest,
    RegistrationState,
)
from eventhub.models.account import Account
from eventhub.models.event import Event
from eventhub.models.registration import Registration
from eventhub.services.audit import record
from eventhub.services.outbox import enqueue
from eventhub.services.registration import RegistrationOutcome, register, withdraw
from eventhub.services.sequence import next_sequence
from eventhub.services.tickets import reissue_ticket


def register_by_hand(
    session: Session,
    event: Event,
    request: RegistrationRequest,
    now: datetime,
    *,
    account: Account,
    beyond_capacity: bool = False,
) -> RegistrationOutcome:
    """Register someone who asked a colleague; see `eventhub.services.registration.register`.

    Raises InvalidInput, RegistrationClosed, EventFull, AlreadyRegistered.
    """
    outcome = register(
        session,
        event,
        request,
        now,
        origin=RegistrationOrigin.STAFF,
        beyond_capacity=beyond_capacity,
    )
    record(
        session,
        now,
        "registration-added",
        account_id=account.id,
        actor=account.shown_name,
        event_id=event.id,
        subject=f"registration:{outcome.registration_id}",
        beyond_capacity=beyond_capacity,
    )
    return outcome


def withdraw_by_hand(
    session: Session,
    registration: Registration,
    now: datetime,
    *,
    excused: bool,
    account: Account,
) -> None:
    """Withdraw someone who told a colleague. Raises RegistrationNotLive."""
    withdraw(session, registration, now, excused=excused)
    _record(session, registration, now, "registration-withdrawn", account, excused=excused)


def excuse(
    session: Session, registration: Registration, now: datetime, *, account: Account
) -> None:
    """Note someone excused for the event; the registration and its place stay as they are."""
    _mark_excused(session, registration, now, now)
    _record(session, registration, now, "registration-excused", account)


def unexcuse(
    session: Session, registration: Registration, now: datetime, *, account: Account
) -> None:
    """Take back that someone is excused."""
    _mark_excused(session, registration, None, now)
    _record(session, registration, now, "registration-not-excused", account)


def mail_link(session: Session, registration: Registration, now: datetime) -> str:
    """Mail someone the link of their registration again; the address it goes to.

    Raises StateForbids for a person without an address, RegistrationNotLive.
    """
    if registration.state not in LIVE_STATES:
        raise RegistrationNotLive
    address = registration.person.email
    if not address:
        raise StateForbids
    invited = registration.state is RegistrationState.INVITED
    kind = MailKind.EVENT_INVITATION if invited else MailKind.REGISTRATION_LINK
    enqueue(session, kind, address, now, registration_id=registration.id)
    session.flush()
    return address


def replace_ticket(
    session: Session, registration: Registration, now: datetime, *, account: Account
) -> None:
    """Give a new ticket and mail it; the old one is refused at the door from now on.

    Raises RegistrationNotLive where the registration is not confirmed.
    """
    if registration.state is not RegistrationState.CONFIRMED:
        raise RegistrationNotLive
    reissue_ticket(session, registration, now)
    if registration.person.email:
        enqueue(
            session,
            MailKind.REGISTRATION_CONFIRMED,
            registration.person.email,
            now,
            registration_id=registration.id,
        )
    _record(session, registration, now, "ticket-replaced", account)


def _mark_excused(
    session: Session, registration: Registration, at: datetime | None, now: datetime
) -> None:
    sequence = next_sequence(session, registration.event_id)
    registration.excused_at = at
    registration.updated_at = now
    registration.sequence = sequence
    session.flush()


def _record(
    session: Session,
    registration: Registration,
    now: datetime,
    action: str,
    account: Account,
    **detail: Any,
) -> None:
    record(
        session,
        now,
        action,
        account_id=account.id,
        actor=account.shown_name,
        event_id=registration.event_id,
        subject=f"registration:{registration.id}",
        **detail,
    )
