"""Documents of an event for who may read names: feuille d'émargement, list of registrants."""

from flask import Response, current_app

from eventhub.blueprints.manage import bp
from eventhub.exports.pdf.attendance_sheet import attendance_sheet as sheet_of
from eventhub.exports.pdf.document import PDF_MIMETYPE
from eventhub.exports.registrants import registrants_csv as table_of
from eventhub.exports.tables import CSV_MIMETYPE
from eventhub.extensions import db
from eventhub.queries.paper import registrants, signatories
from eventhub.web.auth import event_for_names
from eventhub.web.clock import now


@bp.get("/evenements/<slug>/feuille-emargement.pdf")
def attendance_sheet(slug: str) -> Response:
    """The sheet to print and have signed, shown by the browser."""
    event = event_for_names(slug)
    people = signatories(db.session(), event.id)
    made = sheet_of(event, people, current_app.config["SETTINGS"].hub_name, now())
    return _document(made, PDF_MIMETYPE, "inline", f"feuille-emargement-{slug}.pdf")


@bp.get("/evenements/<slug>/inscriptions.csv")
def registrants_csv(slug: str) -> Response:
    """Every registration of the event, for a spreadsheet."""
    event = event_for_names(slug)
    made = table_of(registrants(db.session(), event.id), event.timezone)
    return _document(made, CSV_MIMETYPE, "attachment", f"inscriptions-{slug}.csv")


def _document(made: bytes, mimetype: str, disposition: str, filename: str) -> Response:
    response = Response(made, mimetype=mimetype)
    response.headers.set("Content-Disposition", disposition, filename=filename)
    response.headers["Cache-Control"] = "no-store"  # names of people
    return response
