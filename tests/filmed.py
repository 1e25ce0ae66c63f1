"""The simulated subject filmed straight into Evidence, without server or storage: for tests and benchmarks of the engine alone."""

from collections.abc import Sequence
from random import Random

from openekyc.capture.messages import Begun, Limits, PlannedLight
from openekyc.engine.runtime import Models
from openekyc.engine.values import Challenge, Evidence, Gesture, Level, LightStep, Trace
from openekyc.sessions.challenge import draw
from openekyc.simulator.camera import Camera
from openekyc.simulator.knobs import Kind, Knobs
from openekyc.simulator.run import capture
from openekyc.simulator.subject import load_portrait, subject

LIMITS = Limits(10_000_000, 30.0, 500, 2_000_000, 500, 60, 180, 1000)


class Keeper:
    """The part of a capture client that one attempt needs; keeps what is sent."""

    def __init__(self, challenge: Challenge) -> None:
        self.challenge, self.video, self.told = challenge, bytearray(), Trace()

    def begin(self, *, light: bool = True) -> Begun:
        steps = tuple(
            PlannedLight(len(step.colours), sum(c.duration_ms for c in step.colours)) if isinstance(step, LightStep) else step
            for step in self.challenge.steps
        )
        return Begun(1, self.challenge.nonce, steps, 0, 0.0)

    def light(self):
        return next(step.colours for step in self.challenge.steps if isinstance(step, LightStep))

    def trace(self, batch: Trace) -> None:
        lists = {name: getattr(self.told, name) + getattr(batch, name) for name in ("frames", "steps", "colours", "pings")}
        started = self.told.recorder_started_ms
        self.told = Trace(**lists, recorder_started_ms=batch.recorder_started_ms if started is None else started)

    def put_slices(self, slices) -> None:
        for data in slices:
            self.video += data

    def finish(self, frames: int) -> None:
        """Nothing to submit to."""


def film(
    models: Models, kind: Kind = "live", level: Level = 4, gestures: Sequence[Gesture] = ("blink",), seed: int = 1, **knobs
) -> Evidence:
    """Evidence of one attempt by a subject of this kind; `knobs` are those of the simulator."""
    turned = Knobs(seed=seed, **knobs)
    return filmed(subject(kind, load_portrait(models, turned), turned), draw(level, gestures, "nonce", rng=Random(seed)), level)


def filmed(camera: Camera, challenge: Challenge, level: Level) -> Evidence:
    """Evidence of one attempt in front of any camera. As in a sandbox the silent cue does not deny: renderings are artefacts."""
    keeper = Keeper(challenge)
    capture(keeper, camera, LIMITS)
    return Evidence(bytes(keeper.video), challenge, keeper.told, level, sandbox=True)
