"""The three ways in which action parameters arrive, each read into one mapping: a JSON object, flattened text, multipart parts."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header

from openekyc.wire.codes import InvalidParameter, InvalidRequest

MAX_DEPTH = 16
MAX_PARTS = 1000
MAX_MARKS = 20_000  # of `,`, `{` and `[`: no call has a thousandth of them, and each may cost a hundred bytes of memory


class JsonPart(msgspec.Struct, frozen=True):
    """A multipart part that declares itself as JSON."""

    value: object


class BinaryPart(msgspec.Struct, frozen=True):
    """A multipart part that holds a file."""

    data: bytes


def json_object(body: bytes) -> Mapping[str, object]:
    """One JSON object in UTF-8; of repeated names the last wins. Raises InvalidParameter."""
    try:
        value = _decoded(body)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise InvalidParameter("The body must be one JSON object in UTF-8.", "请求体必须是一个 UTF-8 编码的 JSON 对象。")
    return value


def _decoded(text: bytes) -> object:
    if sum(text.count(mark) for mark in (b",", b"{", b"[")) > MAX_MARKS:
        raise ValueError("too many members")
    return msgspec.json.decode(text)


def flattened(pairs: Iterable[tuple[str, str]]) -> Mapping[str, object]:
    """`Config.CheckMode=1` as {"Config": {"CheckMode": "1"}}; every leaf is text. Raises InvalidParameter."""
    tree: dict[str, Any] = {}
    for name, value in pairs:
        _check_text(name, value)
        *parents, leaf = name.split(".", MAX_DEPTH)
        branch = tree
        for parent in parents:
            if not isinstance(branch.get(parent), dict):
                branch[parent] = {}
            branch = branch[parent]
        branch[leaf] = value
    return tree


def _check_text(name: str, value: str) -> None:
    try:
        name.encode()
        value.encode()
    except UnicodeEncodeError:
        raise InvalidParameter("The parameters must be UTF-8.", "参数必须为 UTF-8 编码。") from None


def multipart(body: bytes, content_type: bytes) -> Mapping[str, object]:
    """Parts by name: text, JsonPart or BinaryPart; of repeated names the last wins. An empty body holds no parts.

    Raises InvalidRequest if the body is broken, cut off or has no boundary."""
    if not body:
        return {}
    boundary = parse_options_header(content_type)[1].get(b"boundary")
    if not boundary:
        raise InvalidRequest
    parts = _Parts()
    try:
        parser = MultipartParser(boundary, parts.callbacks())  # type: ignore[arg-type]
        parser.write(body)
        parser.finalize()
    except (MultipartParseError, ValueError):
        raise InvalidRequest from None
    if not parts.ended:
        raise InvalidRequest
    return flattened_parts(parts.found)


def flattened_parts(parts: Iterable[tuple[str, object]]) -> Mapping[str, object]:
    """Text parts may be flattened like a form's fields; other parts stand at the top."""
    found = list(parts)
    tree = dict(flattened((name, value) for name, value in found if isinstance(value, str)))
    return tree | {name: value for name, value in found if not isinstance(value, str)}


class _Parts:
    """Collects what the parser finds."""

    def __init__(self) -> None:
        self.found: list[tuple[str, object]] = []
        self.ended = False
        self._headers: dict[bytes, bytes] = {}
        self._name, self._value, self._data = b"", b"", bytearray()

    def callbacks(self) -> dict[str, object]:
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._header_field,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
            "on_part_data": self._part_data,
            "on_part_end": self._part_end,
            "on_end": self._end,
        }

    def _begin(self) -> None:
        self._headers, self._data = {}, bytearray()

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        self._headers[self._name.lower()] = self._value
        self._name, self._value = b"", b""

    def _part_data(self, data: bytes, start: int, end: int) -> None:
        self._data += data[start:end]

    def _part_end(self) -> None:
        disposition, options = parse_options_header(self._headers.get(b"content-disposition"))
        if disposition != b"form-data" or b"name" not in options or len(self.found) >= MAX_PARTS:
            raise InvalidRequest
        kind = parse_options_header(self._headers.get(b"content-type"))[0]
        self.found.append((_utf8(options[b"name"]), _part_value(kind, b"filename" in options, bytes(self._data))))

    def _end(self) -> None:
        self.ended = True


def _part_value(kind: bytes, is_file: bool, data: bytes) -> object:
    if kind == b"application/json":
        try:
            return JsonPart(_decoded(data))
        except (ValueError, RecursionError):
            raise InvalidRequest from None
    # The Node SDK sends files without a name, as application/octet-stream.
    if is_file or kind == b"application/octet-stream":
        return BinaryPart(data)
    return _utf8(data)


def _utf8(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise InvalidRequest from None
