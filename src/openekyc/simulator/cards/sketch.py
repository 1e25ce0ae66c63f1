"""A card before it is drawn: texts with places, and the values that reading it should give."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from openekyc.engine.documents.values import Box, KindName, Side

WIDTH, HEIGHT, PASSPORT_HEIGHT = 1012, 638, 712
ZONE_ROW = 30  # signs of the shortest row of a zone

Style = Literal["varied", "plain"]
Face = Literal["jp", "sc", "tc", "hk", "thai", "mono", "ocrb"]
DARK, BLUE, RED, PALE = (32, 32, 40), (30, 50, 120), (150, 40, 40), (120, 130, 140)


@dataclass(frozen=True, slots=True)
class Text:
    """One printed text: its upper left corner, its size in pixels (of a full Han character), its face and colour (RGB), the share of an em
    by which its characters are set apart."""

    text: str
    x: float
    y: float
    size: float = 32
    face: Face = "sc"
    colour: tuple[int, int, int] = DARK
    apart: float = 0.0


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that got onto a card later: where its middle is (x, y), its colour (RGB); `chance` (0 to 1) decides lean and strength."""

    form: Literal["fold", "stamp", "stroke"]
    middle: tuple[float, float]
    chance: float
    colour: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Plate:
    """One side: its texts, where the portrait goes, and what got onto it later."""

    texts: tuple[Text, ...]
    portrait: Box | None = None
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Sketch:
    """A card of one invented person. `fields` are the values printed on it, as `read_card` names and writes them; those that only repeat
    another field are left out."""

    kind: KindName
    sides: Mapping[Side, Plate]
    fields: Mapping[str, str]
    ground: tuple[int, int, int]

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return WIDTH, PASSPORT_HEIGHT if self.kind == "MLIDPassport" else HEIGHT


def is_zone(text: Text) -> bool:
    """Whether a text is a row of a machine-readable zone."""
    return text.face in ("mono", "ocrb") and len(text.text) >= ZONE_ROW
