"""Declarative parameters: an action describes its fields once, as a frozen struct with annotated types, and this module reads calls by it.

    class Params(msgspec.Struct, frozen=True, rename="pascal"):
        secure_level: Annotated[str, OneOf("1", "2", "3", "4"), Note("1 silent, 2 blink ...")] = "4"
        meta_data: Annotated[str, Effect("ignored")] = ""

The checks run in the contract's order: unknown names, types, required ones, values. JSON types are strict; text from forms is
converted by the declared type. The same description prints the compatibility table.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import UnionType
from typing import Annotated, Any, Generic, Literal, TypeVar, Union, get_args, get_origin

import msgspec
from msgspec.structs import fields as struct_fields

from openekyc.wire.bodies import BinaryPart, JsonPart
from openekyc.wire.codes import InvalidParameter, InvalidParameterValue, MissingParameter, UnknownParameter, WireError, WrongType
from openekyc.wire.kinds import KINDS, Array, Kind
from openekyc.wire.rules import BadText, Rule

P = TypeVar("P", bound=msgspec.Struct)
Reader = Callable[[Kind, object, str], object]
MAX_NAME = 128  # characters of a caller's own name that a message repeats


class BadValue(InvalidParameter):
    """The value of parameter `{}` is not valid: {}."""

    zh = "参数 `{}` 的取值错误：{}。"


class BadParameterValue(InvalidParameterValue):
    """A value specified in `{}` is not valid: {}."""

    zh = "`{}` 的取值错误：{}。"


class Effect(msgspec.Struct, frozen=True):
    """What a parameter does here: it acts, it is stored and handed back, or it is accepted and ignored."""

    name: Literal["acts", "stored", "ignored"]


class Note(msgspec.Struct, frozen=True):
    """One line for the documentation."""

    text: str


class Parameter(msgspec.Struct, frozen=True):
    """One declared field: its name on the wire and in the struct, its type and rules."""

    name: str
    attribute: str
    kind: Kind
    required: bool
    default: object
    rules: tuple[Rule, ...] = ()
    effect: str = "acts"
    note: str = ""


class Description(Generic[P]):
    """All parameters of one action. `bad_value` is the code its page lists for wrong values."""

    def __init__(self, params: type[P], bad_value: type[WireError] = BadParameterValue) -> None:
        self.parameters = _parameters(params, bad_value)
        self._params, self._bad_value = params, bad_value
        self._by_name = {parameter.name: parameter for parameter in self.parameters}
        self._required = tuple(parameter for parameter in self.parameters if parameter.required)

    def read(self, values: Mapping[str, object], *, as_text: bool = False) -> P:
        """The params of a call. `as_text`: leaves are text (forms, queries, multipart), else decoded JSON.

        Raises UnknownParameter, InvalidParameter (types), MissingParameter, and `bad_value` or a rule's own error, in this order."""
        self.check_names(values)
        converted = self.convert(values, _read_text if as_text else _read_json)
        self.check_required(converted)
        return self.build(converted)

    def check_names(self, values: Mapping[str, object], at: str = "") -> None:
        """Raises UnknownParameter for a name that is not declared, at any depth."""
        for name, value in values.items():
            if (parameter := self._by_name.get(name)) is None:
                raise UnknownParameter.about(f"{at}{name}"[:MAX_NAME])
            if (inner := _inner(parameter.kind)) is not None:
                for path, item in _structures(parameter.kind, value, f"{at}{name}."):
                    inner.check_names(item, path)

    def convert(self, values: Mapping[str, object], read: Reader, at: str = "") -> dict[str, object]:
        """The values as declared types; null ones are left out. Raises WrongType."""
        return {name: read(self._by_name[name].kind, value, f"{at}{name}") for name, value in values.items() if value is not None}

    def check_required(self, values: Mapping[str, object], at: str = "") -> None:
        """Raises MissingParameter."""
        for parameter in self._required:
            if parameter.name not in values:
                raise MissingParameter.about(f"{at}{parameter.name}")
        for name, value in values.items():
            if (inner := _inner(self._by_name[name].kind)) is not None:
                for path, item in _structures(self._by_name[name].kind, value, f"{at}{name}."):
                    inner.check_required(item, path)

    def build(self, values: Mapping[str, object], at: str = "") -> P:
        """The struct, every value checked by its rules."""
        return self._params(
            **{self._by_name[name].attribute: self._value(self._by_name[name], value, at) for name, value in values.items()}
        )

    def _value(self, parameter: Parameter, value: Any, at: str) -> object:
        if (inner := _inner(parameter.kind)) is not None:
            built = [inner.build(item, path) for path, item in _structures(parameter.kind, value, f"{at}{parameter.name}.")]
            value = tuple(built) if isinstance(parameter.kind, Array) else built[0]
        for rule in parameter.rules:
            try:
                value = rule.read(value)
            except ValueError as error:
                words = str(error) if isinstance(error, BadText) else rule.text
                raise self._bad_value.about(f"{at}{parameter.name}", words) from None
        return value


