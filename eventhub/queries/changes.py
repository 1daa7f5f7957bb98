"""Who changed last what is not an event: kinds, categories, structures."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventhub.models.audit import AuditEntry


def last_change_of(session: Session, subject: str) -> AuditEntry | None:
    """The last act upon what the record of acts names `subject`: who did it, and when."""
    return session.scalar(
        select(AuditEntry)
        .where(AuditEntry.subject == subject, AuditEntry.event_id.is_(None))
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(1)
    )
