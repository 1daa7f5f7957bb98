"""`eventhub season …`."""

import click


@click.group()
def season() -> None:
    """season."""
