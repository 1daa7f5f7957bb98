"""« Nouvel évènement »: from a kind, from an event that took place, or from a blank page.

The form carries what it was begun from and the day that was proposed. What was left as proposed is
reckoned again from the day and the hour that come back, so that it works without script.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from wtforms import HiddenField

from eventhub.blueprints.manage import bp, event_status
from eventhub.blueprints.manage.event_form import (
    FIELD_OF,
    EventForm,
    blank_values,
    reminder_choices,
)
from eventhub.domain.errors import Forbidden, InvalidInput, NotFound
from eventhub.domain.event import EventMode, EventState, KindFamily
from eventhub.domain.event_details import EventDetails
from eventhub.domain.kinds import KIND_FAMILY_LABELS, UNLISTED_FAMILIES, kind_colour
from eventhub.domain.next_edition import LONG_AGO, next_edition_on
from eventhub.domain.rights import AccountRole, may_edit_event, may_see_draft, may_see_names
from eventhub.exports import wording
from eventhub.extensions import db
from eventhub.models.event import Event, EventKind
from eventhub.queries import reference
from eventhub.queries.events import event_by_slug
from eventhub.queries.kinds import copied_counts, events_to_copy, last_editions
from eventhub.queries.management import WORDS_MAX, departement_total
from eventhub.services.event_copy import (
    ProgrammeCopied,
    copy_partnerships,
    copy_programme,
    details_from_event,
    details_from_kind,
    programme_from_kind,
)
from eventhub.services.events import TIMEZONE, create_event
from eventhub.web.agenda_rows import EventRow, event_row
from eventhub.web.auth import current_account, current_actor, departement_codes
from eventhub.web.clock import now
from eventhub.web.date_warnings import warnings_of
from eventhub.web.forms import tidy
from eventhub.web.once import earlier_location, keep_location
from eventhub.web.transactions import write_transaction

_MOMENTS = ("registration_opens_at", "registration_closes_at")


class NewEventForm(EventForm):
    """The form of an event, with what it was begun from and the first day that was proposed."""

    copie = HiddenField()
    type = HiddenField()
    proposed_on = HiddenField()


@dataclass(frozen=True, slots=True)
class KindSource:
    """A kind that an event is begun from."""

    kind: EventKind
    event: None = None

    def proposed_on(self, _today: date) -> None:
        """No day is proposed: nothing says it."""

    def details(self, starts_on: date, starts_at: time | None = None) -> EventDetails:
        """What an event of the kind is on that day. Raises InvalidInput."""
        details = details_from_kind(self.kind, starts_on, timezone=TIMEZONE, starts_at=starts_at)
        blank = _blank()
        return replace(
            details,
            departement_codes=tuple(blank["departement_codes"]),
            contact_name=blank["contact_name"],
            contact_email=blank["contact_email"],
            organisers=(blank["organisers"],) if blank["organisers"] else (),
        )

    def copy_beside(self, session: Session, event: Event) -> list[str]:
        """Give the event the kind's programme, if it still is of that kind; in sentences."""
        if self.kind.code != event.kind_code:
            return []
        made = programme_from_kind(session, self.kind, event, now())
        said = [f"{_parts(made.activities)}, d’après le type."] if made.activities else []
        return said + _without_hours(made)


@dataclass(frozen=True, slots=True)
class EventSource:
    """An event that another one is begun from."""

    event: Event
    kind: None = None

    def proposed_on(self, today: date) -> date | None:
        """The first day to propose; None for a recent meeting, which may recur at any time."""
        is_yearly = self.event.kind.family is KindFamily.EVENT
        if not is_yearly and today - self.event.starts_on < LONG_AGO:
            return None
        return next_edition_on(self.event.starts_on, today)

    def details(self, starts_on: date, starts_at: time | None = None) -> EventDetails:
        """What the event is on that day, as far as the account may know. Raises InvalidInput."""
        details = details_from_event(self.event, starts_on, starts_at=starts_at)
        return _in_own_hands(details, self.event)

    def copy_beside(self, session: Session, event: Event) -> list[str]:
        """Give the event the source's programme and partnerships; in sentences."""
        may_edit = may_edit_event(current_actor(), self.event.id, departement_codes(self.event))
        made = copy_programme(session, self.event, event, now(), with_links=may_edit)
        partners = copy_partnerships(session, self.event, event)
        things = [
            words
            for number, words in (
                (made.activities, _parts(made.activities)),
                (partners, wording.count(partners, "structure")),
            )
            if number
        ]
        copied = ", ".join(things) or "les réglages"
        return [f"Repris\u00a0: {copied}\u00a0; aucune personne.", *_without_hours(made)]


