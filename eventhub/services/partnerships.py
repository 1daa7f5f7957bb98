"""The structures that have a role on an event: adding, ordering, showing their logo, removing.

Each act raises the event's version: a form opened before does not write over it unseen.
"""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from eventhub.domain.errors import InvalidInput, NotFound, StateForbids
from eventhub.domain.event import EventState, PartnershipRole
from eventhub.domain.registration import STRUCTURE_NAME_MAX
from eventhub.models.account import Account
from eventhub.models.event import Event, Partnership
from eventhub.services.audit import record
from eventhub.services.search_texts import index_event
from eventhub.services.sequence import lock_event
from eventhub.services.structures import find_or_create_structure, structure_key

_ROLES = list(PartnershipRole)


def add_partner(
    session: Session,
    event: Event,
    name: str,
    role: PartnershipRole,
    now: datetime,
    *,
    account: Account,
) -> Partnership:
    """Give a structure a role on an event, the last of that role; made where it is unknown.

    Raises InvalidInput on `name`, StateForbids.
    """
    _open(session, event)
    structure = find_or_create_structure(session, name) if structure_key(name) else None
    if structure is None or len(name) > STRUCTURE_NAME_MAX:
        raise InvalidInput({"name": "Donnez le nom de la structure."})
    if any(p.role is role and p.structure_id == structure.id for p in event.partnerships):
        raise InvalidInput({"name": f"« {structure.name} » a déjà ce rôle."})
    partnership = Partnership(
        structure=structure, role=role, position=len(event.partnerships), shows_logo=True
    )
    event.partnerships.append(partnership)
    session.flush()
    _settle(session, event, now, account, added=structure.id, role=role.value)
    return partnership


def move_partner(
    session: Session,
    event: Event,
    partnership_id: int,
    up: bool,
    now: datetime,
    *,
    account: Account,
) -> None:
    """Change places with the neighbour of the same role; nothing at the end of the row.

    Raises NotFound, StateForbids.
    """
    _open(session, event)
    moved = _partnership(event, partnership_id)
    row = partners_in_order(event)
    at = row.index(moved)
    other = at - 1 if up else at + 1
    if not 0 <= other < len(row) or row[other].role is not moved.role:
        return
    row[at], row[other] = row[other], row[at]
    for position, one in enumerate(row):
        if one.position != position:
            one.position = position
    _settle(session, event, now, account, moved=moved.structure_id)


def show_logo(
    session: Session,
    event: Event,
    partnership_id: int,
    shown: bool,
    now: datetime,
    *,
    account: Account,
) -> None:
    """Show a partner's logo on the event's page, or its name alone.

    Raises NotFound, StateForbids.
    """
    _open(session, event)
    partnership = _partnership(event, partnership_id)
    if partnership.shows_logo is not shown:
        partnership.shows_logo = shown
        _settle(session, event, now, account, logo=partnership.structure_id, shown=shown)


def remove_partner(
    session: Session, event: Event, partnership_id: int, now: datetime, *, account: Account
) -> None:
    """Take a role away; the structure stays in the directory. Raises NotFound, StateForbids."""
    _open(session, event)
    partnership = _partnership(event, partnership_id)
    removed, role = partnership.structure_id, partnership.role.value
    event.partnerships.remove(partnership)
    _settle(session, event, now, account, removed=removed, role=role)


def partners_in_order(event: Event) -> list[Partnership]:
    """The partnerships of an event as they are shown: by role, then as they were put."""
    return sorted(
        event.partnerships, key=lambda one: (_ROLES.index(one.role), one.position, one.id)
    )


def _open(session: Session, event: Event) -> None:
    lock_event(session, event)
    session.expire(event, ["partnerships"])
    if event.state in {EventState.CANCELLED, EventState.CLOSED}:
        raise StateForbids


def _partnership(event: Event, partnership_id: int) -> Partnership:
    for one in event.partnerships:
        if one.id == partnership_id:
            return one
    raise NotFound


def _settle(session: Session, event: Event, now: datetime, account: Account, **detail: Any) -> None:
    event.version += 1
    event.updated_at = now
    session.flush()
    session.expire(event, ["partnerships"])  # to be read in their new order
    index_event(session, event)
    record(
        session,
        now,
        "event-changed",
        account_id=account.id,
        actor=account.shown_name,
        event_id=event.id,
        subject=event.slug,
        changed=["structures"],
        version=event.version,
        **detail,
    )
