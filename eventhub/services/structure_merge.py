"""Two structures that are one: merging one into the other, and taking that back.

A merge repoints the rows themselves, so that no list has to know of it, and keeps in `moved` what
undoing gives back. What nobody may change does not: frozen figures and published minutes.
"""

import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Table, delete, insert, select, update
from sqlalchemy.orm import Session

from eventhub.domain.errors import InvalidInput, LaterMerge, NotFound, StateForbids
from eventhub.domain.event import PartnershipRole
from eventhub.models.account import Account
from eventhub.models.event import Activity, ActivitySpeaker, Event, Partnership, activity_hosts
from eventhub.models.figure import Headcount
from eventhub.models.registration import Registration
from eventhub.models.series import SeriesMember
from eventhub.models.structure import Structure, StructureAlias, StructureLogo, StructureMerge
from eventhub.queries.structure_merges import later_merge
from eventhub.services.search_texts import index_structure, index_structures_elsewhere
from eventhub.services.structure_directory import lock_structures, record_structure

_CHUNK = 500

# Rows that name one structure: their table's word in `moved`, and their model.
_NAMING: dict[str, Any] = {
    "registrations": Registration,
    "activity_speakers": ActivitySpeaker,
    "series_members": SeriesMember,
    "accounts": Account,
    "aliases": StructureAlias,
}
# What the one that stays takes from the other where it holds nothing itself.
_FILLED = ("typologie", "departement_code", "website")


def merge_structures(
    session: Session, merged_id: int, kept_id: int, now: datetime, *, account: Account
) -> StructureMerge:
    """Make everything of one structure another's; the first one's names lead to the second.

    A role that both had on an event is kept once. Raises NotFound, InvalidInput for one and the
    same, StructureMerged where one of them was merged already, be it at this very moment.
    """
    if merged_id == kept_id:
        raise InvalidInput({"into": "Choisissez une autre structure."})
    merged, kept = lock_structures(session, merged_id, kept_id)
    moved: dict[str, Any] = {
        word: _repoint(session, model, merged_id, kept_id) for word, model in _NAMING.items()
    }
    moved |= _move_partnerships(session, merged_id, kept_id)
    moved |= _move_hosts(session, merged_id, kept_id)
    moved["headcounts"] = _move_headcounts(session, merged_id, kept_id)
    moved["filled"] = {
        name: getattr(merged, name)
        for name in _FILLED
        if not getattr(kept, name) and getattr(merged, name)
    }
    for name, value in moved["filled"].items():
        setattr(kept, name, value)
    moved["logo"] = _move_logo(session, merged_id, kept_id)
    moved["name_alias"] = _keep_name(session, merged, kept)
    merged.merged_into_id = kept.id
    merge = StructureMerge(
        kept_id=kept.id,
        merged_id=merged.id,
        merged_at=now,
        merged_by=account.shown_name,
        moved=moved,
    )
    session.add(merge)
    _settle(session, merged, kept)
    record_structure(session, now, "structures-merged", kept, account, merged=merged.id)
    return merge


