"""Between ASGI and the wire: receive a whole request within its limits, send an answer."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

import msgspec
from starlette.types import Receive, Scope, Send

from openekyc.errors import ApiError
from openekyc.purse import Full, take, turn
from openekyc.wire import envelope
from openekyc.wire.call import Request
from openekyc.wire.codes import InvalidRequest, ServiceUnavailable
from openekyc.wire.limits import body_limit, check_encoding, check_method, check_query, oversize

DRAIN_LIMIT = 64 * 1024 * 1024  # bytes read of an oversized body before answering anyway
BODY_SECONDS = 60.0


class ClientGone(Exception):
    """The client hung up before its request was complete."""


class BodyTooLarge(Exception):
    """The body exceeds the limit; it was drained as far as DRAIN_LIMIT."""


Refusal = Callable[[Request], Awaitable[ApiError | None]]
"""What a request without its body already deserves."""


async def receive_request(scope: Scope, receive: Receive, refusal: Refusal) -> Request:
    """The request, its body read whole. Raises UnsupportedProtocol, RequestSizeLimitExceeded and their like, or ClientGone.

    A body that does not come at once is kept only if `refusal` has none. Otherwise it is not waited for if it says how long it is, and
    its bytes are counted if it does not, so that the refusal stays in its place among the checks."""
    method, headers = scope["method"], dict(scope["headers"])
    limit = body_limit(method, headers)
    head = Request(method, scope["query_string"], headers, b"", scope.get("scheme") == "https")
    body, refused = b"", None
    try:
        if has_body(headers):
            body, refused = await _receive_body(scope, receive, limit, head, refusal)
    except Full:
        raise ServiceUnavailable from None
    except BodyTooLarge:
        check_method(method)
        raise oversize(method, headers) from None
    check_method(method)
    check_query(method, scope["query_string"])
    check_encoding(headers)
    if refused is not None:
        raise refused
    return msgspec.structs.replace(head, body=body)


def has_body(headers: Mapping[bytes, bytes]) -> bool:
    """Whether the request announces a body."""
    return headers.get(b"content-length", b"0") != b"0" or b"transfer-encoding" in headers


async def _receive_body(scope: Scope, receive: Receive, limit: int, head: Request, refusal: Refusal) -> tuple[bytes, ApiError | None]:
    try:
        async with asyncio.timeout(BODY_SECONDS):
            message = await receive()
            if message["type"] == "http.request" and not message.get("more_body") and len(message.get("body", b"")) <= limit:
                return bytes(message.get("body", b"")), None
            if message["type"] == "http.disconnect":
                raise ClientGone
            refused = await refusal(head)
            hold = partial(take, scope)
            if refused is None:
                return await _receive_pieces(message, receive, limit, keep=True, hold=hold), None
            async with turn(scope):
                return await _receive_pieces(message, receive, limit, keep=False, hold=hold), refused
    except TimeoutError:
        raise InvalidRequest(
            f"The body did not arrive within {BODY_SECONDS:.0f} seconds.", f"请求体未在 {BODY_SECONDS:.0f} 秒内到达。"
        ) from None


async def _receive_pieces(message: Mapping[str, object], receive: Receive, limit: int, *, keep: bool, hold: Callable[[int], None]) -> bytes:
    body, size = bytearray(), 0  # one buffer: a list of tiny pieces would take many times their bytes
    while True:
        if message["type"] == "http.disconnect":
            raise ClientGone
        piece = message.get("body", b"")
        assert isinstance(piece, bytes)  # noqa: S101 - by the ASGI specification # nosec B101
        size += len(piece)
        if keep and size <= limit:
            hold(len(piece))
            body += piece
        elif body:
            body = bytearray()
        if not message.get("more_body") or size > DRAIN_LIMIT:
            break
        message = await receive()
    if size > limit:
        raise BodyTooLarge
    return bytes(body)


async def send_answer(send: Send, body: bytes) -> None:
    """HTTP 200 with the envelope, whatever it holds."""
    headers = [
        (b"content-type", envelope.CONTENT_TYPE),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": envelope.STATUS, "headers": headers})
    await send({"type": "http.response.body", "body": body})
