"""What an organiser writes of a series, the rules over it, and who may read and edit one."""

from dataclasses import dataclass
from datetime import date, time

from eventhub.domain.cadence import HALF_MONTHS_MAX, Cadence
from eventhub.domain.errors import InvalidInput
from eventhub.domain.event_details import LONG_TEXT_MAX, PLACE_MAX, TITLE_MAX
from eventhub.domain.rights import Actor, may_edit_event, may_see_draft, may_see_names

DURATION_MAX = 24 * 60
CADENCES_MAX = 12
FIRST_YEAR, LAST_YEAR = 2000, 2100
"""Dates outside are typing errors."""

_NO_EVENT = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesDetails:
    """A series as typed. `usual_start` is an hour in the events' zone."""

    title: str
    kind_code: str
    departement_codes: tuple[str, ...]
    bassin_id: int | None = None
    place: str = ""
    usual_start: time | None = None
    duration_minutes: int | None = None
    cadences: tuple[Cadence, ...] = ()
    note: str = ""
    ended_on: date | None = None

    def check(self) -> None:
        """Raise InvalidInput with every field that cannot be taken as it is."""
        problems: dict[str, str] = {}
        if not self.title:
            problems["title"] = "Donnez un titre."
        elif len(self.title) > TITLE_MAX:
            problems["title"] = f"Raccourcissez\u00a0: {TITLE_MAX} caractères au plus."
        if not self.departement_codes:
            problems["departement_codes"] = "Choisissez au moins un département."
        if len(self.place) > PLACE_MAX:
            problems["place"] = f"Raccourcissez\u00a0: {PLACE_MAX} caractères au plus."
        if len(self.note) > LONG_TEXT_MAX:
            problems["note"] = f"Raccourcissez\u00a0: {LONG_TEXT_MAX} caractères au plus."
        if self.duration_minutes is not None and not 0 < self.duration_minutes <= DURATION_MAX:
            problems["duration_minutes"] = "Écrivez une durée en minutes, un jour au plus."
        if self.duration_minutes is not None and self.usual_start is None:
            problems["usual_start"] = "Donnez aussi l’heure de début."
        if self.ended_on is not None and why_not_a_day(self.ended_on):
            problems["ended_on"] = why_not_a_day(self.ended_on)
        cadences = self._why_not_these_cadences()
        if cadences:
            problems["cadences"] = cadences
        if problems:
            raise InvalidInput(problems)

    def _why_not_these_cadences(self) -> str:
        if len(self.cadences) > CADENCES_MAX:
            return f"Pas plus de {CADENCES_MAX} rythmes."
        if len({cadence.since for cadence in self.cadences}) < len(self.cadences):
            return "Deux rythmes commencent le même jour\u00a0: gardez-en un."
        for cadence in self.cadences:
            if not 0 < cadence.half_months <= HALF_MONTHS_MAX:
                return "Écrivez un nombre de mois plus grand que zéro, par exemple 3 ou 2,5."
            if why_not_a_day(cadence.since):
                return why_not_a_day(cadence.since)
        return ""


def why_not_a_day(on: date) -> str:
    """The sentence for a date of an absurd year; nothing for one that can be."""
    if FIRST_YEAR <= on.year <= LAST_YEAR:
        return ""
    return f"Donnez une date entre {FIRST_YEAR} et {LAST_YEAR}."


def may_edit_series(actor: Actor, departements: frozenset[str]) -> bool:
    """Whether the actor may make or edit a series of these départements: those of its territory."""
    return may_edit_event(actor, None, departements)


def may_see_series(actor: Actor, departements: frozenset[str]) -> bool:
    """Whether the actor may read a series: whoever edits it, and the staff of its territory."""
    return may_see_draft(actor, _NO_EVENT, departements)


def may_see_members(actor: Actor, departements: frozenset[str]) -> bool:
    """Whether the actor may read who is invited each time."""
    return may_see_names(actor, _NO_EVENT, departements)
