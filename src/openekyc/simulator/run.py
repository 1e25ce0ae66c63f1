"""A capture client without a screen: it runs an attempt's steps in front of a camera and reports what it did, as a browser page does.

The client's clock is virtual: it moves from frame to frame, so a session takes as long as rendering and judging it, not as long as a
person would need.
"""

import heapq
from collections.abc import Callable, Iterable
from importlib.metadata import version
from itertools import count
from typing import Protocol

from openekyc.capture.client import CaptureClient
from openekyc.capture.messages import Begun, ClientInfo, Limits, OutcomeAnswer, PlannedLight
from openekyc.capture.messages import Camera as CameraInfo
from openekyc.engine.values import Colour, ColourMark, FrameSample, GestureStep, StepMark, Trace
from openekyc.errors import OpenEkycError
from openekyc.simulator.camera import Camera, Rgb, Shot
from openekyc.simulator.presenting import Pictures, present
from openekyc.simulator.script import Slot, slots, starts

SLICE_BYTES = 65_536
TRACE_MS = 500.0
CLOCK_START_MS = 1_000.0  # a page's clock starts when it loads, not when it records
PAINT_MS = 33.0  # from setting a colour to the second animation frame after it
PAGE: Rgb = (235.0, 235.0, 235.0)
SPARE_BYTES = 262_144  # kept free below the limit for what encoder and container still hold
WAIT_S = 120.0

Progress = Callable[[str], None]


class AttemptClient(Protocol):
    """What filming one attempt needs of a capture client."""

    def begin(self, *, light: bool = True) -> Begun: ...

    def light(self) -> tuple[Colour, ...]: ...

    def trace(self, batch: Trace) -> int: ...

    def put_slices(self, pieces: Iterable[bytes]) -> int: ...

    def finish(self, frames: int = 0) -> object: ...


class NoSandbox(OpenEkycError):
    """The key behind this token is not a sandbox key: rendered faces are for sandbox accounts only."""

    remedy = "Use a token got with a sandbox key: `openekyc keys create --account NAME --sandbox`."


def run_session(
    client: CaptureClient,
    cameras: Callable[[], Camera],
    attempts: int = 1,
    on_progress: Progress | None = None,
    pictures: Pictures | None = None,
    *,
    light: bool = True,
) -> OutcomeAnswer:
    """Open the client's session, show the document it asks for, and make up to `attempts` attempts, each with a new camera from `cameras`,
    until one is not to be repeated; without `light` each declines flashing colours. The last outcome: what a person in front of the screen
    would learn. Raises CaptureRefused, DocumentMissing, DocumentNotAccepted, and NoSandbox before anything is begun if a rendered subject
    were to answer an ordinary session."""
    say = on_progress or (lambda _: None)
    camera = cameras()
    opened = client.open(_info(camera))
    if camera.rendered and not opened.sandbox:
        raise NoSandbox
    if opened.document and not opened.document.confirmed:
        say(f"document: {opened.document.title}")
        present(client, opened.document, pictures or (lambda _: {}))
    for number in count(1):
        say(f"attempt {number}: capturing with {camera.label}")
        capture(client, camera, opened.limits, light=light)
        say(f"attempt {number}: waiting for the verdict")
        outcome = client.wait_outcome(WAIT_S)
        if outcome.state != "retry" or number >= attempts:
            return outcome
        camera = cameras()
    raise AssertionError("unreachable")


def capture(client: AttemptClient, camera: Camera, limits: Limits, *, light: bool = True) -> None:
    """One attempt from beginning to the submitted recording."""
    begun = client.begin(light=light)
    upload, report = _Upload(client, limits), _Report(client)
    steps = _Steps(client, camera, report, begun)
    end_ms = min(steps.end_ms + limits.tail_ms, CLOCK_START_MS + 1000 * limits.recording_max_s - 500)
    while (due_ms := camera.due_ms()) is not None and due_ms <= end_ms and upload.room:
        steps.run_until(due_ms)
        report.frame(camera.shoot())
        upload.add(camera.take())
    steps.run_until(end_ms)
    report.flush()
    upload.finish(camera.close(), report.frames)


def _info(camera: Camera) -> ClientInfo:
    described = CameraInfo(label=camera.label, width=camera.width, height=camera.height, rate=camera.fps)
    return ClientInfo(sdk="openekyc-simulator", version=version("openekyc"), capabilities=(camera.mime,), camera=described)


