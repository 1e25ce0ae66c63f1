"""Is what reflects the colours a head, or a sheet that shows one?

A matt surface of normal n under a frontal screen reflects the screen's light in proportion to n.z and the room's by the room: the
modulation of a patch is k_p = k * n.z / A(n). On a head it falls from the nose's bridge to its sides and to the edges of the cheeks. A
print carries the head's shading in its ink, but screen and room shine on one sheet: k_p is constant, or on a bent sheet a smooth
function of the place. So k_p is regressed on n.z of the face's mesh beside every quadratic function of the place: the **slope** is 0
for any sheet, about 1.5 for a matt head in even light, and still over 0.5 if four fifths of the room's light come from the screen's
own direction.

The ratio of a patch to a fixed reference cancels exposure and white balance; taking logarithms of each channel and subtracting their
mean cancels shading that moves. Errors come from leaving out one drawn colour after the other (jackknife), because codecs make the noise of
neighbouring patches and frames alike.
"""

from typing import NamedTuple

import numpy as np

from openekyc.engine.face.values import Floats
from openekyc.engine.liveness.patches import POINTS
from openekyc.engine.liveness.response import Fit, Series, Show, slow, without

SURROUNDINGS = 0.04  # standard deviation of the neighbourhood whose plane gives a normal, in face widths
OUTLYING = 3.0  # glasses, hair and wet lips shine: patches this many deviations off the fit are left out
LEAST_MODULATION = 0.02  # keeps the template finite where nothing is seen


class Relief(NamedTuple):
    """The slope of the patches' modulation (median 1) on the normal's share towards the camera, and its standard error."""

    slope: float
    error: float


UNKNOWN = Relief(0.0, float("inf"))


def relief(times: Series, patches: Series, shape: Series, show: Show, best: Fit) -> Relief:
    """Measure it from linear RGB (n, points, 3) in the order of `POINTS` and a mesh (468, 3) in pixels."""
    parts = gains_by_colour(times, patches, show, best)
    whole = parts.gains(np.ones(len(parts.own), bool))
    row = regression(shape, whole)
    if row is None:
        return UNKNOWN
    left_out = np.array([row @ parts.gains(np.arange(len(parts.own)) != place) for place in np.flatnonzero(parts.own > 0)])
    count = len(left_out)
    error = float(np.sqrt((count - 1) / count * ((left_out - left_out.mean()) ** 2).sum())) if count > 1 else float("inf")
    return Relief(float(row @ whole), error)


class Parts(NamedTuple):
    """Sums over the frames of each drawn colour: `both` (m, points) of response times template, `own` (m,) of the template's square."""

    both: Series
    own: Series

    def gains(self, chosen: Series) -> Series:
        """The patches' responses (points,) to the chosen colours, relative to their median."""
        gains = self.both[chosen].sum(axis=0) / max(float(self.own[chosen].sum()), 1e-12)
        middle = float(np.median(gains))
        relative: Series = gains / middle if middle > 0 else np.zeros_like(gains)
        return relative


def gains_by_colour(times: Series, patches: Series, show: Show, best: Fit) -> Parts:
    """Correlate the patches' coloured logarithms with those of the light they were under."""
    drift = slow(times)
    light = np.log1p(max(best.modulation, LEAST_MODULATION) * show.exposed(times, best.lag))
    expected = without(drift, _coloured(light))
    seen = _coloured(np.log(np.maximum(patches, 1e-4)))
    measured = without(drift, seen.reshape(len(times), -1)).reshape(seen.shape)
    response = np.einsum("tpc,tc->tp", measured, expected)
    own = np.searchsorted(show.times, times - best.lag, side="right") - 1
    spans = [own == place for place in range(-1, len(show.times))]
    return Parts(np.array([response[span].sum(axis=0) for span in spans]), np.array([(expected[span] ** 2).sum() for span in spans]))


def _coloured(values: Series) -> Series:
    rest: Series = values - values.mean(axis=-1, keepdims=True)
    return rest


def regression(shape: Series, gains: Series) -> Series | None:
    """The row (points,) whose product with gains is their slope on n.z beside all quadratics of the place; None where the shape has no
    relief to regress on. Outliers of `gains` have weight 0."""
    width = float(np.ptp(shape[:, 0]))
    x, y = (shape[POINTS, :2] - shape[POINTS, :2].mean(axis=0)).T / max(width, 1e-6)
    design = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y, facing(shape, SURROUNDINGS * width)], axis=1)
    kept = np.ones(len(gains), bool)
    for _ in range(3):
        if np.linalg.matrix_rank(design[kept]) < design.shape[1]:
            return None
        inverse = np.linalg.pinv(design[kept])
        rest = np.abs(gains - design @ (inverse @ gains[kept]))
        kept, used = rest <= OUTLYING * 1.4826 * np.median(rest[kept]) + 1e-9, kept
    row = np.zeros(len(gains))
    row[used] = inverse[-1]
    return row


def facing(shape: Series, around: float) -> Series:
    """n.z (points,) towards the camera, 0..1, of the mesh's planes around `POINTS`; `around` is the neighbourhood's deviation in pixels."""
    near = np.exp(-((shape[POINTS, None] - shape[None]) ** 2).sum(axis=2) / (2 * max(around, 1e-6) ** 2))
    near /= near.sum(axis=1, keepdims=True)
    middle = near @ shape
    spread = np.einsum("pm,mi,mj->pij", near, shape, shape, optimize=True) - middle[:, :, None] * middle[:, None, :]
    return np.asarray(np.abs(np.linalg.eigh(spread)[1][:, 2, 0]), np.float64)


def mean_shape(meshes: list[Floats]) -> Series:
    """The mean (468, 3) of meshes (478, 3), each about its own centre."""
    stacked = np.stack([points[:468] - points[:468].mean(axis=0) for points in meshes]).astype(np.float64)
    return np.asarray(stacked.mean(axis=0))
