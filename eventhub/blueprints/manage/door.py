"""The tab « Accueil »: checkpoints, devices, l'appel, and what a human should look at."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from flask import Response, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import DateField, PasswordField, TimeField
from wtforms.validators import InputRequired, Length, Optional

from eventhub.blueprints.manage import bp
from eventhub.domain.conflicts import ConflictKind
from eventhub.domain.errors import InvalidInput, NotFound, StateForbids
from eventhub.domain.registration import modes_of
from eventhub.domain.scan import VERDICT_MEANINGS, CheckpointKind
from eventhub.exports.qr import qr_svg
from eventhub.extensions import db
from eventhub.models.door import Checkpoint, Device
from eventhub.models.event import Event
from eventhub.queries.door import account_door
from eventhub.queries.door_conflicts import CheckReason, door_review
from eventhub.queries.door_overview import (
    checkpoint_lines,
    checkpoint_of_event,
    device_lines,
    device_of_event,
)
from eventhub.services.checkpoints import LABEL_MAX, default_checkpoints, save_checkpoint
from eventhub.services.door.pairing import DEVICE_NAME_MAX, offer_pairing, revoke_device
from eventhub.services.door.review import accept_held_scan
from eventhub.web.auth import current_account, event_for_editing
from eventhub.web.clock import now
from eventhub.web.forms import Form, LineField
from eventhub.web.roll import back_to_roll, read_roll, sentence, take_roll
from eventhub.web.transactions import write_transaction
from eventhub.web.urls import public_url

CONFLICT_TITLES = {
    ConflictKind.TWO_DOORS: "La même personne, admise à deux postes",
    ConflictKind.TWO_ROOMS: "La même personne, à deux temps à la même heure",
    ConflictKind.ADMITTED: "Une personne admise par un poste qui n’était pas à jour",
    ConflictKind.REFUSED: "Une personne refusée par un poste, alors que son inscription est bonne",
    ConflictKind.OVER_CAPACITY: "Plus de monde que de places",
}
CHECK_TITLES = {
    CheckReason.HELD: "Passages d’un poste retiré",
    CheckReason.UNREAD: "Codes que nous ne connaissons pas",
    CheckReason.NOT_KNOWN_YET: "Passages sans nom",
    CheckReason.UNDO_OF_NOTHING: "Annulations d’un passage qui n’est pas arrivé",
    CheckReason.LATE: "Passages arrivés après l’expiration du poste, et comptés",
    CheckReason.CLOCK: "Postes dont l’heure était fausse de plus de deux minutes",
}


class DeviceForm(Form):
    """A device to be: its name, and a PIN if the link travels far."""

    name = LineField(
        "Nom du poste",
        [InputRequired(), Length(max=DEVICE_NAME_MAX)],
        description="Il se verra sur chaque passage\u00a0: «\u00a0Accueil 1\u00a0».",
    )
    pin = PasswordField(
        "Code PIN",
        description="De 4 à 8 chiffres, à taper sur le téléphone. "
        "Utile si le lien part par messagerie.",
    )


class CheckpointForm(Form):
    """A checkpoint: its name, and when it is open."""

    label = LineField(
        "Nom",
        [InputRequired(), Length(max=LABEL_MAX)],
        description="Par exemple «\u00a0Entrée, après-midi\u00a0».",
    )
    on_date = DateField("Jour", [Optional()], description="Les présences comptent pour ce jour-là.")
    opens = TimeField("Ouvre à", [Optional()], description="Sans heure, il est toujours ouvert.")
    closes = TimeField("Ferme à", [Optional()])


@bp.get("/evenements/<slug>/accueil")
def door(slug: str) -> ResponseReturnValue:
    """Show checkpoints, devices, and what to look at."""
    event = event_for_editing(slug)
    session = db.session()
    return render_template(
        "manage/door/index.html",
        event=event,
        checkpoints=checkpoint_lines(session, event.id),
        devices=device_lines(session, event.id),
        review=door_review(session, event),
        moment=now(),
        conflict_titles=CONFLICT_TITLES,
        check_titles=CHECK_TITLES,
        meanings=VERDICT_MEANINGS,
    )


@bp.get("/evenements/<slug>/accueil/poste")
def new_device(slug: str) -> ResponseReturnValue:
    """Ask for the name of a device to be."""
    event = event_for_editing(slug)
    number = len(device_lines(db.session(), event.id)) + 1
    form = DeviceForm(data={"name": f"Accueil {number}"})
    return render_template("manage/door/new_device.html", event=event, form=form)


@bp.post("/evenements/<slug>/accueil/poste")
def add_device_link(slug: str) -> ResponseReturnValue:
    """Make the link of a device, and show it this once."""
    form = DeviceForm()
    with write_transaction() as session:
        event = event_for_editing(slug)
        made = None
        if form.validate():
            try:
                default_checkpoints(session, event, now())
                made = offer_pairing(
                    session,
                    event,
                    form.name.data,
                    now(),
                    pin=form.pin.data or "",
                    account_id=current_account().id,
                    actor=current_account().shown_name,
                )
            except InvalidInput as error:
                form.take_errors(error)
    if made is None:
        return render_template("manage/door/new_device.html", event=event, form=form), 422
    pairing, code = made
    link = public_url("door.pairing", code=code)
    return _unkept(
        render_template(
            "manage/door/link.html",
            event=event,
            pairing=pairing,
            link=link,
            code=qr_svg(link, f"Code QR du lien pour {pairing.name}", css_class="qr"),
        )
    )


@bp.get("/evenements/<slug>/accueil/postes/<int(max=2147483647):device_id>/retirer")
def device_revoking(slug: str, device_id: int) -> ResponseReturnValue:
    """Ask before a device is revoked."""
    event = event_for_editing(slug)
    return render_template("manage/door/revoke.html", event=event, device=_device(event, device_id))


@bp.post("/evenements/<slug>/accueil/postes/<int(max=2147483647):device_id>/retirer")
def revoke(slug: str, device_id: int) -> ResponseReturnValue:
    """Revoke a device."""
    with write_transaction() as session:
        event = event_for_editing(slug)
        account = current_account()
        device = _device(event, device_id)
        revoke_device(session, device, now(), account_id=account.id, actor=account.shown_name)
    flash(f"Le poste «\u00a0{device.name}\u00a0» est retiré.", "success")
    return redirect(url_for("manage.door", slug=slug), code=303)


@bp.get("/evenements/<slug>/accueil/point")
@bp.get("/evenements/<slug>/accueil/points/<int(max=2147483647):checkpoint_id>")
def edit_checkpoint(slug: str, checkpoint_id: int | None = None) -> ResponseReturnValue:
    """Show a checkpoint to change it, or an empty one to add."""
    event = event_for_editing(slug)
    checkpoint = _checkpoint(event, checkpoint_id)
    form = CheckpointForm(data=_checkpoint_values(event, checkpoint))
    return _checkpoint_page(event, checkpoint, form)


@bp.post("/evenements/<slug>/accueil/point")
@bp.post("/evenements/<slug>/accueil/points/<int(max=2147483647):checkpoint_id>")
def keep_checkpoint(slug: str, checkpoint_id: int | None = None) -> ResponseReturnValue:
    """Add a checkpoint, or change one."""
    form = CheckpointForm()
    kept = False
    with write_transaction() as session:
        event = event_for_editing(slug)
        checkpoint = _checkpoint(event, checkpoint_id)
        if form.validate():
            on_date = form.on_date.data if checkpoint is None or _is_entrance(checkpoint) else None
            day = on_date or (checkpoint.on_date if checkpoint else None) or event.starts_on
            try:
                save_checkpoint(
                    session,
                    event,
                    checkpoint,
                    now(),
                    label=form.label.data,
                    on_date=on_date,
                    opens_at=_moment(event, day, form.opens.data),
                    closes_at=_moment(event, day, form.closes.data),
                )
                kept = True
            except InvalidInput as error:
                form.take_errors(error)
    if not kept:
        return _checkpoint_page(event, checkpoint, form), 422
    flash("Le point d’accueil est enregistré.", "success")
    return redirect(url_for("manage.door", slug=slug), code=303)


@bp.get("/evenements/<slug>/accueil/appel")
def roll(slug: str) -> ResponseReturnValue:
    """L'appel: the list to tap down, also to type in a signed paper list."""
    event = event_for_editing(slug)
    door = account_door(db.session(), event, current_account())
    found = read_roll(db.session(), door, modes_of(event.mode)) if door.checkpoints else None
    return render_template("manage/door/roll.html", event=event, roll=found)


