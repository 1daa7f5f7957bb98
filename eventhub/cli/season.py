"""`eventhub season …`: load a hub's year from files."""

from pathlib import Path

import click

from eventhub.services.season import EXAMPLE, Added, load_season, read_season
from eventhub.web.clock import now
from eventhub.web.transactions import write_transaction


@click.group()
def season() -> None:
    """Load a season: territories, kinds, structures, events, published figures."""


@season.command("load")
@click.argument("folder", metavar="[DIR]", required=False, default=EXAMPLE, type=Path)
def load(folder: Path) -> None:
    """Load the season in DIR (default: the example that is shipped), whole or not at all.

    What is already there is left alone, edited or not: loading twice changes nothing.
    """
    files = read_season(folder)
    with write_transaction() as session:
        added = load_season(session, files, now())
    click.echo(_summary(added))


def _summary(added: Added) -> str:
    if added == Added():
        return "season already loaded: nothing added"
    return (
        f"season loaded: {added.events} events, {added.upcoming} to come, "
        f"{added.structures} invented structures, {added.people} invented people, "
        f"{added.registrations} registrations, {added.presences} presences, "
        f"{added.headcounts} declared figures"
    )
