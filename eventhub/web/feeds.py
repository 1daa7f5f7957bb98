"""The agenda's feeds: their addresses, their names, and the headers with which they are read."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import urlsplit

from flask import Response, current_app, make_response, request
from werkzeug.datastructures import MultiDict
from werkzeug.http import is_resource_modified, quote_etag

from config import Settings
from eventhub.domain.agenda import AgendaFilter, period
from eventhub.domain.errors import InvalidInput
from eventhub.exports import wording
from eventhub.models.event import Event
from eventhub.queries.agenda_feed import FeedPosition, FilterNames
from eventhub.web.agenda_filters import MODE_LABELS, filter_arguments, period_label
from eventhub.web.urls import public_url

AGENDA_TIMEZONE = "Europe/Paris"
"""Where « today » is, for the agenda as a whole; each event has its own zone."""
FRESH_SECONDS = 15 * 60
"""How long a reader or a cache may keep a feed without asking again."""
PAGE_SIZE = 20
"""Events on a page of the JSON, where no size is asked. Source: OpenAgenda."""
PAGE_SIZE_MAX = 300
OFFSET_MAX = 10_000
_DIGITS_MAX = 9


@dataclass(frozen=True, slots=True)
class FeedLinks:
    """Where to follow what a filter holds. `webcal` opens the calendar program of a device."""

    calendar: str
    webcal: str
    atom: str
    json: str


@dataclass(frozen=True, slots=True)
class PageAsked:
    """Which page of the JSON was asked for."""

    size: int
    offset: int
    position: FeedPosition | None


def agenda_day(moment: datetime) -> date:
    """The day where the agenda's readers are."""
    return wording.local(moment, AGENDA_TIMEZONE).date()


def feed_links(chosen: AgendaFilter) -> FeedLinks:
    """The addresses of the feeds of a filter, whole, to be copied elsewhere."""
    asked = filter_arguments(chosen)
    calendar = public_url("feeds.calendar", **asked)
    return FeedLinks(
        calendar=calendar,
        webcal=f"webcal:{calendar.partition(':')[2]}",
        atom=public_url("feeds.atom", **asked),
        json=public_url("feeds.agenda_json", **asked),
    )


def page_link(chosen: AgendaFilter) -> str:
    """The whole address of the agenda with that filter."""
    return public_url("agenda.index", **filter_arguments(chosen))


def event_link(event: Event) -> str:
    """The whole address of an event's page."""
    return public_url("agenda.event", slug=event.slug)


def host() -> str:
    """The host of the installation's address, which stands in the UIDs."""
    settings: Settings = current_app.config["SETTINGS"]
    return urlsplit(settings.base_url).hostname or "localhost"


def feed_name(chosen: AgendaFilter, names: FilterNames) -> str:
    """« Agenda de Hub-Lo : Loiret, à distance »; what the hub does not know is said."""
    settings: Settings = current_app.config["SETTINGS"]
    parts = filter_words(chosen, names)
    name = f"Agenda {wording.of_name(settings.hub_name)}"
    return f"{name}{wording.NBSP}: {', '.join(parts)}" if parts else name


def filter_words(chosen: AgendaFilter, names: FilterNames) -> list[str]:
    """What a filter asks for, in words."""
    asked = period(chosen.month)
    labels: Sequence[tuple[str, str, str | None]] = (
        ("département", chosen.departement, names.departement),
        ("bassin de vie", chosen.bassin, names.bassin),
        ("type", chosen.kind, names.kind),
        ("mois", chosen.month, period_label(asked).lower() if asked else None),
        ("mode", chosen.mode, (MODE_LABELS.get(chosen.mode) or "").lower() or None),
        ("mots", chosen.words, _quoted(chosen.words)),
    )
    return [
        label or f"{title} {_quoted(value)} non reconnu (aucun évènement)"
        for title, value, label in labels
        if value
    ]


def feed_tag(*parts: object) -> str:
    """A tag of a feed, of all that decides what it says."""
    return hashlib.sha256(repr(parts).encode("utf-8", "replace")).hexdigest()[:32]


def unchanged(tag: str, changed_at: datetime | None) -> Response | None:
    """« Not changed », where the reader says that it has this already; else None."""
    if is_resource_modified(
        request.environ, etag=quote_etag(tag, weak=True), last_modified=changed_at
    ):
        return None
    return _with_headers(Response(status=304), tag, changed_at)


def feed_response(
    body: bytes, media_type: str, tag: str = "", changed_at: datetime | None = None
) -> Response:
    """A feed that any site may read; without a tag it is told by its bytes."""
    response = _with_headers(make_response(body), tag, changed_at)
    response.mimetype = media_type
    response.make_conditional(request)
    return response


def _with_headers(response: Response, tag: str, changed_at: datetime | None) -> Response:
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.cache_control.public = True
    response.cache_control.max_age = FRESH_SECONDS
    if changed_at is not None:
        response.last_modified = changed_at
    # Weak: the same feed may be sent compressed.
    if tag:
        response.set_etag(tag, weak=True)
    else:
        response.add_etag(weak=True)
    return response


def read_page(arguments: "MultiDict[str, str]") -> PageAsked:
    """Which page is asked for. Raises InvalidInput for what is none."""
    size = _number(arguments, "size", PAGE_SIZE, 1, PAGE_SIZE_MAX)
    offset = _number(arguments, "from", 0, 0, OFFSET_MAX)
    after = arguments.getlist("after[]") or arguments.getlist("after")
    return PageAsked(size, offset, _position(after) if after else None)


def position_of(event: Event) -> tuple[str, str]:
    """What the next page is asked with, after this event."""
    return event.starts_on.isoformat(), str(event.id)


def without_month(chosen: AgendaFilter) -> AgendaFilter:
    """The same filter, any month."""
    return replace(chosen, month="")


def _number(
    arguments: "MultiDict[str, str]", name: str, default: int, least: int, most: int
) -> int:
    text = arguments.get(name, "")
    if not text:
        return default
    if (
        text.isascii()
        and text.isdigit()
        and len(text) <= _DIGITS_MAX
        and least <= int(text) <= most
    ):
        return int(text)
    raise InvalidInput({name: f"Donnez un nombre entre {least} et {most}."})


def _position(after: Sequence[str]) -> FeedPosition:
    try:
        starts_on, number = after
        if not (number.isascii() and number.isdigit() and len(number) <= _DIGITS_MAX):
            raise ValueError
        return FeedPosition(date.fromisoformat(starts_on), int(number))
    except ValueError as error:
        raise InvalidInput(
            {"after": "Reprenez la valeur «\u00a0after\u00a0» de la page précédente."}
        ) from error


def _quoted(text: str) -> str:
    return f"«{wording.NBSP}{text}{wording.NBSP}»"
