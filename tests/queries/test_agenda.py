from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from eventhub.domain.agenda import AgendaFilter, AgendaView, GroupKind
from eventhub.domain.event import DatePrecision, EventMode, EventState, KindFamily
from eventhub.extensions import db
from eventhub.models.event import Event
from eventhub.models.territory import BassinDeVie
from eventhub.queries.agenda import PAGE_SIZE, TEASER_SIZE, Agenda, agenda, public_event
from tests.factories import make_departement, make_event, make_kind
from tests.query_count import counted_statements

TODAY = date(2026, 11, 21)
EVERYTHING = AgendaFilter()


def on(day: date, **values: object) -> dict[str, object]:
    return {"starts_on": day, "ends_on": day, "starts_at": None, "ends_at": None, **values}


def titles(page: Agenda) -> list[str]:
    return [event.title for group in page.groups for event in group.events]


def past_titles(page: Agenda) -> list[str]:
    return [event.title for event in page.past]


def test_what_comes_is_listed_by_month_and_the_past_under_it_latest_first(session: Session) -> None:
    make_event(session, **on(date(2026, 12, 3), title="Décembre"))
    make_event(session, **on(TODAY, title="Aujourd’hui"))
    make_event(session, **on(date(2026, 11, 20), title="Hier"))
    make_event(session, **on(date(2024, 4, 9), title="Il y a longtemps"))

    page = agenda(session, EVERYTHING, TODAY)

    assert page.view is AgendaView.UPCOMING
    assert titles(page) == ["Aujourd’hui", "Décembre"]
    assert [group.key.kind for group in page.groups] == [GroupKind.MONTH, GroupKind.MONTH]
    assert past_titles(page) == ["Hier", "Il y a longtemps"]
    assert (page.listed_total, page.upcoming_total, page.past_total) == (2, 2, 2)


def test_only_what_is_public_is_listed_and_never_a_rendez_vous(session: Session) -> None:
    private = make_kind(session, "rendez-vous", family=KindFamily.ONE_TO_ONE)
    for state in EventState:
        make_event(session, **on(date(2027, 1, 5), title=state.value, state=state))
    hidden = make_event(session, title="rendez-vous", kind_code=private.code)

    page = agenda(session, EVERYTHING, TODAY)

    assert sorted(titles(page)) == ["cancelled", "postponed", "published"]
    assert past_titles(page) == ["closed"]
    assert private not in page.kinds
    assert public_event(session, hidden.slug) is None


def test_a_postponed_event_keeps_its_day_until_then_and_stands_last_without_date_after(
    session: Session,
) -> None:
    make_event(session, **on(date(2026, 11, 2), title="Sans date", state=EventState.POSTPONED))
    make_event(session, **on(date(2026, 12, 2), title="Gardé", state=EventState.POSTPONED))
    make_event(session, **on(date(2027, 6, 1), title="Plus tard"))

    page = agenda(session, EVERYTHING, TODAY)

    assert titles(page) == ["Gardé", "Plus tard", "Sans date"]
    assert page.groups[-1].key.kind is GroupKind.UNDATED


def test_filters_combine_and_each_counts_what_it_would_list(session: Session) -> None:
    loiret = make_departement(session, "45", "Loiret")
    indre = make_departement(session, "36", "Indre")
    bassin = BassinDeVie(slug="la-chatre", name="La Châtre", departement_code="36")
    session.add(bassin)
    quarterly = make_kind(session, "trimestrielle", label="Réunion trimestrielle")
    day = date(2026, 12, 3)
    make_event(session, **on(day, title="A", departements=[loiret], kind_code=quarterly.code))
    make_event(session, **on(day, title="B", departements=[indre], bassin=bassin))
    make_event(
        session,
        **on(date(2027, 1, 4), title="C", departements=[indre, loiret], mode=EventMode.HYBRID),
    )

    page = agenda(session, AgendaFilter(departement="36"), TODAY)

    assert titles(page) == ["B", "C"]
    assert {name: dict(facet.counts) for name, facet in page.facets.items()} == {
        "departement": {"45": 2, "36": 2},
        "bassin": {"la-chatre": 1},
        "kind": {"journee": 2},
        "month": {"2026": 1, "2026-12": 1, "2027": 1, "2027-01": 1},
        "mode": {"onsite": 2, "remote": 1},
    }
    assert page.facets["departement"].total == 3
    assert titles(agenda(session, AgendaFilter(departement="36", month="2027-01"), TODAY)) == ["C"]
    assert titles(agenda(session, AgendaFilter(bassin="la-chatre"), TODAY)) == ["B"]
    assert titles(agenda(session, AgendaFilter(kind="trimestrielle"), TODAY)) == ["A"]
    assert titles(agenda(session, AgendaFilter(mode="remote"), TODAY)) == ["C"]


@pytest.mark.parametrize(
    "chosen",
    [
        AgendaFilter(departement="99"),
        AgendaFilter(bassin="nulle-part"),
        AgendaFilter(kind="sieste"),
        AgendaFilter(month="2024-13"),
        AgendaFilter(month="toujours"),
        AgendaFilter(mode="telepathie"),
        AgendaFilter(words="\0"),
        AgendaFilter(words="100 %_\\"),
    ],
)
def test_an_unknown_value_lists_nothing_and_breaks_nothing(
    session: Session, chosen: AgendaFilter
) -> None:
    make_event(session)
    make_event(session, **on(date(2024, 12, 5)))

    page = agenda(session, chosen, TODAY)

    if chosen.words != "\0":  # nothing to look for: everything
        assert (titles(page), past_titles(page)) == ([], [])


