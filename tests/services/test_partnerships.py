from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from eventhub.domain.errors import InvalidInput, NotFound, StateForbids
from eventhub.domain.event import EventState, PartnershipRole
from eventhub.models.account import Account
from eventhub.models.audit import AuditEntry
from eventhub.models.event import Event
from eventhub.models.structure import Structure
from eventhub.services.partnerships import (
    add_partner,
    move_partner,
    partners_in_order,
    remove_partner,
    show_logo,
)
from tests.factories import make_account, make_event, make_structure


@pytest.fixture
def account(session: Session) -> Account:
    return make_account(session, display_name="Nadège Lemoine")


@pytest.fixture
def event(session: Session, account: Account, now: datetime) -> Event:
    """An event with two partners and one host."""
    made = make_event(session, version=1)
    for name, role in (
        ("Bêta", PartnershipRole.PARTNER),
        ("Alpha", PartnershipRole.PARTNER),
        ("Gamma", PartnershipRole.HOST),
    ):
        add_partner(session, made, name, role, now, account=account)
    session.commit()
    return made


def row(event: Event) -> list[str]:
    return [f"{one.role.value} {one.structure.name}" for one in partners_in_order(event)]


def test_a_structure_gets_a_role_and_enters_the_directory(session: Session, event: Event) -> None:
    assert row(event) == ["partner Bêta", "partner Alpha", "host Gamma"]
    assert session.query(Structure).count() == 3
    assert event.version == 4
    assert "gamma" in event.search_text
    last = session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
    assert last is not None
    assert (last.action, last.actor) == ("event-changed", "Nadège Lemoine")


def test_a_structure_may_have_several_roles_but_each_once(
    session: Session, event: Event, account: Account, now: datetime
) -> None:
    add_partner(session, event, "bêta", PartnershipRole.ORGANISER, now, account=account)
    assert row(event)[0] == "organiser Bêta"
    with pytest.raises(InvalidInput) as refused:
        add_partner(session, event, "BETA", PartnershipRole.PARTNER, now, account=account)
    assert refused.value.fields == {"name": "«\u00a0Bêta\u00a0» a déjà ce rôle."}


@pytest.mark.parametrize("name", ["", " – ", "a" * 201])
def test_a_name_that_is_none_is_refused(
    session: Session, event: Event, account: Account, now: datetime, name: str
) -> None:
    with pytest.raises(InvalidInput):
        add_partner(session, event, name, PartnershipRole.PARTNER, now, account=account)


def test_a_merged_structure_is_added_as_the_one_that_stays(
    session: Session, event: Event, account: Account, now: datetime
) -> None:
    stays = make_structure(session, "Reste")
    make_structure(session, "Partie", merged_into_id=stays.id)
    added = add_partner(session, event, "partie", PartnershipRole.GUEST, now, account=account)
    assert added.structure is stays


def test_partners_change_places_within_their_role(
    session: Session, event: Event, account: Account, now: datetime
) -> None:
    beta, alpha, gamma = partners_in_order(event)
    move_partner(session, event, alpha.id, True, now, account=account)
    assert row(event) == ["partner Alpha", "partner Bêta", "host Gamma"]
    for one, up in ((alpha, True), (beta, False), (gamma, True)):
        move_partner(session, event, one.id, up, now, account=account)
    assert row(event) == ["partner Alpha", "partner Bêta", "host Gamma"]
    session.commit()
    session.expire_all()
    assert row(event) == ["partner Alpha", "partner Bêta", "host Gamma"]


def test_a_logo_is_shown_or_not_and_a_role_removed(
    session: Session, event: Event, account: Account, now: datetime
) -> None:
    beta = partners_in_order(event)[0]
    show_logo(session, event, beta.id, False, now, account=account)
    version = event.version
    show_logo(session, event, beta.id, False, now, account=account)
    assert (beta.shows_logo, event.version) == (False, version)
    remove_partner(session, event, beta.id, now, account=account)
    assert row(event) == ["partner Alpha", "host Gamma"]
    assert session.query(Structure).count() == 3
    with pytest.raises(NotFound):
        remove_partner(session, event, beta.id, now, account=account)


def test_a_partner_of_another_event_is_not_found(
    session: Session, event: Event, account: Account, now: datetime
) -> None:
    other = make_event(session)
    with pytest.raises(NotFound):
        move_partner(session, other, partners_in_order(event)[0].id, True, now, account=account)


@pytest.mark.parametrize("state", [EventState.CLOSED, EventState.CANCELLED])
def test_what_is_over_keeps_its_partners(
    session: Session, event: Event, account: Account, now: datetime, state: EventState
) -> None:
    event.state = state
    session.commit()
    with pytest.raises(StateForbids):
        add_partner(session, event, "Delta", PartnershipRole.PARTNER, now, account=account)
    with pytest.raises(StateForbids):
        remove_partner(session, event, partners_in_order(event)[0].id, now, account=account)
