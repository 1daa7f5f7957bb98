"""The device that calls, by its bearer token."""

from datetime import datetime

from sqlalchemy.orm import Session

from eventhub.domain.door import REVOKED_TAKEN_FOR
from eventhub.domain.errors import DeviceExpired, DeviceRevoked, Unauthorised
from eventhub.queries.door import Door, device_door
from eventhub.web.api_auth import bearer_token, hash_token


def sending_device(session: Session, now: datetime) -> Door:
    """The device, allowed to send scans: an expired one too, a revoked one for 14 days.

    Raises Unauthorised, DeviceRevoked.
    """
    token = bearer_token()
    door = device_door(session, hash_token(token)) if token else None
    if door is None:
        raise Unauthorised
    if door.revoked_at is not None and door.revoked_at + REVOKED_TAKEN_FOR <= now:
        raise DeviceRevoked
    return door


def reading_device(session: Session, now: datetime) -> Door:
    """The device, allowed to read the copy. Raises Unauthorised, DeviceRevoked, DeviceExpired."""
    return readable(sending_device(session, now), now)


def readable(door: Door, now: datetime) -> Door:
    """The same door, if it may read the copy. Raises DeviceRevoked, DeviceExpired."""
    if door.revoked_at is not None:
        raise DeviceRevoked
    if door.expires_at is not None and door.expires_at <= now:
        raise DeviceExpired
    return door
