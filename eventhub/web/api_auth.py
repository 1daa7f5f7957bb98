"""Bearer tokens of the API: which one, what it may do, and where."""

import hashlib

from flask import request
from sqlalchemy import select

from eventhub.domain.errors import Forbidden, Unauthorised
from eventhub.domain.rights import TokenScope
from eventhub.extensions import db
from eventhub.models.account import ApiToken
from eventhub.models.event import Event


def bearer_token() -> str:
    """The token of the Authorization header, or an empty string. Source: RFC 6750 §2.1."""
    kind, _, value = request.headers.get("Authorization", "").partition(" ")
    return value.strip() if kind.casefold() == "bearer" else ""


def hash_token(token: str) -> str:
    """How a token is kept: its SHA-256 in hexadecimal; tokens are random, so no salt is due."""
    return hashlib.sha256(token.encode()).hexdigest()


def require_scope(scope: TokenScope) -> ApiToken:
    """The calling token. Raises Unauthorised without a valid one, Forbidden without the scope."""
    raw = bearer_token()
    token = (
        db.session.scalar(select(ApiToken).where(ApiToken.token_hash == hash_token(raw)))
        if raw
        else None
    )
    if token is None or token.revoked_at is not None:
        raise Unauthorised
    if scope.value not in token.scopes:
        raise Forbidden
    return token


def require_territory(token: ApiToken, event: Event) -> None:
    """Raise Forbidden where the token is limited to a département that the event is not in."""
    if token.departement_code is None:
        return
    if token.departement_code not in {departement.code for departement in event.departements}:
        raise Forbidden