class Object:
    """The kind of a nested structure. Its values stay a mapping until all types of the call are known to be right."""

    def __init__(self, struct: type[msgspec.Struct], bad_value: type[WireError]) -> None:
        self.label = struct.__name__
        self.description: Description[msgspec.Struct] = Description(struct, bad_value)

    def from_json(self, value: object, at: str) -> object:
        """A mapping of converted values. Raises WrongType."""
        return self._read(value, _read_json, at)

    def from_text(self, value: object, at: str) -> object:
        """The same from flattened text."""
        return self._read(value, _read_text, at)

    def from_binary(self, data: bytes, at: str) -> object:
        """A file is no structure."""
        raise WrongType.about(at)

    def _read(self, value: object, read: Reader, at: str) -> object:
        if not isinstance(value, Mapping):
            raise WrongType.about(at)
        return self.description.convert(value, read, f"{at}.")


def _inner(kind: Kind) -> Description[msgspec.Struct] | None:
    """The description of the structures inside, if any."""
    kind = kind.item if isinstance(kind, Array) else kind
    return kind.description if isinstance(kind, Object) else None


def _structures(kind: Kind, value: object, at: str) -> Iterator[tuple[str, Mapping[str, object]]]:
    """The nested mappings of a value, each with its path; what is no mapping is left to the type check."""
    if isinstance(value, JsonPart):
        value = value.value
    if not isinstance(kind, Array):
        items: Iterable[tuple[str, object]] = ((at, value),)
    elif isinstance(value, Mapping):  # flattened
        items = ((f"{at}{index}.", item) for index, item in value.items())
    else:
        items = ((f"{at}{index}.", item) for index, item in enumerate(value if isinstance(value, list | tuple) else ()))
    return ((path, item) for path, item in items if isinstance(item, Mapping))


def _read_json(kind: Kind, value: object, name: str) -> object:
    return kind.from_json(value, name)


def _read_text(kind: Kind, value: object, name: str) -> object:
    match value:
        case JsonPart():
            return kind.from_json(value.value, name)
        case BinaryPart():
            return kind.from_binary(value.data, name)
        case _:
            return kind.from_text(value, name)


def _parameters(params: type[msgspec.Struct], bad_value: type[WireError]) -> tuple[Parameter, ...]:
    return tuple(
        Parameter(
            name=field.encode_name,
            attribute=field.name,
            required=field.required,
            default=None if field.required else field.default,
            **_declared(field.type, bad_value),
        )
        for field in struct_fields(params)
    )


def _declared(annotation: Any, bad_value: type[WireError]) -> dict[str, Any]:
    base, *marks = get_args(annotation) if get_origin(annotation) is Annotated else (annotation,)
    rules = tuple(mark for mark in marks if isinstance(mark, Rule))
    return {
        "kind": next((rule.kind for rule in rules if rule.kind is not None), None) or _kind(base, bad_value),
        "rules": rules,
        "effect": next((mark.name for mark in marks if isinstance(mark, Effect)), "acts"),
        "note": next((mark.text for mark in marks if isinstance(mark, Note)), ""),
    }


def _kind(annotation: Any, bad_value: type[WireError]) -> Kind:
    if get_origin(annotation) in (Union, UnionType):
        (annotation,) = (part for part in get_args(annotation) if part is not type(None))
    if get_origin(annotation) is tuple:
        return Array(_kind(get_args(annotation)[0], bad_value))
    return KINDS[annotation] if annotation in KINDS else Object(annotation, bad_value)
