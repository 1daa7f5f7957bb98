from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventhub.domain.errors import InvalidInput, StateForbids
from eventhub.domain.event import (
    ActivityFormat,
    ActivityRegistration,
    DatePrecision,
    DayHalf,
    EntranceUnit,
    EventMode,
    EventState,
    PartnershipRole,
)
from eventhub.domain.event_details import EventDetails
from eventhub.models.door import Checkpoint
from eventhub.models.event import (
    Activity,
    ActivitySpeaker,
    Event,
    EventKind,
    EventRoom,
    KindActivity,
    Partnership,
)
from eventhub.models.territory import BassinDeVie
from eventhub.services.event_copy import (
    ProgrammeCopied,
    copy_partnerships,
    copy_programme,
    details_from_event,
    details_from_kind,
    programme_from_kind,
)
from eventhub.services.event_details import take_details
from tests.factories import make_event, make_kind, make_registration, make_structure

PARIS = "Europe/Paris"


def paris(moment: datetime | None) -> str:
    """A moment as a clock in Paris shows it."""
    return moment.astimezone(ZoneInfo(PARIS)).strftime("%Y-%m-%d %H:%M") if moment else "—"


def hours_of(event: Event) -> list[tuple[str, str, str]]:
    return [(one.title, paris(one.starts_at), paris(one.ends_at)) for one in event.activities]


@pytest.fixture
def nec(session: Session) -> Event:
    """Thursday 8 and Friday 9 April 2027 (summer time), 9:15 to 17:00."""
    return make_event(
        session,
        title="Numérique en Commun 2027",
        starts_on=date(2027, 4, 8),
        ends_on=date(2027, 4, 9),
        starts_at=datetime(2027, 4, 8, 7, 15, tzinfo=UTC),
        ends_at=datetime(2027, 4, 9, 15, 0, tzinfo=UTC),
        registration_opens_at=datetime(2027, 3, 8, 8, 0, tzinfo=UTC),
        registration_closes_at=datetime(2027, 4, 7, 10, 0, tzinfo=UTC),
        mode=EventMode.HYBRID,
        capacity_remote=60,
        remote_link="https://visio.example.org/nec",
        reminder_hours=[72, 2],
        mail_note="Apportez un badge.",
        promotion_delay_hours=48,
        entrance_unit=EntranceUnit.HALF_DAY,
    )


def test_an_event_is_copied_with_every_relative_date_reckoned_again(
    session: Session, nec: Event
) -> None:
    hub = make_structure(session, "Hub-Lo")
    town = make_structure(session, "Ville d’Orléans")
    nec.partnerships = [
        Partnership(structure=hub, role=PartnershipRole.ORGANISER, position=0),
        Partnership(structure=town, role=PartnershipRole.HOST, position=1),
    ]
    make_registration(session, nec)
    assert details_from_event(nec, date(2028, 1, 27)) == EventDetails(
        title="Numérique en Commun 2028",
        kind_code="journee",
        departement_codes=("45",),
        starts_on=date(2028, 1, 27),
        ends_on=date(2028, 1, 28),
        starts_at=time(9, 15),
        ends_at=time(17, 0),
        entrance_unit=EntranceUnit.HALF_DAY,
        mode=EventMode.HYBRID,
        place="Halle du Port-Vieux",
        remote_link="https://visio.example.org/nec",
        contact_name="Nadège Lemoine",
        contact_email="nadege@example.org",
        organisers=("Hub-Lo",),
        # 31 days before at 9:00, the day before at noon: in winter time now.
        registration_opens_at=datetime(2027, 12, 27, 8, 0, tzinfo=UTC),
        registration_closes_at=datetime(2028, 1, 26, 11, 0, tzinfo=UTC),
        capacity_onsite=40,
        capacity_remote=60,
        promotion_delay_hours=48,
        reminder_hours=(72, 2),
        mail_note="Apportez un badge.",
    )


def test_a_closing_on_the_day_itself_keeps_its_distance_to_the_start(
    session: Session, nec: Event
) -> None:
    nec.registration_closes_at = datetime(2027, 4, 8, 6, 15, tzinfo=UTC)
    copied = details_from_event(nec, date(2028, 1, 27), starts_at=time(14, 0))
    assert (copied.starts_at, copied.ends_on, copied.ends_at) == (
        time(14, 0),
        date(2028, 1, 28),
        time(21, 45),
    )
    assert paris(copied.registration_closes_at) == "2028-01-27 13:00"
    assert paris(copied.registration_opens_at) == "2027-12-27 09:00"


