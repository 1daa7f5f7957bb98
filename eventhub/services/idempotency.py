"""Answers kept under an Idempotency-Key, so that a repeated POST changes nothing.

Source: draft-ietf-httpapi-idempotency-key-header.
"""

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from eventhub.domain.errors import IdempotencyConflict
from eventhub.models.account import IdempotencyKey

_PENDING = 0


def claim_key(
    session: Session, scope: str, key: str, request_body: bytes, now: datetime
) -> tuple[int, dict[str, Any]] | None:
    """Claim `key` for this request, or return the status and body that it was answered with.

    Two simultaneous requests with one key: the second waits for the first to commit and then
    gets its answer. A request that fails gives the key back with its transaction.
    Raises IdempotencyConflict when the key was used for another request.
    """
    digest = hashlib.sha256(request_body).hexdigest()
    values = {
        "scope": scope,
        "key": key,
        "request_hash": digest,
        "status": _PENDING,
        "body": {},
        "created_at": now,
    }
    dialect = session.get_bind().dialect.name
    make = postgresql.insert if dialect == "postgresql" else sqlite.insert
    claimed = session.execute(
        make(IdempotencyKey).values(values).on_conflict_do_nothing().returning(IdempotencyKey.id)
    ).scalar_one_or_none()
    if claimed is not None:
        return None
    held = session.scalars(
        select(IdempotencyKey).where(IdempotencyKey.scope == scope, IdempotencyKey.key == key)
    ).one()
    if held.request_hash != digest:
        raise IdempotencyConflict
    return held.status, held.body


def keep_answer(session: Session, scope: str, key: str, status: int, body: dict[str, Any]) -> None:
    """Keep the answer that was given under a claimed key."""
    session.execute(
        update(IdempotencyKey)
        .where(IdempotencyKey.scope == scope, IdempotencyKey.key == key)
        .values(status=status, body=body)
    )
