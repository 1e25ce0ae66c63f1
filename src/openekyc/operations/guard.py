"""Headers that every answer has, whatever it answers: no browser may take it for something else, frame it, or name it to another site."""

from collections.abc import MutableMapping
from typing import Any

from starlette.types import Message, Send

DEFAULTS = (
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),  # addresses may hold tokens
    (b"x-content-type-options", b"nosniff"),
)
"""Pages, which load something and may be framed, bring their own."""

LINES = b"".join(b"%b: %b\r\n" % header for header in DEFAULTS)
"""The same for answers that are written by hand, before there is a request."""


def guarding(send: Send) -> Send:
    """`send` with those headers added that an answer does not have."""

    async def send_guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            _add(message)
        await send(message)

    return send_guarded


def _add(message: MutableMapping[str, Any]) -> None:
    headers = list(message.get("headers", ()))
    named = {name.lower() for name, _ in headers}
    message["headers"] = [*headers, *(header for header in DEFAULTS if header[0] not in named)]
