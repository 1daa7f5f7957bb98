"""Statements compiled once, for the few places where every microsecond of a request counts.

SQLAlchemy finds a statement in its cache by walking it, at each execution; for one row that costs
more than the database does. Here the text and the conversion of each value are kept, and the
driver is called.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CursorResult, Dialect, Table, bindparam, insert
from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True)
class _Place:
    """A value of the text: its place, its name among those given, how it is converted."""

    place: str
    name: str
    convert: Callable[[Any], Any] | None


@dataclass(frozen=True, slots=True)
class _Compiled:
    text: str
    constants: Mapping[str, Any]
    places: tuple[_Place, ...]
    order: tuple[str, ...] | None


class Prepared:
    """A statement of which every value is a named `bindparam` or a constant; no IN of a list.

    Values are converted by the types of their binds. What the database answers is handed over as
    the driver gives it: let it be numbers and texts.
    """

    def __init__(self, statement: Any) -> None:
        self.statement = statement
        self._by_dialect: dict[str, _Compiled] = {}

    def execute(
        self, connection: Connection, values: Mapping[str, Any]
    ) -> CursorResult[*tuple[Any, ...]]:
        """Run the statement on a connection. Raises KeyError where a value is missing."""
        compiled = self._by_dialect.get(connection.dialect.name)
        if compiled is None:
            compiled = _compile(self.statement, connection.dialect)
            self._by_dialect[connection.dialect.name] = compiled
        given = dict(compiled.constants)
        for place in compiled.places:
            value = values[place.name]
            given[place.place] = value if place.convert is None else place.convert(value)
        if compiled.order is None:
            return connection.exec_driver_sql(compiled.text, given)
        return connection.exec_driver_sql(
            compiled.text, tuple(given[place] for place in compiled.order)
        )


def prepared_insert(table: Table, columns: str, *returning: str, **values: Any) -> Prepared:
    """The insert of one row: `columns` (names, spaced) are given at each execution.

    `values` are expressions, the same each time.
    """
    binds = {name: bindparam(name, type_=table.c[name].type) for name in columns.split()}
    statement: Any = insert(table).values(binds | values)
    if returning:
        statement = statement.returning(*(table.c[name] for name in returning))
    return Prepared(statement)


def _compile(statement: Any, dialect: Dialect) -> _Compiled:
    compiled = statement.compile(dialect=dialect)
    constants: dict[str, Any] = {}
    places: list[_Place] = []
    for bind, place in compiled.bind_names.items():
        convert = bind.type.dialect_impl(dialect).bind_processor(dialect)
        if bind.required:
            places.append(_Place(place, bind.key, convert))
        else:
            constants[place] = bind.value if convert is None else convert(bind.value)
    order = tuple(compiled.positiontup) if compiled.positional else None
    return _Compiled(str(compiled), constants, tuple(places), order)
