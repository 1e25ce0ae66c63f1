"""Declarative answers: an action's result is a frozen struct whose fields say what they mean and when they are null.

    class Result(msgspec.Struct, frozen=True, rename="pascal"):
        similarity: Annotated[float, Note("0 to 100; 0 without a comparison")]
        extra: Annotated[str | None, Note("as sent with the apply call"), Null("where none was sent")]

The encoder ignores the marks; the reference is written from them, and tests hold real answers to them.
"""

from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import msgspec
from msgspec.structs import fields as struct_fields

from openekyc.wire.parameters import Note

_LABELS: dict[Any, str] = {str: "string", int: "integer", float: "number", bool: "boolean"}


class Null(msgspec.Struct, frozen=True):
    """When a field of an answer is null, as the end of the sentence "null ..."."""

    text: str


class Field(msgspec.Struct, frozen=True):
    """One declared field of an answer. `null` is "" for one that never is; `struct` is the structure inside, if there is one."""

    name: str
    label: str
    note: str
    null: str
    nullable: bool
    struct: type[msgspec.Struct] | None


def fields(struct: type[msgspec.Struct]) -> tuple[Field, ...]:
    """The fields of one structure, in the order of the answer."""
    return tuple(_field(field.encode_name, field.type) for field in struct_fields(struct))


def every_field(struct: type[msgspec.Struct], at: str = "") -> Iterator[tuple[str, Field]]:
    """Every field with the path before its name; those of a structure follow it."""
    for field in fields(struct):
        yield at, field
        if field.struct is not None:
            yield from every_field(field.struct, f"{at}{field.name}{'[]' if field.label.startswith('array') else ''}.")


def _field(name: str, annotation: Any) -> Field:
    base, *marks = get_args(annotation) if get_origin(annotation) is Annotated else (annotation,)
    kind, nullable = _without_null(base)
    note = next((mark.text for mark in marks if isinstance(mark, Note)), "")
    null = next((mark.text for mark in marks if isinstance(mark, Null)), "")
    item = get_args(kind)[0] if get_origin(kind) is tuple else kind
    struct = item if isinstance(item, type) and issubclass(item, msgspec.Struct) else None
    return Field(name, _label(kind), note, null, nullable, struct)


def _without_null(kind: Any) -> tuple[Any, bool]:
    if get_origin(kind) not in (Union, UnionType):
        return kind, False
    (inner,) = (part for part in get_args(kind) if part is not type(None))
    return inner, True


def _label(kind: Any) -> str:
    if get_origin(kind) is tuple:
        return f"array of {_label(get_args(kind)[0])}"
    if get_origin(kind) is dict:
        return "object"
    return _LABELS.get(kind) or str(kind.__name__)
