"""Addresses of events: one's own, and those that were."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventhub.domain.errors import InvalidInput
from eventhub.domain.event import EventState
from eventhub.domain.rights import AccountRole
from eventhub.models.account import Account
from eventhub.models.audit import AuditEntry
from eventhub.models.event import Event, FormerSlug
from eventhub.queries.former_addresses import event_that_had, former_slugs
from eventhub.services.event_addresses import change_slug, why_not_a_slug
from eventhub.services.events import create_event
from tests.factories import make_account, make_departement, make_event, make_kind
from tests.services.test_events import DETAILS


@pytest.fixture
def organiser(session: Session) -> Account:
    make_kind(session)
    make_departement(session, "37", "Indre-et-Loire")
    return make_account(session, AccountRole.ORGANISER, ("37",), display_name="Nadège Lemoine")


def made(session: Session, organiser: Account, now: datetime) -> Event:
    return create_event(session, DETAILS, now, account=organiser, actor=organiser.actor())


def test_every_address_that_an_event_had_leads_to_it(
    session: Session, organiser: Account, now: datetime
) -> None:
    event = make_event(session, slug="premiere", calendar_sequence=3)
    for slug in ("deuxieme", "troisieme"):
        change_slug(session, event, slug, now, account=organiser)
    for slug in ("premiere", "deuxieme"):
        found = event_that_had(session, slug)
        assert found is not None
        assert (found.id, found.slug) == (event.id, "troisieme")
    assert sorted(former_slugs(session, event.id)) == ["deuxieme", "premiere"]
    assert event.calendar_sequence == 5
    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    assert [(e.action, e.subject, e.detail) for e in entries] == [
        ("event-address-changed", "deuxieme", {"former": "premiere"}),
        ("event-address-changed", "troisieme", {"former": "deuxieme"}),
    ]


def test_one_may_take_back_an_address_of_ones_own(
    session: Session, organiser: Account, now: datetime
) -> None:
    event = make_event(session, slug="premiere")
    change_slug(session, event, "deuxieme", now, account=organiser)
    change_slug(session, event, "premiere", now, account=organiser)
    assert event.slug == "premiere"
    assert list(former_slugs(session, event.id)) == ["deuxieme"]
    change_slug(session, event, "premiere", now, account=organiser)
    assert list(former_slugs(session, event.id)) == ["deuxieme"]


def test_a_former_address_is_never_given_to_another_event(
    session: Session, organiser: Account, now: datetime
) -> None:
    first = made(session, organiser, now)
    left = first.slug
    change_slug(session, first, "autre", now, account=organiser)
    second = made(session, organiser, now)
    assert second.slug == f"{left}-2"
    for slug in (left, "autre"):
        with pytest.raises(InvalidInput) as refused:
            change_slug(session, second, slug, now, account=organiser)
        assert list(refused.value.fields) == ["slug"]
    assert second.slug == f"{left}-2"
    assert session.scalars(select(FormerSlug.slug)).all() == [left]


def test_a_draft_changes_its_address_too(
    session: Session, organiser: Account, now: datetime
) -> None:
    event = make_event(session, slug="premiere", state=EventState.DRAFT)
    change_slug(session, event, "deuxieme", now, account=organiser)
    assert (event.slug, event.calendar_sequence) == ("deuxieme", 0)


@pytest.mark.parametrize(
    "slug",
    [
        "",
        "ab",
        "a" * 61,
        "NEC-2027",
        "été-2027",
        "nec 2027",
        "nec--2027",
        "-nec",
        "nec-",
        "nec/2027",
        "nec.ics",
        "nouveau",
        "nec\0",
        "nec\n",
        "😀😀😀",
        "<script>",
        "٣٣٣",
    ],
)
def test_what_is_no_address_is_refused(slug: str) -> None:
    assert why_not_a_slug(slug)


@pytest.mark.parametrize("slug", ["nec-2027", "a" * 60, "123", "c-est-l-ete"])
def test_what_is_one_is_taken(slug: str) -> None:
    assert why_not_a_slug(slug) == ""
