"""Reads the tables of a season: CSV with semicolons in UTF-8, lists separated by `|`.

Whatever cannot be read is a SeasonFileError that names the file, the line and the column.
"""

import csv
import io
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from pathlib import Path
from typing import NoReturn, TypeVar

from eventhub.domain.dates import Bounds, bounds
from eventhub.domain.errors import SeasonFileError

Code = TypeVar("Code", bound=StrEnum)
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_APOSTROPHE = re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_])")
_BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: `number` as an editor counts it."""

    file: str
    number: int
    values: Mapping[str, str]

    def wrong(self, column: str, problem: str) -> SeasonFileError:
        """The error to raise about a column of this line."""
        return SeasonFileError(self.file, self.number, column, problem)

    def text(self, column: str, max_length: int, *, required: bool = False) -> str:
        """A text, perhaps empty, with typographic apostrophes. Raises SeasonFileError."""
        value = _APOSTROPHE.sub("’", self.values[column])
        if required and not value:
            raise self.wrong(column, "is empty")
        if len(value) > max_length:
            raise self.wrong(column, f"is longer than {max_length} characters")
        return value

    def slug(self, column: str, max_length: int) -> str:
        """Letters, digits and single hyphens. Raises SeasonFileError."""
        value = self.text(column, max_length, required=True)
        if not _SLUG.fullmatch(value):
            raise self.wrong(column, f"{value!r} is not made of a-z, 0-9 and single hyphens")
        return value

    def one_of(self, column: str, known: Collection[str], what: str) -> str:
        """A code that must be known. Raises SeasonFileError."""
        value = self.text(column, 1000, required=True)
        if value not in known:
            raise self.wrong(column, f"{value!r} is not {what}")
        return value

    def maybe_one_of(self, column: str, known: Collection[str], what: str) -> str | None:
        """A known code, or None where nothing is written. Raises SeasonFileError."""
        return self.one_of(column, known, what) if self.values[column] else None

    def code(self, column: str, kind: type[Code]) -> Code:
        """A machine code of an enumeration. Raises SeasonFileError."""
        value = self.text(column, 100, required=True)
        try:
            return kind(value)
        except ValueError:
            known = ", ".join(member.value for member in kind)
            raise self.wrong(column, f"{value!r} is none of {known}") from None

    def items(self, column: str) -> list[str]:
        """A list separated by `|`. Raises SeasonFileError for an empty or a repeated item."""
        value = self.values[column]
        if not value:
            return []
        found = [item.strip() for item in value.split("|")]
        if "" in found:
            raise self.wrong(column, "has an empty item")
        if len(set(found)) < len(found):
            raise self.wrong(column, "names the same item twice")
        return found

    def whole(self, column: str, minimum: int = 0, maximum: int = 1_000_000) -> int:
        """A whole number. Raises SeasonFileError."""
        value = self.text(column, 20, required=True)
        if not (value.isascii() and value.isdecimal()):
            raise self.wrong(column, f"{value!r} is not a whole number")
        if not minimum <= int(value) <= maximum:
            raise self.wrong(column, f"{value} is not between {minimum} and {maximum}")
        return int(value)

    def maybe_whole(self, column: str, minimum: int = 0, maximum: int = 1_000_000) -> int | None:
        """A whole number, or None where nothing is written. Raises SeasonFileError."""
        return self.whole(column, minimum, maximum) if self.values[column] else None

    def maybe_day(self, column: str) -> date | None:
        """A day `YYYY-MM-DD`, or None where nothing is written. Raises SeasonFileError."""
        if not self.values[column]:
            return None
        found = self.bounds(column)
        if found.first != found.last:
            raise self.wrong(column, f"{self.values[column]!r} is not a day: YYYY-MM-DD")
        return found.first

    def bounds(self, column: str) -> Bounds:
        """First and last day of `YYYY`, `YYYY-MM` or `YYYY-MM-DD`. Raises SeasonFileError."""
        value = self.text(column, 20, required=True)
        try:
            return bounds(value)
        except ValueError:
            problem = f"{value!r} is not a date: YYYY, YYYY-MM or YYYY-MM-DD"
            raise self.wrong(column, problem) from None

    def maybe_time(self, column: str) -> time | None:
        """An hour `HH:MM`, or None where nothing is written. Raises SeasonFileError."""
        value = self.values[column]
        if not value:
            return None
        try:
            if not re.fullmatch(r"\d\d:\d\d", value):
                raise ValueError(value)
            return time.fromisoformat(value)
        except ValueError:
            raise self.wrong(column, f"{value!r} is not an hour: HH:MM") from None


def read_table(path: Path, columns: Sequence[str]) -> list[Line]:
    """The lines of a table that has these columns, others being left aside.

    Raises SeasonFileError.
    """

    def fail(line: int, column: str, problem: str) -> NoReturn:
        raise SeasonFileError(path.name, line, column, problem)

    text = _decoded(path, columns[0], fail).removeprefix(_BYTE_ORDER_MARK)
    records = _records(text, columns[0], fail)
    header = next(records, None)
    if header is None:
        fail(1, columns[0], "the file is empty")
    names = [name.strip() for name in header[1]]
    for column in columns:
        if column not in names:
            fail(1, column, "is missing from the first line")
    if len(set(names)) < len(names):
        fail(1, next(name for name in names if names.count(name) > 1), "is there twice")
    lines: list[Line] = []
    for number, values in records:
        if not any(values):
            continue
        if len(values) < len(names):
            fail(number, names[len(values)], "is missing: the line is too short")
        if len(values) > len(names):
            problem = f"the line has {len(values)} values for {len(names)} columns"
            fail(number, names[-1], problem)
        cleaned = [value.strip() for value in values]
        lines.append(Line(path.name, number, dict(zip(names, cleaned, strict=True))))
    return lines


_Fail = Callable[[int, str, str], NoReturn]


def _decoded(path: Path, column: str, fail: _Fail) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        fail(1, column, f"the file cannot be read: {error.strerror}")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        fail(line, column, "the file is not in UTF-8")


def _records(text: str, column: str, fail: _Fail) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line on which it begins."""
    if "\x00" in text:
        fail(text[: text.index("\x00")].count("\n") + 1, column, "holds a null character")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    while True:
        begins = reader.line_num + 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            fail(begins, column, f"the line cannot be read: {error}")
        yield begins, record


def no_repeats(lines: Sequence[Line], column: str) -> None:
    """Raise SeasonFileError where two lines hold the same value."""
    seen: dict[str, int] = {}
    for line in lines:
        value = line.values[column]
        if value in seen:
            raise line.wrong(column, f"{value!r} is already on line {seen[value]}")
        seen[value] = line.number
