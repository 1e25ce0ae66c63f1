"""Parametric ReLU spelt as operations that ONNX Runtime computes without a branch for every number.

Its own PRelu with one slope for each channel took two fifths of SFace's time, and more on a face than on a blank picture: the branch
is guessed wrong half of the time. max(x, a x) is the same number wherever a <= 1; elsewhere max(x, 0) + a min(x, 0) is.
"""

import struct
from collections.abc import Iterator

from openekyc.engine import protobuf

_FLOAT = 1  # TensorProto.DataType


def without_prelu(model: bytes) -> bytes:
    """The same ONNX model without PRelu, where the slopes are held in it.

    Field numbers: onnx.proto (ModelProto.graph = 7; GraphProto.node = 1, initializer = 5; NodeProto.input = 1, output = 2, op_type = 4;
    TensorProto.data_type = 2, float_data = 4, name = 8, raw_data = 9).
    """
    graph = next(protobuf.children(model, 7))
    held = {name: tensor for tensor in protobuf.children(graph, 5) for name in protobuf.children(tensor, 8)}
    spelt = b"".join(_spelt(field, held) if field.number == 1 else field.raw for field in protobuf.fields(graph))
    return b"".join(protobuf.embed(7, spelt) if field.number == 7 else field.raw for field in protobuf.fields(model))


def _spelt(field: protobuf.Field, held: dict[bytes, bytes]) -> bytes:
    node = field.value if isinstance(field.value, bytes) else b""
    if b"PRelu" not in protobuf.children(node, 4):
        return field.raw
    (x, slope), (y,) = protobuf.children(node, 1), protobuf.children(node, 2)
    if slope not in held:
        return field.raw
    return b"".join(_quick(x, slope, y) if _at_most_one(held[slope]) else _exact(x, slope, y))


def _at_most_one(tensor: bytes) -> bool:
    raw = b"".join(protobuf.children(tensor, 9))
    values = [value for (value,) in struct.iter_unpack("<f", raw)] or protobuf.floats(tensor, 4)
    return protobuf.integers(tensor, 2) == [_FLOAT] and bool(values) and max(values) <= 1.0


def _quick(x: bytes, slope: bytes, y: bytes) -> Iterator[bytes]:
    yield _node(b"Mul", [x, slope], y + b"/scaled")
    yield _node(b"Max", [x, y + b"/scaled"], y)


def _exact(x: bytes, slope: bytes, y: bytes) -> Iterator[bytes]:
    yield _node(b"Relu", [x], y + b"/over")
    yield _node(b"Sub", [x, y + b"/over"], y + b"/under")
    yield _node(b"Mul", [y + b"/under", slope], y + b"/scaled")
    yield _node(b"Add", [y + b"/over", y + b"/scaled"], y)


def _node(operation: bytes, inputs: list[bytes], output: bytes) -> bytes:
    parts = [*(protobuf.embed(1, name) for name in inputs), protobuf.embed(2, output), protobuf.embed(4, operation)]
    return protobuf.embed(1, b"".join(parts))
