from dataclasses import replace
from datetime import datetime, time

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventhub.domain.errors import CategoryChanged, InvalidInput, KindChanged, StateForbids
from eventhub.domain.event import ActivityFormat, CountingUnit, EventMode, KindFamily
from eventhub.domain.kind_template import CategoryDetails, KindActivityDetails, KindDetails
from eventhub.domain.registration import AttendanceMode
from eventhub.domain.scan import AttendanceOrigin, CheckpointKind
from eventhub.models.account import Account
from eventhub.models.attendance import Attendance
from eventhub.models.audit import AuditEntry
from eventhub.models.door import Checkpoint
from eventhub.models.event import EventKind
from eventhub.models.person import Category
from eventhub.services.categories import (
    add_category,
    change_category,
    delete_category,
    move_category,
    restore_category,
    retire_category,
)
from eventhub.services.kinds import (
    add_kind,
    add_kind_activity,
    change_kind,
    change_kind_activity,
    delete_kind,
    move_kind,
    remove_kind_activity,
    restore_kind,
    retire_kind,
)
from tests.factories import make_account, make_category, make_event, make_kind, make_registration

MEETING = KindDetails(label="Réunion de quartier", family=KindFamily.MEETING)
PART = KindActivityDetails(format=ActivityFormat.TALK, title="Actualités")


@pytest.fixture
def admin(session: Session) -> Account:
    return make_account(session, display_name="Solène Picquendaire")


def labels(session: Session) -> list[str]:
    return list(session.scalars(select(EventKind.label).order_by(EventKind.position)))


def record_presence(session: Session, kind: EventKind, now: datetime) -> None:
    event = make_event(session, kind_code=kind.code)
    registration = make_registration(session, event)
    door = Checkpoint(event_id=event.id, kind=CheckpointKind.ENTRANCE, label="Entrée")
    session.add(door)
    session.flush()
    session.add(
        Attendance(
            registration_id=registration.id,
            checkpoint_id=door.id,
            event_id=event.id,
            mode=AttendanceMode.ONSITE,
            origin=AttendanceOrigin.SCAN,
            present_at=now,
        )
    )
    session.flush()


def test_a_kind_gets_a_code_from_its_name_that_never_changes(
    session: Session, admin: Account, now: datetime
) -> None:
    first = add_kind(session, MEETING, now, by=admin)
    second = add_kind(session, MEETING, now, by=admin)
    assert (first.code, second.code) == ("reunion-de-quartier", "reunion-de-quartier-2")
    assert change_kind(session, first, replace(MEETING, label="Réunion"), 1, now, by=admin)
    assert (first.code, first.label, first.version) == ("reunion-de-quartier", "Réunion", 2)
    assert not change_kind(session, first, replace(MEETING, label="Réunion"), 2, now, by=admin)
    assert session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all() == [
        "kind-added",
        "kind-added",
        "kind-changed",
    ]


