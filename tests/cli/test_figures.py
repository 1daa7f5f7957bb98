"""`eventhub figures …`."""

import csv
import io
import json
from datetime import datetime

import pytest
from click import ClickException, UsageError
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from eventhub.cli.figures import figures
from eventhub.domain.errors import SeasonFileError
from eventhub.models.event import Deliverable, Event
from eventhub.services.season import EXAMPLE, load_season, read_season
from tests.blueprints.api.conftest import MakeHeaders, headers

__all__ = ["headers"]


@pytest.fixture(autouse=True)
def _season(session: Session, now: datetime) -> None:
    load_season(session, read_season(EXAMPLE), now)
    session.commit()


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(figures, list(arguments), standalone_mode=False)


@pytest.mark.parametrize(
    ("options", "address"),
    [
        (("--event", "carrefour-2024"), "/api/v1/events/carrefour-2024/figures"),
        (("--event", "interconnectes-45-2024"), "/api/v1/events/interconnectes-45-2024/figures"),
        (("--year", "2024"), "/api/v1/figures?year=2024"),
        (
            ("--year", "2024", "--departement", "37", "--kind", "carrefour"),
            "/api/v1/figures?year=2024&departement=37&kind=carrefour",
        ),
    ],
)
def test_the_command_line_prints_what_the_api_answers(
    app: Flask,
    client: FlaskClient,
    headers: MakeHeaders,
    options: tuple[str, ...],
    address: str,
) -> None:
    done = run(app, *options, "--format", "json")
    printed = json.loads(done.stdout)
    answered = client.get(address, headers=headers()).get_json()
    assert printed.pop("computed_at") <= answered.pop("computed_at")
    assert printed == answered


def test_csv_opens_in_a_french_spreadsheet(app: Flask) -> None:
    done = run(app, "--event", "nec-2024", "--format", "csv")
    text = done.stdout_bytes.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert done.stdout_bytes.startswith(b"\xef\xbb\xbf")
    totals = {row["Code"]: row["Compté"] for row in rows if not row["Par"]}
    assert (totals["participants"], totals["attendance_rate"]) == ("200", "1,0")


def test_text_is_the_default(app: Flask) -> None:
    done = run(app, "--year", "2024", "--kind", "carrefour")
    lines = done.stdout.splitlines()
    assert lines[3] == "Participations : 214"
    assert "Évènements : 1" in lines


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (("--event", "nec-1999"), "there is no event 'nec-1999'"),
        (("--departement", "99"), "there is no département '99'"),
        (("--kind", "kermesse"), "there is no kind 'kermesse'"),
    ],
)
def test_an_unknown_name_is_said_in_one_line(
    app: Flask, options: tuple[str, ...], problem: str
) -> None:
    done = run(app, *options)
    assert isinstance(done.exception, ClickException)
    assert done.exception.format_message() == problem


def test_one_event_and_a_year_do_not_go_together(app: Flask) -> None:
    assert isinstance(run(app, "--event", "nec-2024", "--year", "2024").exception, UsageError)


def test_published_figures_hold(app: Flask) -> None:
    done = run(app, "--check", str(EXAMPLE / "figures.csv"))
    lines = done.stdout.splitlines()
    assert (done.exit_code, done.stderr, len(lines)) == (0, "", 54)
    assert lines[0] == "equal      nec-2024 participants: published 200, computed 200"
    assert (
        "declared   interconnectes-45-2024 participants mode=remote: published 25, computed 0"
        in lines
    )


def test_a_row_that_moves_makes_the_check_fail(app: Flask, session: Session) -> None:
    event_id = select(Event.id).where(Event.slug == "hackathon-2024").scalar_subquery()
    session.execute(
        delete(Deliverable).where(Deliverable.event_id == event_id, Deliverable.title == "Clickxit")
    )
    session.commit()
    done = run(app, "--check", str(EXAMPLE / "figures.csv"))
    assert isinstance(done.exception, SystemExit)
    assert done.exception.code == 1
    assert [line for line in done.stdout.splitlines() if line.startswith("different")] == [
        "different  hackathon-2024 deliverables: published 3, computed 2"
    ]
    assert done.stderr == "eventhub: 1 of 54 published figures do not hold\n"


def test_a_file_that_cannot_be_read_is_named(app: Flask, tmp_path: object) -> None:
    done = run(app, "--check", f"{tmp_path}/figures.csv")
    assert isinstance(done.exception, SeasonFileError)
