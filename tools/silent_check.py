"""Error rates of the silent cue's network on labelled pictures and recordings, and the choice of its threshold.

    python tools/silent_check.py PAD_FOLDER [VIDEO_FOLDER]

PAD_FOLDER holds `manifest.csv`: path, label (bona_fide / attack), species, subject; VIDEO_FOLDER recordings of live people. The
threshold is the largest of a short list that keeps BPCER <= 3 % on one half of the subjects; both halves are then printed.
Intervals are 95 %, from 1,000 bootstrap samples of subjects.
"""

import argparse
import csv
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from openekyc.engine.face.detect import detect
from openekyc.engine.face.track import Plan, track
from openekyc.engine.liveness.silent import context_crop, cropper, score
from openekyc.engine.media import MediaLimits, open_video
from openekyc.engine.runtime import Models
from openekyc.settings import Settings

CANDIDATES = (0.01, 0.02, 0.03, 0.05, 0.10, 0.20, 0.30, 0.50)
MOST_BPCER = 0.03


class Frame(NamedTuple):
    kind: str  # folder and label, or "recording"
    subject: str
    live: bool
    score: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pad", type=Path)
    parser.add_argument("video", type=Path, nargs="?")
    options = parser.parse_args()
    models = Models(Settings().models_folder)
    threshold = models.silent[0].input.threshold
    frames = [*pictures(models, options.pad), *(recordings(models, options.video) if options.video else ())]
    halves = [[frame for frame in frames if half(frame.subject) == part] for part in (0, 1)]
    chosen = max((mark for mark in CANDIDATES if rate(halves[0], live=True, mark=mark) <= MOST_BPCER), default=CANDIDATES[0])
    print(f"threshold by the first half: {chosen}; shipped: {threshold}")
    for name, part in (("first half", halves[0]), ("other half", halves[1]), ("all", frames)):
        report(name, part, threshold)


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
        yield Frame(
            kind, subject, row["label"] == "bona_fide", score(models.silent[0], context_crop(image, faces[0].box, models.silent[0].input))
        )
    print(f"{lost} pictures without a face")


def recordings(models: Models, folder: Path) -> Iterator[Frame]:
    """24 frames of each recording, all of them of live people."""
    plan = Plan(rate=4.0, crop=cropper(models), crops=24, stills=0, detect_s=0.0)
    for path in sorted(folder.glob("*.mp4")):
        seen = track(models, open_video(path.read_bytes(), MediaLimits(size=10**8, seconds=300.0, frames=20_000)), plan)
        scores = [score(models.silent[0], crops[0]) for _, crops in seen.crops]
        print(f"{path.name}: median {np.median(scores):.3f} of {len(scores)} frames")
        yield from (Frame("recordings live", path.name, True, value) for value in scores)


def half(subject: str) -> int:
    return hashlib.sha256(subject.encode()).digest()[0] % 2


def rate(frames: list[Frame], *, live: bool, mark: float) -> float:
    """BPCER (`live`) or APCER at the threshold `mark`."""
    own = [frame.score for frame in frames if frame.live == live]
    return float(np.mean([(value < mark) == live for value in own])) if own else 0.0


def report(name: str, frames: list[Frame], mark: float) -> None:
    print(name)
    kinds = sorted({(frame.kind, frame.live) for frame in frames})
    for kind, live in [*kinds, ("all live", True), ("all attacks", False)]:
        own = [frame for frame in frames if frame.live == live and (frame.kind == kind or kind.startswith("all "))]
        subjects, (low, high) = {frame.subject for frame in own}, interval(own, live=live, mark=mark)
        print(f"  {'BPCER' if live else 'APCER'} {kind:18} {rate(own, live=live, mark=mark):6.1%} [{low:.1%}, {high:.1%}]", end="")
        print(f"  {len(own)} frames, {len(subjects)} subjects")


def interval(frames: list[Frame], *, live: bool, mark: float) -> tuple[float, float]:
    """95 % bounds; with no error seen the upper one is the rule of three over the subjects."""
    by_subject = {subject: [f for f in frames if f.subject == subject] for subject in {frame.subject for frame in frames}}
    groups, random = list(by_subject.values()), np.random.default_rng(7)
    if not rate(frames, live=live, mark=mark):
        return 0.0, min(1.0, 3 / max(len(groups), 1))
    drawn = ([frame for pick in random.integers(0, len(groups), len(groups)) for frame in groups[pick]] for _ in range(1000))
    low, high = np.percentile([rate(sample, live=live, mark=mark) for sample in drawn], [2.5, 97.5])
    return float(low), float(high)


if __name__ == "__main__":
    main()
