"""Signing in by a mailed link."""

from flask import Blueprint, abort

bp = Blueprint("accounts", __name__)


@bp.get("/connexion")
def sign_in() -> str:
    abort(404)


@bp.post("/deconnexion")
def sign_out() -> str:
    abort(404)
