"""What a new event is begun from: a kind, or an event that one may read.

A copy is in the account's own hands: what of the other event is not public stays behind.
"""

from dataclasses import dataclass, replace
from datetime import date, time
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from eventhub.blueprints.manage.event_form import blank_values
from eventhub.domain.errors import Forbidden, NotFound
from eventhub.domain.event import EventState, KindFamily
from eventhub.domain.event_details import EventDetails
from eventhub.domain.kinds import UNLISTED_FAMILIES
from eventhub.domain.next_edition import LONG_AGO, next_edition_on
from eventhub.domain.rights import may_edit_event, may_see_draft, may_see_names
from eventhub.exports import wording
from eventhub.extensions import db
from eventhub.models.event import Event, EventKind
from eventhub.queries import reference
from eventhub.queries.events import event_by_slug
from eventhub.services.event_copy import (
    ProgrammeCopied,
    copy_partnerships,
    copy_programme,
    details_from_event,
    details_from_kind,
    programme_from_kind,
)
from eventhub.services.events import TIMEZONE
from eventhub.web.auth import current_account, current_actor, departement_codes
from eventhub.web.clock import now
from eventhub.web.forms import tidy


@dataclass(frozen=True, slots=True)
class KindSource:
    """A kind that an event is begun from."""

    kind: EventKind
    event: None = None

    def proposed_on(self, _today: date) -> None:
        """No day is proposed: nothing says it."""

    def details(self, starts_on: date, starts_at: time | None = None) -> EventDetails:
        """What an event of the kind is on that day. Raises InvalidInput."""
        details = details_from_kind(self.kind, starts_on, timezone=TIMEZONE, starts_at=starts_at)
        blank = blank_form()
        return replace(
            details,
            departement_codes=tuple(blank["departement_codes"]),
            contact_name=blank["contact_name"],
            contact_email=blank["contact_email"],
            organisers=(blank["organisers"],) if blank["organisers"] else (),
        )

    def copy_beside(self, session: Session, event: Event) -> list[str]:
        """Give the event the kind's programme, if it still is of that kind; in sentences."""
        if self.kind.code != event.kind_code:
            return []
        made = programme_from_kind(session, self.kind, event, now())
        said = [f"{_parts(made.activities)}, d’après le type."] if made.activities else []
        return said + _without_hours(made)


@dataclass(frozen=True, slots=True)
class EventSource:
    """An event that another one is begun from."""

    event: Event
    kind: None = None

    def proposed_on(self, today: date) -> date | None:
        """The first day to propose; None for a recent meeting, which may recur at any time."""
        is_yearly = self.event.kind.family is KindFamily.EVENT
        if not is_yearly and today - self.event.starts_on < LONG_AGO:
            return None
        return next_edition_on(self.event.starts_on, today)

    def details(self, starts_on: date, starts_at: time | None = None) -> EventDetails:
        """What the event is on that day, as far as the account may know. Raises InvalidInput."""
        details = details_from_event(self.event, starts_on, starts_at=starts_at)
        return _in_own_hands(details, self.event)

    def copy_beside(self, session: Session, event: Event) -> list[str]:
        """Give the event the source's programme and partnerships; in sentences."""
        may_edit = may_edit_event(current_actor(), self.event.id, departement_codes(self.event))
        made = copy_programme(session, self.event, event, now(), with_links=may_edit)
        partners = copy_partnerships(session, self.event, event)
        things = [
            words
            for number, words in (
                (made.activities, _parts(made.activities)),
                (partners, wording.count(partners, "structure")),
            )
            if number
        ]
        copied = ", ".join(things) or "les réglages"
        return [f"Repris\u00a0: {copied}\u00a0; aucune personne.", *_without_hours(made)]


Source = KindSource | EventSource


def source_asked(given: Any) -> Source | None:
    """What the request says to begin with. Raises NotFound, Forbidden."""
    if slug := tidy(given.get("copie")):
        event = event_by_slug(db.session(), slug)
        if event is None:
            raise NotFound
        if not _may_copy(event):
            raise Forbidden
        return EventSource(event)
    if code := tidy(given.get("type")):
        kind = next(
            (one for one in reference.kinds_on_offer(db.session()) if one.code == code), None
        )
        if kind is None:
            raise NotFound
        return KindSource(kind)
    return None


def may_know(event: Event) -> bool:
    """Whether the account may know that an event exists."""
    codes = departement_codes(event)
    return event.state is not EventState.DRAFT or may_see_draft(current_actor(), event.id, codes)


def blank_form() -> dict[str, Any]:
    """What the form starts with when nothing is copied."""
    return blank_values(current_account(), current_app.config["SETTINGS"].hub_structure)


def _may_copy(event: Event) -> bool:
    actor, codes = current_actor(), departement_codes(event)
    if event.kind.family in UNLISTED_FAMILIES:
        return may_see_names(actor, event.id, codes)
    return may_know(event)


def _in_own_hands(details: EventDetails, event: Event) -> EventDetails:
    """The copy of an event that the account may not edit: its own territory, contact and no link.

    A link to follow from afar and what people are told before coming are not public.
    """
    actor, blank = current_actor(), blank_form()
    if not may_edit_event(actor, event.id, departement_codes(event)):
        details = replace(
            details,
            remote_link="",
            mail_note="",
            prepares="",
            contact_name=blank["contact_name"],
            contact_email=blank["contact_email"],
        )
    elif not details.contact_email:
        details = replace(
            details, contact_name=blank["contact_name"], contact_email=blank["contact_email"]
        )
    if not may_edit_event(actor, None, frozenset(details.departement_codes)):
        details = replace(
            details, departement_codes=tuple(blank["departement_codes"]), bassin_id=None
        )
    return details


def _parts(number: int) -> str:
    return wording.count(number, "temps du programme", "temps du programme")


def _without_hours(made: ProgrammeCopied) -> list[str]:
    if not made.without_hours:
        return []
    lost = wording.count(
        made.without_hours, "temps du programme n’a pas", "temps du programme n’ont pas"
    )
    return [f"{lost} d’heure\u00a0: leur jour n’est pas un de ceux de l’évènement."]
