"""What an invited person answers: « Je viens », « Je ne peux pas venir »."""

from datetime import datetime

from sqlalchemy.orm import Session

from eventhub.domain.errors import EventFull, InvalidInput, RegistrationClosed, StateForbids
from eventhub.domain.mail import MailKind
from eventhub.domain.registration import (
    AttendanceMode,
    ClosedReason,
    RegistrationState,
    modes_of,
    why_registration_is_closed,
)
from eventhub.models.registration import Registration
from eventhub.services import outbox, places
from eventhub.services.sequence import lock_event, next_sequence
from eventhub.services.tickets import store_ticket

_OPEN_TO_THE_INVITED = frozenset(
    {ClosedReason.DISABLED, ClosedReason.NOT_OPEN_YET, ClosedReason.CLOSED}
)
"""Who was invited may answer before others may register, and after."""


def accept_invitation(
    session: Session,
    registration: Registration,
    mode: AttendanceMode | None,
    now: datetime,
) -> RegistrationState:
    """Give an invited person a place, or a rank in the queue, and write the mail that says so.

    `mode` None is the event's usual one. An answer given twice changes nothing more.
    Raises StateForbids for a registration that was withdrawn, RegistrationClosed where the event
    is over, cancelled or without a date, EventFull, InvalidInput on `mode`: the transaction must
    then be rolled back. Effects: locks the event's row until the commit.
    """
    event = registration.event
    lock_event(session, event)
    session.refresh(registration)
    if registration.state is RegistrationState.CANCELLED:
        raise StateForbids
    if registration.state is not RegistrationState.INVITED:
        return registration.state
    refuse_answers(registration, now)
    mode = mode or modes_of(event.mode)[0]
    if mode not in modes_of(event.mode):
        raise InvalidInput({"mode": "Choisissez une réponse."})
    placement = places.take_place(session, event, mode)
    if placement is None:
        raise EventFull
    waiting = placement.rank is not None
    registration.state = RegistrationState.WAITING if waiting else RegistrationState.CONFIRMED
    registration.mode = mode
    registration.holds_place = not waiting
    registration.waiting_rank = placement.rank
    registration.excused_at = None
    registration.updated_at = now
    registration.sequence = placement.sequence
    session.flush()
    store_ticket(session, registration.id, event.id, placement.sequence, now)
    session.expire(registration, ["tickets"])
    if registration.person.email:
        outbox.enqueue(
            session,
            MailKind.REGISTRATION_WAITING if waiting else MailKind.REGISTRATION_CONFIRMED,
            registration.person.email,
            now,
            registration_id=registration.id,
            **({"rank": placement.rank} if waiting else {}),
        )
    return registration.state


def decline_invitation(
    session: Session, registration: Registration, now: datetime, *, excused: bool
) -> None:
    """Note that an invited person does not come; `excused` also notes them excused.

    No mail: the page has said it. An answer given twice changes nothing more. Raises StateForbids
    for who has a place or a rank: they withdraw (see `eventhub.services.registration`).
    """
    sequence = next_sequence(session, registration.event_id)
    session.refresh(registration)
    if registration.state is RegistrationState.CANCELLED:
        return
    if registration.state is not RegistrationState.INVITED:
        raise StateForbids
    refuse_answers(registration, now)
    registration.state = RegistrationState.CANCELLED
    registration.cancelled_at = now
    registration.updated_at = now
    registration.sequence = sequence
    if excused:
        registration.excused_at = now
    session.flush()


def refuse_answers(registration: Registration, now: datetime) -> None:
    """Raise RegistrationClosed where an invited person can answer no more."""
    reason = why_registration_is_closed(registration.event, now)
    if reason is not None and reason not in _OPEN_TO_THE_INVITED:
        raise RegistrationClosed(reason)
