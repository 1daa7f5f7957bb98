from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventhub.domain.activity_details import ActivityDetails, RoomDetails, SpeakerDetails
from eventhub.domain.errors import ActivityChanged, ActivityInUse, InvalidInput, StateForbids
from eventhub.domain.event import ActivityFormat, EventState
from eventhub.domain.programme import Direction
from eventhub.domain.registration import AttendanceMode, RegistrationState
from eventhub.domain.scan import AttendanceOrigin
from eventhub.models.attendance import Attendance
from eventhub.models.door import Checkpoint
from eventhub.models.event import Activity, Event
from eventhub.models.registration import Booking
from eventhub.queries.programme import (
    ActivityUse,
    activity_use,
    last_activity_change,
    part_of,
    rooms,
)
from eventhub.services.programme import (
    add_activity,
    change_activity,
    duplicate_activity,
    remove_activity,
)
from eventhub.services.programme_moves import move_activity, put_in_parallel, shift_from
from eventhub.services.rooms import save_rooms
from tests.factories import make_account, make_event, make_registration

WORKSHOP = ActivityDetails(
    format=ActivityFormat.WORKSHOP,
    title="Dessiner la carte",
    on=date(2027, 4, 8),
    starts_at=time(11, 0),
    ends_at=time(12, 15),
    room="Salle Cisse",
    hosts=("La Brouette",),
)


def details(title: str, **values: object) -> ActivityDetails:
    return ActivityDetails(
        format=ActivityFormat.TALK,
        title=title,
        **values,  # type: ignore[arg-type]  # fields of the dataclass
    )


def test_a_part_of_the_programme_has_its_hours_hosts_and_checkpoint(
    session: Session, now: datetime
) -> None:
    event = make_event(session)
    made = add_activity(session, event, WORKSHOP, now)
    assert (made.starts_at, made.ends_at) == (
        datetime(2027, 4, 8, 9, 0, tzinfo=UTC),
        datetime(2027, 4, 8, 10, 15, tzinfo=UTC),
    )
    assert [structure.name for structure in made.hosts] == ["La Brouette"]
    checkpoint = session.scalars(select(Checkpoint).where(Checkpoint.activity_id == made.id)).one()
    assert (checkpoint.label, checkpoint.on_date) == ("Dessiner la carte", date(2027, 4, 8))
    assert "dessiner" in event.search_text


