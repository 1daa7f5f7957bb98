"""Tickets: issued with a registration, replaced by a reissue, signed when shown."""

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session, make_transient_to_detached

from eventhub.domain.ticket import (
    SHORT_CODE_ALPHABET,
    SHORT_CODE_LENGTH,
    TICKET_ID_BYTES,
    ticket_bytes,
    ticket_text,
)
from eventhub.models.prepared import prepared_insert
from eventhub.models.registration import Registration, Ticket
from eventhub.services.sequence import next_sequence
from eventhub.services.signing_keys import current_key_number, sign

_INSERT = prepared_insert(
    cast(Table, Ticket.__table__),
    "public_id event_id registration_id short_code issued_at sequence",
    "id",
    "key_number",
    key_number=current_key_number(),
)


@dataclass(frozen=True, slots=True)
class IssuedTicket:
    """A ticket just stored, without the ORM: what is shown of it and what is signed."""

    id: int
    public_id: str
    event_id: int
    short_code: str
    key_number: int


def issue_ticket(
    session: Session, registration_id: uuid.UUID, event_id: int, sequence: int, now: datetime
) -> Ticket:
    """Give a registration a ticket; one statement. See `store_ticket`."""
    issued = store_ticket(session, registration_id, event_id, sequence, now)
    ticket = Ticket(
        id=issued.id,
        public_id=issued.public_id,
        event_id=event_id,
        registration_id=registration_id,
        short_code=issued.short_code,
        key_number=issued.key_number,
        issued_at=now,
        revoked_at=None,
        sequence=sequence,
    )
    make_transient_to_detached(ticket)
    session.add(ticket)
    return ticket


def store_ticket(
    session: Session, registration_id: uuid.UUID, event_id: int, sequence: int, now: datetime
) -> IssuedTicket:
    """Store a registration's ticket; one statement, without what the ORM adds to it.

    `sequence` is the event's, raised in this transaction (see `eventhub.services.sequence`).
    Two tickets of an event that drew the same short code would fail on its unique constraint:
    with 31 to the power of 8 codes it takes a million tickets to make that likely.
    """
    public_id = secrets.token_hex(TICKET_ID_BYTES)
    short_code = "".join(secrets.choice(SHORT_CODE_ALPHABET) for _ in range(SHORT_CODE_LENGTH))
    values = {
        "public_id": public_id,
        "event_id": event_id,
        "registration_id": registration_id,
        "short_code": short_code,
        "issued_at": now,
        "sequence": sequence,
    }
    ticket_id, key_number = _INSERT.execute(session.connection(), values).one()
    return IssuedTicket(ticket_id, public_id, event_id, short_code, key_number)


def reissue_ticket(session: Session, registration: Registration, now: datetime) -> Ticket:
    """Replace every ticket of a registration by a new one; the old ones are revoked."""
    sequence = next_sequence(session, registration.event_id)
    held = session.scalars(
        select(Ticket).where(Ticket.registration_id == registration.id, Ticket.revoked_at.is_(None))
    )
    for ticket in held:
        ticket.revoked_at = now
        ticket.sequence = sequence
    registration.sequence = sequence
    new = issue_ticket(session, registration.id, registration.event_id, sequence, now)
    session.expire(registration, ["tickets"])
    return new


def signed_text(session: Session, ticket: Ticket | IssuedTicket, secret_key: str) -> str:
    """The text of the ticket's QR code: 120 characters of base45.

    Raises StateForbids when the signing key cannot be opened with `secret_key`.
    """
    data = ticket_bytes(ticket.key_number, ticket.event_id, ticket.public_id)
    return ticket_text(data, sign(session, ticket.key_number, data, secret_key))
