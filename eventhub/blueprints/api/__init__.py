"""The JSON API, version 1: one module per resource. See docs/ and /api/v1/openapi.json."""

from flask import Blueprint

from eventhub.extensions import csrf

bp = Blueprint("api", __name__, url_prefix="/api/v1")
csrf.exempt(bp)  # bearer tokens, never cookies

from eventhub.blueprints.api import (  # noqa: E402 - the modules add their routes to `bp`
    door,
    events,
    figures,
    openapi,
    registrations,
)

__all__ = ["bp", "door", "events", "figures", "openapi", "registrations"]
