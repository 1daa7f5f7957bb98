"""Figures in the ready-made words of macros/figures.html."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from eventhub.domain.counting import Value
from eventhub.domain.figures import (
    COVERS_LABELS,
    MEASURES,
    MEMBER_MEASURES,
    NONE_TEXT,
    Covers,
    Qualified,
)
from eventhub.exports import figure_words, wording
from eventhub.queries.figure_rows import (
    BreakdownTable,
    DeclaredRow,
    Difference,
    FigureRow,
    FigureSet,
)

LONG_TABLE = 12
"""Lines from which a table is folded: its total is said, and it opens on demand."""

ON_LISTS = "Sur les listes seulement : d’autres personnes ne sont que déclarées."
"""Said of a figure that is counted, where a part of the people is only declared."""

_RATE = "attendance_rate"
_RATE_RESTS_ON = frozenset({"registered", "present", "participants"})


@dataclass(frozen=True, slots=True)
class Headline:
    """A number set large, with its definition; see macros/figures.html."""

    value: str
    name: str
    definition: str


@dataclass(frozen=True, slots=True)
class Table:
    """The members of a dimension. `summary` says what it holds when folded.

    A row has its cells, `sub` (said under the name on a narrow screen) and `share`: the length of
    its bar, in percent of the longest.
    """

    id: str
    caption: str
    columns: Sequence[dict[str, Any]]
    rows: Sequence[dict[str, Any]]
    total: Sequence[str]
    note: str
    folded: bool
    summary: str


@dataclass(frozen=True, slots=True)
class DeclaredLine:
    """A headcount beside what is computed of the same thing."""

    id: int
    what: str
    declared: str
    computed: str
    covers: str
    source: str
    quote: str
    entered: str
    about: str


def value_words(measure: str, value: Value) -> str:
    """A computed figure in words."""
    return figure_words.figure(value, is_rate=measure == _RATE)


def headline(row: FigureRow, declared: Iterable[DeclaredRow]) -> Headline:
    """A figure set large: the whole where it is known, else what the lists say, and that they do.

    `declared`: every headcount of the page, on which a rate may rest.
    """
    computed = value_words(row.measure, row.value)
    if row.measure == _RATE:
        is_whole = not any(
            one.measure in _RATE_RESTS_ON and not one.dimension and one.covers is Covers.WHOLE
            for one in declared
        )
        known = computed
    else:
        is_whole = row.together is not None or row.value is None
        known = computed if row.together is None else figure_words.qualified(row.together)
    note = ""
    if not is_whole:
        # Nothing on the lists says nothing: a zero would be an invention.
        known, note = (computed, ON_LISTS) if row.value else (NONE_TEXT, "")
    elif known != computed:
        note = f"Compté sur les listes : {computed}."
    if row.at_most and known != NONE_TEXT:
        known = f"au plus {known}"
    definition = f"{row.definition} {note}" if note else row.definition
    return Headline(value=known, name=row.label, definition=definition)


def headlines(figures: FigureSet, measures: Sequence[str]) -> list[Headline]:
    """The totals of these measures, in this order."""
    return [headline(figures.headline(measure), figures.declared) for measure in measures]


def breakdown_tables(figures: FigureSet) -> list[Table]:
    """A table per dimension in which anyone counts; none where nothing at all is told."""
    return [
        _breakdown(figures, table)
        for table in figures.breakdowns.values()
        if any(row.member is not None for row in table.rows)
    ]


def _breakdown(figures: FigureSet, table: BreakdownTable) -> Table:
    columns = [{"label": table.label}] + [
        {"label": MEASURES[measure].label, "numeric": True, "wide": measure in _FOLDED}
        for measure in MEMBER_MEASURES
    ]
    most = max(row.participants for row in table.rows) or 1
    rows = [
        {
            "share": round(100 * row.participants / most, 1),
            "cells": [
                wording.capitalise(row.label),
                *(wording.integer(getattr(row, measure)) for measure in MEMBER_MEASURES),
            ],
            "sub": f"{wording.count(row.registered, 'inscrit')}, "
            f"{wording.count(row.present, 'présent')}",
        }
        for row in table.rows
    ]
    total = ["Ensemble"] + [
        value_words(measure, figures.figures[measure]) for measure in MEMBER_MEASURES
    ]
    return Table(
        id=f"par-{table.dimension.replace('_', '-')}",
        caption=f"Par {table.label.lower()}",
        columns=columns,
        rows=rows,
        total=total,
        note=table.note,
        folded=len(rows) > LONG_TABLE,
        summary=f"Voir les {wording.count(len(rows), 'ligne')}",
    )


_FOLDED = frozenset({"registered", "present"})
"""Columns that pass under the name on a narrow screen."""


def declared_lines(figures: FigureSet) -> list[DeclaredLine]:
    """The headcounts, each beside what is computed of the same thing."""
    computed = {(row.measure, row.dimension, row.member or ""): row.value for row in figures.rows()}
    return [
        DeclaredLine(
            id=one.id,
            what=figure_words.declared_name(one),
            declared=figure_words.qualified(one.count),
            computed=value_words(
                one.measure, computed.get((one.measure, one.dimension, one.member))
            ),
            covers=COVERS_LABELS[one.covers],
            source=one.source,
            quote=one.quote,
            entered=one.entered_by,
            about=one.event_title or one.period,
        )
        for one in figures.declared
    ]


def difference_rows(differences: Iterable[Difference]) -> list[dict[str, Any]]:
    """What has moved since the figures were frozen, for `rows_table`."""
    return [
        {
            "cells": [
                one.label,
                value_words(one.measure, one.frozen),
                value_words(one.measure, one.live),
                one.author,
                one.reason,
            ],
            "sub": f"{one.author} : {one.reason}",
        }
        for one in differences
    ]


def qualified_words(count: Qualified | None) -> str:
    """« plus de 95 », or « — » where nothing is known."""
    return NONE_TEXT if count is None else figure_words.qualified(count)
