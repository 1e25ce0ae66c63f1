"""How surely is a recording recognised when it comes again, and how rarely is another one taken for it?

    python -m tools.replay_check FOLDER [--seconds 4 8 15]

FOLDER holds clips of real people (MP4). Each is cut into disjoint parts of so many seconds. The same part, changed in six ways (encoded
again at 300 kbit/s, cropped, played faster without its beginning, slower at half the frame rate, mirrored, toned and blurred), must
match; parts of one clip (one person, one room, one shirt, minutes apart) and of different clips must not.
"""

import argparse
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import cv2
import numpy as np

from openekyc.engine.face.track import Plan, track
from openekyc.engine.face.values import Image, Track
from openekyc.engine.liveness import replay
from openekyc.engine.media import MediaLimits, open_video
from openekyc.engine.runtime import Models
from openekyc.settings import Settings
from tests.recordings import encode

LIMITS = MediaLimits(200_000_000, 120.0, 7200)
MARGIN_S = 1.0
BIT_RATE = 300_000  # of the changed recordings: starved, as a forwarded video is
Film = list[tuple[float, Image]]


def small(image: Image) -> Image:
    """At most 640 wide, even sides."""
    scale = min(1.0, 640 / image.shape[1])
    width, height = (int(side * scale) // 2 * 2 for side in (image.shape[1], image.shape[0]))
    return np.asarray(cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def cropped(image: Image) -> Image:
    """A fifth of the width and a sixth of the height cut off, then scaled to two thirds."""
    height, width = image.shape[:2]
    inner = image[int(height * 0.08) : int(height * 0.92), int(width * 0.1) : int(width * 0.9)]
    return small(cv2.resize(inner, None, fx=0.8, fy=0.8, interpolation=cv2.INTER_AREA))


def toned(image: Image) -> Image:
    """Blurred, darker, more contrast."""
    return np.asarray(cv2.convertScaleAbs(cv2.GaussianBlur(image, (0, 0), 1.2), alpha=1.15, beta=-18), np.uint8)


def painted(change: Callable[[Image], Image]) -> Callable[[Film], Film]:
    return lambda film: [(time, change(image)) for time, image in film]


CHANGES: dict[str, Callable[[Film], Film]] = {
    "encoded again": painted(small),
    "cropped": painted(cropped),
    "faster, later": lambda film: [((time - MARGIN_S) * 0.9, small(image)) for time, image in film if time >= MARGIN_S],
    "slower, 1 of 2": lambda film: [(time * 1.12, small(image)) for time, image in film[::2]],
    "mirrored": painted(lambda image: small(image[:, ::-1])),
    "toned, blurred": painted(lambda image: toned(small(image))),
}
CLOCKS: dict[str, Callable[[float], float]] = {"faster, later": lambda t: (t - MARGIN_S) * 0.9, "slower, 1 of 2": lambda t: t * 1.12}


def analysed(models: Models, data: bytes) -> Track:
    return track(models, open_video(data, LIMITS), Plan(stills=0))


def print_of(seen: Track, begin: float, end: float) -> bytes | None:
    """The fingerprint of one part."""
    return replay.fingerprint(replace(seen, observations=tuple(one for one in seen.observations if begin <= one.time < end)))


def parts(seen: Track, seconds: float) -> Iterator[tuple[float, float]]:
    """Disjoint parts; the last may lack half a second."""
    for place in range(int((seen.duration + 0.5) // seconds)):
        yield place * seconds, (place + 1) * seconds


def matched(a: bytes | None, b: bytes | None) -> replay.Match | None:
    found = replay.best_match(a, [b]) if a and b else None
    return found[1] if found else None


def report_changed(clips: dict[str, Track], changed: dict[tuple[str, str], Track], seconds: float) -> None:
    for change in CHANGES:
        clock = CLOCKS.get(change, lambda t: t)
        pairs = [
            (print_of(seen, a, b), print_of(changed[name, change], max(clock(a), 0.0), clock(b)))
            for name, seen in clips.items()
            for a, b in parts(seen, seconds)
        ]
        found = [match for a, b in pairs if (match := matched(b, a))]
        print(f"{seconds:4g} s  {change:15} recognised {sum(match.same for match in found)} of {len(found)} parts")


def report_others(clips: dict[str, Track], seconds: float) -> None:
    prints = [(name, print_of(seen, a, b)) for name, seen in clips.items() for a, b in parts(seen, seconds)]
    for label, same in (("one clip", True), ("different clips", False)):
        found = [match for (x, a), (y, b) in combinations(prints, 2) if (x == y) is same and (match := matched(a, b))]
        nearest = max((match.margin for match in found), default=float("nan"))
        print(
            f"{seconds:4g} s  parts of {label:15}: {sum(match.same for match in found)} of {len(found)} pairs match; nearest {nearest:+.2f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=float, nargs="+", default=[4.0, 6.0, 8.0, 15.0])
    options = parser.parse_args()
    models = Models(Settings().models_folder)
    clips, changed = {}, {}
    for path in sorted(options.folder.glob("*.mp4")):
        film = [(frame.time, frame.image) for frame in open_video(path.read_bytes(), LIMITS)]
        clips[path.name] = analysed(models, path.read_bytes())
        for change, make in CHANGES.items():
            other = make(film)
            pictures, times = [image for _, image in other], [time for time, _ in other]
            changed[path.name, change] = analysed(models, encode(pictures, "mp4", "libx264", times=times, bit_rate=BIT_RATE))
        print(f"{path.name}: {len(film)} frames", flush=True)
    for seconds in options.seconds:
        report_changed(clips, changed, seconds)
        report_others(clips, seconds)


if __name__ == "__main__":
    main()
