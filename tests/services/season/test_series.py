"""The series of the example season, and what a file of series may not say."""

import shutil
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventhub.domain.errors import SeasonFileError
from eventhub.models.event import Event
from eventhub.models.series import Series
from eventhub.services.season import EXAMPLE, load_season, read_season

HEAD = "id;title;kind;departements;bassin_de_vie;place;events;note"
CADENCES = "series;since;every_months"


def test_the_series_that_are_known_are_there_once(session: Session, now: datetime) -> None:
    for _ in range(2):
        load_season(session, read_season(EXAMPLE), now)
        session.commit()
    rows = session.scalars(select(Series).order_by(Series.slug)).all()
    assert {
        one.slug: (
            [d.code for d in one.departements],
            [(c.since, c.half_months) for c in one.cadences],
            [event.slug for event in one.events],
        )
        for one in rows
    } == {
        "rencontres-d-eure-et-loir": (["28"], [], ["trimestrielle-28-2023-09"]),
        "rencontres-d-indre-et-loire": (["37"], [], ["trimestrielle-37-2023-09"]),
        "rencontres-de-l-indre": (
            ["36"],
            [(date(2023, 7, 4), 5), (date(2024, 7, 1), 24)],
            ["trimestrielle-36-2023-07"],
        ),
        "rencontres-du-cher": (["18"], [], ["coordination-18-2023-09"]),
        "rencontres-du-loiret": (
            ["45"],
            [(date(2023, 9, 12), 6)],
            ["trimestrielle-45-2023-09", "trimestrielle-loiret-a-venir"],
        ),
    }


def test_an_event_taken_out_of_its_series_stays_out(session: Session, now: datetime) -> None:
    load_season(session, read_season(EXAMPLE), now)
    event = session.scalars(select(Event).where(Event.slug == "trimestrielle-45-2023-09")).one()
    event.series_id = None
    session.commit()
    load_season(session, read_season(EXAMPLE), now)
    session.refresh(event)
    assert event.series_id is None


@pytest.mark.parametrize(
    ("series", "cadences", "place"),
    [
        (["a;A;inconnu;45;;;;"], [], "series.csv, line 2, column kind"),
        (["a;A;trimestrielle;99;;;;"], [], "series.csv, line 2, column departements"),
        (["a;A;trimestrielle;45;;;inconnu;"], [], "series.csv, line 2, column events"),
        (
            ["a;A;trimestrielle;45;;;nec-2024;", "b;B;trimestrielle;45;;;nec-2024;"],
            [],
            "series.csv, line 3, column events",
        ),
        (
            ["a;A;trimestrielle;45;;;;"],
            ["b;2024-01-01;3"],
            "series_cadences.csv, line 2, column series",
        ),
        (["a;A;trimestrielle;45;;;;"], ["a;;3"], "series_cadences.csv, line 2, column since"),
        (
            ["a;A;trimestrielle;45;;;;"],
            ["a;2024-01-01;0"],
            "series_cadences.csv, line 2, column every_months",
        ),
        (
            ["a;A;trimestrielle;45;;;;"],
            ["a;2024-01-01;3", "a;2024-01-01;6"],
            "series.csv, line 2, column id",
        ),
    ],
)
def test_what_a_file_may_not_say_is_named_by_its_place(
    tmp_path: Path, series: list[str], cadences: list[str], place: str
) -> None:
    folder = tmp_path / "season"
    shutil.copytree(EXAMPLE, folder)
    for name, lines in (("series", [HEAD, *series]), ("series_cadences", [CADENCES, *cadences])):
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(SeasonFileError) as refused:
        read_season(folder)
    assert str(refused.value).startswith(place)


def test_a_season_without_series_takes_those_it_can(tmp_path: Path) -> None:
    folder = tmp_path / "season"
    shutil.copytree(EXAMPLE, folder)
    for name in ("series.csv", "series_cadences.csv"):
        (folder / name).unlink()
    assert len(read_season(folder).series) == 5
