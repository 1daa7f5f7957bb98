"""Figures over events, for staff: filters, definitions, and the events behind."""

import re
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventhub.domain.errors import Forbidden, InvalidInput
from eventhub.domain.figures import EVENT_MEASURES, MEASURES, NONE_TEXT, Covers
from eventhub.domain.rights import may_see_figures
from eventhub.exports import wording
from eventhub.exports.figures_csv import figures_csv
from eventhub.exports.figures_json import figures_over_document
from eventhub.exports.tables import CSV_MIMETYPE
from eventhub.extensions import db
from eventhub.queries.figure_choices import FigureChoices, events_behind, figure_choices
from eventhub.queries.figure_rows import EventLine, FigureFilter, FiguresOver
from eventhub.queries.figures import figures_over
from eventhub.web.auth import current_actor, require_sign_in
from eventhub.web.clock import now
from eventhub.web.figure_page import (
    breakdown_tables,
    declared_lines,
    headlines,
    qualified_words,
)
from eventhub.web.places import has_ended

bp = Blueprint("figures", __name__)
bp.before_request(require_sign_in)


@bp.before_request
def require_figures() -> None:
    """Refuse co-organisers, who read the figures of their own events. Raises Forbidden."""
    if not may_see_figures(current_actor()):
        raise Forbidden


LARGE = ("participants", "participations", "events", "meetings")
SMALL = (
    "trainings",
    "one_to_ones",
    "people_in_meetings",
    "people_in_one_to_ones",
    "new",
    "returning",
    *(measure for measure in EVENT_MEASURES if measure not in LARGE),
)


_YEAR = re.compile(r"[1-9][0-9]{3}", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The filters of an address, checked."""

    year: int | None
    departement: str | None
    kind: str | None

    def filter(self) -> FigureFilter:
        return FigureFilter.of_year(self.year, self.departement, self.kind)

    def parameters(self) -> dict[str, Any]:
        named = {
            "annee": str(self.year or ""),
            "departement": self.departement or "",
            "type": self.kind or "",
        }
        return {name: value for name, value in named.items() if value}


@bp.get("/chiffres")
def index() -> ResponseReturnValue:
    """Show the figures over the events that the filters keep."""
    choices = figure_choices(db.session())
    chosen = _chosen(choices)
    read = figures_over(db.session(), chosen.filter(), now())
    return render_template(
        "figures/index.html",
        read=read,
        choices=choices,
        chosen=chosen,
        title=_title(chosen, choices),
        years=_years(chosen, choices),
        large=headlines(read, LARGE),
        small=headlines(read, SMALL),
        tables=breakdown_tables(read),
        declared=declared_lines(read),
        lines=_lines(read, choices),
        others=[
            f"{MEASURES[measure].label.lower()} : {count}"
            for measure, count in read.others.items()
            if count
        ],
        json_url=url_for("figures.document", **chosen.parameters()),
        csv_url=url_for("figures.table", **chosen.parameters()),
    )


@bp.get("/chiffres.json")
def document() -> Response:
    """The same figures for a program."""
    chosen = _chosen(figure_choices(db.session()))
    return jsonify(figures_over_document(figures_over(db.session(), chosen.filter(), now())))


@bp.get("/chiffres.csv")
def table() -> Response:
    """The same figures for a spreadsheet."""
    chosen = _chosen(figure_choices(db.session()))
    made = figures_csv(figures_over(db.session(), chosen.filter(), now()))
    response = Response(made, mimetype=CSV_MIMETYPE)
    name = "-".join(["chiffres", *chosen.parameters().values()])
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}.csv")
    return response


def _chosen(choices: FigureChoices) -> _Chosen:
    """Read the filters. Raises InvalidInput: figures of everything would pass for those asked."""
    year = request.args.get("annee", "")
    departement = request.args.get("departement", "")
    kind = request.args.get("type", "")
    wrong: dict[str, str] = {}
    if year and not _YEAR.fullmatch(year):
        wrong["annee"] = "Donnez une année, par exemple 2024."
    if departement and departement not in dict(choices.departements):
        wrong["departement"] = "Choisissez un département de la liste."
    if kind and kind not in dict(choices.kinds):
        wrong["type"] = "Choisissez un type de la liste."
    if wrong:
        raise InvalidInput(wrong)
    return _Chosen(int(year) if year else None, departement or None, kind or None)


def _title(chosen: _Chosen, choices: FigureChoices) -> str:
    title = f"Les chiffres de {chosen.year}" if chosen.year else "Les chiffres"
    said = [
        dict(choices.kinds)[chosen.kind] if chosen.kind else "",
        dict(choices.departements)[chosen.departement] if chosen.departement else "",
    ]
    return " · ".join([title, *filter(None, said)])


def _years(chosen: _Chosen, choices: FigureChoices) -> list[tuple[str, str, bool, str]]:
    """Links to each year, the other filters kept, for the macro `views`."""
    others = {name: value for name, value in chosen.parameters().items() if name != "annee"}
    links = [("Toutes les années", url_for("figures.index", **others), chosen.year is None, "")]
    return links + [
        (str(year), url_for("figures.index", annee=year, **others), year == chosen.year, "")
        for year in choices.years
    ]


def _lines(read: FiguresOver, choices: FigureChoices) -> list[dict[str, object]]:
    """The events behind the figures, latest last, for the macro `rows_table`."""
    kinds = dict(choices.kinds)
    events = events_behind(db.session(), read)
    moment = now()
    by_hand = {
        one.event_slug
        for one in read.declared
        if one.measure == "participants" and not one.dimension and one.covers is Covers.WHOLE
    }

    def line(event: EventLine) -> dict[str, object]:
        days = wording.event_days(events[event.id])
        kind = kinds.get(event.kind, event.kind)
        known, origin = qualified_words(event.participants), "compté"
        if event.slug in by_hand:
            origin = "déclaré"
        elif not has_ended(events[event.id], moment):
            known, origin = NONE_TEXT, "à venir"
        elif not event.participants.value:
            known, origin = NONE_TEXT, "pas de liste"
        return {
            "url": url_for("manage.figures", slug=event.slug),
            "cells": [event.title, days, kind, known, origin],
            "sub": f"{days}, {origin}",
        }

    return [line(event) for event in read.events]
