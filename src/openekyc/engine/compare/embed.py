"""A face as a vector: SFace on a face that was turned upright and scaled to the standard template.

The five points of the template come from the mesh, which follows a tilted head; the detector's own points lag behind from about 20
degrees on. An eye's middle is that of its corners, which a glance to the side does not move. docs/research/comparison.md has what
other points, both alignments averaged and the mirrored face as well would give.
"""

import cv2
import numpy as np

from openekyc.engine.face.values import Floats, Image, Mesh
from openekyc.engine.runtime import Models

SIDE = 112
LARGEST = 12  # times this size is how large a face is looked at
# Where right eye, left eye, nose tip and mouth corners belong in the 112x112 picture: the ArcFace template, viewer's left first.
TEMPLATE = np.array([[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]], np.float32)
EYE_CORNERS = ((33, 133), (362, 263))
NOSE_AND_MOUTH = [4, 61, 291]  # nose tip, mouth corners


def embed(models: Models, image: Image, mesh: Mesh) -> Floats:
    """The unit vector (128,) of one face in `image` (BGR)."""
    return embed_points(models, image, five_points(mesh))


def five_points(mesh: Mesh) -> Floats:
    """The mesh's points (5, 2) in the order of `TEMPLATE`."""
    places = mesh.points[:, :2]
    eyes = [places[list(corners)].mean(axis=0) for corners in EYE_CORNERS]
    return np.concatenate([eyes, places[NOSE_AND_MOUTH]]).astype(np.float32)


def embed_points(models: Models, image: Image, points: Floats) -> Floats:
    """The same from five points (5, 2) in the order of `TEMPLATE`."""
    return embed_chip(models, align(image, points))


def embed_chip(models: Models, chip: Image) -> Floats:
    """The same from the aligned face, 112x112 BGR."""
    rgb = chip[:, :, ::-1]
    batch = np.ascontiguousarray(rgb.transpose(2, 0, 1)[None], dtype=np.float32)  # 0..255 unscaled
    return unit(models.face_recognizer(batch)[0])


def align(image: Image, points: Floats) -> Image:
    """The face as 112x112 BGR, by the similarity transform that best brings `points` (5, 2) to the template. A face that is much larger is
    brought to a multiple of that size and averaged down: skipping pixels would leave patterns that the network takes for a face's."""
    matrix = similarity_transform(points, TEMPLATE)
    times = int(np.clip(1.0 / max(float(np.hypot(*matrix[0, :2])), 1e-6), 1, LARGEST))
    chip = cv2.warpAffine(image, matrix * times, (SIDE * times, SIDE * times), flags=cv2.INTER_LINEAR)
    return np.asarray(cv2.resize(chip, (SIDE, SIDE), interpolation=cv2.INTER_AREA) if times > 1 else chip, dtype=np.uint8)


def similarity_transform(source: Floats, target: Floats) -> Floats:
    """The 2x3 matrix of rotation, scale and shift that maps `source` (n, 2) to `target` (n, 2) with least squares (Umeyama 1991)."""
    a, b = source.mean(axis=0), target.mean(axis=0)
    centred, wanted = (source - a).astype(np.float64), (target - b).astype(np.float64)
    power = max(float((centred**2).sum()), 1e-9)
    cosine = float((centred * wanted).sum()) / power
    sine = float((centred[:, 0] * wanted[:, 1] - centred[:, 1] * wanted[:, 0]).sum()) / power
    turn = np.array([[cosine, -sine], [sine, cosine]])
    return np.hstack([turn, (b - turn @ a)[:, None]]).astype(np.float32)


def cosine(a: Floats, b: Floats) -> float:
    """The cosine of two unit vectors, -1..1."""
    return float(np.clip(np.dot(a, b), -1.0, 1.0))


def unit(vector: Floats) -> Floats:
    """The vector scaled to length 1."""
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-9), dtype=np.float32)
