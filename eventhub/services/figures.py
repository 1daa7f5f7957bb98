"""Figures that are written down: frozen at closing, or declared by hand."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from eventhub.domain.errors import InvalidInput, NotFound
from eventhub.domain.figures import (
    DIMENSIONS,
    EVENT_DIMENSIONS,
    EVENT_MEASURES,
    MEASURES,
    NULLABLE_MEASURES,
    Covers,
    Qualifier,
)
from eventhub.models.account import Account
from eventhub.models.event import Event
from eventhub.models.figure import FrozenFigures, Headcount
from eventhub.queries.figures import event_figures
from eventhub.services.audit import record

DECLARABLE_MEASURES = tuple(code for code in EVENT_MEASURES if code not in NULLABLE_MEASURES)
"""What can be declared of an event: everything but what is reckoned from other figures."""

DECLARABLE_DIMENSIONS = (*EVENT_DIMENSIONS, "activity_format")
HEADCOUNT_MAX = 1_000_000
SOURCE_MAX = 200


def freeze_figures(
    session: Session, event: Event, now: datetime, account_id: int | None
) -> FrozenFigures:
    """Keep the figures of an event as they stand, for good; those kept before stay.

    Call it when the event is closed: figures of an event that is not over have holes.
    """
    kept = session.scalar(select(FrozenFigures).where(FrozenFigures.event_id == event.id))
    if kept is not None:
        return kept
    session.flush()
    live = event_figures(session, event.id, now)
    frozen = FrozenFigures(
        event_id=event.id,
        frozen_at=now,
        frozen_by_id=account_id,
        figures={
            "figures": dict(live.figures),
            "breakdowns": {
                code: [asdict(row) for row in table.rows] for code, table in live.breakdowns.items()
            },
        },
    )
    session.add(frozen)
    session.flush()
    return frozen


def add_headcount(
    session: Session,
    event: Event,
    measure: str,
    value: int | None,
    now: datetime,
    *,
    qualifier: Qualifier = Qualifier.EXACT,
    dimension: str = "",
    member: str = "",
    covers: Covers = Covers.WHOLE,
    source: str = "",
    quote: str = "",
    account: Account | None = None,
) -> Headcount:
    """Declare a figure of an event beside those that are computed.

    `dimension` empty: a total. Raises InvalidInput on `measure`, `value`, `dimension`, `member`
    or `source`.
    """
    wrong: dict[str, str] = {}
    if measure not in DECLARABLE_MEASURES:
        wrong["measure"] = "Choisissez un chiffre dans la liste."
    if value is None or not 0 <= value <= HEADCOUNT_MAX:
        wrong["value"] = "Écrivez un nombre entier, zéro ou plus."
    if dimension and dimension not in DECLARABLE_DIMENSIONS:
        wrong["dimension"] = "Choisissez dans la liste."
    if bool(dimension) is not bool(member):
        wrong["member"] = "Dites de qui il s’agit, ou ne précisez rien."
    source = " ".join(source.split())
    if not source:
        wrong["source"] = "Dites d’où vient ce nombre : un document, une personne, un comptage."
    elif len(source) > SOURCE_MAX:
        wrong["source"] = f"Pas plus de {SOURCE_MAX} caractères."
    if wrong or value is None:
        raise InvalidInput(wrong)
    headcount = Headcount(
        event_id=event.id,
        measure=measure,
        dimension=dimension,
        member=member,
        value=value,
        qualifier=qualifier,
        covers=covers,
        quote=quote.strip(),
        source=source,
        entered_at=now,
        entered_by_id=account.id if account else None,
    )
    session.add(headcount)
    session.flush()
    _record(session, headcount, event.id, now, "headcount-added", account)
    return headcount


def remove_headcount(
    session: Session, headcount: Headcount, now: datetime, *, account: Account | None = None
) -> None:
    """Take a declared figure back; what it said stays in the record of acts.

    Raises NotFound where someone else has just done so.
    """
    taken = session.scalar(
        delete(Headcount)
        .where(Headcount.id == headcount.id)
        .returning(Headcount.id)
        .execution_options(synchronize_session=False)
    )
    if taken is None:
        raise NotFound
    _record(session, headcount, headcount.event_id, now, "headcount-removed", account)
    session.expunge(headcount)


def _record(
    session: Session,
    headcount: Headcount,
    event_id: int | None,
    now: datetime,
    action: str,
    account: Account | None,
) -> None:
    dimension = DIMENSIONS.get(headcount.dimension)
    record(
        session,
        now,
        action,
        account_id=account.id if account else None,
        actor=account.shown_name if account else "",
        event_id=event_id,
        subject=MEASURES[headcount.measure].label,
        dimension=dimension.code if dimension else "",
        member=headcount.member,
        value=headcount.value,
        qualifier=headcount.qualifier.value,
        covers=headcount.covers.value,
        source=headcount.source,
    )
