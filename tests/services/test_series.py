from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from eventhub.domain.cadence import Cadence
from eventhub.domain.errors import Forbidden, InvalidInput, SeriesChanged, StateForbids
from eventhub.domain.event import EventMode, EventState
from eventhub.domain.mail import MailKind
from eventhub.domain.rights import AccountRole, Actor
from eventhub.domain.series import SeriesDetails
from eventhub.models.account import Account
from eventhub.models.event import Activity, Event
from eventhub.models.mail import OutgoingMail
from eventhub.models.series import Series, SeriesCadence
from eventhub.queries.accounts import actor_of
from eventhub.services.series import (
    GENERATED_MAX,
    Generation,
    create_series,
    generate_events,
    link_event,
    unlink_event,
    update_series,
)
from tests.conftest import NOW
from tests.factories import (
    make_account,
    make_departement,
    make_event,
    make_kind,
    make_member,
    make_registration,
    make_series,
)

ADMINISTRATOR = Actor(AccountRole.ADMINISTRATOR)
SPRING = [date(2027, 3, 11), date(2027, 6, 10)]


def details(**values: Any) -> SeriesDetails:
    values = {
        "title": "Rencontres du Loiret",
        "kind_code": "journee",
        "departement_codes": ("45",),
        "cadences": (Cadence(date(2023, 1, 1), 5), Cadence(date(2024, 7, 1), 24)),
    } | values
    return SeriesDetails(**values)


@pytest.fixture
def account(session: Session) -> Account:
    make_departement(session)
    make_departement(session, "18", "Cher")
    make_kind(session)
    return make_account(session, display_name="Nadège", email="nadege@example.org")


def generate(
    session: Session, series: Series, days: list[date], account: Account, **how: Any
) -> list[Event]:
    return generate_events(
        session,
        series,
        days,
        NOW,
        account=account,
        actor=actor_of(session, account),
        how=Generation(**how),
    )


