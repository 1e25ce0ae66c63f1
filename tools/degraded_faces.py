"""What pictures worse than a good photograph cost the comparison: refused with which code, missed, or mistaken.

    python tools/degraded_faces.py FOLDER photo|card [--part 0|1] [--pairs N] [--cache FILE] [--only NAME ...]

FOLDER holds `images/NAME_0001.jpg` and `pairs.csv` (a, b, same) as Labeled Faces in the Wild names them. One genuine pair of each subject:
`b` is degraded and taken as the reference picture, `a` stays as it is and stands for the live frame. `--part` takes the half of the
subjects whose hash is even (0) or odd (1): thresholds are chosen on 0, 1 is reported. `--cache` keeps what was measured (embeddings
among it) so that the next run goes on.

photo: turned, dark, small, blurred, covered, cut and accompanied faces by the rules for photographs. card: portraits as they are printed
on documents, by the rules for those. FMR: degraded references against the live pictures of all other subjects.
"""

import argparse
import base64
import csv
import hashlib
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from openekyc.engine.compare.embed import embed
from openekyc.engine.compare.find import Found, upright
from openekyc.engine.compare.pictures import CARD, PHOTO, Gates, Look, PictureRefused, check, look, nobody
from openekyc.engine.compare.similarity import similarity
from openekyc.engine.face.values import Mesh, Quality
from openekyc.engine.runtime import Models
from openekyc.reports.intervals import rate_interval
from openekyc.settings import Settings

Picture = np.ndarray
Degrade = Callable[[Picture, Found], Picture]

MARKS = (70.0, 80.0)
GREY = (120, 120, 120)
QUIET = {"": lambda picture, _: picture}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("kind", choices=("photo", "card"))
    parser.add_argument("--part", type=int, choices=(0, 1), default=1)
    parser.add_argument("--pairs", type=int, default=1_000)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--only", nargs="*", default=[])
    options = parser.parse_args()
    models, known = Models(Settings().models_folder), Known(options.cache)
    conditions, gates = (PHOTOS, PHOTO) if options.kind == "photo" else (CARDS, CARD)
    pairs = genuine(options.folder, options.part)[: options.pairs]
    live = {name: known.measured(models, options.folder, name, "", QUIET[""], PHOTO) for name, _ in pairs}
    print(f"{options.kind}, part {options.part}: {len(pairs)} genuine pairs, one of each subject")
    print("| condition | pictures | refused, by code | compared | FNMR at 70 | FNMR at 80 | FMR at 70 | FMR at 80 |\n" + "| --- " * 8 + "|")
    for name, degrade in conditions.items():
        if not options.only or name in options.only:
            rows = [(a, known.measured(models, options.folder, b, name, degrade, gates)) for a, b in pairs]
            print(line(name, rows, live), flush=True)


def genuine(folder: Path, part: int) -> list[tuple[str, str]]:
    """One genuine pair for each subject of the part."""
    found: dict[str, tuple[str, str]] = {}
    for row in csv.DictReader((folder / "pairs.csv").open()):
        if row["same"] == "1" and hashlib.sha256(person(row["a"]).encode()).digest()[0] % 2 == part:
            found.setdefault(person(row["a"]), (row["a"], row["b"]))
    return list(found.values())


def person(name: str) -> str:
    return Path(name).stem.rsplit("_", 1)[0]