def undo_merge(session: Session, merge_id: int, now: datetime, *, account: Account) -> None:
    """Give back what a merge moved; what was made or changed by hand since stays where it is.

    Merges are undone in reverse order. Raises NotFound, StateForbids for one that was undone,
    LaterMerge where the structure that stayed took part in another one since.
    """
    merge = session.get(StructureMerge, merge_id)
    if merge is None:
        raise NotFound
    rows = session.scalars(
        select(Structure)
        .where(Structure.id.in_((merge.kept_id, merge.merged_id)))
        .order_by(Structure.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    found = {structure.id: structure for structure in rows}
    kept, merged = found[merge.kept_id], found[merge.merged_id]
    session.refresh(merge)
    if merge.undone_at is not None:
        raise StateForbids
    if later_merge(session, merge) is not None:
        raise LaterMerge
    moved = merge.moved
    for word, model in _NAMING.items():
        _give_back(session, model, moved[word], merge)
    _give_back_partnerships(session, moved, merge)
    _give_back_hosts(session, moved, merge)
    _give_back_headcounts(session, moved["headcounts"], merge)
    for name, value in moved["filled"].items():
        if getattr(kept, name) == value:
            setattr(kept, name, None if name == "departement_code" else "")
    if moved["logo"] is not None:
        _give_back(session, StructureLogo, [moved["logo"]], merge)
    if moved["name_alias"] is not None:
        session.execute(
            delete(StructureAlias).where(
                StructureAlias.id == moved["name_alias"], StructureAlias.structure_id == kept.id
            )
        )
    merged.merged_into_id = None
    merge.undone_at = now
    merge.undone_by = account.shown_name
    _settle(session, merged, kept)
    record_structure(session, now, "structures-parted", kept, account, merged=merged.id)


def _settle(session: Session, merged: Structure, kept: Structure) -> None:
    """Let versions and search texts follow."""
    merged.version += 1
    kept.version += 1
    session.flush()
    session.expire_all()
    for structure in (merged, kept):
        index_structure(structure)
    session.flush()
    index_structures_elsewhere(session, [merged.id, kept.id])


def _repoint(session: Session, model: Any, merged_id: int, kept_id: int) -> list[Any]:
    """Move the rows of a table that name the structure; their ids, as JSON holds them."""
    ids = session.scalars(
        select(model.id).where(model.structure_id == merged_id).order_by(model.id)
    ).all()
    _set_structure(session, model, ids, kept_id)
    return [str(one) if isinstance(one, uuid.UUID) else one for one in ids]


def _give_back(session: Session, model: Any, ids: Sequence[Any], merge: StructureMerge) -> None:
    if model is Registration:
        ids = [uuid.UUID(text) for text in ids]
    _set_structure(session, model, ids, merge.merged_id, only_of=merge.kept_id)


def _set_structure(
    session: Session,
    model: Any,
    ids: Sequence[Any],
    structure_id: int,
    only_of: int | None = None,
) -> None:
    for chunk in _chunks(ids):
        statement = update(model).where(model.id.in_(chunk)).values(structure_id=structure_id)
        if only_of is not None:
            statement = statement.where(model.structure_id == only_of)
        session.execute(statement.execution_options(synchronize_session=False))


def _chunks(ids: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK))


def _roles(session: Session, structure_id: int) -> dict[tuple[int, PartnershipRole], Partnership]:
    rows = session.scalars(
        select(Partnership)
        .where(Partnership.structure_id == structure_id)
        .order_by(Partnership.id)
        .execution_options(populate_existing=True)
    )
    return {(row.event_id, row.role): row for row in rows}


def _move_partnerships(session: Session, merged_id: int, kept_id: int) -> dict[str, Any]:
    held = _roles(session, kept_id)
    moved, dropped = [], []
    for key, row in _roles(session, merged_id).items():
        if key not in held:
            moved.append(row.id)
            continue
        dropped.append(
            {
                "id": row.id,
                "event_id": row.event_id,
                "role": row.role.value,
                "position": row.position,
                "shows_logo": row.shows_logo,
            }
        )
    _set_structure(session, Partnership, moved, kept_id)
    for chunk in _chunks([one["id"] for one in dropped]):
        session.execute(
            delete(Partnership)
            .where(Partnership.id.in_(chunk))
            .execution_options(synchronize_session=False)
        )
    return {"partnerships": moved, "partnerships_dropped": dropped}


def _give_back_partnerships(session: Session, moved: dict[str, Any], merge: StructureMerge) -> None:
    _give_back(session, Partnership, moved["partnerships"], merge)
    own, kept = _roles(session, merge.merged_id), _roles(session, merge.kept_id)
    for one in moved["partnerships_dropped"]:
        key = (one["event_id"], PartnershipRole(one["role"]))
        if key in own or key not in kept or session.get(Event, one["event_id"]) is None:
            continue
        is_free = session.get(Partnership, one["id"]) is None
        values = {name: value for name, value in one.items() if name != "id" or is_free}
        session.execute(
            insert(Partnership).values(structure_id=merge.merged_id, **values | {"role": key[1]})
        )


def _hosted(session: Session, structure_id: int) -> list[int]:
    return list(
        session.scalars(
            select(activity_hosts.c.activity_id)
            .where(activity_hosts.c.structure_id == structure_id)
            .order_by(activity_hosts.c.activity_id)
        )
    )


def _move_hosts(session: Session, merged_id: int, kept_id: int) -> dict[str, Any]:
    held = set(_hosted(session, kept_id))
    every = _hosted(session, merged_id)
    moved = [activity_id for activity_id in every if activity_id not in held]
    dropped = [activity_id for activity_id in every if activity_id in held]
    _set_host(session, activity_hosts, moved, merged_id, kept_id)
    session.execute(delete(activity_hosts).where(activity_hosts.c.structure_id == merged_id))
    return {"activity_hosts": moved, "activity_hosts_dropped": dropped}


def _give_back_hosts(session: Session, moved: dict[str, Any], merge: StructureMerge) -> None:
    _set_host(session, activity_hosts, moved["activity_hosts"], merge.kept_id, merge.merged_id)
    still = set(_hosted(session, merge.kept_id))
    for activity_id in moved["activity_hosts_dropped"]:
        if activity_id in still and session.get(Activity, activity_id) is not None:
            session.execute(
                insert(activity_hosts).values(activity_id=activity_id, structure_id=merge.merged_id)
            )


def _set_host(session: Session, table: Table, ids: Sequence[int], was: int, becomes: int) -> None:
    for chunk in _chunks(ids):
        session.execute(
            update(table)
            .where(table.c.activity_id.in_(chunk), table.c.structure_id == was)
            .values(structure_id=becomes)
        )


def _of_structure(structure_id: int) -> tuple[Any, Any]:
    return Headcount.dimension == "structure", Headcount.member == str(structure_id)


def _move_headcounts(session: Session, merged_id: int, kept_id: int) -> list[int]:
    """Declared figures name a structure by its number."""
    ids = list(session.scalars(select(Headcount.id).where(*_of_structure(merged_id))))
    session.execute(
        update(Headcount)
        .where(*_of_structure(merged_id))
        .values(member=str(kept_id))
        .execution_options(synchronize_session=False)
    )
    return ids


def _give_back_headcounts(session: Session, ids: Sequence[int], merge: StructureMerge) -> None:
    for chunk in _chunks(ids):
        session.execute(
            update(Headcount)
            .where(Headcount.id.in_(chunk), *_of_structure(merge.kept_id))
            .values(member=str(merge.merged_id))
            .execution_options(synchronize_session=False)
        )


def _move_logo(session: Session, merged_id: int, kept_id: int) -> int | None:
    logos = {
        row.structure_id: row.id
        for row in session.execute(
            select(StructureLogo.id, StructureLogo.structure_id).where(
                StructureLogo.structure_id.in_((merged_id, kept_id))
            )
        )
    }
    if kept_id in logos or merged_id not in logos:
        return None
    _set_structure(session, StructureLogo, [logos[merged_id]], kept_id)
    return int(logos[merged_id])


def _keep_name(session: Session, merged: Structure, kept: Structure) -> int | None:
    """The alias by which searches find the kept one under the other's name."""
    taken = session.scalar(
        select(StructureAlias.id).where(StructureAlias.name_key == merged.name_key)
    )
    if taken is not None:
        return None
    alias = StructureAlias(structure_id=kept.id, name=merged.name, name_key=merged.name_key)
    session.add(alias)
    session.flush()
    return alias.id
