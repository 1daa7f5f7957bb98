"""When the events of a series are due, and what is late or missing."""

import random
from datetime import date, timedelta
from itertools import islice, pairwise

import pytest

from eventhub.domain.cadence import (
    HALF_MONTHS_MAX,
    Cadence,
    Gap,
    Span,
    Standing,
    cadence_on,
    cadence_words,
    due_dates,
    half_months_typed,
    lateness_words,
    months_shown,
    next_dates,
    standing,
)
from eventhub.domain.errors import InvalidInput

QUARTERLY = [Cadence(date(2020, 1, 1), 6)]
INDRE = [Cadence(date(2023, 1, 1), 5), Cadence(date(2024, 7, 1), 24)]


def day(on: str) -> date:
    return date.fromisoformat(on)


def span(on: str, last: str = "") -> Span:
    return Span(day(on), day(last or on))


def test_a_quarter_keeps_the_weekday_and_the_week_of_the_month() -> None:
    assert list(islice(due_dates(QUARTERLY, date(2026, 1, 8)), 4)) == [
        date(2026, 4, 9),
        date(2026, 7, 9),
        date(2026, 10, 8),
        date(2027, 1, 14),
    ]


def test_a_fifth_week_is_the_last_one_and_comes_back() -> None:
    assert list(islice(due_dates([Cadence(date(2026, 1, 1), 2)], date(2026, 1, 29)), 3)) == [
        date(2026, 2, 26),
        date(2026, 3, 26),
        date(2026, 4, 30),
    ]


def test_two_and_a_half_months_then_once_a_year() -> None:
    assert list(islice(due_dates(INDRE, date(2023, 7, 4)), 6)) == [
        date(2023, 9, 19),
        date(2023, 12, 5),
        date(2024, 2, 20),
        date(2024, 5, 7),
        date(2025, 5, 6),  # two and a half months more would be under the yearly cadence
        date(2026, 5, 5),
    ]


def test_a_denser_cadence_begins_on_its_first_day() -> None:
    cadences = [Cadence(date(2020, 1, 1), 24), Cadence(date(2025, 6, 1), 6)]
    assert list(islice(due_dates(cadences, date(2024, 11, 12)), 3)) == [
        date(2025, 6, 10),
        date(2025, 9, 9),
        date(2025, 12, 9),
    ]


def test_without_a_cadence_nothing_is_due() -> None:
    assert list(due_dates([], date(2026, 1, 8))) == []
    assert next_dates([], date(2026, 1, 8), date(2026, 1, 8), 4) == ()


def test_due_dates_end_with_the_calendar() -> None:
    assert list(due_dates(QUARTERLY, date(9999, 8, 12))) == [date(9999, 11, 11)]
    assert list(due_dates([Cadence(date.max, 1)], date.max)) == []


def test_what_is_overdue_is_proposed_on_the_first_such_day() -> None:
    assert next_dates(INDRE, date(2023, 7, 4), date(2026, 11, 22), 2) == (
        date(2026, 12, 1),
        date(2027, 12, 7),
    )


def test_any_cadences_give_rising_days_of_one_weekday() -> None:
    chance = random.Random(10)
    for _ in range(400):
        anchor = date(2000, 1, 1) + timedelta(days=chance.randrange(20_000))
        cadences = [
            Cadence(
                date(1990, 1, 1) + timedelta(days=chance.randrange(25_000)),
                chance.randint(1, HALF_MONTHS_MAX),
            )
            for _ in range(chance.randint(1, 4))
        ]
        found = [anchor, *islice(due_dates(cadences, anchor), 30)]
        assert all(earlier < later for earlier, later in pairwise(found))
        assert {on.weekday() for on in found} == {anchor.weekday()}
        assert all(cadence_on(cadences, on) is not None for on in found[1:])
        after = anchor + timedelta(days=chance.randrange(4_000))
        proposed = next_dates(cadences, anchor, after, 5)
        assert len(proposed) == 5
        assert min(proposed) > after
        assert all(earlier < later for earlier, later in pairwise(proposed))


def test_one_cadence_gives_intervals_near_it() -> None:
    chance = random.Random(11)
    for _ in range(300):
        half_months = chance.randint(1, HALF_MONTHS_MAX)
        anchor = date(2010, 1, 1) + timedelta(days=chance.randrange(9_000))
        found = [anchor, *islice(due_dates([Cadence(date(2000, 1, 1), half_months)], anchor), 12)]
        for earlier, later in pairwise(found):
            assert abs((later - earlier).days - half_months * 15.22) <= 10


def test_on_time_nothing_is_late_nor_missing() -> None:
    held = [span("2026-01-08"), span("2026-04-16")]
    assert standing(QUARTERLY, held, [], date(2026, 6, 1)) == Standing(
        last=span("2026-04-16"), due=date(2026, 7, 16), late_days=0, planned=None, gaps=()
    )


def test_a_day_past_due_is_late_until_it_is_held() -> None:
    held, planned = [span("2026-04-16")], [span("2026-09-10")]
    assert standing(QUARTERLY, held, planned, date(2026, 8, 1)) == Standing(
        last=span("2026-04-16"),
        due=date(2026, 7, 16),
        late_days=16,
        planned=span("2026-09-10"),
        gaps=(Gap(span("2026-04-16"), span("2026-09-10"), (date(2026, 7, 16),)),),
    )


