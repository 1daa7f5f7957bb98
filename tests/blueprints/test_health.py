"""Health of the process and of what it needs."""

from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session


def test_the_process_answers(client: FlaskClient) -> None:
    assert client.get("/healthz").get_json() == {"status": "ok"}


def test_a_database_without_migrations_is_not_ready(client: FlaskClient) -> None:
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.get_json()["status"] == "unavailable"


def test_a_database_at_the_newest_migration_is_ready(client: FlaskClient, session: Session) -> None:
    session.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
    session.execute(text("INSERT INTO alembic_version VALUES ('0000')"))
    session.commit()
    expected = client.get("/readyz").get_json()["expected"]
    session.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": expected})
    session.commit()
    assert client.get("/readyz").get_json() == {"status": "ok", "migration": expected}
    session.execute(text("DROP TABLE alembic_version"))
    session.commit()
