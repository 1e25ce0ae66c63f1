"""From a sketch to pixels."""

from functools import cache
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from openekyc.engine.face.values import Image as Pixels
from openekyc.simulator.cards.sketch import PALE, Face, Plate, Sketch, Text
from openekyc.simulator.cards.wear import mark

HAN_FILE, THAI_FILE = "NotoSansCJK-Regular.ttc", "Sarabun-Regular.ttf"
OCRB_FILE = "OCRB.otf"
OCRB_SYSTEM = Path("/usr/share/fonts/opentype/ocr-b") / OCRB_FILE  # of Debian's fonts-ocr-b
OCRB_ADVANCE = 0.723  # em
NOTE = "SPECIMEN - schematic card, not a document"

_IN_COLLECTION: dict[Face, int] = {"jp": 0, "sc": 2, "tc": 3, "hk": 4, "mono": 5}
_RISE = {"thai": 0.16, "mono": 0.24, "ocrb": -0.1}  # how far the faces draw below the given top, in em, against the Han square


def draw(sketch: Sketch, fonts: Path, portrait: Pixels) -> dict[str, Pixels]:
    """Every side of a card as BGR pixels; `fonts` is the folder of the font files, `portrait` a head and shoulders in BGR."""
    return {side: _plate(sketch, plate, fonts, portrait) for side, plate in sketch.sides.items()}


def _plate(sketch: Sketch, plate: Plate, fonts: Path, portrait: Pixels) -> Pixels:
    picture = Image.fromarray(_ground(sketch))
    pen = ImageDraw.Draw(picture)
    if plate.portrait:
        x, y, width, height = (round(number) for number in plate.portrait)
        picture.paste(
            Image.fromarray(cv2.cvtColor(cv2.resize(portrait, (width, height), interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2RGB)), (x, y)
        )
    for text in plate.texts:
        _print(pen, text, fonts)
    _print(pen, Text(NOTE, 24, 4 if sketch.kind == "MLIDPassport" else sketch.size[1] - 26, 18, "sc", PALE), fonts)
    pixels = np.asarray(cv2.cvtColor(np.asarray(picture), cv2.COLOR_RGB2BGR), np.uint8)
    for one in plate.marks:
        pixels = mark(pixels, one)
    return pixels


def _ground(sketch: Sketch) -> Pixels:
    """The kind's tint with a pale sideways gradient and fine waves."""
    width, height = sketch.size
    y, x = np.mgrid[:height, :width].astype(np.float32)
    waves = 4 * np.sin(x / 23 + 3 * np.sin(y / 60)) + 6 * (x / width - 0.5)
    return np.asarray(np.clip(np.array(sketch.ground, np.float32) + waves[..., None], 0, 255), np.uint8)


def _print(pen: "ImageDraw.ImageDraw", text: Text, fonts: Path) -> None:
    font = _font(fonts, text.face, round(text.size))
    top = text.y - _RISE.get(text.face, 0.24) * text.size
    if not text.apart:
        pen.text((text.x, top), text.text, font=font, fill=text.colour)
        return
    x = text.x
    for character in text.text:
        pen.text((x, top), character, font=font, fill=text.colour)
        x += pen.textlength(character, font=font) + text.apart * text.size


@cache
def _font(fonts: Path, face: Face, size: int) -> "ImageFont.FreeTypeFont":
    if face == "thai":
        return ImageFont.truetype(str(fonts / THAI_FILE), size)
    if face == "ocrb":
        if file := ocrb(fonts):
            return ImageFont.truetype(str(file), round(size * 0.5 / OCRB_ADVANCE))
        face = "mono"
    return ImageFont.truetype(str(fonts / HAN_FILE), size, index=_IN_COLLECTION[face])


def ocrb(fonts: Path) -> Path | None:
    """The OCR-B file, of the folder or of the system; None if there is none, and zones are drawn in the other face."""
    return next((file for file in (fonts / OCRB_FILE, OCRB_SYSTEM) if file.is_file()), None)
