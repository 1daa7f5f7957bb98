"""Merging structures and taking it back: every row is looked at before, between and after."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from eventhub.domain.errors import InvalidInput, LaterMerge, NotFound, StateForbids, StructureMerged
from eventhub.domain.event import ActivityFormat, EventState, PartnershipRole
from eventhub.domain.rights import AccountRole
from eventhub.models.account import Account
from eventhub.models.base import Base
from eventhub.models.event import Activity, ActivitySpeaker, Event, Partnership
from eventhub.models.figure import FrozenFigures
from eventhub.models.registration import Registration
from eventhub.models.series import Series, SeriesMember
from eventhub.models.structure import Structure, StructureAlias, StructureLogo, StructureMerge
from eventhub.queries.figures import event_figures
from eventhub.queries.structure_merges import Moving, merges_of, what_moves
from eventhub.services.figures import add_headcount, freeze_figures
from eventhub.services.search_texts import rebuild
from eventhub.services.structure_merge import merge_structures, undo_merge
from eventhub.services.structures import find_structure
from tests.factories import (
    make_account,
    make_event,
    make_kind,
    make_person,
    make_registration,
    make_structure,
)

NAMING = (
    "registrations",
    "partnerships",
    "activity_hosts",
    "activity_speakers",
    "series_members",
    "accounts",
    "structure_aliases",
    "structure_logos",
    "headcounts",
    "structures",
)
Rows = Mapping[str, list[dict[str, Any]]]


def rows(session: Session) -> Rows:
    """Every row that may name a structure; versions apart, which only ever rise."""
    session.flush()
    found = {}
    for name in NAMING:
        table: Table = Base.metadata.tables[name]
        columns = [column for column in table.columns if column.name not in {"data", "version"}]
        listed = session.execute(select(*columns).order_by(*table.primary_key.columns))
        found[name] = [dict(row._mapping) for row in listed]
    return found


@pytest.fixture
def account(session: Session) -> Account:
    return make_account(session, display_name="Nadège Lemoine")


@pytest.fixture
def event(session: Session) -> Event:
    """An event of two structures with everything that can name them."""
    return make_event(session, title="Rencontre", starts_on=date(2026, 6, 2))


@pytest.fixture
def both(session: Session, event: Event, now: datetime, account: Account) -> tuple[int, int]:
    """Two structures that are one, with rows of every table; the ids of A and B."""
    a = make_structure(session, "Mairie d’Orléans", typologie="MUNI", website="https://a.example")
    b = make_structure(session, "Ville d’Orléans", typologie="EPCI")
    other = make_event(session, title="Autre")
    session.add_all(
        [
            StructureAlias(structure_id=a.id, name="Orléans", name_key="orleans"),
            StructureAlias(structure_id=b.id, name="VO", name_key="vo"),
            StructureLogo(
                structure_id=a.id,
                sha256="0" * 64,
                media_type="image/png",
                width=1,
                height=1,
                data=b"",
                created_at=now,
            ),
            Partnership(
                event_id=event.id, structure_id=a.id, role=PartnershipRole.PARTNER, position=0
            ),
            Partnership(
                event_id=event.id,
                structure_id=b.id,
                role=PartnershipRole.PARTNER,
                position=1,
                shows_logo=False,
            ),
            Partnership(
                event_id=event.id, structure_id=a.id, role=PartnershipRole.HOST, position=2
            ),
            Partnership(
                event_id=other.id, structure_id=a.id, role=PartnershipRole.PARTNER, position=0
            ),
        ]
    )
    shared = Activity(event_id=event.id, format=ActivityFormat.WORKSHOP, title="Chez les deux")
    alone = Activity(event_id=event.id, format=ActivityFormat.TALK, title="Chez l’une")
    session.add_all([shared, alone])
    shared.hosts, alone.hosts = [a, b], [a]
    alone.speakers = [ActivitySpeaker(name="Inès Aubertin", structure=a, may_be_named=True)]
    series = Series(
        slug="loiret",
        title="Trimestrielles",
        kind_code=make_kind(session).code,
        created_at=now,
        updated_at=now,
    )
    series.members = [SeriesMember(person=make_person(session), structure=a, added_at=now)]
    session.add(series)
    make_registration(session, event, structure_id=a.id, structure_name="Mairie d’Orléans")
    make_registration(session, event, structure_id=a.id)
    make_registration(session, event, structure_id=b.id)
    make_account(session, AccountRole.CO_ORGANISER, structure_id=a.id)
    add_headcount(
        session, event, "participants", 3, now, dimension="structure", member=str(a.id), source="x"
    )
    rebuild(session)
    session.commit()
    return a.id, b.id


def test_a_merge_says_what_it_moves(session: Session, both: tuple[int, int]) -> None:
    assert what_moves(session, both[0], "Mairie d’Orléans") == Moving(
        events=2,
        registrations=2,
        people=2,
        speakers=1,
        members=1,
        accounts=1,
        names=("Mairie d’Orléans", "Orléans"),
    )


def test_a_merge_leaves_nothing_behind_and_undoing_it_gives_every_row_back(
    session: Session, both: tuple[int, int], now: datetime, account: Account
) -> None:
    a, b = both
    before = rows(session)
    merge = merge_structures(session, a, b, now, account=account)
    session.commit()
    between = rows(session)
    for name in NAMING[:8]:
        assert [row for row in between[name] if row.get("structure_id") == a] == []
    assert {row["member"] for row in between["headcounts"]} == {str(b)}
    kept = session.get_one(Structure, b)
    assert [alias.name for alias in kept.aliases] == ["Orléans", "VO", "Mairie d’Orléans"]
    assert (kept.typologie, kept.website) == ("EPCI", "https://a.example")
    assert {(row["event_id"], row["role"]) for row in between["partnerships"]} == {
        (row["event_id"], row["role"]) for row in before["partnerships"]
    }
    assert len(between["partnerships"]) == len(before["partnerships"]) - 1
    assert len(between["activity_hosts"]) == len(before["activity_hosts"]) - 1

    undo_merge(session, merge.id, now, account=account)
    session.commit()
    assert rows(session) == before


def test_the_names_of_the_merged_one_lead_to_the_other(
    session: Session, both: tuple[int, int], event: Event, now: datetime, account: Account
) -> None:
    a, b = both
    merge = merge_structures(session, a, b, now, account=account)
    kept = session.get_one(Structure, b)
    assert find_structure(session, "MAIRIE D'ORLEANS") is kept
    assert find_structure(session, "Orléans") is kept
    assert "mairie" in kept.search_text
    assert "ville" in event.search_text
    assert "mairie" not in event.search_text
    assert rebuild(session) == {"events": 0, "activities": 0, "structures": 0, "minutes": 0}
    undo_merge(session, merge.id, now, account=account)
    found = find_structure(session, "Mairie d’Orléans")
    assert found is not None
    assert found.id == a
    assert rebuild(session) == {"events": 0, "activities": 0, "structures": 0, "minutes": 0}


def test_live_figures_count_one_structure_and_two_again_and_frozen_ones_never_change(
    session: Session, both: tuple[int, int], event: Event, now: datetime, account: Account
) -> None:
    a, b = both
    event.state = EventState.CLOSED
    freeze_figures(session, event, now, account.id)
    session.commit()

    def live() -> tuple[object, list[tuple[str | None, int]]]:
        figures = event_figures(session, event.id, now)
        table = figures.breakdowns["structure"].rows
        return figures.figures["engaged_structures"], [(r.member, r.registered) for r in table]

    frozen = dict(session.query(FrozenFigures).one().figures)
    before = live()
    assert before[0] == 2
    merge = merge_structures(session, a, b, now, account=account)
    session.commit()
    assert live() == (1, [(str(b), 3)])
    assert session.query(FrozenFigures).one().figures == frozen
    undo_merge(session, merge.id, now, account=account)
    session.commit()
    assert live() == before
    assert session.query(FrozenFigures).one().figures == frozen


def test_what_was_changed_by_hand_since_stays_where_it_is(
    session: Session, both: tuple[int, int], event: Event, now: datetime, account: Account
) -> None:
    a, b = both
    third = make_structure(session, "Une autre")
    merge = merge_structures(session, a, b, now, account=account)
    mine = session.query(Registration).order_by(Registration.created_at).first()
    assert mine is not None
    mine.structure_id = third.id
    late = make_registration(session, event, structure_id=b)
    for partnership in session.query(Partnership).filter_by(event_id=event.id):
        if partnership.role is PartnershipRole.PARTNER:
            session.delete(partnership)
    kept = session.get_one(Structure, b)
    kept.website = "https://b.example"
    session.commit()
    undo_merge(session, merge.id, now, account=account)
    session.commit()
    session.expire_all()
    assert (mine.structure_id, late.structure_id) == (third.id, b)
    held = session.query(Partnership).filter_by(event_id=event.id).all()
    assert [(one.structure_id, one.role) for one in held] == [(a, PartnershipRole.HOST)]
    assert kept.website == "https://b.example"


def test_merges_are_undone_in_reverse_order(
    session: Session, both: tuple[int, int], now: datetime, account: Account
) -> None:
    a, b = both
    c = make_structure(session, "Métropole").id
    rebuild(session)
    before = rows(session)
    first = merge_structures(session, a, b, now, account=account)
    after_first = rows(session)
    second = merge_structures(session, b, c, now, account=account)
    found = find_structure(session, "Mairie d’Orléans")
    assert found is not None
    assert found.id == c
    with pytest.raises(LaterMerge):
        undo_merge(session, first.id, now, account=account)
    assert [one.id for one in merges_of(session, c)] == [second.id]
    undo_merge(session, second.id, now, account=account)
    assert rows(session) == after_first
    undo_merge(session, first.id, now, account=account)
    assert rows(session) == before
    assert merges_of(session, b) == []


def test_two_merges_into_one_are_undone_in_reverse_order_too(
    session: Session, both: tuple[int, int], now: datetime, account: Account
) -> None:
    a, b = both
    c = make_structure(session, "Métropole").id
    first = merge_structures(session, a, b, now, account=account)
    second = merge_structures(session, c, b, now, account=account)
    with pytest.raises(LaterMerge):
        undo_merge(session, first.id, now, account=account)
    undo_merge(session, second.id, now, account=account)
    undo_merge(session, first.id, now, account=account)


def test_what_makes_no_sense_is_refused(
    session: Session, both: tuple[int, int], now: datetime, account: Account
) -> None:
    a, b = both
    with pytest.raises(InvalidInput):
        merge_structures(session, a, a, now, account=account)
    with pytest.raises(NotFound):
        merge_structures(session, a, 999_999, now, account=account)
    merge = merge_structures(session, a, b, now, account=account)
    for pair in ((a, b), (b, a)):
        with pytest.raises(StructureMerged):
            merge_structures(session, *pair, now, account=account)
    undo_merge(session, merge.id, now, account=account)
    with pytest.raises(StateForbids):
        undo_merge(session, merge.id, now, account=account)
    with pytest.raises(NotFound):
        undo_merge(session, 999_999, now, account=account)


def test_a_merge_and_its_undoing_are_written_down(
    session: Session, both: tuple[int, int], now: datetime, account: Account
) -> None:
    merge = merge_structures(session, *both, now, account=account)
    undo_merge(session, merge.id, now, account=account)
    kept = session.query(StructureMerge).one()
    assert (kept.merged_by, kept.undone_by, kept.undone_at) == (
        "Nadège Lemoine",
        "Nadège Lemoine",
        now,
    )


def test_a_name_that_is_another_ones_alias_stays_there(
    session: Session, both: tuple[int, int], now: datetime, account: Account
) -> None:
    a, b = both
    third = make_structure(session, "Une autre")
    session.add(StructureAlias(structure_id=third.id, name="Mairie", name_key="mairie d orleans"))
    session.flush()
    before = rows(session)
    merge = merge_structures(session, a, b, now, account=account)
    assert [alias.name for alias in third.aliases] == ["Mairie"]
    undo_merge(session, merge.id, now, account=account)
    assert rows(session) == before
