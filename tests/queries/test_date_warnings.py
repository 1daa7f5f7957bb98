"""What one is told of a date, and what one is not."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.orm import Session

from eventhub.domain.event import DatePrecision, EventState
from eventhub.domain.rights import AccountRole
from eventhub.extensions import db
from eventhub.models.event import Event, EventAlternative
from eventhub.queries.date_warnings import DateWarning, DateWarningKind, date_warnings
from tests.factories import make_account, make_departement, make_event
from tests.query_count import counted_statements
from tests.services.test_events import DETAILS

HOLIDAY, SAME_DAY = DateWarningKind.HOLIDAY, DateWarningKind.SAME_DAY
LOIRET = replace(DETAILS, departement_codes=("45", "37"))


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        (date(2027, 5, 6), None, [(date(2027, 5, 6), "Ascension")]),
        (date(2027, 1, 1), None, [(date(2027, 1, 1), "Jour de l’an")]),
        (date(2027, 3, 28), date(2027, 3, 30), [(date(2027, 3, 29), "Lundi de Pâques")]),
        (
            date(2027, 5, 1),
            date(2027, 5, 8),
            [
                (date(2027, 5, 1), "Fête du Travail"),
                (date(2027, 5, 6), "Ascension"),
                (date(2027, 5, 8), "Fête de la Victoire"),
            ],
        ),
        (date(2027, 4, 8), None, []),
        # Good Friday is a holiday in Alsace and Moselle only.
        (date(2027, 3, 26), None, []),
        (date(2028, 2, 29), None, []),
    ],
)
def test_public_holidays_are_named(
    session: Session, first: date, last: date | None, found: list[tuple[date, str]]
) -> None:
    details = replace(LOIRET, starts_on=first, ends_on=last)
    assert date_warnings(session, details) == tuple(
        DateWarning(HOLIDAY, (on,), name) for on, name in found
    )


def test_an_event_nearby_on_one_of_the_days_is_named(session: Session) -> None:
    other = make_event(
        session,
        title="Café IA",
        slug="cafe-ia-2027",
        starts_on=date(2027, 4, 9),
        ends_on=date(2027, 4, 10),
        departements=[make_departement(session), make_departement(session, "36", "Indre")],
    )
    details = replace(LOIRET, ends_on=date(2027, 4, 9))
    assert date_warnings(session, details) == (
        DateWarning(
            SAME_DAY,
            (date(2027, 4, 9),),
            "Café IA",
            "cafe-ia-2027",
            EventState.PUBLISHED,
            ("Loiret",),
        ),
    )
    assert date_warnings(session, details, exclude_id=other.id) == ()
    assert date_warnings(session, other) == ()
    assert date_warnings(session, replace(details, departement_codes=("18",))) == ()
    assert date_warnings(session, LOIRET) == ()


@pytest.mark.parametrize("state", [EventState.CANCELLED, EventState.POSTPONED, EventState.DRAFT])
def test_what_does_not_take_place_is_not_named(session: Session, state: EventState) -> None:
    make_event(session, state=state)
    assert date_warnings(session, LOIRET) == ()


def test_drafts_are_named_to_those_who_may_see_them(session: Session) -> None:
    draft = make_event(session, state=EventState.DRAFT)
    names = {
        codes: [
            warning.slug
            for warning in date_warnings(
                session,
                LOIRET,
                actor=make_account(session, AccountRole.ORGANISER, codes).actor(),
            )
        ]
        for codes in (("45",), ("28",), ())
    }
    assert names == {("45",): [draft.slug], ("28",): [], (): [draft.slug]}


def test_possible_days_are_looked_at_one_by_one(session: Session) -> None:
    details = replace(
        LOIRET,
        precision=DatePrecision.ALTERNATIVES,
        other_dates=(date(2027, 5, 6), date(2027, 5, 20)),
    )
    make_event(session, starts_on=date(2027, 4, 20))
    maybe = make_event(
        session,
        date_precision=DatePrecision.ALTERNATIVES,
        starts_on=date(2027, 5, 20),
        ends_on=date(2027, 5, 27),
        alternatives=[EventAlternative(on=date(2027, 5, day)) for day in (20, 27)],
    )
    assert [(found.kind, found.days, found.slug) for found in date_warnings(session, details)] == [
        (HOLIDAY, (date(2027, 5, 6),), ""),
        (SAME_DAY, (date(2027, 5, 20),), maybe.slug),
    ]


@pytest.mark.parametrize(
    "precision", [DatePrecision.MONTH, DatePrecision.SEASON, DatePrecision.YEAR]
)
def test_a_day_that_is_not_known_warns_of_nothing(
    session: Session, precision: DatePrecision
) -> None:
    make_event(session)
    assert date_warnings(session, replace(LOIRET, precision=precision)) == ()
    vague = make_event(
        session, date_precision=precision, starts_on=date(2027, 5, 1), ends_on=date(2027, 5, 31)
    )
    assert date_warnings(session, vague) == ()
    assert date_warnings(session, replace(LOIRET, starts_on=date(2027, 5, 10))) == ()


@pytest.fixture
def others(session: Session) -> Callable[[int], list[Event]]:
    return lambda number: [make_event(session) for _ in range(number)]


def test_it_costs_the_same_for_one_and_for_three(
    session: Session, others: Callable[[int], list[Event]]
) -> None:
    costs = []
    for number in (1, 2):
        others(number)
        session.expire_all()
        with counted_statements(db.engine) as statements:
            found = date_warnings(session, LOIRET)
        costs.append((len(found), len(statements)))
    assert costs == [(1, 3), (3, 3)]
