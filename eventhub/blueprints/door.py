"""The door page and pairing.

A paired phone is known by two copies of its bearer token: a cookie that only the server reads,
sent to `/accueil` alone, by which these pages are made; and the one that the page's script sends
to the API (see docs/door-protocol.md).
"""

from datetime import datetime

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from wtforms import PasswordField
from wtforms.validators import InputRequired, Length

from eventhub.domain.errors import InvalidInput, LinkExpired, TooManyTries
from eventhub.domain.registration import modes_of
from eventhub.extensions import db, limiter
from eventhub.models.event import Event
from eventhub.queries.door import Door, device_door
from eventhub.queries.reference import categories_on_offer
from eventhub.services.door.pairing import (
    DEVICE_NAME_MAX,
    live_pairing,
    pair_device,
)
from eventhub.web.api_auth import hash_token
from eventhub.web.clock import now
from eventhub.web.door_auth import readable
from eventhub.web.errors import answer_for
from eventhub.web.forms import Form, LineField
from eventhub.web.roll import back_to_roll, read_roll, sentence, take_roll
from eventhub.web.transactions import write_transaction

bp = Blueprint("door", __name__)

COOKIE = "eventhub_door"
COOKIE_PATH = "/accueil"


class PairingForm(Form):
    """How the phone is called, and the PIN where the organiser set one."""

    name = LineField(
        "Nom de ce poste",
        [InputRequired(), Length(max=DEVICE_NAME_MAX)],
        description="Vos collègues le verront : « Accueil 1 », « Porte quai ».",
    )
    pin = PasswordField(
        "Code PIN", description="L’organisation vous l’a donné. Cinq essais au plus."
    )


@bp.get("/accueil/ajouter/<code>")
def pairing(code: str) -> ResponseReturnValue:
    """Show the button that makes this phone a device: opening the link uses nothing up."""
    try:
        found = live_pairing(db.session(), code, now())
    except (LinkExpired, TooManyTries) as error:
        return _refused(error)
    form = PairingForm(data={"name": found.name})
    return _page("door/pair.html", form=form, pairing=found, event=found.event)


@bp.post("/accueil/ajouter/<code>")
@limiter.limit("30 per minute")
def pair(code: str) -> ResponseReturnValue:
    """Make this phone a device, and give it its token."""
    form = PairingForm()
    if not form.validate():
        return _pairing_form(form, code)
    try:
        with write_transaction() as session:
            attempt = pair_device(
                session,
                code,
                form.name.data,
                form.pin.data or "",
                now(),
                secret_key=current_app.config["SECRET_KEY"],
            )
    except (LinkExpired, TooManyTries) as error:
        return _refused(error)
    except InvalidInput as error:
        form.take_errors(error)
        return _pairing_form(form, code)
    if attempt.device is None:
        form.take_errors(InvalidInput({"pin": _wrong_pin(attempt.tries_left)}))
        return _pairing_form(form, code)
    response = make_response(redirect(url_for("door.index"), code=303))
    _remember(response, attempt.token, attempt.device.expires_at)
    return response


def _pairing_form(form: PairingForm, code: str) -> Response:
    """The same form with its errors; the link may have closed at this very try."""
    try:
        found = live_pairing(db.session(), code, now())
    except (LinkExpired, TooManyTries) as error:
        return _refused(error)
    return _page("door/pair.html", 422, form=form, pairing=found, event=found.event)


@bp.get("/accueil")
def index() -> ResponseReturnValue:
    """The door page of this phone."""
    token, door = _token(), _door()
    if door is None:
        return _page("door/unpaired.html")
    event = db.session.get_one(Event, door.event_id)
    return _page(
        "door/index.html",
        door=door,
        token=token,
        event=event,
        modes=[mode.value for mode in modes_of(event.mode)],
        categories=categories_on_offer(db.session()),
    )


@bp.get("/accueil/liste")
def roll() -> ResponseReturnValue:
    """The list to tap down, for browsers without script."""
    door = _door()
    if door is None:
        return _page("door/unpaired.html")
    event = db.session.get_one(Event, door.event_id)
    found = read_roll(db.session(), door, modes_of(event.mode))
    return _page("door/roll.html", event=event, roll=found)


@bp.post("/accueil/liste")
def tap() -> ResponseReturnValue:
    """Record one tap of the list."""
    moment = now()
    with write_transaction() as session:
        door = _door()
        if door is None:
            return _page("door/unpaired.html")
        answers = take_roll(session, door, moment)
    tone, text = sentence(answers)
    flash(text, tone)
    return back_to_roll("door.roll")


@bp.get("/accueil/quitter")
def leaving() -> ResponseReturnValue:
    """Ask before this phone stops being a device."""
    door = _door()
    return _page("door/unpaired.html") if door is None else _page("door/leave.html", door=door)


@bp.post("/accueil/quitter")
def leave() -> ResponseReturnValue:
    """Forget the device in this browser; the organiser's page still lists it."""
    response = make_response(redirect(url_for("door.index"), code=303))
    response.delete_cookie(COOKIE, path=COOKIE_PATH)
    return response


def _token() -> str:
    return request.cookies.get(COOKIE, "")


def _door() -> Door | None:
    """The door of this phone's cookie. Raises DeviceRevoked, DeviceExpired."""
    token = _token()
    door = device_door(db.session(), hash_token(token)) if token else None
    return readable(door, now()) if door is not None else None


def _wrong_pin(tries_left: int) -> str:
    essays = "1 essai" if tries_left == 1 else f"{tries_left} essais"
    return f"Ce n’est pas le bon code. Il reste {essays}."


def _remember(response: Response, token: str, until: datetime) -> None:
    response.set_cookie(
        COOKIE,
        token,
        expires=until,
        path=COOKIE_PATH,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )


def _refused(error: LinkExpired | TooManyTries) -> Response:
    answer = answer_for(error)
    return _page("door/refused.html", answer.status, answer=answer)


def _page(template: str, status: int = 200, **values: object) -> Response:
    """A page of the door: names are on it, so that no cache keeps it."""
    response = make_response(render_template(template, **values), status)
    response.headers["Cache-Control"] = "no-store"
    return response
