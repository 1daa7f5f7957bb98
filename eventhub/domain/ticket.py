"""Tickets: 80 signed bytes as base45 text in a QR code, and the short code printed below it.

Layout: 1 byte format and key (high and low half), 4 bytes event number, 11 bytes ticket id,
64 bytes Ed25519 signature over the 16 bytes that precede. See docs/door-protocol.md.
"""

from dataclasses import dataclass

BASE45_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_BASE45_VALUES = {character: value for value, character in enumerate(BASE45_ALPHABET)}

TICKET_FORMAT = 1
"""The layout described above; another number would announce another layout."""
KEY_NUMBER_MAX = 15
TICKET_ID_BYTES = 11
SIGNATURE_BYTES = 64
_SIGNED_BYTES = 1 + 4 + TICKET_ID_BYTES
TICKET_BYTES = _SIGNED_BYTES + SIGNATURE_BYTES
TICKET_CHARACTERS = TICKET_BYTES // 2 * 3

SHORT_CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Digits and capitals that cannot be taken for one another: no 0, O, 1, I or L."""
SHORT_CODE_LENGTH = 8


def base45_encode(data: bytes) -> str:
    """`data` in base45. Source: RFC 9285 §4."""
    characters: list[str] = []
    for at in range(0, len(data) - 1, 2):
        value, first = divmod(data[at] * 256 + data[at + 1], 45)
        third, second = divmod(value, 45)
        characters += (BASE45_ALPHABET[first], BASE45_ALPHABET[second], BASE45_ALPHABET[third])
    if len(data) % 2:
        second, first = divmod(data[-1], 45)
        characters += (BASE45_ALPHABET[first], BASE45_ALPHABET[second])
    return "".join(characters)


def base45_decode(text: str) -> bytes:
    """The bytes of a base45 text. Raises ValueError for one that encodes nothing.

    Source: RFC 9285 §4 and §6 (a group above 65535, or 255 for the last two, is refused).
    """
    if len(text) % 3 == 1:
        raise ValueError("a base45 text of this length encodes nothing")
    try:
        values = [_BASE45_VALUES[character] for character in text]
    except KeyError as error:
        raise ValueError("not a base45 character") from error
    data = bytearray()
    for at in range(0, len(values), 3):
        group = values[at : at + 3]
        number = group[0] + group[1] * 45 + (group[2] * 2025 if len(group) == 3 else 0)
        size = len(group) - 1
        if number >= 256**size:
            raise ValueError("a base45 group is out of range")
        data += number.to_bytes(size, "big")
    return bytes(data)


@dataclass(frozen=True, slots=True)
class SignedTicket:
    """What a QR code says; not yet checked against the key `key_number`."""

    key_number: int
    event_number: int
    ticket_id: str
    signature: bytes

    @property
    def signed_bytes(self) -> bytes:
        """The 16 bytes that the signature is over."""
        return ticket_bytes(self.key_number, self.event_number, self.ticket_id)


def ticket_bytes(key_number: int, event_number: int, ticket_id: str) -> bytes:
    """The 16 bytes to sign; `ticket_id` is 22 hexadecimal digits. Raises ValueError."""
    identity = bytes.fromhex(ticket_id)
    if not 0 <= key_number <= KEY_NUMBER_MAX or len(identity) != TICKET_ID_BYTES:
        raise ValueError("not the parts of a ticket")
    return bytes([TICKET_FORMAT << 4 | key_number]) + event_number.to_bytes(4, "big") + identity


def ticket_text(signed_bytes: bytes, signature: bytes) -> str:
    """The 120 characters that go into the QR code (alphanumeric mode, version 5 at level M)."""
    if len(signed_bytes) != _SIGNED_BYTES or len(signature) != SIGNATURE_BYTES:
        raise ValueError("not the parts of a ticket")
    return base45_encode(signed_bytes + signature)


def read_ticket(text: str) -> SignedTicket | None:
    """The ticket that a scanned text holds, or None when it is not one of ours.

    Takes what keyboards and scanners do to it: lower case, and blanks around. A base45 text may
    begin by a space (never end by one): when trimming took it, it is put back.
    """
    trimmed = text.strip()
    if len(trimmed) == TICKET_CHARACTERS - 1:
        trimmed = " " + trimmed
    if len(trimmed) != TICKET_CHARACTERS:
        return None
    try:
        data = base45_decode(trimmed.upper())
    except ValueError:
        return None
    if data[0] >> 4 != TICKET_FORMAT:
        return None
    return SignedTicket(
        key_number=data[0] & KEY_NUMBER_MAX,
        event_number=int.from_bytes(data[1:5], "big"),
        ticket_id=data[5:_SIGNED_BYTES].hex(),
        signature=data[_SIGNED_BYTES:],
    )


def read_short_code(text: str) -> str | None:
    """The short code that was typed, blanks and hyphens left out, or None for another text."""
    code = "".join(text.split()).replace("-", "").upper()
    well_formed = len(code) == SHORT_CODE_LENGTH and set(code) <= set(SHORT_CODE_ALPHABET)
    return code if well_formed else None


def show_short_code(code: str) -> str:
    """The short code as printed, in two halves: « K7QM 2RXP »."""
    return f"{code[:4]}\u00a0{code[4:]}"
