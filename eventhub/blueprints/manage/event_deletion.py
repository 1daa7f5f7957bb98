"""« Supprimer »: for an event that nobody has seen; the others are cancelled."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from eventhub.blueprints.manage import bp
from eventhub.domain.errors import StateForbids
from eventhub.domain.event import EventState
from eventhub.exports import wording
from eventhub.extensions import db
from eventhub.models.event import Event
from eventhub.queries.event_deletion import what_holds
from eventhub.services.event_deletion import delete_event
from eventhub.web.auth import current_account, event_for_deciding
from eventhub.web.clock import now
from eventhub.web.transactions import write_transaction

_CANCELLABLE = (EventState.DRAFT, EventState.PUBLISHED, EventState.POSTPONED)


@bp.get("/evenements/<slug>/supprimer")
def delete(slug: str) -> ResponseReturnValue:
    """Say what would be lost, or why the event cannot be deleted."""
    return _page(event_for_deciding(slug))


@bp.post("/evenements/<slug>/supprimer")
def delete_now(slug: str) -> ResponseReturnValue:
    """Delete the event."""
    try:
        with write_transaction() as session:
            event = event_for_deciding(slug)
            title = event.title
            delete_event(session, event, now(), account=current_account())
    except StateForbids:
        return _page(event_for_deciding(slug), 409)
    flash(f"«\u00a0{title}\u00a0» est supprimé.", "success")
    return redirect(url_for("manage.index"), code=303)


def _page(event: Event, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "manage/delete.html",
        event=event,
        reasons=_reasons(event),
        may_cancel=event.state in _CANCELLABLE,
    )
    return page, status


def _reasons(event: Event) -> list[str]:
    """Why the event cannot be deleted, one sentence each."""
    held = what_holds(db.session(), event)
    reasons = []
    if held.registrations:
        one, many = "inscription a été faite", "inscriptions ont été faites"
        reasons.append(f"{wording.count(held.registrations, one, many)}.")
    if held.presences:
        one, many = "présence a été notée", "présences ont été notées"
        reasons.append(f"{wording.count(held.presences, one, many)} à l’accueil.")
    if held.minutes:
        reasons.append("Un compte-rendu est écrit.")
    if held.headcounts:
        one, many = "comptage a été noté", "comptages ont été notés"
        reasons.append(f"{wording.count(held.headcounts, one, many)}.")
    if held.was_published:
        reasons.append(
            "Il a été publié\u00a0: sa page et les calendriers qui le connaissent doivent pouvoir "
            "dire ce qu’il devient."
        )
    return reasons
