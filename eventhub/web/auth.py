"""The signed-in account, and what it may do."""

from flask import Flask

from eventhub.extensions import db, login
from eventhub.models.account import Account


def init_auth(app: Flask) -> None:
    """Load the account of the session."""

    @login.user_loader
    def load(identity: str) -> Account | None:
        return db.session.get(Account, int(identity))
