"""« Nouvel évènement »: from a kind, from an event that took place, or from a blank page.

The form carries what it was begun from and the day that was proposed. What was left as proposed is
reckoned again from the day and the hour that come back, so that it works without script.
"""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField

from eventhub.blueprints.manage import bp, event_status
from eventhub.blueprints.manage.event_form import (
    FIELD_OF,
    EventForm,
    reminder_choices,
)
from eventhub.blueprints.manage.event_sources import (
    Source,
    blank_form,
    may_know,
    source_asked,
)
from eventhub.domain.errors import Forbidden, InvalidInput
from eventhub.domain.event import EventMode, EventState, KindFamily
from eventhub.domain.event_details import EventDetails
from eventhub.domain.kinds import KIND_FAMILY_LABELS, kind_colour
from eventhub.domain.rights import AccountRole
from eventhub.exports import wording
from eventhub.extensions import db
from eventhub.models.event import Event
from eventhub.queries import reference
from eventhub.queries.event_conditions import WORDS_MAX
from eventhub.queries.kinds import copied_counts, events_to_copy, last_editions
from eventhub.queries.reference import departement_total
from eventhub.services.events import TIMEZONE, create_event
from eventhub.web.agenda_rows import EventRow, event_row
from eventhub.web.auth import current_account, current_actor
from eventhub.web.clock import now
from eventhub.web.forms import tidy
from eventhub.web.once import earlier_location, keep_location
from eventhub.web.transactions import write_transaction

_MOMENTS = ("registration_opens_at", "registration_closes_at")


class NewEventForm(EventForm):
    """The form of an event, with what it was begun from and the first day that was proposed."""

    copie = HiddenField()
    type = HiddenField()
    proposed_on = HiddenField()


@bp.get("/evenements/nouveau")
def new_event() -> ResponseReturnValue:
    """Ask what to begin with; then show the form, filled from it."""
    require_creation()
    source = source_asked(request.args)
    prepares = {"prepares": tidy(request.args["prepare"])} if "prepare" in request.args else {}
    if source is None:
        if "vierge" in request.args or prepares:
            return _form_page(NewEventForm(formdata=None, data=blank_form() | prepares), None)
        return _start_page()
    today = _today()
    proposed_on = source.proposed_on(today)
    details = source.details(proposed_on or today)
    values = _values(details) | {
        "copie": source.event.slug if source.event else "",
        "type": source.kind.code if source.kind else "",
        "proposed_on": proposed_on.isoformat() if proposed_on else "",
    }
    if proposed_on is None:
        values |= dict.fromkeys(("starts_on", "ends_on", *_MOMENTS))
    return _form_page(NewEventForm(formdata=None, data=values | prepares), source)


@bp.post("/evenements/nouveau")
def create() -> ResponseReturnValue:
    """Make a draft, with the programme and the partners of what it was begun from."""
    require_creation()
    form = NewEventForm()
    source = source_asked(request.form)
    _offer(form, source)
    _follow_start(form, source)
    if form.validate():
        actor = current_actor()
        try:
            with write_transaction() as session:
                made_before = earlier_location(session, form, now())
                if made_before:
                    return redirect(made_before, code=303)
                event = create_event(
                    session,
                    form.details(TIMEZONE),
                    now(),
                    account=current_account(),
                    actor=actor,
                )
                begun_from = source_asked(request.form)
                copied = begun_from.copy_beside(session, event) if begun_from else []
                location = url_for("manage.event", slug=event.slug)
                keep_location(session, form, location)
        except InvalidInput as error:
            form.take_errors(error, FIELD_OF)
        else:
            flash("Le brouillon est prêt. Personne d’autre ne le voit encore.", "success")
            for sentence in copied:
                flash(sentence, "info")
            return redirect(location, code=303)
    return _form_page(form, source, 422)


def may_create() -> bool:
    """Whether the signed-in account may make events."""
    return current_actor().role in {AccountRole.ADMINISTRATOR, AccountRole.ORGANISER}


def require_creation() -> None:
    """Raise Forbidden for an account that makes no events."""
    if not may_create():
        raise Forbidden


