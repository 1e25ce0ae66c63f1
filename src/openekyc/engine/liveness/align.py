"""From the client's clock to the recording's own: where does a moment the client reports lie in the video?

Recorders do not say when they started (off by 50 to 175 ms where it was measured), so the client sends the mean colour of every frame
it saw, and the offset is the lag at which that series correlates best with the decoded frames. The verdict uses decoded pixels
only; a trace that contradicts them, or steps that contradict the challenge, is evidence of tampering: the cue `trace`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from openekyc.engine.face.values import Track
from openekyc.engine.values import Challenge, Cue, GestureStep, Hint, HoldStep, LightStep, Step, StepMark, Trace

Series = NDArray[np.float64]

SEARCH_S = 1.5  # how far the true offset may lie from the nominal one
STEP_S = 0.01
SMOOTH_S = 2.0  # slower changes (exposure drift) say nothing about the lag
SETTLES_S = 1.0  # meanwhile cameras find their exposure, one like the other
VARIES = 0.4  # standard deviation in 8-bit levels from which colours carry timing; one of 180 live people's own has less
AGREES = 0.6  # own recordings have 0.79 and more; 3 of 5,362 others' reached it
COVERED = 0.9  # share of the steps' time the recording must hold
TOLERANCE_MS = 80.0
LATE_MS = 1500.0  # a prompt or step end may come this late on a busy device


@dataclass(frozen=True, slots=True)
class Alignment:
    """`offset_ms` is the client's clock at the recording's first frame. `measured` tells whether colours confirmed it; the variations
    are standard deviations in 8-bit levels of the client's and the video's colour series, `correlation` theirs where it is highest."""

    offset_ms: float
    correlation: float
    measured: bool
    client_variation: float = 0.0
    video_variation: float = 0.0

    @property
    def varies(self) -> bool:
        """Whether anything changes, in the recording or in what the client says of it."""
        return max(self.client_variation, self.video_variation) >= VARIES

    @property
    def agreement(self) -> float:
        """The concordance correlation coefficient (Lin 1989), means left out: 1 for the same series; unlike correlation it also falls
        where one varies less than the other."""
        client, video = self.client_variation, self.video_variation
        energy = client**2 + video**2
        return self.correlation * 2 * client * video / energy if energy > 0 else 0.0

    def seconds(self, client_ms: float) -> float:
        """The recording's time for a moment on the client's clock."""
        return (client_ms - self.offset_ms) / 1000.0


def align(track: Track, trace: Trace) -> Alignment:
    """Find the offset by correlation; the nominal start is kept where nothing in the picture moves or lights up."""
    nominal = nominal_offset(trace)
    client, video = _client_series(trace, nominal), _video_series(track)
    if client is None or video is None:
        return Alignment(nominal, 0.0, measured=False)
    grids = [_high_pass(_resample(*series)) for series in (client, video)]
    lag, correlation = _best_lag(grids[0], grids[1], client[0][0] - video[0][0])
    found = Alignment(nominal, correlation, False, *(float(np.sqrt(np.mean(grid**2))) for grid in grids))
    agree = found.varies and found.agreement >= AGREES
    return replace(found, offset_ms=nominal + lag * 1000.0, measured=True) if agree else found


def nominal_offset(trace: Trace) -> float:
    """The recorder's start as the client believes it, else its first frame, else its first step."""
    if trace.recorder_started_ms is not None:
        return trace.recorder_started_ms
    if trace.frames:
        return trace.frames[0].now_ms
    return trace.steps[0].begin_ms if trace.steps else 0.0


def _client_series(trace: Trace, nominal: float) -> tuple[Series, Series] | None:
    times = np.array([(frame.now_ms - nominal) / 1000.0 for frame in trace.frames])
    return _usable(times, np.array([frame.rgb for frame in trace.frames], dtype=np.float64))


def _video_series(track: Track) -> tuple[Series, Series] | None:
    times = np.array([seen.time for seen in track.observations])
    return _usable(times, np.array([seen.frame_rgb for seen in track.observations], dtype=np.float64))


def _usable(times: Series, colours: Series) -> tuple[Series, Series] | None:
    """In order, without the time in which the camera settles; None if too little is left to compare."""
    if not len(times) or not np.isfinite(times).all() or not np.isfinite(colours).all():
        return None
    order = [place for place in np.argsort(times, kind="stable") if times[place] >= times.min() + SETTLES_S]
    times, colours = times[order], colours[order]
    if len(times) < 8:
        return None
    return (times, colours) if 1.0 < times[-1] - times[0] < 120.0 else None


def _resample(times: Series, colours: Series) -> Series:
    """(n, 3) on a grid of `STEP_S`, from the series' own first sample."""
    grid = np.arange(times[0], times[-1], STEP_S)
    return np.stack([np.interp(grid, times, colours[:, channel]) for channel in range(3)], axis=1)


def _high_pass(grid: Series) -> Series:
    width = min(int(SMOOTH_S / STEP_S), len(grid))
    kernel = np.ones(width)
    weight = np.convolve(np.ones(len(grid)), kernel, mode="same")
    slow = [np.convolve(grid[:, channel], kernel, mode="same") / weight for channel in range(3)]
    return grid - np.stack(slow, axis=1)[: len(grid)]


def _best_lag(client: Series, video: Series, start_s: float) -> tuple[float, float]:
    """The lag in seconds by which the recording's time zero lies after the nominal start, and the correlation there. `start_s` = first
    client time minus first video time, both counted from the nominal start."""
    lags = np.arange(-int(SEARCH_S / STEP_S), int(SEARCH_S / STEP_S) + 1)
    shifts = lags - round(start_s / STEP_S)
    correlations = [_correlation(client, video, int(shift)) for shift in shifts]
    best = int(np.argmax(correlations))
    return float(lags[best]) * STEP_S, float(correlations[best])


