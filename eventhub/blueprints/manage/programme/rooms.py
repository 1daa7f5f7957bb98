"""The rooms of an event, and how many people each holds."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import FormField, HiddenField, IntegerField
from wtforms.validators import Length, NumberRange, Optional

from eventhub.blueprints.manage import bp
from eventhub.domain.activity_details import ROOM_MAX, ROOMS_MAX, RoomDetails
from eventhub.domain.errors import InvalidInput
from eventhub.domain.event_details import CAPACITY_MAX
from eventhub.domain.naming import name_key
from eventhub.extensions import db
from eventhub.models.event import Event
from eventhub.queries.programme import programme_rows, room_names
from eventhub.queries.programme import rooms as rooms_of
from eventhub.services.programme import FINAL_STATES
from eventhub.services.rooms import save_rooms
from eventhub.web.auth import current_account, event_for_editing
from eventhub.web.clock import now
from eventhub.web.forms import Form, LineField, RowForm, RowsField
from eventhub.web.transactions import write_transaction

_EMPTY_ROWS = 3


class RoomRow(RowForm):
    """One room; `was` is the name that it had when the form was shown."""

    name = LineField("Nom de la salle", [Length(max=ROOM_MAX)])
    seats = IntegerField("Places", [Optional(), NumberRange(min=1, max=CAPACITY_MAX)])
    was = HiddenField()


class RoomsForm(Form):
    """Every room of the event."""

    rooms = RowsField(FormField(RoomRow), "Salles", max_entries=ROOMS_MAX)

    def add_rows(self, number: int) -> None:
        """Offer empty rows after those that are written."""
        written = sum(1 for row in self.rooms if row.form.name.data)
        while len(self.rooms) < min(written + number, ROOMS_MAX):
            self.rooms.append_entry()


@bp.get("/evenements/<slug>/programme/salles")
def programme_rooms(slug: str) -> ResponseReturnValue:
    """Show the rooms that the programme names, to say how many people they hold."""
    event = event_for_editing(slug)
    known = rooms_of(db.session(), event.id)
    seats = {room.name_key: room.seats for room in known}
    names = room_names(programme_rows(db.session(), event.id), known)
    shown = [{"name": name, "seats": seats.get(name_key(name)), "was": name} for name in names]
    return _page(event, RoomsForm(formdata=None, data={"rooms": shown[:ROOMS_MAX]}))


@bp.post("/evenements/<slug>/programme/salles")
def programme_rooms_now(slug: str) -> ResponseReturnValue:
    """Keep the rooms; a new name goes to the activities of that room too."""
    form = RoomsForm()
    if "more" in request.form:
        written = sum(1 for row in form.rooms if row.form.name.data)
        form.add_rows(len(form.rooms) - written + 1)
        return _page(event_for_editing(slug), form, focus_row=len(form.rooms) - 1)
    if not form.validate():
        return _page(event_for_editing(slug), form, 422)
    try:
        with write_transaction() as session:
            event = event_for_editing(slug)
            typed = [
                RoomDetails(
                    name=row.form.name.data, seats=row.form.seats.data, was=row.form.was.data or ""
                )
                for row in form.rooms
            ]
            save_rooms(session, event, typed, now(), account=current_account())
    except InvalidInput as error:
        form.form_errors.extend(error.fields.values())
        return _page(event_for_editing(slug), form, 422)
    flash("Les salles sont enregistrées.", "success")
    return redirect(url_for("manage.programme", slug=slug), code=303)


def _page(
    event: Event, form: RoomsForm, status: int = 200, focus_row: int | None = None
) -> ResponseReturnValue:
    form.add_rows(_EMPTY_ROWS)
    page = render_template(
        "manage/programme/rooms.html",
        event=event,
        form=form,
        final=event.state in FINAL_STATES,
        focus_row=focus_row,
    )
    return page, status
