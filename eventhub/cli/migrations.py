"""`eventhub db …`: Flask-Migrate, loaded for these commands only.

It brings alembic with it, 10 MB that the server and the mail worker have no use for.
"""

import click
from flask import Flask
from flask.cli import ScriptInfo
from flask_migrate import Migrate
from flask_migrate.cli import db as migrate_commands  # type: ignore[import-not-found]  # no stubs

from eventhub.extensions import db as database
from eventhub.web.schema_version import MIGRATIONS


def init_migrations(app: Flask) -> None:
    """Tell Flask-Migrate where the migrations are, and of which database."""
    if "migrate" not in app.extensions:
        Migrate(app, database, directory=str(MIGRATIONS), render_as_batch=True)


class MigrationGroup(click.Group):
    """Flask-Migrate's commands, within an application that knows of them."""

    def invoke(self, context: click.Context) -> object:
        """Set Flask-Migrate up on the application at hand, then run the command."""
        init_migrations(context.ensure_object(ScriptInfo).load_app())
        return super().invoke(context)


db = MigrationGroup(
    "db",
    commands=dict(migrate_commands.commands),
    callback=migrate_commands.callback,
    params=migrate_commands.params,
    help="Bring the tables up or down.",
)
