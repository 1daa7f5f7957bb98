"""`eventhub token …`."""

import click


@click.group()
def token() -> None:
    """token."""
