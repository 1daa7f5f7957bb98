"""The agenda for other programs: calendars, JSON, Atom; and what search engines read."""

from xml.etree import ElementTree as ET

from flask import Blueprint, Response, current_app, json, make_response, request

from config import Settings
from eventhub.domain.agenda import AgendaFilter
from eventhub.exports.agenda_json import agenda_document, event_document
from eventhub.exports.atom import atom_feed
from eventhub.exports.calendar import feed_calendar
from eventhub.extensions import db
from eventhub.queries import agenda_feed
from eventhub.web import feeds
from eventhub.web.agenda_filters import read_filter
from eventhub.web.clock import now
from eventhub.web.urls import public_url

bp = Blueprint("feeds", __name__)

CALENDAR_MAX = 1000
ATOM_MAX = 50
SITE_MAP_MAX = 20_000
"""Of events, and of comptes-rendus. Source: sitemaps.org, 50,000 addresses in one file."""

_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_STANDING_PAGES = (
    "agenda.index",
    "minutes.index",
    "pages.accessibility",
    "pages.privacy",
    "pages.legal",
)
_NOT_TO_CRAWL = ("/organisation", "/mon-inscription", "/accueil", "/connexion", "/api")


@bp.get("/agenda.ics")
def calendar() -> Response:
    """Give the events of a filter as a calendar to follow."""
    session, chosen, today = db.session(), read_filter(request.args), feeds.agenda_day(now())
    name, source = _name(chosen), feeds.feed_links(chosen).calendar
    state = agenda_feed.feed_state(session)
    tag = feeds.feed_tag(name, source, today, state)
    if answer := feeds.unchanged(tag, state.changed_at):
        return answer
    body = feed_calendar(
        agenda_feed.calendar_events(session, chosen, today, CALENDAR_MAX),
        name=name,
        url=feeds.page_link(chosen),
        source=source,
        url_of=feeds.event_link,
        host=feeds.host(),
    )
    response = feeds.feed_response(body, "text/calendar", tag, state.changed_at)
    response.headers["Content-Disposition"] = 'inline; filename="agenda.ics"'
    return response


@bp.get("/agenda.json")
def agenda_json() -> Response:
    """Give a page of the events of a filter, in OpenAgenda's words. Raises InvalidInput."""
    session, chosen, asked = db.session(), read_filter(request.args), feeds.read_page(request.args)
    settings: Settings = current_app.config["SETTINGS"]
    moment = now()
    today = feeds.agenda_day(moment)
    found = agenda_feed.listed_events(
        session, chosen, today, asked.size + 1, position=asked.position, offset=asked.offset
    )
    shown = found[: asked.size]
    document = agenda_document(
        [
            event_document(event, feeds.event_link(event), moment, region=settings.hub_region)
            for event in shown
        ],
        agenda_feed.listed_total(session, chosen, today),
        feeds.position_of(shown[-1]) if len(found) > asked.size else None,
    )
    return feeds.feed_response(json.dumps(document).encode(), "application/json")


@bp.get("/agenda.atom")
def atom() -> Response:
    """Give the events of a filter that changed last, as an Atom feed."""
    session, chosen, today = db.session(), read_filter(request.args), feeds.agenda_day(now())
    settings: Settings = current_app.config["SETTINGS"]
    name, source = _name(chosen), feeds.feed_links(chosen).atom
    state = agenda_feed.feed_state(session)
    tag = feeds.feed_tag(name, source, today, state)
    if answer := feeds.unchanged(tag, state.changed_at):
        return answer
    body = atom_feed(
        agenda_feed.latest_changed_events(session, chosen, today, ATOM_MAX),
        title=name,
        author=settings.hub_name,
        url=feeds.page_link(chosen),
        source=source,
        url_of=feeds.event_link,
        host=feeds.host(),
    )
    return feeds.feed_response(body, "application/atom+xml", tag, state.changed_at)


@bp.get("/sitemap.xml")
def sitemap() -> Response:
    """List the pages that search engines may show."""
    found = agenda_feed.site_map(db.session(), SITE_MAP_MAX)
    ET.register_namespace("", _SITEMAP)
    root = ET.Element(f"{{{_SITEMAP}}}urlset")
    pages = [(public_url(endpoint), "") for endpoint in _STANDING_PAGES]
    pages += [
        (public_url(endpoint, slug=slug), changed_at.date().isoformat())
        for endpoint, rows in (("agenda.event", found.events), ("minutes.show", found.minutes))
        for slug, changed_at in rows
    ]
    for address, changed_on in pages:
        page = ET.SubElement(root, f"{{{_SITEMAP}}}url")
        ET.SubElement(page, f"{{{_SITEMAP}}}loc").text = address
        if changed_on:
            ET.SubElement(page, f"{{{_SITEMAP}}}lastmod").text = changed_on
    body = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return feeds.feed_response(body, "application/xml")


@bp.get("/robots.txt")
def robots() -> Response:
    """Say what is not for search engines, and where the list of pages is."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in _NOT_TO_CRAWL),
        "",
        f"Sitemap: {public_url('feeds.sitemap')}",
        "",
    ]
    response = make_response("\n".join(lines))
    response.mimetype = "text/plain"
    response.cache_control.public = True
    response.cache_control.max_age = feeds.FRESH_SECONDS
    return response


def _name(chosen: AgendaFilter) -> str:
    return feeds.feed_name(chosen, agenda_feed.filter_names(db.session(), chosen))
