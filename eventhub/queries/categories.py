"""Categories, and how far each is in use."""

from dataclasses import dataclass

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from eventhub.models.figure import Headcount
from eventhub.models.person import Category
from eventhub.models.registration import Registration
from eventhub.models.series import SeriesMember


@dataclass(frozen=True, slots=True)
class CategoryInUse:
    """A category, and how many registrations declare it."""

    category: Category
    registrations: int


def categories_in_use(session: Session) -> tuple[CategoryInUse, ...]:
    """Every category in the order of the administrators, retired ones last."""
    declared = (
        select(Registration.category_code, func.count().label("number"))
        .group_by(Registration.category_code)
        .subquery()
    )
    rows = session.execute(
        select(Category, func.coalesce(declared.c.number, 0))
        .outerjoin(declared, declared.c.category_code == Category.code)
        .order_by(Category.active.desc(), Category.position, Category.code)
    )
    return tuple(CategoryInUse(*row) for row in rows)


def category_is_used(session: Session, code: str) -> bool:
    """Whether a registration, a standing member or a declared figure holds this category."""
    counted = exists().where(Headcount.dimension == "category", Headcount.member == code)
    declared = (
        exists().where(model.category_code == code) for model in (Registration, SeriesMember)
    )
    return bool(session.scalar(select(or_(counted, *declared))))
