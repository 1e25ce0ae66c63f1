"""Between ASGI and the wire: receive a whole request within its limits, send an answer."""

import asyncio
from collections.abc import Mapping

from starlette.types import Receive, Scope, Send

from openekyc.wire import envelope
from openekyc.wire.call import Request
from openekyc.wire.codes import InvalidRequest
from openekyc.wire.limits import body_limit, check_method, check_query, oversize

DRAIN_LIMIT = 64 * 1024 * 1024  # bytes read of an oversized body before answering anyway
BODY_SECONDS = 60.0
LITTLE = 65_536  # bytes of a body that is taken in from anybody


class ClientGone(Exception):
    """The client hung up before its request was complete."""


class BodyTooLarge(Exception):
    """The body exceeds the limit; it was drained as far as DRAIN_LIMIT."""


def bare(scope: Scope) -> Request:
    """The request without its body."""
    return Request(scope["method"], scope["query_string"], dict(scope["headers"]), b"", scope.get("scheme") == "https")


async def receive_request(scope: Scope, receive: Receive, *, keep: bool = True) -> Request:
    """The request, its body read whole. A body that is not to be kept, since nobody will look at it, is counted and thrown away. Raises
    UnsupportedProtocol, RequestSizeLimitExceeded and their like, or ClientGone."""
    method, headers = scope["method"], dict(scope["headers"])
    limit = body_limit(method, headers)
    try:
        body = await _receive_body(receive, limit, keep=keep) if has_body(headers) else b""
    except BodyTooLarge:
        check_method(method)
        raise oversize(method, headers) from None
    check_method(method)
    check_query(method, scope["query_string"])
    return Request(method, scope["query_string"], headers, body, scope.get("scheme") == "https")


def announces_little(headers: Mapping[bytes, bytes]) -> bool:
    """Whether a body of hardly any size is announced."""
    size = headers.get(b"content-length", b"0")
    return b"transfer-encoding" not in headers and len(size) < 10 and size.isdigit() and int(size) <= LITTLE


def has_body(headers: Mapping[bytes, bytes]) -> bool:
    """Whether the request announces a body."""
    return headers.get(b"content-length", b"0") != b"0" or b"transfer-encoding" in headers


async def _receive_body(receive: Receive, limit: int, *, keep: bool) -> bytes:
    try:
        async with asyncio.timeout(BODY_SECONDS):
            message = await receive()
            if message["type"] == "http.request" and not message.get("more_body") and len(message.get("body", b"")) <= limit:
                return bytes(message.get("body", b"")) if keep else b""
            return await _receive_pieces(message, receive, limit, keep=keep)
    except TimeoutError:
        raise InvalidRequest(
            f"The body did not arrive within {BODY_SECONDS:.0f} seconds.", f"请求体未在 {BODY_SECONDS:.0f} 秒内到达。"
        ) from None


async def _receive_pieces(message: Mapping[str, object], receive: Receive, limit: int, *, keep: bool) -> bytes:
    kept, size = bytearray(), 0  # one block: a list of many tiny pieces costs many times their bytes
    while True:
        if message["type"] == "http.disconnect":
            raise ClientGone
        piece = message.get("body", b"")
        assert isinstance(piece, bytes)  # noqa: S101 - by the ASGI specification # nosec B101
        size += len(piece)
        if size > limit:
            kept = bytearray()
        elif keep:
            kept += piece
        if not message.get("more_body") or size > DRAIN_LIMIT:
            break
        message = await receive()
    if size > limit:
        raise BodyTooLarge
    return bytes(kept)


async def send_answer(send: Send, body: bytes) -> None:
    """HTTP 200 with the envelope, whatever it holds."""
    headers = [
        (b"content-type", envelope.CONTENT_TYPE),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": envelope.STATUS, "headers": headers})
    await send({"type": "http.response.body", "body": body})
