"""What each figure means: measures, dimensions, qualifiers. See docs/figures.md.

Every definition printed beside a figure comes from here; `eventhub.domain.counting` computes them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce


class Qualifier(StrEnum):
    """How exact a declared figure is."""

    EXACT = "exact"
    MORE_THAN = "more_than"
    ABOUT = "about"
    NEARLY = "nearly"


class Covers(StrEnum):
    """What a headcount stands for: everybody, or only those beyond the list."""

    WHOLE = "whole"
    BEYOND_LIST = "beyond_list"


QUALIFIER_LABELS: dict[Qualifier, str] = {
    Qualifier.EXACT: "exactement",
    Qualifier.MORE_THAN: "plus de",
    Qualifier.ABOUT: "environ",
    Qualifier.NEARLY: "près de",
}

COVERS_LABELS: dict[Covers, str] = {
    Covers.WHOLE: "tout le monde",
    Covers.BEYOND_LIST: "en plus de la liste",
}

NOT_TOLD = "Non renseigné"
"""The member of every dimension under which stand those of whom nothing is known."""

NONE_TEXT = "—"
"""What is printed for a figure that does not exist (yet)."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure: its code, its French name, and its definition as printed beside it."""

    code: str
    label: str
    definition: str


@dataclass(frozen=True, slots=True)
class Dimension:
    """What a figure is broken down by. `note` says why members do not add up to the total.

    An empty `note`: they do, for persons at one event.
    """

    code: str
    label: str
    note: str = ""


_APART = "hors organisation et animation"

_MEASURES = (
    Measure(
        "registered",
        "Inscrits",
        "Inscriptions confirmées, sans les personnes ajoutées à l’accueil, " + _APART + ".",
    ),
    Measure(
        "present",
        "Présents",
        "Personnes différentes présentes à un point d’accueil au moins, quel que soit leur rôle.",
    ),
    Measure(
        "participants",
        "Participants",
        "Personnes différentes présentes au moins une fois, " + _APART + ". "
        "Une personne compte une fois.",
    ),
    Measure(
        "participations",
        "Participations",
        "Présences des participants : une par personne et par jour, ou par personne et par temps "
        "suivi là où l’on compte par temps (avec une pour un jour où seule l’entrée a été passée).",
    ),
    Measure("onsite", "Sur place", "Participants venus sur place au moins une fois."),
    Measure("remote", "À distance", "Les autres participants : présents, mais jamais sur place."),
    Measure(
        "excused",
        "Excusés",
        "Personnes notées excusées pour l’évènement et jamais présentes, "
        "quel que soit l’état de leur inscription.",
    ),
    Measure(
        "no_shows",
        "Absents",
        "Inscrits qui ne sont ni présents ni excusés. « — » avant la fin.",
    ),
    Measure(
        "attendance_rate",
        "Taux de présence",
        "Inscrits présents, divisés par les inscrits qui ne sont pas excusés. "
        "« — » avant la fin, ou sans inscrits.",
    ),
    Measure(
        "walk_ins",
        "Arrivés sans inscription",
        "Participants ajoutés à l’accueil, ou dont l’inscription est en attente, annulée ou une "
        "simple invitation. Avec les inscrits présents, ils font tous les participants.",
    ),
    Measure("structures", "Structures représentées", "Structures différentes des participants."),
    Measure(
        "engaged_structures",
        "Structures engagées",
        "Structures différentes qui sont partenaires, hôtes ou engagées sur l’évènement, "
        "ou hôtes de l’un de ses temps.",
    ),
    Measure("activities", "Temps du programme", "Temps du programme de l’évènement."),
    Measure("deliverables", "Livrables", "Livrables de l’évènement."),
    Measure(
        "preparatory_meetings",
        "Réunions préparatoires",
        "Réunions de préparation liées à l’évènement, ni brouillons ni annulées.",
    ),
    Measure(
        "events",
        "Évènements",
        "Évènements passés, ni brouillons ni annulés, dont le hub est organisateur "
        "ou co-organisateur.",
    ),
    Measure(
        "meetings",
        "Réunions",
        "Réunions passées, ni brouillons ni annulées, dont le hub est organisateur "
        "ou co-organisateur.",
    ),
    Measure(
        "trainings",
        "Formations",
        "Formations passées, ni brouillons ni annulées, dont le hub est organisateur "
        "ou co-organisateur.",
    ),
    Measure(
        "one_to_ones",
        "Rendez-vous individuels",
        "Rendez-vous passés, ni brouillons ni annulés, dont le hub est organisateur "
        "ou co-organisateur.",
    ),
    Measure(
        "people_in_meetings",
        "Participants aux réunions",
        "Participants différents de ces réunions.",
    ),
    Measure(
        "people_in_one_to_ones",
        "Personnes vues en rendez-vous",
        "Participants différents de ces rendez-vous.",
    ),
    Measure(
        "new",
        "Nouveaux",
        "Participants sans aucune participation dans les 24 mois d’avant.",
    ),
    Measure(
        "returning",
        "Fidèles",
        "Participants avec une participation au moins dans les 24 mois d’avant.",
    ),
)
MEASURES: dict[str, Measure] = {measure.code: measure for measure in _MEASURES}

