"""Makes the evidence record of one judgement from what the judgement already worked out. Pure; decodes nothing again."""

import hashlib
from collections.abc import Mapping
from importlib.metadata import version
from itertools import pairwise

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from openekyc.engine import record
from openekyc.engine.face.values import Image, Track
from openekyc.engine.liveness import align, conditions, continuity, events, gestures, light, motion, plane, replay
from openekyc.engine.liveness.align import Alignment
from openekyc.engine.lock import LockedFile
from openekyc.engine.media import VideoInfo
from openekyc.engine.values import Evidence, GestureStep, HoldStep, Step, Trace, Verdict

Files = Mapping[str, LockedFile]

MOST_SAMPLES = 900  # of a curve; half a minute at 30 frames a second
MOST_FOUND = 100
STRIP_HEIGHT = 120
STRIP_QUALITY = 70


def describe(verdict: Verdict, evidence: Evidence, files: Files, film: VideoInfo, seen: Track, aligned: Alignment) -> record.Record:
    """The whole record of a recording that could be decoded, judged with these weight files."""
    series = events.signals(seen)
    found = events.events(series)
    return record.Record(
        version=version("openekyc"),
        models=hashes(files),
        level=evidence.level,
        code=verdict.code,
        tags=verdict.tags,
        hint=verdict.hint,
        reason=record.reason(verdict.cues),
        cues=verdict.cues,
        thresholds=thresholds(evidence, files),
        film=_film(evidence.video, film, seen),
        timing=timing(evidence.trace, seen, aligned),
        prompts=_prompts(evidence, aligned, found),
        found=tuple(_found(event) for event in found[:MOST_FOUND]),
        curves=_curves(series),
        colours=_colours(evidence, aligned),
        reflection=_reflection(verdict, evidence, seen, aligned),
        strip=strip([(observation.time, image) for observation, image in seen.stills]),
        seconds=verdict.seconds,
    )


def hashes(files: Files) -> dict[str, str]:
    """SHA-256 by file name."""
    return {item.file: item.sha256 for item in files.values()}


def thresholds(evidence: Evidence, files: Files) -> dict[str, float]:
    """Every bar a decision of this version was held against, by cue."""
    return {
        "face.present": conditions.PRESENT,
        "face.accompanied": conditions.ACCOMPANIED,
        "quality.dark_luma": conditions.DARK_LUMA,
        "quality.bright_luma": conditions.BRIGHT_LUMA,
        "quality.narrowest": conditions.NARROWEST,
        "quality.blurred": conditions.BLURRED,
        "quality.covered": conditions.COVERED,
        "trace.agrees": align.AGREES,
        "trace.varies": align.VARIES,
        "trace.covered": align.COVERED,
        **_passive(files),
        "motion.calm_once": motion.CALM_ONCE,
        "motion.calm_twice": motion.CALM_TWICE,
        "motion.one_plane": motion.ONE_PLANE,
        "continuity.same_person": continuity.SAME_PERSON,
        "gestures.reaction_s": gestures.REACTION_S,
        "gestures.slowest_fps": gestures.SLOWEST_FPS,
        "gestures.blink_rise": events.BLINK_RISE,
        "gestures.jaw_rise": events.JAW_RISE,
        "gestures.nod_degrees": events.NOD_DEGREES,
        "gestures.shake_degrees": events.SHAKE_DEGREES,
        "light.correlates": light.CORRELATES,
        "light.modulation": light.MODULATION,
        "light.longest_lag_s": light.LAGS_S[1],
        "light.late_s": light.LATE_S,
        "light.late_correlates": light.LATE_CORRELATES,
        "light.colours_shown": light.COLOURS_SHOWN,
        "light.relief": light.RELIEF,
        "light.uneven_ms": light.UNEVEN_MS,
        "light.jump_ms": light.JUMP_MS,
        "gestures.sheet": plane.SHEET,
        "replay.alike": replay.ALIKE,
        "replay.steady": replay.STEADY,
        "compare.pass_similarity": evidence.pass_similarity,
    }


