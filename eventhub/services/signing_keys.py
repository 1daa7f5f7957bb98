"""The Ed25519 keys that sign tickets.

The first key is derived from the application's secret, so that any process can sign before a
row is stored and all make the same one. It is stored, sealed like the later ones, when the first
device is paired. Later keys are random. A key's number is never given twice.
"""

import base64
from datetime import datetime
from functools import lru_cache
from weakref import WeakKeyDictionary

from cryptography.exceptions import InvalidSignature
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Engine, ScalarSelect, func, select
from sqlalchemy.orm import Session

from eventhub.domain.errors import StateForbids
from eventhub.domain.ticket import KEY_NUMBER_MAX, SignedTicket
from eventhub.models.door import SigningKey

FIRST_KEY_NUMBER = 1
_private_keys: "WeakKeyDictionary[Engine, dict[tuple[int, str], Ed25519PrivateKey]]" = (
    WeakKeyDictionary()
)
_public_keys: "WeakKeyDictionary[Engine, dict[int, bytes]]" = WeakKeyDictionary()


def current_key_number() -> ScalarSelect[int]:
    """The number of the key that signs new tickets, as an expression for a statement."""
    return (
        select(func.coalesce(func.max(SigningKey.number), FIRST_KEY_NUMBER))
        .where(SigningKey.retired_at.is_(None))
        .scalar_subquery()
    )


def ensure_first_key(session: Session, secret_key: str, now: datetime) -> SigningKey:
    """The first key's row, stored where it is missing."""
    found = session.get(SigningKey, FIRST_KEY_NUMBER)
    return found or _store(session, FIRST_KEY_NUMBER, _first_seed(secret_key), secret_key, now)


def rotate_signing_key(session: Session, secret_key: str, now: datetime) -> SigningKey:
    """Retire the keys in use and make a new one; tickets signed before stay valid.

    Raises StateForbids when every number that a ticket can carry has been given.
    """
    ensure_first_key(session, secret_key, now)
    keys = list(session.scalars(select(SigningKey).order_by(SigningKey.number)))
    number = keys[-1].number + 1
    if number > KEY_NUMBER_MAX:
        raise StateForbids
    for key in keys:
        key.retired_at = key.retired_at or now
    return _store(
        session, number, Ed25519PrivateKey.generate().private_bytes_raw(), secret_key, now
    )


def sign(session: Session, key_number: int, data: bytes, secret_key: str) -> bytes:
    """The signature of `data` by the key of that number, 64 bytes.

    Each key is opened once per process and database: it never changes.
    Raises StateForbids when the key cannot be opened: the secret is not the one that sealed it.
    """
    opened = _private_keys.setdefault(_engine(session), {})
    key = opened.get((key_number, secret_key))
    if key is None:
        seed = _seed(session, key_number, secret_key)
        key = opened[key_number, secret_key] = Ed25519PrivateKey.from_private_bytes(seed)
    return key.sign(data)


def _seed(session: Session, key_number: int, secret_key: str) -> bytes:
    row = session.get(SigningKey, key_number)
    if row is not None:
        return _unseal(row.sealed_private_key, secret_key)
    if key_number == FIRST_KEY_NUMBER:
        return _first_seed(secret_key)
    raise StateForbids


def public_keys(session: Session) -> dict[int, bytes]:
    """The public key of every number, retired ones included.

    Read once per process and database: a key never changes, and `is_signed` reads again when it
    meets a number that it does not know.
    """
    keys = {key.number: key.public_key for key in session.scalars(select(SigningKey))}
    _public_keys[_engine(session)] = keys
    return keys


def is_signed(session: Session, ticket: SignedTicket, secret_key: str) -> bool:
    """Whether the ticket's signature is by the key that it names."""
    known = _public_keys.get(_engine(session), {})
    if ticket.key_number not in known:
        known = public_keys(session)
    public_key = known.get(ticket.key_number)
    if public_key is None and ticket.key_number == FIRST_KEY_NUMBER:
        public_key = _public_of(_first_seed(secret_key))
    if public_key is None:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(ticket.signature, ticket.signed_bytes)
    except InvalidSignature:
        return False
    return True


def _store(
    session: Session, number: int, seed: bytes, secret_key: str, now: datetime
) -> SigningKey:
    key = SigningKey(
        number=number,
        public_key=_public_of(seed),
        sealed_private_key=Fernet(_sealing_key(secret_key)).encrypt(seed),
        created_at=now,
    )
    session.add(key)
    session.flush()
    return key


def _engine(session: Session) -> Engine:
    return session.get_bind().engine


def _derive(secret_key: str, purpose: str) -> bytes:
    """32 bytes for one purpose from the application's secret. Source: RFC 5869."""
    hkdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode())
    return hkdf.derive(secret_key.encode())


@lru_cache(maxsize=8)
def _first_seed(secret_key: str) -> bytes:
    return _derive(secret_key, "eventhub: first ticket signing key")


@lru_cache(maxsize=8)
def _sealing_key(secret_key: str) -> bytes:
    return base64.urlsafe_b64encode(_derive(secret_key, "eventhub: sealing of signing keys"))


@lru_cache(maxsize=32)
def _unseal(sealed: bytes, secret_key: str) -> bytes:
    try:
        return Fernet(_sealing_key(secret_key)).decrypt(sealed)
    except InvalidToken as error:
        raise StateForbids from error


@lru_cache(maxsize=32)
def _public_of(seed: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
