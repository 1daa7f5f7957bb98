"""The door as its organiser sees it: checkpoints with who is there, devices."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from eventhub.models.attendance import Attendance
from eventhub.models.door import Checkpoint, Device, Scan


@dataclass(frozen=True, slots=True)
class CheckpointLine:
    """A checkpoint, and how many are or were present there."""

    checkpoint: Checkpoint
    present: int


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """A device: when it was last heard of, how many scans it sent, how many it still holds."""

    device: Device
    last_contact_at: datetime | None
    scans: int


def checkpoint_lines(session: Session, event_id: int) -> Sequence[CheckpointLine]:
    """The checkpoints of an event, entrances first, by date."""
    rows = session.execute(
        select(Checkpoint, func.count(Attendance.id))
        .outerjoin(Attendance, Attendance.checkpoint_id == Checkpoint.id)
        .where(Checkpoint.event_id == event_id)
        .group_by(Checkpoint.id)
        .order_by(
            Checkpoint.kind.desc(),
            Checkpoint.on_date.nulls_last(),
            Checkpoint.position,
            Checkpoint.id,
        )
    )
    return [CheckpointLine(checkpoint, present) for checkpoint, present in rows]


def device_lines(session: Session, event_id: int) -> Sequence[DeviceLine]:
    """The devices of an event's door, in the order in which they were paired."""
    rows = session.execute(
        select(Device, func.max(Scan.received_at), func.count(Scan.id))
        .outerjoin(Scan, Scan.device_id == Device.id)
        .where(Device.event_id == event_id)
        .group_by(Device.id)
        .order_by(Device.revoked_at.is_not(None), Device.paired_at, Device.id)
    )
    return [
        DeviceLine(
            device,
            max((at for at in (device.last_seen_at, sent_at) if at is not None), default=None),
            scans,
        )
        for device, sent_at, scans in rows
    ]


def device_of_event(session: Session, event_id: int, device_id: int) -> Device | None:
    """A device of that event's door."""
    return session.scalar(select(Device).where(Device.id == device_id, Device.event_id == event_id))


def checkpoint_of_event(session: Session, event_id: int, checkpoint_id: int) -> Checkpoint | None:
    """A checkpoint of that event."""
    return session.scalar(
        select(Checkpoint).where(Checkpoint.id == checkpoint_id, Checkpoint.event_id == event_id)
    )
