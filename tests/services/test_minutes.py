from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventhub.domain.errors import InvalidInput, MinutesChanged, StateForbids
from eventhub.domain.event import EventState, KindFamily
from eventhub.domain.figures import Covers, Qualifier
from eventhub.domain.minutes import BODY_MAX, MinutesState
from eventhub.models.account import Account
from eventhub.models.audit import AuditEntry
from eventhub.models.event import Event
from eventhub.models.figure import FrozenFigures
from eventhub.models.minutes import Minutes, MinutesRevision
from eventhub.queries.minutes import minutes_of
from eventhub.services.figures import add_headcount
from eventhub.services.minutes import (
    publish_minutes,
    save_minutes,
    start_minutes,
    withdraw_minutes,
)
from tests.factories import make_account, make_event, make_kind, make_registration

AFTER = datetime(2027, 4, 9, 8, 0, tzinfo=UTC)


@pytest.fixture
def account(session: Session) -> Account:
    return make_account(session, display_name="Nadège Lemoine")


@pytest.fixture
def event(session: Session) -> Event:
    return make_event(session)


def begin(session: Session, event: Event, account: Account, body: str = "Le matin.") -> Minutes:
    return start_minutes(session, event, body, AFTER, account=account)


def revisions(session: Session, minutes: Minutes) -> list[MinutesRevision]:
    return list(
        session.scalars(
            select(MinutesRevision)
            .where(MinutesRevision.minutes_id == minutes.id)
            .order_by(MinutesRevision.number)
        )
    )


def acts(session: Session, event: Event) -> list[str]:
    return list(
        session.scalars(
            select(AuditEntry.action).where(AuditEntry.event_id == event.id).order_by(AuditEntry.id)
        )
    )


def test_a_draft_begins_once(session: Session, event: Event, account: Account) -> None:
    first = begin(session, event, account, "Un")
    second = begin(session, event, account, "Deux")
    assert second.id == first.id
    assert (second.body, second.version, second.state) == ("Un", 1, MinutesState.DRAFT)
    assert acts(session, event) == ["minutes-started"]


def test_each_text_kept_raises_the_version(
    session: Session, event: Event, account: Account
) -> None:
    minutes = begin(session, event, account)
    colleague = make_account(session)
    later = AFTER + timedelta(hours=1)
    save_minutes(session, minutes, "Le soir.", 1, later, account=colleague)
    assert (minutes.body, minutes.version, minutes.updated_at, minutes.updated_by_id) == (
        "Le soir.",
        2,
        later,
        colleague.id,
    )


def test_the_same_text_changes_nothing(session: Session, event: Event, account: Account) -> None:
    minutes = begin(session, event, account)
    save_minutes(session, minutes, "Le matin.", 1, AFTER, account=account)
    assert minutes.version == 1


def test_the_second_of_two_editors_writes_over_nothing(
    session: Session, event: Event, account: Account
) -> None:
    minutes = begin(session, event, account)
    save_minutes(session, minutes, "La première.", 1, AFTER, account=account)
    with pytest.raises(MinutesChanged):
        save_minutes(session, minutes, "La seconde.", 1, AFTER, account=account)
    assert (minutes.body, minutes.version) == ("La première.", 2)


def test_a_text_beyond_measure_is_refused(session: Session, event: Event, account: Account) -> None:
    minutes = begin(session, event, account)
    with pytest.raises(InvalidInput, match="body"):
        save_minutes(session, minutes, "a" * (BODY_MAX + 1), 1, AFTER, account=account)
    assert minutes.version == 1


def test_publishing_closes_the_event_and_keeps_its_figures(
    session: Session, event: Event, account: Account
) -> None:
    make_registration(session, event)
    add_headcount(
        session,
        event,
        "participants",
        95,
        AFTER,
        qualifier=Qualifier.MORE_THAN,
        source="Bilan",
        account=account,
    )
    minutes = begin(session, event, account, "# Un titre\n\nLe *matin*, personne.\n\nSuite.")
    revision = publish_minutes(session, event, minutes, 1, AFTER, account=account)
    assert (event.state, event.closed_at) == (EventState.CLOSED, AFTER)
    assert (minutes.state, minutes.version, minutes.published_at) == (
        MinutesState.PUBLISHED,
        2,
        AFTER,
    )
    assert (revision.number, revision.title, revision.summary, revision.published_at) == (
        1,
        "Un titre",
        "Le matin, personne.",
        AFTER,
    )
    frozen = session.scalars(select(FrozenFigures)).one()
    assert revision.figures == frozen.figures | {
        "at": AFTER.isoformat(),
        "declared": [
            {
                "measure": "participants",
                "dimension": "",
                "member": "",
                "value": 95,
                "qualifier": Qualifier.MORE_THAN.value,
                "covers": Covers.WHOLE.value,
                "source": "Bilan",
            }
        ],
    }
    assert revision.figures["figures"]["registered"] == 1
    assert acts(session, event) == [
        "headcount-added",
        "minutes-started",
        "event-closed",
        "minutes-published",
    ]


