from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy.orm import Session

from eventhub.domain.event import ActivityFormat, PartnershipRole
from eventhub.domain.rights import AccountRole, Actor
from eventhub.extensions import db
from eventhub.models.event import Activity, Partnership
from eventhub.models.structure import Structure, StructureAlias
from eventhub.queries.structures import (
    DirectoryFilter,
    directory,
    event_total,
    events_of_structure,
    people_of_structure,
    probable_doubles,
    structure_by_id,
)
from eventhub.services.search_texts import rebuild
from tests.factories import make_event, make_registration, make_structure
from tests.query_count import counted_statements

EVERYWHERE = Actor(AccountRole.ADMINISTRATOR)


def busy_structure(session: Session, name: str, events: int) -> Structure:
    """A structure with an alias, and with roles, people and a hosted activity at each event."""
    made = make_structure(session, name)
    session.add(StructureAlias(structure_id=made.id, name=f"{name} bis", name_key=f"{name} bis"))
    for number in range(events):
        event = make_event(session, starts_on=date(2026, 6, 1 + number))
        session.add(
            Partnership(event_id=event.id, structure_id=made.id, role=PartnershipRole.PARTNER)
        )
        activity = Activity(event_id=event.id, format=ActivityFormat.TALK, title="Échange")
        session.add(activity)
        activity.hosts = [made]
        make_registration(session, event, structure_id=made.id)
    rebuild(session)
    session.commit()
    return made


def statements(act: Callable[[], object]) -> int:
    db.session.expire_all()
    with counted_statements(db.engine) as sent:
        act()
    return len(sent)


@pytest.mark.parametrize("page", [1, 99])
def test_a_longer_list_asks_no_more_of_the_database(session: Session, page: int) -> None:
    busy_structure(session, "une", 1)
    one = statements(lambda: directory(session, DirectoryFilter("une"), page))
    for name in ("deux", "trois"):
        busy_structure(session, name, 2)
    assert statements(lambda: directory(session, DirectoryFilter(), page)) == one == 7


def test_a_structure_of_more_events_asks_no_more_of_the_database(session: Session) -> None:
    little, much = busy_structure(session, "une", 1), busy_structure(session, "trois", 3)
    ids = little.id, much.id

    def page(structure_id: int) -> None:
        structure = structure_by_id(session, structure_id)
        assert structure is not None
        event_total(session, structure_id)
        lines = events_of_structure(session, structure_id, EVERYWHERE)
        for line in lines:
            _ = (line.event.title, line.event.kind.label, line.event.departements)
        people_of_structure(session, structure_id, [line.event.id for line in lines])
        probable_doubles(session, structure)

    assert statements(lambda: page(ids[0])) == statements(lambda: page(ids[1]))


def test_merged_structures_are_not_listed(session: Session) -> None:
    stays = make_structure(session, "Reste")
    make_structure(session, "Partie", merged_into_id=stays.id)
    found = directory(session, DirectoryFilter())
    assert [line.name for line in found.lines] == ["Reste"]
    assert (found.found, found.total, found.pages) == (1, 1, 1)


def test_each_role_and_the_hosting_are_said_once_an_event(session: Session) -> None:
    structure = busy_structure(session, "une", 1)
    line = events_of_structure(session, structure.id, EVERYWHERE)[0]
    session.add(
        Partnership(
            event_id=line.event.id, structure_id=structure.id, role=PartnershipRole.ORGANISER
        )
    )
    session.commit()
    line = events_of_structure(session, structure.id, EVERYWHERE)[0]
    assert (line.roles, line.hosts, line.registered, line.present) == (
        (PartnershipRole.ORGANISER, PartnershipRole.PARTNER),
        True,
        1,
        0,
    )
    assert event_total(session, structure.id) == 1
    assert directory(session, DirectoryFilter()).lines[0].events == 1
