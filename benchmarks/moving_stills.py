"""How many still pictures that software or a hand moves pass the check of level 1 for motion, and how many live recordings it denies.

Of each person one picture is filmed: 640x480, 15 frames a second, H.264 at 1.5 Mbit/s, 8.4 s, sensor noise of sd 2. Kinds: `static`;
`smooth` (3 px, 0.6 degrees, 1 % of scale); `zoom` (12 %); `hand` (jitter, 6 px, rotation, tilt up to 15 degrees); `blink` (smooth, with
lids drawn over the eyes three times); `noise` (smooth, with noise of sd 5, exposure that drifts by 6 % and jumps by 3 levels). Every
person is filmed twice a kind. Only the cue `motion` is asked, and both ways: over the whole recording (two windows) and over its last
5 s (one window).

Live recordings: every film below a folder (`--live`), whole and in pieces of 5 s, one subject a file. The fairest control comes from
the same films: `frozen` is one frame of each, at six moments, moved by hand in front of the same camera's noise.

Usage: python benchmarks/moving_stills.py [--faces FOLDER] [--live FOLDER] [--people 50] [--seed 1] [--out FILE] [--jobs 2]
"""

import argparse
import io
import random
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import av
import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray
from rigging import drive, interruptible, known

from openekyc.engine.face.track import Plan, track
from openekyc.engine.face.upright import open_upright
from openekyc.engine.face.values import Image, Mesh, Track
from openekyc.engine.liveness import motion, shimmer
from openekyc.engine.media import MediaLimits
from openekyc.engine.runtime import Models
from openekyc.reports.intervals import rate_interval
from openekyc.settings import Settings

WIDTH, HEIGHT, FPS, SECONDS, BITS = 640, 480, 15, 8.4, 1_500_000
KINDS = ("static", "smooth", "zoom", "hand", "blink", "noise", "frozen")
FROZEN = 6  # moments of a film
PIECE_S = 5.0
LIMITS = MediaLimits(size=1 << 30, seconds=3600.0, frames=1 << 20, pixels=4096 * 2304)
OUTER, INNER = (33, 263), (133, 362)


class Order(msgspec.Struct, frozen=True):
    """One recording to judge."""

    kind: str  # one of KINDS, or "live"
    subject: str
    path: str
    seed: int


class Judged(msgspec.Struct, frozen=True):
    """What came of it: the decision of each part (`whole`, `piece 0`, ...) and its numbers."""

    kind: str
    subject: str
    seed: int
    decisions: dict[str, str]
    numbers: dict[str, dict[str, float]]


@cache
def models() -> Models:
    return Models(Settings().models_folder)


def judge(order: Order) -> Judged:
    """Film, follow and judge."""
    film = Path(order.path).read_bytes() if order.kind == "live" else filmed(order)
    try:
        seen = track(models(), open_upright(models(), film, LIMITS), Plan(face_sample=shimmer.sample, samples=10_000, crops=0, stills=0))
    except Exception as error:  # noqa: BLE001 - one picture without a face must not end the run
        return Judged(order.kind, order.subject, order.seed, {"whole": f"error {type(error).__name__}"}, {})
    cues = {name: motion.judge(part, denies=True) for name, part in parts(seen, order.kind)}
    return Judged(
        order.kind,
        order.subject,
        order.seed,
        {name: cue.decision for name, cue in cues.items()},
        {name: cue.numbers for name, cue in cues.items()},
    )


def parts(seen: Track, kind: str) -> Iterator[tuple[str, Track]]:
    """The whole recording, and pieces that hold one window each."""
    yield "whole", seen
    begin = seen.duration - PIECE_S
    while begin >= -0.1:
        samples = tuple(one for one in seen.samples if begin <= one.time <= begin + PIECE_S)
        yield f"piece {begin:.1f}", replace(seen, samples=samples, duration=begin + PIECE_S)
        if kind != "live":
            return
        begin -= PIECE_S


# --- filming a picture ----------------------------------------------------------------------------------------------------


def filmed(order: Order) -> bytes:
    """The picture, moved, through a sensor and an encoder."""
    chance = np.random.default_rng([order.seed, KINDS.index(order.kind), *order.subject.encode()])
    picture = frozen(order) if order.kind == "frozen" else cv2.imread(order.path)
    if picture is None:
        raise ValueError(f"{order.path} holds no picture")
    wider = max(WIDTH / picture.shape[1], HEIGHT / picture.shape[0]) * 1.1
    picture = np.asarray(cv2.resize(picture, None, fx=wider, fy=wider, interpolation=cv2.INTER_CUBIC), np.uint8)
    eyes = eyes_of(picture)
    moves = MOVES[order.kind]
    frames = (
        sensor(moved(blinking(picture, eyes, time, chance) if order.kind == "blink" else picture, path), order.kind, time, chance)
        for time, path in moves(chance)
    )
    return encoded(frames)