Source = KindSource | EventSource


@bp.get("/evenements/nouveau")
def new_event() -> ResponseReturnValue:
    """Ask what to begin with; then show the form, filled from it."""
    require_creation()
    source = _source(request.args)
    prepares = {"prepares": tidy(request.args["prepare"])} if "prepare" in request.args else {}
    if source is None:
        if "vierge" in request.args or prepares:
            return _form_page(NewEventForm(formdata=None, data=_blank() | prepares), None)
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
    source = _source(request.form)
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
                begun_from = _source(request.form)
                copied = begun_from.copy_beside(session, event) if begun_from else []
                location = url_for("manage.event", slug=event.slug)
                keep_location(session, form, location)
        except InvalidInput as error:
            form.take_errors(error, FIELD_OF)
        else:
            flash("Le brouillon est prêt. Personne d’autre ne le voit encore.", "success")
            for sentence in copied:
                flash(sentence, "info")
            for line in warnings_of(event, now()):
                flash(f"{line.text} {line.link}." if line.link else line.text, "warning")
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


def _source(given: Any) -> Source | None:
    """What the request says to begin with. Raises NotFound, Forbidden."""
    if slug := tidy(given.get("copie")):
        event = event_by_slug(db.session(), slug)
        if event is None:
            raise NotFound
        if not _may_copy(event):
            raise Forbidden
        return EventSource(event)
    if code := tidy(given.get("type")):
        kind = next(
            (one for one in reference.kinds_on_offer(db.session()) if one.code == code), None
        )
        if kind is None:
            raise NotFound
        return KindSource(kind)
    return None


def _may_copy(event: Event) -> bool:
    actor, codes = current_actor(), departement_codes(event)
    if event.kind.family in UNLISTED_FAMILIES:
        return may_see_names(actor, event.id, codes)
    return _may_know(event)


def _may_know(event: Event) -> bool:
    """Whether the account may know that an event exists."""
    codes = departement_codes(event)
    return event.state is not EventState.DRAFT or may_see_draft(current_actor(), event.id, codes)


def _in_own_hands(details: EventDetails, event: Event) -> EventDetails:
    """The copy of an event that the account may not edit: its own territory, contact and no link.

    A link to follow from afar and what people are told before coming are not public.
    """
    actor, blank = current_actor(), _blank()
    if not may_edit_event(actor, event.id, departement_codes(event)):
        details = replace(
            details,
            remote_link="",
            mail_note="",
            prepares="",
            contact_name=blank["contact_name"],
            contact_email=blank["contact_email"],
        )
    elif not details.contact_email:
        details = replace(
            details, contact_name=blank["contact_name"], contact_email=blank["contact_email"]
        )
    if not may_edit_event(actor, None, frozenset(details.departement_codes)):
        details = replace(
            details, departement_codes=tuple(blank["departement_codes"]), bassin_id=None
        )
    return details


def _blank() -> dict[str, Any]:
    return blank_values(current_account(), current_app.config["SETTINGS"].hub_structure)


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


def _parts(number: int) -> str:
    return wording.count(number, "temps du programme", "temps du programme")


def _without_hours(made: ProgrammeCopied) -> list[str]:
    if not made.without_hours:
        return []
    lost = wording.count(
        made.without_hours, "temps du programme n’a pas", "temps du programme n’ont pas"
    )
    return [f"{lost} d’heure\u00a0: leur jour n’est pas un de ceux de l’évènement."]


def _offer(form: NewEventForm, source: Source | None) -> None:
    event = source.event if source else None
    form.offer(db.session(), _today(), event)
    if event is not None and event.prepares is not None and not _may_know(event.prepares):
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
