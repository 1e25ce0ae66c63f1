"""Single pictures of faces from outside into pixels, with a bound on everything."""

from dataclasses import dataclass

import cv2
import numpy as np

from openekyc.engine.face.values import Image
from openekyc.engine.picture_size import picture_size
from openekyc.errors import MediaTooLarge, MediaUndecodable


@dataclass(frozen=True, slots=True)
class PictureLimits:
    """What a picture may cost: bytes of the file and pixels once decoded."""

    size: int = 10_000_000
    pixels: int = 40_000_000


def decode_picture(data: bytes, limits: PictureLimits | None = None) -> Image:
    """A JPEG, PNG, WebP or BMP as BGR, upright by its EXIF orientation. Raises MediaTooLarge or MediaUndecodable."""
    bound = limits or PictureLimits()
    if len(data) > bound.size:
        raise MediaTooLarge(f"The picture has more than {bound.size} bytes.")
    width, height = picture_size(data)
    if width * height > bound.pixels:
        raise MediaTooLarge(f"The picture has more than {bound.pixels} pixels.")
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error as error:
        raise MediaUndecodable("The picture cannot be decoded.") from error
    if image is None:
        raise MediaUndecodable("The picture cannot be decoded.")
    return np.asarray(image, np.uint8)
