"""Migrations go up and down, and lead to what the models say."""

from collections.abc import Callable
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade
from sqlalchemy import create_engine, inspect, text

from eventhub.app import create_app
from eventhub.cli.migrations import init_migrations
from eventhub.extensions import db
from eventhub.models import Base
from eventhub.services.season import EXAMPLE, load_season, read_season
from eventhub.web.schema_version import MIGRATIONS, newest_migration
from eventhub.web.transactions import write_transaction
from tests.conftest import NOW, make_settings


def test_migrations_lead_to_the_models_and_back_with_a_season_in_them(
    new_database_url: Callable[[], str], tmp_path: Path
) -> None:
    url = new_database_url()
    app = create_app(make_settings(url, tmp_path))
    init_migrations(app)
    engine = create_engine(url)
    with app.app_context():
        upgrade()
        with engine.connect() as connection:
            context = MigrationContext.configure(connection)
            assert compare_metadata(context, Base.metadata) == []
        with write_transaction() as session:
            load_season(session, read_season(EXAMPLE), NOW)
        db.session.remove()
        downgrade(revision="base")
        db.engine.dispose()
    assert inspect(engine).get_table_names() == ["alembic_version"]
    with app.app_context():
        upgrade()
        db.engine.dispose()
    assert set(inspect(engine).get_table_names()) == {*Base.metadata.tables, "alembic_version"}
    engine.dispose()


def test_a_step_down_and_up_again_loses_no_row_and_no_speaker(
    new_database_url: Callable[[], str], tmp_path: Path
) -> None:
    url = new_database_url()
    app = create_app(make_settings(url, tmp_path))
    init_migrations(app)
    engine = create_engine(url)

    def rows(*tables: str) -> dict[str, int]:
        with engine.connect() as connection:
            return {
                name: connection.scalar(text(f"SELECT count(*) FROM {name}"))  # noqa: S608 - our own names
                for name in tables
            }

    def speakers() -> list[tuple[str, str, bool]]:
        with engine.connect() as connection:
            found = connection.execute(
                text(
                    "SELECT a.title, s.name, s.may_be_named FROM activity_speakers s "
                    "JOIN activities a ON a.id = s.activity_id ORDER BY a.title, s.name"
                )
            )
            return [(row[0], row[1], bool(row[2])) for row in found]

    old_tables = ("events", "activities", "registrations", "attendances", "checkpoints", "tickets")
    with app.app_context():
        upgrade()
        with write_transaction() as session:
            load_season(session, read_season(EXAMPLE), NOW)
        db.session.remove()
        before, named = rows(*old_tables), speakers()
        downgrade(revision="0001")
        with engine.connect() as connection:
            told = connection.scalars(
                text("SELECT speakers FROM activities WHERE speakers <> '' ORDER BY id")
            ).all()
        assert sorted(told) == sorted({name for _title, name, _agreed in named})
        assert rows(*old_tables) == before
        upgrade()
        db.engine.dispose()
    assert rows(*old_tables) == before
    assert (named, len(named) > 3) == (speakers(), True)
    engine.dispose()


def test_the_newest_migration_is_read_from_the_names_of_the_files() -> None:
    assert newest_migration() == ScriptDirectory(str(MIGRATIONS)).get_current_head()