def test_a_series_is_made_with_its_address_and_cadences(session: Session, account: Account) -> None:
    made = create_series(session, details(), NOW, account=account, actor=ADMINISTRATOR)
    again = create_series(session, details(), NOW, account=account, actor=ADMINISTRATOR)
    page = create_series(
        session, details(title="Nouvelle"), NOW, account=account, actor=ADMINISTRATOR
    )
    assert (made.slug, again.slug, page.slug) == (
        "rencontres-du-loiret",
        "rencontres-du-loiret-2",
        "nouvelle-2",
    )
    assert [(one.since, one.half_months) for one in made.cadences] == [
        (date(2023, 1, 1), 5),
        (date(2024, 7, 1), 24),
    ]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 5000}, "title"),
        ({"kind_code": "inconnu"}, "kind_code"),
        ({"departement_codes": ()}, "departement_codes"),
        ({"departement_codes": ("99",)}, "departement_codes"),
        ({"bassin_id": 999_999}, "bassin_id"),
        ({"duration_minutes": 0, "usual_start": time(9)}, "duration_minutes"),
        ({"duration_minutes": 60}, "usual_start"),
        ({"ended_on": date(9999, 1, 1)}, "ended_on"),
        ({"cadences": (Cadence(date(2024, 1, 1), 0),)}, "cadences"),
        ({"cadences": (Cadence(date(2024, 1, 1), -6),)}, "cadences"),
        ({"cadences": (Cadence(date(2024, 1, 1), 121),)}, "cadences"),
        ({"cadences": (Cadence(date(1, 1, 1), 6),)}, "cadences"),
        ({"cadences": (Cadence(date(2024, 1, 1), 6), Cadence(date(2024, 1, 1), 5))}, "cadences"),
    ],
)
def test_what_no_series_can_be_is_said_at_its_field(
    session: Session, account: Account, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        create_series(session, details(**values), NOW, account=account, actor=ADMINISTRATOR)
    assert list(refused.value.fields) == [field]


def test_series_are_of_ones_own_territory(session: Session, account: Account) -> None:
    elsewhere = Actor(AccountRole.ORGANISER, frozenset({"18"}))
    with pytest.raises(InvalidInput) as refused:
        create_series(session, details(), NOW, account=account, actor=elsewhere)
    assert list(refused.value.fields) == ["departement_codes"]
    with pytest.raises(Forbidden):
        create_series(session, details(), NOW, account=account, actor=Actor(AccountRole.STAFF))
    series = make_series(session)
    with pytest.raises(Forbidden):
        generate_events(session, series, SPRING, NOW, account=account, actor=elsewhere)


def test_a_change_needs_what_was_read(session: Session, account: Account) -> None:
    series = create_series(session, details(), NOW, account=account, actor=ADMINISTRATOR)

    def change(version: int, **values: Any) -> bool:
        return update_series(
            session,
            series,
            details(**values),
            version,
            NOW,
            account=account,
            actor=ADMINISTRATOR,
        )

    assert change(1) is False
    cadences = (Cadence(date(2024, 7, 1), 12), Cadence(date(2025, 1, 1), 6))
    assert change(1, cadences=cadences, place="Orléans") is True
    assert (series.version, series.place, series.slug) == (2, "Orléans", "rencontres-du-loiret")
    rows = session.execute(
        select(SeriesCadence.since, SeriesCadence.half_months).order_by(SeriesCadence.since)
    ).all()
    assert [tuple(row) for row in rows] == [(date(2024, 7, 1), 12), (date(2025, 1, 1), 6)]
    with pytest.raises(SeriesChanged):
        change(1, place="Blois")


def test_events_are_made_like_the_latest_one(session: Session, account: Account) -> None:
    series = make_series(session, place="Ailleurs", usual_start=time(8), duration_minutes=30)
    make_event(session, series_id=series.id, starts_on=date(2026, 9, 10))
    latest = make_event(
        session,
        series_id=series.id,
        title="Rencontre 2026",
        starts_on=date(2026, 12, 10),
        starts_at=datetime(2026, 12, 10, 8, 30, tzinfo=UTC),
        ends_at=datetime(2026, 12, 10, 11, 0, tzinfo=UTC),
        mode=EventMode.HYBRID,
        activities=[
            Activity(format="plenary", title="Accueil", starts_at=None, ends_at=None, position=0)
        ],
    )
    make_event(session, series_id=series.id, starts_on=date(2027, 2, 1), state=EventState.CANCELLED)
    make_registration(session, latest)

    made = generate(session, series, SPRING, account)

    assert [
        (e.title, e.state, e.starts_on, e.starts_at, e.ends_at, e.place, e.mode, e.series_id)
        for e in made
    ] == [
        (
            "Rencontre 2027",
            EventState.DRAFT,
            date(2027, 3, 11),
            datetime(2027, 3, 11, 8, 30, tzinfo=UTC),
            datetime(2027, 3, 11, 11, 0, tzinfo=UTC),
            "Halle du Port-Vieux",
            EventMode.HYBRID,
            series.id,
        ),
        (
            "Rencontre 2027",
            EventState.DRAFT,
            date(2027, 6, 10),
            datetime(2027, 6, 10, 7, 30, tzinfo=UTC),  # the same hour, in summer time
            datetime(2027, 6, 10, 10, 0, tzinfo=UTC),
            "Halle du Port-Vieux",
            EventMode.HYBRID,
            series.id,
        ),
    ]
    assert [[a.title for a in e.activities] for e in made] == [["Accueil"], ["Accueil"]]
    assert [e.taken_onsite for e in made] == [0, 0]


def test_the_first_events_come_from_the_series_and_its_kind(
    session: Session, account: Account
) -> None:
    series = make_series(
        session, title="Rencontres", place="Orléans", usual_start=time(9, 30), duration_minutes=180
    )
    made = generate(session, series, SPRING[:1], account, organisers=("Hub-Lo",))
    assert [
        (e.title, e.place, e.starts_at, e.ends_at, e.contact_email, e.contact_name) for e in made
    ] == [
        (
            "Rencontres",
            "Orléans",
            datetime(2027, 3, 11, 8, 30, tzinfo=UTC),
            datetime(2027, 3, 11, 11, 30, tzinfo=UTC),
            "nadege@example.org",
            "Nadège",
        )
    ]
    assert [p.structure.name for p in made[0].partnerships] == ["Hub-Lo"]
    assert [d.code for d in made[0].departements] == ["45"]


def test_published_at_once_they_invite_the_members(session: Session, account: Account) -> None:
    series = make_series(session, place="Orléans")
    make_member(session, series)
    made = generate(session, series, SPRING, account, publish=True)
    assert [e.state for e in made] == [EventState.PUBLISHED] * 2
    assert session.scalars(select(OutgoingMail.kind)).all() == [MailKind.EVENT_INVITATION] * 2


def test_what_is_missing_to_publish_is_said_and_nothing_is_made(
    session: Session, account: Account
) -> None:
    series = make_series(session)
    with pytest.raises(InvalidInput) as refused:
        generate(session, series, SPRING, account, publish=True)
    assert list(refused.value.fields) == ["place"]


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([], "Cochez au moins une date."),
        ([date(2027, 3, 11), date(2027, 3, 11)], "La même date y est deux fois."),
        ([date(2027, 3, 12)], "La série a déjà un évènement ce jour-là."),
        ([date(1, 1, 1)], "Donnez une date entre 2000 et 2100."),
        ([date.max], "Donnez une date entre 2000 et 2100."),
        (
            [date(2027, 4, 1) + timedelta(days=n) for n in range(GENERATED_MAX + 1)],
            "Pas plus de 24 évènements d’une série à la fois.",
        ),
    ],
)
def test_days_that_cannot_be_are_refused(
    session: Session, account: Account, days: list[date], words: str
) -> None:
    series = make_series(session)
    make_event(session, series_id=series.id, starts_on=date(2027, 3, 11), ends_on=date(2027, 3, 12))
    with pytest.raises(InvalidInput) as refused:
        generate(session, series, days, account)
    assert refused.value.fields["dates"] == words
    assert len(session.scalars(select(Event)).all()) == 1


def test_an_event_is_in_one_series_at_most(session: Session, account: Account) -> None:
    series, other = make_series(session), make_series(session)
    make_member(session, series)
    event = make_event(session, starts_on=NOW.date() + timedelta(days=60))
    assert link_event(session, series, event, NOW, account=account) == 1
    assert link_event(session, series, event, NOW, account=account) == 0
    with pytest.raises(InvalidInput):
        link_event(session, other, event, NOW, account=account)
    with pytest.raises(StateForbids):
        unlink_event(session, other, event, NOW, account=account)
    unlink_event(session, series, event, NOW, account=account)
    assert event.series_id is None


def test_an_event_that_someone_has_just_put_in_a_series_is_not_taken_by_another(
    session: Session, account: Account
) -> None:
    first, second = make_series(session, slug="une"), make_series(session, slug="autre")
    event = make_event(session)
    assert event.series_id is None
    session.execute(
        update(Event)
        .where(Event.id == event.id)
        .values(series_id=first.id)
        .execution_options(synchronize_session=False)
    )

    with pytest.raises(InvalidInput):
        link_event(session, second, event, NOW, account=account)

    assert event.series_id == first.id
