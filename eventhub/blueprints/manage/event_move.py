"""« Déplacer »: another date for an event, and what follows it, said before it happens."""

from dataclasses import dataclass
from datetime import date, time

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, DateField
from wtforms.validators import InputRequired, Optional

from eventhub.blueprints.manage import bp
from eventhub.domain.errors import EventChanged, InvalidInput, StateForbids
from eventhub.domain.event import DatePrecision, EventState
from eventhub.exports import wording
from eventhub.extensions import db
from eventhub.models.event import Event
from eventhub.queries.date_warnings import DatedPlace, date_warnings
from eventhub.queries.events import live_registrations
from eventhub.services.event_moves import EventMoment, move_event, new_moment
from eventhub.services.events import missing_to_publish, publish_event
from eventhub.services.sequence import lock_event
from eventhub.web.auth import current_account, current_actor, departement_codes, event_for_editing
from eventhub.web.clock import now
from eventhub.web.date_warnings import WarningLine, warning_lines
from eventhub.web.forms import Form, HourField, VersionField
from eventhub.web.transactions import write_transaction

_MOVABLE = (EventState.DRAFT, EventState.PUBLISHED, EventState.POSTPONED)


class MoveForm(Form):
    """The new date. Empty hour: the hour stays."""

    starts_on = DateField("Nouvelle date", [InputRequired("Donnez une date.")])
    starts_at = HourField("Nouvelle heure de début", [Optional()])
    keeps_registration = BooleanField("Garder les dates d’ouverture et de fermeture")
    version = VersionField()


@dataclass(frozen=True, slots=True)
class MovePlan:
    """What a move would do, in words: the date now and then, and what follows."""

    before: str
    after: str
    follows: list[str]
    registration: list[str]
    warnings: list[WarningLine]


@bp.get("/evenements/<slug>/deplacer")
def move(slug: str) -> ResponseReturnValue:
    """Ask for the new date; then say what follows, and ask again."""
    event = _movable(slug)
    if "starts_on" not in request.args:
        return _page(event, MoveForm(formdata=None, data=_blank(event)))
    form = MoveForm(formdata=request.args, meta={"csrf": False})
    plan = _plan(event, form) if form.validate() else None
    status = 200 if plan is not None else 422
    form.version.start_again(event.version)
    return _page(event, form, plan, status)


@bp.post("/evenements/<slug>/deplacer")
def move_now(slug: str) -> ResponseReturnValue:
    """Move the event; a postponed one is published again."""
    form = MoveForm()
    event = _movable(slug)
    if not form.validate() or form.starts_on.data is None:
        return _page(event, form, None, 422)
    actor = current_actor()
    try:
        with write_transaction() as session:
            event = event_for_editing(slug)
            lock_event(session, event)
            if form.version.number != event.version:
                raise EventChanged
            again = event.state is EventState.POSTPONED
            _refuse_the_past(event, form.starts_on.data)
            move_event(
                session,
                event,
                form.starts_on.data,
                form.starts_at.data,
                now(),
                account=current_account(),
                actor=actor,
                keeps_registration=form.keeps_registration.data,
            )
            if again:
                publish_event(session, event, now(), account=current_account())
            told = wording.event_when(event)
    except InvalidInput as error:
        form.take_errors(error)
        return _page(event_for_editing(slug), form, None, 422)
    except EventChanged:
        event = event_for_editing(slug)
        form.version.start_again(event.version)
        return _page(event, form, _plan(event, form), 409, changed=True)
    done = "L’évènement est de nouveau publié" if again else "C’est déplacé"
    flash(f"{done}\u00a0: {told}.", "success")
    return redirect(url_for("manage.event", slug=slug), code=303)


def _movable(slug: str) -> Event:
    event = event_for_editing(slug)
    if event.state not in _MOVABLE:
        raise StateForbids
    return event


