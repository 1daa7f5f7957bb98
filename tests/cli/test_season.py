"""`eventhub season …`."""

import shutil
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from eventhub.cli.season import season
from eventhub.domain.errors import SeasonFileError
from eventhub.models.event import Event, EventKind
from eventhub.services.season import EXAMPLE


def test_the_example_is_loaded_once(app: Flask, session: Session) -> None:
    first = app.test_cli_runner().invoke(season, ["load"])
    second = app.test_cli_runner().invoke(season, ["load", str(EXAMPLE)])
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert first.stdout.startswith("season loaded: 61 events, 3 to come, ")
    assert second.stdout == "season already loaded: nothing added\n"
    assert session.scalar(select(func.count(Event.id))) == 64


def test_a_bad_line_names_its_place_and_loads_nothing(
    app: Flask, session: Session, tmp_path: Path
) -> None:
    folder = shutil.copytree(EXAMPLE, tmp_path / "season")
    path = folder / "figures.csv"
    text = path.read_text("utf-8").replace(";28;2024-06/2024-12;", ";29;2024-06/2024-12;")
    path.write_text(text, "utf-8")
    done = app.test_cli_runner().invoke(season, ["load", str(folder)])
    assert isinstance(done.exception, SeasonFileError)
    assert str(done.exception) == (
        "figures.csv, line 55, column departement: '29' is not a known département"
    )
    assert session.scalars(select(EventKind)).all() == []
