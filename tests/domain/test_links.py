import base64
import uuid

import pytest

from eventhub.domain.links import registration_id_of, registration_token

KEY = "a key"
ID = uuid.UUID("0b5e8d4c-9e5e-4f0e-8a39-0f6f7f2f1c55")


def test_a_token_leads_back_to_its_registration() -> None:
    token = registration_token(KEY, ID)
    assert len(token) == 43
    assert registration_id_of(KEY, token) == ID


def test_a_token_stays_the_same() -> None:
    # Links in mails already sent must keep working.
    assert registration_token(KEY, ID) == "C16NTJ5eTw6KOQ9vfy8cVUxBGklmMN0TiTsuGDxfl5k"


def test_a_token_of_another_key_leads_nowhere() -> None:
    assert registration_id_of("another key", registration_token(KEY, ID)) is None


@pytest.mark.parametrize("position", range(43))
def test_a_token_with_one_letter_changed_leads_nowhere(position: int) -> None:
    token = registration_token(KEY, ID)
    other = "A" if token[position] != "A" else "B"
    assert registration_id_of(KEY, token[:position] + other + token[position + 1 :]) is None


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "é" * 43,
        "=" * 44,
        registration_token(KEY, ID) + "=",
        "../etc",
        "A" * 5000,
        base64.urlsafe_b64encode(ID.bytes).decode(),
    ],
)
def test_other_texts_lead_nowhere(token: str) -> None:
    assert registration_id_of(KEY, token) is None


def test_the_spare_bits_of_the_last_letter_are_checked() -> None:
    token = registration_token(KEY, ID)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    others = [token[:-1] + letter for letter in alphabet if letter != token[-1]]
    assert [registration_id_of(KEY, other) for other in others] == [None] * 63
