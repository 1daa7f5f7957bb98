"""API tokens: made once, shown once, kept hashed."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from eventhub.domain.errors import InvalidInput
from eventhub.domain.rights import TokenScope
from eventhub.models.account import ApiToken
from eventhub.models.territory import Departement


def create_token(
    session: Session,
    name: str,
    scopes: Sequence[str],
    now: datetime,
    departement_code: str | None = None,
) -> str:
    """Make a token and return its text, which is never shown again.

    Raises InvalidInput for an unknown scope or département.
    """
    known = {scope.value for scope in TokenScope}
    unknown = sorted(set(scopes) - known)
    if unknown or not scopes:
        raise InvalidInput({"scope": f"scopes: {', '.join(sorted(known))}"})
    if departement_code is not None and session.get(Departement, departement_code) is None:
        raise InvalidInput({"departement": f"unknown département {departement_code}"})
    text = f"eh_{secrets.token_urlsafe(32)}"
    session.add(
        ApiToken(
            name=name,
            token_hash=hashlib.sha256(text.encode()).hexdigest(),
            scopes=sorted(set(scopes)),
            departement_code=departement_code,
            created_at=now,
        )
    )
    session.flush()
    return text
