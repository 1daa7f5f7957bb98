"""`eventhub mail …`: delivers the outbox."""

import os
import sys
from typing import Any

import click

from eventhub.web import mail_watch


@click.group()
def mail() -> None:
    """Deliver the mails of the outbox."""


@mail.command()
@click.option("--watch", is_flag=True, help="Stay, and deliver whatever becomes due.")
def deliver(watch: bool) -> None:
    """Deliver the mails that are due; print how many were sent.

    Without an SMTP address they are written to instance/mail/. With --watch nothing is printed.
    """
    if watch:
        # In the place of this process, which has loaded the whole application for nothing.
        os.execv(sys.executable, [sys.executable, "-m", mail_watch.__name__])  # noqa: S606 - our own module
    try:
        tally: dict[str, Any] = mail_watch.deliver()
    except mail_watch.DeliveryFailed:
        sys.exit(1)  # it has said why
    click.echo(str(tally["sent"]))
    if tally["unreachable"]:
        raise click.ClickException(
            f"mails wait, the server cannot be reached: {tally['unreachable']}"
        )
