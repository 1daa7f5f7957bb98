"""Makes the mail of a row of the outbox: subject, text, HTML, QR code, calendar entry.

Used by the mail worker, which has no Flask: templates are rendered by Jinja alone, and addresses
of pages are made from the configured base (a test holds them equal to those of the blueprints).
"""

import re
import uuid
from dataclasses import dataclass, field
from email.charset import QP, Charset
from email.header import Header
from email.message import Message
from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime, formataddr, parseaddr
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from sqlalchemy.orm import Session

from config import Settings
from eventhub.domain.event import EventMode, EventState
from eventhub.domain.links import registration_token
from eventhub.domain.mail import MailKind
from eventhub.domain.registration import (
    ATTENDANCE_MODE_LABELS,
    AttendanceMode,
    RegistrationState,
)
from eventhub.domain.ticket import show_short_code
from eventhub.exports import wording
from eventhub.exports.invitations import (
    CalendarMethod,
    Invitation,
    has_calendar_entry,
    invitation,
)
from eventhub.exports.qr import qr_png
from eventhub.models.event import Event
from eventhub.models.mail import OutgoingMail
from eventhub.models.registration import Registration
from eventhub.queries.registrations import (
    live_ticket,
    registration_with_event,
    registrations_with_events,
)
from eventhub.services.tickets import signed_text

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"

_SUBJECTS = {
    MailKind.REGISTRATION_CONFIRMED: "Inscription confirmée",
    MailKind.REGISTRATION_WAITING: "Liste d’attente, rang {rank}",
    MailKind.REGISTRATION_LINK: "Votre lien d’inscription",
    MailKind.REGISTRATION_CANCELLED: "Désistement noté",
    MailKind.EVENT_CANCELLED: "Annulé",
    MailKind.EVENT_INVITATION: "Invitation",
}
_CALENDAR_METHODS = {
    MailKind.REGISTRATION_CONFIRMED: CalendarMethod.REQUEST,
    MailKind.REGISTRATION_LINK: CalendarMethod.REQUEST,
    MailKind.REGISTRATION_CANCELLED: CalendarMethod.CANCEL,
    MailKind.EVENT_CANCELLED: CalendarMethod.CANCEL,
}
_QUOTED_PRINTABLE = Charset("utf-8")
_QUOTED_PRINTABLE.body_encoding = QP
_WIRE = compat32.clone(linesep="\r\n")
_WITH_TICKET = {MailKind.REGISTRATION_CONFIRMED, MailKind.REGISTRATION_LINK}


class NothingToSend(Exception):
    """What the mail is about is no longer there."""


@dataclass(frozen=True, slots=True)
class MailContent:
    """What a mail says, before it takes the form of a message."""

    subject: str
    text: str
    html: str
    reply_to: str
    ticket_png: bytes | None = None
    ticket_cid: str = ""
    invitation: Invitation | None = None


@dataclass(slots=True)
class _Draft:
    """What the templates see, gathered step by step."""

    subject: str
    reply_to: str
    values: dict[str, Any] = field(default_factory=dict)
    ticket_text: str = ""
    invitation: Invitation | None = None


def render(session: Session, mail: OutgoingMail, settings: Settings) -> Message:
    """The message of a mail of the outbox; the same bytes each time, as long as its rows stay.

    Raises NothingToSend where what it is about is gone.
    """
    return build_message(mail, content_of(session, mail, settings), settings)


