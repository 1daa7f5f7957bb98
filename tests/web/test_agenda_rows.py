from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from eventhub.domain.event import DatePrecision, EventMode, EventState
from eventhub.models.event import EventAlternative
from eventhub.web.agenda_rows import DayBlock, EventRow, day_block, event_row, territory
from tests.factories import make_departement, make_event, make_kind

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def span(starts_on: date, ends_on: date, **values: Any) -> dict[str, Any]:
    return {"starts_on": starts_on, "ends_on": ends_on, **values}


def vague(precision: DatePrecision, starts_on: date, ends_on: date) -> dict[str, Any]:
    return span(starts_on, ends_on, date_precision=precision, starts_at=None, ends_at=None)


def test_a_row_says_everything_in_ready_made_strings(app: Flask, session: Session) -> None:
    kind = make_kind(session, "trimestrielle", label="Réunion trimestrielle")
    event = make_event(
        session,
        slug="loiret",
        title="Rencontre : médiateur·rice·s",
        kind_code=kind.code,
        taken_onsite=36,
    )

    with app.test_request_context():
        row = event_row(event, NOW, departement_total=6)

    assert row == EventRow(
        url="/evenements/loiret",
        title="Rencontre\u00a0: médiateur·rice·s",
        kind_code="trimestrielle",
        kind_label="Réunion trimestrielle",
        family_colour="quarterly",
        day_weekday="jeudi",
        day_number="8",
        day_word="",
        day_style="certain",
        datetime_attr="2027-04-08",
        spoken_date="Jeudi\u00a08 avril 2027",
        line="9\u00a0h – 17\u00a0h · Halle du Port-Vieux",
        territory="Loiret",
        seats=(36, 40),
        status_icon="",
        status_text="Il reste 4\u00a0places",
        status_note="sur 40, sur place",
    )


@pytest.mark.parametrize(
    ("values", "with_year", "block"),
    [
        (
            span(date(2027, 1, 1), date(2027, 1, 1)),
            False,
            DayBlock("vendredi", "1er", "", "certain", "2027-01-01", "Vendredi 1er janvier 2027"),
        ),
        (
            span(date(2027, 2, 2), date(2027, 2, 5)),
            False,
            DayBlock(
                "mardi à vendredi",
                "2–5",
                "",
                "certain",
                "",
                "Du mardi 2 au vendredi 5 février 2027",
            ),
        ),
        (
            span(date(2027, 2, 4), date(2027, 2, 5)),
            False,
            DayBlock(
                "jeudi et vendredi",
                "4–5",
                "",
                "certain",
                "",
                "Du jeudi 4 au vendredi 5 février 2027",
            ),
        ),
        (
            span(date(2027, 1, 30), date(2027, 2, 2)),
            False,
            DayBlock(
                "samedi à mardi",
                "",
                "30 janv. – 2 févr.",
                "certain",
                "",
                "Du samedi 30 janvier au mardi 2 février 2027",
            ),
        ),
        (
            span(date(2024, 12, 13), date(2024, 12, 13), starts_at=None, ends_at=None),
            True,
            DayBlock("déc. 2024", "13", "", "past", "2024-12-13", "Vendredi 13 décembre 2024"),
        ),
        (
            vague(DatePrecision.MONTH, date(2027, 6, 1), date(2027, 6, 30)),
            False,
            DayBlock("date à venir", "", "juin", "open", "2027-06", "Juin 2027"),
        ),
        (
            vague(DatePrecision.SEASON, date(2025, 6, 21), date(2025, 9, 20)),
            True,
            DayBlock("2025", "", "été", "past", "", "Été 2025"),
        ),
        (
            vague(DatePrecision.SEASON, date(2027, 6, 21), date(2027, 9, 20)),
            False,
            DayBlock("date à venir", "", "été", "open", "", "Été 2027"),
        ),
        (
            vague(DatePrecision.YEAR, date(2024, 1, 1), date(2024, 12, 31)),
            True,
            DayBlock("courant", "2024", "", "past", "2024", "2024"),
        ),
        (
            vague(DatePrecision.RANGE, date(2024, 3, 1), date(2024, 4, 30)),
            True,
            DayBlock("entre", "", "mars et avr. 2024", "past", "", "Entre mars et avril 2024"),
        ),
        (
            vague(DatePrecision.RANGE, date(2021, 10, 1), date(2022, 12, 31)),
            True,
            DayBlock(
                "entre",
                "",
                "oct. 2021 et déc. 2022",
                "past",
                "",
                "Entre octobre 2021 et décembre 2022",
            ),
        ),
        (
            span(date(2027, 2, 18), date(2027, 2, 18), state=EventState.POSTPONED),
            False,
            DayBlock("jeudi", "18", "", "open", "2027-02-18", "Jeudi 18 février 2027, reporté"),
        ),
        (
            span(date(2026, 11, 2), date(2026, 11, 2), state=EventState.POSTPONED),
            False,
            DayBlock(
                "date",
                "",
                "à venir",
                "open",
                "",
                "Date à venir (Lundi 2 novembre 2026, reporté)",
            ),
        ),
        (
            span(date(2027, 2, 18), date(2027, 2, 18), state=EventState.CANCELLED),
            False,
            DayBlock("jeudi", "18", "", "past", "2027-02-18", "Jeudi 18 février 2027, annulé"),
        ),
    ],
)
def test_a_date_is_said_as_precisely_as_it_is_known(
    session: Session, values: dict[str, Any], with_year: bool, block: DayBlock
) -> None:
    event = make_event(session, **values)

    said = day_block(event, NOW, with_year=with_year)

    assert (
        DayBlock(*(getattr(said, name).replace("\u00a0", " ") for name in DayBlock.__slots__))
        == block
    )


