import shutil
from pathlib import Path

import pytest

from eventhub.domain.errors import SeasonFileError
from eventhub.services.season import EXAMPLE, read_season
from eventhub.services.season.reading import read_table


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the example season, to be spoilt."""
    return shutil.copytree(EXAMPLE, tmp_path / "season")


def spoil(folder: Path, name: str, line: int, column: str, value: str) -> None:
    """Write another value in one cell; `line` as an editor counts."""
    path = folder / name
    lines = path.read_text("utf-8").split("\n")
    names, cells = lines[0].split(";"), lines[line - 1].split(";")
    assert len(names) == len(cells), "no quoted cell on that line"
    cells[names.index(column)] = value
    lines[line - 1] = ";".join(cells)
    path.write_text("\n".join(lines), "utf-8")


@pytest.mark.parametrize(
    ("name", "line", "column", "value"),
    [
        ("departements.csv", 2, "code", "2024"),
        ("departements.csv", 3, "code", "18"),
        ("bassins_de_vie.csv", 2, "departement", "75"),
        ("bassins_de_vie.csv", 4, "slug", "Aubigny sur Nère"),
        ("bassins_de_vie.csv", 24, "valid_from", "2023-09"),
        ("bassins_de_vie.csv", 3, "aliases", "Bourges"),
        ("kinds.csv", 2, "family", "party"),
        ("kinds.csv", 3, "counted_by", ""),
        ("kinds.csv", 3, "label", ""),
        ("categories.csv", 2, "code", ""),
        ("structures.csv", 3, "departement", "99"),
        ("structures.csv", 4, "aliases", "Hub-Lo"),
        ("structures.csv", 4, "name", "–"),
        ("events.csv", 2, "id", "Carrefour 2022"),
        ("events.csv", 3, "id", "carrefour-2022"),
        ("events.csv", 3, "title", ""),
        ("events.csv", 3, "title", "x" * 301),
        ("events.csv", 4, "kind", "kermesse"),
        ("events.csv", 5, "starts_on", "2023-02-30"),
        ("events.csv", 5, "starts_on", "06/02/2023"),
        ("events.csv", 5, "ends_on", "2023-02-05"),
        ("events.csv", 5, "starts_on", "2023-02"),
        ("events.csv", 5, "date_precision", "roughly"),
        ("events.csv", 5, "alternative_dates", "2023-02-06|2023-02-07"),
        ("events.csv", 5, "start_time", "14h"),
        ("events.csv", 5, "start_time", "25:00"),
        ("events.csv", 5, "end_time", "13:00"),
        ("events.csv", 2, "start_time", "14:00"),
        ("events.csv", 6, "end_time", "14:00"),
        ("events.csv", 6, "departements", ""),
        ("events.csv", 6, "departements", "36|75"),
        ("events.csv", 6, "departements", "36||37"),
        ("events.csv", 7, "bassin_de_vie", "atlantide"),
        ("events.csv", 7, "mode", "telepathy"),
        ("events.csv", 7, "hub_role", "boss"),
        ("events.csv", 7, "organisers", "Hub-Lo|Personne"),
        ("events.csv", 7, "organisers", "Hub-Lo|Hub-Lo en Centre-Val de Loire"),
        ("events.csv", 7, "partners", "Personne"),
        ("deliverables.csv", 2, "event", "hackathon-1999"),
        ("deliverables.csv", 3, "title", "Clickxit"),
        ("figures.csv", 2, "event", "nec-1999"),
        ("figures.csv", 2, "period", "2024"),
        ("figures.csv", 2, "measure", "happiness"),
        ("figures.csv", 2, "measure", "attendance_rate"),
        ("figures.csv", 2, "dimension", "mood"),
        ("figures.csv", 2, "member", "18"),
        ("figures.csv", 4, "member", "ball"),
        ("figures.csv", 2, "value", "deux cents"),
        ("figures.csv", 2, "value", "-1"),
        ("figures.csv", 2, "qualifier", "maybe"),
        ("figures.csv", 2, "qualifier", "about"),
        ("figures.csv", 2, "expect", "guessed"),
        ("figures.csv", 11, "expect", "computed"),
        ("figures.csv", 30, "period", "2024/2023"),
        ("figures.csv", 30, "period", ""),
        ("figures.csv", 34, "expect", "computed"),
        ("figures.csv", 24, "value", "14"),
        ("preparations.csv", 2, "prepares", "kermesse"),
        ("upcoming.csv", 2, "days_ahead", "3"),
        ("upcoming.csv", 2, "weekday", "7"),
        ("upcoming.csv", 2, "taken_onsite", "151"),
        ("upcoming.csv", 2, "end_time", "09:00"),
        ("programme.csv", 2, "format", "dance"),
        ("programme.csv", 2, "event", "kermesse"),
        ("programme.csv", 3, "end_time", "09:00"),
    ],
)
def test_a_bad_cell_is_named_by_file_line_and_column(
    folder: Path, name: str, line: int, column: str, value: str
) -> None:
    spoil(folder, name, line, column, value)
    with pytest.raises(SeasonFileError) as refused:
        read_season(folder)
    error = refused.value
    assert (error.file, error.line) == (name, line)
    assert error.column == column
    assert str(error).startswith(f"{name}, line {line}, column {error.column}: ")


@pytest.mark.parametrize(
    ("content", "line", "column", "problem"),
    [
        (b"", 1, "code", "the file is empty"),
        (b"code;nom\n18;Cher\n", 1, "name", "is missing from the first line"),
        (b"code;name;name\n", 1, "name", "is there twice"),
        (b"code;name\n18;Cher\n28\n", 3, "name", "is missing: the line is too short"),
        (b"code;name\n18;Cher;x\n", 2, "name", "the line has 3 values for 2 columns"),
        (b"code;name\n18;Cher\n28;Eure\xe9\n", 3, "code", "the file is not in UTF-8"),
        (b'code;name\n18;"Cher"x\n', 2, "code", None),
        (b'code;name\n18;Cher\n28;"Eure\n', 3, "code", None),
        (b"code;name\n18;Ch\x00er\n", 2, "code", "holds a null character"),
    ],
)
def test_a_file_that_is_no_table_is_refused(
    tmp_path: Path, content: bytes, line: int, column: str, problem: str | None
) -> None:
    path = tmp_path / "departements.csv"
    path.write_bytes(content)
    with pytest.raises(SeasonFileError) as refused:
        read_table(path, ("code", "name"))
    error = refused.value
    assert (error.file, error.line, error.column) == ("departements.csv", line, column)
    assert problem in {None, error.problem}


def test_a_table_is_read_as_a_spreadsheet_writes_it(tmp_path: Path) -> None:
    path = tmp_path / "departements.csv"
    quoted = '"Cher ; le ""vrai""\nsur deux lignes"; 18 ;x'
    text = f"\ufeffname;code;extra\r\n{quoted}\r\n\r\nIndre;36;\r\n"
    path.write_bytes(text.encode())
    lines = read_table(path, ("code", "name"))
    assert [(line.number, line.values["code"], line.values["name"]) for line in lines] == [
        (2, "18", 'Cher ; le "vrai"\nsur deux lignes'),
        (5, "36", "Indre"),
    ]


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "events.csv").unlink()
    with pytest.raises(SeasonFileError, match=r"events\.csv, line 1, column id: the file cannot"):
        read_season(folder)


def test_a_season_without_events_to_come_gets_those_of_the_example(folder: Path) -> None:
    expected = read_season(folder)
    for name in ("upcoming", "programme", "preparations", "series", "series_cadences"):
        (folder / f"{name}.csv").unlink()
    assert read_season(folder) == expected


def test_a_season_of_elsewhere_gets_no_event_to_come_of_the_example(folder: Path) -> None:
    for name in ("upcoming", "programme", "preparations", "series", "series_cadences"):
        (folder / f"{name}.csv").unlink()
    for name in ("bassins_de_vie", "structures", "events", "deliverables", "figures"):
        path = folder / f"{name}.csv"
        path.write_text(path.read_text("utf-8").split("\n")[0] + "\n", "utf-8")
    (folder / "departements.csv").write_text("code;name\n29;Finistère\n", "utf-8")
    season = read_season(folder)
    assert (season.upcoming, season.preparations, season.events) == ((), {}, {})
    assert season.series == ()
