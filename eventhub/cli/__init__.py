"""The command line: `eventhub GROUP COMMAND`. Standard output holds only the answer."""

import sys
from typing import NoReturn

import click
from flask import Flask
from flask.cli import FlaskGroup, ScriptInfo, with_appcontext
from sqlalchemy.exc import OperationalError, ProgrammingError

import config
from eventhub.app import create_app
from eventhub.cli import account, door, figures, mail, search, season, token
from eventhub.domain.errors import DomainError


def _create_app(_info: ScriptInfo | None = None) -> Flask:
    return create_app()


def _with_application(command: click.Command) -> click.Command:
    """Let a command, or each command of a group, run with the application at hand."""
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            _with_application(inner)
    elif command.callback is not None:
        command.callback = with_appcontext(command.callback)
    return command


class CommandLine(FlaskGroup):
    """Our own groups, and no plugin's; the migrations' one is loaded when it is called."""

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The group of that name."""
        if name == "db":
            from eventhub.cli.migrations import db

            return db
        return self.commands.get(name)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all groups."""
        return sorted({*self.commands, "db"})


cli = CommandLine(
    name="eventhub",
    create_app=_create_app,
    add_default_commands=False,
    add_version_option=False,
    set_debug_flag=False,
    help="EventHub: events, registrations, door, figures, minutes.",
)
for _command in (
    account.account,
    door.door,
    figures.figures,
    mail.mail,
    search.search,
    season.season,
    token.token,
):
    cli.add_command(_with_application(_command))


def main() -> None:
    """Run the command line; a user's mistake is one line on standard error and exit 1."""
    try:
        cli.main(prog_name="eventhub", standalone_mode=False)
    except click.exceptions.Abort:
        _fail("interrupted")
    except click.ClickException as error:
        _fail(error.format_message())
    except (DomainError, config.SettingError) as error:
        _fail(str(error) or error.__class__.__name__)
    except (OperationalError, ProgrammingError) as error:
        _fail(f"the database does not answer as expected ({error.orig}); run `eventhub db upgrade`")


def _fail(message: str) -> NoReturn:
    click.echo(f"eventhub: {' '.join(message.split())}", err=True)
    sys.exit(1)
