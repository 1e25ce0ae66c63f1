"""The value types of the dialect: how each is read from strict JSON, from the text of a form, and from a multipart file."""

import math
from collections.abc import Mapping
from typing import Protocol

from openekyc.wire.codes import WrongType

INTEGERS = range(-(2**63), 2**63)
MAX_ITEMS = 1000
_TEXT_BOOLEANS = {"true": True, "True": True, "false": False, "False": False}


class Kind(Protocol):
    """One type. `at` is the parameter's path for messages; every method raises WrongType."""

    @property
    def label(self) -> str:
        """Its name in the documentation."""

    def from_json(self, value: object, at: str) -> object:
        """`value` as decoded from JSON; no conversions."""

    def from_text(self, value: object, at: str) -> object:
        """`value` is text, or a mapping of texts where names were flattened."""

    def from_binary(self, data: bytes, at: str) -> object:
        """The bytes of a file part."""


class _Scalar:
    """What scalars share: a file is none of them."""

    def from_binary(self, data: bytes, at: str) -> object:
        raise WrongType.about(at)


class Text(_Scalar):
    """A string."""

    label = "string"

    def from_json(self, value: object, at: str) -> object:
        if not isinstance(value, str):
            raise WrongType.about(at)
        return value

    from_text = from_json


class Base64Text(Text):
    """A string of Base64; as a multipart file, the bytes themselves."""

    def from_binary(self, data: bytes, at: str) -> object:
        return data


class Integer(_Scalar):
    """A signed 64-bit integer."""

    label = "integer"

    def from_json(self, value: object, at: str) -> object:
        if type(value) is not int or value not in INTEGERS:
            raise WrongType.about(at)
        return value

    def from_text(self, value: object, at: str) -> object:
        # int() alone takes blanks, underscores and other scripts' digits.
        if not (isinstance(value, str) and len(value) <= 20 and value.isascii() and value.removeprefix("-").isdigit()):
            raise WrongType.about(at)
        return self.from_json(int(value), at)


class Number(_Scalar):
    """A finite number."""

    label = "number"

    def from_json(self, value: object, at: str) -> object:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise WrongType.about(at)
        return float(value)

    def from_text(self, value: object, at: str) -> object:
        try:
            number = float(value) if isinstance(value, str) and value.isascii() and "_" not in value else math.nan
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            raise WrongType.about(at)
        return number


class Boolean(_Scalar):
    """true or false; in text the spellings of the Python and the Node SDK."""

    label = "boolean"

    def from_json(self, value: object, at: str) -> object:
        if not isinstance(value, bool):
            raise WrongType.about(at)
        return value

    def from_text(self, value: object, at: str) -> object:
        if not isinstance(value, str) or value not in _TEXT_BOOLEANS:
            raise WrongType.about(at)
        return _TEXT_BOOLEANS[value]


class Array(_Scalar):
    """A list of one kind."""

    def __init__(self, item: Kind) -> None:
        self.item = item
        self.label = f"array of {item.label}"

    def from_json(self, value: object, at: str) -> object:
        if not isinstance(value, list) or len(value) > MAX_ITEMS:
            raise WrongType.about(at)
        return tuple(self.item.from_json(item, f"{at}.{index}") for index, item in enumerate(value))

    def from_text(self, value: object, at: str) -> object:
        if not isinstance(value, Mapping) or not all(_is_index(index) for index in value):
            raise WrongType.about(at)
        return tuple(self.item.from_text(value[index], f"{at}.{index}") for index in sorted(value, key=int))


def _is_index(name: object) -> bool:
    return isinstance(name, str) and name.isascii() and name.isdigit() and len(name) <= 4


KINDS: Mapping[type, Kind] = {str: Text(), int: Integer(), float: Number(), bool: Boolean()}
