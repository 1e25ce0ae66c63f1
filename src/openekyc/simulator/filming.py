"""The simulated camera: what is in front of it, lit by the screen, through the sensor into a real encoder."""

from bisect import bisect_right
from collections.abc import Callable, Sequence

import cv2
import numpy as np

from openekyc.engine.face.values import Floats, Image
from openekyc.engine.values import Colour, GestureStep
from openekyc.simulator.camera import Rgb, Shot
from openekyc.simulator.knobs import Kind, Knobs
from openekyc.simulator.recorder import Recorder
from openekyc.simulator.scenes import Scene
from openekyc.simulator.script import AnyStep
from openekyc.simulator.sensor import Sensor, linear

PAGE: Rgb = (235, 235, 235)  # a capture page is nearly white until colours are asked for
_EXPOSURE_MS = 20.0
_JITTER_MS = 3.0  # of the moments at which a camera delivers
_BANDS = 12  # of rows that a rolling shutter exposes together


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

    def rolling(self, now_ms: float, readout_ms: float) -> Floats:
        """Linear RGB (bands, 3) from the first rows to the last, whose exposure ends now; (1, 3) without a readout time."""
        if readout_ms <= 0:
            return self.light(now_ms)[None]
        return np.stack([self.light(now_ms - readout_ms * (1 - (band + 0.5) / _BANDS)) for band in range(_BANDS)])


class SubjectCamera:
    """A rendering camera whose subject sees the prompts and is lit by the screen."""

    rendered = True

    def __init__(self, kind: Kind, scene: Scene, knobs: Knobs, random: np.random.Generator) -> None:
        self.label, self.width, self.height, self.fps = f"simulated ({kind})", knobs.width, knobs.height, knobs.fps
        self._scene, self._knobs, self._random = scene, knobs, random
        self._screen, self._sensor = Screen(), Sensor(knobs, random)
        self._recorder = Recorder(knobs.codec, knobs.width, knobs.height, knobs.fps, knobs.bits_per_second)
        self.mime = self._recorder.mime
        self._start_ms, self._count, self._due_ms = 0.0, 0, 0.0
        self.viewfinder: Callable[[Image], None] | None = None  # shown every picture that is recorded

    def start(self, steps: Sequence[AnyStep], now_ms: float) -> None:
        self._start_ms = self._due_ms = now_ms

    def prompt(self, step: GestureStep, now_ms: float) -> None:
        self._scene.prompt(step, now_ms)

    def disclose(self, colours: Sequence[Colour], begin_ms: float) -> None:
        """A camera is not told."""

    def paint(self, rgb: Rgb, now_ms: float) -> None:
        self._screen.paint(rgb, now_ms)

    def due_ms(self) -> float | None:
        return self._due_ms

    def shoot(self) -> Shot:
        now_ms = self._due_ms
        scene_ms = now_ms - self._knobs.lag_ms
        light = self._screen.rolling(scene_ms, self._knobs.readout_ms)
        image = self._sensor.develop(self._scene.texture(scene_ms), light)
        media_s = (now_ms - self._start_ms) / 1000
        self._recorder.add(image, media_s)
        if self.viewfinder:
            self.viewfinder(image)
        self._count += 1
        self._due_ms = self._start_ms + self._count * 1000 / self.fps + self._random.uniform(0, _JITTER_MS)
        return Shot(now_ms, media_s, mean_rgb(image))

    def take(self) -> bytes:
        return self._recorder.take()

    def close(self) -> bytes:
        return self._recorder.close()


def mean_rgb(image: Image) -> Rgb:
    """Mean 8-bit colour (red, green, blue) on a 64x48 copy of a BGR picture, as a browser client takes it."""
    blue, green, red, _ = cv2.mean(cv2.resize(image, (64, 48), interpolation=cv2.INTER_AREA))
    return red, green, blue
