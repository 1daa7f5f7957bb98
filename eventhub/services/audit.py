"""The record of who did what, when and why."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from eventhub.models.audit import AuditEntry


def record(
    session: Session,
    now: datetime,
    action: str,
    *,
    account_id: int | None,
    actor: str,
    event_id: int | None,
    subject: str = "",
    reason: str = "",
    **detail: Any,
) -> AuditEntry:
    """Write down one act.

    `action` is a machine word (`event-published`); `actor` names the person or the device as
    staff know it; `subject` says about what, without a participant's name: the record outlives
    the person's data.
    """
    entry = AuditEntry(
        at=now,
        account_id=account_id,
        actor=actor,
        action=action,
        event_id=event_id,
        subject=subject,
        reason=reason,
        detail=detail,
    )
    session.add(entry)
    session.flush()
    return entry