@bp.post("/evenements/<slug>/accueil/appel")
def tap(slug: str) -> ResponseReturnValue:
    """Record one tap of the list."""
    with write_transaction() as session:
        event = event_for_editing(slug)
        answers = take_roll(session, account_door(session, event, current_account()), now())
    tone, text = sentence(answers)
    flash(text, tone)
    return back_to_roll("manage.roll", slug=slug)


@bp.post("/evenements/<slug>/accueil/points")
def make_checkpoints(slug: str) -> ResponseReturnValue:
    """Give an event that has none its checkpoints."""
    with write_transaction() as session:
        event = event_for_editing(slug)
        default_checkpoints(session, event, now())
    return redirect(url_for("manage.roll", slug=slug), code=303)


@bp.post("/evenements/<slug>/accueil/passages/<int(max=2147483647):scan_number>/accepter")
def accept(slug: str, scan_number: int) -> ResponseReturnValue:
    """Let a scan that a revoked device sent take effect."""
    try:
        with write_transaction() as session:
            event = event_for_editing(slug)
            account = current_account()
            accept_held_scan(
                session, account_door(session, event, account), scan_number, now(), by=account
            )
        flash("Le passage est accepté.", "success")
    except StateForbids:
        flash("Ce passage avait déjà été accepté.", "warning")
    return redirect(url_for("manage.door", slug=slug, _anchor="a-verifier"), code=303)


