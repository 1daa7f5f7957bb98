"""Registration without an account."""

from flask import Blueprint, abort

bp = Blueprint("registration", __name__)


@bp.get("/evenements/<slug>/inscription")
def new(slug: str) -> str:
    abort(404)


@bp.get("/mon-inscription/<token>")
def manage(token: str) -> str:
    abort(404)


@bp.get("/retrouver")
def retrieve() -> str:
    abort(404)
