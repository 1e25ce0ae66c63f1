"""The outcome as server-sent events."""

from collections.abc import AsyncIterator, Callable
from functools import partial

import msgspec
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from openekyc.capture.admission import Admission
from openekyc.capture.messages import OutcomeAnswer
from openekyc.clock import Clock
from openekyc.errors import SessionError
from openekyc.sessions.outcome import Progress
from openekyc.sessions.service import SessionService

STREAM_SECONDS = 300.0  # then the client asks again
KEEP_ALIVE_SECONDS = 5.0
LOOK_SECONDS = 1.0  # how soon another process's conclusion is seen, or that the token's key was disabled


class Streams:
    """Opens streams, few for each token."""

    def __init__(self, service: SessionService, admission: Admission, clock: Clock) -> None:
        self._service, self._admission, self._clock = service, admission, clock

    async def open(self, request: Request, token: str) -> Response:
        """Raises SessionBusy if the token has enough of them."""
        first = await self._service.progress(token)
        self._admission.enter_stream(token)
        return _Stream(self._events(request, token, first), partial(self._admission.leave_stream, token))

    async def _events(self, request: Request, token: str, known: Progress) -> AsyncIterator[bytes]:
        yield _event(known)
        now = alive = self._clock()
        until = now + STREAM_SECONDS
        while known.state == "waiting" and now < until:
            try:
                known = await self._service.wait(token, LOOK_SECONDS)
                await self._admission.check(request, token)
            except SessionError:  # too many wait, or the token has ended: this client asks instead, and learns which
                return
            now = self._clock()
            if known.state != "waiting":
                yield _event(known)
            elif now - alive >= KEEP_ALIVE_SECONDS:
                alive = now
                yield b": keep-alive\n\n"


class _Stream(StreamingResponse):
    """`done` is called when the stream ends, however that is."""

    def __init__(self, events: AsyncIterator[bytes], done: Callable[[], None]) -> None:
        super().__init__(events, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"}, media_type="text/event-stream")
        self._done = done

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._done()


def public(known: Progress) -> OutcomeAnswer:
    """Where a session stands, as a capture client may know it."""
    return OutcomeAnswer(known.state, known.hint, known.attempts_left, known.sandbox)


def _event(known: Progress) -> bytes:
    return b"event: outcome\ndata: " + msgspec.json.encode(public(known)) + b"\n\n"
