"""The series that a view is about, for someone who may do what it does."""

import re
from collections.abc import Callable

from eventhub.domain.errors import Forbidden, NotFound
from eventhub.domain.rights import Actor
from eventhub.domain.series import may_edit_series, may_see_members, may_see_series
from eventhub.extensions import db
from eventhub.models.series import Series
from eventhub.queries.series import series_by_slug
from eventhub.web.auth import current_actor

ADDRESS = re.compile(r"[a-z0-9-]{1,120}", re.ASCII)
"""What the address of a series or of an event may be: no database is asked about anything else."""


def codes_of(series: Series) -> frozenset[str]:
    """The codes of the départements of a series."""
    return frozenset(departement.code for departement in series.departements)


def series_for_reading(slug: str) -> Series:
    """The series, for someone who may read it. Raises NotFound, Forbidden."""
    return _series(slug, may_see_series)


def series_for_editing(slug: str) -> Series:
    """The series, for someone who may edit it. Raises NotFound, Forbidden."""
    return _series(slug, may_edit_series)


def may_read_members(series: Series) -> bool:
    """Whether who is signed in may read the names of who is invited each time."""
    return may_see_members(current_actor(), codes_of(series))


def may_change(series: Series) -> bool:
    """Whether who is signed in may edit the series."""
    return may_edit_series(current_actor(), codes_of(series))


def makes_series(actor: Actor) -> bool:
    """Whether the account makes series at all, in its territory."""
    return may_edit_series(actor, actor.departements)


def _series(slug: str, rule: Callable[[Actor, frozenset[str]], bool]) -> Series:
    actor = current_actor()
    series = series_by_slug(db.session(), slug[:120])
    if series is None:
        raise NotFound
    if not rule(actor, codes_of(series)):
        raise Forbidden
    return series