def _correlation(client: Series, video: Series, shift: int) -> float:
    """Pooled over the channels, where `client[i + shift]` lies over `video[i]`; at least half of the shorter series must overlap."""
    begin, end = max(0, -shift), min(len(video), len(client) - shift)
    if end - begin < min(len(video), len(client)) // 2:
        return -1.0
    a, b = client[begin + shift : end + shift], video[begin:end]
    scale = float(np.sqrt((a**2).sum() * (b**2).sum()))
    return float((a * b).sum()) / scale if scale > 0 else 0.0


# --- the cue ---------------------------------------------------------------------------------------------------------------


def judge(track: Track, challenge: Challenge, trace: Trace, alignment: Alignment) -> Cue:
    """The cue `trace`: denies a trace that contradicts the video or the challenge, asks again when something is missing."""
    numbers = {
        "correlation": round(alignment.correlation, 3),
        "agreement": round(alignment.agreement, 3),
        "offset_ms": round(alignment.offset_ms - nominal_offset(trace), 1),
        "client_variation": round(alignment.client_variation, 2),
        "video_variation": round(alignment.video_variation, 2),
        "covered": round(coverage(track, trace, alignment), 3),
    }
    for complaint in _contradictions(challenge, trace, alignment):
        return Cue("trace", "deny", "1002", ("05",), complaint, numbers=numbers)
    if missing := _missing(challenge, trace):
        return Cue("trace", "retry", "1005", ("12",), missing, "recording_incomplete", numbers)
    if numbers["covered"] < COVERED:
        tip: Hint = "recording_damaged" if track.truncated else "recording_incomplete"
        return Cue("trace", "retry", "1005", ("12",), "the recording does not hold all steps", tip, numbers)
    return Cue("trace", "pass", numbers=numbers)


def coverage(track: Track, trace: Trace, alignment: Alignment) -> float:
    """The share of the steps' time for which the recording has frames."""
    if not trace.steps:
        return 0.0
    begin, end = alignment.seconds(trace.steps[0].begin_ms), alignment.seconds(trace.steps[-1].end_ms)
    held = min(end, track.duration) - max(begin, 0.0)
    return float(np.clip(held / max(end - begin, 1e-3), 0.0, 1.0))


def _contradictions(challenge: Challenge, trace: Trace, alignment: Alignment) -> Iterator[str]:
    yield from _colour_contradictions(alignment)
    yield from _order_contradictions(trace, len(challenge.steps))
    for mark in trace.steps:
        if mark.index < len(challenge.steps):
            yield from _step_contradictions(challenge.steps[mark.index], mark)
    light = next((step for step in challenge.steps if isinstance(step, LightStep)), None)
    if light is not None:
        yield from _paint_contradictions(light, trace)


def _colour_contradictions(alignment: Alignment) -> Iterator[str]:
    if alignment.varies and alignment.agreement < AGREES:
        yield "the client's frame colours are not those of the recording"


def _order_contradictions(trace: Trace, count: int) -> Iterator[str]:
    indices = [mark.index for mark in trace.steps]
    if indices != sorted(set(indices)) or (indices and not 0 <= indices[0] <= indices[-1] < count):
        yield "steps out of order"
    if any(later.begin_ms < earlier.end_ms - TOLERANCE_MS for earlier, later in zip(trace.steps, trace.steps[1:], strict=False)):
        yield "steps overlap"


def _step_contradictions(step: Step, mark: StepMark) -> Iterator[str]:
    took = mark.end_ms - mark.begin_ms
    if isinstance(step, GestureStep):
        shown = mark.begin_ms if mark.prompt_ms is None else mark.prompt_ms
        waited = shown - mark.begin_ms
        if mark.prompt_ms is not None and waited < step.wait_ms - TOLERANCE_MS:
            yield "a prompt was shown before its drawn moment"
        if waited > step.wait_ms + LATE_MS or mark.end_ms > shown + step.window_ms + LATE_MS:
            yield "a prompt or its end came too late"
    elif took < _planned(step) - TOLERANCE_MS or took > _planned(step) + 2 * LATE_MS:
        yield "a step did not last as long as drawn"


def _planned(step: HoldStep | LightStep) -> float:
    return float(step.duration_ms if isinstance(step, HoldStep) else sum(colour.duration_ms for colour in step.colours))


def _paint_contradictions(light: LightStep, trace: Trace) -> Iterator[str]:
    if [mark.index for mark in trace.colours] != list(range(len(trace.colours))) or len(trace.colours) > len(light.colours):
        yield "colours out of order"
        return
    if any(mark.painted_ms < mark.set_ms for mark in trace.colours):
        yield "a colour was painted before it was set"
    for colour, mark, following in zip(light.colours, trace.colours, trace.colours[1:], strict=False):
        if abs(following.painted_ms - mark.painted_ms - colour.duration_ms) > 250.0:
            yield "a colour did not stay as long as drawn"


def _missing(challenge: Challenge, trace: Trace) -> str:
    if len(trace.steps) < len(challenge.steps):
        return "steps are missing in the trace"
    if any(isinstance(s, GestureStep) and m.prompt_ms is None for s, m in zip(challenge.steps, trace.steps, strict=False)):
        return "a prompt's time is missing in the trace"
    planned = sum(len(step.colours) for step in challenge.steps if isinstance(step, LightStep))
    if len(trace.colours) < planned:
        return "colours are missing in the trace"
    return "" if trace.frames else "the trace holds no frames"
