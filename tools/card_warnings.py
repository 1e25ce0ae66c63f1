"""What the tests behind a card's warnings measure, by folder: `python -m tools.card_warnings FOLDER...`

Each folder holds photographs of one condition (`openekyc simulate-cards` writes such folders, or real specimens). Prints for every number
its median, range and how many photographs are warned about. Nothing is read, so it is quick.
"""

import argparse
from collections import Counter
from pathlib import Path

import numpy as np

from openekyc.engine.documents import warnings
from openekyc.engine.documents.boxes import text_boxes
from openekyc.engine.documents.decode import decode_card
from openekyc.engine.documents.find import CARD, find_card, flatten, whole
from openekyc.engine.runtime import Models
from openekyc.settings import Settings


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pattern", nargs="+", help="a folder, or a glob of files of one condition")
    options = parser.parse_args()
    models = Models(Settings().models_folder)
    for pattern in options.pattern:
        paths = sorted(Path(pattern).iterdir()) if Path(pattern).is_dir() else sorted(Path().glob(pattern))
        report(pattern, [measured(models, path) for path in paths if path.suffix in {".jpg", ".png"}])


def measured(models: Models, path: Path) -> tuple[tuple[int, ...], dict[str, float], bool]:
    frame = decode_card(path.read_bytes())
    found = find_card(frame)
    corners = found.corners if found else None
    card = whole(frame) if corners is None else flatten(frame, corners)
    longest = max(frame.shape[:2]) if corners is None else float(np.linalg.norm(corners - np.roll(corners, -1, axis=0), axis=1).max())
    seen = warnings.Seen(card, corners, (frame.shape[1], frame.shape[0]), longest / CARD[0], text_boxes(models, card))
    codes, numbers = warnings.judge(seen)
    return codes, dict(numbers), corners is not None


def report(name: str, rows: list[tuple[tuple[int, ...], dict[str, float], bool]]) -> None:
    if not rows:
        return
    warned = Counter(code for codes, _, _ in rows for code in codes)
    print(f"{name}: {len(rows)} photographs, card found in {sum(found for _, _, found in rows)}, warned {dict(warned)}")
    for number in rows[0][1]:
        values = np.array([numbers[number] for _, numbers, _ in rows])
        print(f"   {number:<11} median {np.median(values):9.3f}   {values.min():9.3f} .. {values.max():9.3f}")


if __name__ == "__main__":
    main()
