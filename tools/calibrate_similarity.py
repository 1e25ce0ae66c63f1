"""Fix the corners of the similarity scale on half of the people of a face set, and report error rates on the other half.

    python tools/calibrate_similarity.py FOLDER [--cache FOLDER]

FOLDER holds `images/NAME_0001.jpg` as Labeled Faces in the Wild names them; all images of one name are one subject. Each image goes through
the engine as a reference picture does. Subjects are split by the parity of a hash of their name. Intervals are 95 %, from 1,000 bootstrap
samples of subjects (not of pairs or images). --cache takes and leaves embeddings as `match-report --keep-embeddings` does.
"""

import argparse
import hashlib
import tempfile
from importlib.metadata import version
from pathlib import Path

import numpy as np

from openekyc.engine.runtime import Models
from openekyc.reports.embeddings import acquire
from openekyc.reports.intervals import DRAWS
from openekyc.settings import Settings

RATES = {30.0: 1e-1, 50.0: 1e-2, 70.0: 1e-3, 80.0: 1e-4}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cache", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        names, vectors = embeddings(options.folder, options.cache or Path(scratch))
    half = np.array([hashlib.sha256(name.encode()).digest()[0] % 2 for name in names])
    corners = calibrate(names[half == 0], vectors[half == 0])
    print("corners", {mark: round(value, 4) for mark, value in corners.items()})
    for label, part in (("calibration half", 0), ("other half", 1)):
        report(label, names[half == part], vectors[half == part], corners)


def embeddings(folder: Path, cache: Path) -> tuple[np.ndarray, np.ndarray]:
    """Subject names (n,) and unit vectors (n, 128) of all images that are taken as a reference."""
    pictures = [f"images/{path.name}" for path in sorted((folder / "images").glob("*.jpg"))]
    models = Models(Settings().models_folder)
    found = list(acquire(models, version("openekyc"), folder, pictures, cache))
    kept = [(Path(picture).stem.rsplit("_", 1)[0], vector) for picture, one in found if (vector := one.embedding) is not None]
    print(f"{len(kept)} images embedded, {len(found) - len(kept)} refused")
    return np.array([name for name, _ in kept]), np.stack([vector for _, vector in kept])


def calibrate(names: np.ndarray, vectors: np.ndarray) -> dict[float, float]:
    """Cosines that the given shares of pairs of different people reach."""
    cosines, same = pairs(names, vectors)
    impostors = cosines[~same]
    return {mark: float(np.quantile(impostors, 1.0 - rate)) for mark, rate in RATES.items()}


def pairs(names: np.ndarray, vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    first, second = np.triu_indices(len(names), 1)
    return np.einsum("ij,ij->i", vectors[first], vectors[second]), names[first] == names[second]


def report(label: str, names: np.ndarray, vectors: np.ndarray, corners: dict[float, float]) -> None:
    cosines, same = pairs(names, vectors)
    print(f"{label}: {len(set(names))} people, {len(names)} images, {same.sum()} genuine pairs, {(~same).sum()} impostor pairs")
    matrix = vectors @ vectors.T
    for mark in (70.0, 80.0):
        over = corners[mark]
        fmr, fnmr = (cosines[~same] >= over).mean(), (cosines[same] < over).mean()
        low, high = intervals(names, matrix >= over)
        print(f"  similarity {mark:.0f} (cosine {over:.4f}): FMR {fmr:.2e} [{low[0]:.1e}, {high[0]:.1e}]", end="")
        print(f"  FNMR {fnmr:.2%} [{low[1]:.2%}, {high[1]:.2%}]")


def intervals(names: np.ndarray, reached: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """95 % bounds of (FMR, FNMR); a subject drawn k times counts k times with each of its images."""
    subjects, owner = np.unique(names, return_inverse=True)
    random, same = np.random.default_rng(7), names[:, None] == names[None, :]
    np.fill_diagonal(reached, val=True)
    impostor_hits, genuine_misses = (reached & ~same).astype(np.float32), (~reached & same).astype(np.float32)
    impostors, genuine = (~same).astype(np.float32), (same & ~np.eye(len(names), dtype=bool)).astype(np.float32)
    rates = []
    for _ in range(DRAWS):
        drawn = np.bincount(random.integers(0, len(subjects), len(subjects)), minlength=len(subjects))
        weight = drawn[owner].astype(np.float32)
        once = np.minimum(weight, 1)
        fmr = weight @ impostor_hits @ weight / (weight @ impostors @ weight)
        rates.append((fmr, weight @ genuine_misses @ once / (weight @ genuine @ once)))
    low, high = np.percentile(np.array(rates), [2.5, 97.5], axis=0)
    return low, high


if __name__ == "__main__":
    main()
