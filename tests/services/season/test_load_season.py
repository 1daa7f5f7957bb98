import shutil
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from eventhub.domain.event import (
    CountingUnit,
    DatePrecision,
    EventMode,
    EventState,
    HubRole,
    PartnershipRole,
)
from eventhub.domain.figures import Qualified, Qualifier
from eventhub.domain.naming import search_words
from eventhub.domain.registration import (
    AttendanceMode,
    RegistrationOrigin,
    RegistrationState,
    why_registration_is_closed,
)
from eventhub.domain.scan import AttendanceOrigin
from eventhub.models import Base
from eventhub.models.attendance import Attendance
from eventhub.models.door import Checkpoint
from eventhub.models.event import Event
from eventhub.models.figure import Headcount
from eventhub.models.person import Person
from eventhub.models.registration import Registration, Ticket
from eventhub.queries.figure_rows import FigureFilter
from eventhub.queries.figures import event_figures, figures_over
from eventhub.services.season import EXAMPLE, Added, load_season, read_season
from eventhub.services.structures import find_structure

UPCOMING = ("nec-a-venir", "trimestrielle-loiret-a-venir", "hackathon-indre-a-venir")
PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture
def added(session: Session, now: datetime) -> Added:
    """The example season, loaded."""
    made = load_season(session, read_season(EXAMPLE), now)
    session.commit()
    return made


def by_slug(session: Session, slug: str) -> Event:
    return session.scalars(select(Event).where(Event.slug == slug)).one()


def every_row(session: Session) -> dict[str, list[tuple[object, ...]]]:
    """All that the database holds."""
    return {
        table.name: sorted((tuple(row) for row in session.execute(select(table))), key=repr)
        for table in Base.metadata.sorted_tables
    }


def parts(event: Event) -> list[tuple[PartnershipRole, str]]:
    return [(part.role, part.structure.name) for part in event.partnerships]


def test_the_season_is_there(session: Session, added: Added) -> None:
    assert (added.events, added.upcoming, added.headcounts) == (61, 3, 35)
    assert session.scalar(select(func.count(Event.id))) == 64
    assert len(session.scalars(select(Person)).all()) == added.people
    assert added.people < added.registrations  # some came to several events


def test_loading_twice_changes_nothing_even_a_year_later(
    session: Session, added: Added, now: datetime
) -> None:
    before = every_row(session)
    again = load_season(session, read_season(EXAMPLE), now + timedelta(days=365))
    session.commit()
    assert again == Added()
    assert every_row(session) == before


def test_what_someone_has_edited_is_left_alone(
    session: Session, added: Added, now: datetime
) -> None:
    event, come = by_slug(session, "nec-2024"), by_slug(session, "nec-a-venir")
    event.title = "NEC 2024, titre corrigé"
    event.partnerships.clear()
    come.starts_on = come.ends_on = date(2027, 6, 1)
    session.delete(
        session.scalars(select(Headcount).where(Headcount.event_id.is_not(None))).first()
    )
    session.commit()
    before = every_row(session)
    assert load_season(session, read_season(EXAMPLE), now) == Added()
    session.commit()
    assert every_row(session) == before


def test_dates_are_as_precise_as_they_are_known(session: Session, added: Added) -> None:
    def dates(slug: str) -> tuple[object, ...]:
        event = by_slug(session, slug)
        return (
            event.date_precision,
            event.starts_on,
            event.ends_on,
            [one.on for one in event.alternatives],
            event.starts_at,
        )

    assert dates("nec-2022") == (
        DatePrecision.YEAR,
        date(2022, 1, 1),
        date(2022, 12, 31),
        [],
        None,
    )
    assert dates("trimestrielle-37-2023-09") == (
        DatePrecision.ALTERNATIVES,
        date(2023, 9, 14),
        date(2023, 9, 21),
        [date(2023, 9, 14), date(2023, 9, 21)],
        None,
    )
    assert dates("bassin-grande-sologne-2023")[:3] == (
        DatePrecision.RANGE,
        date(2023, 9, 1),
        date(2023, 10, 31),
    )
    assert dates("cuivre-18-2024-01")[:3] == (
        DatePrecision.MONTH,
        date(2024, 1, 1),
        date(2024, 1, 31),
    )
    assert dates("cnr-2023")[4] == datetime(2023, 2, 6, 14, 0, tzinfo=PARIS)


def test_organisers_and_partners_have_their_parts_also_by_alias(
    session: Session, added: Added
) -> None:
    event = by_slug(session, "interconnectes-45-2024")
    assert event.hub_role is HubRole.CO_ORGANISER
    assert parts(event) == [
        (PartnershipRole.ORGANISER, "Res’O Orléans Métropole"),
        (PartnershipRole.ORGANISER, "Conseil départemental du Loiret"),
        (PartnershipRole.ORGANISER, "Hub-Lo"),
        (PartnershipRole.PARTNER, "Les Interconnectés"),
    ]
    assert find_structure(session, "CD 28") is find_structure(
        session, "Conseil départemental d'Eure-et-Loir"
    )


