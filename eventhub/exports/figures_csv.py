"""Figures as a table for a French spreadsheet: one line per figure, from the rows of the page."""

from collections.abc import Sequence

from eventhub.domain.figures import QUALIFIER_LABELS
from eventhub.exports.figure_words import qualified
from eventhub.exports.tables import Cell, french_csv
from eventhub.queries.figure_rows import FigureRow, FigureSet

HEADER = (
    "Chiffre",
    "Code",
    "Par",
    "Qui ou quoi",
    "Code de la ligne",
    "Compté",
    "Au plus",
    "Déclaré",
    "Ensemble",
    "Précision",
    "Définition",
    "Source",
)


def figures_csv(figures: FigureSet) -> bytes:
    """Every figure with its breakdowns, computed and declared; « — » is an empty cell."""
    return french_csv(HEADER, (_line(row) for row in figures.rows()))


def _line(row: FigureRow) -> Sequence[Cell]:
    brought = row.together
    return (
        row.label,
        row.measure,
        row.dimension_label,
        row.member_label,
        row.member,
        row.value,
        "oui" if row.at_most else "",
        " ; ".join(qualified(one.count) for one in row.declared),
        brought.value if brought else None,
        QUALIFIER_LABELS[brought.qualifier] if brought else "",
        row.definition,
        " ; ".join(dict.fromkeys(one.source for one in row.declared)),
    )
