"""The simulated camera's sensor: light on the scene, automatic exposure, gamma, noise.

Light adds up in linear light. As gamma is a pure power here, a pixel's code is its texture's code times a factor that depends only on
the share of screen light it gets, so one table of 256 factors per colour does a whole picture.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from openekyc.engine.face.values import Floats, Image
from openekyc.simulator.knobs import Knobs

GAMMA = 2.2
_TARGET = 118.0  # mean code that automatic exposure steers to
_NOISE_MARGIN = 64


def linear(rgb: tuple[float, float, float]) -> Floats:
    """8-bit codes to linear light 0..1."""
    return np.asarray((np.array(rgb, np.float32) / 255) ** GAMMA, np.float32)


class Sensor:
    """Turns textures and the screen's light into what the camera delivers. Keeps exposure and white balance from frame to frame.

    White balance starts settled and steers every channel's share back to what it was then, so it works against slow colour changes."""

    def __init__(self, knobs: Knobs, random: np.random.Generator) -> None:
        self._knobs, self._random = knobs, random
        self._shares = np.linspace(0, 1, 256, dtype=np.float32)
        self._exposure = 1.0
        self._gains = np.ones(3)  # blue, green, red
        self._balance: NDArray[np.float64] | None = None
        rows, columns = knobs.height + _NOISE_MARGIN, knobs.width + _NOISE_MARGIN
        self._noise = np.round(random.normal(0, knobs.noise, (rows, columns, 3))).astype(np.int16)

    def develop(self, texture: Image, light: Floats) -> Image:
        """BGR picture of `texture` (h, w, 4: BGR and share of screen light) under the room's light and `light` (3,) linear RGB, or
        (bands, 3) for as many bands of rows from the top if the shutter rolls."""
        bands = np.atleast_2d(light)
        if len(bands) == 1 or not np.ptp(bands, axis=0).any():
            lit = self._lit(texture, bands[0])
        else:
            parts = np.array_split(texture, len(bands))
            lit = np.vstack([self._lit(part, amount) for part, amount in zip(parts, bands, strict=True)])
        image = np.asarray(cv2.add(lit, self._grain(), dtype=cv2.CV_8U), np.uint8)
        self._adapt(image)
        return image

    def _lit(self, texture: Image, light: Floats) -> Image:
        *colours, share = cv2.split(texture)
        planes = [
            cv2.multiply(plane, cv2.LUT(share, self._factors(float(amount), float(gain))), dtype=cv2.CV_8U)
            for plane, amount, gain in zip(colours, light[::-1], self._gains, strict=True)
        ]
        return np.asarray(cv2.merge(planes), np.uint8)

    def _factors(self, amount: float, gain: float) -> Floats:
        light = self._knobs.ambient + self._knobs.screen * amount * self._shares
        return np.asarray((light * self._exposure * gain) ** (1 / GAMMA), np.float32)

    def _grain(self) -> np.ndarray[tuple[int, ...], np.dtype[np.int16]]:
        top, left = self._random.integers(0, _NOISE_MARGIN, 2)
        return self._noise[top : top + self._knobs.height, left : left + self._knobs.width]

    def _adapt(self, image: Image) -> None:
        means = np.maximum(image[::16, ::16].mean(axis=(0, 1)), 1.0)
        wanted = (_TARGET / float(means.mean())) ** GAMMA
        self._exposure *= float(np.clip(wanted, 0.5, 2.0)) ** self._knobs.exposure_speed
        if self._knobs.white_balance > 0:
            self._neutralise((means**GAMMA) / (means**GAMMA).sum())

    def _neutralise(self, shares: NDArray[np.float64]) -> None:
        if self._balance is None:
            self._balance = shares
        self._gains *= np.clip(self._balance / shares, 0.5, 2.0) ** self._knobs.white_balance
        self._gains /= self._gains.mean()
