"""Figures as plain text, for a terminal: one line each, the name first."""

from collections.abc import Iterable, Iterator

from eventhub.exports.figure_words import figure, qualified
from eventhub.exports.wording import NBSP
from eventhub.queries.figure_rows import FigureRow, FigureSet

_INDENT = "  "


def figures_text(figures: FigureSet) -> str:
    """Every total, then every breakdown under its name; what is declared stands beside."""
    lines = [_line(row) for row in figures.headlines()]
    for heading, rows in _grouped(figures.rows()):
        lines += ["", heading]
        lines += [_INDENT + _line(row) for row in rows]
    return "\n".join(lines).replace(NBSP, " ")


def _grouped(rows: Iterable[FigureRow]) -> Iterator[tuple[str, list[FigureRow]]]:
    """Participants by each dimension, and whatever is only declared."""
    groups: dict[str, list[FigureRow]] = {}
    for row in rows:
        if row.dimension and (row.measure in {"participants", "participations"} or row.declared):
            groups.setdefault(f"{row.label} · {row.dimension_label}", []).append(row)
    for heading, members in groups.items():
        told = [row for row in members if row.value or row.declared]
        if told:
            yield heading, told


def _line(row: FigureRow) -> str:
    name = row.member_label if row.dimension else row.label
    value = figure(row.value, is_rate=row.measure == "attendance_rate")
    if row.at_most:
        value = f"au plus {value}"
    declared = ", ".join(qualified(one.count) for one in row.declared)
    return f"{name} : {value}" + (f" (déclaré : {declared})" if declared else "")
