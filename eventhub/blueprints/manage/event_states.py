"""Publishing an event, cancelling, postponing and closing it: each page asks first."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField
from wtforms.validators import InputRequired, Length

from eventhub.blueprints.manage import bp
from eventhub.domain.errors import InvalidInput, StateForbids
from eventhub.domain.event import EventState
from eventhub.domain.registration import end_of
from eventhub.exports import wording
from eventhub.extensions import db
from eventhub.models.event import Event
from eventhub.queries.events import people_to_tell
from eventhub.services.events import (
    cancel_event,
    close_event,
    missing_to_publish,
    postpone_event,
    publish_event,
)
from eventhub.web.auth import current_account, event_for_deciding, event_for_editing
from eventhub.web.clock import now
from eventhub.web.date_warnings import warnings_of
from eventhub.web.forms import Form, LineField
from eventhub.web.transactions import write_transaction

REASON_MAX = 500


class ReasonForm(Form):
    """Why an event is cancelled or postponed; the public reads it."""

    reason = LineField("Raison", [InputRequired(), Length(max=REASON_MAX)])


class CloseForm(Form):
    """Closing before the end is said on purpose."""

    early = BooleanField("Oui, l’évènement est terminé maintenant")


@bp.get("/evenements/<slug>/publier")
def publish(slug: str) -> ResponseReturnValue:
    """Say what publishing does, and what is missing."""
    event = event_for_editing(slug)
    _allow(event, EventState.DRAFT, EventState.POSTPONED)
    return _publish_page(event)


@bp.post("/evenements/<slug>/publier")
def publish_now(slug: str) -> ResponseReturnValue:
    """Publish the event."""
    try:
        with write_transaction() as session:
            event = event_for_editing(slug)
            publish_event(session, event, now(), account=current_account())
    except InvalidInput as error:
        return _publish_page(event_for_editing(slug), error.fields)
    flash("L’évènement est publié : il est dans l’agenda.", "success")
    return redirect(url_for("manage.event", slug=slug), code=303)


@bp.get("/evenements/<slug>/annuler")
def cancel(slug: str) -> ResponseReturnValue:
    """Ask why, and say how many people will be written to."""
    event = event_for_deciding(slug)
    _allow(event, EventState.DRAFT, EventState.PUBLISHED, EventState.POSTPONED)
    return _reason_page("manage/cancel.html", event, ReasonForm(formdata=None))


@bp.post("/evenements/<slug>/annuler")
def cancel_now(slug: str) -> ResponseReturnValue:
    """Cancel the event and write to everyone registered."""
    form = ReasonForm()
    if not form.validate():
        return _reason_page("manage/cancel.html", event_for_deciding(slug), form, 422)
    with write_transaction() as session:
        event = event_for_deciding(slug)
        mails = cancel_event(session, event, form.reason.data, now(), account=current_account())
    told = wording.count(mails, "courriel part", "courriels partent")
    flash(f"L’évènement est annulé. {told}." if mails else "L’évènement est annulé.", "success")
    return redirect(url_for("manage.event", slug=slug), code=303)


@bp.get("/evenements/<slug>/reporter")
def postpone(slug: str) -> ResponseReturnValue:
    """Ask why, and say what stays."""
    event = event_for_editing(slug)
    _allow(event, EventState.DRAFT, EventState.PUBLISHED)
    return _reason_page("manage/postpone.html", event, ReasonForm(formdata=None))


@bp.post("/evenements/<slug>/reporter")
def postpone_now(slug: str) -> ResponseReturnValue:
    """Take the date away; registrations stay."""
    form = ReasonForm()
    if not form.validate():
        return _reason_page("manage/postpone.html", event_for_editing(slug), form, 422)
    with write_transaction() as session:
        event = event_for_editing(slug)
        postpone_event(session, event, form.reason.data, now(), account=current_account())
    flash("L’évènement est reporté. Les inscriptions sont gardées.", "success")
    return redirect(url_for("manage.event", slug=slug), code=303)


@bp.get("/evenements/<slug>/clore")
def close(slug: str) -> ResponseReturnValue:
    """Say what closing does."""
    event = event_for_editing(slug)
    _allow(event, EventState.PUBLISHED)
    return _close_page(event, CloseForm(formdata=None))


@bp.post("/evenements/<slug>/clore")
def close_now(slug: str) -> ResponseReturnValue:
    """Close the event and freeze its figures."""
    form = CloseForm()
    event = event_for_editing(slug)
    if not form.early.data and end_of(event) > now() and event.state is EventState.PUBLISHED:
        form.take_errors(InvalidInput({"early": "Cochez pour clore avant la fin prévue."}))
        return _close_page(event, form, 422)
    with write_transaction() as session:
        event = event_for_editing(slug)
        close_event(session, event, now(), account=current_account(), early=form.early.data)
    flash("L’évènement est clos et ses chiffres sont arrêtés.", "success")
    return redirect(url_for("manage.event", slug=slug), code=303)


def _allow(event: Event, *states: EventState) -> None:
    if event.state not in states:
        raise StateForbids


def _publish_page(event: Event, missing: dict[str, str] | None = None) -> ResponseReturnValue:
    page = render_template(
        "manage/publish.html",
        event=event,
        missing=missing if missing is not None else missing_to_publish(event),
        days=wording.days(event.starts_on, event.ends_on),
        warnings=warnings_of(event, now()),
        has_registrations=bool(people_to_tell(db.session(), event.id)),
    )
    return page, 200 if missing is None else 422


def _reason_page(
    template: str, event: Event, form: ReasonForm, status: int = 200
) -> ResponseReturnValue:
    people = len(people_to_tell(db.session(), event.id))
    return render_template(template, event=event, form=form, people=people), status


def _close_page(event: Event, form: CloseForm, status: int = 200) -> ResponseReturnValue:
    early = end_of(event) > now()
    return render_template("manage/close.html", event=event, form=form, early=early), status
