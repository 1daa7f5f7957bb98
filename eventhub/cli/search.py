"""`eventhub search …`: what searches look in."""

import click

from eventhub.services.search_texts import rebuild as rebuild_texts
from eventhub.web.transactions import write_transaction


@click.group()
def search() -> None:
    """Keep what searches look in."""


@search.command()
def rebuild() -> None:
    """Write again what searches look in, after rows came by another way than the application."""
    with write_transaction() as session:
        changed = rebuild_texts(session)
    click.echo(", ".join(f"{number} {table}" for table, number in changed.items()) + " changed")
