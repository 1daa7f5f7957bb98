"""Health: is the process up, and can it serve?"""

from alembic.script import ScriptDirectory
from flask import Blueprint, Response, current_app, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from eventhub.extensions import db, limiter

bp = Blueprint("health", __name__)
limiter.exempt(bp)


@bp.get("/healthz")
def alive() -> Response:
    """Answer that the process is up; looks at nothing else."""
    return jsonify(status="ok")


@bp.get("/readyz")
def ready() -> tuple[Response, int]:
    """Say whether the database answers and stands at the newest migration."""
    expected = ScriptDirectory(
        current_app.extensions["migrate"].directory
    ).get_current_head()
    try:
        found = db.session.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except SQLAlchemyError:
        db.session.rollback()
        return jsonify(status="unavailable", database="unreachable or without tables"), 503
    if found != expected:
        return jsonify(status="unavailable", migration=found, expected=expected), 503
    return jsonify(status="ok", migration=found), 200
