"""Compares published figures with what the product computes and holds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventhub.domain.counting import Value
from eventhub.domain.figures import Qualified, Qualifier
from eventhub.domain.lookup import figure_value
from eventhub.models.event import Event, EventKind
from eventhub.models.figure import Headcount
from eventhub.models.person import Category
from eventhub.models.territory import BassinDeVie, Departement
from eventhub.queries.figure_facts import EventIds, Gathered, gather
from eventhub.queries.figure_rows import FigureFilter
from eventhub.queries.figures import event_ids
from eventhub.services.season.published import (
    Expect,
    PublishedFigure,
    known_members,
    read_figures,
)


class Outcome(StrEnum):
    """What came of a published figure."""

    EQUAL = "equal"
    DECLARED = "declared"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Checked:
    """A published figure beside the computed one. `holds`: the season says what was published."""

    figure: PublishedFigure
    computed: Value
    outcome: Outcome
    holds: bool


def read_published(session: Session, path: Path) -> tuple[PublishedFigure, ...]:
    """The published figures of a file about what the database holds. Raises SeasonFileError."""
    return read_figures(
        path,
        set(session.scalars(select(Event.slug))),
        known_members(
            departements=set(session.scalars(select(Departement.code))),
            bassins=set(session.scalars(select(BassinDeVie.slug))),
            categories=set(session.scalars(select(Category.code))),
            kinds=set(session.scalars(select(EventKind.code))),
        ),
    )


def check_figures(
    session: Session, figures: Sequence[PublishedFigure], now: datetime
) -> Iterator[Checked]:
    """Compare each published figure, in the order of the file.

    `equal`: computed, and the same. `declared`: held as published, not computed from rows.
    It does not hold where they differ, or where one expected from rows is only declared.
    """
    read: dict[object, Gathered] = {}
    for one in figures:
        key = one.event or (one.period, one.departement)
        if key not in read:
            read[key] = gather(session, _events_of(one), now)
        computed = figure_value(
            read[key].facts, read[key].people, one.measure, one.dimension, one.members
        )
        yield _compared(one, computed, is_declared=_is_declared(session, one))


def _events_of(one: PublishedFigure) -> EventIds:
    if one.event is not None:
        return select(Event.id).where(Event.slug == one.event)
    starts_on, ends_on = one.bounds or (None, None)
    return event_ids(FigureFilter(starts_on, ends_on, one.departement))


def _is_declared(session: Session, one: PublishedFigure) -> bool:
    """Whether a headcount says the very same."""
    held = session.execute(
        select(Headcount.value, Headcount.qualifier)
        .outerjoin(Event, Event.id == Headcount.event_id)
        .where(
            Event.slug == one.event if one.event else Headcount.event_id.is_(None),
            Headcount.period == one.period,
            Headcount.departement_code == one.departement,
            Headcount.measure == one.measure,
            Headcount.dimension == one.dimension,
            Headcount.member == one.member,
        )
    )
    published = Qualified(one.value, one.qualifier)
    return published in [Qualified(row.value, row.qualifier) for row in held]


def _compared(one: PublishedFigure, computed: Value, *, is_declared: bool) -> Checked:
    is_equal = one.qualifier is Qualifier.EXACT and computed == one.value
    if one.expect is Expect.DECLARED and is_declared:
        return Checked(one, computed, Outcome.DECLARED, holds=True)
    if is_equal:
        return Checked(one, computed, Outcome.EQUAL, holds=True)
    outcome = Outcome.DECLARED if is_declared else Outcome.DIFFERENT
    return Checked(one, computed, outcome, holds=False)
