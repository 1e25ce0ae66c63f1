"""The simulated camera's sensor: light on the scene, automatic exposure, gamma, noise.

Light adds up in linear light. As gamma is a pure power here, a pixel's code is its texture's code times a factor that depends only on
the share of screen light it gets, so one table of 256 factors per colour does a whole picture.
"""

import cv2
import numpy as np

from openekyc.engine.face.values import Floats, Image
from openekyc.simulator.knobs import Knobs

GAMMA = 2.2
_TARGET = 118.0  # mean code that automatic exposure steers to
_SPEED = 0.02  # share of the remaining error corrected per frame: slow, as phones do
_NOISE_MARGIN = 64


def linear(rgb: tuple[float, float, float]) -> Floats:
    """8-bit codes to linear light 0..1."""
    return np.asarray((np.array(rgb, np.float32) / 255) ** GAMMA, np.float32)


class Sensor:
    """Turns textures and the screen's light into what the camera delivers. Keeps the exposure from frame to frame."""

    def __init__(self, knobs: Knobs, random: np.random.Generator) -> None:
        self._knobs, self._random = knobs, random
        self._shares = np.linspace(0, 1, 256, dtype=np.float32)
        self._exposure = 1.0
        rows, columns = knobs.height + _NOISE_MARGIN, knobs.width + _NOISE_MARGIN
        self._noise = np.round(random.normal(0, knobs.noise, (rows, columns, 3))).astype(np.int16)

    def develop(self, texture: Image, light: Floats) -> Image:
        """BGR picture of `texture` (h, w, 4: BGR and share of screen light) under the room's light and `light` (3,) linear RGB."""
        *colours, share = cv2.split(texture)
        planes = [
            cv2.multiply(plane, cv2.LUT(share, self._factors(float(amount))), dtype=cv2.CV_8U)
            for plane, amount in zip(colours, light[::-1], strict=True)
        ]
        image = np.asarray(cv2.add(cv2.merge(planes), self._grain(), dtype=cv2.CV_8U), np.uint8)
        self._adapt(image)
        return image

    def _factors(self, amount: float) -> Floats:
        light = self._knobs.ambient + self._knobs.screen * amount * self._shares
        return np.asarray((light * self._exposure) ** (1 / GAMMA), np.float32)

    def _grain(self) -> np.ndarray[tuple[int, ...], np.dtype[np.int16]]:
        top, left = self._random.integers(0, _NOISE_MARGIN, 2)
        return self._noise[top : top + self._knobs.height, left : left + self._knobs.width]

    def _adapt(self, image: Image) -> None:
        mean = max(float(np.mean(image[::16, ::16])), 1.0)
        wanted = self._exposure * (_TARGET / mean) ** GAMMA
        self._exposure *= float(np.clip(wanted / self._exposure, 0.5, 2.0)) ** _SPEED
