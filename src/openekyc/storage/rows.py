"""Between frozen values and table rows: a field is a column of the same name; fields with an inner shape are JSON text."""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa

from openekyc.sessions.model import Attempt

T = TypeVar("T", bound=msgspec.Struct)

Row = tuple[Any, ...]

MOST_ROWS = 64  # of one statement: SQLite keeps a compiled one for every number of rows


class RowShape:
    """How one kind of value lies in its table."""

    def __init__(self, table: sa.Table, documents: Mapping[str, Any]) -> None:
        self.table = table
        self._names = tuple(str(column.name) for column in table.c)  # plain strings: Core's own are a subclass
        self._encode = msgspec.json.Encoder().encode
        self._decode = {name: msgspec.json.Decoder(kind).decode for name, kind in documents.items()}

    def row(self, value: msgspec.Struct) -> dict[str, Any]:
        """Column values of `value`."""
        row = msgspec.structs.asdict(value)
        for name in self._decode:
            if row[name] is not None:
                row[name] = self._encode(row[name]).decode()
        return row

    def value(self, kind: type[T], row: sa.Row[Any]) -> T:
        """The value a row of all the table's columns holds."""
        fields: dict[str, Any] = dict(zip(self._names, row, strict=True))
        for name, decode in self._decode.items():
            if fields[name] is not None:
                fields[name] = decode(fields[name])
        return msgspec.convert(fields, kind)


class Insert:
    """Adds rows to one table, at driver level: what SQLAlchemy does for a statement costs more than the statement. Rows are values in the
    table's order of columns."""

    def __init__(self, table: sa.Table) -> None:
        self._names = tuple(str(column.name) for column in table.c)
        self._into = f" INTO {table.name} ({', '.join(self._names)}) VALUES "
        self._marks = f"({', '.join('?' * len(self._names))})"

    def one(self, connection: sa.Connection, row: Row) -> None:
        """Add one row; if that cannot be, nothing is changed."""
        connection.exec_driver_sql(f"INSERT{self._into}{self._marks}", row)

    def many(self, connection: sa.Connection, rows: Sequence[Row]) -> None:
        """Add rows; if one of them cannot be added, the whole transaction is lost.

        Were it not so, SQLite would copy every page it touches. All go in one step, since the interpreter's lock is let go, and waited
        for, at every step."""
        for start in range(0, len(rows), MOST_ROWS):
            some = rows[start : start + MOST_ROWS]
            marks = ", ".join([self._marks] * len(some))
            connection.exec_driver_sql(f"INSERT OR ROLLBACK{self._into}{marks}", tuple(chain.from_iterable(some)))

    def work(self, row: Mapping[str, Any]) -> "NewRow":
        """The writing of one row, given by column names."""
        return NewRow(self, tuple([row[name] for name in self._names]))


class NewRow:
    """Work for the writer that adds one row; the writer may add many of them together."""

    __slots__ = ("insert", "values")

    def __init__(self, insert: Insert, values: Row) -> None:
        self.insert, self.values = insert, values

    def __call__(self, connection: sa.Connection) -> None:
        self.insert.one(connection, self.values)


def without_media(attempt: Attempt) -> Attempt:
    """The attempt as it is stored: pictures and recordings of its verdict lie in blobs."""
    if attempt.verdict is None:
        return attempt
    return msgspec.structs.replace(attempt, verdict=attempt.verdict.without_media())
