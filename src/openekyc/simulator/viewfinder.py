"""The simulated camera's latest picture in a file, for a program that shows it."""

from itertools import count
from pathlib import Path

import cv2

from openekyc.engine.face.values import Image

EVERY = 4  # pictures
HEIGHT = 240
QUALITY = 75


class Viewfinder:
    """Keeps a small JPEG of every fourth picture in `file`, which is whole whenever it is read."""

    def __init__(self, file: Path) -> None:
        self._file, self._turns = file, count()

    def __call__(self, image: Image) -> None:
        if next(self._turns) % EVERY:
            return
        width = round(image.shape[1] * HEIGHT / image.shape[0])
        small = cv2.resize(image, (width, HEIGHT), interpolation=cv2.INTER_AREA)
        _, jpeg = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
        unfinished = self._file.with_name(f"{self._file.name}.part")
        unfinished.write_bytes(jpeg.tobytes())
        unfinished.replace(self._file)
