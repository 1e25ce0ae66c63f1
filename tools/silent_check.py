"""Error rates of the packaged passive network on labelled pictures and recordings; the choice of its threshold and of the least room.

    python -m tools.silent_check PAD_FOLDER [VIDEO_FOLDER]

PAD_FOLDER holds `manifest.csv`: path, label (bona_fide / attack), species, subject; VIDEO_FOLDER recordings of live people. Both choices
are made on one half of the subjects, and both halves are then printed. The threshold is the largest of a short list with BPCER <= 1.5 %,
half of what is aimed at: a choice at the goal itself had missed it on the other half. The least room is the smallest of a short list from
which on BPCER stays <= 3 %, where every picture is cut down to a window of so many face boxes. Intervals resample subjects.
"""

import argparse
import csv
import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from openekyc.engine.face.detect import detect
from openekyc.engine.face.track import Plan, track
from openekyc.engine.face.values import Image
from openekyc.engine.liveness.silent import Box, cropper, room_of, scores
from openekyc.engine.media import MediaLimits, open_video
from openekyc.engine.runtime import Models
from openekyc.reports.intervals import rate_interval
from openekyc.settings import Settings

THRESHOLDS = (0.005, 0.01, 0.02, 0.03, 0.05, 0.10, 0.20, 0.30, 0.50)
ROOMS = (1.0, 1.1, 1.2, 1.25, 1.3, 1.4, 1.6, 1.8, 2.0, 2.3, 2.7)
EARLIER = 0.03  # the threshold before, by BPCER <= 3 %
CHOSEN_BPCER, MOST_BPCER = 0.015, 0.03


class Frame(NamedTuple):
    kind: str  # folder and label, or "recordings live"
    subject: str
    live: bool
    score: float
    windows: tuple[float, ...] = ()  # the score of each window of ROOMS
    room: float = 0.0  # face boxes that fit into the picture

    @property
    def half(self) -> int:
        return hashlib.sha256(self.subject.encode()).digest()[0] % 2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pad", type=Path)
    parser.add_argument("video", type=Path, nargs="?")
    options = parser.parse_args()
    models = Models(Settings().models_folder)
    shipped = models.silent[0].input
    frames = [*pictures(models, options.pad), *(recordings(models, options.video) if options.video else ())]
    first = [frame for frame in frames if frame.half == 0]
    threshold = max((mark for mark in THRESHOLDS if share(first, mark) <= CHOSEN_BPCER), default=THRESHOLDS[0])
    room = min(place for place in ROOMS if all(share(window(first, at), threshold) <= MOST_BPCER for at in ROOMS if at >= place))
    print(f"by the first half: threshold {threshold}, least room {room}; shipped: {shipped.threshold}, {shipped.room}")
    parts = (("first half", first), ("other half", [frame for frame in frames if frame.half == 1]), ("all", frames))
    for name, part in parts:
        print(name)
        for mark in sorted({shipped.threshold, EARLIER}):
            report(part, mark)
    refused = sorted(frame.room for frame in frames if frame.live and frame.windows and frame.score < EARLIER)
    print(f"live pictures refused at {EARLIER} have room for " + ", ".join(f"{room:.2f}" for room in refused) + " face boxes")
    for name, part in parts:
        print(f"pictures cut down to so many face boxes, {name}, threshold {shipped.threshold}")
        for at in ROOMS:
            cut = window(part, at)
            kinds = {"BPCER": [f for f in cut if f.live], "prints": of(cut, "print"), "replays": of(cut, "replay")}
            print(f"  {at:4}: " + ", ".join(f"{kind} {told(own, shipped.threshold)}" for kind, own in kinds.items()))


def pictures(models: Models, folder: Path) -> Iterator[Frame]:
    lost = 0
    for row in csv.DictReader((folder / "manifest.csv").open()):
        image = cv2.imread(str(folder / row["path"]))
        faces = detect(models, image)
        if not faces:
            lost += 1
            continue
        subject = row["subject"] if row["subject"] != "C?" else row["path"]
        kind = f"{row['path'].split('/')[0]} {row['species'] or 'live'}"
        windows = [least(models, cropper(models)(*cut(image, faces[0].box, at))) for at in ROOMS]
        whole = least(models, cropper(models)(image, faces[0].box))
        room = room_of((image.shape[1], image.shape[0]), faces[0].box)
        yield Frame(kind, subject, row["label"] == "bona_fide", whole, tuple(windows), room)
    print(f"{lost} pictures without a face")


def least(models: Models, crops: tuple[Image, ...]) -> float:
    """The live probability on the crop that speaks most against it, since each crop denies by itself."""
    return min(one[0] for one in scores(models.silent[0], [crops], 0))


def cut(image: Image, box: Box, room: float) -> tuple[Image, Box]:
    """A window of so many face boxes about the face, shifted into the picture, and the box within it."""
    height, width = image.shape[:2]
    x, y, box_width, box_height = box
    wide, high = min(box_width * room, width), min(box_height * room, height)
    left = int(np.clip(x + box_width / 2 - wide / 2, 0, width - wide))
    top = int(np.clip(y + box_height / 2 - high / 2, 0, height - high))
    return image[top : top + int(high), left : left + int(wide)], (x - left, y - top, box_width, box_height)


def recordings(models: Models, folder: Path) -> Iterator[Frame]:
    """24 frames of each recording, all of them of live people."""
    plan = Plan(rate=4.0, crop=cropper(models), crops=24, stills=0, detect_s=0.0)
    for path in sorted(folder.glob("*.mp4")):
        seen = track(models, open_video(path.read_bytes(), MediaLimits(size=10**8, seconds=300.0, frames=20_000)), plan)
        by_size = scores(models.silent[0], [crops for _, crops in seen.crops], 0)
        medians = ", ".join(f"{np.median(one):.3f}" for one in by_size)
        print(f"{path.name}: medians {medians} of {len(seen.crops)} frames")
        yield from (Frame("recordings live", path.name, True, min(values)) for values in zip(*by_size, strict=True))


def window(frames: Sequence[Frame], room: float) -> list[Frame]:
    """The pictures as if there were so much room around the face."""
    place = ROOMS.index(room)
    return [frame._replace(score=frame.windows[place]) for frame in frames if frame.windows]


def of(frames: Sequence[Frame], species: str) -> list[Frame]:
    return [frame for frame in frames if frame.kind.endswith(species)]


def share(frames: Sequence[Frame], mark: float) -> float:
    """BPCER at the threshold `mark`."""
    own = [frame.score < mark for frame in frames if frame.live]
    return sum(own) / max(len(own), 1)


def told(own: Sequence[Frame], mark: float) -> str:
    """The error rate of frames of one label, with counts and interval."""
    wrong = [(frame.score < mark) == frame.live for frame in own]
    low, high = rate_interval(wrong, [frame.subject for frame in own])
    rate = sum(wrong) / max(len(own), 1)
    return f"{rate:.1%} [{low:.1%}, {high:.1%}] ({sum(wrong)} of {len(own)}, {len({frame.subject for frame in own})} subjects)"


def report(frames: Sequence[Frame], mark: float) -> None:
    kinds = sorted({(frame.kind, frame.live) for frame in frames})
    for kind, live in [*kinds, ("all live", True), ("all attacks", False)]:
        own = [frame for frame in frames if frame.live == live and (frame.kind == kind or kind.startswith("all "))]
        print(f"  at {mark}: {'BPCER' if live else 'APCER'} {kind:18} {told(own, mark)}")


if __name__ == "__main__":
    main()