@pytest.mark.parametrize(
    "words", ["médiatrice", "mediateurs", "Médiateur", "MÉDIATRICES loiret", "médiateur·rice·s"]
)
def test_words_are_found_whatever_their_case_accents_and_inclusive_spelling(
    session: Session, words: str
) -> None:
    found = make_event(session, title="Rencontre des médiateur·rice·s du Loiret")
    make_event(session, title="Café IA")

    assert titles(agenda(session, AgendaFilter(words=words), TODAY)) == [found.title]


def test_a_month_lists_what_it_holds_on_both_sides_of_today(session: Session) -> None:
    make_event(session, **on(date(2026, 11, 3), title="Avant"))
    make_event(session, **on(date(2026, 11, 28), title="Après"))
    make_event(session, **on(date(2026, 12, 1), title="Décembre"))
    make_event(
        session,
        title="En automne",
        date_precision=DatePrecision.SEASON,
        starts_on=date(2026, 9, 21),
        ends_on=date(2026, 12, 20),
    )

    page = agenda(session, AgendaFilter(month="2026-11"), TODAY)

    assert page.view is AgendaView.PERIOD
    assert titles(page) == ["Avant", "Après", "En automne"]
    assert past_titles(page) == []
    assert page.past_periods == {"2026", "2026-11"}


def test_a_year_lists_its_months_in_order(session: Session) -> None:
    make_event(session, **on(date(2024, 4, 9), title="Avril"))
    make_event(session, **on(date(2024, 2, 6), title="Février"))
    make_event(session, **on(date(2023, 2, 6), title="Avant"))

    assert titles(agenda(session, AgendaFilter(month="2024"), TODAY)) == ["Février", "Avril"]


def test_the_past_comes_in_pages_and_a_page_that_is_not_there_is_the_last(session: Session) -> None:
    for number in range(PAGE_SIZE + 3):
        make_event(session, **on(TODAY - timedelta(days=1 + number), title=f"J-{1 + number}"))

    teaser = agenda(session, EVERYTHING, TODAY)
    first = agenda(session, EVERYTHING, TODAY, past=True)
    last = agenda(session, EVERYTHING, TODAY, past=True, page=99)

    assert past_titles(teaser) == [f"J-{1 + number}" for number in range(TEASER_SIZE)]
    assert (first.page, first.pages, len(first.past)) == (1, 2, PAGE_SIZE)
    assert (last.page, past_titles(last)) == (2, ["J-41", "J-42", "J-43"])
    assert last.groups == []


def test_many_events_to_come_are_paged_and_the_past_follows_the_last_page(session: Session) -> None:
    make_event(session, **on(date(2026, 11, 2), title="Passé"))
    for number in range(PAGE_SIZE + 1):
        make_event(session, **on(TODAY + timedelta(days=number), title=f"J+{number}"))

    first = agenda(session, EVERYTHING, TODAY)
    second = agenda(session, EVERYTHING, TODAY, page=2)

    assert (len(titles(first)), past_titles(first)) == (PAGE_SIZE, [])
    assert (titles(second), past_titles(second)) == ([f"J+{PAGE_SIZE}"], ["Passé"])


def test_the_agenda_takes_as_many_statements_for_three_events_as_for_one(session: Session) -> None:
    def statements() -> int:
        session.expire_all()
        session.expunge_all()
        with counted_statements(db.engine) as sent:
            page = agenda(session, EVERYTHING, TODAY)
            for event in [*(e for group in page.groups for e in group.events), *page.past]:
                assert (event.kind.label, event.departements[0].name) == ("Journée", "Loiret")
                assert event.alternatives == []
        return len(sent)

    make_event(session)
    make_event(session, **on(date(2024, 1, 1)))
    once = statements()
    for day in (3, 4):
        make_event(session, **on(date(2027, 1, day)))
        make_event(session, **on(date(2024, 1, day)))

    assert statements() == once
    assert once <= 9


def test_an_event_takes_as_many_statements_with_three_activities_as_with_one(
    session: Session,
) -> None:
    from eventhub.domain.event import ActivityFormat, PartnershipRole
    from eventhub.models.event import Activity, Partnership
    from tests.factories import make_structure

    def grow(event: Event) -> None:
        event.activities.append(
            Activity(
                format=ActivityFormat.WORKSHOP, title="Atelier", hosts=[make_structure(session)]
            )
        )
        event.partnerships.append(
            Partnership(structure=make_structure(session), role=PartnershipRole.PARTNER)
        )
        session.commit()

    def statements(slug: str) -> int:
        session.expunge_all()
        with counted_statements(db.engine) as sent:
            event = public_event(session, slug)
            assert event is not None
            assert [host.name for one in event.activities for host in one.hosts]
            assert [partnership.structure.name for partnership in event.partnerships]
        return len(sent)

    slug = make_event(session).slug
    event = public_event(session, slug)
    assert event is not None
    grow(event)
    once = statements(slug)
    event = public_event(session, slug)
    assert event is not None
    grow(event)
    grow(event)

    assert statements(slug) == once
