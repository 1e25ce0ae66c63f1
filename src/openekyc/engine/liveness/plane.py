"""Is what turned a head or a sheet? Two views of a plane differ by a homography; a head's nose and cheeks shift against each other.

The mesh at rest and at the turn's peak are compared: the **parallax** is what the best homography leaves unexplained, and it is set
against what the mesh at rest would leave if it were turned in space by the angles the pose reports. Heads show about as much as
expected (0.8 to 1.6 of it on rendered and real ones), a sheet none but the landmarks' noise. Where little is expected nothing is said.
"""

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from openekyc.engine.face.values import Mesh, Observation, Track
from openekyc.engine.liveness.events import Event
from openekyc.engine.liveness.patches import POINTS

Points = NDArray[np.float64]

EYE_CORNERS = (33, 263)
TELLING = 0.03  # expected parallax, of the distance of the outer eye corners; the landmarks' own noise was 0.001 to 0.01
SHEET = 0.4  # a share of the expected parallax below this is a sheet's
FRAMES = 5


class Parallax(NamedTuple):
    """Root mean square over the skin's points, as shares of the distance between the outer eye corners."""

    seen: float
    expected: float

    @property
    def share(self) -> float:
        """How much of what a head would show was seen."""
        return self.seen / max(self.expected, 1e-6)

    @property
    def flat(self) -> bool:
        """Whether this was certainly a sheet."""
        return self.expected >= TELLING and self.share < SHEET


def parallax(track: Track, event: Event) -> Parallax:
    """Of a nod or a shake. (0, 0) where there is nothing to compare."""
    seen = [one for one in track.observations if one.mesh is not None]
    during = [one for one in seen if event.start <= one.time <= event.end]
    if len(during) < 3:
        return Parallax(0.0, 0.0)
    away = _away(seen)
    rest = sorted(seen, key=lambda one: away[one.index])[:FRAMES]
    turned = max(during, key=lambda one: away[one.index])
    return compared([one.mesh for one in rest if one.mesh], turned.mesh) if turned.mesh else Parallax(0.0, 0.0)


def compared(rest: Sequence[Mesh], turned: Mesh) -> Parallax:
    """The parallax between a few meshes at rest and one that is turned."""
    shape = np.mean([_centred(mesh) for mesh in rest], axis=0)
    eyes = float(np.linalg.norm(shape[EYE_CORNERS[0]] - shape[EYE_CORNERS[1]]))
    yaw = turned.pose.yaw - float(np.mean([mesh.pose.yaw for mesh in rest]))
    pitch = turned.pose.pitch - float(np.mean([mesh.pose.pitch for mesh in rest]))
    flat = shape[POINTS, :2]
    expected = _unexplained(flat, (shape @ _rotation(yaw, pitch).T)[POINTS, :2])
    return Parallax(_unexplained(flat, _centred(turned)[POINTS, :2]) / max(eyes, 1e-6), expected / max(eyes, 1e-6))


def _away(seen: Sequence[Observation]) -> dict[int, float]:
    """Degrees from the usual pose, by frame."""
    poses = np.array([(one.mesh.pose.yaw, one.mesh.pose.pitch) for one in seen if one.mesh])
    far = np.linalg.norm(poses - np.median(poses, axis=0), axis=1)
    return {one.index: float(degrees) for one, degrees in zip(seen, far, strict=True)}


def _centred(mesh: Mesh) -> Points:
    points = mesh.points[:468].astype(np.float64)
    return np.asarray(points - points.mean(axis=0), np.float64)


def _rotation(yaw: float, pitch: float) -> Points:
    """Of picture axes (x right, y down, z away): yaw moves the nose to the right, pitch downwards."""
    y, p = np.radians(yaw), np.radians(pitch)
    across = np.array([[np.cos(y), 0, -np.sin(y)], [0, 1, 0], [np.sin(y), 0, np.cos(y)]])
    down = np.array([[1, 0, 0], [0, np.cos(p), -np.sin(p)], [0, np.sin(p), np.cos(p)]])
    return np.asarray(down @ across, np.float64)


def _unexplained(before: Points, after: Points) -> float:
    """Pixels by which the points (n, 2) miss the best homography."""
    found, _ = cv2.findHomography(before, after, 0)
    if found is None:
        return 0.0
    carried = cv2.perspectiveTransform(before[None], found)[0]
    return float(np.sqrt(((carried - after) ** 2).sum(axis=1).mean()))
