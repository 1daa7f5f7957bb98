"""The organiser area, `/organisation/` and below: one module per tab."""

from flask import Blueprint

bp = Blueprint("manage", __name__, url_prefix="/organisation")

from eventhub.blueprints.manage import (  # noqa: E402 - the modules add their routes to `bp`
    door,
    events,
    figures,
    minutes,
    registrations,
)

__all__ = ["bp", "door", "events", "figures", "minutes", "registrations"]
