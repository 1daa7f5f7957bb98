"""Signs a test's browser in, as the mailed link does."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from eventhub.models.account import Account
from eventhub.services.accounts import make_sign_in_link
from eventhub.web.clock import now


def signed_in(app: Flask, session: Session, account: Account) -> FlaskClient:
    """A browser in which `account` is signed in."""
    token = make_sign_in_link(session, account, now())
    session.commit()
    client = app.test_client()
    response = client.post(f"/connexion/{token}")
    assert response.status_code == 303
    return client
