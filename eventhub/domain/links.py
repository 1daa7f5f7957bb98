"""Personal links: what they carry is checked by a keyed hash, nothing of them is stored."""

import base64
import binascii
import hmac
import uuid

_PURPOSE = b"eventhub registration link v1"
_MAC_BYTES = 16
_ID_BYTES = 16


def registration_token(secret_key: str, registration_id: uuid.UUID) -> str:
    """The token of a registration's link: its id and an HMAC-SHA256 cut to 16 bytes, 43 letters.

    Source: RFC 2104 §5 (truncation), RFC 4648 §5 (base64url, without padding).
    """
    raw = registration_id.bytes + _mac(secret_key, registration_id.bytes)
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def registration_id_of(secret_key: str, token: str) -> uuid.UUID | None:
    """The registration that `token` leads to, or None for a token that we did not make."""
    try:
        raw = base64.b64decode(token.encode("ascii") + b"=", altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error):
        return None
    if len(raw) != _ID_BYTES + _MAC_BYTES:
        return None
    identity, mac = raw[:_ID_BYTES], raw[_ID_BYTES:]
    if not hmac.compare_digest(mac, _mac(secret_key, identity)):
        return None
    found = uuid.UUID(bytes=identity)
    # Base64 has spare bits at its end: only the spelling that we give out is a token of ours.
    return found if registration_token(secret_key, found) == token else None


def _mac(secret_key: str, identity: bytes) -> bytes:
    return hmac.digest(secret_key.encode(), _PURPOSE + identity, "sha256")[:_MAC_BYTES]