def test_a_new_name_is_what_its_events_are_found_by(
    session: Session, admin: Account, now: datetime
) -> None:
    kind = make_kind(session, "journee")
    event = make_event(session)
    details = KindDetails(label="Rassemblement", family=KindFamily.EVENT)
    change_kind(session, kind, details, 1, now, by=admin)
    session.refresh(event)
    assert "rassemblement" in event.search_text


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"label": ""}, "label"),
        ({"label": " · "}, "label"),
        ({"label": "x" * 101}, "label"),
        ({"mode": EventMode.UNKNOWN}, "mode"),
        ({"duration_minutes": 0}, "duration_minutes"),
        ({"duration_minutes": 10**9}, "duration_minutes"),
        ({"capacity_onsite": -1}, "capacity_onsite"),
        ({"opens_before_days": 10**6}, "opens_before_days"),
        ({"opens_before_days": 2, "closes_before_hours": 48}, "closes_before_hours"),
        ({"reminder_hours": (0,)}, "reminder_hours"),
        ({"reminder_hours": (1, 2, 3, 4, 5, 6)}, "reminder_hours"),
        ({"mail_note": "x" * 5000}, "mail_note"),
    ],
)
def test_what_cannot_be_a_kind_is_said_at_its_field(
    session: Session, admin: Account, now: datetime, changed: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        add_kind(session, replace(MEETING, **changed), now, by=admin)  # type: ignore[arg-type]  # any field
    assert set(refused.value.fields) == {field}
    assert labels(session) == []


def test_who_writes_second_is_told(session: Session, admin: Account, now: datetime) -> None:
    kind = add_kind(session, MEETING, now, by=admin)
    change_kind(session, kind, replace(MEETING, audience="Toutes et tous"), 1, now, by=admin)
    with pytest.raises(KindChanged):
        change_kind(session, kind, MEETING, 1, now, by=admin)
    with pytest.raises(KindChanged):
        add_kind_activity(session, kind, PART, 1, now, by=admin)
    assert kind.audience == "Toutes et tous"


def test_figures_that_live_change_for_who_is_sure_only(
    session: Session, admin: Account, now: datetime
) -> None:
    kind = add_kind(session, MEETING, now, by=admin)
    by_activity = replace(MEETING, counted_by=CountingUnit.ACTIVITY)
    make_event(session, kind_code=kind.code)
    # Nobody was there yet: no figure changes.
    change_kind(session, kind, by_activity, 1, now, by=admin)
    record_presence(session, kind, now)
    with pytest.raises(InvalidInput) as asked:
        change_kind(session, kind, MEETING, 2, now, by=admin)
    assert set(asked.value.fields) == {"sure"}
    change_kind(session, kind, MEETING, 2, now, by=admin, sure=True)
    assert kind.counted_by is CountingUnit.DAY
    training = replace(MEETING, family=KindFamily.TRAINING)
    with pytest.raises(InvalidInput):
        change_kind(session, kind, training, 3, now, by=admin)
    change_kind(session, kind, training, 3, now, by=admin, sure=True)


def test_a_rendez_vous_never_becomes_public_with_its_kind(
    session: Session, admin: Account, now: datetime
) -> None:
    between_two = replace(MEETING, family=KindFamily.ONE_TO_ONE)
    kind = add_kind(session, between_two, now, by=admin)
    make_event(session, kind_code=kind.code)
    with pytest.raises(InvalidInput) as refused:
        change_kind(session, kind, MEETING, 1, now, by=admin, sure=True)
    assert set(refused.value.fields) == {"family"}


def test_kinds_are_put_in_order_within_their_family(
    session: Session, admin: Account, now: datetime
) -> None:
    one, fair, two = (
        add_kind(session, replace(MEETING, label=label, family=family), now, by=admin)
        for label, family in (
            ("Un", KindFamily.MEETING),
            ("Foire", KindFamily.EVENT),
            ("Deux", KindFamily.MEETING),
        )
    )
    move_kind(session, two, now, up=True, by=admin)
    assert labels(session) == ["Deux", "Foire", "Un"]
    move_kind(session, two, now, up=True, by=admin)
    move_kind(session, fair, now, up=False, by=admin)
    assert labels(session) == ["Deux", "Foire", "Un"]
    move_kind(session, two, now, up=False, by=admin)
    assert labels(session) == ["Un", "Foire", "Deux"]
    assert one.position == 0


def test_a_kind_in_use_is_retired_and_never_deleted(
    session: Session, admin: Account, now: datetime
) -> None:
    kind, other = (add_kind(session, MEETING, now, by=admin) for _ in range(2))
    make_kind(session)
    event = make_event(session, kind_code=kind.code)
    retire_kind(session, kind, now, by=admin)
    assert (kind.active, event.kind_code) == (False, kind.code)
    with pytest.raises(StateForbids):
        delete_kind(session, kind, now, by=admin)
    restore_kind(session, kind, now, by=admin)
    assert kind.active
    add_kind_activity(session, other, PART, 1, now, by=admin)
    delete_kind(session, other, now, by=admin)
    assert len(labels(session)) == 2


def test_the_last_kind_stays_on_offer(session: Session, admin: Account, now: datetime) -> None:
    kind = add_kind(session, MEETING, now, by=admin)
    with pytest.raises(StateForbids):
        retire_kind(session, kind, now, by=admin)
    with pytest.raises(StateForbids):
        delete_kind(session, kind, now, by=admin)


def test_the_programme_of_a_kind_stays_in_the_order_of_its_hours(
    session: Session, admin: Account, now: datetime
) -> None:
    kind = add_kind(session, replace(MEETING, usual_start=time(9, 0)), now, by=admin)
    late = add_kind_activity(
        session, kind, replace(PART, title="Tard", starts_after_minutes=120), 1, now, by=admin
    )
    add_kind_activity(session, kind, replace(PART, title="Sans heure"), 2, now, by=admin)
    early = replace(PART, title="Café", starts_after_minutes=-15, duration_minutes=15)
    add_kind_activity(session, kind, early, 3, now, by=admin)
    add_kind_activity(session, kind, replace(early, title="Lendemain", day=1), 4, now, by=admin)

    def titles() -> list[str]:
        return [part.title for part in kind.activities]

    assert titles() == ["Café", "Tard", "Sans heure", "Lendemain"]
    change_kind_activity(
        session, kind, late, replace(PART, title="Tôt", starts_after_minutes=-60), 5, now, by=admin
    )
    assert titles() == ["Tôt", "Café", "Sans heure", "Lendemain"]
    remove_kind_activity(session, kind, late, now, by=admin)
    assert (titles(), kind.version) == (["Café", "Sans heure", "Lendemain"], 7)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": ""}, "title"),
        ({"day": 31}, "day"),
        ({"starts_after_minutes": -721}, "starts_at"),
        ({"duration_minutes": 10}, "starts_at"),
        ({"starts_after_minutes": 0, "duration_minutes": 0}, "ends_at"),
        ({"track": "x" * 101}, "track"),
        ({"capacity_remote": 10**9}, "capacity_remote"),
    ],
)
def test_what_cannot_be_in_a_programme_is_said_at_its_field(
    session: Session, admin: Account, now: datetime, changed: dict[str, object], field: str
) -> None:
    kind = add_kind(session, MEETING, now, by=admin)
    part = replace(PART, **changed)  # type: ignore[arg-type]  # any field
    with pytest.raises(InvalidInput) as refused:
        add_kind_activity(session, kind, part, 1, now, by=admin)
    assert set(refused.value.fields) == {field}