def test_events_are_found_by_any_form_of_their_words(session: Session, added: Added) -> None:
    def found(query: str) -> set[str]:
        conditions = [Event.search_text.contains(word) for word in search_words(query)]
        return set(session.scalars(select(Event.slug).where(*conditions)))

    hackathons = {"hackathon-2023", "hackathon-2024", "hackathon-2025", "hackathon-indre-a-venir"}
    for query in (
        "hackathon médiatrices",
        "Hackathon des conseillères",
        "hackathon mediateur·rice",
    ):
        assert found(query) == hackathons
    assert found("nogent-le-rotrou") == {"hackathon-2024"}
    assert "bassin-le-blanc-2023-1" in found("brenne")


def test_meetings_that_say_what_they_prepare_are_linked_to_it(
    session: Session, added: Added
) -> None:
    links = session.execute(
        select(Event.slug, Event.prepares_id).where(Event.kind_code == "preparation")
    )
    slugs = {event.id: event.slug for event in session.scalars(select(Event))}
    assert {row.slug: slugs.get(row.prepares_id) for row in links} == {
        "prepa-mini-carrefour-chinon": "mini-carrefour-chinon-2023",
        "prepa-mini-carrefour-loches": "mini-carrefour-loches-2023",
        "prepa-mini-carrefour-amboise": None,
        "prepa-carrefour-2023-06": "carrefour-2023",
        "prepa-carrefour-2023-09": "carrefour-2023",
    }


def test_history_is_presence_without_scan_or_hour_and_takes_no_registration(
    session: Session, added: Added, now: datetime
) -> None:
    assert set(session.scalars(select(Attendance.origin))) == {AttendanceOrigin.IMPORT}
    assert set(session.scalars(select(Attendance.present_at))) == {None}
    assert set(session.scalars(select(Attendance.scan_id))) == {None}
    past = session.scalars(select(Event).where(Event.slug.not_in(UPCOMING))).all()
    assert {event.state for event in past} == {EventState.PUBLISHED}
    assert all(why_registration_is_closed(event, now) is not None for event in past)


def test_an_unknown_day_stays_unknown(session: Session, added: Added, now: datetime) -> None:
    read = event_figures(session, by_slug(session, "carrefour-2022").id, now)
    assert [(row.member, row.participants) for row in read.breakdowns["day"].rows] == [(None, 90)]


def test_the_carrefour_is_fewer_people_over_five_days_of_activities(
    session: Session, added: Added, now: datetime
) -> None:
    event = by_slug(session, "carrefour-2024")
    read = event_figures(session, event.id, now)
    assert event.kind.counted_by is CountingUnit.ACTIVITY
    assert read.figures["participations"] == 214
    assert 60 < int(read.figures["participants"] or 0) < 214
    assert [row.member for row in read.breakdowns["day"].rows] == [
        f"2024-12-0{day}" for day in range(2, 7)
    ]
    assert sum(row.participations for row in read.breakdowns["activity"].rows) == 214
    engaged = {part.structure_id for part in event.partnerships if part.role == "engaged"}
    hosts = {host.id for activity in event.activities for host in activity.hosts}
    assert (len(engaged), len(hosts)) == (56, 20)
    assert hosts < engaged


def test_published_parts_are_kept(session: Session, added: Added, now: datetime) -> None:
    read = event_figures(session, by_slug(session, "cnr-2023").id, now)
    assert {row.member: row.participants for row in read.breakdowns["residence"].rows} == {
        "18": 4,
        "28": 6,
        "36": 6,
        "37": 2,
        "41": 1,
        "45": 13,
        None: 0,
    }
    assert {row.member: row.present for row in read.breakdowns["role"].rows} == {
        "participant": 32,
        "facilitator": 10,
    }
    assert (read.figures["remote"], read.figures["onsite"]) == (32, 0)
    nec = event_figures(session, by_slug(session, "nec-2024").id, now)
    residences = {row.member for row in nec.breakdowns["residence"].rows}
    assert residences == {"18", "28", "36", "37", "41", "45", None}


def test_the_other_published_figures_are_declared_in_their_own_words(
    session: Session, added: Added, now: datetime
) -> None:
    read = event_figures(session, by_slug(session, "interconnectes-45-2024").id, now)
    assert [
        (row.measure, row.member, row.count, row.quote, row.source) for row in read.declared
    ] == [
        (
            "participants",
            "",
            Qualified(95, Qualifier.MORE_THAN),
            "plus de 95 professionnel-le-s de la médiation numérique étaient présent-e-s",
            "Bilan 2024",
        ),
        ("participants", "remote", Qualified(25), "dont 25 à distance", "Bilan 2024"),
    ]
    period = session.scalars(select(Headcount).where(Headcount.departement_code == "41")).first()
    assert period is not None
    assert (period.period, period.period_starts_on, period.period_ends_on, period.event_id) == (
        "2021-10/2022-12",
        date(2021, 10, 1),
        date(2022, 12, 31),
        None,
    )


