"""`eventhub door …`."""

import click


@click.group()
def door() -> None:
    """door."""
