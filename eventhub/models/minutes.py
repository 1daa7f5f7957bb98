"""Comptes-rendus and their revisions."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventhub.domain.minutes import MinutesState
from eventhub.models.base import Base, enum_column
from eventhub.models.event import Event


class Minutes(Base):
    """The account of one event: the draft under way, and what was published.

    `version` rises with every change, so that nobody writes over what they have not read.
    `published_at` is the first publication; `search_text` is that of the last one.
    """

    __tablename__ = "minutes"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), unique=True)
    state: Mapped[MinutesState] = mapped_column(
        enum_column(MinutesState), default=MinutesState.DRAFT
    )
    body: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    updated_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    published_at: Mapped[datetime | None]
    search_text: Mapped[str] = mapped_column(Text, default="")

    event: Mapped[Event] = relationship()
    revisions: Mapped[list["MinutesRevision"]] = relationship(
        back_populates="minutes",
        cascade="all, delete-orphan",
        order_by="MinutesRevision.number",
    )


class MinutesRevision(Base):
    """What was published at one moment: the text in Markdown and the figures beside it.

    `title` and `summary` are read from the text, for lists; an empty title: the event's stands.
    `note` says what a revision corrects.
    """

    __tablename__ = "minutes_revisions"
    __table_args__ = (UniqueConstraint("minutes_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    minutes_id: Mapped[int] = mapped_column(ForeignKey("minutes.id"))
    number: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(String(300), default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(String(300), default="")
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    published_at: Mapped[datetime]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))

    minutes: Mapped[Minutes] = relationship(back_populates="revisions")
