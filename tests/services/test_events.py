from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventhub.domain.errors import Forbidden, InvalidInput, StateForbids
from eventhub.domain.event import DatePrecision, EventMode, EventState, PartnershipRole
from eventhub.domain.event_details import EventDetails
from eventhub.domain.registration import RegistrationState
from eventhub.domain.rights import AccountRole
from eventhub.models.account import Account, event_co_organisers
from eventhub.models.audit import AuditEntry
from eventhub.models.door import Checkpoint
from eventhub.models.event import Activity, Event, Partnership
from eventhub.models.figure import FrozenFigures
from eventhub.models.mail import OutgoingMail
from eventhub.models.structure import StructureAlias
from eventhub.services.events import (
    cancel_event,
    close_event,
    create_event,
    missing_to_publish,
    postpone_event,
    publish_event,
    share_event,
    update_event,
)
from tests.factories import (
    make_account,
    make_departement,
    make_event,
    make_kind,
    make_person,
    make_registration,
    make_structure,
)

DETAILS = EventDetails(
    title="Rencontre des médiateurs numériques",
    kind_code="journee",
    departement_codes=("37",),
    starts_on=date(2027, 4, 8),
    starts_at=time(9, 15),
    ends_at=time(17, 0),
    place="Halle du Port-Vieux, Blois",
    contact_email="nadege@example.org",
    capacity_onsite=40,
)


@pytest.fixture
def organiser(session: Session) -> Account:
    make_kind(session)
    make_departement(session, "41", "Loir-et-Cher")
    return make_account(session, AccountRole.ORGANISER, ("37",), display_name="Nadège Lemoine")


Make = Callable[[EventDetails], Event]


@pytest.fixture
def make(session: Session, organiser: Account, now: datetime) -> Make:
    return lambda details: create_event(
        session, details, now, account=organiser, actor=organiser.actor()
    )


def actions(session: Session) -> list[tuple[str, str]]:
    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    return [(entry.action, entry.actor) for entry in entries]


def test_a_new_event_is_a_draft_with_its_hours_and_its_door(session: Session, make: Make) -> None:
    made = make(DETAILS)
    assert (made.state, made.slug) == (
        EventState.DRAFT,
        "rencontre-des-mediateurs-numeriques-2027",
    )
    assert (made.starts_at, made.ends_at) == (
        datetime(2027, 4, 8, 7, 15, tzinfo=UTC),
        datetime(2027, 4, 8, 15, 0, tzinfo=UTC),
    )
    assert len(made.door_epoch) == 16
    checkpoints = session.scalars(select(Checkpoint).where(Checkpoint.event_id == made.id))
    assert [(found.label, found.on_date) for found in checkpoints] == [("Entrée", date(2027, 4, 8))]
    assert actions(session) == [("event-created", "Nadège Lemoine")]


def test_an_address_is_never_given_twice(make: Make) -> None:
    slugs = [make(replace(DETAILS, title=title)).slug for title in ("Été", "Ete !", "NEC 2027")]
    assert slugs == ["ete-2027", "ete-2027-2", "nec-2027"]