def test_an_evening_past_midnight_ends_on_the_next_day_again(session: Session) -> None:
    evening = make_event(
        session,
        starts_on=date(2026, 11, 13),
        ends_on=date(2026, 11, 14),
        starts_at=datetime(2026, 11, 13, 19, 0, tzinfo=UTC),
        ends_at=datetime(2026, 11, 13, 23, 30, tzinfo=UTC),
    )
    copied = details_from_event(evening, date(2027, 6, 4))
    assert (copied.starts_at, copied.ends_on, copied.ends_at) == (
        time(20, 0),
        date(2027, 6, 5),
        time(0, 30),
    )


def test_half_days_are_copied_and_an_unsettled_date_becomes_a_day(session: Session) -> None:
    halves = make_event(
        session,
        starts_at=None,
        ends_at=None,
        starts_half=DayHalf.MORNING,
        ends_half=DayHalf.MORNING,
    )
    copied = details_from_event(halves, date(2028, 4, 6))
    assert (copied.starts_at, copied.starts_half, copied.ends_half) == (
        None,
        DayHalf.MORNING,
        DayHalf.MORNING,
    )
    month = make_event(
        session,
        date_precision=DatePrecision.MONTH,
        starts_on=date(2026, 9, 1),
        ends_on=date(2026, 9, 30),
        starts_at=None,
        ends_at=None,
    )
    copied = details_from_event(month, date(2027, 9, 16))
    assert (copied.precision, copied.starts_on, copied.ends_on) == (
        DatePrecision.DAY,
        date(2027, 9, 16),
        None,
    )


def test_history_is_copied_with_the_registrations_and_the_hours_of_its_kind(
    session: Session,
) -> None:
    make_kind(
        session,
        "trimestrielle",
        label="Réunion trimestrielle",
        mode=EventMode.HYBRID,
        capacity_onsite=30,
        waiting_list=False,
        usual_start=time(9, 30),
        duration_minutes=180,
    )
    old = make_event(
        session,
        kind_code="trimestrielle",
        source="site.example.org",
        mode=EventMode.UNKNOWN,
        registration_enabled=False,
        capacity_onsite=None,
        starts_at=None,
        ends_at=None,
    )
    copied = details_from_event(old, date(2028, 4, 6))
    assert (
        copied.registration_enabled,
        copied.mode,
        copied.capacity_onsite,
        copied.waiting_list,
        (copied.starts_at, copied.ends_at, copied.ends_on),
    ) == (True, EventMode.HYBRID, 30, False, (time(9, 30), time(12, 30), None))
    later = details_from_event(old, date(2028, 4, 6), starts_at=time(14, 0))
    assert (later.starts_at, later.ends_at) == (time(14, 0), time(17, 0))


def test_a_bassin_that_is_no_more_is_left_behind(session: Session) -> None:
    event = make_event(session)
    kept = BassinDeVie(slug="orleans", name="Orléans", departement_code="45")
    gone = BassinDeVie(
        slug="giennois", name="Giennois", departement_code="45", valid_to=date(2027, 12, 31)
    )
    session.add_all([kept, gone])
    session.flush()
    event.bassin = kept
    assert details_from_event(event, date(2028, 1, 1)).bassin_id == kept.id
    event.bassin = gone
    assert details_from_event(event, date(2027, 12, 31)).bassin_id == gone.id
    assert details_from_event(event, date(2028, 1, 1)).bassin_id is None


def test_a_preparatory_meeting_still_prepares_what_is_to_come(session: Session) -> None:
    nec = make_event(session, starts_on=date(2027, 4, 8))
    meeting = make_event(session, starts_on=date(2027, 1, 7))
    meeting.prepares = nec
    assert details_from_event(meeting, date(2027, 2, 4)).prepares == nec.slug
    assert details_from_event(meeting, date(2028, 1, 6)).prepares == ""
    nec.state = EventState.CANCELLED
    assert details_from_event(meeting, date(2027, 2, 4)).prepares == ""


