"""The outbox: a mail is a row, written in the transaction that causes it."""

import uuid
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from eventhub.domain.mail import MailKind, MailState
from eventhub.domain.naming import email_key
from eventhub.models.mail import OutgoingMail
from eventhub.models.prepared import prepared_insert

_INSERT = prepared_insert(
    cast(Table, OutgoingMail.__table__),
    "kind to mailbox_key registration_id params message_id state tries next_try_at created_at "
    "error",
)


def enqueue(
    session: Session,
    kind: MailKind,
    to: str,
    now: datetime,
    *,
    registration_id: uuid.UUID | None = None,
    **params: Any,
) -> None:
    """Write a mail, to be delivered once the transaction is committed; one statement.

    `params` are what its template needs beside the registration, as JSON can hold it.
    """
    _INSERT.execute(
        session.connection(),
        {
            "kind": kind,
            "to": to,
            "mailbox_key": mailbox_key(to),
            "registration_id": registration_id,
            "params": params,
            "message_id": uuid.uuid4().hex,
            "state": MailState.QUEUED,
            "tries": 0,
            "next_try_at": now,
            "created_at": now,
            "error": "",
        },
    )


def mailbox_key(address: str) -> str:
    """The key of the mailbox behind an address: its spellings, and its `+tags`, are one."""
    local, _, domain = email_key(address).rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def mails_to_mailbox(
    session: Session, address: str, now: datetime, within: timedelta, *kinds: MailKind
) -> int:
    """How many mails (of these kinds, or of any) were written to this mailbox lately."""
    statement = select(func.count()).where(
        OutgoingMail.mailbox_key == mailbox_key(address),
        OutgoingMail.created_at > now - within,
    )
    if kinds:
        statement = statement.where(OutgoingMail.kind.in_(kinds))
    return session.scalar(statement) or 0
