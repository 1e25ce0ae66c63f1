"""What reading one card costs: CPU-seconds against the floor of decoding and one pass of each network, and the memory it takes.

    python -m benchmarks.card [--image FILE --kind KIND] [--runs N]

The floor, in the same run and process: decode the picture, one pass of the text detector over the flattened card, one pass of the small
recogniser over each of its lines, one of the large recogniser over each line that the kind's scripts ask it for, one of the face
detector. Without --image a passport's page drawn by the tests is read. Peak memory is that of a fresh process with every network of
openekyc loaded that read the card.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import get_args

from openekyc.engine.documents.boxes import text_boxes
from openekyc.engine.documents.decode import decode_card
from openekyc.engine.documents.find import find_card, flatten, whole
from openekyc.engine.documents.kinds import KINDS
from openekyc.engine.documents.pieces import straight
from openekyc.engine.documents.read import needs_large, read_side
from openekyc.engine.documents.read_card import read_card
from openekyc.engine.documents.values import KindName
from openekyc.engine.face.detect import detect
from openekyc.engine.runtime import Models
from openekyc.settings import Settings


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--image", type=Path)
    parser.add_argument("--kind", choices=get_args(KindName), default="MLIDPassport")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--memory", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    data = options.image.read_bytes() if options.image else drawn()
    models = Models(Settings().models_folder)
    models.warm_up()
    card = read_card(models, {"front": data}, options.kind)
    if options.memory:
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
        return
    cost = least(lambda: read_card(models, {"front": data}, options.kind), options.runs)
    floor = floor_parts(models, data, options.kind, options.runs)
    print(f"{options.kind}: problem {card.problem or 'none'}, {len(card.fields)} fields; stages {dict(card.seconds)}")
    print(f"reading: {cost:.2f} CPU-s (least of {options.runs})")
    print(f"floor: {sum(floor.values()):.2f} CPU-s; parts { ({name: round(value, 3) for name, value in floor.items()}) }")
    print(f"ratio: {cost / sum(floor.values()):.2f}")
    print(f"peak memory of a process that loaded everything and read it: {peak_megabytes(data, options.kind):.0f} MB")


def floor_parts(models: Models, data: bytes, kind: KindName, runs: int) -> dict[str, float]:
    """CPU-seconds of what cannot be avoided for this card."""
    frame = decode_card(data)
    found = find_card(frame)
    card = whole(frame) if found is None else flatten(frame, found.corners)
    reading = read_side(models, card, "front")
    lines = [straight(reading.image, box) for box in reading.boxes]
    large = lines if KINDS[kind].scripts & {"han", "kana"} else []
    large = [line for line, read in zip(large, reading.page.lines, strict=False) if needs_large(read)]

    def every(read: Callable[..., object], among: list[object]) -> Callable[[], None]:
        return lambda: [read(line) for line in among] and None

    return {
        "decode": least(lambda: decode_card(data), runs),
        "detector": least(lambda: text_boxes(models, reading.image), runs),
        "small": least(every(models.text_reader.chances, lines), runs),
        "large": least(every(models.text_reader_large.chances, large), runs),
        "face": least(lambda: detect(models, reading.image), runs),
    }


def least(work: Callable[[], object], runs: int) -> float:
    def once() -> float:
        begin = time.process_time()
        work()
        return time.process_time() - begin

    return min(once() for _ in range(runs))


def peak_megabytes(data: bytes, kind: str) -> float:
    with tempfile.NamedTemporaryFile() as file:
        Path(file.name).write_bytes(data)
        command = [sys.executable, "-m", "benchmarks.card", "--memory", "--image", file.name, "--kind", kind]
        return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[-1]) / 1024


def drawn() -> bytes:
    import cv2

    from tests import cards
    from tests.assets import asset

    face = cv2.imread(str(asset("obama.jpg")))
    assert face is not None
    return cards.encoded(cards.photographed(cards.passport(portrait=face[0:900, 200:875]), turn=4, lean=0.05))


if __name__ == "__main__":
    main()
