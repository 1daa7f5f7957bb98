"""Figures as the JSON of the API and of `eventhub figures`. See contracts in docs/figures.md."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from eventhub.domain.figures import Qualified
from eventhub.queries.figure_rows import (
    BreakdownTable,
    DeclaredRow,
    EventFigures,
    FiguresOver,
    FrozenCopy,
)


def event_figures_document(figures: EventFigures) -> dict[str, Any]:
    """The figures of one event: live, frozen, what moved between the two, and declared."""
    return {
        "event": figures.slug,
        "computed_at": figures.computed_at.isoformat(),
        "frozen": _frozen(figures.frozen),
        "differences": [
            {
                "measure": one.measure,
                "frozen": one.frozen,
                "live": one.live,
                "author": one.author,
                "reason": one.reason,
            }
            for one in figures.differences
        ],
        "figures": dict(figures.figures),
        "breakdowns": _breakdowns(figures.breakdowns),
        "declared": [_declared(row) for row in figures.declared],
    }


def figures_over_document(figures: FiguresOver) -> dict[str, Any]:
    """The figures over events, with « Ensemble », the events behind, and what is declared.

    `others`: events of which the hub is neither organiser nor co-organiser. `at_most`: persons
    who cannot be recognised may have been counted twice.
    """
    chosen = figures.chosen
    return {
        "computed_at": figures.computed_at.isoformat(),
        "filter": {
            "starts_on": chosen.starts_on.isoformat() if chosen.starts_on else None,
            "ends_on": chosen.ends_on.isoformat() if chosen.ends_on else None,
            "departement": chosen.departement,
            "kind": chosen.kind,
        },
        "figures": dict(figures.figures),
        "others": dict(figures.others),
        "at_most": figures.at_most,
        "together": {measure: _qualified(brought) for measure, brought in figures.together.items()},
        "breakdowns": _breakdowns(figures.breakdowns),
        "declared": [
            _declared(row)
            | {
                "event": row.event_slug,
                "departement": row.departement,
                "period": row.period or None,
            }
            for row in figures.declared
        ],
        "events": [
            {"slug": line.slug, "title": line.title, "participants": _qualified(line.participants)}
            for line in figures.events
        ],
    }


def _frozen(frozen: FrozenCopy | None) -> dict[str, Any] | None:
    if frozen is None:
        return None
    return {"at": frozen.at.isoformat(), "figures": dict(frozen.figures)}


def _breakdowns(breakdowns: Mapping[str, BreakdownTable]) -> dict[str, Sequence[dict[str, Any]]]:
    return {code: [asdict(row) for row in table.rows] for code, table in breakdowns.items()}


def _declared(row: DeclaredRow) -> dict[str, Any]:
    return {
        "measure": row.measure,
        "dimension": row.dimension or None,
        "member": row.member or None,
        "value": row.count.value,
        "qualifier": row.count.qualifier.value,
        "covers": row.covers.value,
        "source": row.source,
    }


def _qualified(brought: Qualified | None) -> dict[str, Any] | None:
    if brought is None:
        return None
    return {"value": brought.value, "qualifier": brought.qualifier.value}
