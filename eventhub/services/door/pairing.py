"""Devices of a door: paired by a link of one use, revoked by the organiser."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from eventhub.domain.door import COPY_KEPT_FOR
from eventhub.domain.errors import InvalidInput, LinkExpired, TooManyTries
from eventhub.domain.registration import clean_line, end_of, why_not_a_line
from eventhub.models.door import Device, DevicePairing
from eventhub.models.event import Event
from eventhub.queries.door import Door
from eventhub.services.audit import record
from eventhub.services.signing_keys import ensure_first_key

LINK_LASTS = timedelta(hours=4)
"""From the organiser's screen to the phone; long enough to prepare the doors of a morning."""
PIN_TRIES = 5
PIN_LENGTHS = range(4, 9)
DEVICE_NAME_MAX = 100
_TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class PairingAttempt:
    """What came of opening a pairing link: a device and its token, or a wrong PIN.

    The token is shown this once; only its hash is kept.
    """

    device: Device | None
    token: str
    tries_left: int


def hash_secret(secret: str) -> str:
    """How a code or a token is kept: both are long and random, so no salt is due."""
    return hashlib.sha256(secret.encode()).hexdigest()


def device_expires_at(event: Event, now: datetime) -> datetime:
    """Until when a device paired now keeps its copy: two days after the end, or after now."""
    return max(end_of(event), now) + COPY_KEPT_FOR


def clean_device_name(name: str) -> str:
    """The name of a device, cleaned. Raises InvalidInput (field `name`)."""
    cleaned = clean_line(name)
    problem = why_not_a_line(cleaned, DEVICE_NAME_MAX)
    if not cleaned:
        problem = "Donnez un nom au poste, par exemple «\u00a0Accueil 1\u00a0»."
    if problem:
        raise InvalidInput({"name": problem})
    return cleaned


def offer_pairing(
    session: Session,
    event: Event,
    name: str,
    now: datetime,
    *,
    pin: str = "",
    account_id: int | None,
    actor: str,
) -> tuple[DevicePairing, str]:
    """Make a link for one device: the pairing and the code that goes into the link.

    `pin`, 4 to 8 digits, is asked for on the phone. Raises InvalidInput (`name`, `pin`).
    """
    name = clean_device_name(name)
    pin = pin.strip()
    if pin and not (pin.isascii() and pin.isdecimal() and len(pin) in PIN_LENGTHS):
        raise InvalidInput({"pin": "Le code PIN a de 4 à 8 chiffres."})
    code = secrets.token_urlsafe(16)
    pairing = DevicePairing(
        event_id=event.id,
        name=name,
        code_hash=hash_secret(code),
        pin_hash=_hash_pin(pin, secrets.token_bytes(16)) if pin else None,
        created_at=now,
        expires_at=now + LINK_LASTS,
    )
    session.add(pairing)
    session.flush()
    record(
        session,
        now,
        "door-pairing-offered",
        account_id=account_id,
        actor=actor,
        event_id=event.id,
        subject=f"pairing:{pairing.id}",
        name=name,
    )
    return pairing, code


def live_pairing(session: Session, code: str, now: datetime) -> DevicePairing:
    """The pairing that a code leads to; looking uses nothing up.

    Raises LinkExpired for a code that is unknown, used or out of date, TooManyTries for one whose
    PIN was tried too often.
    """
    pairing = session.scalar(
        select(DevicePairing)
        .where(DevicePairing.code_hash == hash_secret(code))
        .execution_options(populate_existing=True)  # tries are counted by the database
    )
    if pairing is None or pairing.used_at is not None or pairing.expires_at <= now:
        raise LinkExpired
    if pairing.pin_hash is not None and pairing.tries >= PIN_TRIES:
        raise TooManyTries
    return pairing


def pair_device(
    session: Session, code: str, name: str, pin: str, now: datetime, *, secret_key: str
) -> PairingAttempt:
    """Use a pairing link up: make the device and its token.

    A wrong PIN is counted and answered, not raised, so that the caller commits the count; the
    fifth one closes the link. Raises LinkExpired, TooManyTries, InvalidInput (`name`).
    """
    pairing = live_pairing(session, code, now)
    name = clean_device_name(name)
    if pairing.pin_hash is not None:
        # Counted before it is looked at: many tries at once cannot all be the first.
        tries = session.scalar(
            update(DevicePairing)
            .where(DevicePairing.id == pairing.id, DevicePairing.tries < PIN_TRIES)
            .values(tries=DevicePairing.tries + 1)
            .returning(DevicePairing.tries)
            .execution_options(synchronize_session=False)
        )
        if tries is None:
            raise TooManyTries
        if not _is_pin(pin.strip(), pairing.pin_hash):
            return PairingAttempt(None, "", PIN_TRIES - tries)
    used = session.scalar(
        update(DevicePairing)
        .where(DevicePairing.id == pairing.id, DevicePairing.used_at.is_(None))
        .values(used_at=now)
        .returning(DevicePairing.id)
        .execution_options(synchronize_session=False)
    )
    if used is None:  # used at this very moment, elsewhere
        raise LinkExpired
    device, token = add_device(session, pairing.event, name, now, secret_key=secret_key)
    record(
        session,
        now,
        "door-device-paired",
        account_id=None,
        actor=device.name,
        event_id=device.event_id,
        subject=f"device:{device.id}",
    )
    return PairingAttempt(device, token, PIN_TRIES)


def add_device(
    session: Session, event: Event, name: str, now: datetime, *, secret_key: str
) -> tuple[Device, str]:
    """Make a device and its bearer token. Raises InvalidInput (`name`).

    Effects: stores the first signing key where it is missing, so that copies carry it.
    """
    ensure_first_key(session, secret_key, now)
    token = f"ehd_{secrets.token_urlsafe(_TOKEN_BYTES)}"
    device = Device(
        event_id=event.id,
        name=clean_device_name(name),
        token_hash=hash_secret(token),
        paired_at=now,
        expires_at=device_expires_at(event, now),
    )
    session.add(device)
    session.flush()
    return device, token


def note_contact(session: Session, door: Door, now: datetime, pending: int | None) -> None:
    """Note that a device read its copy, and how many scans it says it has yet to send."""
    values: dict[str, Any] = {"last_seen_at": now}
    if pending is not None:
        values["pending"] = pending
    session.execute(
        update(Device)
        .where(Device.id == door.device_id)
        .values(values)
        .execution_options(synchronize_session=False)
    )


def revoke_device(
    session: Session, device: Device, now: datetime, *, account_id: int | None, actor: str
) -> None:
    """Take a device's copy away; what it still holds is taken for 14 days, as held."""
    if device.revoked_at is not None:
        return
    device.revoked_at = now
    session.flush()
    record(
        session,
        now,
        "door-device-revoked",
        account_id=account_id,
        actor=actor,
        event_id=device.event_id,
        subject=f"device:{device.id}",
        name=device.name,
    )


def _hash_pin(pin: str, salt: bytes) -> str:
    """A PIN is short: a slow, salted hash (scrypt, 16 MB)."""
    digest = hashlib.scrypt(pin.encode(), salt=salt, n=2**14, r=8, p=1)
    return f"{salt.hex()}:{digest.hex()}"


def _is_pin(pin: str, pin_hash: str) -> bool:
    salt = bytes.fromhex(pin_hash.partition(":")[0])
    return hmac.compare_digest(_hash_pin(pin, salt), pin_hash)
