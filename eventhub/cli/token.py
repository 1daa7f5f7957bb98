"""`eventhub token …`: bearer tokens of the API."""

import click

from eventhub.domain.rights import TokenScope
from eventhub.services.tokens import create_token
from eventhub.web.clock import now
from eventhub.web.transactions import write_transaction


@click.group()
def token() -> None:
    """Make tokens for programs that use the API."""


@token.command()
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    help="One of " + ", ".join(TokenScope) + "; may be repeated.",
)
@click.option("--departement", help="Limit the token to the events of one département.")
def add(name: str, scopes: tuple[str, ...], departement: str | None) -> None:
    """Make a token; the last word printed is the token, which is shown this once."""
    with write_transaction() as session:
        text = create_token(session, name, scopes, now(), departement)
    click.echo(f"{name} {text}")
