import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventhub.domain.naming import search_text, search_words, titled_search_text
from eventhub.domain.search import (
    TYPED_MAX,
    Piece,
    all_found_in,
    clean_search,
    excerpt,
    pieces,
    words_of,
)


def _said(cut: tuple[Piece, ...]) -> str:
    return "".join(f"[{piece.text}]" if piece.is_found else piece.text for piece in cut)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("médiateur·rice·s de l’accueil", ["mediateur", "accueil", "de"]),
        ("Nogent-le-Rotrou", ["nogent-le-rotrou"]),
        ("cœur", ["coeur"]),
        ("a", []),
        ("é b c", []),
        ("atelier b", ["atelier", "b"]),
        ("« » - … ?!", []),
        ("", []),
        ("\0", []),
        ("gien\0loiret", ["loiret", "gien"]),
        ("\ud800 gien", ["gien"]),
        ("100 %_\\", ["100", "%_\\"]),
    ],
)
def test_what_was_typed_becomes_words_the_longest_first(typed: str, words: list[str]) -> None:
    assert words_of(typed) == words


def test_what_was_typed_is_kept_on_one_line_and_cut() -> None:
    assert clean_search("  deux\n\tmots\0 ") == "deux mots"
    assert len(clean_search("x" * 5_000)) == TYPED_MAX


def test_whole_words_are_marked_in_any_spelling_and_nothing_is_lost() -> None:
    text = "Rencontre des médiateur·rice·s, à l’accueil de Nogent-le-Rotrou"
    assert _said(pieces(text, words_of("médiatrice nogent"))) == (
        "Rencontre des [médiateur·rice·s,] à l’accueil de [Nogent-le-Rotrou]"
    )
    assert _said(pieces(text, words_of("accueil"))) == text.replace("l’accueil", "[l’accueil]")


def test_an_excerpt_stands_around_the_first_word_found() -> None:
    before, after = "avant " * 60, " après" * 60
    said = _said(excerpt(f"{before}les médiateur·rice·s numériques{after}", ["mediatrice"]))
    assert "les [médiateur·rice·s] numériques" in said
    assert said.startswith("… avant")
    assert said.endswith("après …")
    assert len(said) < 260


def test_an_excerpt_of_a_short_text_is_the_text() -> None:
    assert _said(excerpt("Un café  à Gien.", ["gien"])) == "Un café à [Gien.]"
    assert _said(excerpt("Un café.", ["gien"])) == "Un café."
    assert excerpt("", ["gien"]) == ()


def test_a_text_with_every_word_is_told_from_one_with_some() -> None:
    assert all_found_in("Café à Gien", ["gien", "cafe"])
    assert not all_found_in("Café à Gien", ["gien", "the"])


def test_the_title_has_a_line_of_its_own() -> None:
    first, rest = titled_search_text("Café à Gien", "Un café à Gien, avec les élu·e·s").split("\n")
    assert first == "cafe a gien"
    assert rest.split() == ["elu·e·s", "elues", "gien,", "avec", "elus", "les", "un"]


@given(
    st.text(alphabet="aeéèrst·.-()' œ", max_size=40),
    st.text(alphabet="aeéèrst·.-()' œ", max_size=60),
    st.text(alphabet="aeérst·-' œ", max_size=8),
)
def test_a_text_that_holds_each_word_once_finds_what_the_whole_text_finds(
    title: str, body: str, typed: str
) -> None:
    whole, short = search_text(title, body), titled_search_text(title, body)
    for word in search_words(typed):
        assert (word in short) == (word in whole)


@given(st.text(), st.text(max_size=20))
def test_any_text_can_be_cut_and_nothing_is_lost(text: str, typed: str) -> None:
    words = words_of(typed)
    assert "".join(piece.text for piece in pieces(text, words)) == text
    excerpt(text, words)
