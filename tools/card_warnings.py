"""How often photographs of cards are warned about: `python -m tools.card_warnings --seed 902 --out warnings.csv`

Draws one card of every kind in every scene of `tools.card_scenes` and prints, per scene, how many pictures get each warning, with 95 %
intervals by kind, as a Markdown table. With folders (or globs) of photographs instead, one condition each, it prints the range of every
number as well. Text is only located where a warning depends on it, never read: about half a CPU-second a picture.
"""

import argparse
import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, get_args
from zlib import crc32

import cv2
import numpy as np

from openekyc.engine.documents import warnings
from openekyc.engine.documents.boxes import text_boxes
from openekyc.engine.documents.decode import decode_card
from openekyc.engine.documents.find import CARD, find_card, flatten, whole
from openekyc.engine.documents.values import KindName
from openekyc.engine.face.values import Image
from openekyc.engine.runtime import Models
from openekyc.reports.intervals import rate_interval
from openekyc.settings import Settings
from openekyc.simulator.cards.catalogue import sketch
from openekyc.simulator.cards.drawing import draw
from openekyc.simulator.cards.writing import head, missing_font, packaged
from tools.card_scenes import SCENES

CODES = (warnings.BORDER, warnings.PHOTOCOPY, warnings.SCREEN, warnings.GLARE, warnings.BLUR)


class Measured(NamedTuple):
    """One picture: its scene, its kind and side (the folder's file), and what it was judged."""

    scene: str
    name: str
    kind: str
    judged: warnings.Judged


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pattern", nargs="*", help="a folder, or a glob of files of one condition")
    parser.add_argument("--seed", type=int, help="draw cards instead")
    parser.add_argument("--scenes", default=",".join(SCENES), help="with commas; default: all")
    parser.add_argument("--kinds", default=",".join(get_args(KindName)), help="with commas; default: all")
    parser.add_argument("--out", type=Path, help="CSV of every picture")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    models = Models(Settings().models_folder)
    if options.seed is None:
        found = list(from_files(models, options.pattern))
        ranges(found)
    else:
        found = list(kept(drawn(models, options.seed, options.kinds.split(","), options.scenes.split(",")), options.out))
    table(found)


def from_files(models: Models, patterns: list[str]) -> Iterator[Measured]:
    for pattern in patterns:
        for path in sorted(Path(pattern).iterdir()) if Path(pattern).is_dir() else sorted(Path().glob(pattern)):
            if path.suffix in {".jpg", ".png"}:
                yield Measured(pattern, path.name, path.name, measured(models, decode_card(path.read_bytes())))


def drawn(models: Models, seed: int, kinds: list[KindName], scenes: list[str]) -> Iterator[Measured]:
    folder = Settings().models_folder
    portrait = head(packaged(folder))
    for kind in kinds:
        if missing_font(folder, kind):
            continue
        for side, card in draw(sketch(kind, 0, seed), folder, portrait).items():
            for scene in scenes:
                picture = SCENES[scene](card, np.random.default_rng([seed, crc32(f"{kind}-{side}-{scene}".encode())]))
                data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 92])[1].tobytes()
                yield Measured(scene, f"{kind}-{side}", kind, measured(models, decode_card(data), passport=kind == "MLIDPassport"))


def measured(models: Models, frame: Image, *, passport: bool = False) -> warnings.Judged:
    found = find_card(frame)
    corners = found.corners if found else None
    card = whole(frame, passport=passport) if corners is None else flatten(frame, corners, passport=passport)
    longest = max(frame.shape[:2]) if corners is None else float(np.linalg.norm(corners - np.roll(corners, -1, axis=0), axis=1).max())
    seen = warnings.Seen(card, corners, frame, longest / CARD[0], ())
    judged = warnings.judge(seen)
    if corners is not None and warnings.GLARE not in judged.found:
        return judged
    boxes = text_boxes(models, card)
    scale = np.array(frame.shape[1::-1], np.float32) / np.array(card.shape[1::-1], np.float32)
    return warnings.judge(seen._replace(boxes=boxes, written=() if corners is not None else [box * scale for box in boxes]))


def kept(found: Iterator[Measured], out: Path | None) -> Iterator[Measured]:
    """The same, each written to a CSV file when it is there."""
    if out is None:
        yield from found
        return
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        for place, one in enumerate(found):
            if not place:
                writer.writerow(("scene", "name", "warnings", "unchecked", *one.judged.numbers))
            writer.writerow((one.scene, one.name, _spaced(one.judged.found), _spaced(one.judged.unchecked), *one.judged.numbers.values()))
            file.flush()
            yield one


def _spaced(codes: tuple[int, ...]) -> str:
    return " ".join(map(str, codes))


def table(found: list[Measured]) -> None:
    """Pictures with each warning, of all, with the interval in per cent."""
    print("| scene | n |", " | ".join(map(str, CODES)), "|")
    print("|---|---|" + "---|" * len(CODES))
    for scene, rows in _by_scene(found).items():
        print(f"| {scene} | {len(rows)} |", " | ".join(_told(rows, code) for code in CODES), "|")


def _told(rows: list[Measured], code: int) -> str:
    warned = [code in row.judged.found for row in rows]
    low, high = rate_interval(warned, [row.kind for row in rows])
    return f"{sum(warned)} ({100 * low:.0f}-{100 * high:.0f} %)"


def ranges(found: list[Measured]) -> None:
    for scene, rows in _by_scene(found).items():
        print(f"{scene}: {len(rows)} photographs")
        for number in rows[0].judged.numbers:
            values = np.array([row.judged.numbers[number] for row in rows])
            print(f"   {number:<11} median {np.median(values):9.3f}   {values.min():9.3f} .. {values.max():9.3f}")


def _by_scene(found: list[Measured]) -> Mapping[str, list[Measured]]:
    scenes: dict[str, list[Measured]] = defaultdict(list)
    for one in found:
        scenes[one.scene].append(one)
    return scenes


if __name__ == "__main__":
    main()
