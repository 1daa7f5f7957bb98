from sqlalchemy.orm import Session

from eventhub.domain.ticket import read_short_code
from eventhub.extensions import db
from eventhub.services.tickets import issue_ticket, reissue_ticket
from tests.conftest import NOW
from tests.factories import make_event, make_registration
from tests.query_count import counted_statements


def test_issuing_costs_one_statement(session: Session) -> None:
    registration = make_registration(session, make_event(session))
    with counted_statements(db.engine) as statements:
        ticket = issue_ticket(session, registration.id, registration.event_id, 7, NOW)
        assert (ticket.key_number, ticket.sequence) == (1, 7)
    assert len(statements) == 1
    assert read_short_code(ticket.short_code) == ticket.short_code
    assert len(ticket.public_id) == 22


def test_a_reissue_revokes_the_old_ticket(session: Session) -> None:
    event = make_event(session)
    registration = make_registration(session, event)
    old = issue_ticket(session, registration.id, event.id, 1, NOW)
    new = reissue_ticket(session, registration, NOW)
    session.refresh(event)
    assert old.revoked_at == NOW
    assert new.revoked_at is None
    assert new.public_id != old.public_id
    assert {old.sequence, new.sequence, registration.sequence} == {event.door_sequence}
    assert [ticket.id for ticket in registration.tickets] == [old.id, new.id]
