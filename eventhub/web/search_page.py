"""Turns what a search found into the ready-made strings of macros/search.html."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import current_app, url_for

from eventhub.domain.agenda import PUBLIC_STATES
from eventhub.domain.event import EVENT_STATE_LABELS, EventState
from eventhub.domain.kinds import UNLISTED_FAMILIES, KindColour, kind_colour
from eventhub.domain.rights import Actor, may_see_names
from eventhub.domain.search import Piece, SearchGroup, all_found_in, excerpt, pieces, words_of
from eventhub.exports import wording
from eventhub.models.event import Activity, Event
from eventhub.models.structure import Structure
from eventhub.queries.search import Found, FoundMinutes, FoundPerson, SearchResults
from eventhub.web.agenda_rows import territory
from eventhub.web.auth import departement_codes

_HEADINGS = {
    SearchGroup.EVENTS: ("Évènements", "évènement", "évènements"),
    SearchGroup.ACTIVITIES: ("Dans les programmes", "temps du programme", "temps du programme"),
    SearchGroup.MINUTES: ("Comptes-rendus", "compte-rendu", "comptes-rendus"),
    SearchGroup.STRUCTURES: ("Structures", "structure", "structures"),
    SearchGroup.PEOPLE: ("Personnes", "personne", "personnes"),
}
_SHOWS_STATE = frozenset({EventState.DRAFT, EventState.POSTPONED, EventState.CANCELLED})


@dataclass(frozen=True, slots=True)
class SearchRow:
    """One find. Without an address its title is no link; `links` lead further (label, address)."""

    url: str
    title: Sequence[Piece]
    kind: str
    colour: KindColour | None
    line: str
    excerpt: Sequence[Piece] = ()
    links: Sequence[tuple[str, str]] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class SearchSection:
    """A group under its heading, with its number in words and where the rest is."""

    key: str
    title: str
    count: str
    rows: Sequence[SearchRow]
    has_more: bool
    is_cut: bool
    more_label: str
    more_url: str
    page: int
    pages: int
    previous_url: str
    next_url: str


@dataclass(frozen=True, slots=True)
class SearchPage:
    """A page of results. `is_too_short`: something was typed, but nothing that can be found."""

    typed: str
    is_too_short: bool
    only: SearchGroup | None
    summary: str
    sections: Sequence[SearchSection]
    everything_url: str


def read_group(value: str) -> SearchGroup | None:
    """The group that an address asks for; None for all of them."""
    return SearchGroup(value) if value in {group.value for group in SearchGroup} else None


def search_page(
    results: SearchResults,
    typed: str,
    *,
    endpoint: str,
    actor: Actor | None,
    today: date,
    departement_total: int,
    only: SearchGroup | None = None,
) -> SearchPage:
    """Word the results for the page of `endpoint`; `actor` as in `queries.search.search`."""
    wording_of = _Words(list(results.words), actor, today, departement_total)
    groups: dict[SearchGroup, tuple[Found[Any] | None, Any]] = {
        SearchGroup.EVENTS: (results.events, wording_of.event),
        SearchGroup.ACTIVITIES: (results.activities, wording_of.activity),
        SearchGroup.MINUTES: (results.minutes, wording_of.minutes),
        SearchGroup.STRUCTURES: (results.structures, wording_of.structure),
        SearchGroup.PEOPLE: (results.people, wording_of.person),
    }
    sections = [
        _section(group, found, [say(row) for row in found.rows], endpoint, typed)
        for group, (found, say) in groups.items()
        if found is not None and found.total
    ]
    return SearchPage(
        typed=typed,
        is_too_short=bool(typed) and not words_of(typed),
        only=only,
        summary=", ".join(section.count for section in sections),
        sections=sections,
        everything_url=url_for(endpoint, q=typed or None),
    )


def _section(
    group: SearchGroup, found: Found[Any], rows: list[SearchRow], endpoint: str, typed: str
) -> SearchSection:
    title, singular, plural = _HEADINGS[group]
    count = wording.count(found.total, singular, plural)

    def address(page: int) -> str:
        return url_for(endpoint, q=typed, dans=group.value, page=page if page > 1 else None)

    return SearchSection(
        key=group.value,
        title=title,
        count=f"plus de {count}" if found.has_more else count,
        rows=rows,
        has_more=found.total > len(rows),
        is_cut=found.has_more,
        more_label="Voir la suite" if found.has_more else f"Voir les {count}",
        more_url=address(1),
        page=found.page,
        pages=found.pages,
        previous_url=address(found.page - 1) if found.page > 1 else "",
        next_url=address(found.page + 1) if found.page < found.pages else "",
    )


@dataclass(frozen=True, slots=True)
class _Words:
    """How each sort of find is said, to whom."""

    words: list[str]
    actor: Actor | None
    today: date
    departement_total: int

    def event(self, event: Event) -> SearchRow:
        return SearchRow(
            url=self._event_url(event),
            title=self._marked(event.title),
            kind=event.kind.label,
            colour=kind_colour(event.kind_code, event.kind.family),
            line=self._where_and_when(event),
            excerpt=self._excerpt(event.title, event.summary),
        )

    def activity(self, activity: Activity) -> SearchRow:
        event = activity.event
        named = [speaker.name for speaker in activity.speakers if speaker.may_be_named]
        told = f"Avec {', '.join(named)}." if named else ""
        return SearchRow(
            url=f"{self._event_url(event)}#programme",
            title=self._marked(activity.title),
            kind=event.title,
            colour=kind_colour(event.kind_code, event.kind.family),
            line=self._where_and_when(event),
            excerpt=self._excerpt(activity.title, " ".join((activity.summary, told)).strip()),
        )

    def minutes(self, found: FoundMinutes) -> SearchRow:
        event = found.event
        return SearchRow(
            url=url_for("minutes.show", slug=event.slug),
            title=self._marked(found.title),
            kind=event.kind.label,
            colour=kind_colour(event.kind_code, event.kind.family),
            line=self._where_and_when(event),
            excerpt=self._excerpt(found.title, _plain(found.body)),
        )

    def structure(self, structure: Structure) -> SearchRow:
        has_page = "manage.structure" in current_app.view_functions
        return SearchRow(
            url=url_for("manage.structure", structure_id=structure.id) if has_page else "",
            title=self._marked(structure.name),
            kind="",
            colour=None,
            line=structure.typologie,
        )

    def person(self, found: FoundPerson) -> SearchRow:
        person = found.person
        rest = found.registered - len(found.registrations)
        line = person.email or "sans adresse"
        if rest:
            line = f"{line} · et {wording.count(rest, 'inscription')} de plus"
        return SearchRow(
            url="",
            title=self._marked(f"{person.given_name} {person.family_name}"),
            kind="",
            colour=None,
            line=line,
            links=[
                (
                    f"{wording.typeset(one.event.title)}, {wording.event_days(one.event)}",
                    url_for("manage.registration", slug=one.event.slug, registration_id=one.id),
                )
                for one in found.registrations
            ],
        )

    def _marked(self, text: str) -> Sequence[Piece]:
        return pieces(wording.typeset(text), self.words)

    def _excerpt(self, title: str, text: str) -> Sequence[Piece]:
        """Where the words are in the text, unless the title says them all."""
        return () if not text or all_found_in(title, self.words) else excerpt(text, self.words)

    def _where_and_when(self, event: Event) -> str:
        parts = [wording.capitalise(wording.event_days(event)), event.place]
        where = territory(event, self.departement_total)
        if where and where != event.place:
            parts.append(where)
        if event.state in _SHOWS_STATE:
            parts.append(EVENT_STATE_LABELS[event.state].lower())
        return wording.typeset(" · ".join(part for part in parts if part))

    def _event_url(self, event: Event) -> str:
        """The organisers' page where the actor may open it, else the public one."""
        if self.actor is not None:
            if may_see_names(self.actor, event.id, departement_codes(event)):
                return url_for("manage.event", slug=event.slug)
            if event.state not in PUBLIC_STATES or event.kind.family in UNLISTED_FAMILIES:
                return url_for("manage.figures", slug=event.slug)
        return url_for("agenda.event", slug=event.slug)


def _plain(markdown: str) -> str:
    """The words of a text, without its title and the signs of its form."""
    _, _, rest = markdown.partition("\n")
    body = rest if markdown.startswith("# ") else markdown
    return " ".join(body.replace("#", " ").replace("*", " ").replace("|", " ").split())
