import uuid

from eventhub.domain.look_alikes import Identity, LookAlike, look_alikes
from eventhub.domain.naming import name_key

Person = tuple[str, str | None]


def flagged(*people: Person) -> dict[str, LookAlike]:
    """What is said of each person, by name and address."""
    identities = [Identity(uuid.uuid4(), name_key(name), email) for name, email in people]
    found = look_alikes(identities)
    return {
        f"{name} <{email or ''}>": found[identity.registration_id]
        for (name, email), identity in zip(people, identities, strict=True)
        if identity.registration_id in found
    }


def test_people_with_their_own_name_and_mailbox_are_left_alone() -> None:
    people: list[Person] = [("Inès Aubertin", "i@example.org"), ("Bruno Delaunay", None)]
    assert flagged(*people, ("Yann Le Bihan", None)) == {}


def test_one_name_under_two_addresses_is_pointed_at_whatever_its_order_or_accents() -> None:
    assert flagged(("Inès Aubertin", "a@example.org"), ("AUBERTIN Ines", "b@example.org")) == {
        "Inès Aubertin <a@example.org>": LookAlike.SAME_NAME,
        "AUBERTIN Ines <b@example.org>": LookAlike.SAME_NAME,
    }


def test_a_longer_name_in_the_same_mailbox_is_likely_the_same_person() -> None:
    people: list[Person] = [
        ("Maelle Giraud", "m@example.org"),
        ("Maëlle Giraud-Sanchez", "m@example.org"),
    ]
    assert set(flagged(*people).values()) == {LookAlike.SAME_MAILBOX_AND_NAME}


def test_a_mailbox_of_several_people_is_said_to_be_shared() -> None:
    people: list[Person] = [
        ("Inès Aubertin", "accueil@example.org"),
        ("Bruno Delaunay", "accueil@example.org"),
    ]
    assert set(flagged(*people).values()) == {LookAlike.SHARED_MAILBOX}


def test_people_without_an_address_share_no_mailbox() -> None:
    assert flagged(("Inès Aubertin", None), ("Bruno Delaunay", None)) == {}


def test_a_nameless_person_resembles_nobody() -> None:
    assert flagged(("", None), ("", None)) == {}
