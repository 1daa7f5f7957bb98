"""The public agenda and event pages."""

from flask import Blueprint, abort

bp = Blueprint("agenda", __name__)


@bp.get("/")
def index() -> str:
    abort(404)


@bp.get("/evenements/<slug>")
def event(slug: str) -> str:
    abort(404)
