"""Bearer tokens of the API: which one, what it may do, and where."""

import hashlib
from dataclasses import dataclass

from flask import request
from sqlalchemy import bindparam, select

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


_CALLER = select(ApiToken.id, ApiToken.scopes, ApiToken.departement_code).where(
    ApiToken.token_hash == bindparam("hash"), ApiToken.revoked_at.is_(None)
)


@dataclass(frozen=True, slots=True)
class Caller:
    """The token that calls: its number, and the département that it is limited to, if any."""

    token_id: int
    departement_code: str | None


def require_scope(scope: TokenScope) -> Caller:
    """The calling token. Raises Unauthorised without a valid one, Forbidden without the scope."""
    raw = bearer_token()
    row = (
        db.session.connection().execute(_CALLER, {"hash": hash_token(raw)}).one_or_none()
        if raw
        else None
    )
    if row is None:
        raise Unauthorised
    token_id, scopes, departement_code = row
    if scope.value not in scopes:
        raise Forbidden
    return Caller(token_id, departement_code)


def require_territory(caller: Caller, event: Event) -> None:
    """Raise Forbidden where the token is limited to a département that the event is not in."""
    if caller.departement_code is None:
        return
    if caller.departement_code not in {departement.code for departement in event.departements}:
        raise Forbidden
