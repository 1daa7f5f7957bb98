"""The agenda counts in the database; here each event is read, and counted by the plain rules."""

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy.orm import Session

from eventhub.domain.agenda import AgendaFilter, group_key, is_past, period, periods_of
from eventhub.domain.event import DatePrecision, EventMode, EventState
from eventhub.models.event import Event
from eventhub.models.territory import BassinDeVie
from eventhub.queries.agenda import PAGE_SIZE, TEASER_SIZE, Agenda, agenda
from tests.factories import make_departement, make_event, make_kind

TODAY = date(2026, 11, 21)
MODES = {
    EventMode.ONSITE: {"onsite"},
    EventMode.REMOTE: {"remote"},
    EventMode.HYBRID: {"onsite", "remote"},
    EventMode.UNKNOWN: set[str](),
}
FILTERS = [
    AgendaFilter(),
    AgendaFilter(words="café"),
    AgendaFilter(departement="37"),
    AgendaFilter(bassin="loches", words="thé"),
    AgendaFilter(kind="atelier", mode="remote"),
    AgendaFilter(month="2026-12"),
    AgendaFilter(month="2026", departement="18", words="café"),
    AgendaFilter(month="2027-01", kind="journee", mode="onsite"),
    AgendaFilter(kind="inconnu"),
]


def make_some(session: Session, chance: random.Random) -> list[Event]:
    departements = [make_departement(session, code, f"Dép. {code}") for code in ("18", "37", "41")]
    bassins = [
        BassinDeVie(slug=slug, name=slug, departement_code="37") for slug in ("chinon", "loches")
    ]
    session.add_all(bassins)
    kinds = [make_kind(session, code) for code in ("atelier", "journee")]
    events = []
    for number in range(PAGE_SIZE + 10):
        day = TODAY + timedelta(days=chance.choice((0, -1, 1, chance.randint(-300, 300))))
        last = day + timedelta(days=chance.choice((0, 0, 1, 40)))
        word = chance.choice(("cafe", "the", "cafe the"))
        hour = datetime.combine(day, time(chance.randint(6, 20)), UTC)
        events.append(
            make_event(
                session,
                title=f"{chance.choice('abc')}{number:02d}",
                search_text=word,
                state=chance.choice([state for state in EventState if state != EventState.DRAFT]),
                date_precision=chance.choice(list(DatePrecision)),
                mode=chance.choice(list(EventMode)),
                starts_on=day,
                ends_on=last,
                starts_at=chance.choice((None, hour)),
                ends_at=None,
                kind_code=chance.choice(kinds).code,
                bassin=chance.choice((None, *bassins)),
                departements=chance.sample(departements, chance.randint(0, 3)),
            )
        )
    return events


def periods(event: Event) -> tuple[str, ...]:
    return periods_of(event.date_precision, event.state, event.starts_on, event.ends_on, TODAY)


def over(event: Event) -> bool:
    return is_past(event.state, event.ends_on, TODAY)


def matches(event: Event, chosen: AgendaFilter) -> bool:
    bassin = event.bassin.slug if event.bassin else ""
    return (
        all(word in event.search_text for word in chosen.words.replace("é", "e").split())
        and chosen.departement in {"", *(one.code for one in event.departements)}
        and chosen.bassin in {"", bassin}
        and chosen.kind in {"", event.kind_code}
        and chosen.mode in {"", *MODES[event.mode]}
        and chosen.month in {"", *periods(event)}
    )


def expected(events: list[Event], chosen: AgendaFilter, *, past: bool) -> dict[str, object]:
    def listed(asked: AgendaFilter) -> list[Event]:
        found = [event for event in events if matches(event, asked)]
        return found if chosen.month else [event for event in found if over(event) is past]

    def by_time(event: Event) -> tuple[date, time, str, int]:
        hour = event.starts_at.time() if event.starts_at else time.max
        return event.starts_on, hour, event.title, event.id

    asked = period(chosen.month)
    since = asked.starts_on if asked else TODAY

    def in_order(event: Event) -> tuple[object, ...]:
        key = group_key(event.date_precision, event.state, event.starts_on, event.ends_on, since)
        return key, by_time(event)

    def latest(found: Iterable[Event]) -> list[str]:
        ordered = sorted(found, key=lambda one: (one.ends_on, *by_time(one)), reverse=True)
        return [event.title for event in ordered]

    alone = past and not chosen.month
    rows = listed(chosen)
    gone = [event for event in events if matches(event, chosen) and over(event)]
    any_kind, any_mode = listed(replace(chosen, kind="")), listed(replace(chosen, mode=""))
    around = listed(replace(chosen, bassin=""))
    anywhere = listed(replace(chosen, bassin="", departement=""))
    any_time = [event for event in events if matches(event, replace(chosen, month=""))]
    return {
        "shown": [] if alone else [event.title for event in sorted(rows, key=in_order)],
        "past": latest(rows) if alone else [] if chosen.month else latest(gone)[:TEASER_SIZE],
        "totals": (
            len(rows),
            sum(not over(event) for event in any_time),
            sum(map(over, any_time)),
        ),
        "past_periods": {one for event in any_time if over(event) for one in periods(event)},
        "departement": (
            len(anywhere),
            Counter(one.code for event in anywhere for one in event.departements),
        ),
        "bassin": (len(around), Counter(event.bassin.slug for event in around if event.bassin)),
        "kind": (len(any_kind), Counter(event.kind_code for event in any_kind)),
        "month": (len(any_time), Counter(one for event in any_time for one in periods(event))),
        "mode": (len(any_mode), Counter(one for event in any_mode for one in MODES[event.mode])),
    }


def told(pages: list[Agenda]) -> dict[str, object]:
    first, last = pages[0], pages[-1]
    return {
        "shown": [e.title for page in pages for group in page.groups for e in group.events],
        "past": [e.title for page in pages for e in page.past],
        "totals": (first.listed_total, first.upcoming_total, first.past_total),
        "past_periods": set(last.past_periods),
        **{name: (one.total, Counter(one.counts)) for name, one in first.facets.items()},
    }


@pytest.mark.parametrize("seed", range(3))
def test_the_agenda_counts_and_lists_as_plain_rules_do(session: Session, seed: int) -> None:
    events = make_some(session, random.Random(seed))
    for chosen in FILTERS:
        for past in (False, True):
            first = agenda(session, chosen, TODAY, past=past)
            rest = range(2, first.pages + 1)
            pages = [first, *(agenda(session, chosen, TODAY, past=past, page=n) for n in rest)]
            assert told(pages) == expected(events, chosen, past=past), (chosen, past)