def test_an_event_under_way_is_closed_only_when_asked(
    session: Session, event: Event, account: Account
) -> None:
    during = datetime(2027, 4, 8, 10, 0, tzinfo=UTC)
    minutes = begin(session, event, account)
    with pytest.raises(StateForbids):
        publish_minutes(session, event, minutes, 1, during, account=account)
    assert (event.state, minutes.state, minutes.version) == (
        EventState.PUBLISHED,
        MinutesState.DRAFT,
        1,
    )
    publish_minutes(session, event, minutes, 1, during, account=account, early=True)
    assert (event.state, event.ends_at) == (EventState.CLOSED, during)


def test_a_correction_is_a_new_revision_beside_the_same_figures(
    session: Session, event: Event, account: Account
) -> None:
    minutes = begin(session, event, account)
    first = publish_minutes(session, event, minutes, 1, AFTER, account=account)
    make_registration(session, event)
    later = AFTER + timedelta(days=7)
    save_minutes(session, minutes, "Le matin, corrigé.", 2, later, account=account)
    assert minutes.state is MinutesState.PUBLISHED
    second = publish_minutes(
        session, event, minutes, 3, later, account=account, note="un nom corrigé"
    )
    assert [one.number for one in revisions(session, minutes)] == [1, 2]
    assert (first.body, second.body, second.note) == (
        "Le matin.",
        "Le matin, corrigé.",
        "un nom corrigé",
    )
    assert second.figures == first.figures
    assert minutes.published_at == AFTER


def test_nothing_is_published_twice_alike(session: Session, event: Event, account: Account) -> None:
    minutes = begin(session, event, account)
    publish_minutes(session, event, minutes, 1, AFTER, account=account)
    with pytest.raises(StateForbids):
        publish_minutes(session, event, minutes, 2, AFTER, account=account)
    assert len(revisions(session, minutes)) == 1


def test_a_text_changed_since_it_was_read_is_not_published(
    session: Session, event: Event, account: Account
) -> None:
    minutes = begin(session, event, account)
    save_minutes(session, minutes, "Autre.", 1, AFTER, account=account)
    with pytest.raises(MinutesChanged):
        publish_minutes(session, event, minutes, 1, AFTER, account=account)
    assert revisions(session, minutes) == []


@pytest.mark.parametrize("body", ["", "  \n", "# Rien qu’un titre\n"])
def test_an_empty_text_is_not_published(
    session: Session, event: Event, account: Account, body: str
) -> None:
    minutes = begin(session, event, account, body)
    with pytest.raises(InvalidInput, match="body"):
        publish_minutes(session, event, minutes, 1, AFTER, account=account)
    assert event.state is EventState.PUBLISHED


@pytest.mark.parametrize("state", [EventState.DRAFT, EventState.POSTPONED, EventState.CANCELLED])
def test_only_what_took_place_is_told(
    session: Session, account: Account, state: EventState
) -> None:
    event = make_event(session, state=state)
    minutes = begin(session, event, account)
    with pytest.raises(StateForbids):
        publish_minutes(session, event, minutes, 1, AFTER, account=account)


def test_a_rendez_vous_between_two_people_is_never_published(
    session: Session, account: Account
) -> None:
    kind = make_kind(session, "rendez-vous", family=KindFamily.ONE_TO_ONE)
    event = make_event(session, kind_code=kind.code)
    minutes = begin(session, event, account)
    with pytest.raises(StateForbids):
        publish_minutes(session, event, minutes, 1, AFTER, account=account)


def test_history_closed_without_figures_gets_them_when_it_is_told(
    session: Session, account: Account
) -> None:
    event = make_event(session, state=EventState.CLOSED)
    minutes = begin(session, event, account)
    revision = publish_minutes(session, event, minutes, 1, AFTER, account=account)
    assert revision.figures["at"] == AFTER.isoformat()


def test_what_is_withdrawn_keeps_its_text_and_may_come_back(
    session: Session, event: Event, account: Account
) -> None:
    minutes = begin(session, event, account)
    with pytest.raises(StateForbids):
        withdraw_minutes(session, event, minutes, "Erreur", AFTER, account=account)
    publish_minutes(session, event, minutes, 1, AFTER, account=account)
    with pytest.raises(InvalidInput, match="reason"):
        withdraw_minutes(session, event, minutes, "", AFTER, account=account)
    withdraw_minutes(session, event, minutes, "Erreur", AFTER, account=account)
    assert (minutes.state, minutes.body) == (MinutesState.WITHDRAWN, "Le matin.")
    publish_minutes(session, event, minutes, minutes.version, AFTER, account=account)
    assert [one.number for one in revisions(session, minutes)] == [1, 2]
    found = minutes_of(session, event.id)
    assert found is not None
    assert found.state is MinutesState.PUBLISHED
