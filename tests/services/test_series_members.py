from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventhub.domain.errors import InvalidInput, NotFound
from eventhub.domain.event import EventMode, EventState
from eventhub.domain.mail import MailKind
from eventhub.domain.registration import (
    AttendanceMode,
    RegistrationOrigin,
    RegistrationRequest,
    RegistrationRole,
    RegistrationState,
)
from eventhub.models.audit import AuditEntry
from eventhub.models.mail import OutgoingMail
from eventhub.models.registration import Registration
from eventhub.services.series_members import (
    add_member,
    add_registered_member,
    invite_members,
    remove_member,
)
from tests.conftest import NOW
from tests.factories import (
    make_account,
    make_category,
    make_event,
    make_member,
    make_person,
    make_registration,
    make_series,
    make_structure,
)

LATER = NOW.date() + timedelta(days=60)
INES = RegistrationRequest(
    "Inès", "Aubertin", "ines@example.org", category="mediateur", structure="La Friche"
)


def mails(session: Session) -> list[tuple[MailKind, str]]:
    rows = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))
    return [(mail.kind, mail.to) for mail in rows]


def states(session: Session, event_id: int) -> list[tuple[str, RegistrationState]]:
    rows = session.scalars(
        select(Registration)
        .where(Registration.event_id == event_id)
        .order_by(Registration.person_id, Registration.created_at)
    )
    return [(row.person.given_name, row.state) for row in rows]


def test_each_member_is_invited_once_and_takes_no_place(session: Session) -> None:
    series = make_series(session)
    person = make_person(session, "Inès", email="ines@example.org")
    structure = make_structure(session, "La Friche")
    make_member(
        session,
        series,
        person,
        role=RegistrationRole.SPEAKER,
        category_code=make_category(session).code,
        structure_id=structure.id,
        structure_name="La Friche",
    )
    make_member(session, series, make_person(session, "Sans", "Courriel", email=None))
    event = make_event(session, series_id=series.id, starts_on=LATER, mode=EventMode.REMOTE)

    assert invite_members(session, event, NOW) == 2
    assert invite_members(session, event, NOW) == 0

    assert mails(session) == [(MailKind.EVENT_INVITATION, "ines@example.org")]
    found = session.scalars(select(Registration).where(Registration.person_id == person.id)).one()
    assert (
        found.state,
        found.origin,
        found.role,
        found.mode,
        found.category_code,
        found.structure_id,
        found.structure_name,
        found.holds_place,
        found.tickets,
    ) == (
        RegistrationState.INVITED,
        RegistrationOrigin.STAFF,
        RegistrationRole.SPEAKER,
        AttendanceMode.REMOTE,
        "mediateur",
        structure.id,
        "La Friche",
        False,
        [],
    )
    session.refresh(event)
    assert (event.taken_onsite, event.taken_remote, event.door_sequence) == (0, 0, found.sequence)


def test_who_is_registered_or_no_member_any_more_is_not_invited(session: Session) -> None:
    series = make_series(session)
    event = make_event(session, series_id=series.id, starts_on=LATER)
    registered = make_person(session, "Inscrite")
    make_member(session, series, registered)
    make_registration(session, event, registered)
    make_member(session, series, make_person(session, "Partie"), removed_at=NOW)
    declined = make_person(session, "Absente")
    make_member(session, series, declined)
    make_registration(session, event, declined, state=RegistrationState.CANCELLED)

    assert invite_members(session, event, NOW) == 1
    assert states(session, event.id) == [
        ("Inscrite", RegistrationState.CONFIRMED),
        ("Absente", RegistrationState.CANCELLED),
        ("Absente", RegistrationState.INVITED),
    ]


@pytest.mark.parametrize(
    "values",
    [
        {"state": EventState.DRAFT},
        {"state": EventState.CANCELLED},
        {"state": EventState.POSTPONED},
        {"starts_on": NOW.date() - timedelta(days=2)},
    ],
)
def test_nobody_is_invited_to_what_does_not_come(
    session: Session, values: dict[str, object]
) -> None:
    series = make_series(session)
    make_member(session, series)
    event = make_event(session, series_id=series.id, **({"starts_on": LATER} | values))
    assert invite_members(session, event, NOW) == 0
    assert mails(session) == []


def test_an_event_of_no_series_invites_nobody(session: Session) -> None:
    assert invite_members(session, make_event(session, starts_on=LATER), NOW) == 0


def test_a_new_member_is_invited_to_what_is_published_and_to_come(session: Session) -> None:
    series, account = make_series(session), make_account(session)
    make_category(session)
    coming = make_event(session, series_id=series.id, starts_on=LATER)
    make_event(session, series_id=series.id, starts_on=LATER, state=EventState.DRAFT)
    make_event(session, series_id=series.id, starts_on=NOW.date() - timedelta(days=90))

    member = add_member(session, series, INES, NOW, account=account)

    assert (member.person.email, member.category_code, member.structure_name) == (
        "ines@example.org",
        "mediateur",
        "La Friche",
    )
    assert member.structure is not None
    rows = session.scalars(select(Registration.event_id)).all()
    assert (rows, mails(session)) == (
        [coming.id],
        [(MailKind.EVENT_INVITATION, "ines@example.org")],
    )
    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "series-member-added")
    ).one()
    assert (entry.subject, entry.detail) == (f"series:{series.slug}", {"member": member.id})


def test_the_same_person_is_a_member_once_and_may_come_back(session: Session) -> None:
    series, account = make_series(session), make_account(session)
    make_category(session)
    member = add_member(session, series, INES, NOW, account=account)
    with pytest.raises(InvalidInput) as refused:
        add_member(session, series, INES, NOW, account=account)
    assert refused.value.fields == {"email": "Cette personne est déjà invitée à chaque fois."}

    remove_member(session, series, member, NOW, account=account)
    again = add_member(session, series, INES, NOW, account=account)
    assert (member.removed_at, again.removed_at, again.person_id) == (NOW, None, member.person_id)


def test_what_cannot_be_taken_is_said_at_its_field(session: Session) -> None:
    series, account = make_series(session), make_account(session)
    typed = RegistrationRequest(
        "Inès",
        "Aubertin",
        "ines@example.org",
        category="roi",
        departement="99",
        structure="x" * 201,
    )
    with pytest.raises(InvalidInput) as refused:
        add_member(session, series, typed, NOW, account=account)
    assert refused.value.fields == {
        "category": "Choisissez dans la liste.",
        "departement": "Choisissez dans la liste.",
        "structure": "Raccourcissez : 200 caractères au plus.".replace(" :", "\u00a0:"),
    }


def test_someone_who_registered_becomes_a_member_as_they_said(session: Session) -> None:
    series, account = make_series(session), make_account(session)
    event = make_event(session, series_id=series.id, starts_on=NOW.date() - timedelta(days=90))
    registration = make_registration(
        session, event, category_code=make_category(session).code, structure_name="La Friche"
    )
    member = add_registered_member(session, series, registration.id, NOW, account=account)
    assert (member.person_id, member.category_code, member.structure_name) == (
        registration.person_id,
        "mediateur",
        "La Friche",
    )


def test_only_registrations_of_the_series_make_members(session: Session) -> None:
    series, account = make_series(session), make_account(session)
    elsewhere = make_registration(session, make_event(session))
    with pytest.raises(NotFound):
        add_registered_member(session, series, elsewhere.id, NOW, account=account)
    member = make_member(session, make_series(session))
    with pytest.raises(NotFound):
        remove_member(session, series, member, NOW, account=account)
