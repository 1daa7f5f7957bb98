"""`eventhub account …`: staff accounts and their sign-in links."""

import click

from eventhub.domain.errors import InvalidInput
from eventhub.domain.rights import AccountRole
from eventhub.queries.accounts import account_by_email
from eventhub.services.accounts import add_account, make_sign_in_link
from eventhub.web.clock import now
from eventhub.web.transactions import write_transaction
from eventhub.web.urls import public_url


@click.group()
def account() -> None:
    """Manage the accounts of the staff."""


@account.command("add")
@click.argument("email")
@click.option(
    "--role",
    type=click.Choice([role.value for role in AccountRole]),
    required=True,
    help="What the account may do.",
)
@click.option(
    "--departement",
    "departements",
    multiple=True,
    help="Code of a département of its territory; several may be given. None: the region.",
)
@click.option("--name", default="", help="Name shown to colleagues.")
def add(email: str, role: str, departements: tuple[str, ...], name: str) -> None:
    """Add an account and print its address."""
    try:
        with write_transaction() as session:
            made = add_account(
                session,
                email,
                AccountRole(role),
                _split(departements),
                now(),
                display_name=name,
                by=None,
            )
            address = made.email
    except InvalidInput as error:
        raise click.ClickException(" ".join(error.fields.values())) from error
    click.echo(address)


@account.command("sign-in-link")
@click.argument("email")
def sign_in_link(email: str) -> None:
    """Print a link of one use, good for half an hour, for the account of that address."""
    with write_transaction() as session:
        found = account_by_email(session, email)
        if found is None or not found.active:
            raise click.ClickException(f"there is no active account for {email}")
        token = make_sign_in_link(session, found, now())
    click.echo(public_url("accounts.confirm", token=token))


def _split(departements: tuple[str, ...]) -> list[str]:
    """Codes given one by one, or several with commas or spaces between them."""
    return [code for given in departements for code in given.replace(",", " ").split()]
