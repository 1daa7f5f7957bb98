"""Standing pages, theme and health."""

from flask import Blueprint, abort

bp = Blueprint("pages", __name__)


@bp.get("/accessibilite")
def accessibility() -> str:
    abort(404)


@bp.get("/donnees-personnelles")
def privacy() -> str:
    abort(404)


@bp.get("/mentions-legales")
def legal() -> str:
    abort(404)


@bp.get("/theme.css")
def theme() -> str:
    abort(404)
