"""Subjects rendered to files: a recording and its challenge file each, listed in a manifest that `openekyc pad-report` reads."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from random import Random

import msgspec

from openekyc.capture.messages import Begun, Limits, PlannedLight
from openekyc.engine.challenge_file import ChallengeFile, TimedGesture, TimedHold, TimedLight
from openekyc.engine.values import LEVELS_WITH_GESTURES, Challenge, Colour, ColourMark, GestureStep, LightStep, StepMark, Trace
from openekyc.sessions.challenge import draw
from openekyc.simulator.camera import Camera
from openekyc.simulator.population import Cast, presentation
from openekyc.simulator.run import CLOCK_START_MS, capture
from openekyc.simulator.sessions import Order

MANIFEST = "manifest.csv"
COLUMNS = ("path", "label", "species", "subject", "level", "challenge", "seed", "light", "camera")
LIMITS = Limits(10_000_000, 30.0, 500, 2_000_000, 500, 60, 180, 1000)
_ENDINGS = {"h264-mkv": "mkv", "vp8-webm": "webm", "vp9-webm": "webm", "h264-mp4": "mp4"}


class Take:
    """Stands for the server while one attempt is filmed, and keeps what it would get."""

    def __init__(self, challenge: Challenge) -> None:
        self.challenge, self.video = challenge, bytearray()
        self.steps: list[StepMark] = []
        self.colours: list[ColourMark] = []

    def begin(self, *, light: bool = True) -> Begun:
        steps = tuple(
            PlannedLight(len(step.colours), sum(colour.duration_ms for colour in step.colours)) if isinstance(step, LightStep) else step
            for step in self.challenge.steps
        )
        return Begun(1, self.challenge.nonce, steps, 0, 0.0)

    def light(self) -> tuple[Colour, ...]:
        return next(step.colours for step in self.challenge.steps if isinstance(step, LightStep))

    def trace(self, batch: Trace) -> int:
        self.steps += batch.steps
        self.colours += batch.colours
        return 0

    def put_slices(self, pieces: Iterable[bytes]) -> int:
        for piece in pieces:
            self.video += piece
        return len(self.video)

    def finish(self, frames: int = 0) -> None:
        """Nothing to submit to."""


def film(camera: Camera, challenge: Challenge) -> tuple[bytes, ChallengeFile]:
    """What a camera records while the challenge runs, and when in it what was asked."""
    take = Take(challenge)
    capture(take, camera, LIMITS)
    return bytes(take.video), _timed(take)


def render(cast: Cast, orders: Sequence[Order], folder: Path) -> Iterator[str]:
    """Write every order's files into `folder` and its line into the manifest there; names of the recordings, as they are done.
    Interrupted, it leaves a manifest of what is complete."""
    with (folder / MANIFEST).open("w", newline="", encoding="utf-8") as file:
        manifest = csv.writer(file)
        manifest.writerow(COLUMNS)
        for order in orders:
            row = _render(cast, order, folder)
            manifest.writerow(row)
            file.flush()
            yield str(row[0])


def _render(cast: Cast, order: Order, folder: Path) -> tuple[object, ...]:
    shown = presentation(order.seed)
    gestures = order.gestures or (shown.gesture,)
    asked = draw(order.level, gestures if order.level in LEVELS_WITH_GESTURES else (), nonce="", rng=Random(order.seed))  # noqa: S311
    video, challenge = film(cast.camera(order.kind, shown), asked)
    stem = f"{order.kind}-{order.level}-{order.seed}"
    name, steps = f"{stem}.{_ENDINGS[shown.knobs.codec]}", f"{stem}.json"
    (folder / name).write_bytes(video)
    (folder / steps).write_bytes(msgspec.json.encode(challenge))
    live = order.kind == "live"
    label, species = ("bona_fide", "") if live else ("attack", order.kind)
    return name, label, species, shown.subject, order.level, steps, order.seed, shown.light, shown.camera


def _timed(take: Take) -> ChallengeFile:
    """The steps on the recording's clock, which begins when the recorder does."""
    steps: list[TimedHold | TimedGesture | TimedLight] = []
    for mark in take.steps:
        step = take.challenge.steps[mark.index]
        begin, end = mark.begin_ms - CLOCK_START_MS, mark.end_ms - CLOCK_START_MS
        if isinstance(step, GestureStep):
            prompt = (mark.prompt_ms or mark.begin_ms) - CLOCK_START_MS
            steps.append(TimedGesture(step.gesture, prompt, end, begin_ms=begin, times=step.times))
        elif isinstance(step, LightStep):
            painted = take.colours[0].painted_ms - CLOCK_START_MS
            steps.append(TimedLight(painted, step.colours))
        else:
            steps.append(TimedHold(begin, end))
    return ChallengeFile(tuple(steps))
