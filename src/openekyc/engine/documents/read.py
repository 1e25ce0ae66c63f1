"""One side of a document: turned upright, its text, and its machine-readable zone.

Pass 1 reads every box with the small recogniser. Pass 2 reads again what may be Han or kana, with the large one, and Thai with Tesseract;
which of these, the kind's scripts say.
"""

import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from openekyc.engine.documents import thai, thai_cuts
from openekyc.engine.documents.pieces import read_pieces, straight
from openekyc.engine.documents.recognise import Text
from openekyc.engine.documents.strips import rejoined
from openekyc.engine.documents.values import Box, Line, Page, Script, Side
from openekyc.engine.documents.zone import find_zone
from openekyc.engine.face.values import Floats, Image

if TYPE_CHECKING:
    from openekyc.engine.runtime import Models

WIDTH = 1012.0  # of the page that line positions refer to
CLEAR = 0.93  # probability from which a Latin reading needs no second opinion
FAINT = 0.3  # lines less probable than this are noise
FEWEST_BOXES = 4
PART_MARGIN = 0.12  # of its longer side, around the text of a picture
MOST_OF = 0.6  # of the picture
_LATIN = re.compile(r"[\x20-\x7eÀ-ɏ]+")
_THAI_DAY = re.compile(r"^\d{1,2}(?!.*[A-Za-z]{3}).*[.A-Za-z].*2[3-6]\d\d$")  # a Thai date, to who reads Latin letters
_HAN = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff]")


class Reading(NamedTuple):
    """One side as read. `image` is upright; `boxes` are those of the page's lines, in its pixels."""

    image: Image
    page: Page
    boxes: tuple[Floats, ...]
    turn: int
    notices: tuple[str, ...] = ()


def read_side(models: "Models", image: Image, side: Side) -> Reading:
    """Pass 1: every line with the small recogniser, and the zone."""
    found = read_pieces(models, image)
    zone = find_zone(models, found.image, found.pieces)
    scale = WIDTH / found.image.shape[1]
    lines = tuple(Line(piece.text.text, round(piece.text.score, 4), _box(piece.box * scale)) for piece in found.pieces)
    return Reading(found.image, Page(side, lines, zone), tuple(piece.box for piece in found.pieces), found.turn)


def read_scripts(models: "Models", reading: Reading, scripts: frozenset[Script]) -> Reading:
    """Pass 2: lines that may be of other scripts than Latin, read by who knows them; what stays illegible is dropped."""
    texts: dict[int, Text] = {}
    notices: tuple[str, ...] = ()
    if scripts & {"han", "kana"}:
        texts |= _second_opinion(models, reading)
    if "thai" in scripts:
        found, notices = _thai(reading)
        texts |= found
    lines = tuple(
        Line(texts[place].text, round(texts[place].score, 4), line.box) if place in texts else line
        for place, line in enumerate(reading.page.lines)
    )
    kept = tuple(line for line in lines if line.text and line.score >= FAINT)
    if scripts & {"han", "kana"}:
        kept = rejoined(models, reading.image, kept, reading.image.shape[1] / WIDTH)
    return reading._replace(page=Page(reading.page.side, kept, reading.page.zone), notices=notices)


def written_part(reading: Reading) -> Image | None:
    """The part of the picture that holds its text, with a margin; None if that is most of it or there is hardly any."""
    if len(reading.boxes) < FEWEST_BOXES:
        return None
    points = np.concatenate(reading.boxes)
    (left, top), (right, bottom) = np.percentile(points, 3, axis=0), np.percentile(points, 97, axis=0)
    margin = PART_MARGIN * max(right - left, bottom - top)
    height, width = reading.image.shape[:2]
    left, top = max(int(left - margin), 0), max(int(top - margin), 0)
    part = reading.image[top : min(int(bottom + margin), height), left : min(int(right + margin), width)]
    return part if part.shape[0] * part.shape[1] < MOST_OF * height * width else None


def _second_opinion(models: "Models", reading: Reading) -> dict[int, Text]:
    found = {}
    for place, (line, box) in enumerate(zip(reading.page.lines, reading.boxes, strict=True)):
        if not needs_large(line):
            continue
        reader = models.text_reader_large
        text = reader.text(reader.chances(straight(reading.image, box)))
        if text.text and (_HAN.search(text.text) or text.score >= line.score):
            found[place] = text
    return found


def needs_large(line: Line) -> bool:
    """Whether a line is worth a second reading: anything but clear Latin letters and digits, and rows of a zone."""
    return not _plain(line)


def _plain(line: Line) -> bool:
    """Latin letters and digits beyond doubt, or a row of a zone."""
    return bool(_LATIN.fullmatch(line.text)) and (line.score >= CLEAR or line.text.count("<") > 2)


def _thai(reading: Reading) -> tuple[dict[int, Text], tuple[str, ...]]:
    if not thai.installed():
        return {}, (thai.MISSING,)
    places = [place for place, line in enumerate(reading.page.lines) if not _plain(line) or _THAI_DAY.search(line.text)]
    texts = thai.read_thai([thai_cuts.cuts(reading.image, reading.boxes[place]) for place in places])
    if texts is None:
        return {}, (thai.FAILED,)
    return {place: text for place, text in zip(places, texts, strict=False) if thai.has_thai(text.text)}, ()


def _box(corners: Floats) -> Box:
    left, top = corners.min(axis=0)
    right, bottom = corners.max(axis=0)
    return round(float(left), 1), round(float(top), 1), round(float(right - left), 1), round(float(bottom - top), 1)
