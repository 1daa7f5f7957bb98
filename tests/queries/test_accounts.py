import pytest
from sqlalchemy.orm import Session

from eventhub.domain.rights import AccountRole, Actor
from eventhub.extensions import db
from eventhub.queries.accounts import (
    account_by_email,
    account_in_session,
    accounts,
    actor_of,
    organisers_beyond,
)
from eventhub.services.events import share_event
from tests.factories import make_account, make_event
from tests.query_count import counted_statements


def test_an_account_is_found_by_its_address_in_any_case(session: Session) -> None:
    account = make_account(session, email="nadege@example.org")
    assert account_by_email(session, " NADEGE@example.org ") is account
    assert account_by_email(session, "other@example.org") is None


def test_a_session_holds_for_its_version_and_an_open_account(session: Session) -> None:
    account = make_account(session)
    closed = make_account(session, active=False)
    assert account_in_session(session, account.id, 1) is account
    assert account_in_session(session, account.id, 2) is None
    assert account_in_session(session, closed.id, 1) is None


def test_open_accounts_come_first_by_name(session: Session) -> None:
    names = [("Zoé", True), ("Ambre", False), ("Inès", True)]
    for name, active in names:
        make_account(session, display_name=name, active=active)
    assert [account.display_name for account in accounts(session)] == ["Inès", "Zoé", "Ambre"]


def test_rights_are_role_territory_and_shared_events(session: Session) -> None:
    account = make_account(session, AccountRole.ORGANISER, ("28", "37"))
    event = make_event(session)
    share_event(session, event, [account.id], event.created_at, account=make_account(session))
    expected = Actor(AccountRole.ORGANISER, frozenset({"28", "37"}), frozenset({event.id}))
    assert actor_of(session, account) == expected
    session.expire_all()
    assert account.actor() == expected


def test_organisers_of_other_territories_are_offered(session: Session) -> None:
    make_account(session, AccountRole.ORGANISER, ("37",), display_name="Ici")
    make_account(session, AccountRole.ORGANISER, (), display_name="Région")
    make_account(session, AccountRole.STAFF, ("18",), display_name="Équipe")
    make_account(session, AccountRole.ORGANISER, ("18",), display_name="Fermé", active=False)
    make_account(session, AccountRole.ORGANISER, ("18", "28"), display_name="Ailleurs")
    assert [found.display_name for found in organisers_beyond(session, ["37", "45"])] == [
        "Ailleurs"
    ]


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_whatever_its_length(session: Session, number: int) -> None:
    for _ in range(number):
        make_account(session, AccountRole.ORGANISER, ("37",))
    session.expire_all()
    with counted_statements(db.engine) as statements:
        for account in accounts(session):
            assert account.departements
    assert len(statements) == 2