def frozen(order: Order) -> Image:
    """One frame of a film, at one of `FROZEN` moments."""
    film = open_upright(models(), Path(order.path).read_bytes(), LIMITS)
    frames = [frame.image for frame in film]
    return frames[(len(frames) - 1) * order.seed // FROZEN]


def eyes_of(picture: Image) -> NDArray[np.float32] | None:
    """(2, 3): middle x, y and length of both eyes."""
    from openekyc.engine.face.detect import PICTURE_SIDE, detect
    from openekyc.engine.face.landmarks import landmarks

    faces = detect(models(), picture, PICTURE_SIDE)
    mesh: Mesh | None = landmarks(models(), picture, faces[0]) if faces else None
    if mesh is None:
        return None
    pairs = [(mesh.points[a, :2], mesh.points[b, :2]) for a, b in zip(OUTER, INNER, strict=True)]
    return np.array([[*((a + b) / 2), np.linalg.norm(a - b)] for a, b in pairs], np.float32)


Path_ = tuple[float, float, float, float, float, float]  # shift x, y (px), turn (degrees), scale, tilt across, tilt down (degrees)


def _times() -> list[float]:
    return [index / FPS for index in range(round(SECONDS * FPS))]


def _static(chance: np.random.Generator) -> Iterator[tuple[float, Path_]]:
    return ((time, (0, 0, 0, 1, 0, 0)) for time in _times())


def _smooth(chance: np.random.Generator) -> Iterator[tuple[float, Path_]]:
    phases, speeds = chance.uniform(0, 6.28, 4), chance.uniform(0.8, 2.2, 4)
    for time in _times():
        a, b, c, d = np.sin(phases + speeds * time)
        yield time, (3 * a, 3 * b, 0.6 * c, 1 + 0.01 * d, 0, 0)


def _zoom(chance: np.random.Generator) -> Iterator[tuple[float, Path_]]:
    for time in _times():
        yield time, (0, 0, 0, 1 + 0.12 * time / SECONDS, 0, 0)


def _hand(chance: np.random.Generator) -> Iterator[tuple[float, Path_]]:
    phases, speeds = chance.uniform(0, 6.28, (2, 6)), chance.uniform(0.4, 1.4, (2, 6)) * [[1.0], [4.0]]
    shake = chance.normal(0, 0.4, (len(_times()), 2))
    for index, time in enumerate(_times()):
        slow, quick = np.sin(phases + speeds * time)
        x, y = 6 * slow[:2] + 0.8 * quick[:2] + shake[index]
        yield time, (x, y, 1.5 * slow[2] + 0.2 * quick[2], 1 + 0.02 * slow[3], 15 * slow[4], 15 * slow[5])


MOVES = {"static": _static, "smooth": _smooth, "zoom": _zoom, "hand": _hand, "blink": _smooth, "noise": _smooth, "frozen": _hand}


def moved(picture: Image, path: Path_) -> Image:
    """The picture as a sheet before a camera, 640x480."""
    x, y, turn, scale, across, down = path
    height, width = picture.shape[:2]
    focal = 1.2 * width
    a, t, d = np.radians(turn), np.radians(across), np.radians(down)
    rolled = np.array([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1]])
    yawed = np.array([[np.cos(t), 0, np.sin(t)], [0, 1, 0], [-np.sin(t), 0, np.cos(t)]])
    pitched = np.array([[1, 0, 0], [0, np.cos(d), -np.sin(d)], [0, np.sin(d), np.cos(d)]])
    turned = rolled @ yawed @ pitched
    corners = np.array([[-width, -height, 0], [width, -height, 0], [width, height, 0], [-width, height, 0]], float) / 2 @ turned.T
    depth = focal / scale + corners[:, 2:]
    seen = focal * corners[:, :2] / depth + (WIDTH / 2 + x, HEIGHT / 2 + y)
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    carry = cv2.getPerspectiveTransform(flat, seen.astype(np.float32))
    return np.asarray(cv2.warpPerspective(picture, carry, (WIDTH, HEIGHT), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101))


BLINKS = (1.4, 4.2, 7.0)


