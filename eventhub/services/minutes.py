"""Comptes-rendus: starting, writing, publishing and withdrawing them."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from eventhub.domain.errors import InvalidInput, MinutesChanged, StateForbids
from eventhub.domain.event import EventState
from eventhub.domain.kinds import UNLISTED_FAMILIES
from eventhub.domain.minutes import BODY_MAX, NOTE_MAX, MinutesState, split_title, summary_of
from eventhub.models.account import Account
from eventhub.models.event import Event
from eventhub.models.figure import FrozenFigures, Headcount
from eventhub.models.minutes import Minutes, MinutesRevision
from eventhub.queries.minutes import minutes_of
from eventhub.services.audit import record
from eventhub.services.events import close_event
from eventhub.services.figures import freeze_figures
from eventhub.services.search_texts import index_minutes


def start_minutes(
    session: Session, event: Event, body: str, now: datetime, *, account: Account
) -> Minutes:
    """Begin the draft of an event's compte-rendu; the one there is, where someone began before."""
    found = minutes_of(session, event.id)
    if found is not None:
        return found
    minutes = Minutes(
        event_id=event.id,
        state=MinutesState.DRAFT,
        body=body,
        version=1,
        created_at=now,
        updated_at=now,
        updated_by_id=account.id,
    )
    try:
        with session.begin_nested():
            session.add(minutes)
    except IntegrityError:  # a colleague began in the same second
        other = minutes_of(session, event.id)
        if other is None:
            raise
        return other
    _record(session, event, "minutes-started", account, now)
    return minutes


def save_minutes(
    session: Session, minutes: Minutes, body: str, version: int, now: datetime, *, account: Account
) -> None:
    """Keep a new text. `version` is the one that its author read.

    What is published stays as it is until the text is published again.
    Raises MinutesChanged where someone else has written since; InvalidInput on `body`.
    """
    if len(body) > BODY_MAX:
        raise InvalidInput({"body": "Raccourcissez : 100 000 caractères au plus."})
    if body == minutes.body and version == minutes.version:
        return
    _take_version(session, minutes, version, body=body, updated_at=now, updated_by_id=account.id)


def publish_minutes(
    session: Session,
    event: Event,
    minutes: Minutes,
    version: int,
    now: datetime,
    *,
    account: Account,
    note: str = "",
    early: bool = False,
) -> MinutesRevision:
    """Publish the text as it stands, as a new revision, beside the figures of the event.

    An event still open is closed first, which freezes its figures; `early` allows it before its
    end. `note` says what a revision corrects. Raises StateForbids (no such event is published, it
    is not over and `early` is false, or nothing has changed since), MinutesChanged, InvalidInput.
    """
    if event.state not in {EventState.PUBLISHED, EventState.CLOSED}:
        raise StateForbids
    if event.kind.family in UNLISTED_FAMILIES:
        raise StateForbids
    _check_publishable(session, minutes, note)
    if event.state is EventState.PUBLISHED:
        close_event(session, event, now, account=account, early=early)
    number = _last_number(session, minutes) + 1
    _take_version(
        session,
        minutes,
        version,
        state=MinutesState.PUBLISHED,
        published_at=minutes.published_at or now,
    )
    title, _ = split_title(minutes.body)
    revision = MinutesRevision(
        minutes_id=minutes.id,
        number=number,
        body=minutes.body,
        title=title,
        summary=summary_of(minutes.body),
        note=note,
        figures=_frozen(session, event, now, account),
        published_at=now,
        published_by_id=account.id,
    )
    session.add(revision)
    session.flush()
    index_minutes(session, minutes)
    _record(session, event, "minutes-published", account, now, reason=note, revision=number)
    return revision


def withdraw_minutes(
    session: Session,
    event: Event,
    minutes: Minutes,
    reason: str,
    now: datetime,
    *,
    account: Account,
) -> None:
    """Take a published compte-rendu off the site; its text and revisions are kept.

    Raises StateForbids where it is not published, InvalidInput on `reason` where it is empty.
    """
    if minutes.state is not MinutesState.PUBLISHED:
        raise StateForbids
    if not reason:
        raise InvalidInput({"reason": "Dites pourquoi, en une phrase."})
    _take_version(session, minutes, minutes.version, state=MinutesState.WITHDRAWN)
    index_minutes(session, minutes)
    _record(session, event, "minutes-withdrawn", account, now, reason=reason)


def _check_publishable(session: Session, minutes: Minutes, note: str) -> None:
    _, text = split_title(minutes.body)
    if not text.strip():
        raise InvalidInput({"body": "Écrivez d’abord le compte-rendu."})
    if len(note) > NOTE_MAX:
        raise InvalidInput({"note": "Raccourcissez : 300 caractères au plus."})
    if minutes.state is MinutesState.PUBLISHED:
        last = session.scalar(
            select(MinutesRevision.body)
            .where(MinutesRevision.minutes_id == minutes.id)
            .order_by(MinutesRevision.number.desc())
            .limit(1)
        )
        if last == minutes.body:
            raise StateForbids


def _last_number(session: Session, minutes: Minutes) -> int:
    return (
        session.scalar(
            select(func.max(MinutesRevision.number)).where(MinutesRevision.minutes_id == minutes.id)
        )
        or 0
    )


def _take_version(session: Session, minutes: Minutes, version: int, **values: Any) -> None:
    """Change the row in one statement, if it is still at that version. Raises MinutesChanged."""
    known = minutes.version
    taken = None
    if version == known:
        taken = session.execute(
            update(Minutes)
            .where(Minutes.id == minutes.id, Minutes.version == known)
            .values(version=known + 1, **values)
            .returning(Minutes.id)
            .execution_options(synchronize_session=False)
        ).scalar_one_or_none()
    session.refresh(minutes)
    if taken is None:
        raise MinutesChanged


def _frozen(session: Session, event: Event, now: datetime, account: Account) -> dict[str, Any]:
    """The frozen figures of a closed event, and what is declared beside them.

    History that was closed without any gets them now.
    """
    statement = select(FrozenFigures).where(FrozenFigures.event_id == event.id)
    frozen = session.scalar(statement)
    if frozen is None:
        freeze_figures(session, event, now, account.id)
        frozen = session.scalars(statement).one()
    declared = session.scalars(
        select(Headcount).where(Headcount.event_id == event.id).order_by(Headcount.id)
    )
    return {
        **frozen.figures,
        "at": frozen.frozen_at.isoformat(),
        "declared": [
            {
                "measure": one.measure,
                "dimension": one.dimension,
                "member": one.member,
                "value": one.value,
                "qualifier": one.qualifier.value,
                "covers": one.covers.value,
                "source": one.source,
            }
            for one in declared
        ],
    }


def _record(
    session: Session,
    event: Event,
    action: str,
    account: Account,
    now: datetime,
    reason: str = "",
    **detail: Any,
) -> None:
    record(
        session,
        now,
        action,
        account_id=account.id,
        actor=account.shown_name,
        event_id=event.id,
        subject=event.slug[:80],
        reason=reason,
        **detail,
    )
