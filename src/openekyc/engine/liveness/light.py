"""Did the face reflect the colours this attempt drew, when it drew them, and as a head does? The cue of levels 3 and 4.

Five questions, each of which refuses by itself: does the skin's colour follow the drawn colours (an old recording does not); within
the time a screen and a camera take (a relay comes later); under every single colour (half a sequence is not one); does the background
stay behind (a picture that fills the view does not); is there relief (a print has none).

Where too little is seen to answer, the person is asked for a darker place and never called an attack: the **floor**. It lies where the
reflection, or the relief in it, drowns in noise. Models and limits: `response.py`, `relief.py`, `docs/explanation/liveness.md`.
"""

import numpy as np

from openekyc.engine.face.values import Track
from openekyc.engine.liveness.align import Alignment
from openekyc.engine.liveness.patches import LINEAR, POINTS, sample
from openekyc.engine.liveness.relief import UNKNOWN, Relief, mean_shape, relief
from openekyc.engine.liveness.response import Fit, Series, Show, chromaticity, detrend, fit, shares_shown, stir, template
from openekyc.engine.values import Challenge, Cue, LightStep, Trace

__all__ = ["LINEAR", "POINTS", "Show", "chromaticity", "detrend", "fit", "judge", "observed", "sample", "shown", "template"]

CORRELATES = 0.70
LATE_S = 0.30  # a colour's own length: answers later than this may be the same colours in another order, a place behind,
LATE_CORRELATES = 0.85  # so they must fit better
LAGS_S = (0.0, 0.40)  # from painting to the camera's frame
SEARCH_S = (-0.30, 1.00)  # looked for: the best answer must not lie outside the window
UNMEASURED_LAG_S = 0.15  # further doubt when the clocks could not be aligned by colours
MODULATION = 0.03  # below it the reflection cannot be told from noise
STIRS = 2.5 * MODULATION  # a face whose colour changes less than such a screen would make it change is not held to anything
SHOWN = 0.25  # a drawn colour counts as shown from this share of its own response on
COLOURS_SHOWN = 0.75  # of the drawn colours
FLAT_PLANE = 0.6  # background that answers like the face: a picture or screen that fills the view
RELIEF = 0.3  # between any sheet (0, smoothly bent or not) and a head lit mostly from the screen's own direction (0.35 to 0.55)
SURE = 2.0  # standard errors between the relief and its bar for a decision either way
FEWEST_FPS = 8.0
UNEVEN_MS = 25.0  # of the reported moments of painting, on average: with more freedom, old colours can be made to fit
JUMP_MS = 100.0  # and at most


def judge(track: Track, challenge: Challenge, trace: Trace, alignment: Alignment) -> Cue:
    """The cue `light`."""
    show = shown(challenge, trace, alignment)
    if show is None:
        return Cue("light", "retry", "1005", ("12",), "the colours' times are missing", "recording_incomplete")
    uneven, jump = unevenness(challenge, trace)
    if uneven > UNEVEN_MS or jump > JUMP_MS:
        numbers = {"uneven_ms": round(uneven, 1), "jump_ms": round(jump, 1)}
        return Cue("light", "retry", "1005", ("12",), "the colours were painted too unevenly", "keep_facing_screen", numbers)
    times, patches, background = observed(track, show)
    if len(times) < FEWEST_FPS * (show.times[-1] - show.times[0]):
        return Cue("light", "retry", "1005", ("12",), "too few frames of the face while the colours were shown", "keep_facing_screen")
    doubt = 0.0 if alignment.measured else UNMEASURED_LAG_S
    numbers = _measure(track, show, (SEARCH_S[0] - doubt, SEARCH_S[1] + doubt), times, patches, background)
    return _decide({name: round(value, 4) for name, value in numbers.items()}, lag_window(times, doubt))


def _measure(track: Track, show: Show, lags: tuple[float, float], times: Series, patches: Series, background: Series) -> dict[str, float]:
    face = patches.mean(axis=1)
    best = fit(times, face, show, lags)
    found = _relief(track, show, times, patches, best)
    return {
        "correlation": best.correlation,
        "lag_ms": best.lag * 1000.0,
        "modulation": best.modulation,
        "stir": stir(times, face, show, sum(LAGS_S) / 2),
        "colours_shown": float(np.mean(shares_shown(times, face, show, best) >= SHOWN)),
        "relief": found.slope,
        "relief_error": min(found.error, 99.0),
        **background_numbers(times, background, show, best),
    }


