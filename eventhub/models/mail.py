"""The outbox: mails are rows written in the transaction that causes them."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventhub.domain.mail import MailKind, MailState
from eventhub.models.base import Base, enum_column
from eventhub.models.registration import Registration


class OutgoingMail(Base):
    """One mail to one address: what it is about; its text is made when it is delivered.

    `message_id` is fixed here, so that a second try at delivery carries the same one.
    `mailbox_key` is the same for every spelling of an address, so that mails to one mailbox can
    be counted (see `eventhub.services.outbox`).
    """

    __tablename__ = "outgoing_mails"
    __table_args__ = (
        Index("ix_outgoing_mails_due", "state", "next_try_at"),
        Index("ix_outgoing_mails_mailbox", "mailbox_key", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[MailKind] = mapped_column(enum_column(MailKind))
    to: Mapped[str] = mapped_column(String(254))
    mailbox_key: Mapped[str] = mapped_column(String(254))
    registration_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("registrations.id"), index=True
    )
    params: Mapped[dict[str, Any]] = mapped_column(JSON)
    message_id: Mapped[str] = mapped_column(String(100))
    state: Mapped[MailState] = mapped_column(enum_column(MailState), default=MailState.QUEUED)
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(Text, default="")

    registration: Mapped[Registration | None] = relationship()
