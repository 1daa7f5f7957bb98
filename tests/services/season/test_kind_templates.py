"""The templates of kinds in the example season, and what their files may not say."""

import shutil
from dataclasses import replace
from datetime import datetime, time
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from eventhub.domain.errors import SeasonFileError
from eventhub.domain.event import EntranceUnit, EventMode
from eventhub.domain.kind_template import KindDetails
from eventhub.models.event import EventKind
from eventhub.services.kinds import change_kind
from eventhub.services.season import EXAMPLE, read_season
from eventhub.services.season.kind_templates import load_kind_templates
from eventhub.services.season.reference import load_reference
from tests.factories import make_account


def load(session: Session) -> int:
    season = read_season(EXAMPLE)
    load_reference(session, season.reference)
    return load_kind_templates(session, season.kind_templates)


def test_the_kinds_of_the_example_have_their_templates(session: Session) -> None:
    assert load(session) == 22
    nec = session.get_one(EventKind, "nec")
    assert (nec.usual_start, nec.duration_minutes, nec.mode, nec.entrance_unit) == (
        time(9, 15),
        465,
        EventMode.HYBRID,
        EntranceUnit.HALF_DAY,
    )
    assert [(part.title, part.starts_after_minutes) for part in nec.activities[:4]] == [
        ("Accueil et café", 0),
        ("Plénière d’ouverture", 30),
        ("Pause", 90),
        ("Atelier du matin A", 105),
    ]
    meeting = session.get_one(EventKind, "trimestrielle")
    assert (meeting.usual_start, meeting.duration_minutes) == (time(9, 30), 180)
    assert session.get_one(EventKind, "autre").duration_minutes is None


def test_loading_again_changes_nothing_that_an_administrator_wrote(
    session: Session, now: datetime
) -> None:
    load(session)
    assert load(session) == 0
    kind = session.get_one(EventKind, "petit-dejeuner")
    edited = replace(
        KindDetails(label=kind.label, family=kind.family), usual_start=None, duration_minutes=None
    )
    change_kind(session, kind, edited, 1, now, by=make_account(session))
    assert load(session) == 0
    assert (kind.usual_start, kind.duration_minutes) == (None, None)


@pytest.mark.parametrize(
    ("name", "line", "column", "value"),
    [
        ("kind_templates.csv", 2, "kind", "inconnu"),
        ("kind_templates.csv", 2, "usual_start", "9h15"),
        ("kind_templates.csv", 2, "duration_minutes", "0"),
        ("kind_templates.csv", 2, "mode", "unknown"),
        ("kind_templates.csv", 2, "waiting_list", "oui"),
        ("kind_templates.csv", 2, "reminder_hours", "demain"),
        ("kind_templates.csv", 2, "closes_before_hours", "2000"),
        ("kind_programmes.csv", 3, "kind", "autre"),
        ("kind_programmes.csv", 3, "format", "party"),
        ("kind_programmes.csv", 3, "title", ""),
        ("kind_programmes.csv", 3, "day", "0"),
        ("kind_programmes.csv", 3, "end_time", "09:00"),
        ("kind_programmes.csv", 3, "registration", "maybe"),
        ("kind_programmes.csv", 3, "counts_presence", ""),
    ],
)
def test_a_wrong_value_names_its_file_line_and_column(
    tmp_path: Path, name: str, line: int, column: str, value: str
) -> None:
    folder = tmp_path / "season"
    shutil.copytree(EXAMPLE, folder)
    rows = [row.split(";") for row in (folder / name).read_text("utf-8").splitlines()]
    rows[line - 1][rows[0].index(column)] = value
    (folder / name).write_text("\n".join(map(";".join, rows)), encoding="utf-8")
    with pytest.raises(SeasonFileError) as wrong:
        read_season(folder)
    assert (wrong.value.file, wrong.value.line, wrong.value.column) == (name, line, column)
