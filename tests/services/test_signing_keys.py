import pytest
from sqlalchemy.orm import Session

from eventhub.domain.errors import StateForbids
from eventhub.domain.ticket import read_ticket
from eventhub.models.door import SigningKey
from eventhub.services.signing_keys import (
    ensure_first_key,
    is_signed,
    public_keys,
    rotate_signing_key,
)
from eventhub.services.tickets import issue_ticket, signed_text
from tests.conftest import NOW, SECRET_KEY
from tests.factories import make_event, make_registration


def test_a_ticket_is_signed_before_any_key_is_stored(session: Session) -> None:
    registration = make_registration(session, make_event(session))
    ticket = issue_ticket(session, registration.id, registration.event_id, 1, NOW)
    text = signed_text(session, ticket, SECRET_KEY)
    assert session.query(SigningKey).count() == 0
    ensure_first_key(session, SECRET_KEY, NOW)
    assert signed_text(session, ticket, SECRET_KEY) == text
    read = read_ticket(text)
    assert read is not None
    assert is_signed(session, read, SECRET_KEY)


def test_the_private_half_is_sealed(session: Session) -> None:
    key = ensure_first_key(session, SECRET_KEY, NOW)
    assert len(key.public_key) == 32
    assert public_keys(session) == {1: key.public_key}
    registration = make_registration(session, make_event(session))
    ticket = issue_ticket(session, registration.id, registration.event_id, 1, NOW)
    with pytest.raises(StateForbids):
        signed_text(session, ticket, "another secret")


def test_after_a_rotation_old_tickets_stay_valid(session: Session) -> None:
    registration = make_registration(session, make_event(session))
    old = issue_ticket(session, registration.id, registration.event_id, 1, NOW)
    rotate_signing_key(session, SECRET_KEY, NOW)
    new = issue_ticket(session, registration.id, registration.event_id, 1, NOW)
    assert (old.key_number, new.key_number) == (1, 2)
    for ticket in (old, new):
        read = read_ticket(signed_text(session, ticket, SECRET_KEY))
        assert read is not None
        assert is_signed(session, read, SECRET_KEY)
    assert sorted(public_keys(session)) == [1, 2]


def test_a_ticket_of_an_unknown_key_or_changed_is_not_signed(session: Session) -> None:
    registration = make_registration(session, make_event(session))
    ticket = issue_ticket(session, registration.id, registration.event_id, 1, NOW)
    read = read_ticket(signed_text(session, ticket, SECRET_KEY))
    assert read is not None
    for part, value in (("key_number", 9), ("event_number", 12345), ("signature", bytes(64))):
        fields = {name: getattr(read, name) for name in read.__slots__} | {part: value}
        assert not is_signed(session, type(read)(**fields), SECRET_KEY)


def test_keys_run_out_rather_than_repeat(session: Session) -> None:
    for _ in range(14):
        rotate_signing_key(session, SECRET_KEY, NOW)
    with pytest.raises(StateForbids):
        rotate_signing_key(session, SECRET_KEY, NOW)