def test_the_year_adds_up(session: Session, added: Added, now: datetime) -> None:
    over = figures_over(session, FigureFilter.of_year(2024), now)
    counts = {code: over.figures[code] for code in ("events", "meetings", "trainings")}
    assert counts == {"events": 8, "meetings": 10, "trainings": 1}
    assert over.others["meetings"] == 6
    assert over.together["participants"] == Qualified(
        int(over.figures["participants"] or 0) + 60 + 95 + 30 + 10, Qualifier.ABOUT
    )
    assert int(over.figures["returning"] or 0) > 0


def test_everyone_is_invented(session: Session, added: Added) -> None:
    emails = session.scalars(select(Person.email)).all()
    assert all(email and email.endswith("@example.org") for email in emails)
    assert len(set(emails)) == len(emails)


def test_three_events_to_come_are_open_and_dated_from_the_loading(
    session: Session, added: Added, now: datetime
) -> None:
    events = [by_slug(session, slug) for slug in UPCOMING]
    told = [
        (
            event.kind_code,
            event.mode,
            event.capacity_onsite,
            event.capacity_remote,
            [departement.code for departement in event.departements],
        )
        for event in events
    ]
    assert told == [
        ("nec", EventMode.HYBRID, 150, 60, ["18", "28", "36", "37", "41", "45"]),
        ("trimestrielle", EventMode.ONSITE, 40, None, ["45"]),
        ("hackathon", EventMode.ONSITE, 60, None, ["36"]),
    ]
    for event in events:
        assert event.starts_at is not None
        assert event.ends_at is not None
        assert event.starts_on >= (now + timedelta(days=30)).date()
        assert event.starts_at.astimezone(PARIS).date() == event.starts_on == event.ends_on
        assert event.starts_on.isoweekday() <= 5
        assert event.waiting_list
        assert why_registration_is_closed(event, now) is None
        assert event.contact_email.endswith("@example.org")
        assert all((event.summary, event.audience, event.place, event.address, event.access))
        assert event.accessibility
        assert event.search_text
    nec = events[0]
    assert {activity.format.value for activity in nec.activities} >= {
        "plenary",
        "workshop",
        "break",
        "meal",
        "forum",
    }
    assert {activity.track for activity in nec.activities if activity.format == "workshop"} == {
        "A",
        "B",
        "C",
    }


def test_places_taken_are_those_of_the_rows_with_tickets_and_nobody_waits(
    session: Session, added: Added
) -> None:
    for slug in UPCOMING:
        event = by_slug(session, slug)
        rows = session.scalars(select(Registration).where(Registration.event_id == event.id)).all()
        taken = [
            sum(row.mode is mode and row.holds_place for row in rows) for mode in AttendanceMode
        ]
        assert taken == [event.taken_onsite, event.taken_remote]
        assert {row.state for row in rows} == {RegistrationState.CONFIRMED}
        assert {row.origin for row in rows} == {RegistrationOrigin.ONLINE}
        tickets = session.scalars(select(Ticket).where(Ticket.event_id == event.id)).all()
        assert {ticket.registration_id for ticket in tickets} == {row.id for row in rows}
        assert event.capacity_onsite is not None
        assert event.capacity_onsite - event.taken_onsite >= event.capacity_onsite * 2 // 3
        days = session.scalars(
            select(Checkpoint.on_date).where(Checkpoint.event_id == event.id).distinct()
        )
        assert set(days) == {event.starts_on}


def test_people_are_the_same_at_each_loading(session: Session, now: datetime) -> None:
    def names() -> list[tuple[str, str]]:
        savepoint = session.begin_nested()
        load_season(session, read_season(EXAMPLE), now)
        rows = session.execute(select(Person.given_name, Person.family_name).order_by(Person.email))
        found = [(row.given_name, row.family_name) for row in rows]
        savepoint.rollback()
        session.expunge_all()
        return found

    assert names() == names()


def test_facilitators_are_other_people_than_participants(
    session: Session, now: datetime, tmp_path: Path
) -> None:
    folder = shutil.copytree(EXAMPLE, tmp_path / "season")
    path = folder / "figures.csv"
    told = ";;;present;role;facilitator;50;exact;computed;50 animateur·rices;essai"
    path.write_text(path.read_text("utf-8").rstrip("\n") + f"\nnec-2024{told}\n", "utf-8")
    load_season(session, read_season(folder), now)
    figures = event_figures(session, by_slug(session, "nec-2024").id, now).figures
    assert (figures["present"], figures["participants"]) == (250, 200)