class Known:
    """What was measured before, one JSON line each."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        lines = path.read_text().splitlines() if path and path.exists() else []
        self._rows = {(row["name"], row["condition"]): row for row in map(json.loads, lines)}
        self._plain: dict[str, tuple[Picture, Found | None]] = {}

    def measured(self, models: Models, folder: Path, name: str, condition: str, degrade: Degrade, gates: Gates) -> dict[str, Any]:
        if (name, condition) not in self._rows:
            picture, found = self._read(models, folder, name)
            if found is not None and condition:
                picture = degrade(picture, found)
                found = upright(models, picture)
            row = {"name": name, "condition": condition, **measure(models, picture, found)}
            self._rows[name, condition] = row
            if self._path:
                with self._path.open("a") as file:
                    file.write(json.dumps(row) + "\n")
        return judged(self._rows[name, condition], gates)

    def _read(self, models: Models, folder: Path, name: str) -> tuple[Picture, Found | None]:
        if name not in self._plain:
            picture = cv2.imread(str(folder / name))
            self._plain[name] = picture, upright(models, picture)
        return self._plain[name]


def measure(models: Models, picture: Picture, found: Found | None) -> dict[str, Any]:
    """Everything a gate may ask, and the embedding, whatever the gates say."""
    if found is None:
        return {"side": min(picture.shape[:2]), "code": nobody(picture)[0]}
    seen = look(found)
    return {
        "side": min(picture.shape[:2]),
        "faces": [(face.box, face.score) for face in found.faces[:2]],
        "roll": found.mesh.pose.roll,
        "look": {"ambiguous": seen.ambiguous, "missing": seen.missing, "detail": seen.detail},
        "quality": {name: getattr(seen.quality, name) for name in Quality.__slots__},
        "vector": base64.b64encode(embed(models, found.image, found.mesh).tobytes()).decode(),
    }


def judged(row: dict[str, Any], gates: Gates) -> dict[str, Any]:
    """The row with its result code by these gates."""
    return row | {"code": code(row, gates)}


def code(row: dict[str, Any], gates: Gates) -> str:
    if row["side"] < gates.side:
        return "2004"
    if "quality" not in row:
        return str(row["code"])
    try:
        check(Look(quality=Quality(**row["quality"]), **row["look"]), gates)
    except PictureRefused as refused:
        return refused.code
    return "0"


def vector(row: dict[str, Any]) -> np.ndarray:
    return np.frombuffer(base64.b64decode(row["vector"]), np.float32)


def line(name: str, rows: list[tuple[str, dict[str, Any]]], live: dict[str, dict[str, Any]]) -> str:
    """One line of the table."""
    codes = Counter(row["code"] for _, row in rows)
    refused = ", ".join(f"{code}: {count}" for code, count in sorted(codes.items()) if code != "0") or "none"
    used = [(a, row) for a, row in rows if row["code"] == "0" and "vector" in live[a]]
    cells = [name, str(len(rows)), refused, str(len(used))]
    if used:
        marks = np.vectorize(similarity)(np.stack([vector(row) for _, row in used]) @ np.stack([vector(live[a]) for a, _ in used]).T)
        own, subjects = np.diag(marks), [person(a) for a, _ in used]
        others = marks[~np.eye(len(used), dtype=bool)]
        for mark in MARKS:
            low, high = rate_interval([bool(one) for one in own < mark], subjects)
            cells.append(f"{(own < mark).mean():.1%} [{low:.1%}, {high:.1%}]")
        cells += [f"{(others >= mark).mean():.1e}" for mark in MARKS] if len(others) else ["-"] * 2
    return "| " + " | ".join(cells) + " |"


# --- photographs ------------------------------------------------------------------------------------------------------------


def turned(degrees: float) -> Degrade:
    """About the middle, on a canvas that holds every corner."""

    def degrade(picture: Picture, _: Found) -> Picture:
        if degrees % 90 == 0:
            return np.ascontiguousarray(np.rot90(picture, -int(degrees) // 90))
        height, width = picture.shape[:2]
        side = int(np.hypot(height, width)) + 1
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
        matrix[:, 2] += (side - width) / 2, (side - height) / 2
        return cv2.warpAffine(picture, matrix, (side, side), borderValue=GREY)

    return degrade


def dark(gain: float, noise: float = 2.0) -> Degrade:
    def degrade(picture: Picture, _: Found) -> Picture:
        random = np.random.default_rng(int(picture.mean() * 1000))
        return np.clip(picture * gain + random.normal(0, noise, picture.shape), 0, 255).astype(np.uint8)

    return degrade


def bright(gain: float) -> Degrade:
    return lambda picture, _: np.clip(picture * gain, 0, 255).astype(np.uint8)


def small(width: float) -> Degrade:
    """The face `width` pixels wide in a picture of the same size."""

    def degrade(picture: Picture, found: Found) -> Picture:
        less = cv2.resize(picture, None, fx=(scale := width / found.faces[0].box[2]), fy=scale, interpolation=cv2.INTER_AREA)
        canvas = np.full_like(picture, GREY[0])
        y, x = ((np.array(canvas.shape[:2]) - less.shape[:2]) // 2).clip(0)
        canvas[y : y + less.shape[0], x : x + less.shape[1]] = less[: canvas.shape[0], : canvas.shape[1]]
        return canvas

    return degrade


def blurred(share: float) -> Degrade:
    """Gaussian, sigma as a share of the face's width."""
    return lambda picture, found: cv2.GaussianBlur(picture, (0, 0), share * found.faces[0].box[2])


def moved(share: float) -> Degrade:
    """Smeared sideways over a share of the face's width."""

    def degrade(picture: Picture, found: Found) -> Picture:
        length = max(int(share * found.faces[0].box[2]), 1)
        return cv2.blur(picture, (length, 1))

    return degrade


def jpeg(level: int) -> Degrade:
    return lambda picture, _: cv2.imdecode(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, level])[1], cv2.IMREAD_COLOR)


def masked(picture: Picture, found: Found) -> Picture:
    outline = found.mesh.points[[234, 132, 172, 136, 152, 365, 397, 361, 454, 280, 195, 50], :2].astype(int)
    return cv2.fillPoly(picture.copy(), [outline], (220, 190, 150))


def shaded(picture: Picture, found: Found) -> Picture:
    covered, apart = picture.copy(), eyes_apart(found.mesh)
    for iris in (468, 473):
        centre = tuple(found.mesh.points[iris, :2].astype(int).tolist())
        cv2.ellipse(covered, centre, (int(0.45 * apart), int(0.36 * apart)), 0, 0, 360, (25, 20, 20), -1)
    return covered


