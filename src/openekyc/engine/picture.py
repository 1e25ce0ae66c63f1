"""Single pictures of faces from outside into pixels, with a bound on everything. Large photographs are shrunk while they are decoded."""

from dataclasses import dataclass

import cv2
import numpy as np

from openekyc.engine.face.values import Image
from openekyc.engine.picture_size import picture_size
from openekyc.errors import MediaTooLarge, MediaUndecodable
from openekyc.picture_limits import MOST_BYTES, divisor, most_pixels

SHRUNK = {1: cv2.IMREAD_COLOR, 2: cv2.IMREAD_REDUCED_COLOR_2, 4: cv2.IMREAD_REDUCED_COLOR_4, 8: cv2.IMREAD_REDUCED_COLOR_8}
"""By how much the sides are divided -> OpenCV's flag."""


@dataclass(frozen=True, slots=True)
class PictureLimits:
    """What a picture may cost: bytes of the file, and pixels by its header (None: what its format may have)."""

    size: int = MOST_BYTES
    pixels: int | None = None


def decode_picture(data: bytes, limits: PictureLimits | None = None) -> Image:
    """A JPEG, PNG, WebP or BMP as BGR, upright by its EXIF orientation. Raises MediaTooLarge or MediaUndecodable."""
    bound = limits or PictureLimits()
    if len(data) > bound.size:
        raise MediaTooLarge(f"The picture has more than {bound.size} bytes.")
    width, height = checked_size(data, bound.pixels)
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), SHRUNK[divisor(data, width, height)])
    except cv2.error as error:
        raise MediaUndecodable("The picture cannot be decoded.") from error
    if image is None:
        raise MediaUndecodable("The picture cannot be decoded.")
    return np.asarray(image, np.uint8)


def checked_size(data: bytes, pixels: int | None = None) -> tuple[int, int]:
    """Width and height by the header. Raises MediaTooLarge if it has more than `pixels` (None: what its format may have)."""
    width, height = picture_size(data)
    most = most_pixels(data) if pixels is None else pixels
    if width * height > most:
        raise MediaTooLarge(f"The picture has {width} x {height} pixels, more than the {most:,} that are allowed.")
    return width, height
