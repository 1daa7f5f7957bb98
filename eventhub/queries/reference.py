"""Lists to choose from: kinds, départements, bassins de vie, categories, structures."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from eventhub.domain.event import KindFamily
from eventhub.models.event import EventKind
from eventhub.models.person import Category
from eventhub.models.structure import Structure
from eventhub.models.territory import BassinDeVie, Departement


def kinds(session: Session) -> Sequence[EventKind]:
    """Every kind of event, in the order set by the administrators."""
    return session.scalars(select(EventKind).order_by(EventKind.position, EventKind.code)).all()


def kinds_on_offer(session: Session, kept_code: str | None = None) -> Sequence[EventKind]:
    """The kinds that a new event may have, by family; `kept_code` in any case."""
    found = session.scalars(
        select(EventKind)
        .where(or_(EventKind.active, EventKind.code == kept_code))
        .order_by(EventKind.position, EventKind.code)
    ).all()
    families = list(KindFamily)
    return sorted(found, key=lambda kind: families.index(kind.family))


def departements(session: Session) -> Sequence[Departement]:
    """The hub's départements, by code."""
    return session.scalars(select(Departement).order_by(Departement.code)).all()


def categories(session: Session) -> Sequence[Category]:
    """What a person may declare to be, in the order set by the administrators."""
    return session.scalars(select(Category).order_by(Category.position, Category.code)).all()


def categories_on_offer(session: Session) -> Sequence[Category]:
    """What a person may declare to be from now on."""
    return session.scalars(
        select(Category).where(Category.active).order_by(Category.position, Category.code)
    ).all()


def bassins_on(session: Session, on: date, kept_id: int | None = None) -> Sequence[BassinDeVie]:
    """The bassins de vie that exist on a day, by département and name; `kept_id` in any case."""
    exists_then = (
        or_(BassinDeVie.valid_from.is_(None), BassinDeVie.valid_from <= on)
        & or_(BassinDeVie.valid_to.is_(None), BassinDeVie.valid_to >= on)
        & BassinDeVie.merged_into_id.is_(None)
    )
    return session.scalars(
        select(BassinDeVie)
        .where(or_(exists_then, BassinDeVie.id == kept_id))
        .order_by(BassinDeVie.departement_code, BassinDeVie.name)
    ).all()


def structure_names(session: Session) -> Sequence[str]:
    """The names of the structures that are known, to help typing."""
    return session.scalars(
        select(Structure.name)
        .where(Structure.merged_into_id.is_(None))
        .order_by(Structure.name_key)
    ).all()


def departement_total(session: Session) -> int:
    """How many départements the hub has."""
    return session.scalar(select(func.count()).select_from(Departement)) or 0
