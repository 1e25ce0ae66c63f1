"""The portrait behind the simulated subject, cut to the camera's picture, with the geometry that moving and lighting it needs.

The picture is scikit-image's `astronaut.png` (NASA portrait of Eileen Collins, public domain). It is fetched with the weights and
checked by hash like them. Landmarks come from the same mesh network the engine uses, once, when the portrait is loaded.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from openekyc.engine.face.values import Face, Floats, Image, Mesh
from openekyc.simulator.knobs import Knobs

# Indices of FaceLandmarker's mesh, each list from the left of the picture to the right.
UPPER_LIDS = ((33, 246, 161, 160, 159, 158, 157, 173, 133), (362, 398, 384, 385, 386, 387, 388, 466, 263))
LOWER_LIDS = ((33, 7, 163, 144, 145, 153, 154, 155, 133), (362, 382, 381, 380, 374, 373, 390, 249, 263))
BROWS = ((46, 53, 52, 65, 55), (285, 295, 282, 283, 276))
UPPER_LIP = (78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308)
LOWER_LIP = (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308)
# fmt: off
OVAL = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152,
    148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
)
# fmt: on
NOSE, CHIN = 1, 152
CONTOUR = 468  # points of the mesh proper; the ten of the irises follow

HEAD = (1.85, 1.62)  # half axes of the whole head (hair, neck) in half widths and half heights of the face oval
SKULL = 0.25  # how far the face's outline stands in front of the head's axis, in half widths of the face
RELIEF = 1.25  # the mesh is flatter than its own pose estimate believes: with this a turn of 20 degrees is measured as 20
SCREEN_DIRECTION = (0.0, 0.15, 1.0)  # towards the screen: in front of the face and a little below its middle
BEHIND = 0.12  # share of the screen's light that still reaches what stands behind the person


@dataclass(frozen=True, slots=True)
class Portrait:
    """`texture` (h, w, 4) uint8: BGR and, in the fourth channel, how much of the screen's light arrives (255 = all).
    `points` (478, 3) in pixels of the texture. `depth` (h, w) float32: pixels in front of the head's axis, 0 outside the head.
    `weight` (h, w) float32: 1 where the picture moves with the head, 0 far from it. `centre`: the axis of nods and shakes."""

    texture: Image
    points: Floats
    depth: Floats
    weight: Floats
    centre: tuple[float, float]


def portrait(picture: Image, face: Face, mesh: Mesh, knobs: Knobs) -> Portrait:
    """Cut `picture` (BGR) so that the face is as large as `knobs` say, and prepare it for moving and lighting."""
    cut = _cut(picture.shape[:2], face.box, knobs)
    size = knobs.width, knobs.height
    image = np.asarray(cv2.warpAffine(picture, cut, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101), np.uint8)
    points = _moved(mesh.points, cut)
    depth, weight = _relief(points, (knobs.height, knobs.width))
    texture = np.dstack([_toned(image, points, knobs.skin), _lit_share(depth)])
    oval = points[list(OVAL)]
    centre = (float(oval[:, 0].mean()), float((points[10, 1] + points[CHIN, 1]) / 2))
    return Portrait(texture, points, depth, weight, centre)


def _cut(shape: tuple[int, int], box: tuple[float, float, float, float], knobs: Knobs) -> Floats:
    scale = knobs.face_px / box[2]
    x, y = box[0] + box[2] / 2, box[1] + box[3] / 2
    return np.array([[scale, 0, knobs.width / 2 - scale * x], [0, scale, knobs.height / 2 - scale * y]], np.float32)


def _moved(points: Floats, cut: Floats) -> Floats:
    flat = points[:, :2] @ cut[:, :2].T + cut[:, 2]
    return np.column_stack([flat, points[:, 2] * cut[0, 0]]).astype(np.float32)


def _relief(points: Floats, shape: tuple[int, int]) -> tuple[Floats, Floats]:
    """Depth and weight maps: the mesh inside the face, falling off to nothing at the outline of the head."""
    oval = points[list(OVAL)]
    middle = (oval[:, :2].max(0) + oval[:, :2].min(0)) / 2
    axes = (oval[:, :2].max(0) - oval[:, :2].min(0)) / 2 * np.array(HEAD)
    angles = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    rim = middle + np.column_stack([np.cos(angles), np.sin(angles)]) * axes
    behind = float(oval[:, 2].max()) + SKULL * float(axes[0])
    solid = np.vstack(
        [np.column_stack([points[:CONTOUR, :2], RELIEF * (behind - points[:CONTOUR, 2])]), np.column_stack([rim, np.zeros(len(rim))])]
    )
    depth = np.maximum(_filled(solid, shape), 0)
    return np.asarray(cv2.GaussianBlur(depth, (0, 0), 8), np.float32), _halo(middle, axes, shape)


def _filled(solid: NDArray[np.float64], shape: tuple[int, int]) -> Floats:
    """The height over every pixel: linear over the Delaunay triangles of the (n, 3) points, 0 outside them."""
    height, width = shape
    inside = solid[(solid[:, 0] > 0) & (solid[:, 0] < width - 1) & (solid[:, 1] > 0) & (solid[:, 1] < height - 1)]
    plan = cv2.Subdiv2D((0, 0, width, height))
    heights = {plan.insert((float(x), float(y))): float(z) for x, y, z in inside}
    depth = np.zeros(shape, np.float32)
    for triangle in np.asarray(plan.getTriangleList(), np.float32).reshape(-1, 3, 2):
        corners = [heights.get(plan.findNearest((float(x), float(y)))[0], 0.0) for x, y in triangle]
        _paint_triangle(depth, triangle, corners)
    return depth


def _paint_triangle(depth: Floats, triangle: Floats, heights: list[float]) -> None:
    plane = np.linalg.lstsq(np.column_stack([triangle, np.ones(3)]), np.array(heights), rcond=None)[0]
    left, top, width, height = cv2.boundingRect(triangle.round().astype(np.int32))
    bottom, right = min(top + height, depth.shape[0]), min(left + width, depth.shape[1])
    top, left = max(top, 0), max(left, 0)
    mask = np.zeros((bottom - top, right - left), np.uint8)
    cv2.fillConvexPoly(mask, (triangle - (left, top)).round().astype(np.int32), 1)
    y, x = np.mgrid[top:bottom, left:right]
    depth[top:bottom, left:right][mask > 0] = (plane[0] * x + plane[1] * y + plane[2])[mask > 0]


def _halo(middle: NDArray[np.float32], axes: NDArray[np.float64], shape: tuple[int, int]) -> Floats:
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    radius = np.hypot((x - middle[0]) / axes[0], (y - middle[1]) / axes[1])
    ramp = np.clip((1.35 - radius) / 0.45, 0, 1)
    return np.asarray(ramp * ramp * (3 - 2 * ramp), np.float32)


def _lit_share(depth: Floats) -> Image:
    """Lambert's law on the relief's normals; what lies behind the head gets little (the screen's light falls off with distance)."""
    dx, dy = cv2.Sobel(depth, cv2.CV_32F, 1, 0, scale=1 / 8), cv2.Sobel(depth, cv2.CV_32F, 0, 1, scale=1 / 8)
    light = np.array(SCREEN_DIRECTION) / np.linalg.norm(SCREEN_DIRECTION)
    cosine = (-dx * light[0] - dy * light[1] + light[2]) / np.sqrt(dx * dx + dy * dy + 1)
    near = np.clip(depth / (0.12 * depth.max()), 0, 1)
    share = np.clip(cosine, 0.15, 1) * (BEHIND + (1 - BEHIND) * near)
    return np.asarray(np.clip(share * 255, 0, 255), np.uint8)


def _toned(image: Image, points: Floats, skin: float) -> Image:
    """Scale the linear reflectance of skin-coloured pixels of head and neck."""
    if skin == 1.0:
        return image
    _, cr, cb = cv2.split(cv2.cvtColor(image, cv2.COLOR_BGR2YCrCb))
    likely = ((cr > 136) & (cr < 175) & (cb > 95) & (cb < 130)).astype(np.float32)
    face = cv2.fillConvexPoly(np.zeros(likely.shape, np.float32), cv2.convexHull(points[:CONTOUR, :2].round().astype(np.int32)), 1.0)
    near = cv2.dilate(face, np.ones((61, 61), np.uint8))
    mask = cv2.GaussianBlur(likely * near, (0, 0), 3)[..., None]
    toned = image * (skin ** (1 / 2.2))
    return np.asarray(np.clip(image * (1 - mask) + toned * mask, 0, 255), np.uint8)