class _Steps:
    """Runs the steps on time: shows prompts, asks for the colours when their step begins, paints them, marks everything."""

    def __init__(self, client: AttemptClient, camera: Camera, report: "_Report", begun: Begun) -> None:
        self._client, self._camera, self._report = client, camera, report
        self._agenda: list[tuple[float, int, Callable[[], None]]] = []
        self._order = count()
        camera.paint(PAGE, CLOCK_START_MS)
        camera.start(begun.steps, CLOCK_START_MS)
        self.end_ms = CLOCK_START_MS
        for slot in slots(begun.steps, CLOCK_START_MS):
            self._plan(slot)
            self.end_ms = slot.end_ms

    def run_until(self, now_ms: float) -> None:
        """Do everything that is due by now."""
        while self._agenda and self._agenda[0][0] <= now_ms:
            heapq.heappop(self._agenda)[2]()

    def _at(self, when_ms: float, action: Callable[[], None]) -> None:
        heapq.heappush(self._agenda, (when_ms, next(self._order), action))

    def _plan(self, slot: Slot) -> None:
        step, prompt_ms = slot.step, slot.prompt_ms
        if isinstance(step, GestureStep) and prompt_ms is not None:
            self._at(prompt_ms, lambda: self._camera.prompt(step, prompt_ms))
        if isinstance(step, PlannedLight):
            self._at(slot.begin_ms, lambda: self._shine(slot))
        self._at(slot.end_ms, lambda: self._report.step(StepMark(slot.index, slot.begin_ms, slot.end_ms, prompt_ms)))

    def _shine(self, slot: Slot) -> None:
        colours = self._client.light()
        self._camera.disclose(colours, slot.begin_ms + PAINT_MS)
        for index, (colour, set_ms) in enumerate(starts(colours, slot.begin_ms)):
            self._paint_at(set_ms + PAINT_MS, _rgb(colour))
            self._mark_at(ColourMark(index, set_ms, set_ms + PAINT_MS))
        self._paint_at(slot.end_ms + PAINT_MS, PAGE)

    def _paint_at(self, when_ms: float, rgb: Rgb) -> None:
        self._at(when_ms, lambda: self._camera.paint(rgb, when_ms))

    def _mark_at(self, mark: ColourMark) -> None:
        self._at(mark.painted_ms, lambda: self._report.colour(mark))


def _rgb(colour: Colour) -> Rgb:
    return float(colour.red), float(colour.green), float(colour.blue)


class _Report:
    """Collects the trace and sends it in batches."""

    def __init__(self, client: AttemptClient) -> None:
        self._client = client
        self._samples: list[FrameSample] = []
        self._steps: list[StepMark] = []
        self._colours: list[ColourMark] = []
        self._sent_ms = self._now_ms = CLOCK_START_MS
        self.frames = 0

    def frame(self, shot: Shot) -> None:
        self.frames += 1
        self._now_ms = shot.now_ms
        red, green, blue = (round(value, 2) for value in shot.rgb)
        self._samples.append(FrameSample(shot.now_ms, (red, green, blue), media_s=round(shot.media_s, 4)))
        if shot.now_ms - self._sent_ms >= TRACE_MS:
            self.flush()

    def step(self, mark: StepMark) -> None:
        self._steps.append(mark)

    def colour(self, mark: ColourMark) -> None:
        self._colours.append(mark)

    def flush(self) -> None:
        """Send what has gathered."""
        started_ms = CLOCK_START_MS if self._sent_ms == CLOCK_START_MS else None
        frames, steps, colours = tuple(self._samples), tuple(self._steps), tuple(self._colours)
        self._client.trace(Trace(frames, steps, colours, recorder_started_ms=started_ms))
        self._samples, self._steps, self._colours, self._sent_ms = [], [], [], self._now_ms


class _Upload:
    """Sends the recording slice by slice while it grows."""

    def __init__(self, client: AttemptClient, limits: Limits) -> None:
        self._client, self._most = client, limits.recording_max_bytes - SPARE_BYTES
        self._slice = max(SLICE_BYTES, -(-limits.recording_max_bytes // max(1, limits.recording_max_slices - 2)))
        self._pending = bytearray()
        self._size = 0

    @property
    def room(self) -> bool:
        """Whether the limit on bytes leaves room for more frames."""
        return self._size < self._most

    def add(self, data: bytes) -> None:
        self._size += len(data)
        self._pending += data
        if len(self._pending) >= self._slice:
            self._send()

    def finish(self, last: bytes, frames: int) -> None:
        """Send the rest and submit the recording."""
        self.add(last)
        if self._pending:
            self._send()
        self._client.finish(frames)

    def _send(self) -> None:
        self._client.put_slices([bytes(self._pending)])
        self._pending.clear()
