"""Cards into a folder: pictures, and the manifest that `openekyc card-report` reads."""

import csv
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import cast
from zlib import crc32

import cv2
import numpy as np

from openekyc.engine.documents.values import KindName, Side
from openekyc.engine.face.values import Image
from openekyc.engine.lock import LockedFile, files_for, require
from openekyc.simulator.cards.catalogue import sketch
from openekyc.simulator.cards.degrading import DEGRADATIONS
from openekyc.simulator.cards.drawing import THAI_FILE, draw
from openekyc.simulator.cards.sketch import Sketch, Style

COLUMNS = ("path", "back", "kind", "origin", "condition", "expected", "card")
HEAD = (0.31, 0.02, 0.33, 0.42)  # of the packaged portrait: x, y, width, height of head and shoulders
QUALITY = 92


def fonts() -> tuple[LockedFile, ...]:
    """The files that drawing needs."""
    return files_for("cards")


def needs_thai(kind: KindName) -> bool:
    """Whether a kind is drawn in the Thai face."""
    return any(text.face == "thai" for plate in sketch(kind, 0, 0).sides.values() for text in plate.texts)


def missing_font(folder: Path, kind: KindName) -> str | None:
    """The font file without which a kind cannot be drawn; None if all are there."""
    needed = [item.file for item in fonts() if item.file != THAI_FILE or needs_thai(kind)]
    return next((file for file in needed if not (folder / file).is_file()), None)


def packaged(models: Path) -> Image:
    """The packaged portrait. Raises ModelError if it is missing or altered."""
    (locked,) = files_for("simulator")
    require(models, (locked,))
    return np.asarray(cv2.imread(str(models / locked.file), cv2.IMREAD_COLOR), np.uint8)


def head(picture: Image) -> Image:
    """Head and shoulders out of the packaged portrait."""
    height, width = picture.shape[:2]
    x, y, across, down = HEAD
    return picture[round(y * height) : round((y + down) * height), round(x * width) : round((x + across) * width)]


def photographed(kind: KindName, models: Path, seed: int, take: int = 0) -> dict[Side, bytes]:
    """One card as JPEG pictures of its sides, the packaged portrait on it: the first `take` lies askew on a table, later ones straight."""
    random = np.random.default_rng([seed, take])
    sides = draw(sketch(kind, 0, seed), models, head(packaged(models)))
    degrade = DEGRADATIONS["flat" if take else "tilt"]
    return {cast(Side, side): _jpeg(degrade(pixels, random)) for side, pixels in sides.items()}


def _jpeg(picture: Image) -> bytes:
    return bytes(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1])


def write_cards(
    out: Path, kinds: Sequence[KindName], conditions: Sequence[str], count: int, seed: int, models: Path, style: Style = "plain"
) -> Iterator[str]:
    """Draw `count` cards of every kind under every condition; yields the name of every card when it is written, the manifest last.

    `models` holds fonts and portrait."""
    portrait, rows = head(packaged(models)), []
    for kind in kinds:
        for number in range(count):
            drawn = sketch(kind, number, seed, style)
            sides = draw(drawn, models, portrait)
            for condition in conditions:
                rows.append(_write(out, drawn, sides, f"{kind}-{number:03}", condition, seed))
                yield rows[-1][0]
    with (out / "manifest.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([COLUMNS, *rows])


def _write(out: Path, drawn: Sketch, sides: dict[str, Image], card: str, condition: str, seed: int) -> tuple[str, ...]:
    names, stem = {}, f"{card}-{condition}"
    for side, pixels in sides.items():
        random = np.random.default_rng([seed, crc32(f"{stem}-{side}".encode())])
        names[side] = f"{stem}-{side}.jpg"
        _, data = cv2.imencode(".jpg", DEGRADATIONS[condition](pixels, random), [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
        (out / names[side]).write_bytes(data.tobytes())
    expected = json.dumps(dict(drawn.fields), ensure_ascii=False)
    return names["front"], names.get("back", ""), drawn.kind, "schematic", condition, expected, f"{card}-{seed}"
