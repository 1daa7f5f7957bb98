import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventhub.domain.ticket import (
    SHORT_CODE_ALPHABET,
    SignedTicket,
    base45_decode,
    base45_encode,
    read_short_code,
    read_ticket,
    show_short_code,
    ticket_bytes,
    ticket_text,
)

TICKET_ID = "00112233445566778899aa"
SIGNATURE = bytes(range(64))


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"AB", "BB8"),
        (b"Hello!!", "%69 VD92EX0"),
        (b"base-45", "UJCLQE7W581"),
        (b"ietf!", "QED8WEX0"),
        (b"\xff\xff", "FGW"),
        (b"", ""),
    ],
)
def test_base45_is_the_one_of_the_rfc(data: bytes, text: str) -> None:
    assert base45_encode(data) == text
    assert base45_decode(text) == data


@pytest.mark.parametrize("text", ["GGW", ":::", "::", "A", "AAAA", "ab0", "é00", "00,"])
def test_base45_refuses_what_encodes_nothing(text: str) -> None:
    with pytest.raises(ValueError, match="base45"):
        base45_decode(text)


@given(st.binary(max_size=200))
def test_base45_gives_back_any_bytes(data: bytes) -> None:
    assert base45_decode(base45_encode(data)) == data


def test_a_ticket_is_eighty_bytes_and_reads_back() -> None:
    signed = ticket_bytes(3, 70_000, TICKET_ID)
    text = ticket_text(signed, SIGNATURE)
    assert signed == bytes.fromhex("13" + "00011170" + TICKET_ID)
    assert len(signed + SIGNATURE) == 80
    assert len(text) == 120
    ticket = read_ticket(text)
    assert ticket == SignedTicket(3, 70_000, TICKET_ID, SIGNATURE)
    assert ticket.signed_bytes == signed


@given(
    st.integers(0, 15),
    st.integers(0, 2**32 - 1),
    st.binary(min_size=11, max_size=11),
    st.binary(min_size=64, max_size=64),
)
def test_a_ticket_survives_what_scanners_do(
    key: int, event: int, identity: bytes, signature: bytes
) -> None:
    text = ticket_text(ticket_bytes(key, event, identity.hex()), signature)
    expected = SignedTicket(key, event, identity.hex(), signature)
    for typed in (text, text.strip(), f"{text}\r\n", text.lower()):
        assert read_ticket(typed) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "K7QM2RXP",
        "https://example.org/",
        "0" * 120,
        base45_encode(b"\x23" + bytes(79)),
        base45_encode(b"\x13" + bytes(78)),
        base45_encode(b"\x13" + bytes(81)),
        "é" * 120,
    ],
)
def test_another_text_is_no_ticket(text: str) -> None:
    assert read_ticket(text) is None


@pytest.mark.parametrize(("key", "identity"), [(16, TICKET_ID), (-1, TICKET_ID), (1, "00")])
def test_a_ticket_cannot_be_made_of_other_parts(key: int, identity: str) -> None:
    with pytest.raises(ValueError, match="parts of a ticket"):
        ticket_bytes(key, 1, identity)


@pytest.mark.parametrize("typed", ["K7QM2RXP", "k7qm 2rxp", " K7QM-2RXP\n"])
def test_a_short_code_is_read_as_typed(typed: str) -> None:
    assert read_short_code(typed) == "K7QM2RXP"


@pytest.mark.parametrize("typed", ["", "K7QM2RX", "K7QM2RXPP", "K7QM2RX0", "K7QM2RXI", "camille"])
def test_another_text_is_no_short_code(typed: str) -> None:
    assert read_short_code(typed) is None


def test_the_alphabet_of_short_codes_has_no_look_alikes() -> None:
    assert len(set(SHORT_CODE_ALPHABET)) == 31
    assert not set("01OIL") & set(SHORT_CODE_ALPHABET)
    assert show_short_code("K7QM2RXP") == "K7QM\u00a02RXP"
