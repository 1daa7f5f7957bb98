import uuid
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from eventhub.domain.event import ActivityFormat, EventState
from eventhub.domain.registration import AttendanceMode, RegistrationState
from eventhub.domain.scan import AttendanceOrigin, CheckpointKind
from eventhub.extensions import db
from eventhub.models.attendance import Attendance
from eventhub.models.event import Activity, Event
from eventhub.models.registration import Booking
from eventhub.queries.door_copy import (
    CheckpointCopy,
    PresenceCopy,
    RegistrationCopy,
    door_copy,
)
from eventhub.services.registration import withdraw
from eventhub.services.tickets import reissue_ticket
from tests.conftest import NOW
from tests.factories import make_event, make_structure
from tests.query_count import counted_statements
from tests.services.door.desk import Desk, new_uuid


@pytest.fixture
def desk(session: Session) -> Desk:
    return Desk(session)


def names(desk: Desk, cursor: str) -> list[str]:
    """Who is in the copy since the cursor."""
    copy = door_copy(desk.session, desk.phone(), cursor)
    assert not copy.full
    return [registration.name for registration in copy.registrations]


def test_a_full_copy_says_what_a_door_needs_and_no_more(desk: Desk) -> None:
    structure = make_structure(desk.session, "Médiathèque du Lac")
    guest = desk.guest(structure_id=structure.id, structure_name="mediatheque du lac")
    gone = desk.guest("Yann", "Le Bihan", state=RegistrationState.CANCELLED)
    desk.send(desk.scan(id="a", registration=str(guest.id), minute=1), phone="Porte quai")
    desk.send(desk.scan(id="b", registration=str(guest.id), minute=2))
    copy = door_copy(desk.session, desk.phone())
    entrance = int(desk.entrance)
    assert (copy.full, copy.removed, copy.revoked, copy.scans_held) == (True, [], [], 1)
    assert copy.cursor == f"{desk.event.door_epoch}.{copy.event.door_sequence}"
    assert list(copy.public_keys) == [1]
    assert copy.events[desk.event.id] == desk.event.title
    assert copy.checkpoints == [
        CheckpointCopy(entrance, CheckpointKind.ENTRANCE, "Entrée", None, None, 40, 1)
    ]
    assert copy.registrations == [
        RegistrationCopy(
            guest.id,
            guest.tickets[0].public_id,
            guest.tickets[0].short_code,
            "Camille",
            "Brossard",
            "Médiathèque du Lac",
            None,
            guest.role,
            AttendanceMode.ONSITE,
            RegistrationState.CONFIRMED,
            None,
            [entrance],
            {
                entrance: PresenceCopy(
                    ["a", "b"], NOW - timedelta(minutes=59), "Porte quai", AttendanceMode.ONSITE
                )
            },
        ),
        RegistrationCopy(
            gone.id,
            gone.tickets[0].public_id,
            gone.tickets[0].short_code,
            "Yann",
            "Le Bihan",
            "",
            None,
            gone.role,
            AttendanceMode.ONSITE,
            RegistrationState.CANCELLED,
            None,
            [entrance],
        ),
    ]


def test_activities_come_with_their_places_and_who_holds_one(desk: Desk) -> None:
    activity = Activity(
        event_id=desk.event.id,
        format=ActivityFormat.WORKSHOP,
        title="Atelier A",
        capacity_onsite=12,
    )
    desk.session.add(activity)
    desk = Desk(desk.session, desk.event)
    booked, _ = desk.guest(), desk.guest("Inès", "Aubertin")
    desk.session.add(
        Booking(
            registration_id=booked.id,
            activity_id=activity.id,
            state=RegistrationState.CONFIRMED,
            created_at=NOW,
        )
    )
    desk.session.flush()
    copy = door_copy(desk.session, desk.phone())
    assert [(c.kind.value, c.capacity, c.booked) for c in copy.checkpoints] == [
        ("entrance", 40, 2),
        ("activity", 12, 1),
    ]
    entrance, workshop = (checkpoint.id for checkpoint in copy.checkpoints)
    assert [(r.given_name, r.checkpoints) for r in copy.registrations] == [
        ("Inès", [entrance]),
        ("Camille", [entrance, workshop]),
    ]


