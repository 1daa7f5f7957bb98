from sqlalchemy.orm import Session

from eventhub.models.structure import StructureAlias
from eventhub.services.structures import find_or_create_structure, find_structure
from tests.factories import make_structure


def test_a_structure_is_found_by_its_name_in_any_spelling(session: Session) -> None:
    made = make_structure(session, "Rés’O Orléans Métropole")
    assert find_structure(session, "RES'O ORLEANS METROPOLE") is made


def test_a_structure_is_found_by_an_alias(session: Session) -> None:
    made = make_structure(session, "Conseil départemental du Loiret")
    session.add(
        StructureAlias(
            structure_id=made.id, name="Département du Loiret", name_key="departement du loiret"
        )
    )
    session.flush()
    assert find_structure(session, "département du Loiret") is made


def test_a_name_goes_before_the_alias_of_another_structure(session: Session) -> None:
    other = make_structure(session, "Bureau Information Jeunesse")
    session.add(StructureAlias(structure_id=other.id, name="BIJ", name_key="bij"))
    named = make_structure(session, "BIJ")
    assert find_structure(session, "BIJ") is named


def test_a_merged_structure_leads_to_the_one_that_stays(session: Session) -> None:
    stays = make_structure(session, "Médiathèque des Tilleuls")
    make_structure(session, "Mediatheque Tilleuls", merged_into_id=stays.id)
    assert find_structure(session, "Mediatheque Tilleuls") is stays


def test_an_unknown_name_makes_one_structure(session: Session) -> None:
    made = find_or_create_structure(session, "  Tiers-lieu   du Vieux-Lavoir ")
    assert made is not None
    assert (made.name, made.name_key) == (
        "Tiers-lieu du Vieux-Lavoir",
        "tiers lieu du vieux lavoir",
    )
    assert find_or_create_structure(session, "tiers-lieu du vieux lavoir") is made


def test_an_empty_name_makes_nothing(session: Session) -> None:
    assert find_or_create_structure(session, " – ") is None


def test_a_very_long_name_is_cut_to_what_the_database_holds(session: Session) -> None:
    made = find_or_create_structure(session, "Œ&" * 150)
    assert made is not None
    assert find_structure(session, "Œ&" * 150) is made