def test_up_to_one_and_a_half_cadences_nothing_is_missing() -> None:
    held = [span("2026-01-08"), span("2026-05-24")]  # due on 9 April, 45.5 days more
    assert standing(QUARTERLY, held, [], date(2026, 6, 1)).gaps == ()
    held = [span("2026-01-08"), span("2026-05-25")]
    assert standing(QUARTERLY, held, [], date(2026, 6, 1)).gaps == (
        Gap(span("2026-01-08"), span("2026-05-25"), (date(2026, 4, 9),)),
    )


def test_the_time_since_the_last_one_counts_too() -> None:
    found = standing(QUARTERLY, [span("2025-01-09")], [], date(2025, 12, 1))
    assert found.gaps == (
        Gap(span("2025-01-09"), None, (date(2025, 4, 10), date(2025, 7, 10), date(2025, 10, 9))),
    )
    assert found.missing == 3


def test_a_date_that_is_not_precise_accuses_nobody() -> None:
    held = [span("2026-01-01", "2026-01-31"), span("2026-05-01", "2026-05-31")]
    found = standing(QUARTERLY, held, [], date(2026, 7, 1))
    assert (found.gaps, found.due) == ((), date(2026, 8, 30))


def test_nothing_is_expected_once_the_series_has_ended() -> None:
    found = standing(
        QUARTERLY, [span("2025-01-09")], [], date(2026, 1, 1), ended_on=date(2025, 7, 1)
    )
    assert (found.due, found.gaps) == (
        date(2025, 4, 10),
        (Gap(span("2025-01-09"), None, (date(2025, 4, 10),)),),
    )
    ended = standing(
        QUARTERLY, [span("2025-01-09")], [], date(2026, 1, 1), ended_on=day("2025-02-01")
    )
    assert (ended.due, ended.late_days, ended.gaps) == (None, 0, ())


def test_a_series_without_any_event_is_due_nothing() -> None:
    assert standing(QUARTERLY, [], [], date(2026, 1, 1)) == Standing(None, None, 0, None, ())


def test_months_are_typed_as_one_writes_them() -> None:
    typed = {" 3 ": 6, "2,5": 5, "2.5": 5, "0,5": 1, "12": 24, "60": 120, "3,0": 6}
    assert {text: half_months_typed(text) for text in typed} == typed


@pytest.mark.parametrize(
    ("typed", "start"),
    [
        ("0", "Un rythme de zéro mois ne donne aucune date."),
        ("0,0", "Un rythme de zéro mois ne donne aucune date."),
        ("-0", "Un rythme de zéro mois ne donne aucune date."),
        ("-3", "Écrivez un nombre de mois plus grand que zéro"),
        ("61", "Écrivez 60 mois au plus."),
        ("1e9", "Écrivez 60 mois au plus."),
        ("9" * 20, "Écrivez 60 mois au plus."),
        ("2,3", "Arrondissez au demi-mois"),
        ("1e-9", "Arrondissez au demi-mois"),
        ("NaN", "Écrivez un nombre de mois en chiffres"),
        ("sNaN", "Écrivez un nombre de mois en chiffres"),
        ("Infinity", "Écrivez un nombre de mois en chiffres"),
        ("-inf", "Écrivez un nombre de mois en chiffres"),
        ("trois", "Écrivez un nombre de mois en chiffres"),
        ("", "Écrivez un nombre de mois en chiffres"),
        ("1" * 5000, "Écrivez un nombre de mois en chiffres"),
        ("=1+1", "Écrivez un nombre de mois en chiffres"),
        ("\ud800", "Écrivez un nombre de mois en chiffres"),
    ],
)
def test_a_cadence_that_cannot_be_gets_a_clear_answer(typed: str, start: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        half_months_typed(typed)
    assert refused.value.fields["months"].startswith(start)


def test_a_cadence_in_words() -> None:
    assert [cadence_words(n) for n in (1, 2, 3, 5, 6, 12, 24, 36, 48)] == [
        "deux fois par mois",
        "chaque mois",
        "tous les 1,5\u00a0mois",
        "tous les 2,5\u00a0mois",
        "chaque trimestre",
        "deux fois par an",
        "une fois par an",
        "tous les 18\u00a0mois",
        "tous les 2\u00a0ans",
    ]
    assert [months_shown(n) for n in (1, 5, 6)] == ["0,5", "2,5", "3"]


def test_lateness_in_words() -> None:
    assert [lateness_words(n) for n in (0, 1, 4, 14, 60, 61, 400, 731, 1200)] == [
        "",
        "en retard de 1\u00a0jour",
        "en retard de 4\u00a0jours",
        "en retard de 2\u00a0semaines",
        "en retard de 8\u00a0semaines",
        "en retard de 2\u00a0mois",
        "en retard de 13\u00a0mois",
        "en retard de 2\u00a0ans",
        "en retard de 3\u00a0ans",
    ]
