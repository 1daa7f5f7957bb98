"""The tab « Programme »: a thin editor that needs no script."""

from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import DateField, IntegerField, SelectField, TimeField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from eventhub.blueprints.manage import bp
from eventhub.domain.activity_details import (
    ROOM_MAX,
    TRACK_MAX,
    ActivityDetails,
    SpeakerDetails,
)
from eventhub.domain.errors import InvalidInput, NotFound
from eventhub.domain.event import (
    ACTIVITY_FORMAT_LABELS,
    ActivityFormat,
    DatePrecision,
    EventMode,
    EventState,
)
from eventhub.domain.event_details import CAPACITY_MAX, LONG_TEXT_MAX, TITLE_MAX
from eventhub.extensions import db
from eventhub.models.event import Activity, Event
from eventhub.queries.programme import activity_use
from eventhub.services.programme import (
    add_activity,
    change_activity,
    remove_activity,
)
from eventhub.web.auth import event_for_editing
from eventhub.web.clock import now
from eventhub.web.forms import LineField, LinesField, tidy
from eventhub.web.once import OnceForm, earlier_location, keep_location
from eventhub.web.transactions import write_transaction

_TIME_FORMATS = ["%H:%M", "%H:%M:%S"]
_FINAL_STATES = frozenset({EventState.CANCELLED, EventState.CLOSED})


class ActivityForm(OnceForm):
    """One part of the programme."""

    format = SelectField(
        "Format",
        choices=[SelectChoice(key.value, text) for key, text in ACTIVITY_FORMAT_LABELS.items()],
        default=ActivityFormat.WORKSHOP.value,
    )
    title = LineField("Titre", [InputRequired(), Length(max=TITLE_MAX)])
    on = DateField("Jour", [Optional()])
    starts_at = TimeField("Début", [Optional()], format=_TIME_FORMATS)
    ends_at = TimeField("Fin", [Optional()], format=_TIME_FORMATS)
    room = LineField("Salle", [Length(max=ROOM_MAX)])
    track = LineField("Parcours", [Length(max=TRACK_MAX)])
    speakers = LinesField("Avec")
    hosts = LinesField("Structures qui l’animent")
    summary = LinesField("En quelques phrases", [Length(max=LONG_TEXT_MAX)])
    capacity_onsite = IntegerField(
        "Places sur place", [Optional(), NumberRange(min=0, max=CAPACITY_MAX)]
    )
    capacity_remote = IntegerField(
        "Places à distance", [Optional(), NumberRange(min=0, max=CAPACITY_MAX)]
    )

    def details(self) -> ActivityDetails:
        """What was typed, once `validate` has said yes."""
        lines = (tidy(line) for line in self.hosts.data.split("\n"))
        return ActivityDetails(
            format=ActivityFormat(self.format.data),
            title=self.title.data,
            on=self.on.data,
            starts_at=self.starts_at.data,
            ends_at=self.ends_at.data,
            room=self.room.data,
            track=self.track.data,
            speakers=tuple(
                SpeakerDetails(name=tidy(line), may_be_named=True)
                for line in self.speakers.data.split("\n")
                if tidy(line)
            ),
            summary=self.summary.data,
            counts_presence=self.format.data != ActivityFormat.BREAK.value,
            hosts=tuple(line for line in lines if line),
            capacity_onsite=self.capacity_onsite.data,
            capacity_remote=self.capacity_remote.data,
        )


@bp.get("/evenements/<slug>/programme")
def programme(slug: str) -> ResponseReturnValue:
    """Show the programme, to add to it."""
    event = event_for_editing(slug)
    return render_template(
        "manage/programme.html",
        event=event,
        final=event.state in _FINAL_STATES,
        formats=ACTIVITY_FORMAT_LABELS,
    )


@bp.get("/evenements/<slug>/programme/nouveau")
def new_activity(slug: str) -> ResponseReturnValue:
    """Show the form of a new part, which begins where the last one ends."""
    event = event_for_editing(slug)
    return _form_page(event, ActivityForm(formdata=None, data=_next_values(event)), None)


