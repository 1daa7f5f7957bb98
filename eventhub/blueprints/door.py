"""The door page and pairing."""

from flask import Blueprint, abort

bp = Blueprint("door", __name__)


@bp.get("/accueil")
def index() -> str:
    abort(404)
