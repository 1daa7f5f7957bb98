"""The door: checkpoints, devices, pairings, scans, and the keys that sign tickets."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventhub.domain.registration import AttendanceMode
from eventhub.domain.scan import CheckpointKind, ScanKind, Verdict
from eventhub.models.base import Base, enum_column
from eventhub.models.event import Activity, Event
from eventhub.models.registration import Registration


class SigningKey(Base):
    """An Ed25519 key for tickets; the private half is sealed with the application's secret."""

    __tablename__ = "signing_keys"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    public_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    sealed_private_key: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class Checkpoint(Base):
    """Where presence is recorded: the entrance for a day or a half-day, or one activity.

    `on_date` is the local day that its presences count for, null when the day is unknown.
    """

    __tablename__ = "checkpoints"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), index=True)
    kind: Mapped[CheckpointKind] = mapped_column(enum_column(CheckpointKind))
    label: Mapped[str] = mapped_column(String(200))
    on_date: Mapped[date | None]
    activity_id: Mapped[int | None] = mapped_column(ForeignKey("activities.id"), unique=True)
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    position: Mapped[int] = mapped_column(default=0)
    sequence: Mapped[int] = mapped_column(default=0)

    event: Mapped[Event] = relationship()
    activity: Mapped[Activity | None] = relationship()


class Device(Base):
    """A phone paired to one event's door; its bearer token is kept hashed (SHA-256, hex).

    `last_seen_at` is its last reading of the copy (its scans have a time of their own);
    `pending` is how many scans it last said it still had to send.
    """

    __tablename__ = "devices"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    paired_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_seen_at: Mapped[datetime | None]
    pending: Mapped[int] = mapped_column(default=0)

    event: Mapped[Event] = relationship()


class DevicePairing(Base):
    """A one-use link that pairs a device; code and PIN are kept hashed, wrong PINs counted."""

    __tablename__ = "device_pairings"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    pin_hash: Mapped[str | None] = mapped_column(String(255))
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    event: Mapped[Event] = relationship()


class Scan(Base):
    """An immutable fact from a device or an account, kept whatever its verdict.

    `scan_id` is the id that the phone made; `payload` is what was sent, less what must not be
    kept (a walk-in's e-mail). `effective_at` is the server's reckoning of when it happened.
    `device_number` counts the device's scans from 1, without gaps: the last one is their number.
    `named_registration` is the registration it names, `registration_id` the one that this is or
    became: empty until it is known. `counts` (it makes a presence while it is not undone) and
    `undone` are derived and may change, and a human may accept a held scan; the rest never does.
    """

    __tablename__ = "scans"
    __table_args__ = (
        UniqueConstraint("event_id", "scan_id"),
        Index("ix_scans_event_sequence", "event_id", "sequence"),
        Index("ix_scans_registration_checkpoint", "registration_id", "checkpoint_id"),
        Index("ix_scans_device_number", "device_id", "device_number"),
        Index(
            "ix_scans_undoes",
            "event_id",
            "undoes",
            sqlite_where=text("undoes IS NOT NULL"),
            postgresql_where=text("undoes IS NOT NULL"),
        ),
        Index(
            "ix_scans_unresolved",
            "event_id",
            "named_registration",
            sqlite_where=text("registration_id IS NULL"),
            postgresql_where=text("registration_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    scan_id: Mapped[str] = mapped_column(String(64))
    device_id: Mapped[int | None] = mapped_column(ForeignKey("devices.id"))
    device_number: Mapped[int | None]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    kind: Mapped[ScanKind | None] = mapped_column(enum_column(ScanKind))
    checkpoint_id: Mapped[int | None] = mapped_column(ForeignKey("checkpoints.id"))
    registration_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("registrations.id"))
    named_registration: Mapped[str | None] = mapped_column(String(64))
    ticket_public_id: Mapped[str | None] = mapped_column(String(22))
    undoes: Mapped[str | None] = mapped_column(String(64))
    mode: Mapped[AttendanceMode | None] = mapped_column(enum_column(AttendanceMode))
    reason: Mapped[str] = mapped_column(Text, default="")
    shown: Mapped[Verdict | None] = mapped_column(enum_column(Verdict))
    overridden: Mapped[bool] = mapped_column(default=False)
    override_by: Mapped[str] = mapped_column(String(200), default="")
    is_test: Mapped[bool] = mapped_column(default=False)
    scanned_at: Mapped[datetime | None]
    offset_ms: Mapped[int | None] = mapped_column(BigInteger)
    effective_at: Mapped[datetime]
    received_at: Mapped[datetime]
    verdict: Mapped[Verdict] = mapped_column(enum_column(Verdict))
    message: Mapped[str] = mapped_column(Text, default="")
    first_seen: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    counts: Mapped[bool] = mapped_column(default=False)
    undone: Mapped[bool] = mapped_column(default=False)
    accepted_at: Mapped[datetime | None]
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    sequence: Mapped[int] = mapped_column(default=0)

    device: Mapped[Device | None] = relationship()
    checkpoint: Mapped[Checkpoint | None] = relationship()
    registration: Mapped[Registration | None] = relationship()


class RegistrationAlias(Base):
    """An id that a phone made for a registration that became another one; an alias for ever."""

    __tablename__ = "registration_aliases"

    alias_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"), index=True)
    registration_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("registrations.id"), index=True)
    created_at: Mapped[datetime]
    sequence: Mapped[int] = mapped_column(default=0)
