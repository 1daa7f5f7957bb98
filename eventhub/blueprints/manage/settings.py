"""The tab « Réglages »: editing an event, its states, and who else may edit it."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, SelectMultipleField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput

from eventhub.blueprints.manage import bp
from eventhub.blueprints.manage.event_form import FIELD_OF, EventForm, differences, event_values
from eventhub.domain.errors import EventChanged, InvalidInput, StateForbids
from eventhub.domain.event import EventState
from eventhub.domain.registration import end_of
from eventhub.exports import wording
from eventhub.extensions import db
from eventhub.models.event import Event
from eventhub.queries.accounts import organisers_beyond
from eventhub.queries.events import people_to_tell
from eventhub.queries.management import co_organisers, last_change
from eventhub.services.events import (
    cancel_event,
    close_event,
    missing_to_publish,
    postpone_event,
    publish_event,
    share_event,
    update_event,
)
from eventhub.services.sequence import lock_event
from eventhub.web.auth import current_account, current_actor, departement_codes, event_for_editing
from eventhub.web.clock import now
from eventhub.web.forms import Form, LineField
from eventhub.web.transactions import write_transaction

REASON_MAX = 500
FINAL_STATES = frozenset({EventState.CANCELLED, EventState.CLOSED})


class ReasonForm(Form):
    """Why an event is cancelled or postponed; the public reads it."""

    reason = LineField("Raison", [InputRequired(), Length(max=REASON_MAX)])


class CloseForm(Form):
    """Closing before the end is said on purpose."""

    early = BooleanField("Oui, l’évènement est terminé maintenant")


class ShareForm(Form):
    """Who else may edit the event."""

    accounts = SelectMultipleField("Comptes", coerce=int, option_widget=CheckboxInput())


@bp.get("/evenements/<slug>/reglages")
def settings(slug: str) -> ResponseReturnValue:
    """Show what is written of the event, to change it."""
    event = event_for_editing(slug)
    form = EventForm(formdata=None, data=event_values(event))
    return _settings_page(event, form)


@bp.post("/evenements/<slug>/reglages")
def change(slug: str) -> ResponseReturnValue:
    """Change the event, unless someone else did since the form was shown."""
    event = event_for_editing(slug)
    form = EventForm()
    form.offer(db.session(), event.starts_on, event)
    if not form.validate():
        return _settings_page(event, form, 422)
    actor = current_actor()
    try:
        with write_transaction() as session:
            event = event_for_editing(slug)
            lock_event(session, event)
            if form.version.data != str(event.version):
                raise EventChanged
            changed = update_event(
                session,
                event,
                form.details(event.timezone),
                now(),
                account=current_account(),
                actor=actor,
            )
    except InvalidInput as error:
        form.take_errors(error, FIELD_OF)
        return _settings_page(event_for_editing(slug), form, 422)
    except EventChanged:
        return _changed_meanwhile(event_for_editing(slug), form)
    flash("C’est enregistré." if changed else "Rien n’a changé.", "success")
    return redirect(url_for("manage.settings", slug=slug), code=303)


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
    event = event_for_editing(slug)
    _allow(event, EventState.DRAFT, EventState.PUBLISHED, EventState.POSTPONED)
    return _reason_page("manage/cancel.html", event, ReasonForm(formdata=None))


@bp.post("/evenements/<slug>/annuler")
def cancel_now(slug: str) -> ResponseReturnValue:
    """Cancel the event and write to everyone registered."""
    form = ReasonForm()
    if not form.validate():
        return _reason_page("manage/cancel.html", event_for_editing(slug), form, 422)
    with write_transaction() as session:
        event = event_for_editing(slug)
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


@bp.get("/evenements/<slug>/partage")
def share(slug: str) -> ResponseReturnValue:
    """Show who else may edit the event."""
    event = event_for_editing(slug)
    chosen = [account.id for account in co_organisers(db.session(), event.id)]
    form = ShareForm(formdata=None, data={"accounts": chosen})
    _offer_accounts(form, event)
    return render_template("manage/share.html", event=event, form=form)


@bp.post("/evenements/<slug>/partage")
def share_now(slug: str) -> ResponseReturnValue:
    """Set who else may edit the event."""
    event = event_for_editing(slug)
    form = ShareForm()
    _offer_accounts(form, event)
    if not form.validate():
        return render_template("manage/share.html", event=event, form=form), 422
    with write_transaction() as session:
        event = event_for_editing(slug)
        share_event(session, event, form.accounts.data or [], now(), account=current_account())
    flash("C’est enregistré.", "success")
    return redirect(url_for("manage.settings", slug=slug), code=303)


def _allow(event: Event, *states: EventState) -> None:
    if event.state not in states:
        raise StateForbids


def _settings_page(event: Event, form: EventForm, status: int = 200) -> ResponseReturnValue:
    form.offer(db.session(), event.starts_on, event)
    page = render_template(
        "manage/settings.html",
        event=event,
        form=form,
        final=event.state in FINAL_STATES,
        shared_with=co_organisers(db.session(), event.id),
    )
    return page, status


def _changed_meanwhile(event: Event, form: EventForm) -> ResponseReturnValue:
    """Show what the event holds by now where it differs from what was typed; ask again."""
    change = last_change(db.session(), event.id)
    form.offer(db.session(), event.starts_on, event)
    differing = differences(form, event)
    form.version.data = str(event.version)
    form.version.raw_data = None
    page = render_template(
        "manage/settings.html",
        event=event,
        form=form,
        final=False,
        shared_with=co_organisers(db.session(), event.id),
        change=change,
        differing=differing,
    )
    return page, 409


def _publish_page(event: Event, missing: dict[str, str] | None = None) -> ResponseReturnValue:
    page = render_template(
        "manage/publish.html",
        event=event,
        missing=missing if missing is not None else missing_to_publish(event),
        days=wording.days(event.starts_on, event.ends_on),
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


def _offer_accounts(form: ShareForm, event: Event) -> None:
    accounts = organisers_beyond(db.session(), departement_codes(event))
    form.accounts.choices = [
        SelectChoice(account.id, f"{account.shown_name} ({account.email})")
        if account.display_name
        else SelectChoice(account.id, account.email)
        for account in accounts
    ]
