"""Registration without an account: registering, one's own page, withdrawing, finding it again.

Answers where nobody can register: 404 for a draft or an unknown event, 409 where that may change
(full, postponed, not open yet, not online), 410 where it will not (cancelled, over, ended).

Nobody learns here who is registered: a second attempt gets the page that a first one gets, and
the link goes to the mailbox. What follows a registration shows only what the same browser typed.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from config import Settings
from eventhub.domain.errors import (
    AlreadyRegistered,
    EventFull,
    InvalidInput,
    NotFound,
    RegistrationClosed,
    RegistrationNotLive,
    StateForbids,
    TooManyTries,
)
from eventhub.domain.event import EventMode
from eventhub.domain.links import registration_id_of
from eventhub.exports import wording
from eventhub.exports.invitations import CalendarMethod, invitation
from eventhub.extensions import db, limiter
from eventhub.models.event import Event
from eventhub.models.registration import Registration
from eventhub.queries import reference
from eventhub.queries.registrations import (
    event_for_registration,
    live_ticket,
    registration_with_event,
)
from eventhub.services import outbox
from eventhub.services.invitations import accept_invitation, decline_invitation
from eventhub.services.people import clean_email
from eventhub.services.registration import register, withdraw
from eventhub.services.registration_links import mail_link_again, mail_links_found
from eventhub.services.tickets import signed_text
from eventhub.web.clock import now
from eventhub.web.registration_form import (
    AcceptanceForm,
    EmailForm,
    RefusalForm,
    RegistrationForm,
    WithdrawalForm,
)
from eventhub.web.registration_page import (
    FULL,
    closed_page,
    event_summary,
    means_waiting,
    mode_choices,
    mode_details,
    places_sentence,
    ticket_page,
    usual_mode,
    why_nobody_can_register,
)
from eventhub.web.transactions import write_transaction
from eventhub.web.urls import public_url

bp = Blueprint("registration", __name__)

TIMEZONE = "Europe/Paris"
"""Where « today » is, over all events."""
MAILS_TO_A_MAILBOX = 30
"""Registrations mailed to one mailbox within an hour: a whole team, not a flood."""
TYPED_IS_KEPT_SECONDS = 30 * 60
"""How long the browser's session keeps what was just typed, for a colleague's registration."""
_TYPED = "registration_typed"


@bp.get("/evenements/<slug>/inscription")
def new(slug: str) -> AnyResponse:
    """Show the form, or why nobody can register."""
    event = _event(slug)
    reason = why_nobody_can_register(event, now())
    if reason is not None:
        return _closed(event, reason)
    form = _form(event)
    if "collegue" in request.args and not form.is_submitted():
        typed = _just_typed(event)
        form.structure.data = typed.get("structure", "")
        form.departement.data = typed.get("departement")
    return _form_page(event, form, 200)


@bp.post("/evenements/<slug>/inscription")
@limiter.limit("60 per minute; 600 per hour")  # a workshop's whole room may share one address
def create(slug: str) -> AnyResponse:
    """Register a person; the same answer for who is registered already."""
    event, moment = _event(slug), now()
    reason = why_nobody_can_register(event, moment)
    if reason is not None:
        return _closed(event, reason)
    form = _form(event)
    if not form.validate():
        return _form_page(event, form, 422)
    wanted = form.registration_request()
    try:
        with write_transaction() as writing:
            event = _event(slug)
            _spare_the_mailbox(wanted.email or "")
            register(writing, event, wanted, moment)
    except AlreadyRegistered:
        with write_transaction() as writing:
            mail_link_again(writing, _event(slug), wanted, moment)
    except InvalidInput as error:
        form.take_errors(error)
        return _form_page(_event(slug), form, 422)
    except RegistrationClosed as error:
        return _closed(_event(slug), error.reason)
    except EventFull:
        return _full(_event(slug), form)
    session[_TYPED] = {
        "slug": slug,
        "at": int(moment.timestamp()),
        "email": wanted.email,
        "structure": wanted.structure,
        "departement": wanted.departement,
    }
    return redirect(url_for("registration.noted", slug=slug), 303)


@bp.get("/evenements/<slug>/inscription/suite")
def noted(slug: str) -> str:
    """Say that a mail is on its way, whatever it says."""
    event = _event(slug)
    typed = _just_typed(event)
    return render_template(
        "registration/noted.html",
        summary=event_summary(event, now()),
        email=typed.get("email", ""),
        may_wait=means_waiting(event),
        is_open=why_nobody_can_register(event, now()) is None,
    )


@bp.get("/mon-inscription/<token>")
def manage(token: str) -> str:
    """Show the ticket, or the rank, and what can be done."""
    registration = _registration(token)
    ticket = live_ticket(registration)
    text = signed_text(db.session(), ticket, _settings().secret_key) if ticket else ""
    page = ticket_page(registration, ticket, text, now())
    if page.can_answer:
        return _invitation_page(registration, token, _acceptance(registration.event, shown=True))
    return render_template("registration/ticket.html", page=page, token=token)


@bp.post("/mon-inscription/<token>/je-viens")
@limiter.limit("30 per minute")
def accept(token: str) -> AnyResponse:
    """Give an invited person a place or a rank; doing it twice changes nothing more."""
    registration = _registration(token)
    form = _acceptance(registration.event)
    if not form.validate():
        return make_response(_invitation_page(registration, token, form), 422)
    try:
        with write_transaction() as writing:
            accept_invitation(writing, _registration(token), form.chosen_mode(), now())
    except EventFull:
        full = "Il n’y a plus de place, et il n’y a pas de liste d’attente."
        if form.mode is not None:
            full = "Il n’y a plus de place ainsi. Il en reste peut-être autrement."
        form.take_errors(InvalidInput({"mode": full}))
        return make_response(_invitation_page(_registration(token), token, form), 409)
    except InvalidInput as error:  # the event's mode changed since the page was shown
        form = _acceptance(_registration(token).event, shown=True)
        form.take_errors(error)
        return make_response(_invitation_page(_registration(token), token, form), 422)
    except (RegistrationClosed, StateForbids):
        pass  # the page says how things are
    return redirect(url_for("registration.manage", token=token), 303)


@bp.post("/mon-inscription/<token>/je-ne-viens-pas")
@limiter.limit("30 per minute")
def decline(token: str) -> AnyResponse:
    """Note that an invited person does not come; doing it twice changes nothing more."""
    excused = "excused" in request.form  # an empty form would give the box its default
    try:
        with write_transaction() as writing:
            decline_invitation(writing, _registration(token), now(), excused=excused)
    except (RegistrationClosed, StateForbids):
        pass  # the page says how things are
    return redirect(url_for("registration.manage", token=token), 303)


@bp.get("/mon-inscription/<token>/calendrier.ics")
def calendar(token: str) -> Response:
    """Give the registration as a file for calendars."""
    registration = _registration(token)
    if not ticket_page(registration, None, "", now()).has_calendar:
        raise NotFound
    entry = invitation(
        registration,
        CalendarMethod.PUBLISH,
        public_url("agenda.event", slug=registration.event.slug),
        now(),
        contact_email=_settings().hub_contact_email,
    )
    response = make_response(entry.data)
    response.mimetype = "text/calendar"
    response.headers["Content-Disposition"] = (
        f'attachment; filename="{registration.event.slug}.ics"'
    )
    return response


@bp.get("/mon-inscription/<token>/desistement")
def withdrawal(token: str) -> AnyResponse:
    """Ask before withdrawing."""
    page = _page_to_withdraw(token)
    if page is None:
        return redirect(url_for("registration.manage", token=token), 303)
    return make_response(
        render_template(
            "registration/withdrawal.html", page=page, form=WithdrawalForm(), token=token
        )
    )


@bp.post("/mon-inscription/<token>/desistement")
@limiter.limit("30 per minute")
def withdraw_registration(token: str) -> AnyResponse:
    """Withdraw; doing it twice changes nothing more."""
    form, moment = WithdrawalForm(), now()
    try:
        with write_transaction() as writing:
            registration = _registration(token)
            if not ticket_page(registration, None, "", moment).can_withdraw:
                raise StateForbids
            withdraw(writing, registration, moment, excused=bool(form.excused.data))
    except (RegistrationNotLive, StateForbids):
        pass  # the page says how things are
    return redirect(url_for("registration.manage", token=token), 303)


@bp.get("/retrouver")
def retrieve() -> str:
    """Ask for the address to which links are mailed again."""
    return render_template(
        "registration/retrieve.html", form=EmailForm(), sent="envoye" in request.args
    )


@bp.post("/retrouver")
@limiter.limit("10 per minute; 60 per hour")
def send_links() -> AnyResponse:
    """Mail the links of an address's registrations to come; always the same answer."""
    form, moment = EmailForm(), now()
    if not form.validate():
        return make_response(
            render_template("registration/retrieve.html", form=form, sent=False), 422
        )
    today = wording.local(moment, TIMEZONE).date()
    with write_transaction() as writing:
        mail_links_found(writing, clean_email(form.email.data or ""), today, moment)
    return redirect(url_for("registration.retrieve", envoye=1), 303)


