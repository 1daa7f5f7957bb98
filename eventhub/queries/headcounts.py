"""Declared headcounts, as rows beside computed figures."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from eventhub.domain.figures import MEASURES, Declared, Qualified
from eventhub.models.account import Account
from eventhub.models.event import Event
from eventhub.models.figure import Headcount
from eventhub.queries.figure_facts import EventIds
from eventhub.queries.figure_labels import Labels
from eventhub.queries.figure_rows import DeclaredRow, FigureFilter


def headcounts_of(
    session: Session, events: EventIds, labels: Labels, period: FigureFilter | None = None
) -> tuple[tuple[DeclaredRow, ...], tuple[Declared, ...]]:
    """The headcounts about these events, and with `period` those about periods that end in it.

    As rows to show, and as figures to reckon with: those about a period enter no total.
    """
    wanted: ColumnElement[bool] = Headcount.event_id.in_(events)
    if period is not None:
        wanted = or_(wanted, _about_period(period))
    rows = session.execute(
        select(Headcount, Event.slug, Event.title, Account.display_name)
        .outerjoin(Event, Event.id == Headcount.event_id)
        .outerjoin(Account, Account.id == Headcount.entered_by_id)
        .where(wanted)
        .order_by(Headcount.id)
    ).all()
    shown = tuple(_row(*row, labels) for row in rows)
    return shown, tuple(_declared(row[0] for row in rows))


def _about_period(period: FigureFilter) -> ColumnElement[bool]:
    wanted: list[ColumnElement[bool]] = [Headcount.event_id.is_(None)]
    if period.starts_on is not None:
        wanted.append(Headcount.period_ends_on >= period.starts_on)
    if period.ends_on is not None:
        wanted.append(Headcount.period_ends_on <= period.ends_on)
    if period.departement is not None:
        wanted.append(Headcount.departement_code == period.departement)
    if period.kind is not None:
        wanted += [Headcount.dimension == "kind", Headcount.member == period.kind]
    return and_(*wanted)


def _row(
    headcount: Headcount,
    slug: str | None,
    title: str | None,
    entered_by: str | None,
    labels: Labels,
) -> DeclaredRow:
    members = headcount.member.split("|") if headcount.member else []
    return DeclaredRow(
        id=headcount.id,
        measure=headcount.measure,
        label=MEASURES[headcount.measure].label,
        dimension=headcount.dimension,
        member=headcount.member,
        member_label=", ".join(labels.label(headcount.dimension, member) for member in members),
        count=Qualified(headcount.value, headcount.qualifier),
        covers=headcount.covers,
        quote=headcount.quote,
        source=headcount.source,
        entered_at=headcount.entered_at,
        entered_by=entered_by or "",
        event_slug=slug,
        event_title=title or "",
        departement=headcount.departement_code,
        period=headcount.period,
    )


def _declared(headcounts: Iterable[Headcount]) -> Iterable[Declared]:
    for headcount in headcounts:
        if headcount.event_id is None:
            continue
        yield Declared(
            measure=headcount.measure,
            count=Qualified(headcount.value, headcount.qualifier),
            dimension=headcount.dimension,
            member=headcount.member,
            covers=headcount.covers,
            event_id=headcount.event_id,
            entered_rank=headcount.id,
        )
