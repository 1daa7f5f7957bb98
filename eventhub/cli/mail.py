"""`eventhub mail …`."""

import click


@click.group()
def mail() -> None:
    """mail."""
