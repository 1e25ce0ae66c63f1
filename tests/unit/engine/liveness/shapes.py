"""A head made of formulas, with its normals, and sheets: surfaces for the rules of light and turning."""

from dataclasses import replace

import numpy as np

from openekyc.engine.liveness.patches import POINTS
from tests.unit.engine.liveness.tracks import mesh


def head() -> np.ndarray:
    """(478, 3) points of half an ellipsoid with a nose, in pixels; nearer is smaller."""
    place = np.arange(478)
    radius, angle = np.sqrt((place + 0.5) / 478), place * np.pi * (3 - np.sqrt(5))
    u, v = radius * np.cos(angle), radius * np.sin(angle)
    return np.stack([320 + 100 * u, 240 + 125 * v, -depth(u, v)], axis=1)


def depth(u, v):
    return 90 * np.sqrt(1 - 0.85 * (u * u + v * v)) + 40 * np.exp(-((u / 0.18) ** 2) - (v / 0.35) ** 2)


def normals() -> np.ndarray:
    """(points, 3) of the patches, analytic; z towards the camera."""
    u, v = (head()[POINTS, 0] - 320) / 100, (head()[POINTS, 1] - 240) / 125
    across = (depth(u + 1e-4, v) - depth(u - 1e-4, v)) / 2e-2
    down = (depth(u, v + 1e-4) - depth(u, v - 1e-4)) / 2.5e-2
    long = np.stack([-across, -down, np.ones_like(u)], axis=1)
    return long / np.linalg.norm(long, axis=1, keepdims=True)


HEAD, NORMALS = head(), normals()
FACE = replace(mesh(), points=HEAD.astype(np.float32))
LAMBERT = NORMALS[:, 2]
SHEET = np.ones(len(POINTS))
BENT = np.sqrt(1 - (0.9 * (HEAD[POINTS, 0] - 320) / 100) ** 2)
