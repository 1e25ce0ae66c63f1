"""Did the face reflect the colours this attempt drew? The cue of levels 3 and 4.

A screen that shows colour S(t) adds k*S(t) to the ambient light, so skin of albedo a sends b*(1 + k*S(t)). In chromaticity (which
cancels exposure and brightness) that is, to first order, k * c*(S - c.S) with c the face's own mean chromaticity: the template. One
least-squares fit per lag gives the correlation and k, the **modulation**: screen light as a share of ambient light.

An old recording answers other colours and is refused; a face on which nothing can be seen is asked for a darker place, never called
an attack. Paper reflects as skin does and passes here: relief is recorded, not judged. Model and its limits: `docs/liveness.md`.
"""

from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from openekyc.engine.face.values import Floats, Image, Mesh, Track
from openekyc.engine.liveness.align import Alignment
from openekyc.engine.values import Challenge, Cue, LightStep, Trace

Series = NDArray[np.float64]

# Mesh points in the middle of flat skin, by region; hair, eyes and lips are left out.
REGIONS: dict[str, tuple[int, ...]] = {
    "forehead": (10, 151, 9, 67, 109, 338, 297, 69, 299),
    "cheeks": (50, 205, 187, 101, 117, 280, 425, 411, 330, 346),
    "nose": (4, 5, 195, 197, 6, 45, 275),
    "chin": (152, 175, 199, 171, 396),
    "temples": (127, 234, 93, 356, 454, 323),
}
POINTS = np.array([point for points in REGIONS.values() for point in points])
WORKING_WIDTH = 64  # the face is averaged down to this many pixels across before patches are read

CORRELATES = 0.70
LAGS_S = (0.0, 0.40)  # from painting to the camera's frame
LAG_STEP_S = 0.01
UNMEASURED_LAG_S = 0.15  # further doubt when the clocks could not be aligned by colours
MODULATION = 0.03  # below it the reflection cannot be told from noise
STIRS = 2.5 * MODULATION  # a face whose colour changes less than such a screen would make it change is not held to anything
FLAT_PLANE = 0.6  # background that answers like the face: a picture or screen that fills the view
FEWEST_FPS = 8.0


def _linear_table() -> NDArray[np.float32]:
    level = np.arange(256) / 255.0
    linear = np.where(level <= 0.04045, level / 12.92, ((level + 0.055) / 1.055) ** 2.4)
    return linear.astype(np.float32)


LINEAR = _linear_table()  # 8-bit sRGB -> linear light in 0..1


# --- sampling, while the recording is decoded -----------------------------------------------------------------------------


def sample(image: Image, mesh: Mesh) -> tuple[Floats, Floats]:
    """Mean linear RGB (red, green, blue) of `image` (BGR): patches (n, 3) in the order of `POINTS`, and the background (3,): the upper
    corners of the picture where the face does not reach them, NaN where it does."""
    height, width = image.shape[:2]
    left, top = np.floor(mesh.points[:, :2].min(axis=0)).astype(int)
    right, bottom = np.ceil(mesh.points[:, :2].max(axis=0)).astype(int) + 1
    x0, y0, x1, y1 = max(left, 0), max(top, 0), min(right, width), min(bottom, height)
    if x1 - x0 < 8 or y1 - y0 < 8:
        return np.full((len(POINTS), 3), np.nan, np.float32), np.full(3, np.nan, np.float32)
    small, scale = _shrink(image[y0:y1, x0:x1])
    places = (mesh.points[POINTS, :2] - (x0, y0)) * scale
    return _patches(small, places), _background(image, int(left), int(right))


def _shrink(face: Image) -> tuple[Floats, float]:
    scale = min(1.0, WORKING_WIDTH / face.shape[1])
    size = (max(round(face.shape[1] * scale), 4), max(round(face.shape[0] * scale), 4))
    linear = cv2.LUT(face, LINEAR)
    return np.asarray(cv2.resize(linear, size, interpolation=cv2.INTER_AREA), dtype=np.float32), scale


