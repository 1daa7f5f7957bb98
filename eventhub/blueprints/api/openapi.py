"""`/api/v1/openapi.json`: the description of the API."""

from importlib.metadata import version

from flask import Response, current_app, jsonify

from eventhub.blueprints.api import bp
from eventhub.web.openapi import document


@bp.get("/openapi.json")
def openapi() -> Response:
    """Describe the API."""
    return jsonify(document(current_app.config["SETTINGS"].base_url, version("eventhub")))
