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


class ClientGone(Exception):
    """The client hung up before its request was complete."""


class BodyTooLarge(Exception):
    """The body exceeds the limit; it was drained as far as DRAIN_LIMIT."""


async def receive_request(scope: Scope, receive: Receive) -> Request:
    """The request, its body read whole. Raises UnsupportedProtocol, RequestSizeLimitExceeded and their like, or ClientGone."""
    method, headers = scope["method"], dict(scope["headers"])
    limit = body_limit(method, headers)
    try:
        body = await _receive_body(receive, limit) if has_body(headers) else b""
    except BodyTooLarge:
        check_method(method)
        raise oversize(method, headers) from None
    check_method(method)
    check_query(method, scope["query_string"])
    return Request(method, scope["query_string"], headers, body, scope.get("scheme") == "https")


def has_body(headers: Mapping[bytes, bytes]) -> bool:
    """Whether the request announces a body."""
    return headers.get(b"content-length", b"0") != b"0" or b"transfer-encoding" in headers


async def _receive_body(receive: Receive, limit: int) -> bytes:
    try:
        async with asyncio.timeout(BODY_SECONDS):
            message = await receive()
            if message["type"] == "http.request" and not message.get("more_body") and len(message.get("body", b"")) <= limit:
                return bytes(message.get("body", b""))
            return await _receive_pieces(message, receive, limit)
    except TimeoutError:
        raise InvalidRequest(
            f"The body did not arrive within {BODY_SECONDS:.0f} seconds.", f"请求体未在 {BODY_SECONDS:.0f} 秒内到达。"
        ) from None


async def _receive_pieces(message: Mapping[str, object], receive: Receive, limit: int) -> bytes:
    pieces, size = [], 0
    while True:
        if message["type"] == "http.disconnect":
            raise ClientGone
        piece = message.get("body", b"")
        assert isinstance(piece, bytes)  # noqa: S101 - by the ASGI specification # nosec B101
        size += len(piece)
        if size <= limit:
            pieces.append(piece)
        else:
            pieces.clear()
        if not message.get("more_body") or size > DRAIN_LIMIT:
            break
        message = await receive()
    if size > limit:
        raise BodyTooLarge
    return b"".join(pieces)


async def send_answer(send: Send, body: bytes) -> None:
    """HTTP 200 with the envelope, whatever it holds."""
    headers = [
        (b"content-type", envelope.CONTENT_TYPE),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": envelope.STATUS, "headers": headers})
    await send({"type": "http.response.body", "body": body})