def _blank(event: Event) -> dict[str, object]:
    start = event.starts_at and wording.local(event.starts_at, event.timezone)
    return {"starts_at": start.time() if start else None}


def _refuse_the_past(event: Event, starts_on: date) -> None:
    if starts_on < wording.local(now(), event.timezone).date():
        raise InvalidInput(
            {
                "starts_on": (
                    "Donnez un jour à venir. Pour corriger la date d’un évènement passé, "
                    "passez par les Réglages."
                )
            }
        )


def _plan(event: Event, form: MoveForm) -> MovePlan | None:
    """What the move would do; None, with the errors at their fields, where it cannot be."""
    starts_on, starts_at = form.starts_on.data, form.starts_at.data
    if starts_on is None:
        return None
    try:
        _refuse_the_past(event, starts_on)
        there = new_moment(event, starts_on, starts_at)
    except InvalidInput as error:
        form.take_errors(error)
        return None
    place = DatedPlace.between(there.starts_on, there.ends_on, departement_codes(event))
    found = date_warnings(db.session(), place, exclude_id=event.id, actor=current_actor())
    return MovePlan(
        before=_held_when(event),
        after=_when(event, there),
        follows=_follows(event, starts_at),
        registration=_registration(event, there),
        warnings=warning_lines(found),
    )


def _held_when(event: Event) -> str:
    if event.state is EventState.POSTPONED:
        return f"Reporté, était prévu {wording.days(event.starts_on, event.ends_on)}"
    return wording.capitalise(wording.event_when(event))


def _when(event: Event, there: EventMoment) -> str:
    moved = Event(
        state=EventState.PUBLISHED,
        date_precision=there.precision,
        starts_on=there.starts_on,
        ends_on=there.ends_on,
        starts_at=there.starts_at,
        ends_at=there.ends_at,
        starts_half=event.starts_half,
        ends_half=event.ends_half,
        timezone=event.timezone,
    )
    return wording.capitalise(wording.event_when(moved))


def _follows(event: Event, starts_at: time | None) -> list[str]:
    lines = []
    if event.activities and event.date_precision is DatePrecision.DAY:
        what = wording.count(len(event.activities), "temps", "temps")
        held = event.starts_at and wording.local(event.starts_at, event.timezone).time()
        same = starts_at is None or held is None or starts_at == held
        hours = "aux mêmes heures" if same else "décalé avec l’heure du début"
        lines.append(f"Le programme suit ({what}), {hours}.")
    lines.append("Les entrées de l’accueil suivent, sauf celles où quelqu’un a déjà été accueilli.")
    people = live_registrations(db.session(), event.id)
    if people:
        one, many = "personne inscrite le reste", "personnes inscrites le restent"
        lines.append(
            f"{wording.count(people, one, many)}. "
            "Aucun courriel ne part tout seul\u00a0: prévenez-les."
        )
    if event.published_at is not None:
        lines.append("La page dira la nouvelle date, et les calendriers abonnés suivront.")
    return lines


def _registration(event: Event, there: EventMoment) -> list[str]:
    """How opening and closing of registration move, where there are any."""
    lines = []
    for word, moment, held in (
        ("Ouverture", there.opens_at, event.registration_opens_at),
        ("Fermeture", there.closes_at, event.registration_closes_at),
    ):
        if moment is not None and moment != held:
            local = wording.local(moment, event.timezone)
            when = f"{wording.day(local.date())} à {wording.hour(local)}"
            lines.append(f"{word} des inscriptions\u00a0: {when}.")
    return lines


def _page(
    event: Event,
    form: MoveForm,
    plan: MovePlan | None = None,
    status: int = 200,
    *,
    changed: bool = False,
) -> ResponseReturnValue:
    page = render_template(
        "manage/move.html",
        event=event,
        form=form,
        plan=plan,
        changed=changed,
        missing=missing_to_publish(event) if event.state is EventState.POSTPONED else {},
        held=_held_when(event),
    )
    return page, status
