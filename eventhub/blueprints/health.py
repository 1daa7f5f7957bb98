"""Health: is the process up, and can it serve?"""

from flask import Blueprint, Response, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from eventhub.extensions import db, limiter
from eventhub.web.schema_version import newest_migration

bp = Blueprint("health", __name__)
limiter.exempt(bp)


@bp.get("/healthz")
def alive() -> Response:
    """Answer that the process is up; looks at nothing else."""
    return jsonify(status="ok")


@bp.get("/readyz")
def ready() -> tuple[Response, int]:
    """Say whether the database answers and stands at the newest migration."""
    expected = newest_migration()
    try:
        found = db.session.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except SQLAlchemyError:
        db.session.rollback()
        return jsonify(status="unavailable", database="unreachable or without tables"), 503
    if found != expected:
        return jsonify(status="unavailable", migration=found, expected=expected), 503
    return jsonify(status="ok", migration=found), 200