def test_each_new_event_has_a_door_of_its_own(make: Make) -> None:
    assert make(DETAILS).door_epoch != make(DETAILS).door_epoch


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": ""}, "title"),
        ({"kind_code": "unknown"}, "kind_code"),
        ({"departement_codes": ()}, "departement_codes"),
        ({"departement_codes": ("37", "99")}, "departement_codes"),
        ({"departement_codes": ("41",)}, "departement_codes"),
        ({"ends_at": time(9, 0)}, "ends_at"),
        ({"starts_at": None}, "starts_at"),
        ({"ends_on": date(2027, 4, 7), "ends_at": None}, "ends_on"),
        ({"capacity_onsite": -1}, "capacity_onsite"),
        ({"bassin_id": 999}, "bassin_id"),
        (
            {
                "registration_opens_at": datetime(2027, 4, 1, tzinfo=UTC),
                "registration_closes_at": datetime(2027, 3, 1, tzinfo=UTC),
            },
            "registration_closes_at",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(
    session: Session, make: Make, values: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        make(replace(DETAILS, **values))  # type: ignore[arg-type]  # fields of the dataclass
    assert list(refused.value.fields) == [field]
    session.rollback()
    assert session.scalars(select(Event)).all() == []


@pytest.mark.parametrize("role", [AccountRole.STAFF, AccountRole.STAFF_FIGURES])
def test_staff_make_no_events(
    session: Session, organiser: Account, now: datetime, role: AccountRole
) -> None:
    account = make_account(session, role, ("37",))
    with pytest.raises(Forbidden):
        create_event(session, DETAILS, now, account=account, actor=account.actor())


def test_structures_resolve_by_name_or_alias(session: Session, make: Make) -> None:
    known = make_structure(session, "CIAS du Blaisois")
    alias = "Centre Intercommunal d'Action Sociale du Blaisois"
    session.add(
        StructureAlias(
            structure_id=known.id,
            name=alias,
            name_key="centre intercommunal d action sociale du blaisois",
        )
    )
    session.flush()
    details = replace(DETAILS, organisers=("Hub-Lo", alias.upper()), partners=("La Brouette",))
    made = make(details)
    assert [(p.role, p.structure.name) for p in made.partnerships] == [
        (PartnershipRole.ORGANISER, "Hub-Lo"),
        (PartnershipRole.ORGANISER, "CIAS du Blaisois"),
        (PartnershipRole.PARTNER, "La Brouette"),
    ]


def test_an_update_keeps_the_address_and_says_what_changed(
    session: Session, make: Make, organiser: Account, now: datetime
) -> None:
    made = make(DETAILS)
    later = now + timedelta(hours=1)

    def update(details: EventDetails) -> list[str]:
        return update_event(
            session, made, details, later, account=organiser, actor=organiser.actor()
        )

    assert update(DETAILS) == []
    assert made.updated_at == now
    changed = update(replace(DETAILS, title="Autre titre", partners=("La Brouette",)))
    assert changed == ["title", "structures"]
    assert (made.slug, made.updated_at) == ("rencontre-des-mediateurs-numeriques-2027", later)
    assert "brouette" in made.search_text
    assert actions(session)[1:] == [("event-changed", "Nadège Lemoine")]


def test_partners_in_roles_that_the_form_does_not_know_stay(
    session: Session, make: Make, organiser: Account, now: datetime
) -> None:
    made = make(replace(DETAILS, organisers=("Hub-Lo",)))
    engaged = make_structure(session, "Engagée")
    made.partnerships.append(
        Partnership(structure=engaged, role=PartnershipRole.ENGAGED, position=1)
    )
    session.flush()
    update_event(
        session,
        made,
        replace(DETAILS, organisers=()),
        now,
        account=organiser,
        actor=organiser.actor(),
    )
    assert [(p.role, p.structure.name) for p in made.partnerships] == [
        (PartnershipRole.ENGAGED, "Engagée")
    ]


def test_the_programme_and_the_door_follow_the_date(
    session: Session, make: Make, organiser: Account, now: datetime
) -> None:
    made = make(DETAILS)
    session.add(
        Activity(
            event_id=made.id,
            format="plenary",
            title="Ouverture",
            starts_at=datetime(2027, 4, 8, 7, 30, tzinfo=UTC),
            ends_at=datetime(2027, 4, 8, 8, 0, tzinfo=UTC),
        )
    )
    session.flush()
    session.expire(made, ["activities"])
    moved = replace(DETAILS, starts_on=date(2027, 11, 10))
    update_event(session, made, moved, now, account=organiser, actor=organiser.actor())
    # Half past nine in April and in November, on the clock of Paris.
    assert made.activities[0].starts_at == datetime(2027, 11, 10, 8, 30, tzinfo=UTC)
    checkpoints = session.scalars(select(Checkpoint).where(Checkpoint.event_id == made.id))
    assert {found.on_date for found in checkpoints} == {date(2027, 11, 10)}


def test_an_imprecise_date_has_no_hours(make: Make) -> None:
    made = make(replace(DETAILS, precision=DatePrecision.MONTH))
    assert (made.starts_on, made.ends_on, made.starts_at, made.ends_at) == (
        date(2027, 4, 1),
        date(2027, 4, 30),
        None,
        None,
    )


def test_possible_days_are_kept(make: Make) -> None:
    made = make(
        replace(DETAILS, precision=DatePrecision.ALTERNATIVES, other_dates=(date(2027, 4, 15),))
    )
    assert [found.on for found in made.alternatives] == [date(2027, 4, 8), date(2027, 4, 15)]


def test_an_organiser_cannot_give_an_event_away(
    session: Session, make: Make, organiser: Account, now: datetime
) -> None:
    made = make(DETAILS)
    elsewhere = replace(DETAILS, departement_codes=("41",))
    with pytest.raises(InvalidInput) as refused:
        update_event(session, made, elsewhere, now, account=organiser, actor=organiser.actor())
    assert list(refused.value.fields) == ["departement_codes"]


def test_publishing_says_what_is_missing(
    session: Session, make: Make, organiser: Account, now: datetime
) -> None:
    made = make(replace(DETAILS, place="", contact_email=""))
    assert list(missing_to_publish(made)) == ["contact_email", "place"]
    with pytest.raises(InvalidInput):
        publish_event(session, made, now, account=organiser)
    states = [made.state]
    made.place, made.contact_email = "Blois", "nadege@example.org"
    session.flush()
    publish_event(session, made, now, account=organiser)
    assert [*states, made.state] == [EventState.DRAFT, EventState.PUBLISHED]
    with pytest.raises(StateForbids):
        publish_event(session, made, now, account=organiser)
    assert actions(session)[1:] == [("event-published", "Nadège Lemoine")]


def test_an_event_at_a_distance_needs_no_place(make: Make) -> None:
    assert missing_to_publish(make(replace(DETAILS, mode=EventMode.REMOTE, place=""))) == {}


def test_cancelling_writes_to_everyone_registered_and_to_nobody_else(
    session: Session, organiser: Account, now: datetime
) -> None:
    event, other = make_event(session), make_event(session)
    told = [
        make_registration(session, event, make_person(session, email=f"{state.value}@example.org"),
                          state=state)
        for state in (
            RegistrationState.CONFIRMED,
            RegistrationState.WAITING,
            RegistrationState.INVITED,
        )
    ]  # fmt: skip
    make_registration(session, event, state=RegistrationState.CANCELLED)
    make_registration(session, event, make_person(session, email=None))
    make_registration(session, other)
    assert cancel_event(session, event, "La salle est inondée.", now, account=organiser) == 3
    mails = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).all()
    assert [(mail.kind, mail.to, mail.registration_id, mail.params) for mail in mails] == [
        (
            "event-cancelled",
            f"{registration.state.value}@example.org",
            registration.id,
            {"reason": "La salle est inondée."},
        )
        for registration in told
    ]
    assert (event.state, event.state_reason, event.calendar_sequence) == (
        EventState.CANCELLED,
        "La salle est inondée.",
        1,
    )
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.reason, entry.detail) == (
        "event-cancelled",
        "La salle est inondée.",
        {"mails": 3},
    )


