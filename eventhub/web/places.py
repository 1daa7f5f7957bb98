"""What the places of an event come to, in words: in a row of the agenda, on its page."""

from dataclasses import dataclass
from datetime import datetime

from eventhub.domain.event import EventMode, EventState
from eventhub.domain.registration import end_of, places_left, why_registration_is_closed
from eventhub.exports import wording
from eventhub.models.event import Event

Seats = tuple[int, int]
"""Places taken, and places in all."""

REGISTER = "S’inscrire"
REGISTER_TO_WAIT = "S’inscrire sur la liste d’attente"
_FULL: Seats = (1, 1)


@dataclass(frozen=True, slots=True)
class PlacesWords:
    """A headline (« Il reste 4 places ») with its note, its pictogram and its gauge.

    A gauge is about the places on site where there are some, else about those at a distance.
    `action` is the word of the button, or nothing where nobody can register. `icon` is an id of
    icons.svg, or nothing.
    """

    headline: str
    note: str = ""
    icon: str = ""
    seats: Seats | None = None
    action: str = ""


def has_ended(event: Event, now: datetime) -> bool:
    """Whether the event is over. A postponed one is still to come."""
    if event.state is EventState.POSTPONED:
        return False
    return event.state is EventState.CLOSED or now >= end_of(event)


def places_words(event: Event, now: datetime) -> PlacesWords:
    """Say whether one can register, and how much room there is."""
    match why_registration_is_closed(event, now):
        case None | "not_published":
            return _open(event)
        case "cancelled":
            return PlacesWords("Annulé", icon="stop")
        case "postponed":
            kept = ", les inscriptions sont gardées" if event.registration_enabled else ""
            return PlacesWords("Reporté", f"nouvelle date bientôt{kept}", "clock")
        case "over":
            return PlacesWords("C’est passé")
        case "disabled":
            return PlacesWords("Sans inscription en ligne")
        case "not_open_yet":
            opens_on = _day(event.registration_opens_at or now, event, now)
            return PlacesWords(f"Inscriptions à partir du {opens_on}", icon="clock")
        case _:
            return PlacesWords("Inscriptions closes", icon="lock")


def _open(event: Event) -> PlacesWords:
    onsite = places_left(event.capacity_onsite, event.taken_onsite, event.waiting_onsite)
    remote = places_left(event.capacity_remote, event.taken_remote, event.waiting_remote)
    if event.mode is EventMode.REMOTE:
        return _one_mode(event, event.capacity_remote, remote, "à distance")
    if event.mode is not EventMode.HYBRID:
        return _one_mode(event, event.capacity_onsite, onsite, "sur place")
    if onsite == 0 and remote == 0:
        return _full(event)
    if onsite == 0:
        note = f"à distance, {_remains(remote)}"
        if event.waiting_list:
            note = f"liste d’attente ouverte ; {note}"
        return PlacesWords("Complet sur place", note, "warning", _FULL, REGISTER)
    beside = _remote(event, remote)
    if onsite is None or event.capacity_onsite is None:
        return PlacesWords("Sans limite de places", f"sur place ; {beside}", action=REGISTER)
    capacity = event.capacity_onsite
    note = f"sur {wording.integer(capacity)}, sur place ; {beside}"
    return PlacesWords(_headline(onsite), note, "", (capacity - onsite, capacity), REGISTER)


def _one_mode(event: Event, capacity: int | None, left: int | None, where: str) -> PlacesWords:
    if capacity is None or left is None:
        return PlacesWords("Sans limite de places", where, action=REGISTER)
    if left == 0:
        return _full(event)
    note = f"sur {wording.integer(capacity)}, {where}"
    return PlacesWords(_headline(left), note, "", (capacity - left, capacity), REGISTER)


def _full(event: Event) -> PlacesWords:
    if not event.waiting_list:
        return PlacesWords("Complet", "sans liste d’attente", "warning", _FULL)
    waiting = event.waiting_onsite + event.waiting_remote
    people = f", {wording.count(waiting, 'personne')}" if waiting else ""
    note = f"liste d’attente ouverte{people}"
    return PlacesWords("Complet", note, "warning", _FULL, REGISTER_TO_WAIT)


def _headline(left: int) -> str:
    return f"Il reste {wording.count(left, 'place')}"


def _remains(left: int | None) -> str:
    return "sans limite" if left is None else f"il reste {wording.count(left, 'place')}"


def _remote(event: Event, left: int | None) -> str:
    if left is None:
        return "à distance, sans limite"
    if left == 0:
        return "complet à distance"
    capacity = wording.integer(event.capacity_remote or 0)
    return f"à distance, il en reste {wording.integer(left)} sur {capacity}"


def _day(moment: datetime, event: Event, now: datetime) -> str:
    there = wording.local(moment, event.timezone)
    year = there.year != wording.local(now, event.timezone).year
    return wording.day(there.date(), weekday=False, year=year)