@bp.after_request
def keep_private(response: Response) -> Response:
    """Keep personal links out of caches, search engines and other sites' logs."""
    if request.view_args and "token" in request.view_args:
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _event(slug: str) -> Event:
    event = event_for_registration(db.session(), slug)
    if event is None:
        raise NotFound
    return event


def _registration(token: str) -> Registration:
    identity = registration_id_of(_settings().secret_key, token)
    found = registration_with_event(db.session(), identity) if identity else None
    if found is None:
        abort(_unknown_link())
    return found


def _unknown_link() -> Response:
    return make_response(
        render_template(
            "errors/error.html",
            status=404,
            title="Ce lien ne mène à aucune inscription",
            message=(
                "Il a peut-être été coupé en route\u00a0: ouvrez-le depuis le courriel, "
                "ou demandez qu’on vous le renvoie."
            ),
            action={"label": "Retrouver mon billet", "url": url_for("registration.retrieve")},
        ),
        404,
    )


def _page_to_withdraw(token: str) -> Any:
    page = ticket_page(_registration(token), None, "", now())
    return page if page.can_withdraw else None


def _acceptance(event: Event, *, shown: bool = False) -> AcceptanceForm:
    form = AcceptanceForm(formdata=None) if shown else AcceptanceForm()
    form.offer(mode_choices(event))
    if form.mode is not None and shown:
        form.mode.data = usual_mode(event).value
    return form


