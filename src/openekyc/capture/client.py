"""The capture protocol's other side: what a capture program calls, over plain HTTP.

    with CaptureClient("http://127.0.0.1:8080", token) as client:
        opened = client.open()                 # where opened.document is given, first: put_picture, wait_picture, confirm
        begun = client.begin()                 # the steps to follow
        client.put_slices([first, second])     # while recording, as often as there is something
        colours = client.light()               # when the light step begins
        client.trace(Trace(...))
        client.put_slices([last])
        client.finish(frames=240)
        print(client.wait_outcome().state)

Lost connections are bridged: whatever is safe to repeat is repeated, and an upload goes on where the server says it stands.
"""

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import Literal, Self, TypeVar

import httpx
import msgspec

from openekyc.branding import Spoken
from openekyc.capture import messages
from openekyc.capture.operations import NONCE_HEADER, PREFIX, SLICE_HEADER
from openekyc.engine.documents.values import Side
from openekyc.engine.values import Colour, Gesture, Trace
from openekyc.errors import OpenEkycError

S = TypeVar("S", bound=msgspec.Struct)
RestartReason = Literal["face_left", "page_hidden", "connection", "orientation", "camera", "unable"]

RETRIES = 5  # of a request that is safe to repeat, 0.2 s, 0.4 s, 0.8 s ... apart
FIRST_PAUSE_S = 0.2
POLL_S = 0.5
POLL_DOCUMENT_S = 20.0  # within the client's own time limit


class _Nothing(msgspec.Struct, frozen=True):
    """What an answer without a body holds."""


class CaptureRefused(OpenEkycError):
    """The server refused, or could not be reached (`problem` is then "unreachable")."""

    def __init__(self, problem: str, detail: str, remedy: str, status: int = 0, received: int | None = None) -> None:
        super().__init__(detail)
        self.problem, self.detail, self.remedy, self.status, self.received = problem, detail, remedy, status, received


