"""The tab « Compte-rendu » of an event: write, preview, publish, withdraw."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, IntegerField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import HiddenInput

from eventhub.blueprints.manage import bp
from eventhub.domain.errors import InvalidInput, MinutesChanged, NotFound, StateForbids
from eventhub.domain.event import EventState
from eventhub.domain.figures import EVENT_MEASURES
from eventhub.domain.minutes import (
    BODY_MAX,
    NOTE_MAX,
    MinutesState,
    passages_to_write,
    split_title,
)
from eventhub.domain.registration import end_of
from eventhub.exports.figure_words import figure_sentences
from eventhub.exports.markdown import prose
from eventhub.exports.minutes_draft import minutes_draft
from eventhub.extensions import db
from eventhub.models.event import Event
from eventhub.models.minutes import Minutes
from eventhub.queries.figures import event_figures
from eventhub.queries.minutes import last_revision, last_writer, minutes_of, revisions
from eventhub.services.minutes import (
    publish_minutes,
    save_minutes,
    start_minutes,
    withdraw_minutes,
)
from eventhub.web.auth import current_account, event_for_editing
from eventhub.web.clock import now
from eventhub.web.figure_page import headlines
from eventhub.web.forms import Form, LineField, LinesField
from eventhub.web.transactions import write_transaction

PUBLISHABLE_STATES = (EventState.PUBLISHED, EventState.CLOSED)


class MinutesForm(Form):
    """The text, and the version that its author read."""

    body = LinesField(
        "Texte",
        [Length(max=BODY_MAX, message="Raccourcissez : 100 000 caractères au plus.")],
    )
    version = IntegerField(widget=HiddenInput(), default=1)


class PublishForm(Form):
    """What must be said to publish: what a revision corrects, and what is done knowingly."""

    note = LineField("Ce que cette révision change", [Length(max=NOTE_MAX)])
    unfinished = BooleanField("Publier avec ces passages à compléter")
    early = BooleanField("Clore l’évènement maintenant, avant sa fin prévue")
    version = IntegerField(widget=HiddenInput(), default=1)


class WithdrawForm(Form):
    """Why a compte-rendu leaves the site."""

    reason = LineField("Pourquoi le retirer", [InputRequired(), Length(max=NOTE_MAX)])


@bp.get("/evenements/<slug>/compte-rendu")
def minutes(slug: str) -> ResponseReturnValue:
    """Show the text to write; or the offer to begin it."""
    event = event_for_editing(slug)
    found = minutes_of(db.session(), event.id)
    if found is None:
        return render_template("manage/minutes/start.html", event=event)
    form = MinutesForm(body=found.body, version=found.version)
    return _editor(event, found, form)


@bp.post("/evenements/<slug>/compte-rendu/commencer")
def minutes_start(slug: str) -> ResponseReturnValue:
    """Begin the draft with what is known of the event."""
    event = event_for_editing(slug)
    body = minutes_draft(event, figure_sentences(event_figures(db.session(), event.id, now())))
    with write_transaction() as session:
        start_minutes(session, event, body, now(), account=current_account())
    return redirect(url_for("manage.minutes", slug=slug), code=303)


@bp.post("/evenements/<slug>/compte-rendu")
def minutes_save(slug: str) -> ResponseReturnValue:
    """Keep the text, or show what it would look like without keeping it."""
    event = event_for_editing(slug)
    found = _minutes(event)
    form = MinutesForm()
    if not form.validate():
        return _editor(event, found, form), 422
    if request.form.get("action") == "preview":
        return _editor(event, found, form, preview=True)
    body, version = form.body.data or "", form.version.data or 0
    try:
        with write_transaction() as session:
            save_minutes(session, found, body, version, now(), account=current_account())
    except MinutesChanged:
        # Their text stays in the form; sent again, it takes the place of the other knowingly.
        form.version.data, form.version.raw_data = found.version, None
        return _editor(event, found, form, conflict=True), 409
    flash("Le texte est enregistré.", "success")
    return redirect(url_for("manage.minutes", slug=slug), code=303)


@bp.get("/evenements/<slug>/compte-rendu/publier")
def minutes_publish(slug: str) -> ResponseReturnValue:
    """Say what publishing does, and ask."""
    event = event_for_editing(slug)
    found = _minutes(event)
    return _publishing(event, found, PublishForm(version=found.version))


@bp.post("/evenements/<slug>/compte-rendu/publier")
def minutes_publish_confirmed(slug: str) -> ResponseReturnValue:
    """Publish the text; close the event where it is still open."""
    event = event_for_editing(slug)
    found = _minutes(event)
    form = PublishForm()
    valid = form.validate()
    if passages_to_write(found.body) and not form.unfinished.data:
        form.unfinished.errors = [
            *form.unfinished.errors,
            "Complétez le texte, ou cochez cette case.",
        ]
        valid = False
    if _is_early(event) and not form.early.data:
        form.early.errors = [*form.early.errors, "Cochez cette case, ou attendez la fin."]
        valid = False
    if not valid:
        return _publishing(event, found, form), 422
    try:
        with write_transaction() as session:
            publish_minutes(
                session,
                event,
                found,
                form.version.data or 0,
                now(),
                account=current_account(),
                note=form.note.data or "",
                early=bool(form.early.data),
            )
    except InvalidInput as error:
        form.take_errors(error)
        return _publishing(event, found, form), 422
    except MinutesChanged:
        flash("Le texte a changé entre-temps. Relisez-le, puis publiez-le.", "warning")
        return redirect(url_for("manage.minutes", slug=slug), code=303)
    flash("Le compte-rendu est publié.", "success")
    return redirect(url_for("minutes.show", slug=slug), code=303)


@bp.get("/evenements/<slug>/compte-rendu/retirer")
def minutes_withdraw(slug: str) -> ResponseReturnValue:
    """Ask why, before taking a compte-rendu off the site."""
    event = event_for_editing(slug)
    return _withdrawing(event, _minutes(event), WithdrawForm())


@bp.post("/evenements/<slug>/compte-rendu/retirer")
def minutes_withdraw_confirmed(slug: str) -> ResponseReturnValue:
    """Take the compte-rendu off the site."""
    event = event_for_editing(slug)
    found = _minutes(event)
    form = WithdrawForm()
    if not form.validate():
        return _withdrawing(event, found, form), 422
    with write_transaction() as session:
        withdraw_minutes(
            session, event, found, form.reason.data or "", now(), account=current_account()
        )
    flash("Le compte-rendu n’est plus sur le site. Son texte est gardé ici.", "success")
    return redirect(url_for("manage.minutes", slug=slug), code=303)


def _minutes(event: Event) -> Minutes:
    found = minutes_of(db.session(), event.id)
    if found is None:
        raise NotFound
    return found


def _is_early(event: Event) -> bool:
    """Whether publishing now would close the event before its end."""
    return event.state is EventState.PUBLISHED and now() < end_of(event)


def _editor(
    event: Event,
    found: Minutes,
    form: MinutesForm,
    *,
    preview: bool = False,
    conflict: bool = False,
) -> str:
    session = db.session()
    title, text = split_title(form.body.data or "")
    published = revisions(session, found.id)
    return render_template(
        "manage/minutes/edit.html",
        event=event,
        minutes=found,
        form=form,
        writer=last_writer(session, found),
        revisions=published,
        has_changed=not published or published[0][0].body != found.body,
        is_published=found.state is MinutesState.PUBLISHED,
        can_publish=event.state in PUBLISHABLE_STATES,
        conflict=conflict,
        preview=prose(text, lead=True, top=4) if preview else None,
        preview_title=title or event.title,
    )


def _publishing(event: Event, found: Minutes, form: PublishForm) -> str:
    session = db.session()
    published = last_revision(session, found.id)
    return render_template(
        "manage/minutes/publish.html",
        event=event,
        minutes=found,
        form=form,
        is_early=_is_early(event),
        is_revision=published is not None,
        has_changed=found.state is not MinutesState.PUBLISHED
        or published is None
        or published.body != found.body,
        to_write=passages_to_write(found.body),
        event_end=end_of(event),
        figures=headlines(event_figures(session, event.id, now()), EVENT_MEASURES),
        can_publish=event.state in PUBLISHABLE_STATES,
    )


def _withdrawing(event: Event, found: Minutes, form: WithdrawForm) -> str:
    if found.state is not MinutesState.PUBLISHED:
        raise StateForbids
    return render_template("manage/minutes/withdraw.html", event=event, minutes=found, form=form)