def test_categories_are_added_changed_moved_retired_and_deleted(
    session: Session, admin: Account, now: datetime
) -> None:
    first = add_category(session, CategoryDetails(label="Élue ou élu"), now, by=admin)
    second = add_category(session, CategoryDetails(label="Élue ou élu"), now, by=admin)
    assert (first.code, second.code) == ("elue-ou-elu", "elue-ou-elu-2")
    known = CategoryDetails(label="Élu·e·s", lacoop="others")
    assert change_category(session, first, known, 1, now, by=admin)
    assert (first.code, first.label, first.lacoop, first.version) == (
        "elue-ou-elu", "Élu·e·s", "others", 2,
    )  # fmt: skip
    with pytest.raises(CategoryChanged):
        change_category(session, first, CategoryDetails(label="Autre"), 1, now, by=admin)
    with pytest.raises(InvalidInput):
        change_category(session, first, CategoryDetails(label=" "), 2, now, by=admin)
    move_category(session, second, now, up=True, by=admin)
    order = select(Category.code).order_by(Category.position)
    assert session.scalars(order).all() == ["elue-ou-elu-2", "elue-ou-elu"]
    retire_category(session, first, now, by=admin)
    with pytest.raises(StateForbids):  # nobody could register
        retire_category(session, second, now, by=admin)
    restore_category(session, first, now, by=admin)
    delete_category(session, second, now, by=admin)
    with pytest.raises(StateForbids):
        delete_category(session, first, now, by=admin)
    assert session.scalars(order).all() == ["elue-ou-elu"]


def test_a_category_that_somebody_declared_is_never_deleted(
    session: Session, admin: Account, now: datetime
) -> None:
    category = make_category(session)
    add_category(session, CategoryDetails(label="Autre"), now, by=admin)
    make_registration(session, make_event(session), category_code=category.code)
    with pytest.raises(StateForbids):
        delete_category(session, category, now, by=admin)
