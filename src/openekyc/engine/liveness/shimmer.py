"""Do the eyes live? What a recording's eye region still changes once the skin's motion is taken out of it: the **eye shimmer**.

Lids, lashes and gaze never rest, and the eyeballs lie behind the plane of the skin. A still picture that software or a hand moves has
none of this: warped back onto one frame, its eyes are as calm as its cheeks. Pixels are compared and not landmarks, because the mesh of
somebody who keeps still differs from a still picture's by less than the network's own error.

The second question is whether face and background move as one sheet would: the homography that carries the skin from frame to
frame also predicts where the corners of the background go. Behind a living head they go elsewhere.

All pictures are grey (height, width) uint8, scaled so that the mesh is at most `WIDEST` pixels across.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from openekyc.engine.face.values import FaceSample, Floats, Image, Mesh

WIDEST = 160.0  # px of the mesh; the bars hold for 100 to 160
AROUND = 1.0  # mesh widths of picture kept on every side, for the background
SKIN_CORNERS, FEWEST_CORNERS, FEWEST_FRAMES = 90, 15, 6
BACKGROUND_CORNERS, FEWEST_BEHIND = 120, 10
NARROWEST_EYES = 50.0  # px between the outer corners; below it the live come out as calm as stills
ROUND_TRIP = 0.7  # px a corner may be off after being followed there and back
TELLING = 0.05  # eye distances the background must be expected to move before anything is said
STEADY_GRADIENT = 0.3  # grey levels a pixel, added so that flat eyes do not divide by nothing

# fmt: off
OVAL = np.array((10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149, 150, 136, 172,
                 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109))
# fmt: on
EYES = ((33, 133), (362, 263))  # the corners of each, outer and inner, in the order of the picture
OUTER_CORNERS = (33, 263)
MOUTH = (61, 291)
EYE_AXES = (0.62, 0.47)  # half axes of the ellipse round an eye, in lengths of the eye
MOUTH_AXES = (0.62, 0.5)

Grey = NDArray[np.uint8]
Points = NDArray[np.float32]
Mask = NDArray[np.bool_]


class Seen(NamedTuple):
    """What one window shows. `shimmer` is None where it cannot be told, and `why` says why; `together` is the miss of the background
    against the prediction as a share of it, None where too little of it moved or was there."""

    shimmer: float | None
    together: float | None
    frames: int
    why: str = ""


class _Anchor(NamedTuple):
    """The middle frame, to which the others are brought: its `skin` and the `box` (rows, columns) that holds the face; `distance` in
    pixels between the outer corners of the eyes; `corners` (n, 2) on the skin."""

    seen: FaceSample
    skin: Mask
    box: tuple[slice, slice]
    distance: float
    corners: Points


class _Followed(NamedTuple):
    """One frame brought to the anchor: `carry` (3, 3) takes points of the anchor to the frame's own picture; `back` is the anchor's box
    of the frame warped to it, float32, blurred, with the skin's brightness matched; `matched` the frame itself before warping."""

    carry: Floats
    back: Floats
    matched: Grey


def sample(time: float, image: Image, mesh: Mesh) -> FaceSample:
    """What is kept of a frame (BGR)."""
    points = mesh.points[:468, :2].astype(np.float32)
    low, high = points.min(axis=0), points.max(axis=0)
    width = max(float(high[0] - low[0]), 1.0)
    reach = AROUND * width
    height_px, width_px = image.shape[:2]
    left, top = (int(np.clip(edge - reach, 0, limit - 2)) for edge, limit in zip(low, (width_px, height_px), strict=True))
    right, bottom = (int(np.clip(edge + reach, start + 2, limit)) for edge, start, limit in _ends(high, (left, top), (width_px, height_px)))
    scale = min(1.0, WIDEST / width)
    grey = cv2.cvtColor(image[top:bottom, left:right], cv2.COLOR_BGR2GRAY)
    if scale < 1.0:
        grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    # The picture's true scale: a side is rounded to whole pixels.
    across, down = grey.shape[1] / (right - left), grey.shape[0] / (bottom - top)
    placed = (points - (left, top) + 0.5) * (across, down) - 0.5
    return FaceSample(time, np.ascontiguousarray(grey, np.uint8), np.asarray(placed, np.float32))


def _ends(high: Points, start: tuple[int, int], size: tuple[int, int]) -> list[tuple[float, int, int]]:
    return [(float(edge), begin, limit) for edge, begin, limit in zip(high, start, size, strict=True)]


