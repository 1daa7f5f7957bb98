"""What the public page of an event says, in words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from eventhub.domain.event import DatePrecision, EventMode, EventState, PartnershipRole
from eventhub.domain.kinds import KindColour, kind_colour
from eventhub.domain.registration import why_registration_is_closed
from eventhub.exports import wording
from eventhub.models.event import Event
from eventhub.models.structure import StructureLogo
from eventhub.web.agenda_rows import day_block, territory
from eventhub.web.places import PlacesWords, has_ended, places_words
from eventhub.web.programme import Programme, programme

_BLANK_LINE = re.compile(r"\n\s*\n")
_ORGANISERS = (PartnershipRole.ORGANISER, PartnershipRole.CO_ORGANISER)
LOGOS_AT_MOST = 4
"""The others go by their names: a first visit asks for ten files at most."""
LOGO_WIDTH, LOGO_HEIGHT = 200, 100
_ORGANISER_TITLES = {
    PartnershipRole.ORGANISER: "Organise",
    PartnershipRole.CO_ORGANISER: "Co-organise",
}
_PARTNER_TITLES = {
    PartnershipRole.PARTNER: "Partenaires",
    PartnershipRole.HOST: "Nous accueillent",
    PartnershipRole.ENGAGED: "Structures engagées",
    PartnershipRole.SIGNATORY: "Signataires",
    PartnershipRole.GUEST: "Invité·e·s",
}


@dataclass(frozen=True, slots=True)
class PosterDate:
    """The date of the poster: a number as large as it can be, or a word."""

    number: str
    word: str
    weekday: str
    rest: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the facts: what in bold, then more, then links (text, address)."""

    term: str
    strong: str
    more: Sequence[str] = ()
    links: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class PartnerLogo:
    """A structure shown by its logo, at the size at which it is laid out."""

    name: str
    sha256: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class PartnerList:
    """Structures with one role: those shown by their logo, and those by their name alone."""

    title: str
    names: Sequence[str]
    logos: Sequence[PartnerLogo] = ()


@dataclass(frozen=True, slots=True)
class EventPage:
    """The event's page, ready to be laid out.

    `state` is `open`, `draft`, or one of the reasons for which nobody can register.
    `until` says when registration ends; `description` is for search engines.
    """

    event: Event
    title: str
    colour: KindColour
    lead: str
    date: PosterDate
    state: str
    places: PlacesWords
    until: str
    facts: Sequence[Fact]
    paragraphs: Sequence[str]
    programme: Programme
    partners: Sequence[PartnerList]
    contact_email: str
    has_calendar: bool
    description: str


def event_page(
    event: Event, now: datetime, *, departement_total: int, hub_contact_email: str
) -> EventPage:
    """Say an event on its page. `departement_total`: see `agenda_rows.event_row`."""
    reason = why_registration_is_closed(event, now)
    contact_email = event.contact_email or hub_contact_email
    return EventPage(
        event=event,
        title=wording.typeset(event.title),
        colour=kind_colour(event.kind_code, event.kind.family),
        lead=_lead(event),
        date=poster_date(event, now),
        state={None: "open", "not_published": "draft"}.get(reason, reason or ""),
        places=places_words(event, now),
        until=_until(event, now),
        facts=_facts(event, now, territory(event, departement_total), contact_email),
        paragraphs=[
            wording.typeset(part.strip())
            for part in _BLANK_LINE.split(event.summary)
            if part.strip()
        ],
        programme=programme(event, over=has_ended(event, now)),
        partners=_partners(event),
        contact_email=contact_email,
        has_calendar=event.state is EventState.PUBLISHED
        and event.date_precision is DatePrecision.DAY
        and not has_ended(event, now),
        description=_description(event),
    )


def _lead(event: Event) -> str:
    """« De 9 h 15 à 17 h, Halle du Port-Vieux, et à distance »."""
    where = "À distance" if event.mode is EventMode.REMOTE else event.place
    if event.mode is EventMode.HYBRID:
        where = f"{where}, et à distance" if where else "sur place et à distance"
    hours = wording.event_hours(event)
    return wording.typeset(wording.capitalise(", ".join(part for part in (hours, where) if part)))


def poster_date(event: Event, now: datetime) -> PosterDate:
    """The date of an event as large as it can be set; its kind and alternatives are read."""
    if event.state is EventState.POSTPONED:
        return PosterDate("", "à venir", "date", "")
    block = day_block(event, now, with_year=False)
    month_and_year = wording.month(event.ends_on)
    match event.date_precision:
        case DatePrecision.DAY if block.day_number:
            return PosterDate(block.day_number, "", block.day_weekday, month_and_year)
        case DatePrecision.DAY:
            ends = block.day_word.split(" – ")
            word = " – ".join(end.replace(" ", wording.NBSP) for end in ends)
            return PosterDate("", word, block.day_weekday, str(event.ends_on.year))
        case DatePrecision.ALTERNATIVES:
            return PosterDate("", block.day_word, "", month_and_year)
        case DatePrecision.YEAR:
            return PosterDate("", block.day_number, block.day_weekday, "")
        case DatePrecision.RANGE:
            return PosterDate("", block.day_word, block.day_weekday, "")
        case _:
            return PosterDate("", block.day_word, "", str(event.starts_on.year))


