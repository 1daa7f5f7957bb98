import uuid
from typing import cast

import pytest
from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import Session

from eventhub.domain.mail import MailKind, MailState
from eventhub.models.event import Event
from eventhub.models.mail import OutgoingMail
from eventhub.models.prepared import Prepared, prepared_insert
from tests.conftest import NOW
from tests.factories import make_event, make_registration

MAILS = cast(Table, OutgoingMail.__table__)
INSERT = prepared_insert(
    MAILS,
    "kind to mailbox_key registration_id params message_id state tries next_try_at created_at "
    "error",
    "id",
)


def values(registration_id: uuid.UUID | None = None) -> dict[str, object]:
    return {
        "kind": MailKind.SIGN_IN,
        "to": "100 %@example.org",
        "mailbox_key": "a",
        "registration_id": registration_id,
        "params": {"link": "é", "list": [1, None]},
        "message_id": uuid.uuid4().hex,
        "state": MailState.QUEUED,
        "tries": 0,
        "next_try_at": NOW,
        "created_at": NOW,
        "error": "",
    }


def test_values_of_every_type_are_stored_as_by_the_models(session: Session) -> None:
    registration = make_registration(session, make_event(session))
    given = values(registration.id)
    made = INSERT.execute(session.connection(), given).scalar_one()
    mail = session.get_one(OutgoingMail, made)
    assert {name: getattr(mail, name) for name in given} == given


def test_none_stays_none(session: Session) -> None:
    made = INSERT.execute(session.connection(), values()).scalar_one()
    assert session.get_one(OutgoingMail, made).registration_id is None


def test_constants_and_expressions_are_part_of_the_statement(session: Session) -> None:
    event = make_event(session, capacity_onsite=40)
    raise_capacity = Prepared(
        update(Event)
        .where(Event.id == bindparam("event", type_=Event.id.type), Event.capacity_onsite == 40)
        .values(capacity_onsite=Event.capacity_onsite + 2)
        .returning(Event.capacity_onsite)
    )
    rows = [
        raise_capacity.execute(session.connection(), {"event": event.id}).scalar() for _ in range(2)
    ]
    assert rows == [42, None]


def test_a_missing_value_is_told(session: Session) -> None:
    by_slug = Prepared(select(Event.id).where(Event.slug == bindparam("slug")))
    with pytest.raises(KeyError):
        by_slug.execute(session.connection(), {})
