"""Deleting an event that nobody has seen."""

from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from eventhub.domain.errors import StateForbids
from eventhub.models.account import Account
from eventhub.models.audit import AuditEntry
from eventhub.models.door import Checkpoint, Device, DevicePairing
from eventhub.models.event import Event
from eventhub.queries.event_deletion import what_holds
from eventhub.services.audit import record
from eventhub.services.sequence import lock_event


def delete_event(session: Session, event: Event, now: datetime, *, account: Account) -> None:
    """Delete an event with its programme, its partners and its door; the record of acts stays.

    Raises StateForbids where something holds it (see `what_holds`).
    """
    lock_event(session, event)
    if what_holds(session, event):
        raise StateForbids
    session.execute(update(AuditEntry).where(AuditEntry.event_id == event.id).values(event_id=None))
    session.execute(update(Event).where(Event.prepares_id == event.id).values(prepares_id=None))
    for model in (Checkpoint, DevicePairing, Device):
        session.execute(delete(model).where(model.event_id == event.id))
    record(
        session,
        now,
        "event-deleted",
        account_id=account.id,
        actor=account.shown_name,
        event_id=None,
        subject=event.slug,
        title=event.title,
    )
    session.delete(event)
    session.flush()
