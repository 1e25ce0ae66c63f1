"""Would a second passive cue earn its place? Candidates held against real pictures, one set left out at a time.

    python -m tools.silent_cues PAD_FOLDER [VIDEO_FOLDER]

PAD_FOLDER holds `manifest.csv`: path, label (bona_fide / attack), species, subject; the folder of a path is its set. VIDEO_FOLDER holds
recordings of live people, one more set. Each candidate is a number that should be larger for attacks. For every set left out, its bar is
the one that refuses at most 1 % of the live pictures of all other sets; then the set that was left out is judged by the packaged network
alone, and by network or candidate. A candidate earns its place if it lowers the APCER of replays in sets it was not chosen on and the
BPCER there stays. Intervals of AUC resample subjects.

Two further candidates need recordings of attacks, of which there are none: flat depth (the mesh against a homography over a turn of the
head, as the cue `gestures` uses it) and temporal noise. Of the latter the values of the live recordings are printed.
"""

import argparse
import csv
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from openekyc.engine.face.detect import detect
from openekyc.engine.face.track import Plan, track
from openekyc.engine.face.values import Image
from openekyc.engine.liveness.silent import Box, context_crop, score
from openekyc.engine.media import MediaLimits, open_video
from openekyc.engine.runtime import Models
from openekyc.reports.intervals import resampled
from openekyc.reports.rates import auc
from openekyc.settings import Settings

SIDE = 192  # of the spectrum's square
MOST_BPCER = 0.01
CROPS = (1.5, 4.0)  # of the packaged network, beside its own 2.7


class Sample(NamedTuple):
    """A face with the packaged network's answer and every candidate's."""

    folder: str
    subject: str
    species: str  # "" for a live person
    live: float
    values: dict[str, float]


# --- candidates -------------------------------------------------------------------------------------------------------------


def moire(image: Image, box: Box) -> float:
    """How far the strongest isolated peak of the face's spectrum stands over the others of its radius, in their own spread. The axes
    are left out: block borders of JPEG lie there."""
    spectrum, radius, fx, fy = _spectrum(image, box)
    wanted = (radius > 0.08) & (radius < 0.48) & (np.abs(fx) > 0.02) & (np.abs(fy) > 0.02)
    ring = (radius * 64).astype(int)
    strongest = 0.0
    for place in np.unique(ring[wanted]):
        own = spectrum[wanted & (ring == place)]
        if len(own) > 16:
            middle = float(np.median(own))
            spread = float(np.median(np.abs(own - middle))) * 1.4826 + 1e-6
            strongest = max(strongest, (float(own.max()) - middle) / spread)
    return strongest


def missing_detail(image: Image, box: Box) -> float:
    """How steeply the spectrum falls: a picture of a picture has lost fine detail twice."""
    spectrum, radius, *_ = _spectrum(image, box)
    coarse, fine = (radius > 0.03) & (radius < 0.12), (radius > 0.25) & (radius < 0.5)
    return float(spectrum[coarse].mean() - spectrum[fine].mean())


def noise(image: Image, box: Box) -> float:
    """Spread of what a median filter takes away on the face: two cameras' noise, a print's grain, a screen's dots."""
    face = cv2.cvtColor(_cut(image, box, 0.8), cv2.COLOR_BGR2GRAY)
    rest = face.astype(np.float32) - cv2.medianBlur(face, 3).astype(np.float32)
    return float(np.abs(rest).mean())


def straight_edges(image: Image, box: Box) -> float:
    """On how many of the face's four sides a long straight line runs along it, as the border of a sheet or a screen does; a short line is
    a fraction of a side."""
    x, y, width, height = box
    grey = cv2.GaussianBlur(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), (3, 3), 0)
    lines = cv2.HoughLinesP(cv2.Canny(grey, 50, 120), 1, np.pi / 180, 40, minLineLength=0.7 * width, maxLineGap=0.06 * width)
    longest = dict.fromkeys(("left", "right", "above", "below"), 0.0)
    for x1, y1, x2, y2 in [] if lines is None else lines.reshape(-1, 4).astype(float):
        middle_x, middle_y, length = (x1 + x2) / 2 - x - width / 2, (y1 + y2) / 2 - y - height / 2, float(np.hypot(x2 - x1, y2 - y1))
        if abs(x2 - x1) < 0.2 * length and 0.55 * width < abs(middle_x) < 1.6 * width and abs(middle_y) < height:
            side = "left" if middle_x < 0 else "right"
        elif abs(y2 - y1) < 0.2 * length and 0.6 * height < abs(middle_y) < 1.6 * height and abs(middle_x) < width:
            side = "above" if middle_y < 0 else "below"
        else:
            continue
        longest[side] = max(longest[side], length / height)
    return sum(min(length, 1.5) / 1.5 for length in longest.values())


CANDIDATES: dict[str, Callable[[Image, Box], float]] = {
    "moire": moire,
    "missing detail": missing_detail,
    "noise": noise,
    "straight edges": straight_edges,
}


def _cut(image: Image, box: Box, factor: float) -> Image:
    x, y, width, height = box
    left, top = max(int(x + width / 2 - factor * width / 2), 0), max(int(y + height / 2 - factor * height / 2), 0)
    return np.ascontiguousarray(image[top : max(int(top + factor * height), top + 8), left : max(int(left + factor * width), left + 8)])


