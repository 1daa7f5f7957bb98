"""How the members of each dimension are called and in which order they come."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventhub.domain.event import (
    ACTIVITY_FORMAT_LABELS,
    HUB_ROLE_LABELS,
    ActivityFormat,
    HubRole,
    KindFamily,
)
from eventhub.domain.figures import NOT_TOLD
from eventhub.domain.registration import (
    ATTENDANCE_MODE_LABELS,
    REGISTRATION_ROLE_LABELS,
    AttendanceMode,
    RegistrationRole,
)
from eventhub.domain.typologies import TYPOLOGIE_LABELS
from eventhub.models.event import Activity, EventKind
from eventhub.models.person import Category
from eventhub.models.territory import BassinDeVie, Departement
from eventhub.queries.figure_facts import EventIds

_FAMILY_LABELS = {
    KindFamily.EVENT: "Évènements",
    KindFamily.MEETING: "Réunions",
    KindFamily.TRAINING: "Formations",
    KindFamily.ONE_TO_ONE: "Rendez-vous individuels",
}

_BY_WORD: dict[str, Mapping[str, str]] = {
    "role": {role.value: REGISTRATION_ROLE_LABELS[role] for role in RegistrationRole},
    "mode": {mode.value: ATTENDANCE_MODE_LABELS[mode] for mode in AttendanceMode},
    "family": {family.value: _FAMILY_LABELS[family] for family in KindFamily},
    "hub_role": {role.value: HUB_ROLE_LABELS[role] for role in HubRole},
    "activity_format": {one.value: ACTIVITY_FORMAT_LABELS[one] for one in ActivityFormat},
    "typologie": TYPOLOGIE_LABELS,
}


@dataclass(frozen=True, slots=True)
class Labels:
    """The names of the members of each dimension, in order; structures come by their name."""

    by_dimension: Mapping[str, Mapping[str, str]]
    structure_names: Mapping[str, str]

    def label(self, dimension: str, member: str | None) -> str:
        """The name of a member; « Non renseigné » for none, the code where it has no name."""
        if member is None:
            return NOT_TOLD
        if dimension in _WORDED:
            return _WORDED[dimension](member)
        if dimension == "structure":
            return self.structure_names.get(member, member)
        return self.by_dimension.get(dimension, {}).get(member, member)

    def order(self, dimension: str, member: str | None) -> tuple[bool, int, str]:
        """A sort key: the dimension's own order, then by name; « Non renseigné » last."""
        known = self.by_dimension.get(dimension, {})
        place = list(known).index(member) if member is not None and member in known else len(known)
        by_code = dimension in {"day", "year", "month", "residence", "departement"}
        name = (member or "") if by_code else self.label(dimension, member).casefold()
        return member is None, place, name

    def members(self, dimension: str) -> Mapping[str, str]:
        """Every member of a dimension that is known beforehand."""
        return self.by_dimension.get(dimension, {})


def read_labels(
    session: Session, structure_names: Mapping[str, str], activities_of: EventIds | None = None
) -> Labels:
    """Read the names of every dimension; those of activities for the events given."""
    departements = {
        row.code: row.name
        for row in session.execute(
            select(Departement.code, Departement.name).order_by(Departement.code)
        )
    }
    by_dimension: dict[str, Mapping[str, str]] = {
        **_BY_WORD,
        "departement": departements,
        "residence": departements,
        "bassin": {
            row.slug: row.name
            for row in session.execute(
                select(BassinDeVie.slug, BassinDeVie.name).order_by(BassinDeVie.name)
            )
        },
        "category": {
            row.code: row.label
            for row in session.execute(
                select(Category.code, Category.label).order_by(Category.position, Category.code)
            )
        },
        "kind": {
            row.code: row.label
            for row in session.execute(
                select(EventKind.code, EventKind.label).order_by(EventKind.position, EventKind.code)
            )
        },
    }
    if activities_of is not None:
        by_dimension["activity"] = {
            str(row.id): row.title
            for row in session.execute(
                select(Activity.id, Activity.title)
                .where(Activity.event_id.in_(activities_of))
                .order_by(Activity.starts_at.is_(None), Activity.starts_at, Activity.position)
            )
        }
    return Labels(by_dimension, structure_names)


def _day(member: str) -> str:
    words = format_date(date.fromisoformat(member), "EEEE d MMMM y", "fr")
    return words.replace(" 1 ", " 1er ", 1)


def _month(member: str) -> str:
    return format_date(date.fromisoformat(f"{member}-01"), "MMMM y", "fr")


_WORDED: dict[str, Callable[[str], str]] = {"day": _day, "month": _month}
