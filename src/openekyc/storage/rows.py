"""Between frozen values and table rows: a field is a column of the same name; fields with an inner shape are JSON text."""

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa

from openekyc.sessions.model import Attempt

T = TypeVar("T", bound=msgspec.Struct)


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


def without_media(attempt: Attempt) -> Attempt:
    """The attempt as it is stored: pictures and recordings of its verdict lie in blobs."""
    if attempt.verdict is None:
        return attempt
    return msgspec.structs.replace(attempt, verdict=attempt.verdict.without_media())
