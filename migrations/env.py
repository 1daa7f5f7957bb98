"""Runs migrations within the application's settings; renders custom types as plain ones."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app
from sqlalchemy import Connection, Enum

from eventhub.models.base import WRITE_OPTION, Base, UtcDateTime


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Write our own types as the plain types that they store."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Enum):
        return f"sa.String(length={item.length})"
    return False


def run() -> None:
    """Run the migrations on one connection that may write."""
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect().execution_options(**{WRITE_OPTION: True}) as connection:
        # SQLite changes a table by making it anew: dropping the old one would take along, or be
        # stopped by, the rows that refer to it. The setting is ignored inside a transaction.
        if connection.dialect.name == "sqlite":
            _sqlite(connection, "PRAGMA foreign_keys = OFF")
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_item=render_item,
            render_as_batch=True,
            compare_type=_compare_type,
        )
        with context.begin_transaction():
            context.run_migrations()
            if connection.dialect.name == "sqlite":
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                if broken:
                    raise RuntimeError(f"rows refer to rows that are not there: {broken[:5]}")
        if connection.dialect.name == "sqlite":
            _sqlite(connection, "PRAGMA foreign_keys = ON")


def _sqlite(connection: Connection, pragma: str) -> None:
    """Speak to the driver itself, so that no transaction begins."""
    driver: Any = connection.connection.driver_connection
    driver.execute(pragma)


def _compare_type(
    _context: Any, _inspected: Any, _column: Any, _inspected_type: Any, column_type: Any
) -> bool | None:
    # An enumeration and the text that stores it are the same column.
    return False if isinstance(column_type, Enum) else None


run()
