"""Reading a request's body: bounded in bytes and time, before anything parses it."""

import asyncio
from contextlib import suppress
from typing import TypeVar

import msgspec
from starlette.requests import ClientDisconnect, Request

from openekyc.capture.problems import BodyInvalid, BodySlow, Refusal, ServerBusy
from openekyc.purse import Full, take

S = TypeVar("S", bound=msgspec.Struct)


class Incoming:
    """The body of one request, read at most once."""

    def __init__(self, request: Request, limit: int, seconds: float, too_large: type[Refusal]) -> None:
        self._request, self._limit, self._seconds, self._too_large = request, limit, seconds, too_large
        self._begun = False

    async def read(self) -> bytes:
        """All of it. Raises `too_large` as soon as that is known, BodySlow after `seconds`."""
        self._begun = True
        if self._request.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
            raise BodyInvalid("Content-Encoding is not supported: send the body as it is.")
        declared = self._request.headers.get("content-length", "0")
        if len(declared) > 12 or not declared.isdecimal() or int(declared) > self._limit:
            raise self._too_large
        body = bytearray()
        try:
            async with asyncio.timeout(self._seconds):
                async for chunk in self._request.stream():
                    if len(body) + len(chunk) > self._limit:
                        raise self._too_large
                    take(self._request.scope, len(chunk))
                    body += chunk
        except Full:
            raise ServerBusy from None
        except TimeoutError:
            raise BodySlow from None
        return bytes(body)

    async def discard(self) -> None:
        """Count off what was not read, so that a refusal reaches a client that is still sending; at most the limit. Nothing is kept."""
        if self._begun:
            return
        self._begun, size = True, 0
        with suppress(TimeoutError, ClientDisconnect):
            async with asyncio.timeout(self._seconds):
                async for chunk in self._request.stream():
                    size += len(chunk)
                    if size > self._limit:
                        return


def decode(body: bytes, kind: type[S]) -> S:
    """A JSON body as a value; an empty one as `{}`. Raises BodyInvalid with the field at fault."""
    try:
        return msgspec.json.decode(body or b"{}", type=kind)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise BodyInvalid(f"The body is not valid: {error}.") from None
