"""Recordings of finished sessions as an attacker may hold them: the film, and what the client reported about it.

A `Tap` stands between a simulated client and the server, or in the server's place, and keeps what goes by.
"""

from collections.abc import Iterable, Sequence

import msgspec

from openekyc.capture.messages import Begun, PlannedLight
from openekyc.engine.face.values import Image
from openekyc.engine.media import MediaLimits, open_video
from openekyc.engine.values import Colour, ColourMark, FrameSample, StepMark, Trace
from openekyc.simulator.camera import Rgb
from openekyc.simulator.filming import mean_rgb
from openekyc.simulator.knobs import Codec
from openekyc.simulator.recorder import Recorder
from openekyc.simulator.run import CLOCK_START_MS, PAINT_MS, AttemptClient
from openekyc.simulator.script import Slot, slots, starts

TRACE_FRAMES = 30  # in one batch
PIECE = 200_000  # bytes of one slice

Film = Sequence[tuple[float, Image]]  # seconds from the first picture, BGR
Samples = tuple[tuple[float, Rgb], ...]  # seconds, mean colour


class Asked(msgspec.Struct, frozen=True):
    """An attempt's steps and its colours."""

    steps: Begun
    colours: tuple[Colour, ...]

    def slots(self) -> tuple[Slot, ...]:
        """The steps on the recording's own clock, in milliseconds from its beginning."""
        return tuple(slots(self.steps.steps, 0.0))

    def prompt_ms(self) -> float:
        """When the first gesture is asked for."""
        return next(slot.prompt_ms for slot in self.slots() if slot.prompt_ms is not None)

    def light(self) -> Slot:
        """The step with the colours."""
        return next(slot for slot in self.slots() if isinstance(slot.step, PlannedLight))

    def end_ms(self) -> float:
        return self.slots()[-1].end_ms


class Footage(msgspec.Struct, frozen=True):
    """A film, what was asked in it, and the trace its client sent."""

    video: bytes
    person: str
    asked: Asked
    trace: Trace

    @property
    def samples(self) -> Samples:
        """What the client saw of every frame."""
        return tuple((frame.media_s or 0.0, frame.rgb) for frame in self.trace.frames)

    def film(self) -> Film:
        """The pictures."""
        return [(frame.time, frame.image) for frame in open_video(self.video, MediaLimits())]


class Tap:
    """Between a simulated client and the server: keeps what goes by. With `fed`, the server gets nothing of it but begin and light."""

    def __init__(self, client: AttemptClient, begun: Begun | None = None) -> None:
        self._client, self._begun = client, begun
        self._video = bytearray()
        self._colours: tuple[Colour, ...] = ()
        self._batches: list[Trace] = []

    def begin(self, *, light: bool = True) -> Begun:
        self._begun = self._begun or self._client.begin()
        return self._begun

    def light(self) -> tuple[Colour, ...]:
        self._colours = self._client.light()
        return self._colours

    def trace(self, batch: Trace) -> int:
        self._batches.append(batch)
        return len(self._batches)

    def put_slices(self, pieces: Iterable[bytes]) -> int:
        for piece in pieces:
            self._video += piece
        return len(self._video)

    def finish(self, frames: int = 0) -> None:
        """Nothing is submitted: `submit` does."""

    def footage(self, person: str) -> Footage:
        """What was filmed."""
        assert self._begun is not None  # noqa: S101 - filmed before
        frames = tuple(frame for batch in self._batches for frame in batch.frames)
        steps = tuple(mark for batch in self._batches for mark in batch.steps)
        colours = tuple(mark for batch in self._batches for mark in batch.colours)
        trace = Trace(frames, steps, colours, recorder_started_ms=CLOCK_START_MS)
        return Footage(bytes(self._video), person, Asked(self._begun, self._colours), trace)


def submit(client: AttemptClient, video: bytes, trace: Trace) -> None:
    """Hand a recording and a trace over, in pieces as a client does."""
    client.put_slices([video[place : place + PIECE] for place in range(0, len(video), PIECE)])
    client.trace(msgspec.structs.replace(trace, frames=()))
    for place in range(0, len(trace.frames), TRACE_FRAMES):
        client.trace(Trace(frames=trace.frames[place : place + TRACE_FRAMES]))
    client.finish(len(trace.frames))


def encode(film: Film, codec: Codec, fps: float, bits_per_second: int = 1_500_000) -> tuple[bytes, Samples]:
    """A film as a recording, and the mean colour of every frame."""
    height, width = film[0][1].shape[:2]
    recorder, samples = Recorder(codec, width, height, fps, bits_per_second), []
    for seconds, image in film:
        recorder.add(image, seconds)
        samples.append((seconds, mean_rgb(image)))
    return recorder.take() + recorder.close(), tuple(samples)


def fitting(asked: Asked, samples: Samples, shift_ms: float = 0.0) -> Trace:
    """The trace that a client would send which ran these steps while it saw these frames; the steps `shift_ms` later than that."""
    begin = CLOCK_START_MS + shift_ms
    frames = tuple(FrameSample(CLOCK_START_MS + 1000 * at, rgb, media_s=round(at, 4)) for at, rgb in samples)
    marks = (slot for slot in slots(asked.steps.steps, begin))
    steps = tuple(StepMark(slot.index, slot.begin_ms, slot.end_ms, slot.prompt_ms) for slot in marks)
    shine = begin + asked.light().begin_ms
    colours = tuple(ColourMark(place, at, at + PAINT_MS) for place, (_, at) in enumerate(starts(asked.colours, shine)))
    return Trace(frames, steps, colours, recorder_started_ms=CLOCK_START_MS)