@pytest.mark.parametrize("on", [date(1, 1, 1), date(9999, 12, 31)])
def test_an_absurd_year_is_an_error_at_the_date(session: Session, on: date) -> None:
    event = make_event(session)
    with pytest.raises(InvalidInput) as refused:
        details_from_event(event, on)
    assert refused.value.fields == {"starts_on": "Vérifiez l’année."}
    with pytest.raises(InvalidInput):
        details_from_kind(event.kind, on, timezone=PARIS)


@pytest.fixture
def quarterly(session: Session) -> EventKind:
    return make_kind(
        session,
        "trimestrielle",
        label="Réunion trimestrielle",
        usual_start=time(9, 30),
        duration_minutes=180,
        mode=EventMode.HYBRID,
        capacity_onsite=40,
        capacity_remote=25,
        waiting_list=False,
        promotion_delay_hours=12,
        opens_before_days=30,
        closes_before_hours=48,
        reminder_hours=[168, 24],
        mail_note="À bientôt !",
        summary="Le rendez-vous du trimestre.",
        audience="Médiateur·rice·s",
        entrance_unit=EntranceUnit.HALF_DAY,
    )


QUARTERLY = EventDetails(
    title="Réunion trimestrielle",
    kind_code="trimestrielle",
    departement_codes=("45",),
    starts_on=date(2027, 4, 8),
    starts_at=time(9, 30),
    ends_at=time(12, 30),
    entrance_unit=EntranceUnit.HALF_DAY,
    mode=EventMode.HYBRID,
    summary="Le rendez-vous du trimestre.",
    audience="Médiateur·rice·s",
    # In March still winter time: the clock shows the same hour.
    registration_opens_at=datetime(2027, 3, 9, 8, 30, tzinfo=UTC),
    registration_closes_at=datetime(2027, 4, 6, 7, 30, tzinfo=UTC),
    waiting_list=False,
    capacity_onsite=40,
    capacity_remote=25,
    promotion_delay_hours=12,
    reminder_hours=(168, 24),
    mail_note="À bientôt !",
)


def test_a_kind_gives_its_events_all_that_its_template_says(quarterly: EventKind) -> None:
    on = date(2027, 4, 8)
    assert details_from_kind(quarterly, on, timezone=PARIS, departement_codes=["45"]) == QUARTERLY
    moved = details_from_kind(
        quarterly, on, timezone=PARIS, starts_at=time(14, 0), departement_codes=["45"]
    )
    assert moved == replace(
        QUARTERLY,
        starts_at=time(14, 0),
        ends_at=time(17, 0),
        registration_opens_at=datetime(2027, 3, 9, 13, 0, tzinfo=UTC),
        registration_closes_at=datetime(2027, 4, 6, 12, 0, tzinfo=UTC),
    )


def test_a_kind_that_lasts_several_days_says_the_last_one(session: Session) -> None:
    week = make_kind(
        session,
        "carrefour",
        label="Carrefour",
        usual_start=time(9, 0),
        duration_minutes=4 * 24 * 60 + 8 * 60,
    )
    made = details_from_kind(week, date(2027, 10, 4), timezone=PARIS)
    assert (made.ends_on, made.ends_at) == (date(2027, 10, 8), time(17, 0))
    week.usual_start, week.duration_minutes = None, 2 * 24 * 60
    made = details_from_kind(week, date(2027, 10, 4), timezone=PARIS)
    assert (made.starts_at, made.ends_on, made.ends_at) == (None, date(2027, 10, 5), None)
    week.duration_minutes = None
    assert details_from_kind(week, date(2027, 10, 4), timezone=PARIS).ends_on is None