def eyes_apart(mesh: Mesh) -> float:
    return float(np.linalg.norm(mesh.points[468, :2] - mesh.points[473, :2]))


def cut(share: float) -> Degrade:
    """The picture ends at a share of the face's width."""
    return lambda picture, found: picture[:, max(int(found.faces[0].box[0] + share * found.faces[0].box[2]), 0) :]


def beside(share: float) -> Degrade:
    """A second face, the mirrored first one at `share` of its size, beside it."""

    def degrade(picture: Picture, found: Found) -> Picture:
        x, y, width, height = (max(int(value), 0) for value in found.faces[0].box)
        own = picture[max(y - height // 4, 0) : y + 5 * height // 4, max(x - width // 4, 0) : x + 5 * width // 4]
        second = cv2.resize(own[:, ::-1], None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
        canvas = np.full((max(own.shape[0], second.shape[0]), own.shape[1] + second.shape[1], 3), GREY[0], np.uint8)
        canvas[: own.shape[0], : own.shape[1]] = own
        canvas[: second.shape[0], own.shape[1] :] = second
        return canvas

    return degrade


PHOTOS: dict[str, Degrade] = {
    "as it is": QUIET[""],
    **{f"turned {degrees} degrees": turned(degrees) for degrees in (15, 30, 45, 60, 75, 90, 180, 270)},
    **{f"light x {gain}": dark(gain) for gain in (0.3, 0.15, 0.07, 0.03)},
    **{f"light x {gain}": bright(gain) for gain in (2.0, 4.0)},
    **{f"face {width} px wide": small(width) for width in (60, 45, 30, 20)},
    **{f"blurred by {share:.0%}": blurred(share) for share in (0.01, 0.02, 0.03, 0.04, 0.06, 0.1)},
    **{f"smeared by {share:.0%}": moved(share) for share in (0.05, 0.1, 0.2)},
    "JPEG of quality 10": jpeg(10),
    "mask": masked,
    "dark glasses": shaded,
    "a third cut off": cut(0.33),
    "half cut off": cut(0.5),
    "equal face beside": beside(1.0),
    "half-size face beside": beside(0.5),
}


# --- portraits on documents -------------------------------------------------------------------------------------------------


def portrait_of(height: int, grey: bool = False, soft: float = 0.0, lines: float = 0.0, quality: int = 0) -> Degrade:
    """A portrait `height` pixels high, cut as on a document (the face's box is 55 % of the height), then printed and scanned: softened by
    a Gaussian (sigma in thousandths of the height), pale, with fine wavy lines of this strength over it, and saved as JPEG."""

    def degrade(picture: Picture, found: Found) -> Picture:
        chip = _cut(picture, found, height)
        if grey:
            chip = cv2.cvtColor(cv2.cvtColor(chip, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
        if soft:
            chip = (40 + 0.75 * cv2.GaussianBlur(chip, (0, 0), soft * height / 1000).astype(np.float32)).astype(np.uint8)
        if lines:
            chip = guilloche(chip, lines)
        return jpeg(quality)(chip, found) if quality else chip

    return degrade


def _cut(picture: Picture, found: Found, height: int) -> Picture:
    x, y, wide, high = found.faces[0].box
    tall = high / 0.55
    scale = height / tall
    matrix = np.array([[scale, 0, -scale * (x + wide / 2 - 0.39 * tall)], [0, scale, -scale * (y + high / 2 - 0.48 * tall)]])
    chip = cv2.warpAffine(picture, matrix * 4, (4 * int(0.78 * height), 4 * height), borderMode=cv2.BORDER_REPLICATE)
    return cv2.resize(chip, (int(0.78 * height), height), interpolation=cv2.INTER_AREA)


def guilloche(chip: Picture, strength: float) -> Picture:
    """Two families of wavy lines, about 22 to the picture's height, in a tint of security print."""
    height, width = chip.shape[:2]
    y, x = np.mgrid[:height, :width] / height
    slopes = ((0.3, 0.0), (-0.5, 0.4))
    waves = [np.sin(2 * np.pi * (22 * (y + slope * x) + 1.5 * np.sin(2 * np.pi * (3 * x + turn)))) for slope, turn in slopes]
    ink = np.clip(np.maximum(*waves) * 4 - 3, 0, 1)[:, :, None] * strength
    return (chip * (1 - ink) + ink * np.array((150.0, 110.0, 90.0))).astype(np.uint8)


HEIGHTS = (60, 80, 100, 120, 160, 200)
CARDS: dict[str, Degrade] = {
    **{f"{height} px": portrait_of(height) for height in HEIGHTS},
    "120 px, grey": portrait_of(120, grey=True),
    "120 px, soft print": portrait_of(120, soft=10),
    "120 px, JPEG 40": portrait_of(120, quality=40),
    "120 px, lines 30 %": portrait_of(120, lines=0.3),
    "120 px, lines 60 %": portrait_of(120, lines=0.6),
    **{f"{height} px, all": portrait_of(height, grey=True, soft=10, lines=0.3, quality=60) for height in HEIGHTS},
}


if __name__ == "__main__":
    main()
