"""The JSON of a door's copy, as the API gives it. See docs/door-protocol.md."""

from datetime import UTC, datetime
from typing import Any

from eventhub.queries.door import Door
from eventhub.queries.door_copy import CheckpointCopy, DoorCopy, PresenceCopy, RegistrationCopy


def copy_json(door: Door, copy: DoorCopy, now: datetime) -> dict[str, Any]:
    """The answer of GET /api/v1/door/snapshot."""
    event = copy.event
    return {
        "event": {
            "number": str(event.id),
            "slug": event.slug,
            "title": event.title,
            "timezone": event.timezone,
            "starts_on": event.starts_on.isoformat(),
            "ends_on": event.ends_on.isoformat(),
            "starts_at": moment(event.starts_at),
            "ends_at": moment(event.ends_at),
        },
        "device": {"id": str(door.device_id), "name": door.name},
        "server_time": moment(now),
        "expires_at": moment(door.expires_at),
        "cursor": copy.cursor,
        "full": copy.full,
        "scans_held": copy.scans_held,
        "public_keys": {str(number): key.hex() for number, key in copy.public_keys.items()},
        "events": {str(number): title for number, title in copy.events.items()},
        "checkpoints": [_checkpoint(checkpoint) for checkpoint in copy.checkpoints],
        "registrations": [_registration(registration) for registration in copy.registrations],
        "removed": [str(alias) for alias in copy.removed],
        "revoked": copy.revoked,
    }


def moment(at: datetime | None) -> str | None:
    """A moment in ISO 8601, in UTC."""
    return at.astimezone(UTC).isoformat() if at else None


def _checkpoint(checkpoint: CheckpointCopy) -> dict[str, Any]:
    return {
        "id": str(checkpoint.id),
        "label": checkpoint.label,
        "kind": checkpoint.kind.value,
        "opens_at": moment(checkpoint.opens_at),
        "closes_at": moment(checkpoint.closes_at),
        "capacity": checkpoint.capacity,
        "booked": checkpoint.booked,
    }


def _registration(registration: RegistrationCopy) -> dict[str, Any]:
    return {
        "id": str(registration.id),
        "ticket_id": registration.ticket_id,
        "short_code": registration.short_code,
        "name": registration.name,
        "structure": registration.structure,
        "category": registration.category,
        "role": registration.role.value,
        "mode": registration.mode.value,
        "state": registration.state.value,
        "checkpoints": [str(checkpoint_id) for checkpoint_id in registration.checkpoints],
        "present": {
            str(checkpoint_id): _presence(presence)
            for checkpoint_id, presence in registration.present.items()
        },
    }


def _presence(presence: PresenceCopy) -> dict[str, Any]:
    return {
        "scans": presence.scans,
        "at": moment(presence.at),
        "device": presence.device,
        "mode": presence.mode.value,
    }
