"""A passive network small enough to be written by hand: its class scores are the mean of each colour plane of its input."""

import hashlib
from pathlib import Path

from openekyc.engine.protobuf import embed

SIDE = 32


def network(side: int = SIDE, classes: int = 3) -> bytes:
    """An ONNX model, input (1, classes, side, side): GlobalAveragePool, Flatten. Field numbers as in onnx.proto."""
    nodes = _node("x", "pooled", "GlobalAveragePool") + _node("pooled", "scores", "Flatten")
    graph = nodes + embed(2, b"means") + embed(11, _tensor("x", 1, classes, side, side)) + embed(12, _tensor("scores", 1, classes))
    return b"\x08\x08" + embed(7, graph) + embed(8, embed(1, b"") + b"\x10\x0d")  # IR version 8, operators of version 13


def described(folder: Path, onnx: bytes | None = None, **changes: object) -> Path:
    """The network and its description in `folder`; the description's path."""
    data = network() if onnx is None else onnx
    (folder / "own.onnx").write_bytes(data)
    fields = {"file": "own.onnx", "size": len(data), "sha256": hashlib.sha256(data).hexdigest(), "licence": "CC0", "origin": "a test"}
    fed = {"colours": "BGR", "width": SIDE, "height": SIDE, "crop": 1.5, "scale": "0..1", "live_class": 0, "threshold": 0.4}
    lines = [f"{name} = {_toml(changes.get(name, value))}" for name, value in fields.items()]
    lines += ["[input]", *(f"{name} = {_toml(changes.get(name, value))}" for name, value in fed.items())]
    path = folder / "own.toml"
    path.write_text("\n".join(lines))
    return path


def _toml(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


def _node(given: str, made: str, operator: str) -> bytes:
    return embed(1, embed(1, given.encode()) + embed(2, made.encode()) + embed(4, operator.encode()))


def _tensor(name: str, *shape: int) -> bytes:
    sizes = b"".join(embed(1, b"\x08" + _varint(size)) for size in shape)
    return embed(1, name.encode()) + embed(2, embed(1, b"\x08\x01" + embed(2, sizes)))


def _varint(value: int) -> bytes:
    return bytes([value & 0x7F | 0x80, value >> 7]) if value > 0x7F else bytes([value])