def test_the_programme_stays_in_the_order_of_its_hours(session: Session, now: datetime) -> None:
    event = make_event(session)
    on = date(2027, 4, 8)
    late = add_activity(session, event, details("Tard", on=on, starts_at=time(16, 0)), now)
    add_activity(session, event, details("Sans heure"), now)
    add_activity(session, event, details("Tôt B", on=on, starts_at=time(9, 0), track="B"), now)
    add_activity(session, event, details("Tôt A", on=on, starts_at=time(9, 0), track="A"), now)
    assert [found.title for found in event.activities] == [
        "Tôt A",
        "Tôt B",
        "Tard",
        "Sans heure",
    ]
    change_activity(session, event, late, details("Tard", on=on, starts_at=time(8, 0)), now)
    assert event.activities[0].title == "Tard"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": ""}, "title"),
        ({"on": date(2027, 4, 9)}, "on"),
        ({"on": None}, "on"),
        ({"ends_at": time(11, 0)}, "ends_at"),
        ({"starts_at": None, "ends_at": time(12, 0)}, "starts_at"),
        ({"capacity_onsite": -1}, "capacity_onsite"),
        ({"room": "x" * 201}, "room"),
        ({"title": "x" * 5000}, "title"),
        ({"remote_link": "http://example.org"}, "remote_link"),
        ({"remote_link": "javascript:alert(1)"}, "remote_link"),
        ({"remote_link": "https://[x"}, "remote_link"),
        ({"speakers": (SpeakerDetails(name="", role="animation"),)}, "speakers"),
        ({"speakers": (SpeakerDetails(name="x" * 201),)}, "speakers"),
        ({"speakers": (SpeakerDetails(name="A", role="x" * 101),)}, "speakers"),
        ({"hosts": ("***",)}, "hosts"),
        ({"hosts": ("x" * 301,)}, "hosts"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(
    session: Session, now: datetime, values: dict[str, object], field: str
) -> None:
    event = make_event(session)
    given = {"title": "Atelier", "on": date(2027, 4, 8), "starts_at": time(11, 0)} | values
    with pytest.raises(InvalidInput) as refused:
        add_activity(session, event, details(**given), now)  # type: ignore[arg-type]  # of mixed types
    assert list(refused.value.fields) == [field]
    assert event.activities == []


def test_a_part_leaves_the_programme_with_its_checkpoint(session: Session, now: datetime) -> None:
    event = make_event(session)
    made = add_activity(session, event, WORKSHOP, now)
    remove_activity(session, event, made, now)
    assert session.scalars(select(Activity)).all() == []
    assert [found.activity_id for found in session.scalars(select(Checkpoint))] == [None]


def test_a_part_that_someone_chose_stays(session: Session, now: datetime) -> None:
    event = make_event(session)
    made = add_activity(session, event, WORKSHOP, now)
    registration = make_registration(session, event)
    assert activity_use(session, made.id) == ActivityUse(0, 0)
    session.add(
        Booking(
            registration_id=registration.id,
            activity_id=made.id,
            state=RegistrationState.CONFIRMED,
            created_at=now,
        )
    )
    session.flush()
    assert activity_use(session, made.id) == ActivityUse(1, 0)
    with pytest.raises(ActivityInUse):
        remove_activity(session, event, made, now)


@pytest.mark.parametrize("state", [EventState.CANCELLED, EventState.CLOSED])
def test_the_programme_of_a_closed_event_stays(
    session: Session, now: datetime, state: EventState
) -> None:
    event = make_event(session)
    made = add_activity(session, event, WORKSHOP, now)
    event.state = state
    for act in (
        lambda: add_activity(session, event, WORKSHOP, now),
        lambda: change_activity(session, event, made, WORKSHOP, now),
        lambda: remove_activity(session, event, made, now),
        lambda: duplicate_activity(session, event, made, now),
        lambda: put_in_parallel(session, event, made, made, now),
        lambda: move_activity(session, event, made, Direction.LATER, now),
        lambda: shift_from(session, event, made, 5, now),
        lambda: save_rooms(session, event, [], now),
    ):
        with pytest.raises(StateForbids):
            act()


APRIL = date(2027, 4, 8)


def at(start: str, end: str = "", **values: object) -> dict[str, object]:
    """Hours of the day of `make_event`."""
    given = {"on": APRIL, "starts_at": time.fromisoformat(start)} | values
    return given | ({"ends_at": time.fromisoformat(end)} if end else {})


def hours(event: Event) -> list[tuple[str, str, str]]:
    """Title, hours and track of each part, in order."""

    def clock(minute: int | None) -> str:
        return "" if minute is None else f"{minute // 60}:{minute % 60:02}"

    parts = [part_of(activity, event.timezone) for activity in event.activities]
    return [(part.title, f"{clock(part.start)}-{clock(part.end)}", part.track) for part in parts]


def test_a_change_upon_another_is_refused_and_the_record_says_whose(
    session: Session, now: datetime
) -> None:
    event, account = make_event(session), make_account(session, display_name="Inès Aubertin")
    made = add_activity(session, event, WORKSHOP, now)
    seen = made.version
    assert change_activity(
        session, event, made, replace(WORKSHOP, title="Le sien"), now, version=seen, account=account
    )
    with pytest.raises(ActivityChanged):
        change_activity(session, event, made, replace(WORKSHOP, title="Le mien"), now, version=seen)
    assert made.title == "Le sien"
    change = last_activity_change(session, event.id, made.id)
    assert change is not None
    assert (change.actor, change.action) == ("Inès Aubertin", "activity-changed")


def test_what_is_saved_unchanged_raises_nothing(session: Session, now: datetime) -> None:
    event = make_event(session)
    typed = replace(
        WORKSHOP,
        speakers=(SpeakerDetails(name="Élise Maréchal", role="animation", structure="Le Relais"),),
    )
    made = add_activity(session, event, typed, now)
    before = (made.version, [speaker.id for speaker in made.speakers])
    assert change_activity(session, event, made, typed, now) is False
    assert (made.version, [speaker.id for speaker in made.speakers]) == before


def test_every_change_lets_the_door_and_the_searches_know(session: Session, now: datetime) -> None:
    event = make_event(session)
    made = add_activity(session, event, WORKSHOP, now)
    before = event.door_sequence
    change_activity(session, event, made, replace(WORKSHOP, title="Broder", capacity_onsite=4), now)
    session.refresh(event)
    assert event.door_sequence > before
    assert event.updated_at == now
    assert "broder" in event.search_text
    assert "broder" in made.search_text


def test_presence_is_counted_no_more_only_where_nobody_was_noted(
    session: Session, now: datetime
) -> None:
    event = make_event(session)
    made = add_activity(session, event, WORKSHOP, now)
    uncounted = replace(WORKSHOP, counts_presence=False)
    change_activity(session, event, made, uncounted, now)
    assert session.scalar(select(Checkpoint).where(Checkpoint.activity_id == made.id)) is None
    change_activity(session, event, made, WORKSHOP, now)
    checkpoint = session.scalars(select(Checkpoint).where(Checkpoint.activity_id == made.id)).one()
    session.add(
        Attendance(
            event_id=event.id,
            registration_id=make_registration(session, event).id,
            checkpoint_id=checkpoint.id,
            mode=AttendanceMode.ONSITE,
            origin=AttendanceOrigin.IMPORT,
        )
    )
    session.flush()
    with pytest.raises(InvalidInput) as refused:
        change_activity(session, event, made, uncounted, now)
    assert list(refused.value.fields) == ["counts_presence"]
    session.refresh(made)
    with pytest.raises(ActivityInUse):
        remove_activity(session, event, made, now)


def test_a_late_talk_takes_the_rest_of_the_day_along(session: Session, now: datetime) -> None:
    event = make_event(session)
    talk = details("Ouverture", **at("09:00", "10:00"))
    made = add_activity(session, event, talk, now)
    add_activity(session, event, details("Avant", **at("08:00", "09:30")), now)
    add_activity(session, event, details("Atelier", **at("10:00", "11:00")), now)
    change_activity(session, event, made, replace(talk, ends_at=time(10, 20)), now, shift_rest=True)
    assert hours(event) == [
        ("Avant", "8:00-9:30", ""),
        ("Ouverture", "9:00-10:20", ""),
        ("Atelier", "10:20-11:20", ""),
    ]
    assert shift_from(session, event, made, -5, now) == 2
    assert [one[1] for one in hours(event)] == ["8:00-9:30", "8:55-10:15", "10:15-11:15"]


@pytest.mark.parametrize("minutes", [0, 900, -900, 5_000_000_000])
def test_nothing_is_shifted_out_of_its_day(session: Session, now: datetime, minutes: int) -> None:
    event = make_event(session)
    made = add_activity(session, event, WORKSHOP, now)
    with pytest.raises(InvalidInput) as refused:
        shift_from(session, event, made, minutes, now)
    assert list(refused.value.fields) == ["minutes"]


def test_a_part_changes_places_with_its_neighbour_and_comes_back(
    session: Session, now: datetime
) -> None:
    event = make_event(session)
    add_activity(session, event, details("Un", **at("09:00", "10:00")), now)
    second = add_activity(session, event, details("Deux", **at("10:15", "10:45")), now)
    before = hours(event)
    assert move_activity(session, event, second, Direction.EARLIER, now)
    assert hours(event) == [("Deux", "9:00-9:30", ""), ("Un", "9:45-10:45", "")]
    assert not move_activity(session, event, second, Direction.EARLIER, now)
    assert move_activity(session, event, second, Direction.LATER, now)
    assert hours(event) == before


def test_parts_without_an_hour_change_their_rank(session: Session, now: datetime) -> None:
    event = make_event(session)
    made = [add_activity(session, event, details(title), now) for title in ("A", "B", "C")]
    assert move_activity(session, event, made[2], Direction.EARLIER, now)
    assert [activity.title for activity in event.activities] == ["A", "C", "B"]


def test_hours_on_the_clock_stay_across_a_change_of_time(session: Session, now: datetime) -> None:
    event = make_event(session, starts_on=date(2027, 3, 28))
    on = date(2027, 3, 28)
    made = add_activity(
        session, event, details("Nuit", on=on, starts_at=time(1, 0), ends_at=time(1, 30)), now
    )
    shift_from(session, event, made, 180, now)
    assert hours(event) == [("Nuit", "4:00-4:30", "")]


def test_a_copy_goes_to_the_first_free_hour_and_takes_all_but_bookings(
    session: Session, now: datetime
) -> None:
    event = make_event(session)
    typed = replace(WORKSHOP, speakers=(SpeakerDetails(name="Élise Maréchal", may_be_named=True),))
    made = add_activity(session, event, typed, now)
    made.taken_onsite = 3
    add_activity(session, event, details("Repas", **at("12:15", "13:30")), now)
    copy = duplicate_activity(session, event, made, now)
    assert hours(event)[-1] == ("Dessiner la carte", "13:30-14:45", "")
    assert [speaker.name for speaker in copy.speakers] == ["Élise Maréchal"]
    assert [host.name for host in copy.hosts] == ["La Brouette"]
    assert (copy.taken_onsite, copy.version) == (0, 1)
    undated = add_activity(session, event, details("Sans heure"), now)
    assert duplicate_activity(session, event, undated, now).starts_at is None


def test_in_parallel_both_have_a_track_and_the_same_hours(session: Session, now: datetime) -> None:
    event = make_event(session)
    made = add_activity(session, event, WORKSHOP, now)
    other = add_activity(session, event, details("Autre", **at("14:00", "15:00")), now)
    put_in_parallel(session, event, other, made, now)
    assert hours(event) == [
        ("Dessiner la carte", "11:00-12:15", "A"),
        ("Autre", "11:00-12:15", "B"),
    ]
    third = add_activity(
        session, event, details("Trois", **at("11:00", track="C")), now, beside=made
    )
    assert third.track == "C"
    undated = add_activity(session, event, details("Sans heure"), now)
    for one, beside in ((made, made), (made, undated)):
        with pytest.raises(InvalidInput) as refused:
            put_in_parallel(session, event, one, beside, now)
        assert list(refused.value.fields) == ["other"]


def test_a_new_part_beside_another_gives_it_a_track(session: Session, now: datetime) -> None:
    event = make_event(session)
    made = add_activity(session, event, WORKSHOP, now)
    beside = details("Autre", **at("11:00", "12:15", track="B"))
    add_activity(session, event, beside, now, beside=made)
    assert [one[2] for one in hours(event)] == ["A", "B"]


def test_a_room_renamed_takes_its_activities_along(session: Session, now: datetime) -> None:
    event = make_event(session)
    made = add_activity(session, event, WORKSHOP, now)
    save_rooms(session, event, [RoomDetails(name="Salle Cisse", seats=20)], now)
    renamed = RoomDetails(name="Salle bleue", seats=25, was="salle cisse")
    save_rooms(session, event, [renamed, RoomDetails(name="")], now)
    assert [(room.name, room.seats) for room in rooms(session, event.id)] == [("Salle bleue", 25)]
    session.refresh(made)
    assert made.room == "Salle bleue"
    save_rooms(session, event, [], now)
    assert rooms(session, event.id) == []


@pytest.mark.parametrize(
    "wrong",
    [
        [RoomDetails(name="***")],
        [RoomDetails(name="x" * 201)],
        [RoomDetails(name="Salle"), RoomDetails(name="SALLE")],
        [RoomDetails(name="Salle", seats=0)],
        [RoomDetails(name=f"Salle {number}") for number in range(61)],
    ],
)
def test_rooms_that_make_no_sense_are_refused(
    session: Session, now: datetime, wrong: list[RoomDetails]
) -> None:
    event = make_event(session)
    with pytest.raises(InvalidInput) as refused:
        save_rooms(session, event, wrong, now)
    assert list(refused.value.fields) == ["rooms"]
