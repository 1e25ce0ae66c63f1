"""Just enough of the protobuf wire format to read and trim the two messages the weights come in (ONNX graphs, MediaPipe metadata).

The files are checked by hash before they get here, so this reader does not defend against hostile input.
Source: protobuf.dev, "Encoding".
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5


class Field(NamedTuple):
    """One field: its number, its value (int for varints, else the raw bytes) and its whole encoding, tag included."""

    number: int
    value: int | bytes
    raw: bytes


def fields(message: bytes) -> Iterator[Field]:
    """The fields of a message in file order."""
    at = 0
    while at < len(message):
        start = at
        key, at = _varint(message, at)
        value, at = _value(message, at, key & 7)
        yield Field(key >> 3, value, message[start:at])


def children(message: bytes, number: int) -> Iterator[bytes]:
    """The embedded messages (or strings) of one field."""
    return (field.value for field in fields(message) if field.number == number and isinstance(field.value, bytes))


def floats(message: bytes, number: int) -> list[float]:
    """A repeated float, packed or not."""
    return [value for part in children(message, number) for (value,) in struct.iter_unpack("<f", part)]


def integers(message: bytes, number: int) -> list[int]:
    """A repeated varint, packed or not."""
    found: list[int] = []
    for field in fields(message):
        if field.number == number:
            found.extend([field.value] if isinstance(field.value, int) else _packed(field.value))
    return found


def embed(number: int, message: bytes) -> bytes:
    """`message` encoded as field `number` of another one."""
    return _encode_varint(number << 3 | _BYTES) + _encode_varint(len(message)) + message


def _value(message: bytes, at: int, kind: int) -> tuple[int | bytes, int]:
    if kind == _VARINT:
        return _varint(message, at)
    if kind == _BYTES:
        size, at = _varint(message, at)
    else:
        size = {_FIXED64: 8, _FIXED32: 4}[kind]
    return message[at : at + size], at + size


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while message[at] & 0x80:
        value |= (message[at] & 0x7F) << shift
        shift += 7
        at += 1
    return value | message[at] << shift, at + 1


def _packed(part: bytes) -> Iterator[int]:
    at = 0
    while at < len(part):
        value, at = _varint(part, at)
        yield value


def _encode_varint(value: int) -> bytes:
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)
