"""Parts of the programme that move: earlier, later, in parallel, with all that follows."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import IntegerField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, NumberRange

from eventhub.blueprints.manage import bp
from eventhub.blueprints.manage.programme.activities import card_url, the_activity
from eventhub.domain.errors import InvalidInput
from eventhub.domain.programme import DAY_MINUTES, Direction, moved
from eventhub.exports import wording
from eventhub.extensions import db
from eventhub.models.event import Activity, Event
from eventhub.queries.programme import part_of, programme_rows
from eventhub.services.programme_moves import move_activity, put_in_parallel, shift_from
from eventhub.web.auth import current_account, event_for_editing
from eventhub.web.clock import now
from eventhub.web.forms import Form
from eventhub.web.programme_editor import hours_in_words
from eventhub.web.transactions import write_transaction

_DIRECTIONS = {"earlier": Direction.EARLIER, "later": Direction.LATER}
_USUAL_DELAY_MINUTES = 15


class ShiftForm(Form):
    """How late, or early, the rest of the day begins."""

    minutes = IntegerField(
        "Minutes",
        [
            InputRequired("Donnez un nombre de minutes."),
            NumberRange(min=-DAY_MINUTES, max=DAY_MINUTES),
        ],
        default=_USUAL_DELAY_MINUTES,
    )


class ParallelForm(Form):
    """Which other part takes place at the same time."""

    other = SelectField("Temps à déplacer", coerce=str)

    def offer(self, event: Event, beside: Activity) -> None:
        """Fill the list with every other part of the programme."""
        self.other.choices = [
            SelectChoice(str(row.id), f"{row.title[:120]}, {_when(event, row)}")
            for row in programme_rows(db.session(), event.id)
            if row.id != beside.id
        ]


@bp.post("/evenements/<slug>/programme/<int(max=2147483647):activity_id>/deplacer")
def programme_move(slug: str, activity_id: int) -> ResponseReturnValue:
    """Let a part, or its whole slot, change places with what is before or after it."""
    event_for_editing(slug)
    direction = _DIRECTIONS.get(request.form.get("direction", ""))
    if direction is None:
        raise InvalidInput({"direction": "Dites dans quel sens."})
    whole_slot = request.form.get("whole") == "slot"
    with write_transaction() as session:
        event = event_for_editing(slug)
        found = the_activity(event, activity_id)
        has_moved = move_activity(
            session,
            event,
            found,
            direction,
            now(),
            whole_slot=whole_slot,
            account=current_account(),
        )
        session.refresh(found)
        what = "Le créneau" if whole_slot else f"«\u00a0{found.title}\u00a0»"
        told = f"{what}\u00a0: {_when(event, found)}." if has_moved else f"{what} ne bouge pas."
        again = _may_go_on(event, found, direction, whole_slot=whole_slot)
    flash(told, "success" if has_moved else "warning")
    button = "temps"
    if again:
        way = "plus-tot" if direction is Direction.EARLIER else "plus-tard"
        button = f"creneau-{way}" if whole_slot else way
    return redirect(card_url(slug, activity_id, button), code=303)


@bp.get("/evenements/<slug>/programme/<int(max=2147483647):activity_id>/decaler")
def programme_shift(slug: str, activity_id: int) -> ResponseReturnValue:
    """Ask by how much a part and all that follows move."""
    event = event_for_editing(slug)
    return _shift_page(event, the_activity(event, activity_id), ShiftForm(formdata=None))


@bp.post("/evenements/<slug>/programme/<int(max=2147483647):activity_id>/decaler")
def programme_shift_now(slug: str, activity_id: int) -> ResponseReturnValue:
    """Move a part and all that follows that day."""
    form = ShiftForm()
    event = event_for_editing(slug)
    if not form.validate():
        return _shift_page(event, the_activity(event, activity_id), form, 422)
    try:
        with write_transaction() as session:
            event = event_for_editing(slug)
            number = shift_from(
                session,
                event,
                the_activity(event, activity_id),
                form.minutes.data,
                now(),
                account=current_account(),
            )
    except InvalidInput as error:
        form.take_errors(error)
        event = event_for_editing(slug)
        return _shift_page(event, the_activity(event, activity_id), form, 422)
    minutes = wording.count(abs(form.minutes.data), "minute")
    way = "plus tard" if form.minutes.data > 0 else "plus tôt"
    told = wording.count(number, "temps du programme est", "temps du programme sont")
    flash(f"{told} maintenant {minutes} {way}.", "success")
    return redirect(card_url(slug, activity_id), code=303)


@bp.get("/evenements/<slug>/programme/<int(max=2147483647):activity_id>/parallele")
def programme_parallel(slug: str, activity_id: int) -> ResponseReturnValue:
    """Offer a new part, or an existing one, at the hours of this one."""
    event = event_for_editing(slug)
    found = the_activity(event, activity_id)
    form = ParallelForm(formdata=None)
    form.offer(event, found)
    return _parallel_page(event, found, form)


@bp.post("/evenements/<slug>/programme/<int(max=2147483647):activity_id>/parallele")
def programme_parallel_now(slug: str, activity_id: int) -> ResponseReturnValue:
    """Give another part the hours of this one."""
    event = event_for_editing(slug)
    found = the_activity(event, activity_id)
    form = ParallelForm()
    form.offer(event, found)
    if not form.validate():
        return _parallel_page(event, found, form, 422)
    try:
        with write_transaction() as session:
            event = event_for_editing(slug)
            other = the_activity(event, int(form.other.data))
            put_in_parallel(
                session,
                event,
                other,
                the_activity(event, activity_id),
                now(),
                account=current_account(),
            )
            told = (
                f"«\u00a0{other.title}\u00a0»\u00a0: {_when(event, other)}, parcours {other.track}."
            )
            other_id = other.id
    except InvalidInput as error:
        form.take_errors(error)
        event = event_for_editing(slug)
        return _parallel_page(event, the_activity(event, activity_id), form, 422)
    flash(told, "success")
    return redirect(card_url(slug, other_id), code=303)


def _when(event: Event, found: Activity) -> str:
    return hours_in_words(part_of(found, event.timezone))


def _may_go_on(event: Event, found: Activity, direction: Direction, *, whole_slot: bool) -> bool:
    """Whether the same button is still there, to take the focus."""
    rows = programme_rows(db.session(), event.id)
    if found.starts_at is None:
        undated = [row.id for row in rows if row.starts_at is None]
        return undated[0 if direction is Direction.EARLIER else -1] != found.id
    parts = [part_of(row, event.timezone) for row in rows]
    return moved(parts, found.id, direction, whole_slot=whole_slot) is not None


def _shift_page(
    event: Event, found: Activity, form: ShiftForm, status: int = 200
) -> ResponseReturnValue:
    page = render_template(
        "manage/programme/shift.html",
        event=event,
        activity=found,
        form=form,
        when=_when(event, found),
    )
    return page, status


def _parallel_page(
    event: Event, found: Activity, form: ParallelForm, status: int = 200
) -> ResponseReturnValue:
    page = render_template(
        "manage/programme/parallel.html",
        event=event,
        activity=found,
        form=form,
        when=_when(event, found),
        new_url=url_for("manage.new_activity", slug=event.slug, parallele=found.id),
    )
    return page, status
