"""uvicorn's HTTP protocol with bounds: what a stranger sends is limited while it arrives, before it is a request.

What is refused here is answered with its HTTP status alone, and the connection is closed. Silence is answered by closing: a late 408
could be taken for the answer to the next call. uvicorn has no hook for any of this, so its version is pinned, and a test holds each rule.
"""

import asyncio
from http import HTTPStatus

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from openekyc.operations import doors
from openekyc.operations.doors import Doors, Reason

LINGER_S = 1.0  # for the refusal to reach who is still sending
SURPLUS = 8  # bytes of form a byte of a chunked body may have


class BoundedProtocol(HttpToolsProtocol):
    """One connection. `doors` is set by `bounded`."""

    doors: Doors

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.taken = 0  # bytes of the body that the budget counts
        self._head = self._raw = self._body = 0
        self._waiting: float | None = self.loop.time()  # since when headers are waited for
        self._moved: float | None = None  # when the body last grew
        self._began = 0.0
        self._stuck: float | None = None
        self._ended = False
        self._why: tuple[int, Reason] = (400, "head")
        self._name, reason = self.doors.enter(self, self.client[0] if self.client else "")
        if reason:
            self.end(None, reason)

    def connection_lost(self, exc: Exception | None) -> None:
        self._give_back()
        self.doors.leave(self, self._name)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._ended:
            return
        if self._moved is not None:
            self._moved = self.loop.time()
            self._raw += len(data)
        elif self._waiting is None:
            self._waiting = self.loop.time()  # blank lines between requests must not stop the clock either
        if self._moved is None and self._head + len(data) > doors.HEAD:
            self._by_pieces(data)
            return
        super().data_received(data)
        if self._waiting is not None:
            self._head += len(data)
        self._check_form()

    def _by_pieces(self, data: bytes) -> None:
        """A body that comes in one piece with its head must not count as head."""
        while data and not self._ended:
            if self._moved is not None:
                self._raw += len(data)
                super().data_received(data)
                self._check_form()
                return
            room = doors.HEAD + 1 - self._head
            part, data = data[:room], data[room:]
            self._head += len(part)
            super().data_received(part)
            if self._waiting is not None and self._head > doors.HEAD:
                self.end(431, "head")
                return

    def _check_form(self) -> None:
        """End a chunked body that consists of hardly anything but form, or of fields that follow it."""
        if self._moved is not None and self._raw - self._body > doors.HEAD + SURPLUS * self._body:
            self.end(400, "head")

    def on_message_begin(self) -> None:
        self._waiting = self.loop.time() if self._waiting is None else self._waiting
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        if len(self.headers) >= doors.FIELDS:  # those that follow a chunked body too
            self._refuse(431, "fields")
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        if doors.compressed(self.headers):
            self._refuse(415, "encoding")
        self._waiting, self._head, self._raw, self._body = None, 0, 0, 0
        self._moved = self._began = self.loop.time()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._body += len(body)
        if not self._ended and not self.cycle.response_complete:
            self.taken += len(body)
            self.doors.take(self, self._name, len(body))
        if not self._ended:
            super().on_body(body)

    def on_message_complete(self) -> None:
        self._moved = None
        super().on_message_complete()

    def on_response_complete(self) -> None:
        self._give_back()
        super().on_response_complete()

    def send_400_response(self, msg: str) -> None:
        self.end(*self._why)

    def end_if_silent(self, now: float) -> None:
        """See `openekyc.operations.doors.Connection`."""
        if self._waiting is not None and now - self._waiting > doors.HEAD_S:
            self.end(None, "silent")
            return
        if self._moved is not None and not self.flow.read_paused:
            if now - self._moved > doors.SILENT_S:
                self.end(None, "silent")
                return
            if now - self._began > doors.GRACE_S + self._body / doors.LEAST_RATE:
                self.end(None, "slow")
                return
        self._stuck = None if not self.flow.write_paused else self._stuck or now
        if self._stuck is not None and now - self._stuck > doors.UNREAD_S:
            self.end(None, "unread")

    def end(self, code: int | None, reason: Reason) -> None:
        """See `openekyc.operations.doors.Connection`."""
        if self._ended:
            return
        self._ended = True
        self.doors.refused(reason)
        self._give_back()
        self._waiting = self._moved = None
        if code is None or (self.cycle is not None and self.cycle.response_started and not self.cycle.response_complete):
            self.transport.abort()
            return
        more = b"retry-after: 5\r\n" if code == 503 else b""
        phrase = HTTPStatus(code).phrase.encode()
        self.transport.write(b"HTTP/1.1 %d %b\r\nconnection: close\r\n%bcontent-length: 0\r\n\r\n" % (code, phrase, more))
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.flow.resume_reading()
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.loop.call_later(LINGER_S, self.transport.abort)

    def _refuse(self, code: int, reason: Reason) -> None:
        """Inside the parser: it stops, and `send_400_response` answers."""
        self._why = code, reason
        raise ValueError(reason)

    def _give_back(self) -> None:
        self.doors.give_back(self._name, self.taken)
        self.taken = 0


def bounded(doors_: Doors) -> type[BoundedProtocol]:
    """The protocol for the connections of these doors."""
    return type("Bounded", (BoundedProtocol,), {"doors": doors_})
