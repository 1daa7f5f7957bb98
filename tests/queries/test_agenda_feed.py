from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from eventhub.domain.agenda import AgendaFilter, Period
from eventhub.domain.event import DatePrecision, EventMode, EventState, KindFamily
from eventhub.domain.minutes import MinutesState
from eventhub.exports.agenda_json import event_document
from eventhub.exports.atom import atom_feed
from eventhub.exports.calendar import feed_calendar
from eventhub.extensions import db
from eventhub.models.event import Event, EventAlternative
from eventhub.models.minutes import Minutes
from eventhub.models.territory import BassinDeVie
from eventhub.queries.agenda_feed import (
    FeedPosition,
    FilterNames,
    calendar_events,
    feed_state,
    filter_names,
    latest_changed_events,
    listed_events,
    listed_total,
    month_events,
    site_map,
)
from tests.factories import MADE_AT, make_departement, make_event, make_kind
from tests.query_count import counted_statements

TODAY = date(2026, 11, 21)
EVERYTHING = AgendaFilter()


def on(day: date, **values: object) -> dict[str, object]:
    return {"starts_on": day, "ends_on": day, "starts_at": None, "ends_at": None, **values}


def titles(session: Session, chosen: AgendaFilter) -> list[str]:
    found = [event.title for event in listed_events(session, chosen, TODAY, 100)]
    assert listed_total(session, chosen, TODAY) == len(found)
    return found


def test_a_feed_holds_what_is_public_by_date_also_what_is_cancelled_or_postponed(
    session: Session,
) -> None:
    private = make_kind(session, "rendez-vous", family=KindFamily.ONE_TO_ONE)
    for number, state in enumerate(EventState):
        make_event(session, **on(date(2027, 1, 5 - number), title=state.value, state=state))
    make_event(session, title="rendez-vous", kind_code=private.code)

    expected = ["cancelled", "postponed", "closed", "published"]
    assert titles(session, EVERYTHING) == expected
    assert [e.title for e in calendar_events(session, EVERYTHING, TODAY, 100)] == expected


def test_a_feed_goes_thirteen_months_back_and_keeps_what_is_postponed(session: Session) -> None:
    make_event(session, **on(date(2025, 9, 30), title="Trop loin"))
    make_event(session, **on(date(2025, 10, 1), title="Il y a treize mois"))
    make_event(session, **on(date(2024, 3, 1), title="Reporté", state=EventState.POSTPONED))

    assert titles(session, EVERYTHING) == ["Reporté", "Il y a treize mois"]
    assert titles(session, AgendaFilter(month="2025-09")) == ["Trop loin"]


def test_filters_are_those_of_the_agenda(session: Session) -> None:
    indre = make_departement(session, "36", "Indre")
    bassin = BassinDeVie(slug="la-chatre", name="La Châtre", departement_code="36")
    session.add(bassin)
    session.flush()
    quarterly = make_kind(session, "trimestrielle", label="Réunion trimestrielle")
    day = date(2026, 12, 3)
    make_event(session, **on(day, title="A", kind_code=quarterly.code))
    make_event(session, **on(day, title="B", departements=[indre], mode=EventMode.HYBRID))
    make_event(session, **on(day, title="C", departements=[indre], bassin_id=bassin.id))
    make_event(
        session, **on(date(2027, 1, 9), title="D médiateur·rice·s", search_text="d mediatrices")
    )

    expected = {
        AgendaFilter(departement="36"): ["B", "C"],
        AgendaFilter(bassin="la-chatre"): ["C"],
        AgendaFilter(kind="trimestrielle"): ["A"],
        AgendaFilter(mode="remote"): ["B"],
        AgendaFilter(month="2027-01"): ["D médiateur·rice·s"],
        AgendaFilter(month="2026"): ["A", "B", "C"],
        AgendaFilter(words="MÉDIATRICES"): ["D médiateur·rice·s"],
        AgendaFilter(departement="36", mode="onsite"): ["B", "C"],
    }
    assert {chosen: titles(session, chosen) for chosen in expected} == expected


@pytest.mark.parametrize(
    "chosen",
    [
        AgendaFilter(departement="99"),
        AgendaFilter(bassin="nulle-part"),
        AgendaFilter(kind="inconnu"),
        AgendaFilter(mode="autre"),
        AgendaFilter(month="2026-13"),
        AgendaFilter(month="bientôt"),
        AgendaFilter(words="%_\\"),
    ],
)
def test_what_the_hub_does_not_know_leads_to_nothing(
    session: Session, chosen: AgendaFilter
) -> None:
    make_event(session)

    assert titles(session, chosen) == []
    assert filter_names(session, chosen) == FilterNames(None, None, None)


def test_an_imprecise_date_is_in_each_month_it_may_be_and_a_year_in_none(session: Session) -> None:
    summer = {"starts_on": date(2027, 6, 21), "ends_on": date(2027, 9, 21)}
    make_event(session, **on(TODAY, title="Été", **summer, date_precision=DatePrecision.SEASON))
    year = {"starts_on": date(2027, 1, 1), "ends_on": date(2027, 12, 31)}
    make_event(session, **on(TODAY, title="2027", **year, date_precision=DatePrecision.YEAR))

    assert titles(session, AgendaFilter(month="2027-08")) == ["Été"]
    assert titles(session, AgendaFilter(month="2027")) == ["2027", "Été"]
    found = month_events(session, AgendaFilter(month="2020"), Period(2027, 7), TODAY, 10)
    assert [event.title for event in found] == ["Été"]


