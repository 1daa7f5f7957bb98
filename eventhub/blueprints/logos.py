"""Logos, by the hash of their bytes: an address never shows anything else."""

from flask import Blueprint, Response

from eventhub.domain.errors import NotFound
from eventhub.extensions import db
from eventhub.queries.structures import logo_by_hash

bp = Blueprint("logos", __name__)

HASH_LENGTH = 64


@bp.get("/logos/<sha256>.png")
def logo(sha256: str) -> Response:
    """Give a logo, to be kept for ever."""
    data = logo_by_hash(db.session(), sha256) if len(sha256) == HASH_LENGTH else None
    if data is None:
        raise NotFound
    response = Response(data, mimetype="image/png")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
