"""Events of the API."""

from collections.abc import Callable

from flask import Response, jsonify, request
from sqlalchemy.orm import Session

from eventhub.blueprints.api import bp
from eventhub.domain.errors import NotFound
from eventhub.domain.event import EventState
from eventhub.domain.registration import why_registration_is_closed
from eventhub.domain.rights import TokenScope
from eventhub.exports.event_json import event_document
from eventhub.extensions import db
from eventhub.models.event import Event
from eventhub.queries.event_pages import events_after
from eventhub.queries.events import event_by_slug
from eventhub.web.api_arguments import code_argument, departement_argument
from eventhub.web.api_auth import Caller, require_scope, require_territory
from eventhub.web.clock import now
from eventhub.web.cursors import event_position, write_cursor
from eventhub.web.urls import public_url

_PAGE_SIZE = 100


@bp.get("/events")
def events() -> Response:
    """List events, drafts apart, by first day."""
    caller = require_scope(TokenScope.EVENTS_READ)
    moment = now()
    found = events_after(
        db.session(),
        event_position(request.args.get("cursor", "")),
        _PAGE_SIZE + 1,
        ending_from=moment.date() if request.args.get("upcoming") == "1" else None,
        departement=departement_argument(caller),
        kind=code_argument("kind"),
    )
    page = found[:_PAGE_SIZE]
    more = len(found) > _PAGE_SIZE
    last = page[-1] if more else None
    return jsonify(
        items=[_document(event) for event in page],
        next=write_cursor(last.starts_on.isoformat(), str(last.id)) if last else None,
    )


@bp.get("/events/<slug>")
def event(slug: str) -> Response:
    """Give one event."""
    return jsonify(_document(event_of_caller(slug, require_scope(TokenScope.EVENTS_READ))))


def event_of_caller(
    slug: str, caller: Caller, read: Callable[[Session, str], Event | None] = event_by_slug
) -> Event:
    """The event of that slug. Raises NotFound for none or a draft, Forbidden elsewhere."""
    found = read(db.session(), slug)
    if found is None or found.state is EventState.DRAFT:
        raise NotFound
    require_territory(caller, found)
    return found


def _document(event: Event) -> dict[str, object]:
    return event_document(
        event,
        public_url("agenda.event", slug=event.slug),
        registration_open=why_registration_is_closed(event, now()) is None,
    )
