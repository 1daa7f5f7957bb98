"""The tab « Réglages »: editing an event, and who else may edit it."""

from collections.abc import Collection

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventhub.blueprints.manage import bp
from eventhub.blueprints.manage.event_conflict import Conflict, merge, start_form
from eventhub.blueprints.manage.event_form import FIELD_OF, EventForm
from eventhub.domain.errors import EventChanged, InvalidInput, StateForbids
from eventhub.domain.event import EventState
from eventhub.extensions import db
from eventhub.models.event import Event
from eventhub.queries.management import changes_since, co_organisers
from eventhub.services.events import update_event
from eventhub.services.sequence import lock_event
from eventhub.services.series_following import apply_to_following, held_details
from eventhub.web.auth import current_account, current_actor, event_for_editing
from eventhub.web.capacity_words import over_capacity
from eventhub.web.clock import now
from eventhub.web.date_warnings import warnings_of
from eventhub.web.series_words import following_sentences
from eventhub.web.transactions import write_transaction

FINAL_STATES = frozenset({EventState.CANCELLED, EventState.CLOSED})
_CAPACITIES = frozenset({"capacity_onsite", "capacity_remote", "mode"})
_REGISTRATION_DATES = frozenset({"registration_opens_at", "registration_closes_at"})


@bp.get("/evenements/<slug>/reglages")
def settings(slug: str) -> ResponseReturnValue:
    """Show what is written of the event, to change it."""
    event = event_for_editing(slug)
    return _settings_page(event, start_form(event))


@bp.post("/evenements/<slug>/reglages")
def change(slug: str) -> ResponseReturnValue:
    """Change the event, unless someone else did since the form was shown."""
    event = event_for_editing(slug)
    form = EventForm()
    form.offer(db.session(), event.starts_on, event)
    if not form.validate():
        return _settings_page(event, form, 422)
    actor = current_actor()
    also: list[str] = []
    try:
        with write_transaction() as session:
            event = event_for_editing(slug)
            lock_event(session, event)
            if form.version.number != event.version:
                raise EventChanged
            held = held_details(event) if request.form.get("following") == "all" else None
            changed = update_event(
                session,
                event,
                form.details(event.timezone),
                now(),
                account=current_account(),
                actor=actor,
            )
            if changed and held is not None:
                followed = apply_to_following(
                    session, event, held, now(), account=current_account(), actor=actor
                )
                also = following_sentences(followed)
    except InvalidInput as error:
        form.take_errors(error, FIELD_OF)
        return _settings_page(event_for_editing(slug), form, 422)
    except EventChanged:
        return _changed_meanwhile(event_for_editing(slug), form)
    except StateForbids:
        return _settings_page(event_for_editing(slug), form, 409)
    flash(_what_was_saved(changed), "success")
    for sentence in also:
        flash(sentence, "success")
    if not _CAPACITIES.isdisjoint(changed):
        for sentence in over_capacity(event_for_editing(slug)):
            flash(sentence, "warning")
    return redirect(url_for("manage.settings", slug=slug), code=303)


def _settings_page(
    event: Event, form: EventForm, status: int = 200, conflict: Conflict | None = None
) -> ResponseReturnValue:
    form.offer(db.session(), event.starts_on, event)
    page = render_template(
        "manage/settings.html",
        event=event,
        form=form,
        final=event.state in FINAL_STATES,
        too_late=event.state in FINAL_STATES and status != 200,
        shared_with=co_organisers(db.session(), event.id),
        warnings=warnings_of(event, now()),
        conflict=conflict,
    )
    return page, status


def _changed_meanwhile(event: Event, form: EventForm) -> ResponseReturnValue:
    """Show what someone else wrote meanwhile, keep what was typed, and ask again."""
    form.offer(db.session(), event.starts_on, event)
    conflict = merge(form, event, changes_since(db.session(), event.id, form.version.number))
    return _settings_page(event, form, 409, conflict)


def _what_was_saved(changed: Collection[str]) -> str:
    if not changed:
        return "Rien n’a changé."
    said = ["C’est enregistré."]
    if "starts_on" in changed:
        said.append("Le programme et les entrées de l’accueil suivent la nouvelle date.")
        if not _REGISTRATION_DATES.isdisjoint(changed):
            said.append("L’ouverture et la fermeture des inscriptions aussi\u00a0: vérifiez-les.")
    return " ".join(said)