EVENT_MEASURES: tuple[str, ...] = tuple(MEASURES)[:15]
"""The figures of one event, in the order in which they are shown."""

OVER_MEASURES: tuple[str, ...] = tuple(MEASURES)[15:]
"""The figures that exist over a set of events only."""

NULLABLE_MEASURES = frozenset({"no_shows", "attendance_rate"})
"""The only figures that may be « — » ; every other one that is missing is 0."""

MEMBER_MEASURES = ("registered", "present", "participants", "participations")
"""The figures given for each member of a breakdown."""

_SEVERAL = "Une personne peut compter dans plusieurs lignes : elles ne s’additionnent pas."

_DIMENSIONS = (
    Dimension("residence", "Département des personnes"),
    Dimension("category", "Catégorie"),
    Dimension("structure", "Structure"),
    Dimension("typologie", "Type de structure"),
    Dimension("role", "Rôle"),
    Dimension("mode", "Mode"),
    Dimension("activity", "Temps du programme", _SEVERAL),
    Dimension("activity_format", "Format", _SEVERAL),
    Dimension("day", "Jour", _SEVERAL),
    Dimension(
        "departement",
        "Département de l’évènement",
        "Un évènement de plusieurs départements compte dans chacun : ils ne s’additionnent pas.",
    ),
    Dimension("bassin", "Bassin de vie", _SEVERAL),
    Dimension("kind", "Type", _SEVERAL),
    Dimension("family", "Famille", _SEVERAL),
    Dimension("hub_role", "Rôle du hub", _SEVERAL),
    Dimension("year", "Année", _SEVERAL),
    Dimension("month", "Mois", _SEVERAL),
)
DIMENSIONS: dict[str, Dimension] = {dimension.code: dimension for dimension in _DIMENSIONS}

EVENT_DIMENSIONS = ("residence", "category", "structure", "role", "mode", "activity", "day")
"""What the figures of one event are broken down by."""

OVER_DIMENSIONS = (
    "departement",
    "residence",
    "bassin",
    "category",
    "structure",
    "typologie",
    "role",
    "mode",
    "kind",
    "family",
    "hub_role",
    "year",
    "month",
)
"""What the figures over a set of events are broken down by."""

PERSON_NOTE = "Une personne peut changer d’un évènement à l’autre : elle compte dans chaque ligne."
"""Why a breakdown of persons over several events may hold more than its total."""


@dataclass(frozen=True, slots=True)
class Qualified:
    """A number and how exact it is."""

    value: int
    qualifier: Qualifier = Qualifier.EXACT

    def __add__(self, other: "Qualified") -> "Qualified":
        """Exact and qualified keep the qualifier; two different qualifiers make `about`."""
        qualifiers = {self.qualifier, other.qualifier} - {Qualifier.EXACT}
        if len(qualifiers) > 1:
            qualifier = Qualifier.ABOUT
        else:
            qualifier = next(iter(qualifiers), Qualifier.EXACT)
        return Qualified(self.value + other.value, qualifier)


@dataclass(frozen=True, slots=True)
class Declared:
    """A headcount as a figure: about an event (`event_id`), or about a period.

    `dimension` empty: a total. `member` may name several, joined by `|`. `entered_at_rank` orders
    headcounts by the moment at which they were typed in.
    """

    measure: str
    count: Qualified
    dimension: str = ""
    member: str = ""
    covers: Covers = Covers.WHOLE
    event_id: int | None = None
    entered_rank: int = 0


def in_force(declared: Iterable[Declared]) -> Declared | None:
    """The headcount that covers the whole, the last one typed in where several disagree."""
    whole = [one for one in declared if one.covers is Covers.WHOLE]
    return max(whole, key=lambda one: one.entered_rank, default=None)


def together(computed: int, declared: Iterable[Declared]) -> Qualified:
    """« Ensemble », of one figure of one event: what is declared of the whole, else the sum.

    What is declared beyond the list is added to what is computed from it.
    """
    declared = tuple(declared)
    whole = in_force(declared)
    if whole is not None:
        return whole.count
    beyond = (one.count for one in declared if one.covers is Covers.BEYOND_LIST)
    return reduce(Qualified.__add__, beyond, Qualified(computed))
