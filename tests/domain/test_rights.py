import pytest

from eventhub.domain.rights import (
    AccountRole,
    Actor,
    may_administer,
    may_edit_event,
    may_see_draft,
    may_see_figures,
    may_see_names,
)

HERE = frozenset({"37", "41"})
EVENT = 7

PEOPLE = {
    "administrator": Actor(AccountRole.ADMINISTRATOR),
    "organiser here": Actor(AccountRole.ORGANISER, frozenset({"37"})),
    "organiser elsewhere": Actor(AccountRole.ORGANISER, frozenset({"18"})),
    "regional organiser": Actor(AccountRole.ORGANISER),
    "co-organiser": Actor(AccountRole.ORGANISER, frozenset({"18"}), frozenset({EVENT})),
    "staff here": Actor(AccountRole.STAFF, frozenset({"37"})),
    "staff elsewhere": Actor(AccountRole.STAFF, frozenset({"18"})),
    "regional staff": Actor(AccountRole.STAFF),
    "figures here": Actor(AccountRole.STAFF_FIGURES, frozenset({"37"})),
    "figures elsewhere": Actor(AccountRole.STAFF_FIGURES, frozenset({"18"})),
}

EDITORS = {"administrator", "organiser here", "regional organiser", "co-organiser"}


def those(allowed: dict[str, bool]) -> set[str]:
    return {name for name, yes in allowed.items() if yes}


def test_an_event_is_edited_by_its_territory_and_by_those_it_is_shared_with() -> None:
    assert those({n: may_edit_event(p, EVENT, HERE) for n, p in PEOPLE.items()}) == EDITORS


def test_a_new_event_is_made_in_ones_own_territory() -> None:
    assert those({n: may_edit_event(p, None, HERE) for n, p in PEOPLE.items()}) == (
        EDITORS - {"co-organiser"}
    )


def test_names_are_read_by_editors_and_staff_of_the_territory() -> None:
    assert those({n: may_see_names(p, EVENT, HERE) for n, p in PEOPLE.items()}) == (
        EDITORS | {"staff here", "regional staff"}
    )


def test_a_draft_is_known_in_its_territory() -> None:
    assert those({n: may_see_draft(p, EVENT, HERE) for n, p in PEOPLE.items()}) == (
        EDITORS | {"staff here", "regional staff", "figures here"}
    )


def test_everyone_with_an_account_reads_figures() -> None:
    assert those({n: may_see_figures(p) for n, p in PEOPLE.items()}) == set(PEOPLE)


def test_administrators_alone_administer() -> None:
    assert those({n: may_administer(p) for n, p in PEOPLE.items()}) == {"administrator"}


@pytest.mark.parametrize("name", ["staff here", "regional staff", "figures here"])
def test_a_shared_event_gives_staff_nothing_more(name: str) -> None:
    person = PEOPLE[name]
    shared = Actor(person.role, person.departements, frozenset({EVENT}))
    assert not may_edit_event(shared, EVENT, HERE)
