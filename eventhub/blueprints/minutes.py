"""Published comptes-rendus."""

from flask import Blueprint, abort

bp = Blueprint("minutes", __name__)


@bp.get("/comptes-rendus")
def index() -> str:
    abort(404)


@bp.get("/comptes-rendus/<slug>")
def show(slug: str) -> str:
    abort(404)
