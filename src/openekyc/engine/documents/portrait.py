"""The portrait on a card: the largest face the product's own detector finds, with some room around it. Ghost images are smaller."""

from typing import TYPE_CHECKING

import cv2
import numpy as np

from openekyc.engine.face.detect import detect
from openekyc.engine.face.values import Image

if TYPE_CHECKING:
    from openekyc.engine.runtime import Models

ROOM = 0.45  # of the face box's longer side, added on each side
SCORE = 0.5  # portraits on cards are small, grey and covered by patterns
SMALLEST = 0.05  # of the card's width: a smaller face is decoration
QUALITY = 92


def find_portrait(models: "Models", card: Image) -> Image | None:
    """The portrait's pixels, None if the card shows no face."""
    faces = detect(models, card, score=SCORE)
    if not faces or faces[0].box[2] < SMALLEST * card.shape[1]:
        return None
    x, y, width, height = faces[0].box
    room = ROOM * max(width, height)
    left, top = max(int(x - room), 0), max(int(y - room), 0)
    right, bottom = int(x + width + room), int(y + height + room)
    return card[top:bottom, left:right]


def jpeg(image: Image, quality: int = QUALITY) -> bytes:
    """The picture as JPEG."""
    done, data = cv2.imencode(".jpg", np.ascontiguousarray(image), [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise ValueError("the picture cannot be encoded")
    return bytes(data)