class CaptureClient:
    """One token's session, one attempt at a time. Every method raises CaptureRefused. Not for several threads at once."""

    def __init__(
        self,
        base_url: str,
        token: str = "",
        *,
        timeout_s: float = 30.0,
        http: httpx.Client | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._http = http or httpx.Client(timeout=timeout_s)
        self._base, self._sleep = base_url.rstrip("/") + PREFIX, sleep
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._size = self._batches = 0
        self._start("", 0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Drop the connections; the session stays as it is."""
        self._http.close()

    # --- the session --------------------------------------------------------------------------------------------------

    def open(self, info: messages.ClientInfo | None = None) -> messages.Opened:
        """Say who is capturing; learn level, limits and thresholds."""
        return self._repeat(messages.Opened, "POST", "/session", info or messages.ClientInfo(sdk="openekyc-python"))

    def agree(self, language: Spoken, text: str) -> None:
        """The person agreed to `text`, exactly as it stood on the screen. Say so before the first picture or attempt."""
        self._repeat(_Nothing, "POST", "/consent", messages.Agreed(language, text))

    def outcome(self) -> messages.OutcomeAnswer:
        """Where the session stands now."""
        return self._repeat(messages.OutcomeAnswer, "GET", "/outcome")

    def wait_outcome(self, timeout_s: float = 120.0) -> messages.OutcomeAnswer:
        """The first answer that is not `waiting`, streamed where possible and polled otherwise. Raises CaptureRefused("outcome_late")."""
        until = time.monotonic() + timeout_s
        while time.monotonic() < until:
            answer = self._streamed(until) or self.outcome()
            if answer.state != "waiting":
                return answer
            self._sleep(POLL_S)
        raise CaptureRefused("outcome_late", f"There was no outcome within {timeout_s:g} s.", "Ask for the outcome later.")

    def ping(self, sent_ms: float = 0.0) -> messages.Pong:
        """A sign of life; the server's clock."""
        return self._repeat(messages.Pong, "POST", "/ping", messages.SignOfLife(sent_ms))

    def leave(self) -> messages.OutcomeAnswer:
        """Give up the attempt; it counts."""
        return self._repeat(messages.OutcomeAnswer, "POST", "/leave")

    def end(self, why: Literal["left", "timed_out"]) -> messages.OutcomeAnswer:
        """The person leaves, or ran out of time; an attempt that is being captured counts."""
        return self._repeat(messages.OutcomeAnswer, "POST", "/session/end", messages.End(why))

    def hand_off(self) -> messages.Handoff:
        """A code by which another device goes on with the session, once and soon."""
        return self._repeat(messages.Handoff, "POST", "/handoff")

    def take_over(self, code: str) -> None:
        """From now on this client is one of the session whose code another device showed. Not repeated on a lost connection: the code
        works once."""
        body = msgspec.json.encode(messages.TakeOver(code))
        self._headers = {"Authorization": f"Bearer {self._once(messages.TakenOver, 'POST', '/handoff/take', body).token}"}

    # --- the document, before the first attempt of a session that asks for one -------------------------------------------------

    def put_picture(self, side: Side, picture: bytes) -> messages.CardAnswer:
        """Send a JPEG, PNG or WebP of one side; reading begins at once."""
        return self._repeat(messages.CardAnswer, "PUT", f"/documents/{side}", picture)

    def wait_picture(self, side: Side, timeout_s: float = 120.0) -> messages.CardAnswer:
        """The first answer that is not `reading`. Raises CaptureRefused("reading_late")."""
        until = time.monotonic() + timeout_s
        while time.monotonic() < until:
            answer = self._repeat(messages.CardAnswer, "GET", f"/documents/{side}?wait={POLL_DOCUMENT_S:g}")
            if answer.state != "reading":
                return answer
        raise CaptureRefused("reading_late", f"The document was not read within {timeout_s:g} s.", "Ask again later.")

    def confirm(self, edits: dict[str, str] | None = None) -> messages.Opened:
        """Confirm what was read, with corrections where the plan allows them."""
        return self._repeat(messages.Opened, "POST", "/documents/confirm", messages.Confirm(edits or {}))

    # --- one attempt --------------------------------------------------------------------------------------------------

    def begin(self, *, light: bool = True, unable: tuple[Gesture, ...] = (), waited_ms: float = 0.0) -> messages.Begun:
        """Begin an attempt: its steps. `light` False and `unable` where the policy allows it; `waited_ms` since the camera is on for this
        try. Not repeated on a lost connection, since each begun attempt counts."""
        begun = self._once(messages.Begun, "POST", "/attempts", msgspec.json.encode(messages.Begin(light, unable, waited_ms)))
        self._start(begun.nonce, begun.attempt)
        return begun

    def restart(self, reason: RestartReason) -> messages.OutcomeAnswer:
        """Give the attempt up for a technical reason; it does not count while restarts are left."""
        return self._repeat(messages.OutcomeAnswer, "POST", f"{self._attempt}/restart", messages.Restart(reason))

    def light(self) -> tuple[Colour, ...]:
        """The colours to paint, at once and in this order."""
        return self._repeat(messages.LightAnswer, "POST", f"{self._attempt}/light").colours

    def received(self) -> int:
        """Bytes of the recording the server has."""
        return self._repeat(messages.Received, "GET", f"{self._attempt}/video").received

    def put_slices(self, pieces: Iterable[bytes]) -> int:
        """Upload the recording's next pieces in order; bytes uploaded so far. May be called again with later pieces."""
        for piece in pieces:
            self._put(piece)
            self._hash.update(piece)
            self._size += len(piece)
        return self._size

    def trace(self, batch: Trace) -> int:
        """Upload the trace's next piece; how many the server has."""
        body = messages.TraceBatch(sequence=self._batches, **{name: getattr(batch, name) for name in Trace.__struct_fields__})
        answer = self._repeat(messages.TraceAnswer, "POST", f"{self._attempt}/trace", body)
        self._batches = answer.batches
        return self._batches

    def finish(self, frames: int = 0) -> messages.OutcomeAnswer:
        """Hand over what was uploaded for judgement. `frames`: as the camera counted them."""
        end = messages.Finish(self._size, self._hash.hexdigest(), frames)
        return self._repeat(messages.OutcomeAnswer, "POST", f"{self._attempt}/finish", end)

    # --- inside -------------------------------------------------------------------------------------------------------

    def _start(self, nonce: str, number: int) -> None:
        self._attempt = f"/attempts/{number}"
        self._nonce = nonce
        self._hash = hashlib.sha256()
        self._size = self._batches = 0

    def _put(self, piece: bytes) -> None:
        """Upload one piece. After a lost connection the server tells how much of it arrived."""
        done = self._size
        for pause in _pauses():
            rest = piece[done - self._size :]
            if not rest:
                return
            headers = {SLICE_HEADER: hashlib.sha256(rest).hexdigest()}
            try:
                answer = self._once(messages.Received, "PUT", f"{self._attempt}/video?offset={done}", rest, headers)
                done = self._agreed(answer.received, piece)
            except CaptureRefused as refusal:
                if not _passing(refusal):
                    raise
                self._sleep(pause)
                done = self._agreed(self.received(), piece)
        if done < self._size + len(piece):
            raise _unreachable("The upload did not get through.")

    def _agreed(self, received: int, piece: bytes) -> int:
        if not self._size <= received <= self._size + len(piece):
            raise CaptureRefused("offset_wrong", f"The server holds {received} bytes.", "Begin another attempt.", received=received)
        return received

    def _streamed(self, until: float) -> messages.OutcomeAnswer | None:
        """The last event of the outcome stream; None if it cannot be had."""
        last = None
        timeout = httpx.Timeout(10.0, read=max(0.1, min(15.0, until - time.monotonic())))
        try:
            with self._http.stream("GET", f"{self._base}/outcome/stream", headers=self._headers, timeout=timeout) as response:
                if response.status_code != httpx.codes.OK:
                    return None
                for last in _events(response.iter_lines(), until):
                    if last.state != "waiting":
                        break
        except httpx.TransportError:
            return None
        return last

    def _repeat(self, kind: type[S], method: str, path: str, body: msgspec.Struct | bytes | None = None) -> S:
        """A request that is safe to repeat, until it gets through."""
        file = body if isinstance(body, bytes) else None
        headers = None if file is None else {SLICE_HEADER: hashlib.sha256(file).hexdigest()}
        content = msgspec.json.encode(body) if isinstance(body, msgspec.Struct) else file
        for pause in _pauses():
            try:
                return self._once(kind, method, path, content, headers)
            except CaptureRefused as refusal:
                if not _passing(refusal):
                    raise
                last = refusal
                self._sleep(pause)
        raise last

    def _once(self, kind: type[S], method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> S:
        every = self._headers | {NONCE_HEADER: self._nonce, "Content-Type": "application/octet-stream" if headers else "application/json"}
        try:
            response = self._http.request(method, self._base + path, content=body, headers=every | (headers or {}))
        except httpx.TransportError as error:
            raise _unreachable(f"{self._base.removesuffix(PREFIX)} cannot be reached: {str(error) or type(error).__name__}.") from error
        if response.is_success:
            return _decode(response.content or b"{}", kind, response.status_code)
        raise _refused(response)


def _pauses() -> Iterator[float]:
    return (FIRST_PAUSE_S * 2**turn for turn in range(RETRIES))


def _passing(refusal: CaptureRefused) -> bool:
    """Whether the same request may succeed in a moment."""
    return refusal.problem in ("unreachable", "session_busy", "body_slow") or refusal.status >= httpx.codes.INTERNAL_SERVER_ERROR


def _refused(response: httpx.Response) -> CaptureRefused:
    problem = _decode(response.content, messages.Problem, response.status_code)
    return CaptureRefused(problem.problem, problem.detail, problem.remedy, response.status_code, problem.received)


def _decode(content: bytes, kind: type[S], status: int) -> S:
    try:
        return msgspec.json.decode(content, type=kind)
    except (msgspec.MsgspecError, ValueError) as error:
        detail = f"The answer (HTTP {status}) is not one of this protocol."
        raise CaptureRefused("answer_invalid", detail, "Check the server's address and version.", status) from error


def _unreachable(detail: str) -> CaptureRefused:
    return CaptureRefused("unreachable", detail, "Check the address and the network, then try again.")


def _events(lines: Iterable[str], until: float) -> Iterator[messages.OutcomeAnswer]:
    for line in lines:
        if line.startswith("data: "):
            yield _decode(line.removeprefix("data: ").encode(), messages.OutcomeAnswer, 200)
        if time.monotonic() >= until:
            return
