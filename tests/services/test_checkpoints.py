from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from eventhub.domain.event import ActivityFormat, DatePrecision, DayHalf, EntranceUnit
from eventhub.domain.registration import AttendanceMode
from eventhub.domain.scan import AttendanceOrigin, CheckpointKind
from eventhub.models.attendance import Attendance
from eventhub.models.door import Checkpoint
from eventhub.models.event import Activity, Event
from eventhub.services.checkpoints import default_checkpoints
from tests.conftest import NOW
from tests.factories import make_event, make_registration


def labels(session: Session, event: Event) -> list[tuple[str, date | None]]:
    return [(c.label, c.on_date) for c in default_checkpoints(session, event, NOW)]


def test_one_day_has_one_entrance_open_at_any_hour(session: Session) -> None:
    event = make_event(session, door_epoch="")
    (entrance,) = default_checkpoints(session, event, NOW)
    session.refresh(event)
    assert entrance.kind is CheckpointKind.ENTRANCE
    assert (entrance.label, entrance.on_date) == ("Entrée", date(2027, 4, 8))
    assert (entrance.opens_at, entrance.closes_at) == (None, None)
    assert event.door_epoch
    assert entrance.sequence == event.door_sequence > 0


def test_several_days_have_an_entrance_each(session: Session) -> None:
    event = make_event(session, starts_on=date(2024, 11, 30), ends_on=date(2024, 12, 1))
    assert labels(session, event) == [
        ("Entrée, samedi 30 novembre", date(2024, 11, 30)),
        ("Entrée, dimanche 1er décembre", date(2024, 12, 1)),
    ]


def test_an_unknown_day_is_one_day(session: Session) -> None:
    event = make_event(
        session,
        date_precision=DatePrecision.MONTH,
        starts_on=date(2024, 6, 1),
        ends_on=date(2024, 6, 30),
        starts_at=None,
        ends_at=None,
    )
    assert labels(session, event) == [("Entrée", None)]


def test_every_activity_that_counts_presence_has_a_checkpoint(session: Session) -> None:
    event = make_event(session)
    for position, (format_, title) in enumerate(
        [
            (ActivityFormat.PLENARY, "Ouverture"),
            (ActivityFormat.BREAK, "Pause"),
            (ActivityFormat.WORKSHOP, "Atelier A"),
        ]
    ):
        session.add(
            Activity(
                event_id=event.id,
                format=format_,
                title=title,
                position=position,
                counts_presence=format_ is not ActivityFormat.BREAK,
                starts_at=datetime(2027, 4, 8, 8 + position, tzinfo=UTC),
            )
        )
    session.flush()
    day = date(2027, 4, 8)
    assert labels(session, event) == [("Entrée", day), ("Ouverture", day), ("Atelier A", day)]


def test_a_second_call_changes_nothing(session: Session) -> None:
    event = make_event(session, ends_on=date(2027, 4, 9))
    first = default_checkpoints(session, event, NOW)
    session.refresh(event)
    sequence = event.door_sequence
    assert default_checkpoints(session, event, NOW) == first
    session.refresh(event)
    assert event.door_sequence == sequence


def test_entrances_follow_the_dates(session: Session) -> None:
    event = make_event(session)
    (entrance,) = default_checkpoints(session, event, NOW)
    event.starts_on, event.ends_on = date(2027, 5, 3), date(2027, 5, 4)
    moved = default_checkpoints(session, event, NOW)
    assert moved[0].id == entrance.id
    assert [c.label for c in moved] == ["Entrée, lundi 3 mai", "Entrée, mardi 4 mai"]
    event.ends_on = date(2027, 5, 3)
    assert labels(session, event) == [("Entrée", date(2027, 5, 3))]


def test_an_entrance_where_something_was_recorded_stays(session: Session) -> None:
    event = make_event(session)
    (entrance,) = default_checkpoints(session, event, NOW)
    _attend(session, event, entrance)
    event.starts_on = event.ends_on = date(2027, 5, 3)
    default_checkpoints(session, event, NOW)
    days = session.scalars(select(Checkpoint.on_date).where(Checkpoint.event_id == event.id))
    assert sorted(day for day in days if day) == [date(2027, 4, 8), date(2027, 5, 3)]