def test_cancelling_asks_why_and_happens_once(
    session: Session, organiser: Account, now: datetime
) -> None:
    event = make_event(session)
    with pytest.raises(InvalidInput):
        cancel_event(session, event, "", now, account=organiser)
    cancel_event(session, event, "La salle est inondée.", now, account=organiser)
    with pytest.raises(StateForbids):
        cancel_event(session, event, "Encore.", now, account=organiser)


def test_a_postponed_event_comes_back_at_its_new_date(
    session: Session, organiser: Account, now: datetime
) -> None:
    event = make_event(session, starts_on=date(2026, 11, 20), contact_email="n@example.org")
    registration = make_registration(session, event)
    postpone_event(session, event, "Neige.", now, account=organiser)
    assert (event.state, event.calendar_sequence) == (EventState.POSTPONED, 1)
    assert registration.state is RegistrationState.CONFIRMED
    with pytest.raises(InvalidInput) as refused:
        publish_event(session, event, now, account=organiser)
    assert list(refused.value.fields) == ["starts_on"]
    event.starts_on = event.ends_on = date(2027, 1, 15)
    event.starts_at = event.ends_at = None
    session.flush()
    publish_event(session, event, now, account=organiser)
    assert (event.state, event.state_reason, event.calendar_sequence) == (
        EventState.PUBLISHED,
        "",
        2,
    )


