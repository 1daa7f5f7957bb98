"""The newest migration, read from the names of the files: without alembic, which is large."""

from pathlib import Path

import config

MIGRATIONS = config.ROOT / "migrations"


def newest_migration(folder: Path = MIGRATIONS) -> str:
    """The highest revision id: ids are numbers of four digits, and begin the names of the files."""
    return max(path.name.partition("_")[0] for path in (folder / "versions").glob("[0-9]*_*.py"))
