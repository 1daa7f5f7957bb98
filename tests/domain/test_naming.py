import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventhub.domain.naming import (
    email_key,
    fold,
    name_key,
    search_text,
    search_words,
    slugify,
)

MEDIATOR_SPELLINGS = [
    "médiateur·rice·s",
    "médiateur‧rice‧s",
    "médiateur•rice•s",
    "médiateur⋅rice⋅s",
    "médiateur.rice.s",
    "médiateur-rice-s",
    "médiateur(rice)s",
    "médiateur·trice·s",
    "Médiateur·rices",
    "MÉDIATEUR·RICE·S",
    "« médiateur·rice·s »,",
]


def _finds(query: str, text: str) -> bool:
    looked_in = search_text(text)
    return all(word in looked_in for word in search_words(query))


@pytest.mark.parametrize("spelling", MEDIATOR_SPELLINGS)
@pytest.mark.parametrize(
    "query", ["médiatrice", "médiatrices", "médiateur", "médiateurs", "mediateur", "MEDIATRICE"]
)
def test_each_form_is_found_in_each_inclusive_spelling(spelling: str, query: str) -> None:
    assert _finds(query, f"Rencontre des {spelling} de l’Indre")


@pytest.mark.parametrize("spelling", MEDIATOR_SPELLINGS)
def test_each_inclusive_spelling_finds_the_others(spelling: str) -> None:
    assert all(_finds(spelling, other) for other in MEDIATOR_SPELLINGS)


@pytest.mark.parametrize(
    ("spelling", "forms"),
    [
        ("conseiller·ère·s", {"conseiller", "conseillers", "conseillere", "conseilleres"}),
        ("élu·e·s", {"elu", "elus", "elue", "elues"}),
        (
            "professionnel-le-s",
            {"professionnel", "professionnels", "professionnelle", "professionnelles"},
        ),
        ("participant.e.s", {"participant", "participants", "participante", "participantes"}),
        ("acteur-ric-e-s", {"acteur", "acteurs", "actrice", "actrices"}),
        ("présent-e-s", {"present", "presents", "presente", "presentes"}),
        ("locaux-ales", {"local", "locaux", "locale", "locales"}),
        ("habitant·es", {"habitant", "habitants", "habitante", "habitantes"}),
        ("citoyen·ne", {"citoyen", "citoyens", "citoyenne", "citoyennes"}),
        ("travailleur·euse·s", {"travailleur", "travailleuse", "travailleuses"}),
        ("co-organisateur·rice·s", {"co-organisateur", "co-organisatrice"}),
        ("bénévole·s", {"benevole", "benevoles"}),
        ("tou·te·s", {"tous", "toutes"}),
        ("celles·ceux", {"celles", "ceux"}),
        ("l’agent·e", {"agent", "agente"}),
        ("départemental·e·aux", {"departemental", "departementaux", "departementale"}),
        ("Commun[s]", {"commun", "communs"}),
    ],
)
def test_an_inclusive_spelling_opens_into_whole_words(spelling: str, forms: set[str]) -> None:
    assert forms <= set(search_text(spelling).split())


@pytest.mark.parametrize(
    "word",
    [
        "Nogent-le-Rotrou",
        "rendez-vous",
        "Indre-et-Loire",
        "après-midi",
        "www.example.org",
        "Saint-Amand-Montrond",
        "donnez-les",
    ],
)
def test_a_real_hyphen_or_full_stop_keeps_its_word_whole(word: str) -> None:
    assert search_text(word) == fold(word)
    assert search_words(word) == [fold(word)]


def test_a_search_ignores_case_accents_ligatures_apostrophes_and_elisions() -> None:
    title = "Échanges du Cœur de Brenne : l'intelligence artificielle à Orléans"
    queries = ["echanges", "COEUR", "cœur", "L’intelligence", "orleans d’intelligence"]
    assert [query for query in queries if not _finds(query, title)] == []


def test_a_query_is_cut_into_at_most_ten_different_words() -> None:
    assert search_words("« C’est quoi votre numérique ? » numérique") == [
        "est",
        "quoi",
        "votre",
        "numerique",
    ]
    assert len(search_words(" ".join(f"mot{n}" for n in range(50)))) == 10
    assert search_words(" « » - … ") == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Rés’O Orléans Métropole", "RES'O  ORLEANS METROPOLE"),
        ("Loir&Cher Tech", "loir et cher tech"),
        ("Nogent-le-Rotrou", "nogent le rotrou"),
        ("Réseau des conseiller·ère·s", "réseau des conseiller.ère.s"),
        ("Łukasz Œuvrard", "Lukasz Oeuvrard"),
    ],
)
def test_two_spellings_of_a_name_have_one_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


def test_names_in_another_script_keep_different_keys() -> None:
    names = ["Оксана", "Олена", "नेहा", "निहा", "明", "美"]
    assert len({name_key(name) for name in names}) == len(names)


def test_the_key_of_an_address_ignores_case_and_spaces_around() -> None:
    assert email_key(" Prenom.NOM@Example.org ") == "prenom.nom@example.org"


def test_a_slug_holds_only_plain_letters_digits_and_single_hyphens() -> None:
    assert slugify("« C’est quoi votre numérique ? » – Œuvre n°1") == (
        "c-est-quoi-votre-numerique-oeuvre-n-1"
    )
    assert slugify("?!") == "evenement"
    assert slugify("un titre assez long pour une adresse", 20) == "un-titre-assez-long"
    assert slugify("x" * 30, 20) == "x" * 20


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_a_key_is_its_own_key(text: str) -> None:
    assert name_key(name_key(text)) == name_key(text)


@given(st.text(alphabet="aeEérs·.-()' "), st.text(alphabet="aers·-. "))
def test_any_text_can_be_searched(text: str, query: str) -> None:
    search_text(text)
    assert len(search_words(query)) <= 10