def _decide(numbers: dict[str, float], lags: tuple[float, float]) -> Cue:
    if numbers["correlation"] < CORRELATES or numbers["modulation"] < MODULATION:
        if numbers["stir"] < STIRS:
            return _unseen("no reflection can be seen", numbers)
        return _refuse("the face did not reflect the drawn colours", numbers)
    if not lags[0] * 1000.0 <= numbers["lag_ms"] <= lags[1] * 1000.0:
        return _refuse("the reflection came at another time than a screen's and a camera's", numbers)
    if numbers["correlation"] < least_correlation(numbers["lag_ms"] / 1000.0):
        return _refuse("late, and only roughly in the drawn order", numbers)
    if numbers.get("background_correlation", 0.0) >= CORRELATES and numbers.get("background_share", 0.0) > FLAT_PLANE:
        return _refuse("the background answers like the face: a flat picture or screen", numbers)
    if numbers["colours_shown"] < COLOURS_SHOWN:
        return _refuse("some of the drawn colours did not show", numbers)
    return _decide_relief(numbers)


def lag_window(times: Series, doubt: float = 0.0) -> tuple[float, float]:
    """Where the best lag may lie, in seconds, for frames at `times` (n,) seconds. When light came, a camera tells to half a frame only."""
    half_frame = float(times[-1] - times[0]) / (len(times) - 1) / 2
    return LAGS_S[0] - doubt - half_frame, LAGS_S[1] + doubt


def least_correlation(lag_s: float) -> float:
    """What an answer that comes so much later than the colours needs."""
    return LATE_CORRELATES if lag_s > LATE_S else CORRELATES


def _decide_relief(numbers: dict[str, float]) -> Cue:
    margin = SURE * numbers["relief_error"]
    if numbers["relief"] - margin >= RELIEF:
        return Cue("light", "pass", numbers=numbers)
    if numbers["relief"] + margin < RELIEF:
        return _refuse("what reflects the colours is flat", numbers)
    return _unseen("the reflection is too weak to show relief", numbers)


def _refuse(reason: str, numbers: dict[str, float]) -> Cue:
    return Cue("light", "deny", "1005", ("09",), reason, numbers=numbers)


def _unseen(reason: str, numbers: dict[str, float]) -> Cue:
    return Cue("light", "retry", "1201", (), f"too much ambient light: {reason}", "less_light", numbers)


# --- what was shown, and what was seen of it -------------------------------------------------------------------------------


def shown(challenge: Challenge, trace: Trace, alignment: Alignment) -> Show | None:
    """The light step on the recording's clock; None unless every colour was painted."""
    step = next((step for step in challenge.steps if isinstance(step, LightStep)), None)
    if step is None or not step.colours or len(trace.colours) != len(step.colours):
        return None
    starts = [alignment.seconds(mark.painted_ms) for mark in trace.colours]
    times = np.array([*starts, starts[-1] + step.colours[-1].duration_ms / 1000.0])
    levels = np.clip([(c.red, c.green, c.blue) for c in step.colours], 0, 255).astype(int)
    return Show(times, LINEAR[levels].astype(np.float64)) if (np.diff(times) > 0).all() else None


def unevenness(challenge: Challenge, trace: Trace) -> tuple[float, float]:
    """How much the times between the reported moments of painting differ from each other, beyond what was drawn: mean and largest distance
    from their median in milliseconds. A slow device makes all of them longer. Whoever may say when each colour was shown can say so
    until an old recording fits: with a quarter of a second for each, every sixth did."""
    step = next(step for step in challenge.steps if isinstance(step, LightStep))
    drawn = [colour.duration_ms for colour in step.colours[:-1]]
    off = np.diff([mark.painted_ms for mark in trace.colours]) - drawn
    if not len(off):
        return 0.0, 0.0
    away = np.abs(off - np.median(off))
    return float(away.mean()), float(away.max())


def observed(track: Track, show: Show) -> tuple[Series, Series, Series]:
    """Times (n,), patches (n, points, 3) and background (n, 3) of the frames in which a reflection may be seen."""
    begin, end = _span(show)
    seen = [
        (o.time, o.patches, o.background)
        for o in track.observations
        if begin <= o.time <= end and o.patches is not None and o.background is not None and np.isfinite(o.patches).all()
    ]
    times = np.array([time for time, _, _ in seen])
    patches = np.array([patch for _, patch, _ in seen], dtype=np.float64).reshape(len(seen), len(POINTS), 3)
    return times, patches, np.array([ground for _, _, ground in seen], dtype=np.float64).reshape(-1, 3)


def _span(show: Show) -> tuple[float, float]:
    return show.times[0] - 0.2, show.times[-1] + LAGS_S[1]


def _relief(track: Track, show: Show, times: Series, patches: Series, best: Fit) -> Relief:
    begin, end = _span(show)
    meshes = [o.mesh.points for o in track.observations if begin <= o.time <= end and o.mesh is not None]
    return relief(times, patches, mean_shape(meshes), show, best) if meshes else UNKNOWN


def background_numbers(times: Series, background: Series, show: Show, best: Fit) -> dict[str, float]:
    """How the background answers, if it is in view: its correlation, and its modulation as a share of the face's."""
    if not np.isfinite(background).all() or best.modulation <= 0:
        return {}
    own = fit(times, background, show, (best.lag, best.lag))
    return {"background_correlation": own.correlation, "background_share": own.modulation / best.modulation}
