"""The programme of another event, taken over after a look at it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField

from eventhub.blueprints.manage import bp
from eventhub.domain.errors import Forbidden, NotFound
from eventhub.domain.rights import may_edit_event, may_see_names
from eventhub.exports import wording
from eventhub.extensions import db
from eventhub.models.event import Event
from eventhub.queries.events import event_by_slug
from eventhub.queries.programme import programme_rows, programmes_to_copy, rooms
from eventhub.services.event_copy import copy_programme
from eventhub.services.programme import FINAL_STATES
from eventhub.web.auth import current_actor, departement_codes, event_for_editing
from eventhub.web.clock import now
from eventhub.web.once import OnceForm, earlier_location, keep_location
from eventhub.web.programme_editor import programme_editor
from eventhub.web.transactions import write_transaction


class CopyForm(OnceForm):
    """Which programme is taken over."""

    source = HiddenField()


@bp.get("/evenements/<slug>/programme/copier")
def programme_copy(slug: str) -> ResponseReturnValue:
    """Find an event, then show what of its programme would come."""
    event = event_for_editing(slug)
    words = request.args.get("q", "").strip()
    chosen = request.args.get("de", "")
    source = _source(chosen, event) if chosen else None
    if source is not None:
        rows = programme_rows(db.session(), source.id)
        return render_template(
            "manage/programme/copy_preview.html",
            event=event,
            source=source,
            form=CopyForm(formdata=None, data={"source": source.slug}),
            editor=programme_editor(source, rows, rooms(db.session(), source.id)),
            existing=len(programme_rows(db.session(), event.id)),
            with_links=_may_take_links(source),
            final=event.state in FINAL_STATES,
        )
    return render_template(
        "manage/programme/copy.html",
        event=event,
        words=words,
        sources=programmes_to_copy(db.session(), current_actor(), event.id, words=words),
        final=event.state in FINAL_STATES,
    )


@bp.post("/evenements/<slug>/programme/copier")
def programme_copy_now(slug: str) -> ResponseReturnValue:
    """Add the programme of another event to this one's."""
    form = CopyForm()
    if not form.validate():
        return redirect(url_for("manage.programme_copy", slug=slug), code=303)
    location = url_for("manage.programme", slug=slug)
    with write_transaction() as session:
        event = event_for_editing(slug)
        source = _source(form.source.data or "", event)
        if earlier_location(session, form, now()):
            return redirect(location, code=303)
        copied = copy_programme(session, source, event, now(), with_links=_may_take_links(source))
        keep_location(session, form, location)
    told = wording.count(copied.activities, "temps est venu", "temps sont venus")
    told += f" de «\u00a0{source.title}\u00a0»."
    if copied.without_hours:
        lost = wording.count(copied.without_hours, "temps n’a", "temps n’ont")
        told += f" {lost} pas d’heure\u00a0: l’évènement n’a pas ce jour-là."
    flash(told, "success")
    return redirect(location, code=303)


def _source(slug: str, event: Event) -> Event:
    """The event to copy from. Raises NotFound, also for the event itself; Forbidden."""
    source = event_by_slug(db.session(), slug.replace("\0", ""))
    if source is None or source.id == event.id:
        raise NotFound
    if not may_see_names(current_actor(), source.id, departement_codes(source)):
        raise Forbidden
    return source


def _may_take_links(source: Event) -> bool:
    return may_edit_event(current_actor(), source.id, departement_codes(source))
