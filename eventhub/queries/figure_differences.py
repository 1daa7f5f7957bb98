"""What has moved since an event's figures were frozen: who moved it, and why."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import not_, or_, select
from sqlalchemy.orm import Session

from eventhub.domain.counting import Value
from eventhub.domain.figures import EVENT_MEASURES, MEASURES
from eventhub.domain.scan import ScanKind
from eventhub.models.account import Account
from eventhub.models.audit import AuditEntry
from eventhub.models.door import Device, Scan
from eventhub.models.figure import FrozenFigures
from eventhub.models.registration import Registration
from eventhub.queries.figure_rows import Difference, FrozenCopy

LATE_SCAN = "passage reçu après la clôture"
LATE_REGISTRATION = "inscription modifiée après la clôture"
LATE_ACT = "correction après la clôture"
UNKNOWN_AUTHOR = "auteur·rice non renseigné·e"
PARTICIPANT = "la personne inscrite"

_MOVES_NOTHING = ("event-", "minutes-", "headcount-", "mail-", "device-", "figures-")
"""How the names begin of acts that move no computed figure of a closed event."""


def frozen_copy(session: Session, event_id: int) -> FrozenCopy | None:
    """The figures frozen when the event was closed, if it was."""
    row = session.execute(
        select(FrozenFigures.frozen_at, FrozenFigures.figures).where(
            FrozenFigures.event_id == event_id
        )
    ).one_or_none()
    if row is None:
        return None
    return FrozenCopy(row.frozen_at, row.figures["figures"], row.figures["breakdowns"])


def differences(
    session: Session, event_id: int, frozen: FrozenCopy, live: Mapping[str, Value]
) -> tuple[Difference, ...]:
    """The figures that differ from the frozen ones, with everyone who may have moved them."""
    moved = [code for code in EVENT_MEASURES if frozen.figures.get(code) != live[code]]
    if not moved:
        return ()
    authors, reasons = _who_and_why(session, event_id, frozen.at)
    return tuple(
        Difference(
            measure=code,
            label=MEASURES[code].label,
            frozen=frozen.figures.get(code),
            live=live[code],
            author=authors,
            reason=reasons,
        )
        for code in moved
    )


def _who_and_why(session: Session, event_id: int, since: datetime) -> tuple[str, str]:
    found = [
        *_late_scans(session, event_id, since),
        *_late_acts(session, event_id, since),
    ]
    if not found:
        found = _late_registrations(session, event_id, since) or [(UNKNOWN_AUTHOR, LATE_ACT)]
    authors = dict.fromkeys(author for author, _reason in found)
    reasons = dict.fromkeys(reason for _author, reason in found)
    return ", ".join(authors), "\u00a0; ".join(reasons)


def _late_scans(session: Session, event_id: int, since: datetime) -> list[tuple[str, str]]:
    rows = session.execute(
        select(Device.name, Account.display_name, Account.email, Scan.reason)
        .select_from(Scan)
        .outerjoin(Device, Device.id == Scan.device_id)
        .outerjoin(Account, Account.id == Scan.account_id)
        .where(
            Scan.event_id == event_id,
            Scan.received_at > since,
            Scan.is_test.is_(False),
            # Refused arrivals move nothing; undos and excuses may.
            or_(
                Scan.counts.is_(True),
                Scan.undone.is_(True),
                Scan.kind.in_((ScanKind.UNDO, ScanKind.EXCUSE)),
            ),
        )
        .order_by(Scan.received_at, Scan.id)
    )
    return [
        (device or name or email or UNKNOWN_AUTHOR, reason.strip() or LATE_SCAN)
        for device, name, email, reason in rows
    ]


def _late_acts(session: Session, event_id: int, since: datetime) -> list[tuple[str, str]]:
    rows = session.execute(
        select(AuditEntry.actor, AuditEntry.reason)
        .where(
            AuditEntry.event_id == event_id,
            AuditEntry.at > since,
            not_(or_(*(AuditEntry.action.startswith(prefix) for prefix in _MOVES_NOTHING))),
        )
        .order_by(AuditEntry.at, AuditEntry.id)
    )
    return [(actor or UNKNOWN_AUTHOR, reason.strip() or LATE_ACT) for actor, reason in rows]


def _late_registrations(session: Session, event_id: int, since: datetime) -> list[tuple[str, str]]:
    touched = session.scalar(
        select(Registration.id)
        .where(Registration.event_id == event_id, Registration.updated_at > since)
        .limit(1)
    )
    return [] if touched is None else [(PARTICIPANT, LATE_REGISTRATION)]