def content_of(session: Session, mail: OutgoingMail, settings: Settings) -> MailContent:
    """What a mail of the outbox says. Raises NothingToSend."""
    if mail.kind is MailKind.SIGN_IN:
        draft = _Draft(f"Votre lien de connexion à {settings.hub_name}", settings.hub_contact_email)
    elif mail.kind is MailKind.CO_ORGANISER_INVITED:
        draft = _co_organiser_invited(session, mail, settings)
    elif mail.kind is MailKind.REGISTRATIONS_FOUND:
        draft = _registrations_found(session, mail, settings)
    else:
        draft = _about_a_registration(session, mail, settings)
    cid = f"billet.{mail.message_id}"
    values = {
        "subject": draft.subject,
        "params": mail.params,
        "hub_name": settings.hub_name,
        "hub_color": settings.hub_color,
        "base_url": settings.base_url,
        "ticket_cid": cid,
        "event": None,
        "person": None,
        **draft.values,
    }
    templates = _environment()
    return MailContent(
        subject=draft.subject,
        text=templates.get_template(f"mail/{mail.kind.value}.txt").render(values),
        html=templates.get_template(f"mail/{mail.kind.value}.html").render(values),
        reply_to=draft.reply_to,
        ticket_png=qr_png(draft.ticket_text) if draft.ticket_text else None,
        ticket_cid=cid,
        invitation=draft.invitation,
    )


def build_message(mail: OutgoingMail, content: MailContent, settings: Settings) -> Message:
    """The message as mail clients expect it.

    mixed{ alternative{ text, related{ html, png }, calendar }, .ics }: the calendar part makes
    clients propose the entry, the attachment serves those that only know files. Boundaries come
    from the mail's own id. The older classes of the standard library are used because
    EmailMessage loses spaces when it folds a long subject (Python 3.11 and 3.12).
    Source: RFC 2045 to 2047, RFC 6047 §2.4; Auto-Submitted: RFC 3834 §5.
    """
    boundary = f"={mail.message_id}="
    alternative = MIMEMultipart("alternative", f"{boundary}alternative")
    alternative.attach(MIMEText(content.text, "plain", _QUOTED_PRINTABLE))  # type: ignore[arg-type]  # a Charset is taken too
    alternative.attach(_html_part(content, f"{boundary}related"))
    message: Message = alternative
    if content.invitation is not None:
        calendar = content.invitation.data.decode()
        proposed = MIMEText(calendar, "calendar", "utf-8")
        proposed.set_param("method", content.invitation.method.value)
        alternative.attach(proposed)
        attached = MIMEText(calendar, "calendar", "utf-8")
        attached.add_header("Content-Disposition", "attachment", filename="evenement.ics")
        message = MIMEMultipart("mixed", f"{boundary}mixed", [alternative, attached])
    name, address = parseaddr(settings.mail_from)
    message["From"] = formataddr((name, address))
    message["To"] = mail.to
    message["Reply-To"] = _one_line(content.reply_to)
    message["Subject"] = Header(  # type: ignore[assignment]  # as its documentation does
        content.subject, "utf-8", header_name="Subject"
    )
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = f"<{mail.message_id}@{address.rpartition('@')[2] or 'localhost'}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = "fr"
    return message


def message_bytes(message: Message) -> bytes:
    """The message as it goes over the wire."""
    return message.as_bytes(policy=_WIRE)


def _html_part(content: MailContent, boundary: str) -> Message:
    html = MIMEText(content.html, "html", _QUOTED_PRINTABLE)  # type: ignore[arg-type]  # a Charset is taken too
    if content.ticket_png is None:
        return html
    picture = MIMEImage(content.ticket_png, "png")
    picture.add_header("Content-ID", f"<{content.ticket_cid}>")
    picture.add_header("Content-Disposition", "inline", filename="billet.png")
    return MIMEMultipart("related", boundary, [html, picture], type="text/html")


def registration_url(settings: Settings, registration_id: uuid.UUID) -> str:
    """The address of a registrant's own page."""
    token = registration_token(settings.secret_key, registration_id)
    return f"{settings.base_url}/mon-inscription/{token}"


def withdrawal_url(settings: Settings, registration_id: uuid.UUID) -> str:
    """The address of the page where a registrant withdraws."""
    return f"{registration_url(settings, registration_id)}/desistement"


def event_url(settings: Settings, event: Event) -> str:
    """The address of an event's public page."""
    return f"{settings.base_url}/evenements/{quote(event.slug)}"