def _passive(files: Files) -> dict[str, float]:
    fed = {"silent" if name == "silent_liveness" else name: item.input for name, item in files.items()}
    bars = [(cue, found) for cue, found in fed.items() if found is not None]
    return {f"{cue}.live": found.threshold for cue, found in bars} | {f"{cue}.room": found.room for cue, found in bars}


# --- the recording and its capture ----------------------------------------------------------------------------------------


def _film(data: bytes, film: VideoInfo, seen: Track) -> record.Film:
    return record.Film(
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        container=film.container,
        codec=film.codec,
        width=seen.width,
        height=seen.height,
        duration_s=round(seen.duration, 3),
        frames=seen.frames,
        fps=round(seen.fps, 2),
        truncated=seen.truncated,
        words=dict(film.words),
        turned=film.turned,
    )


def timing(trace: Trace, seen: Track, aligned: Alignment) -> record.Timing:
    """How regularly frames came, by the client's clock and by the recording's."""
    client = _intervals([later.now_ms - earlier.now_ms for earlier, later in pairwise(trace.frames)])
    neighbours = [(a, b) for a, b in pairwise(seen.observations) if b.index == a.index + 1]  # not every frame was analysed
    filmed = _intervals([(later.time - earlier.time) * 1000 for earlier, later in neighbours])
    pings = [ping.received_ms - ping.sent_ms for ping in trace.pings]
    return record.Timing(
        trace_frames=len(trace.frames),
        trace_interval=client[0],
        trace_jitter=client[1],
        film_interval=filmed[0],
        film_jitter=filmed[1],
        clock_offset_ms=round(aligned.offset_ms - align.nominal_offset(trace), 1),
        clock_measured=aligned.measured,
        round_trip=round(float(np.median(pings)), 1) if pings else None,
    )


def _intervals(steps: list[float]) -> tuple[float, float]:
    """Median and interquartile range; 0 where there are too few."""
    if len(steps) < 3:
        return 0.0, 0.0
    low, middle, high = np.percentile(steps, [25, 50, 75])
    return round(float(middle), 2), round(float(high - low), 2)


# --- the challenge --------------------------------------------------------------------------------------------------------


def _prompts(evidence: Evidence, aligned: Alignment, found: tuple[events.Event, ...]) -> tuple[record.Prompt, ...]:
    marks = {mark.index: mark for mark in evidence.trace.steps}
    prompts = []
    for index, step in enumerate(evidence.challenge.steps):
        prompt, mark = _asked(index, step), marks.get(index)
        if mark is not None:
            shown = None if mark.prompt_ms is None else _second(aligned, mark.prompt_ms)
            times = {"begin_s": _second(aligned, mark.begin_ms), "end_s": _second(aligned, mark.end_ms), "shown_s": shown}
            prompt = msgspec.structs.replace(prompt, **times)
        prompts.append(prompt)
    return _answered(tuple(prompts), evidence, aligned, found)


def _asked(index: int, step: Step) -> record.Prompt:
    if isinstance(step, HoldStep):
        return record.Prompt(index, "hold", f"look at the camera for {step.duration_ms / 1000:g} s")
    if isinstance(step, GestureStep):
        often = {1: "once", 2: "twice"}.get(step.times, f"{step.times} times")
        words = f"{step.gesture} {often} within {step.window_ms / 1000:g} s of the prompt, {step.wait_ms} ms into the step"
        return record.Prompt(index, "gesture", words, step.gesture, step.times, step.wait_ms, step.window_ms)
    length = sum(colour.duration_ms for colour in step.colours) / 1000
    return record.Prompt(index, "light", f"face the screen for {len(step.colours)} colours in {length:g} s")


