import uuid
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventhub.domain.errors import InvalidInput
from eventhub.domain.event import EventState
from eventhub.domain.figures import Covers, Qualified, Qualifier
from eventhub.domain.registration import AttendanceMode, RegistrationState
from eventhub.domain.scan import AttendanceOrigin, CheckpointKind, ScanKind, Verdict
from eventhub.models.attendance import Attendance
from eventhub.models.audit import AuditEntry
from eventhub.models.door import Checkpoint, Device, Scan
from eventhub.models.event import Event
from eventhub.models.figure import FrozenFigures, Headcount
from eventhub.models.registration import Registration
from eventhub.queries.figures import event_figures
from eventhub.services.audit import record
from eventhub.services.events import close_event
from eventhub.services.figures import add_headcount, freeze_figures, remove_headcount
from tests.factories import make_account, make_event, make_registration

CLOSED_AT = datetime.fromisoformat("2024-12-03T08:00:00+00:00")


@pytest.fixture
def closed(session: Session) -> Event:
    """An event of one registered person who came, closed the day after."""
    event = make_event(
        session,
        starts_on=date(2024, 12, 2),
        ends_on=date(2024, 12, 2),
        starts_at=None,
        ends_at=None,
        state=EventState.CLOSED,
    )
    session.add(
        Checkpoint(
            event_id=event.id,
            kind=CheckpointKind.ENTRANCE,
            label="Entrée",
            on_date=date(2024, 12, 2),
        )
    )
    session.flush()
    _present(session, make_registration(session, event))
    freeze_figures(session, event, CLOSED_AT, None)
    session.commit()
    return event


def _present(session: Session, registration: Registration) -> None:
    checkpoint = session.scalars(
        select(Checkpoint).where(Checkpoint.event_id == registration.event_id)
    ).one()
    session.add(
        Attendance(
            event_id=registration.event_id,
            registration_id=registration.id,
            checkpoint_id=checkpoint.id,
            mode=AttendanceMode.ONSITE,
            origin=AttendanceOrigin.SCAN,
        )
    )
    session.flush()


def _late_scan(session: Session, event: Event, device: str, reason: str = "") -> None:
    """Someone else came in, and the phone sent it once the figures were frozen."""
    registration = make_registration(session, event)
    _present(session, registration)
    paired = Device(
        event_id=event.id,
        name=device,
        token_hash=uuid.uuid4().hex,
        paired_at=CLOSED_AT,
        expires_at=CLOSED_AT,
    )
    session.add(paired)
    session.flush()
    session.add(
        Scan(
            event_id=event.id,
            scan_id=uuid.uuid4().hex,
            device_id=paired.id,
            kind=ScanKind.ARRIVAL,
            registration_id=registration.id,
            reason=reason,
            effective_at=CLOSED_AT - timedelta(hours=20),
            received_at=CLOSED_AT + timedelta(hours=1),
            verdict=Verdict.ACCEPTED,
            counts=True,
            payload={},
        )
    )
    session.commit()


def test_frozen_figures_do_not_move_and_live_ones_do(
    session: Session, closed: Event, now: datetime
) -> None:
    _late_scan(session, closed, "Accueil 1")
    read = event_figures(session, closed.id, now)
    assert read.frozen is not None
    assert (read.frozen.at, read.frozen.figures["participants"]) == (CLOSED_AT, 1)
    assert read.frozen.figures["attendance_rate"] == 1.0
    assert read.frozen.breakdowns["day"] == [
        {
            "member": "2024-12-02",
            "label": "lundi 2 décembre 2024",
            "registered": 1,
            "present": 1,
            "participants": 1,
            "participations": 1,
        }
    ]
    assert read.figures["participants"] == 2


def test_a_late_scan_shows_as_a_difference_with_its_device_and_why(
    session: Session, closed: Event, now: datetime
) -> None:
    _late_scan(session, closed, "Accueil 1")
    read = event_figures(session, closed.id, now)
    told = [(one.measure, one.frozen, one.live, one.author, one.reason) for one in read.differences]
    late = ("Accueil 1", "passage reçu après la clôture")
    assert told == [
        ("registered", 1, 2, *late),
        ("present", 1, 2, *late),
        ("participants", 1, 2, *late),
        ("participations", 1, 2, *late),
        ("onsite", 1, 2, *late),
    ]


def test_everyone_who_moved_a_figure_is_named_once(
    session: Session, closed: Event, now: datetime
) -> None:
    _late_scan(session, closed, "Accueil 1", "téléphone resté éteint")
    _late_scan(session, closed, "Accueil 2")
    _late_scan(session, closed, "Accueil 2")
    (one,) = [
        one
        for one in event_figures(session, closed.id, now).differences
        if one.measure == "present"
    ]
    assert (one.frozen, one.live, one.author, one.reason) == (
        1,
        4,
        "Accueil 1, Accueil 2",
        "téléphone resté éteint\u00a0; passage reçu après la clôture",
    )


