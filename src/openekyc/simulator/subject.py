"""The simulated subject: a person, or a presentation attack on that person, filmed by a simulated camera.

It exercises the whole path without a camera and lets benchmarks count outcomes per kind of subject. What it cannot show: its light
model is the one the light cue inverts, there is no real skin, glass, white balance or rolling shutter, and a rendered face is itself
an artefact. Passing it proves plumbing, timing and regressions, not security.
"""

from bisect import bisect_right
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from openekyc.engine import lock
from openekyc.engine.face.detect import detect
from openekyc.engine.face.landmarks import landmarks
from openekyc.engine.face.values import Floats, Image
from openekyc.engine.runtime import Models
from openekyc.engine.values import GestureStep, LightStep
from openekyc.errors import ModelError
from openekyc.sessions.challenge import draw
from openekyc.simulator.camera import Camera, Rgb, Shot
from openekyc.simulator.knobs import Kind, Knobs
from openekyc.simulator.motion import Person
from openekyc.simulator.portrait import Portrait, portrait
from openekyc.simulator.recorder import Recorder
from openekyc.simulator.scenes import GLASS, PAPER, FlatScene, PersonScene, Scene
from openekyc.simulator.script import AnyStep, gestures_of, level_of, slots, starts
from openekyc.simulator.sensor import Sensor, linear
from openekyc.simulator.warp import Warp

PAGE: Rgb = (235, 235, 235)  # a capture page is nearly white until colours are asked for
_EXPOSURE_MS = 20.0
_JITTER_MS = 3.0  # of the moments at which a camera delivers
_PORTRAIT = "portrait"  # its name in models.lock.toml


def load_portrait(models: Models, knobs: Knobs) -> Portrait:
    """The packaged portrait, prepared. Raises ModelError if the file is missing or altered."""
    item = next(item for item in lock.read_lock() if item.name == _PORTRAIT)
    lock.require(models.folder, (item,))
    picture = _read(models.folder / item.file)
    faces = detect(models, picture)
    mesh = landmarks(models, picture, faces[0]) if faces else None
    if mesh is None:
        raise ModelError(f"No face was found in {item.file}.", lock.REMEDY)
    return portrait(picture, faces[0], mesh, knobs)


def _read(path: Path) -> Image:
    return np.asarray(cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_COLOR), np.uint8)


def subject(kind: Kind, person: Portrait, knobs: Knobs) -> Camera:
    """A camera on a subject of this kind. `person` was loaded with the same size and face width as `knobs` say."""
    random = np.random.default_rng(knobs.seed)
    warp, actor = Warp(person), Person(random)
    if kind in ("live", "old"):
        scene: Scene = PersonScene(warp, actor)
    else:
        print_ = kind == "photo"
        share = PAPER if print_ else GLASS
        scene = FlatScene(warp, actor, Person(random, blinks=False), share=share, moves=kind == "replay", bezel=not print_)
    return (OldRecording if kind == "old" else SubjectCamera)(kind, scene, knobs, random)


class Screen:
    """What the screen that faces the subject showed when."""

    def __init__(self) -> None:
        self._times = [float("-inf")]
        self._lights = [linear(PAGE)]

    def paint(self, rgb: Rgb, now_ms: float) -> None:
        place = bisect_right(self._times, now_ms)
        self._times.insert(place, now_ms)
        self._lights.insert(place, linear(rgb))

    def light(self, now_ms: float) -> Floats:
        """Linear RGB (3,), averaged over an exposure that ends now."""
        moments = np.linspace(now_ms - _EXPOSURE_MS, now_ms, 5)
        lights = [self._lights[bisect_right(self._times, moment) - 1] for moment in moments]
        return np.asarray(np.mean(lights, axis=0), np.float32)


class SubjectCamera:
    """A rendering camera whose subject sees the prompts and is lit by the screen."""

    def __init__(self, kind: Kind, scene: Scene, knobs: Knobs, random: np.random.Generator) -> None:
        self.label, self.width, self.height, self.fps = f"simulated ({kind})", knobs.width, knobs.height, knobs.fps
        self._scene, self._knobs, self._random = scene, knobs, random
        self._screen, self._sensor = Screen(), Sensor(knobs, random)
        self._recorder = Recorder(knobs.codec, knobs.width, knobs.height, knobs.fps)
        self.mime = self._recorder.mime
        self._start_ms, self._count, self._due_ms = 0.0, 0, 0.0

    def start(self, steps: Sequence[AnyStep], now_ms: float) -> None:
        self._start_ms = self._due_ms = now_ms

    def prompt(self, step: GestureStep, now_ms: float) -> None:
        self._scene.prompt(step, now_ms)

    def paint(self, rgb: Rgb, now_ms: float) -> None:
        self._screen.paint(rgb, now_ms)

    def due_ms(self) -> float | None:
        return self._due_ms

    def shoot(self) -> Shot:
        now_ms = self._due_ms
        scene_ms = now_ms - self._knobs.lag_ms
        image = self._sensor.develop(self._scene.texture(scene_ms), self._screen.light(scene_ms))
        media_s = (now_ms - self._start_ms) / 1000
        self._recorder.add(image, media_s)
        self._count += 1
        self._due_ms = self._start_ms + self._count * 1000 / self.fps + self._random.uniform(0, _JITTER_MS)
        return Shot(now_ms, media_s, mean_rgb(image))

    def take(self) -> bytes:
        return self._recorder.take()

    def close(self) -> bytes:
        return self._recorder.close()


class OldRecording(SubjectCamera):
    """A recording of the person who answered an earlier challenge with the same gestures: today's prompts and colours change nothing."""

    def start(self, steps: Sequence[AnyStep], now_ms: float) -> None:
        super().start(steps, now_ms)
        earlier = draw(level_of(steps), [step.gesture for step in gestures_of(steps)], nonce="")
        for slot in slots(earlier.steps, now_ms):
            if isinstance(slot.step, GestureStep) and slot.prompt_ms is not None:
                super().prompt(slot.step, slot.prompt_ms)
            if isinstance(slot.step, LightStep):
                for colour, at_ms in starts(slot.step.colours, slot.begin_ms):
                    super().paint((colour.red, colour.green, colour.blue), at_ms)
                super().paint(PAGE, slot.end_ms)

    def prompt(self, step: GestureStep, now_ms: float) -> None:
        """Too late."""

    def paint(self, rgb: Rgb, now_ms: float) -> None:
        """Too late."""


def mean_rgb(image: Image) -> Rgb:
    """Mean 8-bit colour (red, green, blue) on a 64x48 copy of a BGR picture, as a browser client takes it."""
    blue, green, red, _ = cv2.mean(cv2.resize(image, (64, 48), interpolation=cv2.INTER_AREA))
    return red, green, blue