def look(samples: Sequence[FaceSample]) -> Seen:
    """Judge the samples of one window."""
    if len(samples) < FEWEST_FRAMES:
        return Seen(None, None, len(samples), "too few frames")
    samples = _of_one_size(samples)
    anchor = _anchor(samples[len(samples) // 2])
    if anchor.distance < NARROWEST_EYES:
        return Seen(None, None, len(samples), "the eyes are too small")
    if len(anchor.corners) < FEWEST_CORNERS:
        return Seen(None, None, len(samples), "too little to follow on the skin")
    followed = [one for one in (_follow(anchor, other) for other in samples if other is not anchor.seen) if one]
    if len(followed) < FEWEST_FRAMES - 1:
        return Seen(None, None, len(followed), "the skin cannot be followed")
    own = _blurred(anchor.seen.grey[anchor.box].astype(np.float32), anchor.distance)
    shimmer = _shimmer(np.stack([*(one.back for one in followed), own]), _eyes(anchor.seen)[anchor.box])
    return Seen(shimmer, _together(anchor, followed), len(followed) + 1, "" if shimmer is not None else "the eyes leave the picture")


def _anchor(seen: FaceSample) -> _Anchor:
    skin = _skin(seen)
    (left, top), (right, bottom) = np.floor(seen.points.min(axis=0)).astype(int), np.ceil(seen.points.max(axis=0)).astype(int) + 1
    box = slice(max(int(top), 0), max(int(bottom), 1)), slice(max(int(left), 0), max(int(right), 1))
    distance = float(np.linalg.norm(seen.points[OUTER_CORNERS[0]] - seen.points[OUTER_CORNERS[1]]))
    return _Anchor(seen, skin, box, distance, _corners(seen.grey, skin, SKIN_CORNERS))


def _of_one_size(samples: Sequence[FaceSample]) -> list[FaceSample]:
    """Optical flow wants pictures of one size: the smaller are continued to the right and downwards."""
    height, width = (max(one.grey.shape[axis] for one in samples) for axis in (0, 1))
    return [replace(one, grey=_grown(one.grey, height, width)) for one in samples]


def _grown(grey: Grey, height: int, width: int) -> Grey:
    down, across = height - grey.shape[0], width - grey.shape[1]
    return np.asarray(cv2.copyMakeBorder(grey, 0, down, 0, across, cv2.BORDER_REPLICATE), np.uint8)


def _shimmer(frames: Floats, eyes: Mask) -> float | None:
    """(n, h, w) frames on one another, the anchor last -> the median change in the eyes, in pixels' worth of gradient. What was warped
    in from outside a picture is NaN and left out."""
    seen = frames[:, eyes]
    whole = np.isfinite(seen).all(axis=0)
    if whole.mean() < 0.8:
        return None
    seen = seen[:, whole]
    middle = np.median(seen, axis=0)
    still = np.median(np.where(np.isfinite(frames), frames, frames[-1]), axis=0).astype(np.float32)
    slope = np.hypot(cv2.Sobel(still, cv2.CV_32F, 1, 0) / 8, cv2.Sobel(still, cv2.CV_32F, 0, 1) / 8)[eyes][whole]
    changes = np.abs(seen - middle).mean(axis=1)
    return float(np.median(changes) / (float(slope.mean()) + STEADY_GRADIENT))


def _follow(anchor: _Anchor, other: FaceSample) -> _Followed | None:
    """Bring a frame to the anchor by the skin alone."""
    guess = _similarity(anchor.seen.points, other.points)
    if guess is None:
        return None
    matched = _matched(anchor.seen, other)
    moved = np.asarray(cv2.transform(anchor.corners[:, None], guess)[:, 0], np.float32)
    start, end = _tracked(anchor.seen.grey, matched, anchor.corners, moved)
    carry = cv2.findHomography(start, end, cv2.RANSAC, 1.5)[0] if len(start) >= FEWEST_CORNERS else None
    if carry is None:
        return None
    rows, columns = anchor.box
    grey, skin = anchor.seen.grey[anchor.box], anchor.skin[anchor.box]
    placed = carry @ np.array([[1, 0, columns.start], [0, 1, rows.start], [0, 0, 1.0]])
    back = cv2.warpPerspective(
        matched.astype(np.float32),
        placed,
        (grey.shape[1], grey.shape[0]),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=float("nan"),
    )
    return _Followed(np.asarray(carry, np.float32), _blurred(_levelled(np.asarray(back, np.float32), grey, skin), anchor.distance), matched)


def _matched(anchor: FaceSample, other: FaceSample) -> Grey:
    """The frame with the mean and the spread of the anchor's face oval: optical flow takes drifting exposure for motion."""
    want, have = anchor.grey[_oval(anchor)], other.grey[_oval(other)]
    if not have.size or float(have.std()) < 1.0:
        return other.grey
    gain = float(want.std()) / float(have.std())
    matched = (other.grey.astype(np.float32) - float(have.mean())) * gain + float(want.mean())
    return np.asarray(np.clip(matched, 0, 255), np.uint8)


def _levelled(back: Floats, anchor: Grey, skin: Mask) -> Floats:
    """With the gain and the offset that fit the skin best."""
    known = skin & np.isfinite(back)
    if int(known.sum()) < 50:
        return back
    gain, offset = np.polyfit(back[known].astype(np.float64), anchor[known].astype(np.float64), 1)
    return np.asarray(back * np.float32(gain) + np.float32(offset), np.float32)


def _blurred(grey: Floats, distance: float) -> Floats:
    return np.asarray(cv2.GaussianBlur(grey, (0, 0), max(0.03 * distance, 1.0)), np.float32)


def _similarity(before: Points, after: Points) -> NDArray[np.float64] | None:
    found: Any = cv2.estimateAffinePartial2D(before[OVAL], after[OVAL])[0]
    return None if found is None else np.asarray(found, np.float64)


def _tracked(first: Grey, second: Grey, corners: Points, guess: Points) -> tuple[Points, Points]:
    """The corners (n, 2) that are found again in the second picture and lead back to where they started."""
    options: dict[str, Any] = {"winSize": (15, 15), "maxLevel": 3}
    there, found, _ = cv2.calcOpticalFlowPyrLK(
        first, second, corners[:, None], guess[:, None].astype(np.float32).copy(), flags=cv2.OPTFLOW_USE_INITIAL_FLOW, **options
    )
    back, returned, _ = cv2.calcOpticalFlowPyrLK(
        second, first, there, corners[:, None].copy(), flags=cv2.OPTFLOW_USE_INITIAL_FLOW, **options
    )
    off = np.linalg.norm(back[:, 0] - corners, axis=1)
    kept = (found[:, 0] == 1) & (returned[:, 0] == 1) & (off < ROUND_TRIP)
    return corners[kept], there[:, 0][kept]


def _corners(grey: Grey, where: Mask, most: int) -> Points:
    found = cv2.goodFeaturesToTrack(grey, most, 0.005, 4, mask=where.astype(np.uint8) * 255)
    return np.zeros((0, 2), np.float32) if found is None else np.asarray(found[:, 0], np.float32)


# --- where ----------------------------------------------------------------------------------------------------------------


def _oval(sample_: FaceSample) -> Mask:
    drawn = np.zeros(sample_.grey.shape, np.uint8)
    cv2.fillPoly(drawn, [np.round(sample_.points[OVAL]).astype(np.int32)], 1)
    return drawn.astype(bool)


def _skin(sample_: FaceSample) -> Mask:
    return _oval(sample_) & ~_eyes(sample_) & ~_ellipses(sample_, (MOUTH,), MOUTH_AXES)


def _eyes(sample_: FaceSample) -> Mask:
    return _ellipses(sample_, EYES, EYE_AXES)


def _ellipses(sample_: FaceSample, pairs: Sequence[tuple[int, int]], axes: tuple[float, float]) -> Mask:
    drawn = np.zeros(sample_.grey.shape, np.uint8)
    for one, other in pairs:
        a, b = sample_.points[one], sample_.points[other]
        length, middle = float(np.linalg.norm(b - a)), (a + b) / 2
        angle = float(np.degrees(np.arctan2(b[1] - a[1], b[0] - a[0])))
        centre = (float(middle[0]), float(middle[1]))
        cv2.ellipse(drawn, (centre, (2 * axes[0] * length, 2 * axes[1] * length), angle), 1, -1)
    return drawn.astype(bool)


def _behind(sample_: FaceSample) -> Mask:
    """Outside head and shoulders: beside and above the head, as far down as the chin."""
    low, high = sample_.points.min(axis=0), sample_.points.max(axis=0)
    width, height = high - low
    where = np.ones(sample_.grey.shape, bool)
    where[max(round(float(high[1] - 0.1 * height)), 0) :] = False
    left, right = max(round(float(low[0] - 0.35 * width)), 0), max(round(float(high[0] + 0.35 * width)), 0)
    where[max(round(float(low[1] - 0.6 * height)), 0) :, left:right] = False
    where[:3], where[:, :3], where[:, -3:] = False, False, False
    return where


def _together(anchor: _Anchor, followed: Sequence[_Followed]) -> float | None:
    """How far the background misses what the face's motion predicts, as a share of that: the 90th percentile over the frames in which
    something is predicted."""
    corners = _corners(anchor.seen.grey, _behind(anchor.seen), BACKGROUND_CORNERS)
    least = TELLING * anchor.distance
    if len(corners) < FEWEST_BEHIND:
        return None
    shares = []
    for one in followed:
        predicted = cv2.perspectiveTransform(corners[:, None], one.carry.astype(np.float64))[:, 0].astype(np.float32)
        if float(np.median(np.linalg.norm(predicted - corners, axis=1))) < least:
            continue
        start, end = _tracked(anchor.seen.grey, one.matched, corners, predicted)
        if len(start) >= FEWEST_BEHIND:
            expected = cv2.perspectiveTransform(start[:, None], one.carry.astype(np.float64))[:, 0]
            moved = np.linalg.norm(expected - start, axis=1)
            shares.append(float(np.median(np.linalg.norm(end - expected, axis=1) / np.maximum(moved, least))))
    return float(np.percentile(shares, 90)) if len(shares) >= FEWEST_FRAMES - 1 else None