def _start_page() -> ResponseReturnValue:
    session, actor, today = db.session(), current_actor(), _today()
    words = request.args.get("q", "").strip()[:WORDS_MAX]
    total = departement_total(session)
    kinds = reference.kinds_on_offer(session)
    families = [
        (KIND_FAMILY_LABELS[family], [(kind, kind_colour(kind.code, family)) for kind in held])
        for family in KindFamily
        if (held := [kind for kind in kinds if kind.family is family])
    ]
    found = events_to_copy(session, actor, words) if words else ()
    return render_template(
        "manage/begin_event.html",
        families=families,
        editions=_rows(last_editions(session, actor, today), total),
        words=words,
        found=_rows(found, total),
    )


def _rows(events: Sequence[Event], total: int) -> list[EventRow]:
    """Lines that lead to the form filled from each event."""
    rows = []
    for event in events:
        word, _, icon = event_status(event)
        row = event_row(event, now(), departement_total=total, with_year=True)
        rows.append(
            replace(
                row,
                url=url_for("manage.new_event", copie=event.slug),
                seats=None,
                status_icon="" if event.state is EventState.DRAFT else icon,
                status_text=word,
                status_note="",
            )
        )
    return rows


def _values(details: EventDetails) -> dict[str, Any]:
    """What the form starts with, for these details."""
    values: dict[str, Any] = {
        one.name: getattr(details, one.name)
        for one in fields(EventDetails)
        if one.name != "other_dates"
    }
    for name, value in values.items():
        if isinstance(value, StrEnum):
            values[name] = value.value
        elif isinstance(value, datetime):
            values[name] = _typed(value)
    for name in ("organisers", "co_organisers", "partners"):
        values[name] = "\n".join(values[name])
    return values


def _typed(moment: datetime | None) -> datetime | None:
    """A moment as the form holds it: on the clock of the events made here, to the minute."""
    if moment is None:
        return None
    return wording.local(moment, TIMEZONE).replace(tzinfo=None, second=0, microsecond=0)


def _follow_start(form: NewEventForm, source: Source | None) -> None:
    """Reckon again what was left as proposed, from the day and the hour that were typed."""
    starts_on, starts_at = form.starts_on.data, form.starts_at.data
    if source is None or starts_on is None:
        return
    try:
        proposed_on = date.fromisoformat(form.proposed_on.data or "")
    except ValueError:
        proposed_on = None
    try:
        proposed = source.details(proposed_on) if proposed_on else None
        wanted = source.details(starts_on, starts_at)
    except InvalidInput:  # said at its field when the form is checked
        return
    for name in _MOMENTS:
        if form[name].data == (_typed(getattr(proposed, name)) if proposed else None):
            _set(form, name, _typed(getattr(wanted, name)))
    if form.ends_on.data == (proposed.ends_on if proposed else None):
        _set(form, "ends_on", wanted.ends_on)
    usual = source.details(starts_on)
    if starts_at != usual.starts_at and form.ends_at.data == usual.ends_at != wanted.ends_at:
        end = datetime.combine(form.ends_on.data or starts_on, form.ends_at.data)
        if starts_at is None or end <= datetime.combine(starts_on, starts_at):
            _set(form, "ends_at", wanted.ends_at)
    form.proposed_on.data = starts_on.isoformat()


def _set(form: NewEventForm, name: str, value: Any) -> None:
    """Change what a field holds, also where it is shown again as it was typed."""
    form[name].data = value
    form[name].raw_data = None


def _offer(form: NewEventForm, source: Source | None) -> None:
    event = source.event if source else None
    form.offer(db.session(), _today(), event)
    if event is not None and event.prepares is not None and not may_know(event.prepares):
        hidden, held = event.prepares.slug, form.prepares.choices or []
        form.prepares.choices = [one for one in held if one.value != hidden]
    choices = form.mode.choices or []
    form.mode.choices = [one for one in choices if one.value != EventMode.UNKNOWN.value]
    if source and source.kind:
        form.reminder_hours.choices = reminder_choices(source.kind.reminder_hours)


def _form_page(form: NewEventForm, source: Source | None, status: int = 200) -> ResponseReturnValue:
    _offer(form, source)
    event = source.event if source else None
    parts, partners = copied_counts(db.session(), event.id) if event else (0, 0)
    page = render_template(
        "manage/new_event.html",
        form=form,
        source_event=event,
        source_kind=source.kind if source else None,
        source_days=wording.event_days(event) if event else "",
        parts=parts,
        partners=partners,
    )
    return page, status


def _today() -> date:
    return wording.local(now(), TIMEZONE).date()
