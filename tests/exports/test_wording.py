"""French words around what people type."""

import pytest

from eventhub.exports import wording


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Camille Brossard", "de Camille Brossard"),
        ("Élodie Vanneau", "d’Élodie Vanneau"),
        ("inès", "d’inès"),
        ("Yves Ngô", "d’Yves Ngô"),
        ("Yasmine Ngô", "de Yasmine Ngô"),
        ("Hugo Ngô", "de Hugo Ngô"),
        ("", "de "),
    ],
)
def test_a_name_is_elided_before_a_vowel(name: str, words: str) -> None:
    assert wording.of_name(name) == words
