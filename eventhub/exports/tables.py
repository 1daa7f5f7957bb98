"""Tables as files: CSV that a French spreadsheet opens with a double click."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

CSV_MIMETYPE = "text/csv; charset=utf-8"
BYTE_ORDER_MARK = "\ufeff"

Cell: TypeAlias = str | int | float | Decimal | date | datetime | bool | None

_STARTERS = frozenset("=+-@\t\r＝＋－＠")
"""What makes a spreadsheet read a cell as a formula.

Source: https://owasp.org/www-community/attacks/CSV_Injection; the full-width forms, because a
spreadsheet in some languages reads them as their plain ones.
"""


def neutralised(text: str) -> str:
    """`text` with an apostrophe before it where a spreadsheet would run it as a formula.

    Spaces before the sign protect nothing: spreadsheets drop them.
    """
    first = text.lstrip(" \u00a0\u3000\n\ufeff\u200b")[:1]
    return f"'{text}" if text[:1] in _STARTERS or first in _STARTERS else text


def french_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A CSV file: UTF-8 with a byte order mark, semicolons, CRLF (RFC 4180 in all else).

    Moments must already be in the zone in which they are read; null is an empty cell.
    """
    out = io.StringIO()
    out.write(BYTE_ORDER_MARK)
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([neutralised(name) for name in header])
    for row in rows:
        writer.writerow([_text(cell) for cell in row])
    return out.getvalue().encode("utf-8")


def _text(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "oui" if cell else "non"
        case datetime():
            return cell.strftime("%d/%m/%Y %H:%M")
        case date():
            return cell.strftime("%d/%m/%Y")
        case float() | Decimal():
            return str(cell).replace(".", ",")
        case int():
            return str(cell)
    # A null character ends a cell, and sometimes the file, in some readers.
    return neutralised(cell.replace("\x00", ""))
