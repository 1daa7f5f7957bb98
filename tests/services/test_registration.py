import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventhub.domain.errors import (
    AlreadyRegistered,
    EventFull,
    InvalidInput,
    RegistrationClosed,
    RegistrationNotLive,
)
from eventhub.domain.event import EventMode, EventState
from eventhub.domain.mail import MailKind, MailState
from eventhub.domain.registration import (
    AttendanceMode,
    RegistrationOrigin,
    RegistrationRequest,
    RegistrationState,
)
from eventhub.extensions import db
from eventhub.models.event import Event
from eventhub.models.mail import OutgoingMail
from eventhub.models.person import Person
from eventhub.models.registration import Registration
from eventhub.services.registration import (
    RegistrationOutcome,
    register,
    withdraw,
)
from tests.conftest import NOW
from tests.factories import make_category, make_departement, make_event
from tests.query_count import counted_statements

Written = tuple[MailKind, str, uuid.UUID | None, dict[str, object]]

CONFIRMED, WAITING = RegistrationState.CONFIRMED, RegistrationState.WAITING
CANCELLED = RegistrationState.CANCELLED
ONSITE, REMOTE = AttendanceMode.ONSITE, AttendanceMode.REMOTE

CAMILLE = RegistrationRequest(
    given_name="Camille", family_name="Brossard", email="camille@example.org"
)


def someone(number: int, **values: object) -> RegistrationRequest:
    return replace(
        CAMILLE,
        given_name=f"Personne {number}",
        email=f"personne.{number}@example.org",
        **values,  # type: ignore[arg-type]  # fields of the dataclass
    )


def fill(session: Session, event: Event, *numbers: int) -> list[RegistrationOutcome]:
    return [register(session, event, someone(number), NOW) for number in numbers]


def counters(session: Session, event: Event) -> tuple[int, int, int, int]:
    session.refresh(event)
    return event.taken_onsite, event.waiting_onsite, event.taken_remote, event.waiting_remote


def ranks(session: Session, event: Event) -> dict[str, int | None]:
    rows = session.execute(
        select(Person.given_name, Registration.waiting_rank)
        .join(Registration, Registration.person_id == Person.id)
        .where(Registration.event_id == event.id, Registration.state == WAITING)
        .order_by(Registration.waiting_rank)
    )
    return {row[0]: row[1] for row in rows}


def outbox(session: Session) -> list[Written]:
    mails = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))
    return [(mail.kind, mail.to, mail.registration_id, mail.params) for mail in mails]


def test_a_registration_takes_a_place_and_writes_its_mail(session: Session) -> None:
    category, departement = make_category(session), make_departement(session, "18", "Cher")
    event = make_event(session, capacity_onsite=40)
    before = event.door_sequence
    request = replace(
        CAMILLE,
        category=category.code,
        structure="  Médiathèque des Deux-Rives ",
        departement=departement.code,
    )

    outcome = register(session, event, request, NOW)

    row = session.get_one(Registration, outcome.registration.id, populate_existing=True)
    assert (outcome.state, outcome.rank) == (CONFIRMED, None)
    assert {
        "state": row.state,
        "origin": row.origin,
        "mode": row.mode,
        "role": row.role.value,
        "category": row.category_code,
        "structure": (row.structure_name, row.structure and row.structure.name),
        "departement": row.departement_code,
        "holds_place": row.holds_place,
        "rank": row.waiting_rank,
        "at": (row.created_at, row.updated_at, row.cancelled_at, row.excused_at),
        "sequence": row.sequence,
    } == {
        "state": CONFIRMED,
        "origin": RegistrationOrigin.ONLINE,
        "mode": ONSITE,
        "role": "participant",
        "category": "mediateur",
        "structure": ("Médiathèque des Deux-Rives", "Médiathèque des Deux-Rives"),
        "departement": "18",
        "holds_place": True,
        "rank": None,
        "at": (NOW, NOW, None, None),
        "sequence": before + 1,
    }
    assert counters(session, event) == (1, 0, 0, 0)
    assert event.door_sequence == before + 1
    assert [ticket.public_id for ticket in row.tickets] == [outcome.ticket.public_id]
    assert outbox(session) == [(MailKind.REGISTRATION_CONFIRMED, "camille@example.org", row.id, {})]
    mail = session.scalars(select(OutgoingMail)).one()
    assert (mail.state, mail.tries, mail.next_try_at, mail.created_at) == (
        MailState.QUEUED,
        0,
        NOW,
        NOW,
    )


def test_without_a_limit_everybody_has_a_place(session: Session) -> None:
    event = make_event(session, capacity_onsite=None)
    assert [outcome.state for outcome in fill(session, event, 1, 2, 3)] == [CONFIRMED] * 3


