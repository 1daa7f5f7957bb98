"""Makes an installation ready to serve: key, database, example season, an administrator.

A process of its own, started by tools/run.py, so that what it loads is gone when the server
runs. Changes nothing that is there already. Prints the address of a sign-in link for an
administrator where `--link` is given, and nothing else, on standard output.
"""

import contextlib
import os
import secrets
import sys
from pathlib import Path

import click
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy import exists, select
from sqlalchemy.exc import SQLAlchemyError

import config
from eventhub.app import create_app
from eventhub.cli import cli
from eventhub.domain.errors import DomainError
from eventhub.domain.rights import AccountRole
from eventhub.extensions import db
from eventhub.models.account import Account
from eventhub.models.event import Event

FIRST_ADMINISTRATOR = "admin@example.org"


def make_secret_key() -> None:
    """Write a new key to the instance folder, for its owner only, unless one is set or there."""
    if os.environ.get(f"{config.PREFIX}SECRET_KEY", "").strip():
        return
    folder = Path(os.environ.get(f"{config.PREFIX}INSTANCE_PATH") or config.ROOT / "instance")
    folder.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        key = os.open(folder / "secret_key", os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(key, "w", encoding="ascii") as file:
            file.write(f"{secrets.token_urlsafe(48)}\n")


def eventhub(app: Flask, *words: str) -> None:
    """Run one command of the command line in this process."""
    cli.main(
        list(words),
        prog_name="eventhub",
        standalone_mode=False,
        obj=ScriptInfo(create_app=lambda: app),
    )


def has_events(app: Flask) -> bool:
    """Whether the database holds any event."""
    with app.app_context():
        return bool(db.session.scalar(select(exists().select_from(Event))))


def administrator(app: Flask) -> str | None:
    """The address of the administrator who has been here longest, if there is one."""
    of_interest = (Account.role == AccountRole.ADMINISTRATOR) & Account.active
    with app.app_context():
        return db.session.scalar(select(Account.email).where(of_interest).order_by(Account.id))


def prepare(*, link: bool) -> None:
    """Do each step that is not done yet; what the commands say goes to standard error."""
    make_secret_key()
    app = create_app()
    with contextlib.redirect_stdout(sys.stderr):
        eventhub(app, "db", "upgrade")
        if not has_events(app):
            eventhub(app, "season", "load")
        if administrator(app) is None:
            eventhub(app, "account", "add", FIRST_ADMINISTRATOR, "--role", "administrator")
    email = administrator(app)
    if link and email:
        eventhub(app, "account", "sign-in-link", email)


if __name__ == "__main__":
    try:
        prepare(link="--link" in sys.argv[1:])
    except click.ClickException as error:
        sys.exit(f"Stopped: {error.format_message()}")
    except (config.SettingError, DomainError, SQLAlchemyError, OSError) as error:
        sys.exit(f"Stopped: {' '.join(str(error).split()) or type(error).__name__}")
