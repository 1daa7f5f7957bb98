from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from eventhub.domain.event import (
    ActivityFormat,
    EventState,
    HubRole,
    KindFamily,
    PartnershipRole,
)
from eventhub.domain.figures import Covers, Qualified, Qualifier
from eventhub.domain.registration import (
    AttendanceMode,
    RegistrationOrigin,
    RegistrationRole,
    RegistrationState,
)
from eventhub.domain.scan import AttendanceOrigin, CheckpointKind
from eventhub.models.attendance import Attendance
from eventhub.models.door import Checkpoint
from eventhub.models.event import Activity, Deliverable, Event, Partnership
from eventhub.models.person import Person
from eventhub.models.registration import Registration
from eventhub.queries.figure_rows import FigureFilter
from eventhub.queries.figures import event_figures, figures_over
from eventhub.services.figures import add_headcount
from tests.factories import (
    make_category,
    make_departement,
    make_event,
    make_kind,
    make_person,
    make_registration,
    make_structure,
)
from tests.query_count import counted_statements

PAST = date(2024, 12, 2)


def past_event(session: Session, on: date = PAST, **values: object) -> Event:
    starts = {"starts_on": on, "ends_on": on, "starts_at": None, "ends_at": None}
    return make_event(session, **(starts | values))


def entrance(session: Session, event: Event, on: date | None = PAST) -> Checkpoint:
    made = Checkpoint(event_id=event.id, kind=CheckpointKind.ENTRANCE, label="Entrée", on_date=on)
    session.add(made)
    session.flush()
    return made


def came(
    session: Session,
    event: Event,
    checkpoint: Checkpoint,
    person: Person | None = None,
    mode: AttendanceMode = AttendanceMode.ONSITE,
    **values: object,
) -> Registration:
    registration = make_registration(session, event, person, mode=mode, **values)
    session.add(
        Attendance(
            event_id=event.id,
            registration_id=registration.id,
            checkpoint_id=checkpoint.id,
            mode=mode,
            origin=AttendanceOrigin.IMPORT,
        )
    )
    session.commit()
    return registration


def test_the_figures_of_an_event_are_read_from_its_rows(session: Session, now: datetime) -> None:
    make_category(session)
    event = past_event(session)
    at = entrance(session, event)
    structure = make_structure(session, "Médiathèque des Tilleuls")
    came(
        session,
        event,
        at,
        category_code="mediateur",
        departement_code="45",
        structure_id=structure.id,
    )
    came(session, event, at, mode=AttendanceMode.REMOTE, origin=RegistrationOrigin.DOOR)
    came(session, event, at, role=RegistrationRole.FACILITATOR)
    make_registration(session, event)
    make_registration(
        session, event, state=RegistrationState.CANCELLED, excused_at=now - timedelta(days=900)
    )
    session.add_all(
        [
            Activity(event_id=event.id, format=ActivityFormat.WORKSHOP, title="Atelier"),
            Deliverable(event_id=event.id, title="Un jeu"),
            Partnership(event_id=event.id, structure_id=structure.id, role=PartnershipRole.PARTNER),
            Partnership(event_id=event.id, structure_id=structure.id, role=PartnershipRole.HOST),
            Partnership(
                event_id=event.id,
                structure_id=make_structure(session).id,
                role=PartnershipRole.ORGANISER,
            ),
        ]
    )
    past_event(session, prepares_id=event.id)
    past_event(session, prepares_id=event.id, state=EventState.CANCELLED)
    session.commit()

    read = event_figures(session, event.id, now)
    assert read.figures == {
        "registered": 2,
        "present": 3,
        "participants": 2,
        "participations": 2,
        "onsite": 1,
        "remote": 1,
        "excused": 1,
        "no_shows": 1,
        "attendance_rate": 0.5,
        "walk_ins": 1,
        "structures": 1,
        "engaged_structures": 1,
        "activities": 1,
        "deliverables": 1,
        "preparatory_meetings": 1,
    }
    tables = {
        code: [(row.member, row.label, row.participants) for row in table.rows]
        for code, table in read.breakdowns.items()
    }
    activity = event.activities[0]
    assert tables == {
        "residence": [("45", "Loiret", 1), (None, "Non renseigné", 1)],
        "category": [
            ("mediateur", "Médiatrice ou médiateur numérique", 1),
            (None, "Non renseigné", 1),
        ],
        "structure": [
            (str(structure.id), "Médiathèque des Tilleuls", 1),
            (None, "Non renseigné", 1),
        ],
        "role": [("participant", "Participant·e", 2), ("facilitator", "Animateur·rice", 0)],
        "mode": [("onsite", "Sur place", 1), ("remote", "À distance", 1)],
        "activity": [(str(activity.id), "Atelier", 0), (None, "Non renseigné", 2)],
        "day": [("2024-12-02", "lundi 2 décembre 2024", 2)],
    }


def test_merged_persons_and_structures_are_one(session: Session, now: datetime) -> None:
    event = past_event(session)
    at = entrance(session, event)
    stays, kept = make_person(session), make_structure(session, "Tiers-lieu")
    merged = make_person(session, merged_into_id=stays.id)
    double = make_structure(session, "Tiers lieu bis", merged_into_id=kept.id)
    came(session, event, at, stays, structure_id=kept.id)
    came(session, event, at, merged, structure_id=double.id)
    read = event_figures(session, event.id, now)
    assert (read.figures["participants"], read.figures["structures"]) == (1, 1)
    assert [row.label for row in read.breakdowns["structure"].rows] == ["Tiers-lieu"]


