"""Presence: derived from scans, or loaded as history."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventhub.domain.registration import AttendanceMode
from eventhub.domain.scan import AttendanceOrigin
from eventhub.models.base import Base, enum_column
from eventhub.models.door import Checkpoint, Scan
from eventhub.models.registration import Registration


class Attendance(Base):
    """One registration present at one checkpoint, in a mode; the earliest arrival not undone."""

    __tablename__ = "attendances"
    __table_args__ = (
        UniqueConstraint("registration_id", "checkpoint_id"),
        Index("ix_attendances_event", "event_id"),
        Index("ix_attendances_checkpoint", "checkpoint_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    registration_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("registrations.id"))
    checkpoint_id: Mapped[int] = mapped_column(ForeignKey("checkpoints.id"))
    mode: Mapped[AttendanceMode] = mapped_column(enum_column(AttendanceMode))
    origin: Mapped[AttendanceOrigin] = mapped_column(enum_column(AttendanceOrigin))
    present_at: Mapped[datetime | None]
    scan_id: Mapped[int | None] = mapped_column(ForeignKey("scans.id"))

    registration: Mapped[Registration] = relationship()
    checkpoint: Mapped[Checkpoint] = relationship()
    scan: Mapped[Scan | None] = relationship()
