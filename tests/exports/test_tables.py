import csv
import io
from datetime import UTC, date, datetime

import pytest

from eventhub.exports.tables import french_csv, neutralised


@pytest.mark.parametrize("start", list("=+-@\t\r＝＋－＠"))
def test_a_cell_that_a_spreadsheet_would_run_is_made_text(start: str) -> None:
    assert neutralised(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize("space", [" ", "   ", "\u00a0", "\n", " \u3000"])
def test_spaces_before_the_sign_hide_nothing(space: str) -> None:
    assert neutralised(f"{space}=1+1") == f"'{space}=1+1"


@pytest.mark.parametrize("text", ["", "Élodie", "a=b", "e@example.org", "'quoted", "100 %", " "])
def test_any_other_cell_is_left_as_it_is(text: str) -> None:
    assert neutralised(text) == text


def test_a_table_opens_in_a_french_spreadsheet() -> None:
    made = french_csv(
        ("Nom", "Le", "À", "Part", "Venu·e", "Rang"),
        [
            (
                'Aubertin ; "Inès"',
                date(2027, 4, 8),
                datetime(2027, 4, 8, 9, 5, tzinfo=UTC),
                0.85,
                True,
                3,
            ),
            (None, None, None, -1.5, False, -2),
        ],
    )
    assert made.decode("utf-8") == (
        "\ufeffNom;Le;À;Part;Venu·e;Rang\r\n"
        '"Aubertin ; ""Inès""";08/04/2027;08/04/2027 09:05;0,85;oui;3\r\n'
        ";;;-1,5;non;-2\r\n"
    )


def test_what_a_table_holds_is_read_back_whole() -> None:
    row = ("ligne 1\nligne 2", "point;virgule", 'guill"emets', "👩‍💻 émoji", "علي")
    text = french_csv(("a", "b", "c", "d", "e"), [row]).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))[1] == list(row)
