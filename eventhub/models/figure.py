"""Figures that are not computed: declared headcounts, and figures frozen at closing."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventhub.domain.figures import Covers, Qualifier
from eventhub.models.base import Base, enum_column
from eventhub.models.event import Event


class Headcount(Base):
    """A figure entered by hand, about an event, or about a period and perhaps a département.

    `period` is as published (`2024`, `2021-10/2022-12`); `period_starts_on` and `period_ends_on`
    are its first and last days.
    """

    __tablename__ = "headcounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("events.id"), index=True)
    departement_code: Mapped[str | None] = mapped_column(ForeignKey("departements.code"))
    period: Mapped[str] = mapped_column(String(40), default="")
    period_starts_on: Mapped[date | None]
    period_ends_on: Mapped[date | None]
    measure: Mapped[str] = mapped_column(String(40))
    dimension: Mapped[str] = mapped_column(String(40), default="")
    member: Mapped[str] = mapped_column(String(80), default="")
    value: Mapped[int] = mapped_column(Integer)
    qualifier: Mapped[Qualifier] = mapped_column(enum_column(Qualifier))
    covers: Mapped[Covers] = mapped_column(enum_column(Covers), default=Covers.WHOLE)
    quote: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(String(200), default="")
    entered_at: Mapped[datetime]
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))

    event: Mapped[Event | None] = relationship()


class FrozenFigures(Base):
    """The figures of an event as they stood when it was closed; never changed afterwards."""

    __tablename__ = "frozen_figures"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), unique=True)
    frozen_at: Mapped[datetime]
    frozen_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)

    event: Mapped[Event] = relationship()
