"""What figures may be narrowed to: the years in which events end, départements and kinds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import extract, select
from sqlalchemy.orm import Session, selectinload

from eventhub.domain.event import EventState
from eventhub.models.event import Event, EventKind
from eventhub.models.territory import Departement
from eventhub.queries.figure_facts import NOT_HELD
from eventhub.queries.figure_rows import FiguresOver


@dataclass(frozen=True, slots=True)
class FigureChoices:
    """Years, latest first; départements and kinds as code and name."""

    years: Sequence[int]
    departements: Sequence[tuple[str, str]]
    kinds: Sequence[tuple[str, str]]


def figure_choices(session: Session) -> FigureChoices:
    """The choices that exist."""
    year = extract("year", Event.ends_on)
    years = session.scalars(
        select(year)
        .where(Event.state.not_in((*NOT_HELD, EventState.POSTPONED)))
        .distinct()
        .order_by(year.desc())
    )
    return FigureChoices(
        years=[int(one) for one in years],
        departements=[
            (row.code, row.name)
            for row in session.execute(
                select(Departement.code, Departement.name).order_by(Departement.code)
            )
        ],
        kinds=[
            (row.code, row.label)
            for row in session.execute(
                select(EventKind.code, EventKind.label).order_by(EventKind.position, EventKind.code)
            )
        ],
    )


def events_behind(session: Session, figures: FiguresOver) -> Mapping[int, Event]:
    """The events behind figures, by id, with what says their dates."""
    ids = [line.id for line in figures.events]
    events = session.scalars(
        select(Event).where(Event.id.in_(ids)).options(selectinload(Event.alternatives))
    )
    return {event.id: event for event in events}
