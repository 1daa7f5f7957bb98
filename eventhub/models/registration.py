"""Registrations, places in activities, and tickets."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventhub.domain.registration import (
    AttendanceMode,
    RegistrationOrigin,
    RegistrationRole,
    RegistrationState,
)
from eventhub.models.base import Base, enum_column, new_id
from eventhub.models.event import Activity, Event
from eventhub.models.person import Category, Person
from eventhub.models.structure import Structure

_LIVE = text("state IN ('invited', 'confirmed', 'waiting')")


class Registration(Base):
    """A person's place at an event, with what the person said of themselves then.

    `waiting_rank` is the place in the queue of the registration's mode, from 1 on without a gap
    (see `eventhub.services.places`); `holds_place` says whether the row is in
    the event's counter; `sequence` is the event's `door_sequence` at the last change that a
    door's copy must see.
    """

    __tablename__ = "registrations"
    __table_args__ = (
        Index(
            "uq_registrations_live",
            "event_id",
            "person_id",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index("ix_registrations_event_sequence", "event_id", "sequence"),
        Index("ix_registrations_event_state", "event_id", "state"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    state: Mapped[RegistrationState] = mapped_column(enum_column(RegistrationState))
    origin: Mapped[RegistrationOrigin] = mapped_column(enum_column(RegistrationOrigin))
    role: Mapped[RegistrationRole] = mapped_column(
        enum_column(RegistrationRole), default=RegistrationRole.PARTICIPANT
    )
    mode: Mapped[AttendanceMode] = mapped_column(
        enum_column(AttendanceMode), default=AttendanceMode.ONSITE
    )
    category_code: Mapped[str | None] = mapped_column(ForeignKey("categories.code"))
    structure_id: Mapped[int | None] = mapped_column(ForeignKey("structures.id"), index=True)
    structure_name: Mapped[str] = mapped_column(String(200), default="")
    departement_code: Mapped[str | None] = mapped_column(ForeignKey("departements.code"))
    holds_place: Mapped[bool] = mapped_column(default=False)
    waiting_rank: Mapped[int | None]
    excused_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    sequence: Mapped[int] = mapped_column(default=0)

    event: Mapped[Event] = relationship()
    person: Mapped[Person] = relationship()
    category: Mapped[Category | None] = relationship()
    structure: Mapped[Structure | None] = relationship()
    bookings: Mapped[list["Booking"]] = relationship(
        back_populates="registration", cascade="all, delete-orphan"
    )
    tickets: Mapped[list["Ticket"]] = relationship(
        back_populates="registration", cascade="all, delete-orphan", order_by="Ticket.id"
    )


class Booking(Base):
    """A registration's place in an activity."""

    __tablename__ = "bookings"
    __table_args__ = (UniqueConstraint("registration_id", "activity_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("registrations.id", ondelete="CASCADE")
    )
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"), index=True)
    state: Mapped[RegistrationState] = mapped_column(enum_column(RegistrationState))
    created_at: Mapped[datetime]

    registration: Mapped[Registration] = relationship(back_populates="bookings")
    activity: Mapped[Activity] = relationship()


class Ticket(Base):
    """The identity in a QR code; a reissue replaces it, so that the old one is revoked.

    `public_id` is 11 random bytes in hexadecimal; the signed text is made from it when shown.
    """

    __tablename__ = "tickets"
    __table_args__ = (UniqueConstraint("event_id", "short_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    registration_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("registrations.id"), index=True)
    short_code: Mapped[str] = mapped_column(String(8))
    key_number: Mapped[int]
    issued_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    sequence: Mapped[int] = mapped_column(default=0)

    registration: Mapped[Registration] = relationship(back_populates="tickets")
