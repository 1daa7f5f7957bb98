"""Former addresses of events lead to the address of now, whatever was asked under them."""

import re

from flask import Flask, Response, redirect, request, url_for

from eventhub.domain.event import EventState
from eventhub.domain.rights import may_see_draft
from eventhub.extensions import db
from eventhub.models.event import Event
from eventhub.queries.former_addresses import event_that_had
from eventhub.web.auth import current_actor, departement_codes, is_signed_in

_OF_AN_EVENT = re.compile(r"/(?:evenements|events)/<slug>")
_SLUG = re.compile(r"[a-z0-9-]{1,120}", re.ASCII)


def init_former_addresses(app: Flask) -> None:
    """Answer 308 where an event is not found under an address that one had.

    Asked after the answer, so that an address of today costs nothing. 308 keeps method and body;
    it is not kept by browsers, since an event may take a former address back.
    Source: RFC 9110 §15.4.9.
    """

    @app.after_request
    def lead_on(response: Response) -> Response:
        if response.status_code != 404:
            return response
        location = _address_now()
        if location is None:
            return response
        answer = redirect(location, code=308)
        answer.headers["Cache-Control"] = "no-store"
        return answer  # type: ignore[return-value]  # Werkzeug's, which Flask takes


def _address_now() -> str | None:
    rule, values = request.url_rule, dict(request.view_args or {})
    slug = values.get("slug")
    if rule is None or not isinstance(slug, str) or not _OF_AN_EVENT.search(rule.rule):
        return None
    event = event_that_had(db.session(), slug) if _SLUG.fullmatch(slug) else None
    if event is None or not _may_know_of(event):
        return None
    values["slug"] = event.slug
    path = url_for(rule.endpoint, **values)
    query = request.query_string.decode("ascii", "ignore")
    return f"{path}?{query}" if query else path


def _may_know_of(event: Event) -> bool:
    if event.state is not EventState.DRAFT:
        return True
    return is_signed_in() and may_see_draft(current_actor(), event.id, departement_codes(event))