def with_programme(session: Session, event: Event) -> None:
    host = make_structure(session, "La Brouette")
    event.rooms = [EventRoom(name="Salle Loire", name_key="salle loire", seats=30)]
    event.activities = [
        Activity(
            format=ActivityFormat.PLENARY,
            title="Ouverture",
            position=0,
            starts_at=datetime(2027, 4, 8, 7, 30, tzinfo=UTC),
            ends_at=datetime(2027, 4, 8, 8, 30, tzinfo=UTC),
        ),
        Activity(
            format=ActivityFormat.WORKSHOP,
            title="Atelier",
            summary="À partir de situations vécues.",
            position=1,
            starts_at=datetime(2027, 4, 9, 12, 0, tzinfo=UTC),
            ends_at=datetime(2027, 4, 9, 13, 0, tzinfo=UTC),
            room="Salle Loire",
            track="A",
            remote_link="https://visio.example.org/atelier",
            registration=ActivityRegistration.REQUIRED,
            counts_presence=False,
            capacity_onsite=30,
            capacity_remote=10,
            taken_onsite=12,
            taken_remote=3,
            hosts=[host],
            speakers=[ActivitySpeaker(name="Honorine Valfroy", may_be_named=True)],
        ),
        Activity(format=ActivityFormat.OTHER, title="Sans heure", position=2),
    ]
    session.commit()


def test_a_programme_is_copied_without_anybody(session: Session, nec: Event, now: datetime) -> None:
    with_programme(session, nec)
    target = make_event(session, state=EventState.DRAFT, door_epoch="")
    take_details(session, target, details_from_event(nec, date(2028, 1, 27)))
    assert copy_programme(session, nec, target, now) == ProgrammeCopied(3)
    assert hours_of(target) == [
        ("Ouverture", "2028-01-27 09:30", "2028-01-27 10:30"),
        ("Atelier", "2028-01-28 14:00", "2028-01-28 15:00"),
        ("Sans heure", "—", "—"),
    ]
    workshop = target.activities[1]
    assert (
        workshop.format,
        workshop.summary,
        workshop.room,
        workshop.track,
        workshop.remote_link,
        workshop.registration,
        workshop.counts_presence,
        (workshop.capacity_onsite, workshop.capacity_remote),
        (workshop.taken_onsite, workshop.taken_remote),
        [host.name for host in workshop.hosts],
        workshop.speakers,
        workshop.position,
        workshop.version,
    ) == (
        ActivityFormat.WORKSHOP,
        "À partir de situations vécues.",
        "Salle Loire",
        "A",
        "https://visio.example.org/atelier",
        ActivityRegistration.REQUIRED,
        False,
        (30, 10),
        (0, 0),
        ["La Brouette"],
        [],
        1,
        1,
    )
    assert "honorine" not in workshop.search_text
    assert "atelier" in target.search_text
    assert [(room.name, room.seats) for room in target.rooms] == [("Salle Loire", 30)]
    labels = session.scalars(
        select(Checkpoint.label)
        .where(Checkpoint.event_id == target.id)
        .order_by(Checkpoint.position)
    ).all()
    assert "Ouverture" in labels
    assert "Atelier" not in labels
    # The source keeps its own.
    assert len(nec.activities) == 3
    assert len(nec.activities[1].speakers) == 1


def test_a_programme_follows_another_hour_and_loses_those_of_a_day_too_many(
    session: Session, nec: Event, now: datetime
) -> None:
    with_programme(session, nec)
    shorter = make_event(
        session,
        starts_on=date(2028, 1, 27),
        starts_at=datetime(2028, 1, 27, 9, 0, tzinfo=UTC),
        ends_at=datetime(2028, 1, 27, 16, 0, tzinfo=UTC),
    )
    assert copy_programme(session, nec, shorter, now, with_links=False) == ProgrammeCopied(3, 1)
    assert hours_of(shorter) == [
        ("Ouverture", "2028-01-27 10:15", "2028-01-27 11:15"),
        ("Sans heure", "—", "—"),
        ("Atelier", "—", "—"),
    ]
    assert {one.remote_link for one in shorter.activities} == {""}


def test_a_programme_keeps_its_clock_where_the_new_event_has_no_hour(
    session: Session, nec: Event, now: datetime
) -> None:
    with_programme(session, nec)
    target = make_event(
        session,
        starts_on=date(2028, 1, 27),
        ends_on=date(2028, 1, 28),
        starts_at=None,
        ends_at=None,
    )
    copy_programme(session, nec, target, now)
    assert hours_of(target)[:2] == [
        ("Ouverture", "2028-01-27 09:30", "2028-01-27 10:30"),
        ("Atelier", "2028-01-28 14:00", "2028-01-28 15:00"),
    ]


