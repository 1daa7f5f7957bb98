"""Mails the links of registrations again, to those who hold the mailbox and to nobody else.

Nothing here says whether a mail was written to whoever asked: views answer the same in any case.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventhub.domain.mail import MailKind
from eventhub.domain.registration import LIVE_STATES, RegistrationRequest
from eventhub.models.event import Event
from eventhub.models.registration import Registration
from eventhub.queries.registrations import upcoming_registration_ids
from eventhub.services import outbox, people
from eventhub.services.registration import clean_request

LINKS_AT_MOST = 3
"""Mails of one kind with links to one mailbox within `LINKS_WITHIN`: who asks for more is not
reading them, and whoever else asks must not flood them."""
LINKS_WITHIN = timedelta(hours=1)

LISTED_AT_MOST = 100
"""Registrations in one mail."""


def mail_link_again(
    session: Session, event: Event, request: RegistrationRequest, now: datetime
) -> bool:
    """Write a mail with the link of this person's live registration; say whether it was written.

    Nothing is written where there is none, nor beyond a few mails an hour to one mailbox.
    """
    request = clean_request(event, request)
    if request.email is None:
        return False
    person = people.find_person(session, request.given_name, request.family_name, request.email)
    if person is None or person.email is None:
        return False
    registration_id = session.scalar(
        select(Registration.id).where(
            Registration.event_id == event.id,
            Registration.person_id == person.id,
            Registration.state.in_(LIVE_STATES),
        )
    )
    if registration_id is None:
        return False
    if _has_had_enough(session, MailKind.REGISTRATION_LINK, person.email, now):
        return False
    outbox.enqueue(
        session,
        MailKind.REGISTRATION_LINK,
        person.email,
        now,
        registration_id=registration_id,
    )
    return True


def mail_links_found(session: Session, email: str, today: date, now: datetime) -> bool:
    """Write one mail with the links of an address's registrations to come; say whether it was.

    `email` is clean (see `people.clean_email`). Nothing is written where there is none, nor
    beyond a few mails an hour to one mailbox.
    """
    found = upcoming_registration_ids(session, email, today)
    if not found or _has_had_enough(session, MailKind.REGISTRATIONS_FOUND, email, now):
        return False
    outbox.enqueue(
        session,
        MailKind.REGISTRATIONS_FOUND,
        email,
        now,
        registration_ids=[str(registration_id) for registration_id in found[:LISTED_AT_MOST]],
    )
    return True


def _has_had_enough(session: Session, kind: MailKind, email: str, now: datetime) -> bool:
    return outbox.mails_to_mailbox(session, email, now, LINKS_WITHIN, kind) >= LINKS_AT_MOST
