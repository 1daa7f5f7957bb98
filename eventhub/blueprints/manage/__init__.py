"""The organiser area, `/organisation/` and below: one module per tab.

Whoever is signed in may enter; each view then asks for the right it needs
(`event_for_editing`, `event_for_names`, `event_for_figures`, `require_administrator`).
"""

from typing import Any

from flask import Blueprint, current_app, url_for

from eventhub.domain.event import EVENT_STATE_LABELS, EventState
from eventhub.domain.kinds import kind_colour
from eventhub.domain.registration import end_of
from eventhub.domain.rights import may_decide_event, may_edit_event, may_see_names
from eventhub.models.event import Event
from eventhub.web.auth import current_actor, departement_codes, require_sign_in
from eventhub.web.clock import now

bp = Blueprint("manage", __name__, url_prefix="/organisation")
bp.before_request(require_sign_in)

# Key, word, endpoint, and what one must be allowed to do to see the tab.
_TABS = (
    ("overview", "Aperçu", "manage.event", "names"),
    ("programme", "Programme", "manage.programme", "edit"),
    ("registrations", "Inscriptions", "manage.registrations", "names"),
    ("door", "Accueil", "manage.door", "edit"),
    ("figures", "Chiffres", "manage.figures", "figures"),
    ("minutes", "Compte-rendu", "manage.minutes", "edit"),
    ("settings", "Réglages", "manage.settings", "edit"),
)

_EXPORTS = (
    ("Exporter", "manage.registrants_csv"),
    ("Feuille d’émargement", "manage.attendance_sheet"),
)

_STATE_LOOKS = {
    EventState.DRAFT: ("warning", "edit"),
    EventState.PUBLISHED: ("ok", "check-circle"),
    EventState.CLOSED: ("", "lock"),
    EventState.POSTPONED: ("warning", "clock"),
    EventState.CANCELLED: ("no", "stop"),
}


@bp.context_processor
def _event_words() -> dict[str, Any]:
    return {
        "event_tabs": event_tabs,
        "tab_url": tab_url,
        "event_colour": lambda event: kind_colour(event.kind_code, event.kind.family),
        "event_status": event_status,
        "may_decide": lambda event: may_decide_event(current_actor(), departement_codes(event)),
        "registration_exports": registration_exports,
    }


def event_tabs(event: Event) -> list[tuple[str, str, str]]:
    """The tabs of an event that the signed-in account may open: key, word, address."""
    actor = current_actor()
    codes = departement_codes(event)
    rights = {"figures"}
    if may_see_names(actor, event.id, codes):
        rights.add("names")
    if may_edit_event(actor, event.id, codes):
        rights.add("edit")
    return [
        (key, label, url_for(endpoint, slug=event.slug))
        for key, label, endpoint, right in _TABS
        if right in rights and endpoint in current_app.view_functions
    ]


def tab_url(event: Event, key: str) -> str:
    """The address of one tab; that of the event's first tab where it may not be opened."""
    addresses = {found: url for found, _, url in event_tabs(event)}
    return addresses.get(key) or url_for("manage.event", slug=event.slug)


def registration_exports(event: Event) -> list[tuple[str, str]]:
    """The documents made from an event's registrations: word, address."""
    return [
        (label, url_for(endpoint, slug=event.slug))
        for label, endpoint in _EXPORTS
        if endpoint in current_app.view_functions
    ]


def event_status(event: Event) -> tuple[str, str, str]:
    """The state of an event: word, tone and pictogram, for the macro `status`."""
    if event.state is EventState.PUBLISHED and end_of(event) <= now():
        return "Passé", "", "clock"
    return (EVENT_STATE_LABELS[event.state], *_STATE_LOOKS[event.state])


from eventhub.blueprints.manage import (  # noqa: E402 - the modules add their routes to `bp`
    accounts,
    categories,
    door,
    event_address,
    event_deletion,
    event_move,
    event_states,
    events,
    figures,
    kind_programme,
    kinds,
    minutes,
    new_event,
    paper,
    partners,
    programme,
    registrations,
    search,
    series,
    settings,
    share,
    structure_merges,
    structures,
)

__all__ = [
    "accounts",
    "bp",
    "categories",
    "door",
    "event_address",
    "event_deletion",
    "event_move",
    "event_states",
    "event_status",
    "event_tabs",
    "events",
    "figures",
    "kind_programme",
    "kinds",
    "minutes",
    "new_event",
    "paper",
    "partners",
    "programme",
    "registrations",
    "search",
    "series",
    "settings",
    "share",
    "structure_merges",
    "structures",
]
