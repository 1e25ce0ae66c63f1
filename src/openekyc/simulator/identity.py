"""Other people out of one portrait: the shape of the face and its colouring are changed, drawn from a number that stands for the person.

These are variations of one face. To a recogniser they remain relatives of it (docs/research/rig.md has the measured similarities),
so they vary what the cues see; they are no sample of the population.
"""

import cv2
import numpy as np

from openekyc.engine.face.values import Floats, Image, Mesh

# Part of the face: mesh points whose mean is its middle, and how far it reaches, in widths of the face.
_PARTS: dict[str, tuple[tuple[int, ...], float]] = {
    "eye, left": ((33, 133), 0.17),
    "eye, right": ((362, 263), 0.17),
    "brow, left": ((52, 65), 0.14),
    "brow, right": ((282, 295), 0.14),
    "nose": ((1, 4, 2), 0.18),
    "mouth": ((13, 14), 0.2),
    "chin": ((152, 199), 0.22),
    "jaw, left": ((172, 136), 0.22),
    "jaw, right": ((397, 365), 0.22),
    "cheek, left": ((123, 50), 0.2),
    "cheek, right": ((352, 280), 0.2),
    "forehead": ((10, 151), 0.3),
}
_PAIRED = ", right"
_ACTING = ("eye", "mouth", "chin")  # what gestures are drawn with: varied half as much, or closed eyes and open mouths are no longer seen
_SHIFT, _SCALE = 0.028, 0.13  # standard deviations: of a part's place in widths of the face, of its size
_ASYMMETRY = 0.006
_CAST = 0.03  # standard deviation of the complexion's cast per channel, in logarithms
_BLOTCHES = 0.04  # of the skin's evenness, the same
_LENGTH = 0.05  # of the face's height to its width
STRANGERS = 1000  # people with higher numbers are varied more: less natural, and further from everybody
_FAR = 1.8  # so many times


def varied(picture: Image, mesh: Mesh, identity: int) -> Image:
    """The person number `identity` (> 0) in the portrait `picture` (BGR): same size, same pose. Same number, same person."""
    random = np.random.default_rng([identity, 0x1D])
    strength = _FAR if identity > STRANGERS else 1.0
    shaped = _shaped(picture, mesh.points[:, :2], random, strength)
    return _coloured(shaped[:, ::-1].copy() if random.integers(2) else shaped, random)


def _shaped(picture: Image, points: Floats, random: np.random.Generator, strength: float) -> Image:
    """Every part moved and scaled a little; both sides nearly alike."""
    width, drawn = float(np.ptp(points[:, 0])), (0.0, 0.0, 0.0, 0.0)
    y, x = np.mgrid[: picture.shape[0], : picture.shape[1]].astype(np.float32)
    dx, dy = np.zeros_like(x), np.zeros_like(y)
    for name, (indices, reach) in _PARTS.items():
        drawn = _mirrored(drawn, random) if name.endswith(_PAIRED) else _draw(random, central=", " not in name)
        middle = points[list(indices)].mean(axis=0)
        size = strength * (0.5 if name.startswith(_ACTING) else 1.0)
        near = size * np.exp(-0.5 * ((x - middle[0]) ** 2 + (y - middle[1]) ** 2) / (reach * width) ** 2)
        dx += near * (drawn[0] * width + drawn[2] * (x - middle[0]))
        dy += near * (drawn[1] * width + drawn[3] * (y - middle[1]))
    stretch = float(random.normal(1, _LENGTH))
    middle_y = float(points[:, 1].mean())
    source_y = middle_y + (y - middle_y) / stretch - dy
    return np.asarray(cv2.remap(picture, x - dx, source_y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101), np.uint8)


def _draw(random: np.random.Generator, *, central: bool) -> tuple[float, float, float, float]:
    across, down = random.normal(0, _SHIFT, 2) * (0.15 if central else 0.6, 0.7)
    wide, high = random.normal(0, _SCALE, 2)
    return float(across), float(down), float(wide), float(high)


def _mirrored(drawn: tuple[float, float, float, float], random: np.random.Generator) -> tuple[float, float, float, float]:
    slip = random.normal(0, _ASYMMETRY, 2)
    return -drawn[0] + float(slip[0]), drawn[1] + float(slip[1]), drawn[2], drawn[3]


def _coloured(picture: Image, random: np.random.Generator) -> Image:
    """Another complexion and hair: a cast over everything, darker or lighter dark parts, skin that is less even."""
    height, width = picture.shape[:2]
    coarse = random.normal(0, _BLOTCHES, (max(height // 24, 2), max(width // 24, 2))).astype(np.float32)
    blotches = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)[..., None]
    cast = random.normal(0, _CAST, 3)
    dark = float(np.exp(random.normal(0, 0.25)))  # of hair, brows and lashes
    level = picture.astype(np.float32) / 255
    shadows = np.clip(1 - level.mean(axis=2, keepdims=True) / 0.45, 0, 1)
    changed = level * np.exp(blotches + cast) * (1 + (dark - 1) * shadows)
    return np.asarray((255 * changed).clip(0, 255), np.uint8)
