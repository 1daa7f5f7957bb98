from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from eventhub.domain.event import KindFamily
from eventhub.domain.minutes import MinutesState
from eventhub.extensions import db
from eventhub.models.event import Event
from eventhub.models.minutes import Minutes, MinutesRevision
from eventhub.queries.minutes import (
    count_published_minutes,
    event_of_minutes,
    last_revision,
    last_writer,
    published_minutes,
    revisions,
)
from tests.factories import make_account, make_event, make_kind
from tests.query_count import counted_statements

AT = datetime(2027, 4, 9, 8, 0, tzinfo=UTC)


def make_minutes(
    session: Session,
    event: Event,
    state: MinutesState = MinutesState.PUBLISHED,
    revision_count: int = 1,
    title: str = "",
    publisher: int | None = None,
) -> Minutes:
    minutes = Minutes(
        event_id=event.id,
        state=state,
        body="Le texte en cours.",
        created_at=AT,
        updated_at=AT,
        updated_by_id=publisher,
        revisions=[
            MinutesRevision(
                number=number,
                body=f"Texte {number}",
                title=title,
                summary=f"Résumé {number}",
                figures={"figures": {"participants": number}},
                published_at=AT,
                published_by_id=publisher,
            )
            for number in range(1, revision_count + 1)
        ],
    )
    session.add(minutes)
    session.commit()
    return minutes


def test_the_latest_event_comes_first_with_its_last_revision(session: Session) -> None:
    old = make_event(session, title="Ancien", starts_on=date(2024, 4, 9))
    new = make_event(session, title="Récent", starts_on=date(2027, 4, 8))
    make_minutes(session, old, revision_count=2, title="Un titre à lui")
    make_minutes(session, new)
    found = published_minutes(session, 1, 10)
    assert [(row.title, row.summary, row.figures["figures"]) for row in found] == [
        ("Récent", "Résumé 1", {"participants": 1}),
        ("Un titre à lui", "Résumé 2", {"participants": 2}),
    ]
    assert count_published_minutes(session) == 2


@pytest.mark.parametrize(
    "state", [MinutesState.DRAFT, MinutesState.IN_REVIEW, MinutesState.WITHDRAWN]
)
def test_only_what_is_published_is_listed(session: Session, state: MinutesState) -> None:
    make_minutes(session, make_event(session), state)
    assert published_minutes(session, 1, 10) == []
    assert count_published_minutes(session) == 0


def test_a_rendez_vous_is_never_shown(session: Session) -> None:
    kind = make_kind(session, "rendez-vous", family=KindFamily.ONE_TO_ONE)
    event = make_event(session, kind_code=kind.code)
    make_minutes(session, event)
    assert published_minutes(session, 1, 10) == []
    assert event_of_minutes(session, event.slug) is None


def test_the_list_comes_by_pages(session: Session) -> None:
    for year in (2022, 2023, 2024):
        event = make_event(session, title=str(year), starts_on=date(year, 4, 9))
        make_minutes(session, event)
    assert [row.title for row in published_minutes(session, 1, 2)] == ["2024", "2023"]
    assert [row.title for row in published_minutes(session, 2, 2)] == ["2022"]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_whatever_its_length(session: Session, rows: int) -> None:
    for _ in range(rows):
        make_minutes(session, make_event(session), revision_count=2)
    session.expire_all()
    with counted_statements(db.engine) as statements:
        found = published_minutes(session, 1, 10)
        for row in found:
            assert row.event.kind.label
            assert len(row.event.departements) == 1
            assert row.event.alternatives == []
    assert len(found) == rows
    assert len(statements) == 3


def test_revisions_come_latest_first_with_who_published_them(session: Session) -> None:
    account = make_account(session, display_name="Nadège Lemoine")
    minutes = make_minutes(session, make_event(session), revision_count=2, publisher=account.id)
    assert [(one.number, by) for one, by in revisions(session, minutes.id)] == [
        (2, "Nadège Lemoine"),
        (1, "Nadège Lemoine"),
    ]
    last = last_revision(session, minutes.id)
    assert last is not None
    assert last.number == 2
    assert last_writer(session, minutes) == "Nadège Lemoine"


def test_an_account_without_a_name_is_known_by_its_address(session: Session) -> None:
    account = make_account(session, display_name="", email="nadege@example.org")
    minutes = make_minutes(session, make_event(session), publisher=account.id)
    assert [by for _, by in revisions(session, minutes.id)] == ["nadege@example.org"]
    unknown = make_minutes(session, make_event(session))
    assert [by for _, by in revisions(session, unknown.id)] == [""]
    assert last_writer(session, unknown) == ""
