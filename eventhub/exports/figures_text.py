"""Figures as plain text, for a terminal: one line each, the name first."""

from collections.abc import Iterable, Iterator

from eventhub.exports.figure_words import figure, qualified
from eventhub.exports.wording import NBSP
from eventhub.queries.figure_rows import FigureRow, FigureSet

_INDENT = "  "


def figures_text(figures: FigureSet) -> str:
    """Every total, then every breakdown under its name; what is declared stands beside.

    Participations are broken down only where they are not the same as participants.
    """
    lines = [_line(row) for row in figures.headlines()]
    for heading, rows in _grouped(figures.rows()):
        lines += ["", heading]
        lines += [_INDENT + _line(row) for row in rows]
    return "\n".join(lines).replace(NBSP, " ")


def _grouped(rows: Iterable[FigureRow]) -> Iterator[tuple[str, list[FigureRow]]]:
    """Participants and participations by each dimension, and whatever is declared of a member."""
    tables: dict[tuple[str, str], list[FigureRow]] = {}
    for row in rows:
        if row.dimension and (row.value or row.declared):
            tables.setdefault((row.dimension, row.measure), []).append(row)
    for (dimension, measure), told in tables.items():
        is_new = measure == "participations" and _values(told) != _values(
            tables.get((dimension, "participants"), ())
        )
        if is_new or measure == "participants" or any(row.declared for row in told):
            yield f"{told[0].label} · {told[0].dimension_label}", told


def _values(rows: Iterable[FigureRow]) -> list[tuple[str | None, object]]:
    return [(row.member, row.value) for row in rows]


def _line(row: FigureRow) -> str:
    name = row.member_label if row.dimension else row.label
    value = figure(row.value, is_rate=row.measure == "attendance_rate")
    if row.at_most:
        value = f"au plus {value}"
    declared = ", ".join(qualified(one.count) for one in row.declared)
    return f"{name} : {value}" + (f" (déclaré : {declared})" if declared else "")
