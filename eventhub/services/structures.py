"""Structures by the names that people type."""

from sqlalchemy import String, bindparam, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from eventhub.domain.naming import name_key
from eventhub.domain.registration import STRUCTURE_NAME_MAX
from eventhub.models.structure import Structure, StructureAlias
from eventhub.services.search_texts import index_structure

_KEY = bindparam("structure_key", type_=String)
_BY_KEY = (
    select(Structure)
    .where(
        or_(
            Structure.name_key == _KEY,
            Structure.id.in_(
                select(StructureAlias.structure_id).where(StructureAlias.name_key == _KEY)
            ),
        )
    )
    # A structure's own name goes before another one's alias.
    .order_by((Structure.name_key == _KEY).desc())
    .limit(1)
)

ID_BY_KEY = func.coalesce(
    select(Structure.id).where(Structure.name_key == _KEY).scalar_subquery(),
    select(StructureAlias.structure_id).where(StructureAlias.name_key == _KEY).scalar_subquery(),
)
"""The structure of that name or alias (its key bound as `structure_key`), within a statement.

It may have been merged into another: `find_structure` follows that.
"""
MERGED_BY_KEY = select(Structure.merged_into_id).where(Structure.id == ID_BY_KEY).scalar_subquery()


def structure_key(name: str) -> str:
    """The key of a structure's name, as it is stored and looked for."""
    return name_key(name)[:STRUCTURE_NAME_MAX]


def find_structure(session: Session, name: str) -> Structure | None:
    """The structure of that name or alias, in any spelling; the one it was merged into, if any."""
    key = structure_key(name)
    if not key:
        return None
    found = session.scalars(_BY_KEY, {"structure_key": key}).first()
    while found is not None and found.merged_into_id is not None:
        found = session.get(Structure, found.merged_into_id)
    return found


def find_or_create_structure(session: Session, name: str) -> Structure | None:
    """The structure of that name or alias, made where it is missing; None for an empty name."""
    found = find_structure(session, name)
    if found is not None or not structure_key(name):
        return found
    shown = " ".join(name.split())[:STRUCTURE_NAME_MAX]
    structure = Structure(name=shown, name_key=structure_key(name))
    index_structure(structure)
    try:
        with session.begin_nested():
            session.add(structure)
    except IntegrityError:  # someone else has just made it
        return find_structure(session, name)
    return structure
