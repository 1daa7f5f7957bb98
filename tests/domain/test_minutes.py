import pytest

from eventhub.domain.minutes import (
    SUMMARY_MAX,
    passages_to_write,
    plain_line,
    split_title,
    summary_of,
)


@pytest.mark.parametrize(
    ("body", "parts"),
    [
        ("# Six équipes, *un* tableau\n\nLe matin.", ("Six équipes, un tableau", "Le matin.")),
        ("\n\n# Titre #\nSuite", ("Titre", "Suite")),
        ("# Seul", ("Seul", "")),
        ("## Deuxième niveau\n\nLe matin.", ("", "## Deuxième niveau\n\nLe matin.")),
        ("#PasUnTitre", ("", "#PasUnTitre")),
        ("", ("", "")),
        ("# Numérique en Commun[s] 2024", ("Numérique en Commun[s] 2024", "")),
        ("# snake_case et _souligné_", ("snake_case et souligné", "")),
    ],
)
def test_a_text_may_begin_with_its_own_title(body: str, parts: tuple[str, str]) -> None:
    assert split_title(body) == parts


@pytest.mark.parametrize(
    ("body", "summary"),
    [
        ("# Titre\n\nLe **matin**,\n[le site](https://example.org).", "Le matin, le site."),
        ("## En bref\n\n- un\n- deux\n\nEnfin.", "Enfin."),
        ("| a |\n|---|\n\n> cité\n\n---\n\n1. un", ""),
        ("", ""),
        ("2024 fut une bonne année", "2024 fut une bonne année"),
    ],
)
def test_the_first_paragraph_sums_a_text_up(body: str, summary: str) -> None:
    assert summary_of(body) == summary


def test_a_long_summary_is_cut_at_a_word() -> None:
    summary = summary_of("mot " * 400)
    assert summary.endswith("mot…")
    assert len(summary) <= SUMMARY_MAX


def test_a_word_without_end_is_cut_all_the_same() -> None:
    assert len(summary_of("a" * 5000)) == SUMMARY_MAX


def test_an_escaped_sign_is_read_as_itself() -> None:
    assert plain_line(r"5 \* 3 \_ x") == "5 * 3 _ x"


def test_what_is_left_to_write_is_counted() -> None:
    assert passages_to_write("[À compléter : a]\n\nRien\n\n[À compléter : b]") == 2
