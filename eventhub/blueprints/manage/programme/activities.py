"""The programme, and one part of it: adding, changing, doubling, taking away."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventhub.blueprints.manage import bp
from eventhub.blueprints.manage.programme.activity_conflict import merge, start_form
from eventhub.blueprints.manage.programme.activity_form import (
    EMPTY_ROWS,
    ActivityForm,
    activity_values,
)
from eventhub.domain.errors import ActivityChanged, InvalidInput, NotFound
from eventhub.domain.event import ActivityFormat, EventMode
from eventhub.domain.programme import ASSUMED_MINUTES, free_track
from eventhub.extensions import db
from eventhub.models.event import Activity, Event
from eventhub.queries.programme import (
    activity_of,
    activity_use,
    last_activity_change,
    part_of,
    programme_rows,
    room_names,
    rooms,
)
from eventhub.services.programme import (
    FINAL_STATES,
    add_activity,
    change_activity,
    duplicate_activity,
    remove_activity,
)
from eventhub.web.auth import current_account, event_for_editing
from eventhub.web.clock import now
from eventhub.web.forms import Form
from eventhub.web.once import earlier_location, keep_location
from eventhub.web.programme_editor import days_of, hours_in_words, programme_editor
from eventhub.web.transactions import write_transaction

_PAUSES = frozenset({ActivityFormat.BREAK, ActivityFormat.MEAL})
_FIELD_OF = {"minutes": "shift_rest"}


@bp.get("/evenements/<slug>/programme")
def programme(slug: str) -> ResponseReturnValue:
    """Show the programme, to write it."""
    event = event_for_editing(slug)
    rows = programme_rows(db.session(), event.id)
    return render_template(
        "manage/programme/index.html",
        event=event,
        form=Form(formdata=None),
        final=event.state in FINAL_STATES,
        editor=programme_editor(event, rows, rooms(db.session(), event.id)),
    )


@bp.get("/evenements/<slug>/programme/nouveau")
def new_activity(slug: str) -> ResponseReturnValue:
    """Show the form of a new part: after the last one, after a given one, or beside it."""
    event = event_for_editing(slug)
    rows = programme_rows(db.session(), event.id)
    after, beside = (_named(rows, request.args.get(name)) for name in ("apres", "parallele"))
    if beside is not None:
        values = _beside(event, rows, beside)
    elif after is not None:
        values = _after(event, after)
    else:
        values = _at_the_end(event, rows)
    return _form_page(event, ActivityForm(formdata=None, data=values), None)


@bp.post("/evenements/<slug>/programme/nouveau")
def create_activity(slug: str) -> ResponseReturnValue:
    """Add a part to the programme; then back to it, or on to the next one."""
    form = ActivityForm()
    if "more" in request.form:
        return _one_more_row(event_for_editing(slug), form, None)
    if not form.validate():
        return _form_page(event_for_editing(slug), form, None, 422)
    try:
        with write_transaction() as session:
            event = event_for_editing(slug)
            location = earlier_location(session, form, now())
            if location:
                return redirect(location, code=303)
            beside = _named(programme_rows(session, event.id), form.beside.data)
            made = add_activity(
                session, event, form.details(), now(), account=current_account(), beside=beside
            )
            location = _then(slug, made.id, request.form.get("then"))
            keep_location(session, form, location)
            told = f"«\u00a0{made.title}\u00a0» est au programme, {_when(event, made)}."
    except InvalidInput as error:
        form.take_errors(error, _FIELD_OF)
        return _form_page(event_for_editing(slug), form, None, 422)
    flash(told, "success")
    return redirect(location, code=303)


@bp.get("/evenements/<slug>/programme/<int(max=2147483647):activity_id>")
def activity(slug: str, activity_id: int) -> ResponseReturnValue:
    """Show one part, to change it."""
    event = event_for_editing(slug)
    found = the_activity(event, activity_id)
    return _form_page(event, start_form(event, found), found)


@bp.post("/evenements/<slug>/programme/<int(max=2147483647):activity_id>")
def edit_activity(slug: str, activity_id: int) -> ResponseReturnValue:
    """Change one part of the programme, unless someone else did since the form was shown."""
    event = event_for_editing(slug)
    found = the_activity(event, activity_id)
    form = ActivityForm()
    if "more" in request.form:
        return _one_more_row(event, form, found)
    if not form.validate():
        return _form_page(event, form, found, 422)
    try:
        with write_transaction() as session:
            event = event_for_editing(slug)
            found = the_activity(event, activity_id)
            changed = change_activity(
                session,
                event,
                found,
                form.details(),
                now(),
                version=form.version.number,
                shift_rest=form.shift_rest.data,
                account=current_account(),
            )
            told = (
                f"C’est enregistré\u00a0: {_when(event, found)}." if changed else "Rien n’a changé."
            )
    except InvalidInput as error:
        form.take_errors(error, _FIELD_OF)
        event = event_for_editing(slug)
        return _form_page(event, form, the_activity(event, activity_id), 422)
    except ActivityChanged:
        return _changed_meanwhile(event_for_editing(slug), form, activity_id)
    flash(told, "success")
    return redirect(card_url(slug, activity_id), code=303)


@bp.post("/evenements/<slug>/programme/<int(max=2147483647):activity_id>/dupliquer")
def programme_duplicate(slug: str, activity_id: int) -> ResponseReturnValue:
    """Add a part like this one, where the day has room for it."""
    with write_transaction() as session:
        event = event_for_editing(slug)
        copy = duplicate_activity(
            session, event, the_activity(event, activity_id), now(), account=current_account()
        )
        told = (
            f"«\u00a0{copy.title}\u00a0» est au programme une fois de plus, {_when(event, copy)}."
        )
        copied_id = copy.id
    flash(told, "success")
    return redirect(card_url(slug, copied_id), code=303)


@bp.get("/evenements/<slug>/programme/<int(max=2147483647):activity_id>/supprimer")
def programme_remove(slug: str, activity_id: int) -> ResponseReturnValue:
    """Ask before a part leaves the programme."""
    event = event_for_editing(slug)
    found = the_activity(event, activity_id)
    return render_template(
        "manage/programme/remove.html",
        event=event,
        activity=found,
        use=activity_use(db.session(), found.id),
    )


@bp.post("/evenements/<slug>/programme/<int(max=2147483647):activity_id>/supprimer")
def programme_remove_now(slug: str, activity_id: int) -> ResponseReturnValue:
    """Take a part out of the programme."""
    with write_transaction() as session:
        event = event_for_editing(slug)
        found = the_activity(event, activity_id)
        title = found.title
        remove_activity(session, event, found, now(), account=current_account())
    flash(f"«\u00a0{title}\u00a0» n’est plus au programme.", "success")
    return redirect(url_for("manage.programme", slug=slug), code=303)


def the_activity(event: Event, activity_id: int) -> Activity:
    """The activity of that event. Raises NotFound."""
    found = activity_of(db.session(), event.id, activity_id)
    if found is None:
        raise NotFound
    return found


def card_url(slug: str, activity_id: int, button: str = "temps") -> str:
    """The programme, at one activity; `button` names the control that takes the focus."""
    return url_for("manage.programme", slug=slug, _anchor=f"{button}-{activity_id}")


def _then(slug: str, made_id: int, then: str | None) -> str:
    if then == "next":
        return url_for("manage.new_activity", slug=slug, apres=made_id)
    if then == "parallel":
        return url_for("manage.new_activity", slug=slug, parallele=made_id)
    return card_url(slug, made_id)


def _when(event: Event, found: Activity) -> str:
    return hours_in_words(part_of(found, event.timezone))


def _one_more_row(event: Event, form: ActivityForm, found: Activity | None) -> ResponseReturnValue:
    """The same sheet with an empty row for one more person; nothing is judged yet."""
    written = sum(1 for row in form.speakers if row.form.name.data)
    form.add_rows(len(form.speakers) - written + 1)
    return _form_page(event, form, found, focus_row=len(form.speakers) - 1)


def _changed_meanwhile(event: Event, form: ActivityForm, activity_id: int) -> ResponseReturnValue:
    """Say what someone else wrote meanwhile; what only they touched is taken over."""
    found = the_activity(event, activity_id)
    conflict = merge(form, event, found)
    change = last_activity_change(db.session(), event.id, activity_id)
    return _form_page(event, form, found, 409, conflict=conflict, change=change)


def _form_page(
    event: Event, form: ActivityForm, found: Activity | None, status: int = 200, **more: Any
) -> ResponseReturnValue:
    days = days_of(event)
    if len(days) == 1 and form.on.data is None:
        form.on.data = event.starts_on
    form.add_rows(EMPTY_ROWS)
    rows = programme_rows(db.session(), event.id)
    page = render_template(
        "manage/programme/activity.html",
        event=event,
        form=form,
        activity=found,
        one_day=len(days) == 1,
        remote=event.mode in {EventMode.HYBRID, EventMode.REMOTE},
        onsite=event.mode is not EventMode.REMOTE,
        rooms=room_names(rows, rooms(db.session(), event.id)),
        tracks=sorted({row.track for row in rows if row.track}),
        beside=_named(rows, form.beside.data),
        **more,
    )
    return page, status


def _named(rows: Sequence[Activity], typed: str | None) -> Activity | None:
    """The activity of that number among these."""
    return next((row for row in rows if str(row.id) == typed), None)


def _at_the_end(event: Event, rows: Sequence[Activity]) -> dict[str, object]:
    """Where the programme ends so far, or the event begins."""
    zone = ZoneInfo(event.timezone)
    ends = [row.ends_at for row in rows if row.ends_at is not None]
    start = max(ends, default=event.starts_at)
    if start is None:
        return {"on": event.starts_on}
    local = start.astimezone(zone)
    if not event.starts_on <= local.date() <= event.ends_on:
        return {"on": event.starts_on}
    return {"on": local.date(), "starts_at": local.time()}


def _after(event: Event, before: Activity) -> dict[str, object]:
    """What follows an activity: as long, in the same format and track."""
    zone = ZoneInfo(event.timezone)
    values: dict[str, object] = {
        "format": (ActivityFormat.WORKSHOP if before.format in _PAUSES else before.format).value,
        "track": before.track,
        "registration": before.registration.value,
    }
    if before.starts_at is None:
        return values | {"on": event.starts_on}
    length = timedelta(minutes=ASSUMED_MINUTES)
    if before.ends_at is not None:
        length = before.ends_at - before.starts_at
    first = before.starts_at.astimezone(zone)
    start = (before.ends_at or before.starts_at + length).astimezone(zone)
    on: date = first.date()
    if start.date() != on:
        return values | {"on": on}
    values |= {"on": on, "starts_at": start.time()}
    end = start + length
    if before.ends_at is not None and end.date() == on:
        values["ends_at"] = end.time()
    return values


def _beside(event: Event, rows: Sequence[Activity], beside: Activity) -> dict[str, object]:
    """What takes place at the same time as an activity, in the next free track."""
    parts = [part_of(row, event.timezone) for row in rows]
    there = part_of(beside, event.timezone)
    own = beside.track or free_track(parts, there)
    values = activity_values(event, beside)
    kept = ("format", "on", "starts_at", "ends_at", "registration")
    return {name: values[name] for name in kept} | {
        "on": values["on"] or event.starts_on,
        "track": free_track(parts, there, [own]),
        "beside": str(beside.id),
    }