def test_a_second_copy_adds_to_what_is_there_in_the_order_of_hours(
    session: Session, nec: Event, now: datetime
) -> None:
    with_programme(session, nec)
    target = make_event(session, starts_on=date(2028, 1, 27), ends_on=date(2028, 1, 28))
    target.starts_at = datetime(2028, 1, 27, 8, 15, tzinfo=UTC)
    copy_programme(session, nec, target, now)
    copy_programme(session, nec, target, now)
    assert [one.title for one in target.activities] == [
        "Ouverture", "Ouverture", "Atelier", "Atelier", "Sans heure", "Sans heure",
    ]  # fmt: skip
    assert [one.position for one in target.activities] == [0, 1, 2, 3, 4, 5]
    assert len(target.rooms) == 1


def test_a_cancelled_event_takes_no_programme(session: Session, nec: Event, now: datetime) -> None:
    cancelled = make_event(session, state=EventState.CANCELLED)
    with pytest.raises(StateForbids):
        copy_programme(session, nec, cancelled, now)
    with pytest.raises(StateForbids):
        programme_from_kind(session, nec.kind, cancelled, now)


def test_every_partnership_is_copied_with_its_place_and_its_logo(
    session: Session, nec: Event
) -> None:
    hub, town, bank = (make_structure(session, name) for name in ("Hub-Lo", "Ville", "Banque"))
    nec.partnerships = [
        Partnership(structure=town, role=PartnershipRole.HOST, position=0),
        Partnership(structure=hub, role=PartnershipRole.ORGANISER, position=1, shows_logo=False),
        Partnership(structure=bank, role=PartnershipRole.SIGNATORY, position=2, shows_logo=False),
    ]
    target = make_event(session)
    take_details(session, target, details_from_event(nec, date(2028, 1, 27)))
    assert copy_partnerships(session, nec, target) == 3
    assert [(one.structure.name, one.role, one.shows_logo) for one in target.partnerships] == [
        ("Hub-Lo", PartnershipRole.ORGANISER, False),
        ("Ville", PartnershipRole.HOST, True),
        ("Banque", PartnershipRole.SIGNATORY, False),
    ]
    assert copy_partnerships(session, nec, target) == 3


def test_a_kind_gives_its_events_a_programme_to_begin_with(session: Session, now: datetime) -> None:
    kind = make_kind(session, "nec", label="NEC")
    kind.activities = [
        KindActivity(
            position=0,
            format=ActivityFormat.PLENARY,
            title="Ouverture",
            starts_after_minutes=15,
            duration_minutes=60,
        ),
        KindActivity(
            position=1,
            format=ActivityFormat.WORKSHOP,
            title="Atelier au choix",
            day=1,
            starts_after_minutes=30,
            duration_minutes=75,
            track="A",
            capacity_onsite=40,
            capacity_remote=20,
            registration=ActivityRegistration.REQUIRED,
            counts_presence=False,
        ),
        KindActivity(position=2, format=ActivityFormat.STAND, title="Stands"),
    ]
    session.flush()
    event = make_event(
        session,
        starts_on=date(2028, 3, 25),
        ends_on=date(2028, 3, 26),
        starts_at=datetime(2028, 3, 25, 8, 0, tzinfo=UTC),
        ends_at=datetime(2028, 3, 26, 15, 0, tzinfo=UTC),
    )
    assert programme_from_kind(session, kind, event, now) == ProgrammeCopied(3)
    # The clocks change in the night between the two days.
    assert hours_of(event) == [
        ("Ouverture", "2028-03-25 09:15", "2028-03-25 10:15"),
        ("Atelier au choix", "2028-03-26 09:30", "2028-03-26 10:45"),
        ("Stands", "—", "—"),
    ]
    workshop = event.activities[1]
    assert (
        workshop.track,
        workshop.capacity_onsite,
        workshop.capacity_remote,
        workshop.registration,
        workshop.counts_presence,
    ) == ("A", 40, 20, ActivityRegistration.REQUIRED, False)
    one_day = make_event(session)
    assert programme_from_kind(session, kind, one_day, now) == ProgrammeCopied(3, 1)
    no_hour = make_event(session, starts_at=None, ends_at=None)
    assert programme_from_kind(session, kind, no_hour, now) == ProgrammeCopied(3, 2)
