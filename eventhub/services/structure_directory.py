"""The directory of structures: making one, and changing what is written of it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from eventhub.domain.errors import InvalidInput, NotFound, StructureChanged, StructureMerged
from eventhub.domain.structure_details import StructureDetails
from eventhub.domain.typologies import TYPOLOGIE_LABELS
from eventhub.models.account import Account
from eventhub.models.structure import Structure, StructureAlias
from eventhub.models.territory import Departement
from eventhub.services.audit import record
from eventhub.services.search_texts import index_structure, index_structures_elsewhere
from eventhub.services.structures import find_structure, structure_key


def create_structure(
    session: Session, details: StructureDetails, now: datetime, *, account: Account
) -> Structure:
    """Add a structure. Raises InvalidInput, also where a name leads to another structure."""
    structure = Structure(name="", name_key="")
    _check(session, structure, details)
    try:
        with session.begin_nested():
            _take(structure, details)
            session.add(structure)
    except IntegrityError as error:  # someone else has just taken that name
        raise InvalidInput({"name": "Ce nom vient d’être pris."}) from error
    record_structure(session, now, "structure-created", structure, account)
    return structure


def change_structure(
    session: Session,
    structure_id: int,
    details: StructureDetails,
    version: int,
    now: datetime,
    *,
    account: Account,
) -> list[str]:
    """Change a structure that was read at `version`; the names of what changed.

    Raises NotFound, StructureMerged, StructureChanged where someone else changed it since;
    InvalidInput, also where a name leads to another structure.
    """
    (structure,) = lock_structures(session, structure_id)
    if structure.version != version:
        raise StructureChanged
    _check(session, structure, details)
    before = _snapshot(structure)
    try:
        with session.begin_nested():
            _take(structure, details)
            session.flush()
    except IntegrityError as error:
        raise InvalidInput({"name": "Ce nom vient d’être pris."}) from error
    after = _snapshot(structure)
    changed = [name for name in before if before[name] != after[name]]
    if not changed:
        return []
    structure.version += 1
    session.flush()
    if "name" in changed:
        index_structures_elsewhere(session, [structure.id])
    record_structure(session, now, "structure-changed", structure, account, changed=changed)
    return changed


def names_taken(
    session: Session, names: Iterable[str], structure_id: int | None
) -> dict[str, Structure]:
    """Of these names, those that lead to another structure, with it."""
    found = {}
    for name in names:
        other = find_structure(session, name)
        if other is not None and other.id != structure_id:
            found[name] = other
    return found


def lock_structures(session: Session, *structure_ids: int) -> list[Structure]:
    """The structures, read again and locked, in the order asked for.

    Always locked in the order of their ids, so that two merges never wait for each other.
    Raises NotFound; StructureMerged for one that was merged into another.
    """
    rows = session.scalars(
        select(Structure)
        .where(Structure.id.in_(structure_ids))
        .order_by(Structure.id)
        # A key-share lock, as a new registration takes, does not have to wait.
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    found = {structure.id: structure for structure in rows}
    if found.keys() != set(structure_ids):
        raise NotFound
    if any(structure.merged_into_id is not None for structure in found.values()):
        raise StructureMerged
    return [found[structure_id] for structure_id in structure_ids]


def record_structure(
    session: Session,
    now: datetime,
    action: str,
    structure: Structure,
    account: Account,
    **detail: Any,
) -> None:
    """Write down an act upon a structure."""
    record(
        session,
        now,
        action,
        account_id=account.id,
        actor=account.shown_name,
        event_id=None,
        subject=structure_subject(structure.id),
        **detail,
    )


def structure_subject(structure_id: int) -> str:
    """How the audit names a structure."""
    return f"structure:{structure_id}"


def _check(session: Session, structure: Structure, details: StructureDetails) -> None:
    details.check()
    wrong: dict[str, str] = {}
    if details.typologie not in {"", structure.typologie, *TYPOLOGIE_LABELS}:
        wrong["typologie"] = "Choisissez dans la liste."
    code = details.departement_code
    if code is not None and session.get(Departement, code) is None:
        wrong["departement_code"] = "Choisissez dans la liste."
    wanted = session.scalars(
        select(Structure).where(Structure.name_key == structure_key(details.name))
    ).first()
    for name, other in names_taken(session, [details.name], structure.id).items():
        wrong["name"] = f"« {name} » est déjà un nom de « {other.name} »."
    if "name" not in wrong and wanted is not None and wanted.id != structure.id:
        wrong["name"] = "Ce nom est celui d’une structure réunie à celle-ci. Défaites la réunion."
    taken = names_taken(session, details.aliases, structure.id)
    if taken:
        wrong["aliases"] = " ".join(
            f"« {name} » est déjà un nom de « {other.name} »." for name, other in taken.items()
        )
    if wrong:
        raise InvalidInput(wrong)


def _take(structure: Structure, details: StructureDetails) -> None:
    for name, value in (
        ("name", details.name),
        ("name_key", structure_key(details.name)),
        ("typologie", details.typologie),
        ("departement_code", details.departement_code),
        ("website", details.website),
    ):
        if getattr(structure, name) != value:
            setattr(structure, name, value)
    kept = {alias.name_key: alias for alias in structure.aliases}
    wanted = {
        key: alias
        for alias in details.aliases
        if (key := structure_key(alias)) and key != structure.name_key
    }
    for key in kept.keys() - wanted.keys():
        structure.aliases.remove(kept[key])
    for key, name in wanted.items():
        if key not in kept:
            structure.aliases.append(StructureAlias(name=name, name_key=key))
        elif kept[key].name != name:
            kept[key].name = name
    index_structure(structure)


def _snapshot(structure: Structure) -> dict[str, Any]:
    return {
        "name": structure.name,
        "typologie": structure.typologie,
        "departement_code": structure.departement_code,
        "website": structure.website,
        "aliases": sorted(alias.name for alias in structure.aliases),
    }