def test_closing_freezes_the_figures(session: Session, organiser: Account) -> None:
    event = make_event(session)
    over = datetime(2027, 4, 8, 15, 0, tzinfo=UTC)
    close_event(session, event, over, account=organiser)
    frozen = session.scalars(select(FrozenFigures)).one()
    assert (event.state, event.closed_at, frozen.event_id, frozen.frozen_by_id) == (
        EventState.CLOSED,
        over,
        event.id,
        organiser.id,
    )
    assert actions(session) == [("event-closed", "Nadège Lemoine")]


@pytest.mark.parametrize(
    ("moment", "starts_at", "starts_on"),
    [
        (
            datetime(2027, 4, 8, 12, 0, tzinfo=UTC),
            datetime(2027, 4, 8, 7, 0, tzinfo=UTC),
            date(2027, 4, 8),
        ),
        (
            datetime(2027, 3, 1, 12, 0, tzinfo=UTC),
            datetime(2027, 3, 1, 11, 59, tzinfo=UTC),
            date(2027, 3, 1),
        ),
    ],
)
def test_closing_before_the_end_is_said_and_takes_that_moment_as_the_end(
    session: Session,
    organiser: Account,
    moment: datetime,
    starts_at: datetime,
    starts_on: date,
) -> None:
    event = make_event(session)
    with pytest.raises(StateForbids):
        close_event(session, event, moment, account=organiser)
    assert event.state is EventState.PUBLISHED
    close_event(session, event, moment, account=organiser, early=True)
    assert (event.starts_on, event.ends_on, event.starts_at, event.ends_at) == (
        starts_on,
        moment.date(),
        starts_at,
        moment,
    )


@pytest.mark.parametrize("state", [EventState.CANCELLED, EventState.CLOSED])
def test_a_closed_or_cancelled_event_changes_no_more(
    session: Session, organiser: Account, now: datetime, state: EventState
) -> None:
    event = make_event(session, state=state)
    actor = organiser.actor()
    with pytest.raises(StateForbids):
        update_event(session, event, DETAILS, now, account=organiser, actor=actor)
    with pytest.raises(StateForbids):
        cancel_event(session, event, "Trop tard.", now, account=organiser)
    with pytest.raises(StateForbids):
        postpone_event(session, event, "Trop tard.", now, account=organiser)
    with pytest.raises(StateForbids):
        close_event(session, event, now, account=organiser, early=True)


def test_an_event_is_shared_with_organisers_only(
    session: Session, organiser: Account, now: datetime
) -> None:
    event = make_event(session)
    elsewhere = make_account(session, AccountRole.ORGANISER, ("28",))
    staff = make_account(session, AccountRole.STAFF, ("28",))
    share_event(session, event, [elsewhere.id, staff.id], now, account=organiser)
    rows = session.execute(select(event_co_organisers)).all()
    assert [tuple(row) for row in rows] == [(elsewhere.id, event.id)]
    share_event(session, event, [], now, account=organiser)
    assert session.execute(select(event_co_organisers)).all() == []
