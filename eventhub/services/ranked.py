"""The order that administrators give to kinds and to categories."""

from collections.abc import Callable, Sequence
from itertools import count
from typing import TypeVar

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from eventhub.domain.naming import slugify
from eventhub.models.event import EventKind
from eventhub.models.person import Category

Ranked = TypeVar("Ranked", EventKind, Category)


def move_among(
    rows: Sequence[Ranked], row: Ranked, near: Callable[[Ranked], bool], up: bool
) -> None:
    """Let `row` change places with the nearest one for which `near` holds; nothing at the end.

    `rows` are all of them in their order; each gets its place as its number.
    """
    order = list(rows)
    here = order.index(row)
    others = range(here - 1, -1, -1) if up else range(here + 1, len(order))
    there = next((index for index in others if near(order[index])), None)
    if there is not None:
        order[here], order[there] = order[there], order[here]
    for position, one in enumerate(order):
        one.position = position


def insert_with_code(session: Session, row: Ranked, longest: int) -> None:
    """Insert a row under the first free code made from its label."""
    model = type(row)
    base = slugify(row.label, longest - 4)
    for number in count(1):
        code = base if number == 1 else f"{base}-{number}"
        if session.scalar(select(exists().where(model.code == code))):
            continue
        row.code = code
        try:
            with session.begin_nested():
                session.add(row)
        except IntegrityError:  # someone else has just taken that code
            continue
        return
