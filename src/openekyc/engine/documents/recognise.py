"""What stands in a box: PP-OCR's line recognisers, and reading their output with or without a restricted alphabet.

A recogniser gives, for every eighth column of a line scaled to 48 pixels, the probability of each sign and of CTC's blank. Reading is
greedy: the best class of each column, repetitions merged, blanks dropped.
"""

import re
import unicodedata
from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

import cv2
import numpy as np

from openekyc.engine.documents.boxes import size
from openekyc.engine.documents.mrz import FILLER, SYMBOLS
from openekyc.engine.face.values import Floats, Image

HEIGHT = 48
NARROWEST, WIDEST = 48, 2400  # pixels of a scaled line; a machine-readable row of 44 signs takes about 1,300
BLANK = 0
LIKELY_SPACE = 0.1  # probability of a space somewhere between two signs from which it is one
FILLERS = frozenset("<Λ∧^≤«‹〈《人入八くヘへハㄑ")  # what recognisers take the filler of OCR-B for


class Text(NamedTuple):
    """One line as read: the mean probability of its signs, and where each stands (0..1 of the width)."""

    text: str
    score: float
    columns: tuple[float, ...]


class Reader:
    """A line recogniser and what its classes mean."""

    def __init__(self, network: Callable[[Floats], Floats], listed: bytes) -> None:
        self._network = network
        # One line a class, between CTC's blank and the space that PaddleOCR appends.
        self._symbols = ("", *listed.decode().splitlines(), " ")
        self._zone = [[place for place, sign in enumerate(self._symbols) if _zone_sign(sign) == wanted] for wanted in SYMBOLS]

    def chances(self, line: Image) -> Floats:
        """(columns, classes) of one straightened line."""
        plain = (line.astype(np.float32) / 127.5 - 1.0).transpose(2, 0, 1)[None]
        return np.asarray(self._network(np.ascontiguousarray(plain))[0], np.float32)

    def text(self, chances: Floats) -> Text:
        """The line in all signs known, NFKC-normalised."""
        text, score, columns = _greedy(chances)
        apart = _gaps(chances, columns)
        signs = (self._symbols[place] + " " * gap for place, gap in zip(text, apart, strict=True))
        whole = re.sub(r" {2,}", " ", unicodedata.normalize("NFKC", "".join(signs)))
        return Text(whole.strip(), score, columns)

    def zone(self, chances: Floats) -> Text:
        """The line in the 37 signs of a machine-readable zone; lower case and look-alikes of the filler count with them."""
        masked = np.stack([chances[:, BLANK], *(chances[:, places].sum(axis=1) for places in self._zone)], axis=1)
        text, score, columns = _greedy(masked)
        return Text("".join(SYMBOLS[place - 1] for place in text), score, columns)


def _zone_sign(sign: str) -> str:
    return FILLER if sign in FILLERS else sign.upper() if sign.isascii() else sign


def _greedy(chances: Floats) -> tuple[list[int], float, tuple[float, ...]]:
    best = chances.argmax(axis=1)
    first = np.flatnonzero((best != BLANK) & (best != np.concatenate(([BLANK], best[:-1]))))
    score = float(chances[first, best[first]].mean()) if len(first) else 0.0
    return [int(best[at]) for at in first], score, tuple((float(at) + 0.5) / len(best) for at in first)


def _gaps(chances: Floats, columns: tuple[float, ...]) -> list[bool]:
    """After which signs a space is likely enough, though nothing is likelier: in capitals the recogniser loses many a space so."""
    at = [int(column * len(chances)) for column in columns]
    return [bool(chances[one + 1 : other, -1].max(initial=0.0) >= LIKELY_SPACE) for one, other in pairwise(at)] + [False] * bool(at)


def straighten(image: Image, box: Floats, stretch: float = 1.0) -> Image:
    """A box as a level line of 48 pixels height, `stretch` times as wide as its shape asks for."""
    width, height = size(box)
    across = int(np.clip(round(HEIGHT * stretch * width / max(height, 1.0)), NARROWEST, WIDEST))
    frame = np.array([[0, 0], [across, 0], [across, HEIGHT], [0, HEIGHT]], np.float32)
    matrix = cv2.getPerspectiveTransform(box.astype(np.float32), frame)
    flags = cv2.INTER_CUBIC if height < HEIGHT else cv2.INTER_LINEAR
    return np.asarray(cv2.warpPerspective(image, matrix, (across, HEIGHT), flags=flags, borderMode=cv2.BORDER_REPLICATE), np.uint8)