@bp.post("/evenements/<slug>/programme/nouveau")
def create_activity(slug: str) -> ResponseReturnValue:
    """Add a part to the programme."""
    form = ActivityForm()
    if not form.validate():
        return _form_page(event_for_editing(slug), form, None, 422)
    try:
        with write_transaction() as session:
            event = event_for_editing(slug)
            location = url_for("manage.programme", slug=slug)
            if earlier_location(session, form, now()):
                return redirect(location, code=303)
            keep_location(session, form, location)
            title = add_activity(session, event, form.details(), now()).title
    except InvalidInput as error:
        form.take_errors(error)
        return _form_page(event_for_editing(slug), form, None, 422)
    flash(f"« {title} » est au programme.", "success")
    return redirect(location, code=303)


@bp.get("/evenements/<slug>/programme/<int(max=2147483647):activity_id>")
def activity(slug: str, activity_id: int) -> ResponseReturnValue:
    """Show one part, to change it."""
    event = event_for_editing(slug)
    found = _activity(event, activity_id)
    return _form_page(event, ActivityForm(formdata=None, data=_values(event, found)), found)


@bp.post("/evenements/<slug>/programme/<int(max=2147483647):activity_id>")
def edit_activity(slug: str, activity_id: int) -> ResponseReturnValue:
    """Change one part of the programme."""
    event = event_for_editing(slug)
    found = _activity(event, activity_id)
    form = ActivityForm()
    if not form.validate():
        return _form_page(event, form, found, 422)
    try:
        with write_transaction() as session:
            event = event_for_editing(slug)
            change_activity(session, event, _activity(event, activity_id), form.details(), now())
    except InvalidInput as error:
        form.take_errors(error)
        event = event_for_editing(slug)
        return _form_page(event, form, _activity(event, activity_id), 422)
    flash("C’est enregistré.", "success")
    return redirect(url_for("manage.programme", slug=slug), code=303)


@bp.get("/evenements/<slug>/programme/<int(max=2147483647):activity_id>/supprimer")
def remove(slug: str, activity_id: int) -> ResponseReturnValue:
    """Ask before a part leaves the programme."""
    event = event_for_editing(slug)
    found = _activity(event, activity_id)
    return render_template(
        "manage/remove_activity.html",
        event=event,
        activity=found,
        in_use=activity_use(db.session(), found.id).is_used,
    )


@bp.post("/evenements/<slug>/programme/<int(max=2147483647):activity_id>/supprimer")
def remove_now(slug: str, activity_id: int) -> ResponseReturnValue:
    """Take a part out of the programme."""
    with write_transaction() as session:
        event = event_for_editing(slug)
        remove_activity(session, event, _activity(event, activity_id), now())
    flash("Ce temps n’est plus au programme.", "success")
    return redirect(url_for("manage.programme", slug=slug), code=303)


def _form_page(
    event: Event, form: ActivityForm, found: Activity | None, status: int = 200
) -> ResponseReturnValue:
    several_days = event.starts_on != event.ends_on or event.date_precision is not DatePrecision.DAY
    if not several_days and form.on.data is None:
        form.on.data = event.starts_on
    page = render_template(
        "manage/activity.html",
        event=event,
        form=form,
        activity=found,
        several_days=several_days,
        hybrid=event.mode is EventMode.HYBRID,
    )
    return page, status


def _activity(event: Event, activity_id: int) -> Activity:
    for found in event.activities:
        if found.id == activity_id:
            return found
    raise NotFound


def _next_values(event: Event) -> dict[str, object]:
    zone = ZoneInfo(event.timezone)
    ends = [activity.ends_at for activity in event.activities if activity.ends_at is not None]
    start = max(ends, default=event.starts_at)
    if start is None:
        return {"on": event.starts_on}
    local = start.astimezone(zone)
    return {"on": local.date(), "starts_at": local.time()}


def _values(event: Event, found: Activity) -> dict[str, object]:
    zone = ZoneInfo(event.timezone)
    start = found.starts_at.astimezone(zone) if found.starts_at else None
    end = found.ends_at.astimezone(zone) if found.ends_at else None
    return {
        "format": found.format.value,
        "title": found.title,
        "on": start.date() if start else None,
        "starts_at": start.time() if start else None,
        "ends_at": end.time() if end else None,
        "room": found.room,
        "track": found.track,
        "speakers": "\n".join(speaker.name for speaker in found.speakers),
        "summary": found.summary,
        "hosts": "\n".join(structure.name for structure in found.hosts),
        "capacity_onsite": found.capacity_onsite,
        "capacity_remote": found.capacity_remote,
    }
