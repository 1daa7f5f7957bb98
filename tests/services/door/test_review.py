from typing import Any

import pytest
from sqlalchemy.orm import Session

from eventhub.domain.errors import NotFound, StateForbids
from eventhub.domain.registration import RegistrationState
from eventhub.models.account import Account
from eventhub.models.door import Device
from eventhub.queries.door import account_door
from eventhub.queries.door_conflicts import CheckReason, door_review
from eventhub.queries.door_copy import door_copy
from eventhub.services.door.review import accept_held_scan
from tests.conftest import NOW
from tests.factories import make_account, make_event
from tests.services.door.desk import Desk, new_uuid

LEA = {"given_name": "Léa", "family_name": "Moreau", "email": "lea@example.org"}


@pytest.fixture
def desk(session: Session) -> Desk:
    return Desk(session)


@pytest.fixture
def account(session: Session) -> Account:
    return make_account(session, display_name="Nadège Lemoine")


def held(desk: Desk, *scans: dict[str, Any]) -> None:
    """Send scans by a phone that has been revoked."""
    device = desk.session.get_one(Device, desk.phone("Perdu").device_id)
    device.revoked_at = NOW
    desk.session.flush()
    assert set(desk.verdicts(*scans, phone="Perdu")) == {"held"}


def accept(desk: Desk, account: Account, scan_id: str) -> None:
    (number,) = (scan.id for scan in desk.kept() if scan.scan_id == scan_id)
    accept_held_scan(
        desk.session, account_door(desk.session, desk.event, account), number, NOW, by=account
    )


def test_an_accepted_arrival_counts_whatever_the_phone_showed(desk: Desk, account: Account) -> None:
    guest, waiting = desk.guest(), desk.guest("Jo", "Petit", state=RegistrationState.WAITING)
    held(
        desk,
        desk.scan(id="a", registration=str(guest.id)),
        desk.scan(id="b", registration=str(waiting.id), shown="waiting"),
    )
    cursor = door_copy(desk.session, desk.phone()).cursor
    assert desk.present() == []
    accept(desk, account, "a")
    accept(desk, account, "b")
    assert desk.present() == ["Camille Brossard", "Jo Petit"]
    told = door_copy(desk.session, desk.phone(), cursor).registrations
    assert [person.name for person in told] == ["Camille Brossard", "Jo Petit"]
    assert desk.verdicts(desk.scan(registration=str(guest.id))) == ["already_present"]
    assert desk.verdicts(desk.scan(id="a", registration=str(guest.id))) == ["held"]


def test_an_accepted_walk_in_is_registered_and_its_address_leaves_the_scan(
    desk: Desk, account: Account
) -> None:
    named = new_uuid()
    held(desk, desk.scan(id="w", kind="walk_in", registration=named, person=LEA))
    desk.send(desk.scan(registration=named, shown="accepted", minute=-5))
    accept(desk, account, "w")
    assert desk.present() == ["Léa Moreau"]
    assert desk.registration(named).person.email == "lea@example.org"
    assert "email" not in desk.kept()[0].payload["person"]


def test_an_accepted_undo_and_excuse_take_effect(desk: Desk, account: Account) -> None:
    guest, other = desk.guest(), desk.guest("Jo", "Petit")
    desk.send(desk.scan(id="a", registration=str(guest.id)))
    held(
        desk,
        desk.scan(id="u", kind="undo", undoes="a"),
        desk.scan(id="e", kind="excuse", registration=str(other.id)),
    )
    accept(desk, account, "u")
    accept(desk, account, "e")
    assert desk.present() == []
    assert desk.registration(other.id).excused_at is not None


def test_an_undo_reaches_an_arrival_accepted_later(desk: Desk, account: Account) -> None:
    guest = desk.guest()
    held(desk, desk.scan(id="a", registration=str(guest.id)))
    desk.send(desk.scan(kind="undo", undoes="a"))
    accept(desk, account, "a")
    assert desk.present() == []


def test_only_a_held_scan_of_this_event_is_accepted(desk: Desk, account: Account) -> None:
    guest = desk.guest()
    desk.send(desk.scan(id="ok", registration=str(guest.id)))
    held(desk, desk.scan(id="a", registration=str(guest.id)))
    accept(desk, account, "a")
    for scan_id in ("ok", "a"):
        with pytest.raises(StateForbids):
            accept(desk, account, scan_id)
    other = account_door(desk.session, make_event(desk.session), account)
    with pytest.raises(NotFound):
        accept_held_scan(desk.session, other, desk.kept()[1].id, NOW, by=account)


def test_what_waits_for_a_human_is_listed_by_reason(desk: Desk) -> None:
    guest = desk.guest()
    desk.send(
        desk.scan(id="read", ticket="K7QM2RXP"),
        desk.scan(id="waits", registration=new_uuid()),
        desk.scan(id="undo", kind="undo", undoes="nothing"),
        desk.scan(id="test", ticket="K7QM2RXP", test=True),
        desk.scan(id="fine", registration=str(guest.id)),
        desk.scan(id="clock", registration=str(guest.id), offset_ms=-600_000, minute=10),
    )
    held(desk, desk.scan(id="held", registration=str(guest.id)))
    review = door_review(desk.session, desk.event)
    assert [(reason, line.scan_id) for reason, line in review.to_check] == [
        (CheckReason.HELD, "held"),
        (CheckReason.UNREAD, "read"),
        (CheckReason.NOT_KNOWN_YET, "waits"),
        (CheckReason.UNDO_OF_NOTHING, "undo"),
        (CheckReason.CLOCK, "clock"),
    ]


def test_what_came_after_the_device_expired_is_listed_and_counts(desk: Desk) -> None:
    guest = desk.guest()
    expires_at = desk.phone().expires_at
    assert expires_at is not None
    desk.send(desk.scan(id="late", registration=str(guest.id)), now=expires_at)
    review = door_review(desk.session, desk.event)
    assert [(reason, line.scan_id) for reason, line in review.to_check] == [
        (CheckReason.LATE, "late")
    ]
    assert desk.present() == ["Camille Brossard"]


def test_conflicts_are_told_with_names_devices_and_times(desk: Desk) -> None:
    guest = desk.guest()
    for phone, minute in (("Porte quai", 2), ("Porte rue", 1)):
        desk.send(
            desk.scan(registration=str(guest.id), shown="accepted", minute=minute), phone=phone
        )
    (line,) = door_review(desk.session, desk.event).conflicts
    assert (line.name, line.checkpoints) == ("Camille Brossard", ["Entrée"])
    assert [(scan.recorder, scan.name) for scan in line.scans] == [
        ("Porte rue", "Camille Brossard"),
        ("Porte quai", "Camille Brossard"),
    ]


def test_the_same_name_without_an_address_may_be_the_same_person(desk: Desk) -> None:
    desk.guest("Léa", "Moreau")
    desk.guest("Jo", "Petit")
    desk.send(desk.scan(kind="walk_in", person={"given_name": "lea", "family_name": "MOREAU"}))
    ((name, number),) = door_review(desk.session, desk.event).doubles
    assert (name.casefold(), number) in {("léa moreau", 2), ("lea moreau", 2)}
