import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from eventhub.domain.errors import InvalidInput
from eventhub.models.person import Person
from eventhub.services.people import clean_email, find_or_create_person
from tests.conftest import NOW
from tests.factories import make_person


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Person)) or 0


def test_the_same_mailbox_and_name_in_another_spelling_is_the_same_person(
    session: Session,
) -> None:
    first = find_or_create_person(session, "Élodie", "Vanneau", "elodie@example.org", NOW)
    again = find_or_create_person(session, "elodie ", "VANNEAU", " Elodie@Example.org", NOW)
    assert again.id == first.id
    assert count(session) == 1
    assert (first.given_name, first.family_name, first.email) == (
        "Élodie",
        "Vanneau",
        "elodie@example.org",
    )
    assert (first.name_key, first.sort_key, first.shares_mailbox) == (
        "elodie vanneau",
        "vanneau elodie",
        False,
    )


def test_a_second_name_in_a_mailbox_is_a_new_person_who_shares_it(session: Session) -> None:
    first = find_or_create_person(session, "Camille", "Brossard", "accueil@example.org", NOW)
    second = find_or_create_person(session, "Noé", "Brossard", "accueil@example.org", NOW)
    assert second.id != first.id
    assert (first.shares_mailbox, second.shares_mailbox) == (False, True)


def test_without_an_address_nobody_is_taken_for_another(session: Session) -> None:
    first = find_or_create_person(session, "Camille", "Brossard", None, NOW)
    second = find_or_create_person(session, "Camille", "Brossard", None, NOW)
    assert second.id != first.id
    assert (second.email, second.email_key, second.shares_mailbox) == (None, None, False)


def test_someone_merged_is_found_as_who_they_became(session: Session) -> None:
    kept = make_person(session, "Camille", "Brossard-Petit", email="camille@example.org")
    make_person(session, "Camille", "Brossard", email="camille@example.org", merged_into_id=kept.id)
    found = find_or_create_person(session, "Camille", "Brossard", "camille@example.org", NOW)
    assert found.id == kept.id


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" camille@example.org ", "camille@example.org"),
        ("Camille.B+nec@Example.ORG", "Camille.B+nec@example.org"),
        ("camille@médiathèque.example.org", "camille@xn--mdiathque-53af.example.org"),
    ],
)
def test_addresses_that_can_be_written_to(typed: str, kept: str) -> None:
    assert clean_email(typed) == kept


COMPLETE = "Écrivez une adresse complète, par exemple nom@exemple.fr."


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Remplissez ce champ."),
        ("camille", COMPLETE),
        ("camille@example", COMPLETE),
        ("camille@@example.org", COMPLETE),
        ("camille@example.org, noe@example.org", COMPLETE),
        ("camille@example.org\r\nBcc: noe@example.org", COMPLETE),
        ("camille\n@example.org", COMPLETE),
        ("Camille <camille@example.org>", COMPLETE),
        ("x" * 5000 + "@example.org", COMPLETE),
        ("camille\u202e@example.org", COMPLETE),
        ("élodie@example.org", "Une adresse n’a pas d’accent avant le signe @. Vérifiez-la."),
    ],
)
def test_other_addresses_are_refused_with_what_to_do(typed: str, sentence: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        clean_email(typed)
    assert caught.value.fields == {"email": sentence}


def test_each_wrong_field_has_its_sentence(session: Session) -> None:
    with pytest.raises(InvalidInput) as caught:
        find_or_create_person(session, "", "x" * 101, "nowhere", NOW)
    assert caught.value.fields == {
        "given_name": "Remplissez ce champ.",
        "family_name": "Raccourcissez : 100 caractères au plus.",
        "email": COMPLETE,
    }
    assert count(session) == 0