def test_headcounts_stand_beside_and_are_brought_together(session: Session, now: datetime) -> None:
    event = past_event(session)
    came(session, event, entrance(session, event))
    add_headcount(
        session,
        event,
        "participants",
        95,
        now,
        qualifier=Qualifier.MORE_THAN,
        source="Bilan 2024",
    )
    add_headcount(
        session, event, "participants", 25, now, dimension="mode", member="remote", source="Bilan"
    )
    read = event_figures(session, event.id, now)
    row = read.headline("participants")
    assert (row.value, row.together) == (1, Qualified(95, Qualifier.MORE_THAN))
    assert [(one.count.value, one.source, one.event_slug) for one in row.declared] == [
        (95, "Bilan 2024", event.slug)
    ]
    assert read.headline("remote").together == Qualified(25)
    assert read.headline("participations").together is None
    by_mode = [
        (row.member, row.member_label, row.value, row.together)
        for row in read.rows()
        if (row.measure, row.dimension) == ("participants", "mode")
    ]
    assert by_mode == [
        ("onsite", "Sur place", 1, None),
        ("remote", "À distance", 0, Qualified(25)),
    ]


def test_figures_are_over_the_events_that_end_in_the_year_in_the_territory_of_the_kind(
    session: Session, now: datetime
) -> None:
    cher = make_departement(session, "18", "Cher")
    nec = make_kind(session, "nec", label="NEC").code
    someone = make_person(session)
    for values in (
        {"on": date(2024, 4, 9), "departements": [cher], "kind_code": nec},
        {"on": date(2023, 4, 9), "departements": [cher], "kind_code": nec},
        {"on": date(2024, 4, 9), "kind_code": nec},
        {"on": date(2024, 4, 9), "departements": [cher]},
    ):
        event = past_event(session, **values)  # type: ignore[arg-type]  # columns of an event
        came(session, event, entrance(session, event, values["on"]), someone)  # type: ignore[arg-type]  # a date
    over = figures_over(session, FigureFilter.of_year(2024, "18", "nec"), now)
    assert len(over.events) == 1
    assert (over.figures["events"], over.figures["participants"]) == (1, 1)
    assert (over.figures["new"], over.figures["returning"]) == (0, 1)
    all_years = figures_over(session, FigureFilter.of_year(None), now)
    assert (all_years.figures["participants"], all_years.figures["participations"]) == (1, 4)
    assert all_years.figures["new"] == 1


@pytest.mark.parametrize("state", [EventState.DRAFT, EventState.CANCELLED, EventState.POSTPONED])
def test_events_that_did_not_take_place_count_nowhere(
    session: Session, now: datetime, state: EventState
) -> None:
    event = past_event(session, state=state)
    came(session, event, entrance(session, event))
    over = figures_over(session, FigureFilter(), now)
    assert over.events == ()
    assert {code for code, value in over.figures.items() if value} == set()


def test_events_that_are_not_the_hub_s_own_have_a_line_of_their_own(
    session: Session, now: datetime
) -> None:
    meeting = make_kind(session, "reunion", family=KindFamily.MEETING).code
    past_event(session, kind_code=meeting)
    past_event(session, kind_code=meeting, hub_role=HubRole.GUEST)
    over = figures_over(session, FigureFilter.of_year(2024), now)
    assert over.figures["meetings"] == 1
    assert over.others == {"events": 0, "meetings": 1, "trainings": 0, "one_to_ones": 0}


def test_a_total_over_events_takes_each_headcount_and_says_how_exact_it_is(
    session: Session, now: datetime
) -> None:
    counted, declared = past_event(session), past_event(session)
    came(session, counted, entrance(session, counted))
    add_headcount(
        session, declared, "participants", 60, now, qualifier=Qualifier.MORE_THAN, source="Bilan"
    )
    add_headcount(
        session, counted, "participants", 3, now, covers=Covers.BEYOND_LIST, source="Bilan"
    )
    over = figures_over(session, FigureFilter.of_year(2024), now)
    assert over.together["participants"] == Qualified(64, Qualifier.MORE_THAN)
    assert [line.participants for line in over.events] == [
        Qualified(4),
        Qualified(60, Qualifier.MORE_THAN),
    ]


def test_people_without_a_name_at_two_events_print_at_most(session: Session, now: datetime) -> None:
    for _ in range(2):
        event = past_event(session)
        person = make_person(session, "", "", email=None)
        came(session, event, entrance(session, event), person, origin=RegistrationOrigin.DOOR)
    over = figures_over(session, FigureFilter(), now)
    assert over.headline("participants").at_most
    assert not over.headline("participations").at_most


def _crowd(session: Session, on: date, count: int) -> Event:
    event = past_event(session, on)
    at = entrance(session, event, on)
    for _ in range(count):
        came(session, event, at, structure_id=make_structure(session).id)
    return event


def test_the_figures_of_an_event_take_as_many_statements_for_three_people_as_for_one(
    session: Session, now: datetime
) -> None:
    counts = []
    for people in (1, 3):
        event_id = _crowd(session, PAST, people).id
        session.expire_all()
        with counted_statements(session.get_bind().engine) as statements:
            event_figures(session, event_id, now)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 25


def test_figures_over_events_take_as_many_statements_for_three_events_as_for_one(
    session: Session, now: datetime
) -> None:
    counts = []
    for year, events in ((2022, 1), (2024, 3)):
        for _ in range(events):
            _crowd(session, date(year, 5, 3), 2)
        session.expire_all()
        with counted_statements(session.get_bind().engine) as statements:
            read = figures_over(session, FigureFilter.of_year(year), now)
        assert len(read.events) == events
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 25
