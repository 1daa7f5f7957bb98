"""Figures of one event, and over events: read, computed, and set beside what is declared."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventhub.domain import counting
from eventhub.domain.breakdowns import Breakdown, breakdowns, days_of
from eventhub.domain.event import EventState
from eventhub.domain.facts import PersonAtEvent
from eventhub.domain.figures import (
    DIMENSIONS,
    EVENT_DIMENSIONS,
    MEMBER_MEASURES,
    OVER_DIMENSIONS,
    PERSON_NOTE,
    Declared,
    Qualified,
)
from eventhub.domain.together import (
    MembersTogether,
    event_together,
    members_together,
    over_together,
)
from eventhub.models.event import Event, event_departements
from eventhub.queries.figure_differences import differences, frozen_copy
from eventhub.queries.figure_facts import NOT_HELD, EventIds, Gathered, gather
from eventhub.queries.figure_labels import Labels, read_labels
from eventhub.queries.figure_rows import (
    BreakdownTable,
    EventFigures,
    EventLine,
    FigureFilter,
    FiguresOver,
    MemberRow,
)
from eventhub.queries.headcounts import headcounts_of

_NOTHING = dict.fromkeys(MEMBER_MEASURES, 0)


def event_figures(session: Session, event_id: int, now: datetime) -> EventFigures:
    """The live figures of one event, whatever its state. Raises NoResultFound."""
    this = select(Event.id).where(Event.id == event_id)
    event = session.execute(select(Event.slug, Event.title).where(Event.id == event_id)).one()
    gathered = gather(session, this, now)
    facts, people = gathered.facts, gathered.people
    labels = read_labels(session, gathered.structure_names, this)
    figures = counting.event_figures(facts, people)
    counts = breakdowns(EVENT_DIMENSIONS, facts, people)
    for dimension, members in (
        ("activity", [str(activity.id) for activity in facts.activities]),
        ("day", days_of(facts, event_id)),
    ):
        for member in members:
            counts[dimension].setdefault(member, _NOTHING)
    shown, declared = headcounts_of(session, this, labels)
    frozen = frozen_copy(session, event_id)
    return EventFigures(
        event_id=event_id,
        slug=event.slug,
        title=event.title,
        is_over=facts.events[event_id].is_over,
        computed_at=now,
        figures=figures,
        breakdowns={
            code: _table(code, members, labels, DIMENSIONS[code].note)
            for code, members in counts.items()
        },
        declared=shown,
        together=event_together(figures, declared),
        members_together=members_together(counts, declared),
        frozen=frozen,
        differences=differences(session, event_id, frozen, figures) if frozen else (),
    )


def figures_over(session: Session, chosen: FigureFilter, now: datetime) -> FiguresOver:
    """The figures over the events that a filter keeps; drafts, cancelled and postponed apart."""
    ids = event_ids(chosen)
    gathered = gather(session, ids, now, with_memory=True)
    facts, people = gathered.facts, gathered.people
    labels = read_labels(session, gathered.structure_names)
    figures = counting.over_figures(facts, people)
    counts = breakdowns(OVER_DIMENSIONS, facts, people)
    shown, declared = headcounts_of(session, ids, labels, chosen)
    others = counting.event_counts(
        facts.events.values(), {event.hub_role for event in facts.events.values()}
    )
    return FiguresOver(
        computed_at=now,
        chosen=chosen,
        figures=figures,
        breakdowns={
            code: _table(code, members, labels, _note(code, members, figures))
            for code, members in counts.items()
        },
        declared=shown,
        together=over_together(facts, people, figures, declared),
        members_together=_members_over(counts, declared),
        at_most=counting.is_upper_bound(people),
        events=_lines(session, ids, gathered, declared),
        others={code: count - _whole(figures[code]) for code, count in others.items()},
    )


def event_ids(chosen: FigureFilter) -> EventIds:
    """A query for the events that figures are over. A date counts where it ends at the latest."""
    query = select(Event.id).where(Event.state.not_in((*NOT_HELD, EventState.POSTPONED)))
    if chosen.starts_on is not None:
        query = query.where(Event.ends_on >= chosen.starts_on)
    if chosen.ends_on is not None:
        query = query.where(Event.ends_on <= chosen.ends_on)
    if chosen.kind is not None:
        query = query.where(Event.kind_code == chosen.kind)
    if chosen.departement is not None:
        query = query.where(
            Event.id.in_(
                select(event_departements.c.event_id).where(
                    event_departements.c.departement_code == chosen.departement
                )
            )
        )
    return query


def _table(dimension: str, members: Breakdown, labels: Labels, note: str) -> BreakdownTable:
    rows = [
        MemberRow(member, labels.label(dimension, member), **counts)
        for member, counts in members.items()
    ]
    if dimension == "structure":
        rows.sort(key=lambda row: (row.member is None, -row.participants, row.label.casefold()))
    else:
        rows.sort(key=lambda row: labels.order(dimension, row.member))
    return BreakdownTable(dimension, DIMENSIONS[dimension].label, note, tuple(rows))


def _note(dimension: str, members: Breakdown, figures: counting.Figures) -> str:
    """Why a breakdown over events does not add up; empty where it does."""
    adds_up = all(
        sum(counts[measure] for counts in members.values()) == figures[measure]
        for measure in MEMBER_MEASURES
    )
    return "" if adds_up else DIMENSIONS[dimension].note or PERSON_NOTE


def _members_over(counts: dict[str, Breakdown], declared: tuple[Declared, ...]) -> MembersTogether:
    """Over events, members of a measure that is declared somewhere are not known as a whole."""
    unknown = {one.measure for one in declared}
    return {
        (measure, dimension, member): None
        for measure in MEMBER_MEASURES
        if measure in unknown
        for dimension, members in counts.items()
        for member in members
    }


def _lines(
    session: Session, ids: EventIds, gathered: Gathered, declared: tuple[Declared, ...]
) -> tuple[EventLine, ...]:
    by_event: dict[int, list[PersonAtEvent]] = {key: [] for key in gathered.facts.events}
    for one in gathered.people:
        by_event[one.event.id].append(one)
    rows = session.execute(
        select(Event.id, Event.slug, Event.title, Event.kind_code, Event.starts_on, Event.ends_on)
        .where(Event.id.in_(ids))
        .order_by(Event.ends_on, Event.starts_on, Event.id)
    )
    return tuple(
        EventLine(*row, participants=_participants(by_event[row.id], row.id, declared))
        for row in rows
    )


def _participants(
    people: list[PersonAtEvent], event_id: int, declared: tuple[Declared, ...]
) -> Qualified:
    counted = sum(one.participant for one in people)
    own = [one for one in declared if one.event_id == event_id]
    return event_together({"participants": counted}, own)["participants"] or Qualified(counted)


def _whole(value: counting.Value) -> int:
    return int(value or 0)
