import pytest

from eventhub.domain.rights import (
    AccountRole,
    Actor,
    may_administer,
    may_create_events,
    may_decide_event,
    may_edit_event,
    may_edit_structures,
    may_see_draft,
    may_see_event_figures,
    may_see_figures,
    may_see_names,
    may_see_structures,
)

HERE = frozenset({"37", "41"})
EVENT = 7

PEOPLE = {
    "administrator": Actor(AccountRole.ADMINISTRATOR),
    "organiser here": Actor(AccountRole.ORGANISER, frozenset({"37"})),
    "organiser elsewhere": Actor(AccountRole.ORGANISER, frozenset({"18"})),
    "regional organiser": Actor(AccountRole.ORGANISER),
    "organiser elsewhere, shared": Actor(
        AccountRole.ORGANISER, frozenset({"18"}), frozenset({EVENT})
    ),
    "co-organiser": Actor(AccountRole.CO_ORGANISER, frozenset(), frozenset({EVENT})),
    "co-organiser of another": Actor(AccountRole.CO_ORGANISER, frozenset(), frozenset({8})),
    "co-organiser of nothing": Actor(AccountRole.CO_ORGANISER),
    "staff here": Actor(AccountRole.STAFF, frozenset({"37"})),
    "staff elsewhere": Actor(AccountRole.STAFF, frozenset({"18"})),
    "regional staff": Actor(AccountRole.STAFF),
    "figures here": Actor(AccountRole.STAFF_FIGURES, frozenset({"37"})),
    "figures elsewhere": Actor(AccountRole.STAFF_FIGURES, frozenset({"18"})),
}

DECIDERS = {"administrator", "organiser here", "regional organiser"}
EDITORS = DECIDERS | {"organiser elsewhere, shared", "co-organiser"}
OUTSIDERS = {"co-organiser", "co-organiser of another", "co-organiser of nothing"}


def those(allowed: dict[str, bool]) -> set[str]:
    return {name for name, yes in allowed.items() if yes}


def test_an_event_is_edited_by_its_territory_and_by_those_it_is_shared_with() -> None:
    assert those({n: may_edit_event(p, EVENT, HERE) for n, p in PEOPLE.items()}) == EDITORS


def test_a_new_event_is_made_in_ones_own_territory() -> None:
    assert those({n: may_edit_event(p, None, HERE) for n, p in PEOPLE.items()}) == DECIDERS


def test_sharing_cancelling_and_deleting_stay_in_the_territory() -> None:
    assert those({n: may_decide_event(p, HERE) for n, p in PEOPLE.items()}) == DECIDERS


def test_those_of_another_structure_create_nothing() -> None:
    creators = those({n: may_create_events(p) for n, p in PEOPLE.items()})
    assert creators == DECIDERS | {"organiser elsewhere", "organiser elsewhere, shared"}
    assert those({n: may_edit_structures(p) for n, p in PEOPLE.items()}) == creators


def test_names_are_read_by_editors_and_staff_of_the_territory() -> None:
    assert those({n: may_see_names(p, EVENT, HERE) for n, p in PEOPLE.items()}) == (
        EDITORS | {"staff here", "regional staff"}
    )


def test_a_draft_is_known_in_its_territory() -> None:
    assert those({n: may_see_draft(p, EVENT, HERE) for n, p in PEOPLE.items()}) == (
        EDITORS | {"staff here", "regional staff", "figures here"}
    )


def test_everyone_of_the_hub_reads_every_figure_and_the_directory() -> None:
    assert those({n: may_see_figures(p) for n, p in PEOPLE.items()}) == set(PEOPLE) - OUTSIDERS
    assert those({n: may_see_structures(p) for n, p in PEOPLE.items()}) == set(PEOPLE) - OUTSIDERS


def test_a_co_organiser_reads_the_figures_of_the_events_shared_with_them() -> None:
    readers = those({n: may_see_event_figures(p, EVENT) for n, p in PEOPLE.items()})
    assert readers == set(PEOPLE) - OUTSIDERS | {"co-organiser"}


@pytest.mark.parametrize("name", sorted(OUTSIDERS))
def test_a_co_organiser_without_departement_is_not_of_the_region(name: str) -> None:
    assert not PEOPLE[name].is_regional


def test_administrators_alone_administer() -> None:
    assert those({n: may_administer(p) for n, p in PEOPLE.items()}) == {"administrator"}


@pytest.mark.parametrize("name", ["staff here", "regional staff", "figures here"])
def test_a_shared_event_gives_staff_nothing_more(name: str) -> None:
    person = PEOPLE[name]
    shared = Actor(person.role, person.departements, frozenset({EVENT}))
    assert not may_edit_event(shared, EVENT, HERE)
