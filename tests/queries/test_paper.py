import pytest
from sqlalchemy.orm import Session

from eventhub.domain.registration import (
    AttendanceMode,
    RegistrationOrigin,
    RegistrationRole,
    RegistrationState,
)
from eventhub.extensions import db
from eventhub.queries.paper import Registrant, Signatory, registrants, signatories
from tests.factories import (
    MADE_AT,
    make_category,
    make_departement,
    make_event,
    make_person,
    make_registration,
    make_structure,
)
from tests.query_count import counted_statements


def test_the_people_expected_come_in_alphabetical_order_whatever_their_accents(
    session: Session,
) -> None:
    event = make_event(session)
    for given, family in (("Zoé", "Étienne"), ("Anne", "Zola"), ("Éva", "Eluard"), ("Al", "eaton")):
        make_registration(session, event, make_person(session, given, family))
    assert [person.family_name for person in signatories(session, event.id)] == [
        "eaton",
        "Eluard",
        "Étienne",
        "Zola",
    ]


def test_only_people_confirmed_or_invited_are_expected(session: Session) -> None:
    event = make_event(session)
    for state in RegistrationState:
        make_registration(session, event, make_person(session, "A", state.value), state=state)
    make_registration(session, make_event(session))
    assert [person.family_name for person in signatories(session, event.id)] == [
        "confirmed",
        "invited",
    ]


def test_a_structure_is_shown_under_its_own_name_rather_than_as_it_was_typed(
    session: Session,
) -> None:
    event = make_event(session)
    make_registration(
        session,
        event,
        make_person(session, "Inès", "Aubertin"),
        structure_id=make_structure(session, "La Brouette").id,
        structure_name="la brouete",
        role=RegistrationRole.SPEAKER,
        mode=AttendanceMode.REMOTE,
    )
    make_registration(
        session, event, make_person(session, "Bo", "Zed"), structure_name="Une inconnue"
    )
    assert signatories(session, event.id) == [
        Signatory(
            "Inès",
            "Aubertin",
            "La Brouette",
            RegistrationRole.SPEAKER,
            AttendanceMode.REMOTE,
        ),
        Signatory("Bo", "Zed", "Une inconnue", RegistrationRole.PARTICIPANT, AttendanceMode.ONSITE),
    ]


def test_the_list_holds_every_registration_with_all_that_was_given(session: Session) -> None:
    event = make_event(session)
    category, departement = make_category(session), make_departement(session, "18", "Cher")
    registration = make_registration(
        session,
        event,
        make_person(session, "Inès", "Aubertin", email="ines@example.org"),
        category_code=category.code,
        departement_code=departement.code,
        state=RegistrationState.WAITING,
        waiting_rank=3,
        origin=RegistrationOrigin.STAFF,
        created_at=MADE_AT,
    )
    assert registrants(session, event.id) == [
        Registrant(
            given_name="Inès",
            family_name="Aubertin",
            email="ines@example.org",
            structure="",
            category=category.label,
            departement_code="18",
            departement="Cher",
            mode=registration.mode,
            role=registration.role,
            state=RegistrationState.WAITING,
            waiting_rank=3,
            origin=RegistrationOrigin.STAFF,
            created_at=MADE_AT,
            cancelled_at=None,
            excused_at=None,
            present=False,
        )
    ]


@pytest.mark.parametrize("people", [1, 3])
def test_each_list_costs_one_statement(session: Session, people: int) -> None:
    event = make_event(session)
    for _ in range(people):
        make_registration(session, event, structure_id=make_structure(session).id)
    with counted_statements(db.engine) as statements:
        assert len(signatories(session, event.id)) == people
        assert len(registrants(session, event.id)) == people
    assert len(statements) == 2
