"""The public agenda and event pages."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from flask import Blueprint, Response, current_app, make_response, render_template, request
from markupsafe import Markup

from config import Settings
from eventhub.domain.agenda import PUBLIC_STATES, AgendaFilter, GroupKind, Period
from eventhub.domain.errors import NotFound
from eventhub.domain.event import EventState
from eventhub.domain.kinds import KindColour, kind_colour
from eventhub.domain.rights import may_edit_event
from eventhub.exports.calendar import published_calendar
from eventhub.exports.json_ld import Thing, agenda_thing, event_thing, in_page
from eventhub.extensions import db
from eventhub.models.event import Event
from eventhub.queries import agenda as agenda_queries
from eventhub.queries import agenda_feed
from eventhub.queries.reference import departement_total
from eventhub.web import agenda_filters, feeds
from eventhub.web.agenda_rows import EventRow, event_row
from eventhub.web.auth import current_actor, departement_codes, is_signed_in
from eventhub.web.clock import now
from eventhub.web.event_page import event_page
from eventhub.web.month_page import month_page, month_url, read_month

bp = Blueprint("agenda", __name__)

MONTH_MAX = 500
"""Events on a printed month."""


@bp.get("/")
def index() -> str:
    """List the events to come, with filters; the past ones under them or alone."""
    moment = now()
    today = feeds.agenda_day(moment)
    chosen = agenda_filters.read_filter(request.args)
    past = agenda_filters.wants_past(request.args)
    page = request.args.get("page", 1, type=int)
    agenda = agenda_queries.agenda(db.session(), chosen, today, past=past, page=page)

    def rows(events: Sequence[Event], *, with_year: bool) -> list[EventRow]:
        return [
            event_row(
                event,
                moment,
                departement_total=len(agenda.departements),
                has_minutes=event.id in agenda.accounted,
                with_year=with_year,
            )
            for event in events
        ]

    def page_url(number: int) -> str:
        return agenda_filters.agenda_url(chosen, past=past, page=number)

    headings = agenda_filters.headings([group.key for group in agenda.groups])
    chosen_filters = agenda_filters.chosen_filters(agenda, chosen)
    return render_template(
        "agenda/index.html",
        agenda=agenda,
        chosen=chosen,
        chosen_filters=chosen_filters,
        groups=[
            (heading, rows(group.events, with_year=False))
            for heading, group in zip(headings, agenda.groups, strict=True)
        ],
        past_rows=rows(agenda.past, with_year=True),
        filter_groups=agenda_filters.filter_groups(agenda, chosen, today),
        search_fields=agenda_filters.search_fields(chosen, past=past),
        results_id=agenda_filters.RESULTS_ID,
        clear_url=agenda_filters.agenda_url(AgendaFilter(), past=past),
        upcoming_url=agenda_filters.agenda_url(chosen),
        upcoming_all_url=agenda_filters.agenda_url(replace(chosen, month="")),
        past_url=agenda_filters.agenda_url(chosen, past=True),
        previous_url=page_url(agenda.page - 1) if agenda.page > 1 else "",
        next_url=page_url(agenda.page + 1) if agenda.page < agenda.pages else "",
        feeds=feeds.feed_links(chosen),
        image=_picture("nec"),
        print_url=month_url(chosen, _month_to_print(chosen, agenda.groups, today)),
        json_ld=_as_data(
            agenda_thing(
                [
                    (event.title, feeds.event_link(event))
                    for group in agenda.groups
                    for event in group.events
                ],
                name="L’agenda",
                url=feeds.page_link(chosen),
            )
        ),
    )


def _month_to_print(
    chosen: AgendaFilter, groups: Sequence[agenda_queries.AgendaGroup], today: date
) -> Period:
    """The month that is asked for, else the first of the list: never an empty one before it."""
    if asked := read_month(chosen.month):
        return asked
    months = (group.key.starts_on for group in groups if group.key.kind is GroupKind.MONTH)
    first = next(months, today)
    return Period(first.year, first.month)


@bp.get("/agenda/mois/<month>")
def month(month: str) -> str:
    """Show a month to print. Raises NotFound for what is no month."""
    asked, chosen, moment = read_month(month), agenda_filters.read_filter(request.args), now()
    if asked is None:
        raise NotFound
    session = db.session()
    names = agenda_feed.filter_names(session, chosen)
    events = agenda_feed.month_events(session, chosen, asked, feeds.agenda_day(moment), MONTH_MAX)
    return render_template(
        "agenda/month.html",
        page=month_page(
            events,
            chosen,
            asked,
            moment,
            departement_total=departement_total(session),
        ),
        words=feeds.filter_words(feeds.without_month(chosen), names),
        all_url=month_url(AgendaFilter(), asked),
        agenda_url=agenda_filters.agenda_url(replace(chosen, month=str(asked))),
    )


@bp.get("/evenements/<slug>")
def event(slug: str) -> str:
    """Show a public event; to those who may edit it, its draft too."""
    found = _shown_event(slug)
    settings: Settings = current_app.config["SETTINGS"]
    image = _picture(kind_colour(found.kind_code, found.kind.family))
    return render_template(
        "agenda/event.html",
        page=event_page(
            found,
            now(),
            departement_total=departement_total(db.session()),
            hub_contact_email=settings.hub_contact_email,
        ),
        has_minutes=bool(agenda_queries.accounted_events(db.session(), [found.id])),
        url=feeds.event_link(found),
        image=image,
        json_ld=_as_data(
            event_thing(
                found,
                feeds.event_link(found),
                hub=settings.hub_name,
                hub_url=feeds.page_link(AgendaFilter()),
                image=image,
            )
        ),
    )


@bp.get("/evenements/<slug>.ics")
def event_calendar(slug: str) -> Response:
    """Give a public event as a file for calendars."""
    found = _shown_event(slug)
    settings: Settings = current_app.config["SETTINGS"]
    body = published_calendar(
        found,
        feeds.event_link(found),
        now(),
        host=feeds.host(),
        contact_email=settings.hub_contact_email,
    )
    response = make_response(body)
    response.mimetype = "text/calendar"
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}.ics"'
    return response


def _picture(colour: KindColour) -> str:
    """The whole address of the picture that goes with a shared link; no page loads it."""
    settings: Settings = current_app.config["SETTINGS"]
    return f"{settings.base_url}{current_app.config['ASSET'](f'social/{colour}.png')}"


def _as_data(thing: Thing) -> Markup:
    """A thing to stand in a script element, which runs nothing."""
    return Markup(in_page(thing))  # noqa: S704 - nothing in it can end the element


def _shown_event(slug: str) -> Event:
    """The event, for whoever asks. Raises NotFound where it is not for them."""
    found = agenda_queries.public_event(db.session(), slug)
    if found is None or not (found.state in PUBLIC_STATES or _may_preview(found)):
        raise NotFound
    return found


def _may_preview(event: Event) -> bool:
    if event.state is not EventState.DRAFT or not is_signed_in():
        return False
    return may_edit_event(current_actor(), event.id, departement_codes(event))