def _spectrum(image: Image, box: Box) -> tuple[NDArray[np.float64], ...]:
    """Log power on a square at the picture's own resolution about the face's middle, with radius and frequencies in cycles a pixel."""
    side = int(min(SIDE, *image.shape[:2]))
    left = int(np.clip(box[0] + box[2] / 2 - side / 2, 0, image.shape[1] - side))
    top = int(np.clip(box[1] + box[3] / 2 - side / 2, 0, image.shape[0] - side))
    grey = cv2.cvtColor(image[top : top + side, left : left + side], cv2.COLOR_BGR2GRAY).astype(np.float64)
    window = np.hanning(side)[:, None] * np.hanning(side)[None]
    power = np.abs(np.fft.fftshift(np.fft.fft2((grey - grey.mean()) * window))) ** 2
    fx, fy = np.meshgrid(np.fft.fftshift(np.fft.fftfreq(side)), np.fft.fftshift(np.fft.fftfreq(side)))
    return np.log(power + 1.0), np.hypot(fx, fy), fx, fy


# --- samples ----------------------------------------------------------------------------------------------------------------


def pictures(models: Models, folder: Path) -> Iterator[Sample]:
    for row in csv.DictReader((folder / "manifest.csv").open()):
        image = cv2.imread(str(folder / row["path"]))
        faces = detect(models, image)
        if faces:
            subject = row["subject"] if row["subject"] != "C?" else row["path"]
            yield sample(models, row["path"].split("/")[0], subject, row["species"], image, faces[0].box)


def recordings(models: Models, folder: Path) -> Iterator[Sample]:
    """12 frames of each recording, all of live people; and what the candidates over time say."""
    limits = MediaLimits(size=10**8, seconds=300.0, frames=20_000)
    for path in sorted(folder.glob("*.mp4")):
        seen = track(models, open_video(path.read_bytes(), limits), Plan(rate=4.0, stills=12, detect_s=0.0))
        print(f"{path.name}: temporal noise {temporal_noise(path, limits):.2f} grey levels")
        for observation, image in seen.stills:
            if observation.face is not None:
                yield sample(models, "recordings", path.name, "", image, observation.face.box)


def sample(models: Models, folder: str, subject: str, species: str, image: Image, box: Box) -> Sample:
    (packaged,) = models.silent
    live = score(packaged, context_crop(image, box, packaged.input))
    values = {name: ask(image, box) for name, ask in CANDIDATES.items()}
    for crop in CROPS:
        other = packaged._replace(input=msgspec.structs.replace(packaged.input, crop=crop))
        values[f"the same network, {crop:g}x crop"] = 1.0 - score(other, context_crop(image, box, other.input))
    return Sample(folder, subject, species, live, values)


def temporal_noise(path: Path, limits: MediaLimits) -> float:
    """The spread of a pixel that is left of three frames in a row after their straight course is taken away; median over time."""
    film = islice(open_video(path.read_bytes(), limits), 30)
    frames = [cv2.cvtColor(frame.image, cv2.COLOR_BGR2GRAY).astype(np.float32) for frame in film]
    rest = [a - 2 * b + c for a, b, c in zip(frames, frames[1:], frames[2:], strict=False)]
    return float(np.sqrt(np.median(np.stack([np.mean(one**2) for one in rest])) / 6))


# --- leave one set out --------------------------------------------------------------------------------------------------------


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pad", type=Path)
    parser.add_argument("video", type=Path, nargs="?")
    options = parser.parse_args()
    models = Models(Settings().models_folder)
    samples = [*pictures(models, options.pad), *(recordings(models, options.video) if options.video else ())]
    threshold = models.silent[0].input.threshold
    for name in samples[0].values:
        print(f"\n{name}")
        alone(samples, name)
        for folder in sorted({one.folder for one in samples}):
            left_out(samples, name, folder, threshold)


def alone(samples: Sequence[Sample], name: str) -> None:
    """AUC of the candidate by itself, for each species in each set against the live pictures of the same set."""
    for folder, species in sorted({(one.folder, one.species) for one in samples if one.species}):
        own = [one for one in samples if one.folder == folder and one.species in ("", species)]
        values, live = np.array([-one.values[name] for one in own]), np.array([not one.species for one in own])
        bounds = resampled(lambda picks, v=values, g=live: auc(v[picks][g[picks]], v[picks][~g[picks]]), [one.subject for one in own])
        area = auc(values[live], values[~live])
        words = f" [{bounds[0]:.3f}, {bounds[1]:.3f}]" if bounds else ""
        print(f"  alone, {folder}, {species}: AUC {area:.3f}{words} ({live.sum()} live, {(~live).sum()} attacks)")


def left_out(samples: Sequence[Sample], name: str, folder: str, threshold: float) -> None:
    """The bar from all other sets, the errors in this one."""
    others = np.array([one.values[name] for one in samples if one.folder != folder and not one.species])
    bar = float(np.sort(others)[::-1][int(MOST_BPCER * len(others) + 1e-9)])
    own = [one for one in samples if one.folder == folder]
    for species in sorted({one.species for one in own}):
        some = [one for one in own if one.species == species]
        network = sum(one.live >= threshold for one in some)
        both = sum(one.live >= threshold and one.values[name] <= bar for one in some)
        if species:
            said = f"{species}: accepted {network} of {len(some)} by the network, {both} with the candidate"
        else:
            said = f"live: refused {len(some) - network} of {len(some)} by the network, {len(some) - both} with the candidate"
        print(f"  left out {folder}, {said}")


if __name__ == "__main__":
    main()