def _invitation_page(registration: Registration, token: str, form: AcceptanceForm) -> str:
    event = registration.event
    return render_template(
        "registration/invitation.html",
        page=ticket_page(registration, None, "", now()),
        token=token,
        form=form,
        refusal=RefusalForm(formdata=None),
        mode_details=mode_details(event) if event.mode is EventMode.HYBRID else {},
        places=places_sentence(event) if event.waiting_list or not means_waiting(event) else "",
        is_full=not event.waiting_list and means_waiting(event),
    )


def _form(event: Event) -> RegistrationForm:
    form = RegistrationForm()
    form.offer(
        reference.categories_on_offer(db.session()),
        reference.departements(db.session()),
        mode_choices(event),
    )
    if form.mode is not None and not form.is_submitted():
        form.mode.data = usual_mode(event).value
    return form


def _form_page(event: Event, form: RegistrationForm, status: int) -> Response:
    return make_response(
        render_template(
            "registration/new.html",
            summary=event_summary(event, now()),
            form=form,
            mode_details=mode_details(event) if event.mode is EventMode.HYBRID else {},
            places=places_sentence(event),
            will_wait=means_waiting(event),
            retention_months=_settings().retention_months,
        ),
        status,
    )


def _closed(event: Event, reason: str) -> Response:
    page = closed_page(event, reason, now())
    return make_response(
        render_template(
            "registration/closed.html",
            page=page,
            summary=event_summary(event, now()),
            contact_email=event.contact_email or _settings().hub_contact_email,
        ),
        page.status,
    )


def _full(event: Event, form: RegistrationForm) -> Response:
    """The page for who found no place: another mode may have some."""
    if why_nobody_can_register(event, now()) is not None:
        return _closed(event, FULL)
    form.take_errors(InvalidInput({"mode": "Il n’y a plus de place ainsi. Il en reste autrement."}))
    return _form_page(event, form, 422)


def _spare_the_mailbox(email: str) -> None:
    written = outbox.mails_to_mailbox(db.session(), email, now(), timedelta(hours=1))
    if written >= MAILS_TO_A_MAILBOX:
        raise TooManyTries


def _just_typed(event: Event) -> Mapping[str, Any]:
    """What this browser has just typed to register at this event."""
    typed: Mapping[str, Any] = session.get(_TYPED, {})
    is_recent = now().timestamp() - typed.get("at", 0) < TYPED_IS_KEPT_SECONDS
    return typed if typed.get("slug") == event.slug and is_recent else {}
