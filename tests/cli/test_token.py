"""`eventhub token …`."""

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventhub.cli.token import token
from eventhub.domain.errors import InvalidInput
from eventhub.models.account import ApiToken
from eventhub.web.api_auth import hash_token


def test_the_last_word_is_the_token_and_only_its_hash_is_kept(app: Flask, session: Session) -> None:
    done = app.test_cli_runner().invoke(
        token, ["add", "bilan", "--scope", "figures:read", "--scope", "events:read"]
    )
    assert done.exit_code == 0
    text = done.stdout.split()[-1]
    (kept,) = session.scalars(select(ApiToken)).all()
    assert kept.token_hash == hash_token(text)
    assert kept.scopes == ["events:read", "figures:read"]


def test_an_unknown_scope_is_refused(app: Flask, session: Session) -> None:
    done = app.test_cli_runner().invoke(token, ["add", "bilan", "--scope", "everything"])
    assert isinstance(done.exception, InvalidInput)
    assert session.scalars(select(ApiToken)).all() == []
