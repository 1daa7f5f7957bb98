"""Migrations go up and down, and lead to what the models say."""

from collections.abc import Callable
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import create_engine, inspect

from eventhub.app import create_app
from eventhub.extensions import db
from eventhub.models import Base
from tests.conftest import make_settings


def test_migrations_lead_to_the_models_and_back(
    new_database_url: Callable[[], str], tmp_path: Path
) -> None:
    url = new_database_url()
    app = create_app(make_settings(url, tmp_path))
    engine = create_engine(url)
    with app.app_context():
        upgrade()
        with engine.connect() as connection:
            context = MigrationContext.configure(connection)
            assert compare_metadata(context, Base.metadata) == []
        downgrade(revision="base")
        db.engine.dispose()
    assert inspect(engine).get_table_names() == ["alembic_version"]
    with app.app_context():
        upgrade()
        db.engine.dispose()
    assert set(inspect(engine).get_table_names()) == {*Base.metadata.tables, "alembic_version"}
    engine.dispose()