def test_two_possible_days_are_both_said(session: Session) -> None:
    event = make_event(
        session, **vague(DatePrecision.ALTERNATIVES, date(2023, 9, 14), date(2023, 9, 21))
    )
    event.alternatives = [EventAlternative(on=date(2023, 9, day)) for day in (14, 21)]

    assert day_block(event, NOW, with_year=True) == DayBlock(
        "sept. 2023", "", "14 ou 21", "past", "", "14 ou 21\u00a0septembre 2023"
    )


def test_a_row_of_the_past_tells_of_its_compte_rendu_and_of_an_unknown_day(
    app: Flask, session: Session
) -> None:
    event = make_event(
        session, **vague(DatePrecision.YEAR, date(2024, 1, 1), date(2024, 12, 31)), place=""
    )

    with app.test_request_context():
        bare = event_row(event, NOW, departement_total=6, with_year=True)
        told = event_row(event, NOW, departement_total=6, with_year=True, has_minutes=True)

    assert (bare.line, bare.seats, bare.status_icon, bare.status_text, bare.status_note) == (
        "", None, "", "Date précise non connue", "",
    )  # fmt: skip
    assert (told.status_icon, told.status_text, told.status_note) == (
        "document", "Compte-rendu publié", "Date précise non connue",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("mode", "place", "line"),
    [
        (EventMode.REMOTE, "", "À distance"),
        (EventMode.HYBRID, "Lab’O, Orléans", "Lab’O, Orléans, et à distance"),
        (EventMode.HYBRID, "", "Sur place et à distance"),
        (EventMode.ONSITE, "", "Lieu à préciser"),
        (EventMode.UNKNOWN, "Brenne", "Brenne"),
    ],
)
def test_a_row_says_where_people_go(
    app: Flask, session: Session, mode: EventMode, place: str, line: str
) -> None:
    event = make_event(session, mode=mode, place=place, starts_at=None, ends_at=None)

    with app.test_request_context():
        assert event_row(event, NOW, departement_total=6).line == line


def test_a_territory_is_named_by_its_departements_or_as_the_whole_region(session: Session) -> None:
    names = {"18": "Cher", "28": "Eure-et-Loir", "36": "Indre", "45": "Loiret"}
    made = [make_departement(session, code, name) for code, name in names.items()]

    def said(count: int, total: int) -> str:
        return territory(make_event(session, departements=made[:count]), total)

    assert [said(0, 6), said(1, 1), said(2, 6), said(3, 6), said(4, 6), said(4, 4)] == [
        "",
        "Cher",
        "Cher et Eure-et-Loir",
        "Cher, Eure-et-Loir et Indre",
        "4\u00a0départements",
        "Toute la région",
    ]
