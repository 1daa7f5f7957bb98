"""Kinds of event: data that administrators edit, each with the template of its events."""

from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventhub.domain.errors import InvalidInput, KindChanged, StateForbids
from eventhub.domain.event import KindFamily
from eventhub.domain.kind_template import KIND_CODE_MAX, KindActivityDetails, KindDetails
from eventhub.models.account import Account
from eventhub.models.event import EventKind, KindActivity
from eventhub.queries.kinds import kind_use
from eventhub.services.audit import record
from eventhub.services.ranked import insert_with_code, move_among
from eventhub.services.search_texts import index_events_of_kind

_LATE = 10**6


def kind_subject(code: str) -> str:
    """How the record of acts names a kind."""
    return f"type:{code}"


def add_kind(session: Session, details: KindDetails, now: datetime, *, by: Account) -> EventKind:
    """Add a kind, last of all; its code is made from its name and stays. Raises InvalidInput."""
    details.check()
    last = max((kind.position for kind in _every(session)), default=-1)
    kind = EventKind(position=last + 1)
    _take(kind, details)
    insert_with_code(session, kind, KIND_CODE_MAX)
    _record(session, kind, now, "kind-added", by)
    return kind


def change_kind(
    session: Session,
    kind: EventKind,
    details: KindDetails,
    version: int,
    now: datetime,
    *,
    by: Account,
    sure: bool = False,
) -> bool:
    """Change a kind and its template; whether anything changed. Its events stay as they are.

    Another counting unit or another family of a kind in use changes live figures: that is for
    whoever is `sure`. Raises InvalidInput (on `sure` where it is asked for); KindChanged where
    `version` is no longer the kind's.
    """
    details.check()
    _lock(session, kind, version)
    if is_recounted(session, kind, details) and not sure:
        raise InvalidInput({"sure": "Cochez pour changer les chiffres de ce type."})
    _refuse_to_unveil(session, kind, details)
    renamed = kind.label != details.label
    changed = _take(kind, details)
    if not changed:
        return False
    kind.version += 1
    session.flush()
    if renamed:
        index_events_of_kind(session, kind.code)
    _record(session, kind, now, "kind-changed", by, changed=changed)
    return True


def is_recounted(session: Session, kind: EventKind, details: KindDetails) -> bool:
    """Whether live figures change with these details: another unit or family, of a kind in use."""
    use = kind_use(session, kind.code)
    recounted = kind.counted_by is not details.counted_by and use.presences > 0
    return recounted or (kind.family is not details.family and use.events > 0)


def move_kind(session: Session, kind: EventKind, now: datetime, *, up: bool, by: Account) -> None:
    """Let a kind change places with its neighbour of the same family."""
    every = _every(session)
    move_among(every, kind, lambda one: one.family is kind.family and one.active is kind.active, up)
    session.flush()
    _record(session, kind, now, "kind-moved", by)


def retire_kind(session: Session, kind: EventKind, now: datetime, *, by: Account) -> None:
    """Offer a kind no more; its events keep it. Raises StateForbids for the last one."""
    if not kind.active:
        return
    if not any(one.active for one in _every(session) if one is not kind):
        raise StateForbids
    kind.active = False
    _bump(session, kind, now, "kind-retired", by)


def restore_kind(session: Session, kind: EventKind, now: datetime, *, by: Account) -> None:
    """Offer a retired kind again."""
    if not kind.active:
        kind.active = True
        _bump(session, kind, now, "kind-restored", by)


def delete_kind(session: Session, kind: EventKind, now: datetime, *, by: Account) -> None:
    """Delete a kind that never served. Raises StateForbids for one of an event or a series."""
    session.refresh(kind, with_for_update=True)
    others = any(one.active for one in _every(session) if one is not kind)
    if kind_use(session, kind.code).is_used or (kind.active and not others):
        raise StateForbids
    _record(session, kind, now, "kind-deleted", by)
    session.delete(kind)
    session.flush()


def add_kind_activity(
    session: Session,
    kind: EventKind,
    details: KindActivityDetails,
    version: int,
    now: datetime,
    *,
    by: Account,
) -> KindActivity:
    """Add a part to the programme of the template. Raises InvalidInput, KindChanged."""
    details.check()
    _lock(session, kind, version)
    part = KindActivity(kind_code=kind.code, **_values(details))
    session.add(part)
    _settle(session, kind, now, by)
    return part


def change_kind_activity(
    session: Session,
    kind: EventKind,
    part: KindActivity,
    details: KindActivityDetails,
    version: int,
    now: datetime,
    *,
    by: Account,
) -> None:
    """Change a part of the programme of the template. Raises InvalidInput, KindChanged."""
    details.check()
    _lock(session, kind, version)
    for name, value in _values(details).items():
        setattr(part, name, value)
    _settle(session, kind, now, by)


def remove_kind_activity(
    session: Session, kind: EventKind, part: KindActivity, now: datetime, *, by: Account
) -> None:
    """Take a part out of the programme of the template; the events made from it keep theirs."""
    session.delete(part)
    _settle(session, kind, now, by)


def _every(session: Session) -> list[EventKind]:
    return list(session.scalars(select(EventKind).order_by(EventKind.position, EventKind.code)))


def _values(details: KindDetails | KindActivityDetails) -> dict[str, Any]:
    values = {one.name: getattr(details, one.name) for one in fields(details)}
    if "reminder_hours" in values:
        values["reminder_hours"] = sorted(set(values["reminder_hours"]), reverse=True)
    return values


def _take(kind: EventKind, details: KindDetails) -> list[str]:
    changed = []
    for name, value in _values(details).items():
        if getattr(kind, name) != value:
            setattr(kind, name, value)
            changed.append(name)
    return changed


def _lock(session: Session, kind: EventKind, version: int) -> None:
    session.flush()
    session.refresh(
        kind, [column.key for column in EventKind.__table__.columns], with_for_update=True
    )
    if kind.version != version:
        raise KindChanged


def _refuse_to_unveil(session: Session, kind: EventKind, details: KindDetails) -> None:
    """A rendez-vous is between two people: it never becomes public with its kind."""
    leaves = kind.family is KindFamily.ONE_TO_ONE is not details.family
    if leaves and kind_use(session, kind.code).events:
        raise InvalidInput(
            {"family": "Les rendez-vous de ce type deviendraient publics. Faites un autre type."}
        )


def _settle(session: Session, kind: EventKind, now: datetime, by: Account) -> None:
    """Put the programme of the template in the order of its hours."""
    session.flush()
    session.expire(kind, ["activities"])

    def when(part: KindActivity) -> tuple[int, int, str, int]:
        starts = part.starts_after_minutes
        return part.day, _LATE if starts is None else starts, part.track, part.id

    for position, part in enumerate(sorted(kind.activities, key=when)):
        part.position = position
    _bump(session, kind, now, "kind-changed", by)
    session.expire(kind, ["activities"])


def _bump(session: Session, kind: EventKind, now: datetime, action: str, by: Account) -> None:
    kind.version += 1
    session.flush()
    _record(session, kind, now, action, by)


def _record(
    session: Session, kind: EventKind, now: datetime, action: str, by: Account, **detail: Any
) -> None:
    record(
        session,
        now,
        action,
        account_id=by.id,
        actor=by.shown_name,
        event_id=None,
        subject=kind_subject(kind.code),
        **detail,
    )
