"""One mail of each kind, over rows with fixed ids, for golden files and other tests."""

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from eventhub.domain.event import EventMode
from eventhub.domain.mail import MailKind
from eventhub.domain.registration import AttendanceMode, RegistrationState
from eventhub.models.event import Event
from eventhub.models.mail import OutgoingMail
from eventhub.models.registration import Registration, Ticket
from tests.conftest import NOW
from tests.factories import make_event, make_person, make_registration

REGISTRATION_ID = uuid.UUID("0b5e8d4c-9e5e-4f0e-8a39-0f6f7f2f1c55")
OTHER_ID = uuid.UUID("7c1d4f20-53a7-4d0e-9a55-2b9f5f7f3e11")


@dataclass(frozen=True)
class Case:
    """A mail to be rendered, and what is peculiar to its registration."""

    kind: MailKind
    params: dict[str, object]
    state: RegistrationState = RegistrationState.CONFIRMED
    mode: AttendanceMode = AttendanceMode.ONSITE
    hour_is_known: bool = True


ONE_REGISTRATION: dict[str, object] = {"registration_ids": [str(REGISTRATION_ID)]}
CASES = {
    "registration-confirmed": Case(MailKind.REGISTRATION_CONFIRMED, {}),
    "registration-confirmed-all-day": Case(
        MailKind.REGISTRATION_CONFIRMED, {}, hour_is_known=False
    ),
    "registration-confirmed-remote": Case(
        MailKind.REGISTRATION_CONFIRMED, {}, mode=AttendanceMode.REMOTE
    ),
    "registration-waiting": Case(
        MailKind.REGISTRATION_WAITING, {"rank": 3}, state=RegistrationState.WAITING
    ),
    "registration-link": Case(MailKind.REGISTRATION_LINK, {}),
    "registration-link-waiting": Case(
        MailKind.REGISTRATION_LINK, {}, state=RegistrationState.WAITING
    ),
    "registration-cancelled": Case(
        MailKind.REGISTRATION_CANCELLED,
        {"excused": True, "waited": False},
        state=RegistrationState.CANCELLED,
    ),
    "registration-cancelled-waiting": Case(
        MailKind.REGISTRATION_CANCELLED,
        {"excused": False, "waited": True},
        state=RegistrationState.CANCELLED,
    ),
    "registrations-found": Case(MailKind.REGISTRATIONS_FOUND, ONE_REGISTRATION),
    "co-organiser-invited": Case(
        MailKind.CO_ORGANISER_INVITED,
        {
            "event_id": 7,
            "by": "Nadège Lemoine",
            "link": "https://hub.example.org/connexion/abc?next=/organisation/evenements/nec-2027",
        },
    ),
    "sign-in": Case(MailKind.SIGN_IN, {"link": "https://hub.example.org/connexion/lien/abc"}),
    "event-invitation": Case(MailKind.EVENT_INVITATION, {}, state=RegistrationState.INVITED),
    "event-cancelled": Case(
        MailKind.EVENT_CANCELLED, {"reason": "La salle a été inondée, nous en cherchons une autre."}
    ),
}


def make_mail_event(session: Session, *, hour_is_known: bool = True) -> Event:
    """A hybrid event with everything a mail may say of it."""
    values = {} if hour_is_known else {"starts_at": None, "ends_at": None}
    event: Event = make_event(
        session,
        id=7,
        slug="nec-2027",
        title="Le numérique, on s’y met ensemble",
        starts_on=date(2027, 4, 8),
        mode=EventMode.HYBRID,
        place="Halle du Port-Vieux",
        address="3 quai de la Saussaye, Blois",
        remote_link="https://visio.example.org/nec",
        summary="Une journée pour échanger.",
        mail_note="Le repas est offert.\nApportez votre ordinateur.",
        calendar_sequence=2,
        updated_at=datetime(2026, 11, 2, 8, 0, tzinfo=UTC),
        **values,
    )
    return event


def make_mail(session: Session, case: Case) -> OutgoingMail:
    """The row of the outbox of a case, with the registration that it is about."""
    event = make_mail_event(session, hour_is_known=case.hour_is_known)
    person = make_person(session, "Élodie", "Vanneau-Kermarrec", email="elodie@example.org")
    make_registration(session, event, person, id=REGISTRATION_ID, state=case.state, mode=case.mode)
    session.add(
        Ticket(
            public_id="0102030405060708090a0b",
            event_id=event.id,
            registration_id=REGISTRATION_ID,
            short_code="K7PW4XHN",
            key_number=1,
            issued_at=NOW,
        )
    )
    mail = OutgoingMail(
        kind=case.kind,
        to="elodie@example.org",
        mailbox_key="elodie@example.org",
        registration_id=REGISTRATION_ID if case.kind is not MailKind.SIGN_IN else None,
        params=case.params,
        message_id="5f0c1d2e3f405162738495a6b7c8d9e0",
        next_try_at=NOW,
        created_at=NOW,
    )
    session.add(mail)
    session.commit()
    return mail


def reload_registration(session: Session) -> Registration:
    """The registration of a case, as the database has it."""
    return session.get_one(Registration, REGISTRATION_ID, populate_existing=True)
