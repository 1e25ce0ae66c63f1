"""The simulated capture client does what a page does, in the order and at the times a page would."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pytest

from openekyc.capture.messages import Begun, Limits, PlannedLight
from openekyc.engine.values import Colour, GestureStep, HoldStep, Trace
from openekyc.simulator.camera import Rgb, Shot
from openekyc.simulator.run import CLOCK_START_MS, capture
from openekyc.simulator.script import AnyStep

STEPS = (HoldStep(1000), GestureStep("blink", 2, wait_ms=700, window_ms=2000), PlannedLight(2, 600), HoldStep(400))
COLOURS = (Colour(255, 64, 64, 300), Colour(64, 255, 64, 300))
LIMITS = Limits(10_000_000, 30.0, 1000, 2_000_000, 1000, 60, 180, tail_ms=1000)
END_MS = CLOCK_START_MS + 1000 + 2700 + 600 + 400


@dataclass
class Wire:
    """Stands for the server; notes what arrives and when (by the frames taken so far)."""

    steps: tuple[AnyStep, ...] = STEPS
    video: bytes = b""
    slices: int = 0
    batches: list[Trace] = field(default_factory=list)
    finished: int | None = None
    light_asked_ms: list[float] = field(default_factory=list)
    now_ms: float = 0.0

    def begin(self, *, light: bool = True) -> Begun:
        return Begun(1, "nonce", self.steps, 0, 0.0)

    def light(self) -> tuple[Colour, ...]:
        self.light_asked_ms.append(self.now_ms)
        return COLOURS

    def put_slices(self, pieces: Iterable[bytes]) -> int:
        for piece in pieces:
            self.video += piece
            self.slices += 1
        return len(self.video)

    def trace(self, batch: Trace) -> int:
        self.batches.append(batch)
        return len(self.batches)

    def finish(self, frames: int = 0) -> None:
        self.finished = frames


class Lens:
    """A camera of `count` frames at 30 a second, each `weight` bytes."""

    rendered = False
    label, mime, width, height, fps = "lens", "video/webm", 640, 480, 30.0

    def __init__(self, wire: Wire, count: int = 10_000, weight: int = 5_000) -> None:
        self._wire, self._count, self._weight = wire, count, weight
        self.seen: list[tuple[str, float]] = []
        self.told: list[tuple[int, float]] = []
        self._taken, self._start_ms, self._fresh = 0, 0.0, b""

    def start(self, steps: Sequence[AnyStep], now_ms: float) -> None:
        self._start_ms = now_ms

    def prompt(self, step: GestureStep, now_ms: float) -> None:
        self.seen.append((step.gesture, now_ms))

    def disclose(self, colours: Sequence[Colour], begin_ms: float) -> None:
        self.told = [(colour.red, begin_ms) for colour in colours]

    def paint(self, rgb: Rgb, now_ms: float) -> None:
        self.seen.append((f"{rgb[0]:g},{rgb[1]:g},{rgb[2]:g}", now_ms))

    def due_ms(self) -> float | None:
        return self._start_ms + self._taken * 1000 / self.fps if self._taken < self._count else None

    def shoot(self) -> Shot:
        now_ms = self.due_ms()
        assert now_ms is not None
        self._wire.now_ms = now_ms
        self._taken += 1
        self._fresh += bytes(self._weight)
        return Shot(now_ms, (now_ms - self._start_ms) / 1000, (1.0, 2.0, 3.0))

    def take(self) -> bytes:
        fresh, self._fresh = self._fresh, b""
        return fresh

    def close(self) -> bytes:
        return b"end"


def run(wire: Wire, **lens: int) -> Lens:
    camera = Lens(wire, **lens)
    capture(wire, camera, LIMITS)  # type: ignore[arg-type]
    return camera


def joined(wire: Wire, name: str) -> list[object]:
    return [item for batch in wire.batches for item in getattr(batch, name)]


def test_marks_every_step_prompt_and_colour() -> None:
    wire = Wire()
    run(wire)
    steps = joined(wire, "steps")
    assert [mark.index for mark in steps] == [0, 1, 2, 3]  # type: ignore[attr-defined]
    assert steps[1].prompt_ms == CLOCK_START_MS + 1700  # type: ignore[attr-defined]
    assert [mark.index for mark in joined(wire, "colours")] == [0, 1]  # type: ignore[attr-defined]
    assert wire.batches[0].recorder_started_ms == CLOCK_START_MS
    assert len(wire.batches) >= 8


def test_shows_prompts_and_colours_when_the_trace_says_so() -> None:
    wire = Wire()
    camera = run(wire)
    prompt = next(when for what, when in camera.seen if what == "blink")
    assert prompt == CLOCK_START_MS + 1700
    painted = [when for what, when in camera.seen if what in ("255,64,64", "64,255,64")]
    assert painted == [mark.painted_ms for mark in joined(wire, "colours")]  # type: ignore[attr-defined]
    assert camera.told == [(255, painted[0]), (64, painted[0])]


def test_asks_for_the_colours_only_when_their_step_begins() -> None:
    wire = Wire()
    run(wire)
    (asked,) = wire.light_asked_ms
    assert asked >= CLOCK_START_MS + 3700 - 100


def test_records_a_tail_and_uploads_while_recording() -> None:
    wire = Wire()
    run(wire)
    last = joined(wire, "frames")[-1]
    assert END_MS + 900 <= last.now_ms <= END_MS + 1000  # type: ignore[attr-defined]
    assert wire.slices > 3
    assert wire.finished == len(joined(wire, "frames"))
    assert wire.video.endswith(b"end")


def test_a_recording_that_ends_early_still_runs_all_steps() -> None:
    wire = Wire()
    run(wire, count=40)
    assert wire.finished == 40
    assert [mark.index for mark in joined(wire, "steps")] == [0, 1, 2, 3]  # type: ignore[attr-defined]


def test_stops_before_the_limit_on_bytes() -> None:
    wire = Wire()
    run(wire, weight=200_000)
    assert 9_000_000 < len(wire.video) < LIMITS.recording_max_bytes


@pytest.mark.parametrize("hold_ms", [29_000, 60_000])
def test_stops_before_the_limit_on_time(hold_ms: int) -> None:
    wire = Wire(steps=(HoldStep(hold_ms),))
    run(wire)
    assert joined(wire, "frames")[-1].now_ms <= CLOCK_START_MS + 30_000  # type: ignore[attr-defined]
