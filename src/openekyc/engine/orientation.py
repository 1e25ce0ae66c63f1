"""How a recording is to be held: the display matrix of its headers, any of the eight quarter turns and mirrors, as a player shows it."""

import struct
from typing import Any, NamedTuple

import cv2
import numpy as np
from av.sidedata.sidedata import Type

from openekyc.engine.face.values import Image

TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}
"""Degrees clockwise -> OpenCV's code."""


class Orientation(NamedTuple):
    """Rows and columns exchanged first, then mirrored left to right and upside down, then turned clockwise by `degrees`."""

    exchanged: bool = False
    mirrored: bool = False
    flipped: bool = False
    degrees: int = 0

    def turned(self, degrees: int) -> "Orientation":
        """The same turned further."""
        return self._replace(degrees=(self.degrees + degrees) % 360)

    def applied(self, image: Image) -> Image:
        """The picture as it is to be seen."""
        if self.exchanged:
            image = np.asarray(cv2.transpose(image), np.uint8)
        if self.mirrored or self.flipped:
            both = self.mirrored and self.flipped
            image = np.asarray(cv2.flip(image, -1 if both else int(self.mirrored)), np.uint8)
        return turned(image, self.degrees)


def turned(image: Image, degrees: int) -> Image:
    """Clockwise by 0, 90, 180 or 270 degrees."""
    return np.asarray(cv2.rotate(image, TURNS[degrees]), np.uint8) if degrees else image


def displayed(frame: Any) -> Orientation:
    """What a decoded frame's headers say."""
    found = next((bytes(data) for data in frame.side_data if data.type == Type.DISPLAYMATRIX), b"")
    return by_matrix(*struct.unpack("=9i", found)) if len(found) == 36 else Orientation()


def by_matrix(a: int, b: int, _u: int, c: int, d: int, *_rest: int) -> Orientation:
    """A point (x, y) is shown at (a x + c y, b x + d y). A matrix between two quarter turns counts as the nearer one."""
    if abs(a) + abs(d) >= abs(b) + abs(c):
        return Orientation(mirrored=a < 0, flipped=d < 0)
    return Orientation(exchanged=True, mirrored=c < 0, flipped=b < 0)