def _about_a_registration(session: Session, mail: OutgoingMail, settings: Settings) -> _Draft:
    registration = (
        registration_with_event(session, mail.registration_id) if mail.registration_id else None
    )
    if registration is None:
        raise NothingToSend
    event, person = registration.event, registration.person
    page_url = registration_url(settings, registration.id)
    waiting = registration.state is RegistrationState.WAITING
    invited = registration.state is RegistrationState.INVITED
    onsite = registration.mode is AttendanceMode.ONSITE
    ticket = live_ticket(registration)
    draft = _Draft(
        subject=_one_line(
            f"{_SUBJECTS[mail.kind].format(**mail.params)}\u00a0: {event.title}, {_when(event)}"
        ),
        reply_to=event.contact_email or settings.hub_contact_email,
        values={
            "event": event,
            "person": person,
            "waiting": waiting,
            "invited": invited,
            "remote": not onsite,
            "contact": event.contact_name or settings.hub_name,
            "mode_word": (
                ATTENDANCE_MODE_LABELS[registration.mode].lower()
                if event.mode is EventMode.HYBRID and not invited
                else ""
            ),
            "place": ", ".join(filter(None, (event.place, event.address))) if onsite else "",
            "remote_link": "" if onsite or waiting or invited else event.remote_link,
            "page_url": page_url,
            "withdraw_url": withdrawal_url(settings, registration.id),
            "event_url": event_url(settings, event),
            "short_code": show_short_code(ticket.short_code) if ticket else "",
        },
    )
    if mail.kind in _WITH_TICKET and ticket is not None and not waiting:
        draft.ticket_text = signed_text(session, ticket, settings.secret_key)
    method = _CALENDAR_METHODS.get(mail.kind)
    # Who waits or is invited has no entry: nothing to hold, nor to take back.
    waited = waiting or invited or mail.params.get("waited", False)
    if method is not None and not waited and has_calendar_entry(registration):
        draft.invitation = invitation(
            registration,
            method,
            event_url(settings, event),
            mail.created_at,
            contact_email=settings.hub_contact_email,
        )
    return draft


def _co_organiser_invited(session: Session, mail: OutgoingMail, settings: Settings) -> _Draft:
    event = session.get(Event, mail.params["event_id"])
    if event is None:
        raise NothingToSend
    return _Draft(
        subject=_one_line(f"Organisez avec nous\u00a0: {event.title}, {_when(event)}"),
        reply_to=event.contact_email or settings.hub_contact_email,
        values={
            "event": event,
            "event_url": event_url(settings, event),
            "place": ", ".join(filter(None, (event.place, event.address))),
            "contact": event.contact_name or settings.hub_name,
        },
    )


def _registrations_found(session: Session, mail: OutgoingMail, settings: Settings) -> _Draft:
    ids = [uuid.UUID(text) for text in mail.params["registration_ids"]]
    registrations = registrations_with_events(session, ids)
    if not registrations:
        raise NothingToSend
    number = len(registrations)
    what = "Votre inscription" if number == 1 else f"Vos {number} inscriptions"
    return _Draft(
        subject=f"{what} à venir",
        reply_to=settings.hub_contact_email,
        values={"entries": [_entry(registration, settings) for registration in registrations]},
    )


def _entry(registration: Registration, settings: Settings) -> dict[str, Any]:
    person = registration.person
    return {
        "event": registration.event,
        "name": f"{person.given_name} {person.family_name}",
        "waiting": registration.state is RegistrationState.WAITING,
        "invited": registration.state is RegistrationState.INVITED,
        "url": registration_url(settings, registration.id),
    }


def _when(event: Event) -> str:
    """The day, and the hour at which it starts where it lasts one day."""
    days = wording.event_days(event)
    if (
        event.starts_at is None
        or event.starts_on != event.ends_on
        or event.state is EventState.POSTPONED
    ):
        return days
    return f"{days} à {wording.hour(wording.local(event.starts_at, event.timezone))}"


def _one_line(text: str) -> str:
    """`text` without what would end a header."""
    return re.sub(r"[\r\n\t\v\f\u2028\u2029]+", " ", text)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    environment.filters["event_when"] = wording.event_when
    environment.filters["capitalise"] = wording.capitalise
    environment.filters["of_name"] = wording.of_name
    return environment