def _facts(event: Event, now: datetime, where: str, contact_email: str) -> list[Fact]:
    facts = [_when(event, now)]
    if event.mode is not EventMode.REMOTE:
        facts += _where(event, now, where)
    how = {
        EventMode.ONSITE: Fact("Comment", "Sur place"),
        EventMode.REMOTE: Fact("Comment", "À distance", [where] if where else []),
        EventMode.HYBRID: Fact("Comment", "Sur place ou à distance"),
    }.get(event.mode)
    if how is not None:
        facts.append(how)
    if event.audience:
        facts.append(Fact("Pour qui", wording.typeset(event.audience)))
    organisers = [
        partnership.structure.name
        for role in _ORGANISERS
        for partnership in event.partnerships
        if partnership.role is role
    ]
    if organisers:
        facts.append(Fact("Organisé par", _enumeration(organisers)))
    if event.contact_name or event.contact_email or not has_ended(event, now):
        strong = event.contact_name or "L’équipe du hub"
        facts.append(Fact("Contact", strong, (), [(contact_email, f"mailto:{contact_email}")]))
    return facts


def _when(event: Event, now: datetime) -> Fact:
    strong = wording.capitalise(wording.event_when(event))
    if event.state is EventState.POSTPONED:
        planned = wording.days(event.starts_on, event.ends_on)
        article = "" if planned.startswith("du ") else "le "
        return Fact("Quand", strong, [f"C’était prévu {article}{planned}."])
    previous = wording.previous_when(event)
    moved = [f"Nouvelle date (c’était prévu {previous})."] if previous else []
    if event.date_precision is DatePrecision.DAY:
        return Fact("Quand", strong, moved)
    if has_ended(event, now):
        return Fact("Quand", strong, ["Date précise non connue."])
    return Fact("Quand", strong, [*moved, "La date précise sera dite ici."])


def _where(event: Event, now: datetime, where: str) -> list[Fact]:
    bassin = f"Bassin de vie : {event.bassin.name}" if event.bassin else ""
    more = [line for line in (event.address, where, bassin) if line]
    links = [("comment venir", "#acces")] if event.access or event.accessibility else []
    if event.address:
        query = urlencode({"query": f"{event.place} {event.address}".strip()})
        links.append(("voir sur OpenStreetMap", f"https://www.openstreetmap.org/search?{query}"))
    if event.place:
        return [Fact("Où", wording.typeset(event.place), more, links)]
    if not has_ended(event, now) and event.state is not EventState.CANCELLED:
        return [Fact("Où", "Lieu à préciser", more, links)]
    return [Fact("Où", more[0], more[1:], links)] if more else []


def _until(event: Event, now: datetime) -> str:
    closes_at = event.registration_closes_at
    if closes_at is None:
        return ""
    there = wording.local(closes_at, event.timezone)
    year = there.year != wording.local(now, event.timezone).year
    day = wording.day(there.date(), weekday=False, year=year)
    return f"{day}, {wording.hour(there)}"


def _partners(event: Event) -> list[PartnerList]:
    """By role; an organiser, who stands among the facts, only where it has a logo to show."""
    left = LOGOS_AT_MOST
    lists = []
    for role, title in (_ORGANISER_TITLES | _PARTNER_TITLES).items():
        row = [partnership for partnership in event.partnerships if partnership.role is role]
        shown = [one for one in row if one.shows_logo and one.structure.logo is not None][:left]
        left -= len(shown)
        names = [one.structure.name for one in row if one not in shown]
        logos = [_logo(one.structure.name, one.structure.logo) for one in shown]
        if logos or (names and role in _PARTNER_TITLES):
            lists.append(PartnerList(title, names, tuple(logos)))
    return lists


def _logo(name: str, logo: StructureLogo | None) -> PartnerLogo:
    """Laid out at half its pixels, for fine screens; a small one as it is."""
    if logo is None:
        raise ValueError("a structure without a logo")
    half = 2 if logo.width > LOGO_WIDTH or logo.height > LOGO_HEIGHT else 1
    return PartnerLogo(name, logo.sha256, max(1, logo.width // half), max(1, logo.height // half))


def _enumeration(names: Sequence[str]) -> str:
    return " et ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def _description(event: Event) -> str:
    """One sentence of 160 characters at most, for search engines."""
    place = f", {event.place}" if event.place else ""
    text = f"{event.kind.label}, {wording.event_when(event)}{place}. {event.summary}".strip()
    text = " ".join(text.replace("\n", " ").split(" "))
    return text if len(text) <= 160 else f"{text[:159].rpartition(' ')[0]}…"
