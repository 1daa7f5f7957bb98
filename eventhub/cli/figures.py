"""`eventhub figures …`."""

import click


@click.group()
def figures() -> None:
    """figures."""
