from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventhub.domain.event import EventState
from eventhub.domain.mail import MailKind
from eventhub.domain.registration import RegistrationRequest, RegistrationState
from eventhub.models.mail import OutgoingMail
from eventhub.models.registration import Registration
from eventhub.services.registration import register, withdraw
from eventhub.services.registration_links import (
    LINKS_AT_MOST,
    LINKS_WITHIN,
    mail_link_again,
    mail_links_found,
)
from tests.conftest import NOW
from tests.factories import make_event, make_person, make_registration

TODAY = NOW.date()
CAMILLE = RegistrationRequest(
    given_name="Camille", family_name="Brossard", email="camille@example.org"
)


def outbox(session: Session) -> list[tuple[MailKind, str, object]]:
    mails = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))
    return [
        (mail.kind, mail.to, mail.params.get("registration_ids", mail.registration_id))
        for mail in mails
    ]


def test_the_link_is_mailed_again_a_few_times_an_hour(session: Session) -> None:
    event = make_event(session)
    outcome = register(session, event, CAMILLE, NOW)
    tries = [mail_link_again(session, event, CAMILLE, NOW) for _ in range(LINKS_AT_MOST + 1)]
    assert tries == [True] * LINKS_AT_MOST + [False]
    link = (MailKind.REGISTRATION_LINK, "camille@example.org", outcome.registration_id)
    assert outbox(session)[1:] == [link] * LINKS_AT_MOST
    assert mail_link_again(session, event, CAMILLE, NOW + LINKS_WITHIN)


def test_no_link_is_mailed_to_who_is_not_registered(session: Session) -> None:
    event = make_event(session)
    assert not mail_link_again(session, event, CAMILLE, NOW)
    outcome = register(session, event, CAMILLE, NOW)
    withdraw(session, outcome.registration, NOW)
    assert not mail_link_again(session, event, CAMILLE, NOW)
    assert not mail_link_again(session, make_event(session), CAMILLE, NOW)


def test_one_mail_brings_every_registration_to_come_of_an_address(session: Session) -> None:
    mailbox = "accueil@example.org"
    camille = make_person(session, email=mailbox)
    noe = make_person(session, "Noé", email="Accueil@Example.org")
    soon = make_event(session, starts_on=date(2026, 12, 3))
    late = make_event(session, starts_on=date(2027, 4, 8))
    waiting = RegistrationState.WAITING
    expected: list[Registration] = [
        make_registration(session, soon, camille),
        make_registration(session, soon, noe, state=waiting),
        make_registration(session, late, camille),
    ]
    for event, values in (
        (make_event(session, starts_on=TODAY - timedelta(days=1)), {}),
        (make_event(session, state=EventState.CANCELLED), {}),
        (make_event(session), {"state": RegistrationState.CANCELLED}),
    ):
        make_registration(session, event, camille, **values)
    make_registration(session, soon)

    assert mail_links_found(session, mailbox, TODAY, NOW)

    assert outbox(session) == [
        (MailKind.REGISTRATIONS_FOUND, mailbox, [str(found.id) for found in expected])
    ]


def test_an_event_postponed_is_still_to_come(session: Session) -> None:
    event = make_event(session, starts_on=TODAY - timedelta(days=9), state=EventState.POSTPONED)
    make_registration(session, event, make_person(session, email="camille@example.org"))
    assert mail_links_found(session, "camille@example.org", TODAY, NOW)


def test_nothing_is_written_to_an_address_without_registration(session: Session) -> None:
    assert not mail_links_found(session, "camille@example.org", TODAY, NOW)
    assert outbox(session) == []


def test_a_mailbox_is_not_flooded_whatever_its_spelling(session: Session) -> None:
    event = make_event(session)
    for email in ("camille@example.org", "camille+nec@example.org"):
        make_registration(session, event, make_person(session, email=email))
    spellings = ["camille@example.org", "CAMILLE@example.org", "camille+nec@example.org"]
    tries = [
        mail_links_found(session, spellings[number % 3], TODAY, NOW)
        for number in range(LINKS_AT_MOST + 2)
    ]
    assert tries == [True] * LINKS_AT_MOST + [False] * 2
    assert mail_links_found(session, spellings[0], TODAY, NOW + LINKS_WITHIN)
