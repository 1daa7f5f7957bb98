"""The agenda's filters as plain links, its headings, and what was chosen, in words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from flask import url_for
from werkzeug.datastructures import MultiDict

from eventhub.domain.agenda import (
    WORDS_MAX,
    AgendaFilter,
    AgendaView,
    GroupKey,
    GroupKind,
    Period,
    period,
)
from eventhub.domain.kinds import KindColour, kind_colour
from eventhub.exports import wording
from eventhub.queries.agenda import Agenda, Dimension, Facet

RESULTS_ID = "resultats"
"""Where the links lead to on the page: past the title, at what they list."""

_PARAMETERS: dict[str, str] = {
    "departement": "departement",
    "bassin": "bassin",
    "kind": "type",
    "month": "mois",
    "mode": "mode",
    "words": "q",
}
MODE_LABELS = {"onsite": "Sur place", "remote": "À distance"}
_PAST = "passes"


@dataclass(frozen=True, slots=True)
class FilterLink:
    """One value of a filter."""

    label: str
    url: str
    count: int
    is_current: bool
    colour: KindColour | None = None
    is_nested: bool = False


@dataclass(frozen=True, slots=True)
class FilterGroup:
    """The values of a filter under their heading."""

    title: str
    links: Sequence[FilterLink]


@dataclass(frozen=True, slots=True)
class ChosenFilter:
    """A filter in force, with the address of the same page without it.

    `is_known` is false for a value that the agenda does not have.
    """

    label: str
    without_url: str
    is_known: bool


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a group: « Décembre » and, lighter, « 2026 »."""

    id: str
    strong: str
    light: str
    link_text: str


def read_filter(arguments: "MultiDict[str, str]") -> AgendaFilter:
    """What the address asks for."""
    return AgendaFilter(
        **{field: _clean(arguments.get(name, "")) for field, name in _PARAMETERS.items()}
    )


def wants_past(arguments: "MultiDict[str, str]") -> bool:
    """Whether the address asks for the past events alone."""
    return arguments.get("vue") == _PAST


def filter_arguments(chosen: AgendaFilter) -> dict[str, str]:
    """What an address holds to ask for a filter, on the page and in the feeds alike."""
    return {
        name: getattr(chosen, field)
        for field, name in _PARAMETERS.items()
        if getattr(chosen, field)
    }


def agenda_url(chosen: AgendaFilter, *, past: bool = False, page: int = 1) -> str:
    """The address of a page of the agenda, at its results where something is asked."""
    asked = filter_arguments(chosen)
    if past:
        asked["vue"] = _PAST
    if page > 1:
        asked["page"] = str(page)
    query = f"?{urlencode(asked)}" if asked else ""
    return f"{url_for('agenda.index')}{query}#{RESULTS_ID}"


def search_fields(chosen: AgendaFilter, *, past: bool) -> list[tuple[str, str]]:
    """The hidden fields of the search form: the other filters are kept."""
    kept = [
        (name, str(getattr(chosen, field)))
        for field, name in _PARAMETERS.items()
        if field != "words" and getattr(chosen, field)
    ]
    return [*kept, ("vue", _PAST)] if past and not chosen.month else kept


def filter_groups(agenda: Agenda, chosen: AgendaFilter, today: date) -> list[FilterGroup]:
    """Every filter with its values, each as an address that keeps the other filters."""
    past = agenda.view is AgendaView.PAST
    return [
        FilterGroup("Quand", _when(agenda, chosen, today)),
        FilterGroup("Où", _where(agenda, chosen, past=past)),
        FilterGroup("Quoi", _what(agenda, chosen, past=past)),
        FilterGroup("Comment", _how(agenda, chosen, past=past)),
    ]


def chosen_filters(agenda: Agenda, chosen: AgendaFilter) -> list[ChosenFilter]:
    """The filters in force, in the order of the page."""
    past = agenda.view is AgendaView.PAST
    departements = {departement.code: departement.name for departement in agenda.departements}
    bassins = {bassin.slug: bassin.name for bassin in agenda.bassins}
    kinds = {kind.code: kind.label for kind in agenda.kinds}
    asked = period(chosen.month)
    labels: list[tuple[str, str, str | None]] = [
        ("words", "mots", f"«{wording.NBSP}{chosen.words}{wording.NBSP}»"),
        ("month", "mois", period_label(asked) if asked else None),
        ("departement", "département", departements.get(chosen.departement)),
        ("bassin", "bassin de vie", bassins.get(chosen.bassin)),
        ("kind", "type", kinds.get(chosen.kind)),
        ("mode", "mode", MODE_LABELS.get(chosen.mode)),
    ]
    return [
        ChosenFilter(
            label or f"{name} «{wording.NBSP}{value}{wording.NBSP}»",
            agenda_url(replace(chosen, **{field: ""}), past=past),
            label is not None,
        )
        for field, name, label in labels
        if (value := getattr(chosen, field))
    ]


def heading(key: GroupKey) -> Heading:
    """The words and the anchor of a group's heading."""
    match key.kind:
        case GroupKind.UNDATED:
            return Heading("date-a-venir", "Date à venir", "", "date à venir")
        case GroupKind.YEAR:
            year = str(key.ends_on.year)
            return Heading(f"annee-{year}", "Courant", year, f"courant {year}")
        case GroupKind.SEASON:
            name, _, year = wording.season(key.starts_on).rpartition(" ")
            return _heading(f"saison-{key.starts_on:%Y-%m}", name, year)
        case GroupKind.RANGE:
            first = wording.month(key.starts_on, year=key.starts_on.year != key.ends_on.year)
            last, _, year = wording.month(key.ends_on).rpartition(" ")
            anchor = f"entre-{key.starts_on:%Y-%m}-{key.ends_on:%Y-%m}"
            return _heading(anchor, f"entre {first} et {last}", year)
        case _:
            name, _, year = wording.month(key.starts_on).rpartition(" ")
            return _heading(f"mois-{key.starts_on:%Y-%m}", name, year)