def blinking(picture: Image, eyes: NDArray[np.float32] | None, time: float, chance: np.random.Generator) -> Image:
    """Lids of the skin's colour under the eyes, drawn down and up within 0.3 s."""
    shut = max((1 - abs(time - blink) / 0.15 for blink in BLINKS), default=0.0)
    if eyes is None or shut <= 0:
        return picture
    drawn = picture.copy()
    for x, y, length in eyes:
        skin = picture[round(y + 0.6 * length) - 2 : round(y + 0.6 * length) + 3, round(x) - 3 : round(x) + 4].reshape(-1, 3).mean(axis=0)
        top, height = y - 0.35 * length, 0.7 * length * min(shut * 1.3, 1.0)
        cv2.ellipse(drawn, ((float(x), float(top + height / 2)), (float(1.1 * length), float(height)), 0), skin.tolist(), -1, cv2.LINE_AA)
    return drawn


def sensor(picture: Image, kind: str, time: float, chance: np.random.Generator) -> Image:
    """With the camera's noise and, for `noise`, its drifting and jumping exposure."""
    strength, gain, offset = 2.0, 1.0, 0.0
    if kind == "noise":
        strength, gain, offset = 5.0, 1 + 0.06 * np.sin(1.1 * time), float(random.Random(int(time * 2)).choice((-3, 0, 3)))
    rolled = np.roll(grain(), chance.integers(0, grain().size), None).reshape(picture.shape)  # drawing it anew takes ten times as long
    return np.clip(picture * np.float32(gain) + np.float32(offset) + rolled * np.float32(strength), 0, 255).astype(np.uint8)


@cache
def grain() -> NDArray[np.float32]:
    return np.random.default_rng(1).standard_normal(WIDTH * HEIGHT * 3, dtype=np.float32)


def encoded(frames: Iterator[Image]) -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as out:
        stream = out.add_stream("libx264", rate=FPS, options={"preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt, stream.bit_rate = WIDTH, HEIGHT, "yuv420p", BITS
        for frame in frames:
            out.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="bgr24")))
        out.mux(stream.encode())
    return file.getvalue()


# --- telling --------------------------------------------------------------------------------------------------------------


def tell(lines: Sequence[Judged]) -> None:
    """A line for each kind: what was denied, with the interval by person."""
    groups: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for line in lines:
        for name, decision in line.decisions.items():
            groups[line.kind, name.split()[0]].append((line.subject, decision))
    print(f"{'kind':8} {'part':6} {'n':>4} {'people':>6} {'denied':>6} {'retry':>5} {'passed':>6}  passed, 95 % by person")
    for (kind, part), found in sorted(groups.items()):
        passed = [decision not in ("deny", "retry") for _, decision in found]
        low, high = rate_interval(passed, [subject for subject, _ in found])
        count = {name: sum(decision == name for _, decision in found) for name in ("deny", "retry")}
        people = len({subject for subject, _ in found})
        share = f"{100 * sum(passed) / len(found):5.1f} % [{100 * low:.1f}, {100 * high:.1f}]"
        print(f"{kind:8} {part:6} {len(found):4} {people:6} {count['deny']:6} {count['retry']:5} {sum(passed):6}  {share}")


def orders(faces: Path | None, live: Path | None, people: int, seed: int) -> list[Order]:
    found = []
    if faces is not None:
        first: dict[str, Path] = {}
        for path in sorted(faces.rglob("*.jpg")):
            first.setdefault(path.stem.rsplit("_", 1)[0], path)
        names = sorted(first)
        random.Random(seed).shuffle(names)
        found += [Order(kind, name, str(first[name]), seed + turn) for name in names[:people] for kind in KINDS[:-1] for turn in (0, 1)]
    if live is not None:
        files = sorted(path for path in live.rglob("*") if path.suffix in (".mp4", ".webm", ".mov"))
        found += [Order("live", path.stem, str(path), 0) for path in files]
        found += [Order("frozen", path.stem, str(path), moment) for path in files for moment in range(FROZEN)]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--faces", type=Path, help="a folder of pictures NAME_0001.jpg; the first of each name is taken")
    parser.add_argument("--live", type=Path, help="a folder of recordings of live people")
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--out", type=Path, default=Path("build/moving_stills.jsonl"))
    given = parser.parse_args()
    given.out.parent.mkdir(parents=True, exist_ok=True)
    wanted = orders(given.faces, given.live, given.people, given.seed)
    done = {(line.kind, line.subject, line.seed) for line in known(given.out, Judged)}
    with interruptible():
        drive(judge, [order for order in wanted if (order.kind, order.subject, order.seed) not in done], given.out, given.jobs)
    keys = {(order.kind, order.subject, order.seed) for order in wanted}
    tell([line for line in known(given.out, Judged) if (line.kind, line.subject, line.seed) in keys])


if __name__ == "__main__":
    main()
