"""Merges of structures: what one would move, and those that were made."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from eventhub.models.account import Account
from eventhub.models.event import Activity, ActivitySpeaker, Partnership, activity_hosts
from eventhub.models.registration import Registration
from eventhub.models.series import SeriesMember
from eventhub.models.structure import StructureAlias, StructureMerge


@dataclass(frozen=True, slots=True)
class Moving:
    """How much a merge would move."""

    events: int
    registrations: int
    people: int
    speakers: int
    members: int
    accounts: int
    names: tuple[str, ...]


def what_moves(session: Session, structure_id: int, name: str) -> Moving:
    """What would follow this structure into another one; its own name among the names."""

    def count(column: object) -> int:
        return session.scalar(select(func.count()).where(column == structure_id)) or 0  # type: ignore[arg-type]  # a column compared

    events = (
        select(Partnership.event_id)
        .where(Partnership.structure_id == structure_id)
        .union(
            select(Activity.event_id)
            .join(activity_hosts, activity_hosts.c.activity_id == Activity.id)
            .where(activity_hosts.c.structure_id == structure_id)
        )
        .subquery()
    )
    registered = session.execute(
        select(func.count(), func.count(Registration.person_id.distinct())).where(
            Registration.structure_id == structure_id
        )
    ).one()
    aliases = session.scalars(
        select(StructureAlias.name)
        .where(StructureAlias.structure_id == structure_id)
        .order_by(StructureAlias.id)
    )
    return Moving(
        events=session.scalar(select(func.count()).select_from(events)) or 0,
        registrations=registered[0],
        people=registered[1],
        speakers=count(ActivitySpeaker.structure_id),
        members=count(SeriesMember.structure_id),
        accounts=count(Account.structure_id),
        names=(name, *aliases),
    )


def merge_by_id(session: Session, merge_id: int) -> StructureMerge | None:
    """The merge with both structures, undone or not."""
    return session.scalar(
        select(StructureMerge)
        .where(StructureMerge.id == merge_id)
        .options(joinedload(StructureMerge.merged), joinedload(StructureMerge.kept))
    )


def later_merge(session: Session, merge: StructureMerge) -> StructureMerge | None:
    """The first of the later merges that has to be undone before this one."""
    return session.scalars(
        select(StructureMerge)
        .where(
            StructureMerge.id > merge.id,
            StructureMerge.undone_at.is_(None),
            or_(
                StructureMerge.kept_id == merge.kept_id,
                StructureMerge.merged_id == merge.kept_id,
            ),
        )
        .order_by(StructureMerge.id.desc())
        .limit(1)
    ).first()


def merges_of(session: Session, structure_id: int) -> Sequence[StructureMerge]:
    """The merges into a structure that stand, the latest first."""
    return session.scalars(
        select(StructureMerge)
        .where(StructureMerge.kept_id == structure_id, StructureMerge.undone_at.is_(None))
        .options(joinedload(StructureMerge.merged))
        .order_by(StructureMerge.id.desc())
    ).all()