def _device(event: Event, device_id: int) -> Device:
    found = device_of_event(db.session(), event.id, device_id)
    if found is None:
        raise NotFound
    return found


def _checkpoint(event: Event, checkpoint_id: int | None) -> Checkpoint | None:
    if checkpoint_id is None:
        return None
    found = checkpoint_of_event(db.session(), event.id, checkpoint_id)
    if found is None:
        raise NotFound
    return found


def _is_entrance(checkpoint: Checkpoint) -> bool:
    return checkpoint.kind is CheckpointKind.ENTRANCE


def _checkpoint_values(event: Event, checkpoint: Checkpoint | None) -> dict[str, object]:
    if checkpoint is None:
        return {"on_date": event.starts_on}
    zone = ZoneInfo(event.timezone)
    return {
        "label": checkpoint.label,
        "on_date": checkpoint.on_date,
        "opens": checkpoint.opens_at and checkpoint.opens_at.astimezone(zone).time(),
        "closes": checkpoint.closes_at and checkpoint.closes_at.astimezone(zone).time(),
    }


def _moment(event: Event, day: date, hour: time | None) -> datetime | None:
    """An hour of that day, in the event's zone."""
    return None if hour is None else datetime.combine(day, hour, tzinfo=ZoneInfo(event.timezone))


def _checkpoint_page(event: Event, checkpoint: Checkpoint | None, form: CheckpointForm) -> str:
    return render_template(
        "manage/door/checkpoint.html",
        event=event,
        checkpoint=checkpoint,
        has_day=checkpoint is None or _is_entrance(checkpoint),
        form=form,
    )


def _unkept(page: str) -> Response:
    """A page with a secret on it, which no cache keeps."""
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    return response