def test_half_days_added_by_hand_stay(session: Session) -> None:
    event = make_event(session)
    day = date(2027, 4, 8)
    for label in ("Entrée, matin", "Entrée, après-midi"):
        session.add(
            Checkpoint(event_id=event.id, kind=CheckpointKind.ENTRANCE, label=label, on_date=day)
        )
    session.flush()
    assert labels(session, event) == [("Entrée, matin", day), ("Entrée, après-midi", day)]


def test_by_half_days_there_is_an_entrance_for_each(session: Session) -> None:
    event = make_event(session, entrance_unit=EntranceUnit.HALF_DAY)
    day = date(2027, 4, 8)
    assert labels(session, event) == [("Entrée, matin", day), ("Entrée, après-midi", day)]
    event.ends_on, event.starts_at, event.ends_at = date(2027, 4, 9), None, None
    event.starts_half, event.ends_half = DayHalf.AFTERNOON, DayHalf.MORNING
    assert labels(session, event) == [
        ("Entrée, jeudi 8 avril, après-midi", day),
        ("Entrée, vendredi 9 avril, matin", date(2027, 4, 9)),
    ]
    event.starts_on = event.ends_on = date(2027, 5, 3)
    event.starts_half = DayHalf.MORNING
    assert labels(session, event) == [("Entrée, matin", date(2027, 5, 3))]


def test_entrances_turn_into_halves_and_back(session: Session) -> None:
    event = make_event(session)
    (whole,) = default_checkpoints(session, event, NOW)
    event.entrance_unit = EntranceUnit.HALF_DAY
    halves = default_checkpoints(session, event, NOW, unit_changed=True)
    assert [c.label for c in halves] == ["Entrée, matin", "Entrée, après-midi"]
    assert halves[0].id == whole.id
    assert default_checkpoints(session, event, NOW) == halves
    event.entrance_unit = EntranceUnit.DAY
    (again,) = default_checkpoints(session, event, NOW, unit_changed=True)
    assert (again.id, again.label) == (whole.id, "Entrée")


def test_halves_where_somebody_was_received_stay(session: Session) -> None:
    event = make_event(session, ends_on=date(2027, 4, 9), entrance_unit=EntranceUnit.HALF_DAY)
    entrances = default_checkpoints(session, event, NOW)
    _attend(session, event, entrances[1])
    event.entrance_unit = EntranceUnit.DAY
    kept = default_checkpoints(session, event, NOW, unit_changed=True)
    assert [c.label for c in kept] == [
        "Entrée, jeudi 8 avril, matin",
        "Entrée, jeudi 8 avril, après-midi",
        "Entrée, vendredi 9 avril",
    ]
    assert default_checkpoints(session, event, NOW) == kept


def test_a_day_where_somebody_was_received_keeps_its_entrance(session: Session) -> None:
    event = make_event(session)
    (whole,) = default_checkpoints(session, event, NOW)
    _attend(session, event, whole)
    event.entrance_unit = EntranceUnit.HALF_DAY
    kept = default_checkpoints(session, event, NOW, unit_changed=True)
    assert [c.label for c in kept] == ["Entrée", "Entrée, matin", "Entrée, après-midi"]
    assert kept[0].id == whole.id


def test_an_entrance_renamed_by_hand_is_not_made_again(session: Session) -> None:
    event = make_event(session, entrance_unit=EntranceUnit.HALF_DAY)
    morning, _ = default_checkpoints(session, event, NOW)
    morning.label = "Hall nord"
    day, later = date(2027, 4, 8), date(2027, 5, 3)
    assert labels(session, event) == [("Hall nord", day), ("Entrée, après-midi", day)]
    event.starts_on = event.ends_on = later
    assert labels(session, event) == [("Hall nord", later), ("Entrée, après-midi", later)]


def _attend(session: Session, event: Event, checkpoint: Checkpoint) -> None:
    session.add(
        Attendance(
            event_id=event.id,
            registration_id=make_registration(session, event).id,
            checkpoint_id=checkpoint.id,
            mode=AttendanceMode.ONSITE,
            origin=AttendanceOrigin.IMPORT,
        )
    )
