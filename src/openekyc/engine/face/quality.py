"""How well a face can be judged: size, sharpness, exposure and whether something hides it."""

import cv2
import numpy as np

from openekyc.engine.face.values import Face, Floats, Image, Mesh, Quality

SIDE = 112
DARK, BRIGHT = 30, 240

DETAIL = (0.45, 0.15)  # share of the other parts' edges: nothing hidden, surely hidden
COLOUR = (30.0, 50.0)  # distance in the a, b plane: nothing hidden, surely hidden

_RIGHT_EYE, _LEFT_EYE = 468, 473  # iris centres
_CHIP_ANCHORS = np.array([[38, 46], [74, 46], [56, 88]], np.float32)
_FLAT = 8.0  # edges of a picture so blurred or dark that no part can be told from another
_PARTS = (
    (33, 133, 159, 145),  # right eye
    (263, 362, 386, 374),  # left eye
    (48, 278, 4, 2),  # nose
    (61, 291, 0, 17, 37, 267, 84, 314),  # mouth
)
_LOWER = (0, 11, 12, 15, 16, 17, 37, 267, 84, 314, 152, 175, 199, 200)
_UPPER = (50, 205, 117, 280, 425, 346, 10, 151, 9, 67, 297)


def quality(image: Image, face: Face | None, mesh: Mesh) -> Quality:
    """Measure one face. `face` gives the width by the detector's box; without it the mesh's own extent stands in."""
    grey = _face_grey(image, mesh.points)
    return Quality(
        size=float(np.linalg.norm(mesh.points[_LEFT_EYE, :2] - mesh.points[_RIGHT_EYE, :2])),
        width=face.box[2] if face else float(np.ptp(mesh.points[:, 0])),
        sharpness=float(cv2.Laplacian(grey, cv2.CV_32F).var()),
        luma=float(grey.mean()),
        dark=float((grey < DARK).mean()),
        bright=float((grey > BRIGHT).mean()),
        covered=covered(image, mesh),
    )


def detail(image: Image, mesh: Mesh) -> float:
    """Variance of the second difference across or along the face at 112 pixels, whichever is less: a face smeared in one direction keeps
    edges in the other, which `Quality.sharpness` takes for detail."""
    return _least_variance(_face_grey(image, mesh.points))


def box_detail(image: Image, face: Face) -> float:
    """The same over the detector's box, to compare faces of one picture with each other. A small face has less, for it is enlarged."""
    x, y, width, height = face.box
    return _least_variance(_face_grey(image, np.array([[x, y], [x + width, y + height]], np.float32)))


def _least_variance(face: Image) -> float:
    grey = face.astype(np.float32)
    across, along = np.diff(grey, 2, axis=1), np.diff(grey, 2, axis=0)
    return float(min(across.var(), along.var()))


def _face_grey(image: Image, points: Floats) -> Image:
    """The mesh's bounding box in grey, 112x112; parts outside the picture are left out."""
    low = np.clip(points[:, :2].min(axis=0), 0, None).astype(int)
    high = np.ceil(points[:, :2].max(axis=0)).astype(int) + 1
    part = image[low[1] : max(high[1], low[1] + 1), low[0] : max(high[0], low[0] + 1)]
    if part.size == 0:
        return np.zeros((SIDE, SIDE), np.uint8)
    small = cv2.resize(part, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.uint8)


def covered(image: Image, mesh: Mesh) -> float:
    """How likely eyes, nose or mouth are hidden, 0..1.

    The mesh network invents what it cannot see, so its points say nothing. Two signs do: a hidden part has no edges of its own
    beside the other parts of the same face, and the mouth is not of the cheeks' and forehead's colour.
    """
    chip, points = _upright_chip(image, mesh.points)
    return max(_ramp(_least_detail(chip, points), *DETAIL), _ramp(_mouth_colour_distance(chip, points), *COLOUR))


def _upright_chip(image: Image, points: Floats) -> tuple[Image, Floats]:
    """The face turned upright at a fixed eye distance, 112x112, and the points (478, 2) in it."""
    mouth = points[[13, 14], :2].mean(axis=0)
    anchors = np.stack([points[_RIGHT_EYE, :2], points[_LEFT_EYE, :2], mouth])
    turn, _ = cv2.estimateAffinePartial2D(anchors, _CHIP_ANCHORS)
    if turn is None:
        turn = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    chip = cv2.warpAffine(image, turn, (SIDE, SIDE), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(chip, np.uint8), np.asarray(points[:, :2] @ turn[:, :2].T + turn[:, 2], np.float32)


def _least_detail(chip: Image, points: Floats) -> float:
    """Edges of the plainest part over those of the parts' median."""
    grey = cv2.cvtColor(chip, cv2.COLOR_BGR2GRAY)
    edges = cv2.magnitude(cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1))
    found = [float(edges[_window(points[list(part)])].mean()) for part in _PARTS]
    return min(found) / max(float(np.median(found)), _FLAT)


def _mouth_colour_distance(chip: Image, points: Floats) -> float:
    """Distance of mouth and chin from forehead and cheeks in the a, b plane of CIELAB."""
    colours = cv2.cvtColor(chip, cv2.COLOR_BGR2LAB)
    inside = np.clip(points.astype(int), 0, SIDE - 1)
    lower, upper = (np.median(colours[inside[list(part), 1], inside[list(part), 0], 1:], axis=0) for part in (_LOWER, _UPPER))
    return float(np.linalg.norm(lower - upper))


def _window(points: Floats) -> tuple[slice, slice]:
    low = np.clip(points.min(axis=0) - 2, 0, SIDE - 3).astype(int)
    high = np.clip(points.max(axis=0) + 2, low + 2, SIDE).astype(int)
    return slice(low[1], high[1]), slice(low[0], high[0])


def _ramp(value: float, clear: float, hidden: float) -> float:
    return float(np.clip((value - clear) / (hidden - clear), 0.0, 1.0))