def _answered(
    prompts: tuple[record.Prompt, ...], evidence: Evidence, aligned: Alignment, found: tuple[events.Event, ...]
) -> tuple[record.Prompt, ...]:
    """With the event that answered each gesture prompt, by the rule of the cue."""
    windows = iter(gestures.prompts(evidence.challenge, evidence.trace, aligned))
    answered = []
    for prompt in prompts:
        got = gestures.answer(next(windows), found) if prompt.kind == "gesture" and prompt.begin_s is not None else None
        answered.append(msgspec.structs.replace(prompt, seen=_found(got)) if got else prompt)
    return tuple(answered)


def _second(aligned: Alignment, client_ms: float) -> float:
    return round(aligned.seconds(client_ms), 3)


# --- curves ---------------------------------------------------------------------------------------------------------------


def _found(event: events.Event) -> record.Found:
    return record.Found(event.gesture, round(event.start, 3), round(event.end, 3), round(event.strength, 3))


def _curves(series: events.Signals) -> record.Curves:
    names = record.Curves.__struct_fields__
    return record.Curves(*(_thinned(getattr(series, name), 1 if name in ("yaw", "pitch") else 3) for name in names))


def _thinned(values: NDArray[np.float64], digits: int) -> record.Series:
    """At most `MOST_SAMPLES`, evenly spread."""
    step = -(-len(values) // MOST_SAMPLES) or 1
    return tuple(np.round(values[::step], digits).tolist())


def _colours(evidence: Evidence, aligned: Alignment) -> tuple[record.Shown, ...]:
    colours = [colour for step in evidence.challenge.steps if not isinstance(step, HoldStep | GestureStep) for colour in step.colours]
    marks = evidence.trace.colours[: len(colours)]
    begins = [_second(aligned, mark.painted_ms) for mark in marks]
    lasts = [colour.duration_ms / 1000 for colour in colours]
    ends = [*begins[1:], *(begin + last for begin, last in zip(begins[-1:], lasts[len(begins) - 1 :], strict=False))]
    return tuple(
        record.Shown((colour.red, colour.green, colour.blue), begin, round(end, 3))
        for colour, begin, end in zip(colours, begins, ends, strict=False)
    )


def _reflection(verdict: Verdict, evidence: Evidence, seen: Track, aligned: Alignment) -> record.Reflection | None:
    numbers = next((cue.numbers for cue in verdict.cues if cue.name == "light"), {})
    show = light.shown(evidence.challenge, evidence.trace, aligned)
    if show is None or "lag_ms" not in numbers:
        return None
    times, patches, _ = light.observed(seen, show)
    chroma = light.chromaticity(patches.mean(axis=1))
    expected = light.template(times, show, numbers["lag_ms"] / 1000, chroma.mean(axis=0)) * numbers["modulation"]
    step = -(-len(times) // MOST_SAMPLES) or 1
    return record.Reflection(
        lag_ms=numbers["lag_ms"],
        time=_thinned(times, 3),
        measured=_triples(light.detrend(times, chroma)[::step]),
        expected=_triples(expected[::step]),
    )


def _triples(values: NDArray[np.float64]) -> tuple[tuple[float, float, float], ...]:
    return tuple((red, green, blue) for red, green, blue in np.round(values, 5).tolist())


# --- pictures -------------------------------------------------------------------------------------------------------------


def strip(stills: list[tuple[float, Image]]) -> record.Strip | None:
    """The stills (BGR) in a row, scaled to one height; None without stills."""
    if not stills:
        return None
    small = [cv2.resize(image[::2, ::2], _strip_size(image), interpolation=cv2.INTER_AREA) for _, image in stills]
    done, data = cv2.imencode(".jpg", np.hstack(small), [cv2.IMWRITE_JPEG_QUALITY, STRIP_QUALITY])
    return record.Strip(bytes(data), tuple(round(time, 2) for time, _ in stills)) if done else None


def _strip_size(image: Image) -> tuple[int, int]:
    height, width = image.shape[:2]
    return max(1, min(round(width * STRIP_HEIGHT / height), 4 * STRIP_HEIGHT)), STRIP_HEIGHT
