"""Uvicorn's HTTP protocol with limits on what arrives before anybody knows whose it is.

Uvicorn has no hook for any of them, hence a subclass; its version is pinned and every rule has a test. Silence is answered by closing:
a late 408 could be taken for the answer to the client's next call.
"""

from http import HTTPStatus
from typing import Any, NoReturn

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from openekyc.operations.doors import Doors
from openekyc.operations.guard import LINES

FIELDS_TOO_LARGE = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
# Bytes around a body (sizes of chunks, extensions, trailers) per byte of body: a chunk of one byte has five.
FRAMING = 8
# Pieces of a body that may come, and bytes that a further one needs: the parser makes a call of each, and a flood of single bytes would
# hold up everybody else.
PIECES, PIECE_BYTES = 1024, 32
PIPELINED = 4  # requests that may wait for the answers before them; each costs a hundred times its bytes
LINGER_S = 1.0  # for the refusal to reach a client that is still sending


def bare(status: HTTPStatus) -> bytes:
    """A whole answer without a body, after which the connection is closed."""
    line = b"HTTP/1.1 %d %b\r\n" % (status, status.phrase.encode())
    return line + LINES + b"connection: close\r\ncontent-length: 0\r\n\r\n"


class BoundedProtocol(HttpToolsProtocol):
    """One connection."""

    def __init__(self, *args: Any, doors: Doors, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._doors, self._limits = doors, doors.limits
        self._key: str | None = None
        self._head = 0  # bytes of a head that is not complete
        self._waiting: float | None = None  # since when a head is awaited
        self._moved: float | None = None  # when a body's last bytes came
        self._began = 0.0  # when the body began
        self._raw = self._taken = self._pieces = 0  # bytes that came for a body, its own, and in how many pieces
        self._ended = self._bounded = False  # refused; because of a bound
        self._behind = False  # what is parsed begins with a body
        self._unread: tuple[float, int] | None = None  # since when nobody takes so many bytes

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._key = self._doors.enter(self.client[0] if self.client else "")
        if self._key is None:
            transport.abort()
            return
        self._waiting = self.loop.time()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self._key is not None:
            self._doors.leave(self._key)
            self._key = None

    def on_message_begin(self) -> None:
        self._head = 0
        if self._waiting is None:
            self._waiting = self.loop.time()
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        if len(self.headers) >= self._limits.fields:
            self._stop_parser()
        name = name.lower()  # as uvicorn does it; calling that for every field costs as much again
        if name == b"expect" and value.lower() == b"100-continue":
            self.expect_100_continue = True
        self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        if len(self.pipeline) >= PIPELINED or (self._behind and self._head_size() > self._limits.head_bytes):
            self._stop_parser()
        self._waiting, self._head, self._raw, self._taken, self._pieces = None, 0, 0, 0, 0
        self._moved = self._began = self.loop.time()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._taken += len(body)
        self._pieces += 1
        if self._pieces > PIECES + self._taken // PIECE_BYTES:
            self._stop_parser()
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._moved = None
        super().on_message_complete()

    def data_received(self, data: bytes) -> None:
        if self._ended or self.transport.is_closing():
            return
        if self._moved is not None:
            self._feed_body(data)
        elif self._head + len(data) > self._limits.head_bytes:
            self._feed_pieces(data)
        else:
            self._feed_head(data)

    def _feed_head(self, data: bytes) -> None:
        before = self._head
        super().data_received(data)
        if self._waiting is not None:
            self._head = before + len(data)
        elif self._moved is None and self._idle():
            self._waiting = self.loop.time()  # empty lines between requests must not hold a connection open

    def _feed_body(self, data: bytes) -> None:
        self._moved, self._behind = self.loop.time(), True
        super().data_received(data)
        self._behind = False
        if self._moved is None or self._ended:
            return
        self._raw += len(data)
        if self._raw - self._taken > self._limits.head_bytes + FRAMING * self._taken:
            self._end(FIELDS_TOO_LARGE)

    def _feed_pieces(self, data: bytes) -> None:
        """Bytes that would exceed the head's limit: they may hold a body or further requests, which are no head."""
        while data and not self._ended and not self.transport.is_closing():
            if self._moved is not None:
                self._feed_body(data)
                return
            size = self._limits.head_bytes + 1 - self._head
            part, data = data[:size], data[size:]
            self._feed_head(part)
            if self._head > self._limits.head_bytes:
                self._end(FIELDS_TOO_LARGE)

    def _idle(self) -> bool:
        answered = self.cycle is None or self.cycle.response_complete
        return answered and self.timeout_keep_alive_task is None

    def _head_size(self) -> int:
        """Of a whole head: one that came behind a body in the same piece was not measured before."""
        return len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)

    def _stop_parser(self) -> NoReturn:
        """Inside the parser: it stops, and uvicorn calls `send_400_response`."""
        self._bounded = True
        raise ValueError

    def send_400_response(self, msg: str) -> None:
        self._end(FIELDS_TOO_LARGE if self._bounded else HTTPStatus.BAD_REQUEST)

    def pause_writing(self) -> None:
        self._unread = (self.loop.time(), self.transport.get_write_buffer_size())
        super().pause_writing()

    def resume_writing(self) -> None:
        self._unread = None
        super().resume_writing()

    def look(self, now: float, since_s: float) -> None:
        """Close the connection if its client keeps it without using it. Called every second or so, `since_s` after the last time."""
        if self._ended:
            return
        if self._is_unread(now):
            self._abort("unread")
        elif self.flow.read_paused:  # it is the server that takes its time
            self._moved = None if self._moved is None else now
            self._waiting = None if self._waiting is None else self._waiting + since_s
            self._began += since_s
        elif self._is_silent(now):
            self._abort("silent")

    def _is_silent(self, now: float) -> bool:
        limits = self._limits
        if self._waiting is not None and now - self._waiting > limits.head_s:
            return True
        slow = now - self._began > limits.grace_s + self._taken / limits.least_rate
        return self._moved is not None and (slow or now - self._moved > limits.silent_s)

    def _is_unread(self, now: float) -> bool:
        if self._unread is None:
            return False
        size = self.transport.get_write_buffer_size()
        if size < self._unread[1]:  # somebody reads, however slowly
            self._unread = (now, size)
        return now - self._unread[0] > self._limits.unread_s

    def _abort(self, why: str) -> None:
        self._doors.refused(why)
        self.transport.abort()

    def _end(self, status: HTTPStatus) -> None:
        """Refuse. Where the answer could be taken for that of an earlier request, or for the rest of one, only close."""
        self._ended = True
        self._doors.refused("head")
        in_body, self._waiting, self._moved = self._moved is not None, None, None
        if self.pipeline or (self._unanswered() and (self.cycle.response_started or not in_body)):
            self.transport.abort()
            return
        if self._unanswered():
            self.cycle.disconnected = True  # the app must not answer too
            self.cycle.message_event.set()
        self.flow.resume_reading()
        self.transport.write(bare(status))
        if self.transport.can_write_eof():
            self.transport.write_eof()  # not `close`: bytes that nobody reads would make the system drop the answer
        self.loop.call_later(LINGER_S, self.transport.abort)

    def _unanswered(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete
