"""Events of the organiser: list, creation, overview, settings, states."""

from flask import abort

from eventhub.blueprints.manage import bp


@bp.get("/")
def index() -> str:
    """List the events that the account may edit."""
    return ""


@bp.get("/evenements/<slug>")
def event(slug: str) -> str:
    """Show the overview of one event."""
    abort(404)
