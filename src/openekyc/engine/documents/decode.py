"""A photograph of a document into pixels, with a bound on everything, upright by its EXIF orientation.

Photographs are shrunk while they are decoded: no card needs more than 3,000 pixels. A file that breaks off is refused, where a picture
of a face would be used as far as it goes: the missing half of a card is missing data.
"""

import cv2
import numpy as np

from openekyc.engine.face.values import Image
from openekyc.engine.picture import SHRUNK, checked_size
from openekyc.errors import MediaTooLarge, MediaUndecodable
from openekyc.picture_limits import MOST_BYTES

ENOUGH = 1_600  # pixels of the longer side that must be left after shrinking
SHORTEST_SIDE = 100


def decode_card(data: bytes) -> Image:
    """A JPEG, PNG, WebP or BMP as BGR; of an animation the first picture. Raises MediaTooLarge or MediaUndecodable."""
    if len(data) > MOST_BYTES:
        raise MediaTooLarge(f"The picture has more than {MOST_BYTES} bytes.")
    width, height = checked_size(data)
    if min(width, height) < SHORTEST_SIDE:
        raise MediaUndecodable(f"A side of the picture is shorter than {SHORTEST_SIDE} pixels.")
    divisor = max(step for step in SHRUNK if step == 1 or max(width, height) / step >= ENOUGH)
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), SHRUNK[divisor])
    except cv2.error as error:
        raise MediaUndecodable("The picture cannot be decoded.") from error
    if image is None:
        raise MediaUndecodable("The picture cannot be decoded.")
    decoded = np.asarray(image, np.uint8)
    if breaks_off(data) and _ends_blank(decoded):
        raise MediaUndecodable("The picture breaks off.")
    return decoded


def _ends_blank(image: Image) -> bool:
    """Whether nothing is in the last hundredth of the rows: decoders fill what is missing with one colour."""
    last = image[-max(image.shape[0] // 100, 1) :]
    return bool((last == last[0, 0]).all())


def breaks_off(data: bytes) -> bool:
    """Whether a file ends before its format says it may. Data behind the end, which some cameras write, does no harm."""
    if data[:2] == b"\xff\xd8":
        return data.rfind(b"\xff\xd9") < data.rfind(b"\xff\xda")  # the last scan has no end
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        return b"IEND" not in data[-4096:]
    if data[:4] == b"RIFF":
        return len(data) < int.from_bytes(data[4:8], "little") + 8
    return False
