"""Figures of the API."""

from flask import Response, jsonify, request

from eventhub.blueprints.api import bp
from eventhub.blueprints.api.events import event_of_caller
from eventhub.domain.errors import InvalidInput
from eventhub.domain.rights import TokenScope
from eventhub.exports.figures_json import event_figures_document, figures_over_document
from eventhub.extensions import db
from eventhub.models.event import EventKind
from eventhub.models.territory import Departement
from eventhub.queries.figure_rows import FigureFilter
from eventhub.queries.figures import event_figures, figures_over
from eventhub.web.api_arguments import code_argument, departement_argument
from eventhub.web.api_auth import require_scope
from eventhub.web.clock import now


@bp.get("/events/<slug>/figures")
def event_figures_of(slug: str) -> Response:
    """Give the figures of one event: live, frozen, declared, and what moved."""
    event = event_of_caller(slug, require_scope(TokenScope.FIGURES_READ))
    return jsonify(event_figures_document(event_figures(db.session(), event.id, now())))


@bp.get("/figures")
def figures_over_events() -> Response:
    """Give the figures over the events that the query keeps."""
    caller = require_scope(TokenScope.FIGURES_READ)
    departement = departement_argument(caller)
    chosen = FigureFilter.of_year(_year(), departement, code_argument("kind"))
    _check_known(chosen)
    return jsonify(figures_over_document(figures_over(db.session(), chosen, now())))


def _year() -> int | None:
    raw = request.args.get("year", "")
    if not raw:
        return None
    if not (raw.isascii() and raw.isdecimal() and len(raw) <= 4 and int(raw)):
        raise InvalidInput({"year": "Donnez une année, par exemple 2024."})
    return int(raw)


def _check_known(chosen: FigureFilter) -> None:
    """Raise InvalidInput for an unknown filter: figures of nothing would pass for real ones."""
    wrong: dict[str, str] = {}
    if chosen.departement and db.session.get(Departement, chosen.departement) is None:
        wrong["departement"] = "Ce département n’est pas connu."
    if chosen.kind and db.session.get(EventKind, chosen.kind) is None:
        wrong["kind"] = "Ce type d’évènement n’est pas connu."
    if wrong:
        raise InvalidInput(wrong)
