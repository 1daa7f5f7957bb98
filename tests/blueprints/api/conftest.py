"""A caller of the API with tokens of chosen scopes."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from eventhub.domain.rights import TokenScope
from eventhub.services.tokens import create_token

Headers = dict[str, str]
MakeHeaders = Callable[..., Headers]


@pytest.fixture
def headers(session: Session, now: datetime) -> MakeHeaders:
    """Make the headers of a caller with the given scopes (default: all)."""

    def make(*scopes: TokenScope, departement: str | None = None) -> Headers:
        wanted = [scope.value for scope in scopes or tuple(TokenScope)]
        token = create_token(session, "essai", wanted, now, departement)
        session.commit()
        return {"Authorization": f"Bearer {token}"}

    return make
