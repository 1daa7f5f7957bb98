"""`eventhub door …`: the devices of an event's door."""

import click
from flask import current_app

from eventhub.domain.errors import InvalidInput
from eventhub.queries.events import event_by_slug
from eventhub.services.accounts import COMMAND_LINE
from eventhub.services.checkpoints import default_checkpoints
from eventhub.services.door.pairing import add_device, offer_pairing
from eventhub.web.clock import now
from eventhub.web.transactions import write_transaction
from eventhub.web.urls import public_url


@click.group()
def door() -> None:
    """Manage the devices of an event's door."""


@door.command()
@click.argument("event")
@click.option("--name", required=True, help="What others are told: « Accueil 1 ».")
@click.option(
    "--link", is_flag=True, help="Print a pairing link of one use, good for four hours, instead."
)
@click.option("--pin", default="", help="With --link: 4 to 8 digits to type on the phone.")
def add(event: str, name: str, link: bool, pin: str) -> None:
    """Add a device to the door of EVENT (its slug), already paired.

    The last word printed is its bearer token (or the link), which is shown this once.
    """
    if pin and not link:
        raise click.UsageError("--pin goes with --link")
    moment = now()
    try:
        with write_transaction() as session:
            found = event_by_slug(session, event)
            if found is None:
                raise click.ClickException(f"there is no event {event}")
            default_checkpoints(session, found, moment)
            if link:
                _, code = offer_pairing(
                    session, found, name, moment, pin=pin, account_id=None, actor=COMMAND_LINE
                )
                click.echo(public_url("door.pairing", code=code))
                return
            device, token = add_device(
                session, found, name, moment, secret_key=current_app.config["SECRET_KEY"]
            )
            made = device.name
    except InvalidInput as error:
        raise click.ClickException(" ".join(error.fields.values())) from error
    click.echo(f"{made} {token}")
