"""Categories: what a person may declare to be, edited by administrators."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventhub.domain.errors import CategoryChanged, StateForbids
from eventhub.domain.kind_template import KIND_CODE_MAX, CategoryDetails
from eventhub.models.account import Account
from eventhub.models.person import Category
from eventhub.queries.categories import category_is_used
from eventhub.services.audit import record
from eventhub.services.ranked import insert_with_code, move_among


def category_subject(code: str) -> str:
    """How the record of acts names a category."""
    return f"categorie:{code}"


def add_category(
    session: Session, details: CategoryDetails, now: datetime, *, by: Account
) -> Category:
    """Add a category, last of all; its code is made from its name and stays.

    Raises InvalidInput.
    """
    details.check()
    last = max((category.position for category in _every(session)), default=-1)
    category = Category(label=details.label, lacoop=details.lacoop, position=last + 1)
    insert_with_code(session, category, KIND_CODE_MAX)
    _record(session, category, now, "category-added", by)
    return category


def change_category(
    session: Session,
    category: Category,
    details: CategoryDetails,
    version: int,
    now: datetime,
    *,
    by: Account,
) -> bool:
    """Change a category; whether anything changed.

    Raises InvalidInput; CategoryChanged where `version` is no longer the category's.
    """
    details.check()
    session.refresh(category, with_for_update=True)
    if category.version != version:
        raise CategoryChanged
    if (category.label, category.lacoop) == (details.label, details.lacoop):
        return False
    category.label, category.lacoop = details.label, details.lacoop
    _bump(session, category, now, "category-changed", by)
    return True


def move_category(
    session: Session, category: Category, now: datetime, *, up: bool, by: Account
) -> None:
    """Let a category change places with its neighbour."""
    move_among(_every(session), category, lambda one: one.active is category.active, up)
    session.flush()
    _record(session, category, now, "category-moved", by)


def retire_category(session: Session, category: Category, now: datetime, *, by: Account) -> None:
    """Offer a category no more; who declared it keeps it. Raises StateForbids for the last one."""
    if not category.active:
        return
    if not _has_another(session, category):
        raise StateForbids
    category.active = False
    _bump(session, category, now, "category-retired", by)


def restore_category(session: Session, category: Category, now: datetime, *, by: Account) -> None:
    """Offer a retired category again."""
    if not category.active:
        category.active = True
        _bump(session, category, now, "category-restored", by)


def delete_category(session: Session, category: Category, now: datetime, *, by: Account) -> None:
    """Delete a category that nobody ever declared. Raises StateForbids."""
    session.refresh(category, with_for_update=True)
    if category_is_used(session, category.code) or (
        category.active and not _has_another(session, category)
    ):
        raise StateForbids
    _record(session, category, now, "category-deleted", by)
    session.delete(category)
    session.flush()


def _every(session: Session) -> list[Category]:
    return list(session.scalars(select(Category).order_by(Category.position, Category.code)))


def _has_another(session: Session, category: Category) -> bool:
    """Whether another one is on offer: registering asks for a category."""
    return any(one.active for one in _every(session) if one is not category)


def _bump(session: Session, category: Category, now: datetime, action: str, by: Account) -> None:
    category.version += 1
    session.flush()
    _record(session, category, now, action, by)


def _record(session: Session, category: Category, now: datetime, action: str, by: Account) -> None:
    record(
        session,
        now,
        action,
        account_id=by.id,
        actor=by.shown_name,
        event_id=None,
        subject=category_subject(category.code),
    )
