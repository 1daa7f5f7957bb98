"""What the pages of a registration say, in words: open or not, which mode, the ticket."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from eventhub.domain.event import DatePrecision, EventMode, EventState
from eventhub.domain.kinds import KindColour, kind_colour
from eventhub.domain.registration import (
    ATTENDANCE_MODE_LABELS,
    LIVE_STATES,
    AttendanceMode,
    ClosedReason,
    RegistrationState,
    end_of,
    modes_of,
    places_left,
    why_registration_is_closed,
)
from eventhub.domain.ticket import show_short_code
from eventhub.exports import wording
from eventhub.exports.invitations import has_calendar_entry
from eventhub.exports.qr import qr_svg
from eventhub.models.event import Event
from eventhub.models.registration import Registration, Ticket
from eventhub.web.event_page import PosterDate, poster_date

FULL = "full"
_NOT_NOW, _NEVER_AGAIN = 409, 410


@dataclass(frozen=True, slots=True)
class ClosedPage:
    """Why nobody can register now.

    `status` is 409 where that may change (not open yet, full, postponed), 410 where it will not
    (over, ended, cancelled).
    """

    status: int
    title: str
    lines: Sequence[str]
    icon: str


@dataclass(frozen=True, slots=True)
class EventSummary:
    """The event beside the form, and in the ticket."""

    event: Event
    title: str
    colour: KindColour
    date: PosterDate
    when: str
    hours: str
    where: str


@dataclass(frozen=True, slots=True)
class TicketPage:
    """The registrant's page.

    `state` says what is shown: `confirmed` (the ticket), `invited` (the question), `waiting` (the
    rank), `withdrawn`, `cancelled` (the event), `over`. `never_came` is true of an invitation
    that was declined.
    """

    registration: Registration
    event: EventSummary
    state: str
    title: str
    name: str
    mode: str
    remote_link: str
    note: str
    qr: Markup | None
    short_code: str
    rank: int | None
    event_day: str
    can_answer: bool
    never_came: bool
    can_withdraw: bool
    can_register_again: bool
    has_calendar: bool


def why_nobody_can_register(event: Event, now: datetime) -> str | None:
    """A `ClosedReason`, `full`, or None where somebody can register."""
    reason = why_registration_is_closed(event, now)
    if reason is not None:
        return reason
    if not event.waiting_list and all(left == 0 for left in _places(event).values()):
        return FULL
    return None


def closed_page(event: Event, reason: str, now: datetime) -> ClosedPage:
    """What to say where nobody can register."""
    match reason:
        case ClosedReason.CANCELLED:
            return ClosedPage(
                _NEVER_AGAIN,
                "Cet évènement est annulé",
                _lines("Il n’aura pas lieu.", event.state_reason),
                "stop",
            )
        case ClosedReason.POSTPONED:
            return ClosedPage(
                _NOT_NOW,
                "Cet évènement est reporté",
                _lines(
                    event.state_reason,
                    "La nouvelle date n’est pas encore connue.",
                    "Les inscriptions déjà prises sont gardées.",
                ),
                "clock",
            )
        case ClosedReason.OVER:
            return ClosedPage(
                _NEVER_AGAIN, "C’est passé", ["Cet évènement a déjà eu lieu."], "calendar"
            )
        case ClosedReason.DISABLED:
            return ClosedPage(
                _NOT_NOW,
                "Pas d’inscription en ligne",
                ["Pour venir à cet évènement, écrivez aux personnes qui organisent."],
                "info",
            )
        case ClosedReason.NOT_OPEN_YET:
            opens_at = wording.local(event.registration_opens_at or now, event.timezone)
            return ClosedPage(
                _NOT_NOW,
                "Les inscriptions ne sont pas encore ouvertes",
                [
                    f"Elles ouvrent le {wording.day(opens_at.date())}, à {wording.hour(opens_at)}.",
                    "Une minute suffira, sans créer de compte.",
                ],
                "clock",
            )
        case ClosedReason.CLOSED:
            return ClosedPage(
                _NEVER_AGAIN,
                "Les inscriptions sont terminées",
                ["Une question\u00a0? Écrivez aux personnes qui organisent."],
                "lock",
            )
        case _:
            return ClosedPage(
                _NOT_NOW,
                "C’est complet",
                [
                    "Toutes les places sont prises, et il n’y a pas de liste d’attente.",
                    "Une place se libère parfois\u00a0: revenez voir.",
                ],
                "warning",
            )


def event_summary(event: Event, now: datetime) -> EventSummary:
    """The event in a few words."""
    where = "À distance" if event.mode is EventMode.REMOTE else event.place
    return EventSummary(
        event=event,
        title=wording.typeset(event.title),
        colour=kind_colour(event.kind_code, event.kind.family),
        date=poster_date(event, now),
        when=wording.capitalise(wording.event_when(event)),
        hours=wording.capitalise(wording.event_hours(event)),
        where=wording.typeset(where),
    )


def mode_choices(event: Event) -> list[tuple[AttendanceMode, str]]:
    """The modes of an event with their words; one alone is no choice."""
    place = f"Sur place, {event.place}" if event.place else "Sur place"
    words = {AttendanceMode.ONSITE: wording.typeset(place), AttendanceMode.REMOTE: "À distance"}
    return [(mode, words[mode]) for mode in modes_of(event.mode)]


def mode_details(event: Event) -> Mapping[str, Mapping[str, str]]:
    """What stands beside each mode: the places left, or that it is full."""
    return {mode.value: _aside(event, left) for mode, left in _places(event).items()}


def usual_mode(event: Event) -> AttendanceMode:
    """The first mode with a place left, else the first."""
    places = _places(event)
    return next((mode for mode, left in places.items() if left != 0), modes_of(event.mode)[0])


def means_waiting(event: Event) -> bool:
    """Whether who registers now can only wait."""
    return all(left == 0 for left in _places(event).values())


def places_sentence(event: Event) -> str:
    """« Il reste 4 places », or what full means here; nothing where there is no limit."""
    if means_waiting(event):
        waiting = event.waiting_onsite + event.waiting_remote
        people = f"\u00a0: {wording.count(waiting, 'personne')} y attend" if waiting else ""
        plural = "ent" if waiting > 1 else ""
        return f"Complet pour le moment. La liste d’attente est ouverte{people}{plural}."
    if event.mode is EventMode.HYBRID:
        return ""  # said beside each mode
    (left,) = _places(event).values()
    return "" if left is None else f"Il reste {wording.count(left, 'place')}."


def ticket_page(
    registration: Registration, ticket: Ticket | None, ticket_text: str, now: datetime
) -> TicketPage:
    """Say a registration on its own page. `ticket_text` goes in the code, where it is shown."""
    event, person = registration.event, registration.person
    state = _state(registration, now)
    shows_ticket = ticket is not None and state == "confirmed"
    remote = registration.mode is AttendanceMode.REMOTE
    live = registration.state in LIVE_STATES
    return TicketPage(
        registration=registration,
        event=event_summary(event, now),
        state=state,
        title=_title(registration, state),
        name=f"{person.given_name} {person.family_name}",
        mode=(
            ATTENDANCE_MODE_LABELS[registration.mode]
            if event.mode is EventMode.HYBRID and state != "invited"
            else ""
        ),
        remote_link=event.remote_link if remote and shows_ticket else "",
        note=wording.typeset(event.mail_note) if shows_ticket else "",
        qr=(
            qr_svg(ticket_text, "Code QR du billet, à présenter à l’accueil")
            if shows_ticket
            else None
        ),
        short_code=show_short_code(ticket.short_code) if ticket and shows_ticket else "",
        rank=registration.waiting_rank,
        event_day=_day(event),
        can_answer=state == "invited" and event.state is EventState.PUBLISHED,
        never_came=state == "withdrawn" and not registration.tickets,
        can_withdraw=live and state in {"confirmed", "waiting"},
        can_register_again=not live and why_nobody_can_register(event, now) is None,
        has_calendar=state == "confirmed" and has_calendar_entry(registration),
    )


def _state(registration: Registration, now: datetime) -> str:
    event = registration.event
    if registration.state is RegistrationState.CANCELLED:
        return "withdrawn"
    if event.state is EventState.CANCELLED:
        return "cancelled"
    if event.state is EventState.CLOSED or (
        event.state is not EventState.POSTPONED and end_of(event) <= now
    ):
        return "over"
    return registration.state.value


def _title(registration: Registration, state: str) -> str:
    event, given_name = registration.event, registration.person.given_name
    match state:
        case "withdrawn" if not registration.tickets:
            return "C’est noté, vous ne venez pas"
        case "withdrawn":
            return "Votre désistement est noté"
        case "cancelled":
            return "Cet évènement est annulé"
        case "over":
            return "C’est passé"
        case "waiting":
            return f"Vous êtes sur la liste d’attente, {given_name}"
        case "invited":
            return f"Vous êtes invité·e, {given_name}"
    one_day = event.starts_on == event.ends_on
    if event.date_precision is not DatePrecision.DAY or event.state is EventState.POSTPONED:
        return f"Vous êtes inscrit·e, {given_name}"
    day = wording.day(event.starts_on, year=False)
    return f"À {day}, {given_name}" if one_day else f"Rendez-vous le {day}, {given_name}"


def _day(event: Event) -> str:
    if event.date_precision is not DatePrecision.DAY or event.state is EventState.POSTPONED:
        return "Le jour même"
    return wording.capitalise(wording.day(event.starts_on, year=False))


def _places(event: Event) -> dict[AttendanceMode, int | None]:
    left = {
        AttendanceMode.ONSITE: places_left(
            event.capacity_onsite, event.taken_onsite, event.waiting_onsite
        ),
        AttendanceMode.REMOTE: places_left(
            event.capacity_remote, event.taken_remote, event.waiting_remote
        ),
    }
    return {mode: left[mode] for mode in modes_of(event.mode)}


def _aside(event: Event, left: int | None) -> Mapping[str, str]:
    if left is None:
        return {"aside": "sans limite"}
    if left:
        return {"aside": f"il reste {wording.count(left, 'place')}"}
    return {
        "aside": "complet, liste d’attente ouverte" if event.waiting_list else "complet",
        "aside_icon": "warning",
    }


def _lines(*lines: str) -> list[str]:
    return [wording.typeset(line) for line in lines if line]