def test_who_comes_after_the_last_place_waits_in_order(session: Session) -> None:
    event = make_event(session, capacity_onsite=2)
    outcomes = fill(session, event, 1, 2, 3, 4)
    assert [(outcome.state, outcome.rank) for outcome in outcomes] == [
        (CONFIRMED, None),
        (CONFIRMED, None),
        (WAITING, 1),
        (WAITING, 2),
    ]
    assert counters(session, event) == (2, 2, 0, 0)
    assert outbox(session)[2:] == [
        (
            MailKind.REGISTRATION_WAITING,
            f"personne.{rank + 2}@example.org",
            outcomes[rank + 1].registration.id,
            {"rank": rank},
        )
        for rank in (1, 2)
    ]


def test_without_a_waiting_list_full_means_refused(session: Session) -> None:
    event = make_event(session, capacity_onsite=1, waiting_list=False)
    fill(session, event, 1)
    with pytest.raises(EventFull):
        fill(session, event, 2)


def test_no_place_at_all_means_a_queue_from_the_first(session: Session) -> None:
    event = make_event(session, capacity_onsite=0)
    assert [outcome.rank for outcome in fill(session, event, 1, 2)] == [1, 2]


def test_each_mode_has_its_places_and_its_queue(session: Session) -> None:
    event = make_event(session, mode=EventMode.HYBRID, capacity_onsite=1, capacity_remote=1)
    given = [
        register(session, event, someone(number, mode=mode), NOW)
        for number, mode in enumerate((ONSITE, ONSITE, REMOTE, REMOTE, REMOTE))
    ]
    assert [(outcome.registration.mode, outcome.rank) for outcome in given] == [
        (ONSITE, None),
        (ONSITE, 1),
        (REMOTE, None),
        (REMOTE, 1),
        (REMOTE, 2),
    ]
    assert counters(session, event) == (1, 1, 1, 2)


def test_an_event_held_remotely_counts_its_remote_places(session: Session) -> None:
    event = make_event(session, mode=EventMode.REMOTE, capacity_onsite=None, capacity_remote=1)
    given = fill(session, event, 1, 2)
    assert [outcome.registration.mode for outcome in given] == [REMOTE, REMOTE]
    assert counters(session, event) == (0, 0, 1, 1)


def test_a_freed_place_waits_for_the_queue_and_newcomers_join_its_end(session: Session) -> None:
    event = make_event(session, capacity_onsite=1)
    holder, *_ = fill(session, event, 1, 2)

    withdraw(session, holder.registration, NOW)

    assert counters(session, event) == (0, 1, 0, 0)
    (newcomer,) = fill(session, event, 3)
    assert (newcomer.state, newcomer.rank) == (WAITING, 2)
    assert counters(session, event) == (0, 2, 0, 0)


def test_a_freed_place_goes_to_who_comes_next_when_nobody_waits(session: Session) -> None:
    event = make_event(session, capacity_onsite=1)
    (holder,) = fill(session, event, 1)
    withdraw(session, holder.registration, NOW)
    (newcomer,) = fill(session, event, 2)
    assert newcomer.state is CONFIRMED
    assert counters(session, event) == (1, 0, 0, 0)


def test_the_queue_closes_up_behind_whoever_leaves_it(session: Session) -> None:
    event = make_event(session, mode=EventMode.HYBRID, capacity_onsite=0, capacity_remote=0)
    _, second, _ = fill(session, event, 1, 2, 3)
    register(session, event, someone(9, mode=REMOTE), NOW)

    withdraw(session, second.registration, NOW)

    assert ranks(session, event) == {"Personne 1": 1, "Personne 9": 1, "Personne 3": 2}
    assert counters(session, event) == (0, 2, 0, 1)
    assert fill(session, event, 4)[0].rank == 3


def test_withdrawing_frees_the_place_once_and_says_so(session: Session) -> None:
    event = make_event(session)
    (outcome,) = fill(session, event, 1)
    registration = outcome.registration
    later = NOW + timedelta(hours=2)
    session.refresh(event)
    before = event.door_sequence

    withdraw(session, registration, later)

    session.refresh(registration)
    assert (
        registration.state,
        registration.cancelled_at,
        registration.updated_at,
        registration.excused_at,
        registration.holds_place,
        registration.sequence,
    ) == (CANCELLED, later, later, None, False, before + 1)
    assert counters(session, event) == (0, 0, 0, 0)
    assert outbox(session)[1:] == [
        (
            MailKind.REGISTRATION_CANCELLED,
            "personne.1@example.org",
            registration.id,
            {"excused": False, "waited": False},
        )
    ]
    with pytest.raises(RegistrationNotLive):
        withdraw(session, registration, later)


def test_withdrawing_can_note_the_person_excused(session: Session) -> None:
    (outcome,) = fill(session, make_event(session), 1)
    withdraw(session, outcome.registration, NOW, excused=True)
    assert outcome.registration.excused_at == NOW
    assert outbox(session)[-1][-1] == {"excused": True, "waited": False}


def test_one_live_registration_per_person_and_event(session: Session) -> None:
    event, other_event = make_event(session), make_event(session)
    register(session, event, CAMILLE, NOW)
    register(session, other_event, CAMILLE, NOW)
    again = replace(CAMILLE, given_name="CAMILLE", email="Camille@example.org")
    with pytest.raises(AlreadyRegistered):
        register(session, event, again, NOW)