def test_loaded_history_is_a_presence_without_scans(desk: Desk) -> None:
    guest = desk.guest()
    desk.session.add(
        Attendance(
            event_id=desk.event.id,
            registration_id=guest.id,
            checkpoint_id=int(desk.entrance),
            mode=AttendanceMode.REMOTE,
            origin=AttendanceOrigin.IMPORT,
        )
    )
    desk.session.flush()
    (copy,) = door_copy(desk.session, desk.phone()).registrations
    assert copy.present == {int(desk.entrance): PresenceCopy([], None, "", AttendanceMode.REMOTE)}


def test_what_changed_since_the_cursor_is_given(desk: Desk) -> None:
    guest, other = desk.guest(), desk.guest("Inès", "Aubertin")
    cursor = door_copy(desk.session, desk.phone()).cursor
    assert names(desk, cursor) == []
    desk.send(desk.scan(id="a", registration=str(guest.id)))
    assert names(desk, cursor) == ["Camille Brossard"]
    cursor = door_copy(desk.session, desk.phone(), cursor).cursor
    assert names(desk, cursor) == []
    desk.send(desk.scan(kind="undo", undoes="a"))
    assert names(desk, cursor) == ["Camille Brossard"]
    cursor = door_copy(desk.session, desk.phone(), cursor).cursor
    withdraw(desk.session, other, NOW)
    assert names(desk, cursor) == ["Inès Aubertin"]
    cursor = door_copy(desk.session, desk.phone(), cursor).cursor
    old = guest.tickets[0].public_id
    reissue_ticket(desk.session, guest, NOW)
    copy = door_copy(desk.session, desk.phone(), cursor)
    assert [registration.name for registration in copy.registrations] == ["Camille Brossard"]
    assert copy.revoked == [old]
    assert copy.registrations[0].ticket_id != old


def test_a_merged_walk_in_is_told_as_removed(desk: Desk) -> None:
    one, two = new_uuid(), new_uuid()
    person = {"given_name": "Léa", "family_name": "Moreau", "email": "lea@example.org"}
    desk.send(desk.scan(kind="walk_in", registration=one, person=person))
    cursor = door_copy(desk.session, desk.phone()).cursor
    desk.send(desk.scan(kind="walk_in", registration=two, person=person))
    since, whole = (door_copy(desk.session, desk.phone(), asked) for asked in (cursor, ""))
    assert since.removed == whole.removed == [uuid.UUID(two)]
    assert since.registrations == whole.registrations
    assert [str(registration.id) for registration in whole.registrations] == [one]
    assert door_copy(desk.session, desk.phone(), whole.cursor).removed == []


@pytest.mark.parametrize("cursor", ["", "x", "other.1", "{epoch}.999999", "{epoch}.-1", "{epoch}"])
def test_a_cursor_that_cannot_be_followed_gets_a_full_copy(desk: Desk, cursor: str) -> None:
    desk.guest()
    copy = door_copy(desk.session, desk.phone(), cursor.format(epoch=desk.event.door_epoch))
    assert copy.full
    assert len(copy.registrations) == 1


def test_a_restored_database_announces_another_epoch(desk: Desk) -> None:
    cursor = door_copy(desk.session, desk.phone()).cursor
    desk.session.execute(
        update(Event).where(Event.id == desk.event.id).values(door_epoch="restored")
    )
    copy = door_copy(desk.session, desk.phone(), cursor)
    assert (copy.full, copy.epoch) == (True, "restored")


def test_neighbours_are_named_but_not_drafts_nor_long_ago(desk: Desk) -> None:
    near = make_event(desk.session, title="Tout près")
    make_event(desk.session, title="Brouillon", state=EventState.DRAFT)
    make_event(
        desk.session,
        title="Jadis",
        starts_on=desk.event.starts_on - timedelta(days=400),
    )
    titles = door_copy(desk.session, desk.phone()).events
    assert titles[near.id] == "Tout près"
    assert not {"Brouillon", "Jadis"} & set(titles.values())


@pytest.mark.parametrize("cursor", ["", "{epoch}.0"])
def test_a_copy_costs_the_same_for_one_and_for_three(session: Session, cursor: str) -> None:
    counts = []
    for size in (1, 3):
        desk = Desk(session)
        for _ in range(size):
            guest = desk.guest()
            desk.send(desk.scan(registration=str(guest.id)))
        door, asked = desk.phone(), cursor.format(epoch=desk.event.door_epoch)
        session.expire_all()
        with counted_statements(db.engine) as statements:
            door_copy(session, door, asked)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 12
