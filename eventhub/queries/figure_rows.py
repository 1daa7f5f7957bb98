"""The rows of figures that pages, CSV and JSON show: one row type for every output."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from eventhub.domain.counting import Value
from eventhub.domain.figures import (
    DIMENSIONS,
    MEASURES,
    MEMBER_MEASURES,
    Covers,
    Qualified,
)


@dataclass(frozen=True, slots=True)
class MemberRow:
    """The four figures of one member of a breakdown; `member` None is « Non renseigné »."""

    member: str | None
    label: str
    registered: int
    present: int
    participants: int
    participations: int


@dataclass(frozen=True, slots=True)
class BreakdownTable:
    """The members of a dimension. `note` says why they do not add up to the total; else empty."""

    dimension: str
    label: str
    note: str
    rows: tuple[MemberRow, ...]


@dataclass(frozen=True, slots=True)
class DeclaredRow:
    """A headcount as it was entered. `event_slug` is None where it is about a period."""

    id: int
    measure: str
    label: str
    dimension: str
    member: str
    member_label: str
    count: Qualified
    covers: Covers
    quote: str
    source: str
    entered_at: datetime
    entered_by: str
    event_slug: str | None = None
    event_title: str = ""
    departement: str | None = None
    period: str = ""


@dataclass(frozen=True, slots=True)
class FrozenCopy:
    """The figures as they stood when the event was closed."""

    at: datetime
    figures: Mapping[str, Value]
    breakdowns: Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that has moved since it was frozen; who moved it, and why."""

    measure: str
    label: str
    frozen: Value
    live: Value
    author: str
    reason: str


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure: what it is called and means, what is counted, what is declared, and both.

    `dimension` empty: a total. `value` None is printed « — ». `together` None: not known as a
    whole. `at_most`: persons who cannot be recognised may have been counted twice.
    """

    measure: str
    label: str
    definition: str
    dimension: str
    dimension_label: str
    member: str | None
    member_label: str
    value: Value
    declared: tuple[DeclaredRow, ...]
    together: Qualified | None
    at_most: bool = False


@dataclass(frozen=True, slots=True)
class EventLine:
    """One event behind figures over events; `participants` as in « Ensemble »."""

    id: int
    slug: str
    title: str
    kind: str
    starts_on: date
    ends_on: date
    participants: Qualified


@dataclass(frozen=True, slots=True)
class FigureFilter:
    """Which events figures are over; None: any. A period is that in which events end."""

    starts_on: date | None = None
    ends_on: date | None = None
    departement: str | None = None
    kind: str | None = None

    @classmethod
    def of_year(
        cls, year: int | None, departement: str | None = None, kind: str | None = None
    ) -> "FigureFilter":
        """The events that end in a year."""
        if year is None:
            return cls(None, None, departement, kind)
        return cls(date(year, 1, 1), date(year, 12, 31), departement, kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureSet:
    """Figures with their breakdowns and what is declared beside them."""

    computed_at: datetime
    figures: Mapping[str, Value]
    breakdowns: Mapping[str, BreakdownTable]
    declared: tuple[DeclaredRow, ...]
    together: Mapping[str, Qualified | None]
    members_together: Mapping[tuple[str, str, str | None], Qualified | None] = field(
        default_factory=dict
    )
    at_most: bool = False

    def headlines(self) -> tuple[FigureRow, ...]:
        """The totals."""
        return tuple(self._total(measure) for measure in self.figures)

    def headline(self, measure: str) -> FigureRow:
        """One total."""
        return self._total(measure)

    def rows(self) -> tuple[FigureRow, ...]:
        """Every figure: the totals, then each breakdown."""
        return self.headlines() + tuple(self._members())

    def _total(self, measure: str) -> FigureRow:
        told = MEASURES[measure]
        return FigureRow(
            measure=measure,
            label=told.label,
            definition=told.definition,
            dimension="",
            dimension_label="",
            member=None,
            member_label="",
            value=self.figures[measure],
            declared=tuple(
                row for row in self.declared if row.measure == measure and not row.dimension
            ),
            together=self.together.get(measure),
            at_most=self.at_most and measure in {"present", "participants"},
        )

    def _members(self) -> Iterator[FigureRow]:
        for dimension, table in self.breakdowns.items():
            for measure in MEMBER_MEASURES:
                yield from self._of_dimension(measure, dimension, table)
        # What is declared of a member that nobody was counted in.
        shown = set(MEMBER_MEASURES)
        for row in self.declared:
            if row.dimension and (row.measure not in shown or row.dimension not in self.breakdowns):
                yield self._declared_only(row, row.dimension)

    def _of_dimension(
        self, measure: str, dimension: str, table: BreakdownTable
    ) -> Iterator[FigureRow]:
        declared: dict[str | None, list[DeclaredRow]] = {}
        for row in self.declared:
            if row.measure == measure and row.dimension == dimension:
                declared.setdefault(row.member or None, []).append(row)
        for member_row in table.rows:
            told = MEASURES[measure]
            value: int = getattr(member_row, measure)
            key = (measure, dimension, member_row.member)
            yield FigureRow(
                measure=measure,
                label=told.label,
                definition=told.definition,
                dimension=dimension,
                dimension_label=table.label,
                member=member_row.member,
                member_label=member_row.label,
                value=value,
                declared=tuple(declared.pop(member_row.member, ())),
                together=self.members_together.get(key, Qualified(value)),
            )
        for rows in declared.values():
            yield self._declared_only(rows[-1], dimension, tuple(rows))

    def _declared_only(
        self, row: DeclaredRow, dimension: str, rows: tuple[DeclaredRow, ...] = ()
    ) -> FigureRow:
        told = MEASURES[row.measure]
        known = DIMENSIONS.get(dimension)
        return FigureRow(
            measure=row.measure,
            label=told.label,
            definition=told.definition,
            dimension=dimension,
            dimension_label=known.label if known else dimension,
            member=row.member or None,
            member_label=row.member_label,
            value=0,
            declared=rows or (row,),
            together=row.count,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFigures(FigureSet):
    """The figures of one event: live, frozen, and what has moved between the two."""

    event_id: int
    slug: str
    title: str
    is_over: bool
    frozen: FrozenCopy | None
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresOver(FigureSet):
    """The figures over a set of events, and the events behind them.

    `others`: events that have taken place of which the hub is neither organiser nor co-organiser.
    """

    chosen: FigureFilter
    events: tuple[EventLine, ...]
    others: Mapping[str, int]