def test_who_is_registered_is_told_so_rather_than_that_it_is_full(session: Session) -> None:
    event = make_event(session, capacity_onsite=1, waiting_list=False)
    register(session, event, CAMILLE, NOW)
    with pytest.raises(AlreadyRegistered):
        register(session, event, CAMILLE, NOW)


def test_someone_who_withdrew_may_come_back(session: Session) -> None:
    event = make_event(session)
    first = register(session, event, CAMILLE, NOW)
    withdraw(session, first.registration, NOW)
    second = register(session, event, CAMILLE, NOW)
    assert second.registration.id != first.registration.id
    assert second.registration.person_id == first.registration.person_id
    assert counters(session, event) == (1, 0, 0, 0)


def test_another_name_in_the_same_mailbox_registers_beside(session: Session) -> None:
    event = make_event(session)
    first = register(session, event, CAMILLE, NOW)
    second = register(session, event, replace(CAMILLE, given_name="Noé"), NOW)
    assert [
        session.get_one(Person, outcome.registration.person_id).shares_mailbox
        for outcome in (first, second)
    ] == [False, True]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"state": EventState.DRAFT}, "not_published"),
        ({"state": EventState.CANCELLED}, "cancelled"),
        ({"state": EventState.POSTPONED}, "postponed"),
        ({"state": EventState.CLOSED}, "over"),
        ({"ends_at": NOW}, "over"),
        ({"registration_enabled": False}, "disabled"),
        ({"registration_opens_at": NOW + timedelta(days=1)}, "not_open_yet"),
        ({"registration_closes_at": NOW}, "closed"),
    ],
)
def test_a_closed_registration_says_why(
    session: Session, values: dict[str, object], reason: str
) -> None:
    event = make_event(session, **values)
    with pytest.raises(RegistrationClosed) as caught:
        register(session, event, CAMILLE, NOW)
    assert caught.value.reason == reason


def test_staff_register_people_after_registration_has_closed(session: Session) -> None:
    event = make_event(session, registration_closes_at=NOW)
    by_hand = replace(CAMILLE, email=None)
    outcome = register(session, event, by_hand, NOW, origin=RegistrationOrigin.STAFF)
    assert outcome.registration.origin is RegistrationOrigin.STAFF
    assert outbox(session) == []


@pytest.mark.parametrize("state", [EventState.DRAFT, EventState.CANCELLED])
def test_nobody_registers_at_a_draft_or_a_cancelled_event(
    session: Session, state: EventState
) -> None:
    event = make_event(session, state=state)
    with pytest.raises(RegistrationClosed):
        register(session, event, CAMILLE, NOW, origin=RegistrationOrigin.STAFF)


def test_an_event_cancelled_meanwhile_takes_nobody(session: Session) -> None:
    event = make_event(session)
    # Another transaction cancels between our reading and our writing.
    session.connection().exec_driver_sql(
        f"UPDATE events SET state = 'cancelled' WHERE id = {event.id}"  # noqa: S608 - our own id
    )
    with pytest.raises(RegistrationClosed) as caught:
        register(session, event, CAMILLE, NOW)
    assert caught.value.reason == "cancelled"


def test_every_wrong_field_is_named(session: Session) -> None:
    event = make_event(session)
    request = RegistrationRequest(
        given_name=" ",
        family_name="x" * 5000,
        email="camille@example.org\r\nBcc: noe@example.org",
        structure="\u202e" + "x",
        mode=REMOTE,
    )
    with pytest.raises(InvalidInput) as caught:
        register(session, event, request, NOW)
    assert caught.value.fields == {
        "given_name": "Remplissez ce champ.",
        "family_name": "Raccourcissez : 100 caractères au plus.",
        "email": "Écrivez une adresse complète, par exemple nom@exemple.fr.",
        "structure": "Réécrivez ce champ au clavier : il contient des caractères invisibles.",
        "mode": "Cet évènement ne se suit pas à distance.",
    }


def test_unknown_codes_are_refused(session: Session) -> None:
    event = make_event(session)
    request = replace(CAMILLE, category="roi", departement="99")
    with pytest.raises(InvalidInput) as caught:
        register(session, event, request, NOW)
    assert caught.value.fields == {
        "category": "Choisissez dans la liste.",
        "departement": "Choisissez dans la liste.",
    }


@pytest.mark.parametrize(("capacity", "structure", "at_most"), [(40, "", 6), (0, "La Friche", 10)])
def test_the_number_of_statements_of_a_registration(
    session: Session, capacity: int, structure: str, at_most: int
) -> None:
    event = make_event(session, capacity_onsite=capacity)
    request = replace(CAMILLE, structure=structure, category=make_category(session).code)
    with counted_statements(db.engine) as statements:
        register(session, event, request, NOW)
    assert len(statements) <= at_most, statements
