"""`eventhub account …`."""

import click


@click.group()
def account() -> None:
    """account."""
