"""Figures for staff."""

from flask import Blueprint, abort

bp = Blueprint("figures", __name__)


@bp.get("/chiffres")
def index() -> str:
    abort(404)