def test_a_correction_by_an_account_shows_its_author_and_reason(
    session: Session, closed: Event, now: datetime
) -> None:
    _present(session, make_registration(session, closed))
    account = make_account(session, display_name="Nadège Fontbrune")
    later = CLOSED_AT + timedelta(days=1)
    record(
        session,
        later,
        "registration-added",
        account_id=account.id,
        actor=account.shown_name,
        event_id=closed.id,
        reason="liste papier retrouvée",
    )
    record(
        session,
        later,
        "minutes-published",
        account_id=account.id,
        actor="Quelqu’un d’autre",
        event_id=closed.id,
    )
    differences = event_figures(session, closed.id, now).differences
    assert {(one.author, one.reason) for one in differences} == {
        ("Nadège Fontbrune", "liste papier retrouvée")
    }


def test_a_registration_withdrawn_afterwards_shows_too(
    session: Session, closed: Event, now: datetime
) -> None:
    registration = session.scalars(select(Registration)).one()
    registration.state = RegistrationState.CANCELLED
    registration.updated_at = CLOSED_AT + timedelta(hours=2)
    session.commit()
    differences = event_figures(session, closed.id, now).differences
    assert {one.measure: (one.author, one.reason) for one in differences}["registered"] == (
        "la personne inscrite",
        "inscription modifiée après la clôture",
    )


def test_without_a_change_there_is_no_difference(
    session: Session, closed: Event, now: datetime
) -> None:
    assert event_figures(session, closed.id, now).differences == ()


def test_figures_are_frozen_once(session: Session, closed: Event, now: datetime) -> None:
    _late_scan(session, closed, "Accueil 1")
    frozen = freeze_figures(session, closed, now, None)
    assert frozen.frozen_at == CLOSED_AT
    assert session.scalars(select(FrozenFigures)).all() == [frozen]


def test_a_headcount_is_kept_with_its_author_and_taken_back(
    session: Session, now: datetime
) -> None:
    event, account = make_event(session), make_account(session, display_name="Joachim Nervault")
    headcount = add_headcount(
        session,
        event,
        "participants",
        30,
        now,
        qualifier=Qualifier.ABOUT,
        covers=Covers.BEYOND_LIST,
        source="  comptage  à l’entrée ",
        account=account,
    )
    (row,) = event_figures(session, event.id, now).declared
    assert (row.count, row.covers, row.source, row.entered_by) == (
        Qualified(30, Qualifier.ABOUT),
        Covers.BEYOND_LIST,
        "comptage à l’entrée",
        "Joachim Nervault",
    )
    remove_headcount(session, headcount, now, account=account)
    assert session.scalars(select(Headcount)).all() == []
    acts = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(act.action, act.actor, act.subject, act.detail["value"]) for act in acts] == [
        ("headcount-added", "Joachim Nervault", "Participants", 30),
        ("headcount-removed", "Joachim Nervault", "Participants", 30),
    ]


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"measure": "attendance_rate"}, {"measure"}),
        ({"measure": "argent"}, {"measure"}),
        ({"value": -1}, {"value"}),
        ({"value": None}, {"value"}),
        ({"value": 10**12}, {"value"}),
        ({"source": "  "}, {"source"}),
        ({"source": "x" * 300}, {"source"}),
        ({"dimension": "humeur", "member": "bonne"}, {"dimension"}),
        ({"dimension": "mode"}, {"member"}),
        ({"member": "remote"}, {"member"}),
    ],
)
def test_a_headcount_that_says_nothing_clear_is_refused(
    session: Session, now: datetime, wrong: dict[str, object], fields: set[str]
) -> None:
    event = make_event(session)
    given = {"measure": "participants", "value": 3, "source": "Bilan"} | wrong
    measure, value = given.pop("measure"), given.pop("value")
    with pytest.raises(InvalidInput) as refused:
        add_headcount(session, event, measure, value, now, **given)  # type: ignore[arg-type]  # wrong on purpose
    assert set(refused.value.fields) == fields
    assert session.scalars(select(Headcount)).all() == []


def test_closing_before_the_end_takes_that_moment_as_the_end(
    session: Session, now: datetime
) -> None:
    event = make_event(session)
    make_registration(session, event)
    assert event_figures(session, event.id, now).figures["no_shows"] is None
    close_event(session, event, now, account=make_account(session), early=True)
    read = event_figures(session, event.id, now)
    assert read.frozen is not None
    assert (read.frozen.at, read.frozen.figures["no_shows"], read.is_over) == (now, 1, True)
    assert read.frozen.figures == read.figures
