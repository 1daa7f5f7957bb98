"""Who stands at a door: a device or an account, and the checkpoints of its event."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from eventhub.domain.door import DoorCheckpoint
from eventhub.models.account import Account
from eventhub.models.door import Checkpoint, Device
from eventhub.models.event import Event


@dataclass(frozen=True, slots=True)
class Door:
    """One door of an event, held by a paired device or by a signed-in account.

    `name` is what others are told: the device's or the account's. `checkpoints` are by id,
    entrances first, then by day.
    """

    event_id: int
    name: str
    checkpoints: dict[int, DoorCheckpoint]
    device_id: int | None = None
    account_id: int | None = None
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    pending: int = 0

    @property
    def first_entrance(self) -> DoorCheckpoint | None:
        """The checkpoint shown first."""
        return next(iter(self.checkpoints.values()), None)


_CHECKPOINT_COLUMNS = (
    Checkpoint.id,
    Checkpoint.kind,
    Checkpoint.label,
    Checkpoint.activity_id,
    Checkpoint.opens_at,
    Checkpoint.closes_at,
    Checkpoint.on_date,
)
_CHECKPOINT_ORDER = (
    Checkpoint.kind.desc(),
    Checkpoint.on_date.nulls_last(),
    Checkpoint.position,
    Checkpoint.id,
)
"""« entrance » comes after « activity » in the alphabet: entrances first, by date."""

_BY_TOKEN: Select[*tuple[Any, ...]] = (
    select(
        Device.id,
        Device.event_id,
        Device.name,
        Device.expires_at,
        Device.revoked_at,
        Device.pending,
        *_CHECKPOINT_COLUMNS,
    )
    .outerjoin(Checkpoint, Checkpoint.event_id == Device.event_id)
    .where(Device.token_hash == bindparam("token_hash"))
    .order_by(*_CHECKPOINT_ORDER)
)
_OF_EVENT = (
    select(*_CHECKPOINT_COLUMNS)
    .where(Checkpoint.event_id == bindparam("event_id"))
    .order_by(*_CHECKPOINT_ORDER)
)


def device_door(session: Session, token_hash: str) -> Door | None:
    """The door of the device with that token, revoked or expired ones included."""
    rows = session.connection().execute(_BY_TOKEN, {"token_hash": token_hash}).all()
    if not rows:
        return None
    device_id, event_id, name, expires_at, revoked_at, pending = rows[0][:6]
    return Door(
        event_id=event_id,
        name=name,
        checkpoints={row[6]: DoorCheckpoint(*row[6:]) for row in rows if row[6] is not None},
        device_id=device_id,
        expires_at=expires_at,
        revoked_at=revoked_at,
        pending=pending,
    )


def account_door(session: Session, event: Event, account: Account) -> Door:
    """The door of an account that types in presences (l'appel, a signed paper list)."""
    rows = session.execute(_OF_EVENT, {"event_id": event.id}).all()
    return Door(
        event_id=event.id,
        name=account.shown_name,
        checkpoints={row[0]: DoorCheckpoint(*row) for row in rows},
        account_id=account.id,
    )
