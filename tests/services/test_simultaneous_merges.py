"""Merges of structures at the same moment, with real commits."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from eventhub.domain.errors import StateForbids, StructureMerged
from eventhub.extensions import db
from eventhub.models.account import Account
from eventhub.models.registration import Registration
from eventhub.models.structure import Structure, StructureMerge
from eventhub.services.structure_merge import merge_structures, undo_merge
from eventhub.web.transactions import write_transaction
from tests.factories import make_account, make_event, make_registration, make_structure


@pytest.fixture
def both(live_app: Flask) -> tuple[int, int]:
    session = db.session()
    make_account(session)
    a, b = make_structure(session, "A"), make_structure(session, "B")
    event = make_event(session)
    for structure in (a, a, b):
        make_registration(session, event, structure_id=structure.id)
    session.commit()
    return a.id, b.id


def together(app: Flask, pairs: Sequence[tuple[int, int]], now: datetime) -> list[str]:
    ready = threading.Barrier(len(pairs))

    def run(pair: tuple[int, int]) -> str:
        with app.app_context():
            ready.wait()
            try:
                with write_transaction() as session:
                    account = session.scalars(select(Account)).one()
                    merge_structures(session, *pair, now, account=account)
            except StructureMerged:
                return "refused"
            return "done"

    with ThreadPoolExecutor(len(pairs)) as pool:
        return sorted(pool.map(run, pairs))


@pytest.mark.parametrize("turns", [(1, 1, 1, 1), (1, -1, 1, -1)])
def test_of_several_merges_at_once_one_takes_place(
    live_app: Flask, both: tuple[int, int], now: datetime, turns: tuple[int, ...]
) -> None:
    pairs = [both if turn == 1 else (both[1], both[0]) for turn in turns]
    assert together(live_app, pairs, now) == ["done", "refused", "refused", "refused"]
    session = db.session()
    session.rollback()
    merge = session.scalars(select(StructureMerge)).one()
    assert session.scalars(select(Registration.structure_id).distinct()).all() == [merge.kept_id]
    standing = session.scalars(select(Structure.id).where(Structure.merged_into_id.is_(None)))
    assert standing.all() == [merge.kept_id]


def test_of_several_clicks_on_undo_one_gives_back(
    live_app: Flask, both: tuple[int, int], now: datetime
) -> None:
    assert together(live_app, [both], now) == ["done"]
    ready = threading.Barrier(4)

    def run(_number: int) -> str:
        with live_app.app_context():
            ready.wait()
            try:
                with write_transaction() as session:
                    merge_id = session.scalars(select(StructureMerge.id)).one()
                    account = session.scalars(select(Account)).one()
                    undo_merge(session, merge_id, now, account=account)
            except StateForbids:
                return "refused"
            return "done"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(run, range(4))) == ["done", "refused", "refused", "refused"]
    session = db.session()
    session.rollback()
    counts = session.execute(
        select(Registration.structure_id, func.count())
        .group_by(Registration.structure_id)
        .order_by(Registration.structure_id)
    ).all()
    assert [tuple(row) for row in counts] == [(both[0], 2), (both[1], 1)]