def _patches(small: Floats, places: Floats) -> Floats:
    smooth = cv2.blur(small, (5, 5))
    columns = np.clip(np.round(places[:, 0]).astype(int), 0, small.shape[1] - 1)
    rows = np.clip(np.round(places[:, 1]).astype(int), 0, small.shape[0] - 1)
    return np.asarray(smooth[rows, columns, ::-1], dtype=np.float32)


def _background(image: Image, left: int, right: int) -> Floats:
    height, width = image.shape[:2]
    margin = (right - left) // 3
    strip, reach = max(height // 4, 1), max(width // 6, 1)
    corners = []
    if left - margin > reach:
        corners.append(image[:strip:4, :reach:4])
    if right + margin < width - reach:
        corners.append(image[:strip:4, width - reach :: 4])
    if not corners:
        return np.full(3, np.nan, np.float32)
    means = [cv2.LUT(np.ascontiguousarray(corner), LINEAR).mean(axis=(0, 1)) for corner in corners]
    return np.asarray(np.mean(means, axis=0)[::-1], dtype=np.float32)


# --- judging --------------------------------------------------------------------------------------------------------------


class Fit(NamedTuple):
    """The best lag in seconds, the correlation there, and the modulation k (screen light over ambient light)."""

    lag: float
    correlation: float
    modulation: float


@dataclass(frozen=True, slots=True)
class Show:
    """The colours as shown: `times` (m + 1,) on the recording's clock, the last one being the end; `light` (m, 3) linear RGB."""

    times: Series
    light: Series

    def at(self, times: Series) -> Series:
        """Linear RGB on the screen at `times`; dark before and after."""
        place = np.searchsorted(self.times, times, side="right") - 1
        inside = (place >= 0) & (place < len(self.light))
        return np.where(inside[:, None], self.light[np.clip(place, 0, len(self.light) - 1)], 0.0)


def judge(track: Track, challenge: Challenge, trace: Trace, alignment: Alignment) -> Cue:
    """The cue `light`."""
    show = shown(challenge, trace, alignment)
    if show is None:
        return Cue("light", "retry", "1005", ("12",), "the colours' times are missing", "recording_incomplete")
    times, patches, background = observed(track, show)
    if len(times) < FEWEST_FPS * (show.times[-1] - show.times[0]):
        return Cue("light", "retry", "1005", ("12",), "too few frames of the face while the colours were shown", "keep_facing_screen")
    lags = LAGS_S if alignment.measured else (LAGS_S[0] - UNMEASURED_LAG_S, LAGS_S[1] + UNMEASURED_LAG_S)
    face = patches.mean(axis=1)
    best = fit(times, face, show, lags)
    numbers = {
        "correlation": best.correlation,
        "lag_ms": best.lag * 1000.0,
        "modulation": best.modulation,
        "stir": stir(times, face, show),
        "relief": relief(times, patches, show, best.lag),
        **background_numbers(times, background, show, best),
    }
    return _decide({name: round(value, 4) for name, value in numbers.items()})


def _decide(numbers: dict[str, float]) -> Cue:
    if numbers["correlation"] >= CORRELATES and numbers["modulation"] >= MODULATION:
        if numbers.get("background_correlation", 0.0) >= CORRELATES and numbers.get("background_share", 0.0) > FLAT_PLANE:
            return Cue("light", "deny", "1005", ("09",), "the background answers like the face: a flat picture or screen", numbers=numbers)
        return Cue("light", "pass", numbers=numbers)
    if numbers["stir"] < STIRS:
        return Cue("light", "retry", "1201", (), "too much ambient light: no reflection can be seen", "less_light", numbers)
    return Cue("light", "deny", "1005", ("09",), "the face did not reflect the drawn colours", numbers=numbers)


def shown(challenge: Challenge, trace: Trace, alignment: Alignment) -> Show | None:
    """The light step on the recording's clock; None unless every colour was painted."""
    step = next((step for step in challenge.steps if isinstance(step, LightStep)), None)
    if step is None or not step.colours or len(trace.colours) != len(step.colours):
        return None
    starts = [alignment.seconds(mark.painted_ms) for mark in trace.colours]
    times = np.array([*starts, starts[-1] + step.colours[-1].duration_ms / 1000.0])
    levels = np.clip([(c.red, c.green, c.blue) for c in step.colours], 0, 255).astype(int)
    return Show(times, LINEAR[levels].astype(np.float64)) if (np.diff(times) > 0).all() else None


def observed(track: Track, show: Show) -> tuple[Series, Series, Series]:
    """Times (n,), patches (n, points, 3) and background (n, 3) of the frames in which a reflection may be seen."""
    begin, end = show.times[0] - 0.2, show.times[-1] + LAGS_S[1]
    seen = [
        (o.time, o.patches, o.background)
        for o in track.observations
        if begin <= o.time <= end and o.patches is not None and o.background is not None and np.isfinite(o.patches).all()
    ]
    times = np.array([time for time, _, _ in seen])
    patches = np.array([patch for _, patch, _ in seen], dtype=np.float64).reshape(len(seen), len(POINTS), 3)
    return times, patches, np.array([ground for _, _, ground in seen], dtype=np.float64).reshape(-1, 3)


def fit(times: Series, colour: Series, show: Show, lags: tuple[float, float]) -> Fit:
    """Fit the template to linear RGB (n, 3) at every lag of the window and keep the best."""
    chroma = chromaticity(colour)
    measured, mean = detrend(times, chroma), chroma.mean(axis=0)
    steps = np.arange(lags[0], lags[1] + LAG_STEP_S / 2, LAG_STEP_S)
    fits = (Fit(float(lag), *_project(measured, template(times, show, float(lag), mean))) for lag in steps)
    return max(fits, key=lambda one: one.correlation)


def template(times: Series, show: Show, lag: float, mean: Series) -> Series:
    """The chromaticity change (n, 3) per unit of modulation, averaged over an exposure of 20 ms and detrended like the measurement."""
    light = (show.at(times - lag - 0.01) + show.at(times - lag + 0.01)) / 2
    return detrend(times, mean * (light - (light @ mean)[:, None]))


def chromaticity(colour: Series) -> Series:
    """Shares of red, green and blue (n, 3)."""
    shares: Series = colour / np.maximum(colour.sum(axis=1, keepdims=True), 1e-6)
    return shares


def detrend(times: Series, values: Series) -> Series:
    """Without the best parabola over time: white balance and exposure drift slowly."""
    middle = (times - times.mean()) / max(float(np.ptp(times)), 1e-6)
    basis = np.stack([np.ones_like(middle), middle, middle**2], axis=1)
    weights, *_ = np.linalg.lstsq(basis, values, rcond=None)
    rest: Series = values - basis @ weights
    return rest


def stir(times: Series, colour: Series, show: Show) -> float:
    """All that the chromaticity changed, in units of modulation: how strong a screen would explain it if nothing else had moved."""
    chroma = chromaticity(colour)
    expected = template(times, show, sum(LAGS_S) / 2, chroma.mean(axis=0))
    return float(np.sqrt((detrend(times, chroma) ** 2).sum() / max(float((expected**2).sum()), 1e-12)))


def _project(measured: Series, expected: Series) -> tuple[float, float]:
    both, own = float((measured * expected).sum()), float((expected**2).sum())
    scale = np.sqrt(own * float((measured**2).sum()))
    return (both / float(scale), both / own) if scale > 0 else (0.0, 0.0)


def relief(times: Series, patches: Series, show: Show, lag: float) -> float:
    """Modulation of the nose over that of the temples at the found lag; a relief gives more than a plane. Recorded, not judged: at weak
    modulation faces and prints overlap."""
    gains = {name: _region_gain(times, patches, show, lag, name) for name in ("nose", "temples")}
    return gains["nose"] / gains["temples"] if gains["temples"] > 1e-3 else 0.0


def _region_gain(times: Series, patches: Series, show: Show, lag: float, region: str) -> float:
    own = np.isin(POINTS, REGIONS[region])
    return fit(times, patches[:, own].mean(axis=1), show, (lag, lag)).modulation


def background_numbers(times: Series, background: Series, show: Show, best: Fit) -> dict[str, float]:
    """How the background answers, if it is in view: its correlation, and its modulation as a share of the face's."""
    if not np.isfinite(background).all() or best.modulation <= 0:
        return {}
    own = fit(times, background, show, (best.lag, best.lag))
    return {"background_correlation": own.correlation, "background_share": own.modulation / best.modulation}