def headings(keys: Sequence[GroupKey]) -> list[Heading]:
    """The headings of a page; a month told twice in the list of links says its year."""
    found = [heading(key) for key in keys]
    texts = [one.link_text for one in found]
    return [
        replace(one, link_text=f"{one.link_text} {one.light}")
        if texts.count(one.link_text) > 1
        else one
        for one in found
    ]


def period_label(asked: Period) -> str:
    """« Décembre 2024 », « 2024 »."""
    if asked.month is None:
        return str(asked.year)
    return wording.capitalise(wording.month(asked.starts_on))


def _clean(typed: str) -> str:
    """On one line, without control characters, cut."""
    printable = "".join(c if c.isprintable() else " " for c in typed)
    return " ".join(printable.split())[:WORDS_MAX]


def _heading(anchor: str, name: str, year: str) -> Heading:
    return Heading(anchor, wording.capitalise(name), year, name)


def _when(agenda: Agenda, chosen: AgendaFilter, today: date) -> list[FilterLink]:
    anytime = replace(chosen, month="")
    asked = period(chosen.month)
    this_month = today.replace(day=1)
    counts = agenda.facets["month"].counts
    offered = {one for value in (*counts, chosen.month) if (one := period(value))}
    on_past_side = agenda.view is AgendaView.PAST or (
        asked is not None and asked.starts_on < this_month
    )
    shown: list[Period] = []
    if on_past_side:
        # Years first, then the months of the year that is open: a long past stays short.
        gone = [one for one in offered if str(one) in agenda.past_periods or one == asked]
        for year in sorted({one.year for one in gone}, reverse=True):
            shown.append(Period(year))
            if asked is not None and asked.year == year:
                shown += sorted(
                    (one for one in gone if one.year == year and one.month),
                    key=lambda one: one.starts_on,
                )
    else:
        shown = sorted(
            (one for one in offered if one == asked or (one.month and one.starts_on >= this_month)),
            key=lambda one: one.starts_on,
        )
    periods = [
        FilterLink(
            period_label(one),
            agenda_url(replace(chosen, month=str(one))),
            counts.get(str(one), 0),
            one == asked,
            is_nested=True,
        )
        for one in shown
    ]
    upcoming = FilterLink(
        "À venir",
        agenda_url(anytime),
        agenda.upcoming_total,
        agenda.view is AgendaView.UPCOMING,
    )
    past = FilterLink(
        "Déjà passés",
        agenda_url(anytime, past=True),
        agenda.past_total,
        agenda.view is AgendaView.PAST,
    )
    return [upcoming, past, *periods] if on_past_side else [upcoming, *periods, past]


def _where(agenda: Agenda, chosen: AgendaFilter, *, past: bool) -> list[FilterLink]:
    everywhere = replace(chosen, departement="", bassin="")
    facet = agenda.facets["departement"]
    links = [
        FilterLink(
            "Toute la région",
            agenda_url(everywhere, past=past),
            facet.total,
            not chosen.departement and not chosen.bassin,
        )
    ]
    bassins = agenda.facets["bassin"]
    for departement in agenda.departements:
        is_open = departement.code == chosen.departement
        links.append(
            FilterLink(
                departement.name,
                agenda_url(replace(everywhere, departement=departement.code), past=past),
                facet.counts.get(departement.code, 0),
                is_open and not chosen.bassin,
            )
        )
        links += [
            FilterLink(
                bassin.name,
                agenda_url(replace(chosen, bassin=bassin.slug), past=past),
                bassins.counts.get(bassin.slug, 0),
                bassin.slug == chosen.bassin,
                is_nested=True,
            )
            for bassin in agenda.bassins
            if bassin.departement_code == departement.code
            and (
                bassin.slug == chosen.bassin or (is_open and bassins.counts.get(bassin.slug, 0) > 0)
            )
        ]
    return links


def _what(agenda: Agenda, chosen: AgendaFilter, *, past: bool) -> list[FilterLink]:
    facet = agenda.facets["kind"]
    return [
        _all("Tous les types", "kind", facet, chosen, past=past),
        *(
            FilterLink(
                kind.label,
                agenda_url(replace(chosen, kind=kind.code), past=past),
                facet.counts.get(kind.code, 0),
                kind.code == chosen.kind,
                kind_colour(kind.code, kind.family),
            )
            for kind in agenda.kinds
            if facet.counts.get(kind.code, 0) or kind.code == chosen.kind
        ),
    ]


def _how(agenda: Agenda, chosen: AgendaFilter, *, past: bool) -> list[FilterLink]:
    facet = agenda.facets["mode"]
    return [
        _all("Peu importe", "mode", facet, chosen, past=past),
        *(
            FilterLink(
                label,
                agenda_url(replace(chosen, mode=mode), past=past),
                facet.counts.get(mode, 0),
                mode == chosen.mode,
            )
            for mode, label in MODE_LABELS.items()
        ),
    ]


def _all(
    label: str, dimension: Dimension, facet: Facet, chosen: AgendaFilter, *, past: bool
) -> FilterLink:
    value = getattr(chosen, dimension)
    url = agenda_url(replace(chosen, **{dimension: ""}), past=past)
    return FilterLink(label, url, facet.total, not value)