def test_a_calendar_of_a_month_still_tells_what_left_it(session: Session) -> None:
    make_event(
        session, **on(date(2027, 1, 7), title="Déplacé", previous_starts_on=date(2026, 12, 3))
    )
    make_event(session, **on(date(2026, 11, 2), title="Reporté", state=EventState.POSTPONED))

    def calendar(month: str) -> list[str]:
        events = calendar_events(session, AgendaFilter(month=month), TODAY, 10)
        return [event.title for event in events]

    assert (calendar("2026-12"), calendar("2026-11")) == (["Déplacé"], ["Reporté"])
    assert titles(session, AgendaFilter(month="2026-12")) == []
    assert titles(session, AgendaFilter(month="2026-11")) == []


def test_a_month_goes_by_day_then_hour_unknown_hours_last(session: Session) -> None:
    day = date(2026, 12, 3)
    for title, hour in (("L’après-midi", 13), ("Sans heure", None), ("Le matin", 8)):
        at = None if hour is None else datetime(2026, 12, 3, hour, tzinfo=UTC)
        make_event(session, starts_on=day, starts_at=at, ends_at=None, title=title)

    found = month_events(session, EVERYTHING, Period(2026, 12), TODAY, 10)
    assert [event.title for event in found] == ["Le matin", "L’après-midi", "Sans heure"]


def test_pages_follow_each_other_without_gap_or_repetition(session: Session) -> None:
    for number in range(5):
        make_event(session, **on(date(2027, 1, 5 + number // 2), title=str(number)))
    seen: list[str] = []
    position: FeedPosition | None = None
    while page := listed_events(session, EVERYTHING, TODAY, 2, position=position):
        seen += [event.title for event in page]
        position = FeedPosition(page[-1].starts_on, page[-1].id)

    assert seen == ["0", "1", "2", "3", "4"]
    past_two = listed_events(session, EVERYTHING, TODAY, 2, offset=2)
    assert [event.title for event in past_two] == ["2", "3"]
    latest = calendar_events(session, EVERYTHING, TODAY, 2)
    assert [event.title for event in latest] == ["3", "4"]


def test_what_changed_last_comes_first_and_is_known_whatever_the_filter(session: Session) -> None:
    make_event(session, title="Ancien")
    changed_at = MADE_AT + timedelta(days=2)
    make_event(session, title="Récent", updated_at=changed_at)
    make_event(
        session, title="Brouillon", state=EventState.DRAFT, updated_at=changed_at + timedelta(1)
    )

    found = latest_changed_events(session, EVERYTHING, TODAY, 10)
    assert [event.title for event in found] == ["Récent", "Ancien"]
    assert feed_state(session).changed_at == changed_at


def test_the_state_of_the_feeds_follows_every_public_change(session: Session) -> None:
    seen = [feed_state(session)]
    assert seen[0].changed_at is None
    event = make_event(session)
    seen.append(feed_state(session))
    for name in ("version", "calendar_sequence"):
        setattr(event, name, getattr(event, name) + 1)
        session.commit()
        seen.append(feed_state(session))
    event.kind.version += 1
    session.commit()
    seen.append(feed_state(session))
    event.state = EventState.DRAFT
    session.commit()
    seen.append(feed_state(session))

    assert len(set(seen)) == len(seen)


def test_what_a_filter_asks_for_has_a_name(session: Session) -> None:
    make_departement(session, "36", "Indre")
    session.add(BassinDeVie(slug="la-chatre", name="La Châtre", departement_code="36"))
    make_kind(session, "trimestrielle", label="Réunion trimestrielle")
    make_kind(session, "rendez-vous", label="Rendez-vous", family=KindFamily.ONE_TO_ONE)
    session.commit()

    assert filter_names(session, AgendaFilter("36", "la-chatre", "trimestrielle")) == FilterNames(
        "Indre", "La Châtre", "Réunion trimestrielle"
    )
    assert filter_names(session, AgendaFilter(kind="rendez-vous")).kind is None


def test_search_engines_are_given_public_events_and_published_comptes_rendus(
    session: Session,
) -> None:
    published = make_event(session, slug="publie", state=EventState.CLOSED)
    drafted = make_event(session, slug="ecrit-pas-encore-publie")
    make_event(session, slug="brouillon", state=EventState.DRAFT)
    changed_at = MADE_AT + timedelta(days=1)
    for event, state in ((published, MinutesState.PUBLISHED), (drafted, MinutesState.DRAFT)):
        session.add(
            Minutes(event_id=event.id, state=state, created_at=MADE_AT, updated_at=changed_at)
        )
    session.commit()

    found = site_map(session, 10)

    assert sorted(found.events) == [("ecrit-pas-encore-publie", MADE_AT), ("publie", MADE_AT)]
    assert list(found.minutes) == [("publie", changed_at)]


def test_a_feed_takes_as_many_statements_for_three_events_as_for_one(session: Session) -> None:
    def add() -> None:
        event = make_event(session, date_precision=DatePrecision.ALTERNATIVES)
        event.alternatives = [EventAlternative(on=date(2027, 4, n)) for n in (8, 15)]
        session.commit()

    def url_of(event: Event) -> str:
        return f"https://agenda.example.org/evenements/{event.slug}"

    def read() -> int:
        session.expire_all()
        session.expunge_all()
        with counted_statements(db.engine) as statements:
            events = calendar_events(session, EVERYTHING, TODAY, 10)
            feed_calendar(events, name="", url="", source="", url_of=url_of, host="h")
            atom_feed(
                latest_changed_events(session, EVERYTHING, TODAY, 10),
                title="", author="", url="", source="", url_of=url_of, host="h",
            )  # fmt: skip
            for event in listed_events(session, EVERYTHING, TODAY, 10):
                event_document(event, url_of(event), MADE_AT, region="")
        return len(statements)

    add()
    one = read()
    add()
    add()
    assert (one, read()) == (9, 9)
