"""Evidence -> Verdict: the whole pipeline on one screen.

Decode and analyse the recording once (`track`), bring the client's clock onto it (`align`), let every cue of the level judge on its
own, fuse them, and keep a best frame and the part of the recording that holds the gestures.
"""

import math
import sys

import cv2
import msgspec

from openekyc.engine import record
from openekyc.engine.compare.match import match
from openekyc.engine.compare.pictures import Comparison, compare_pictures
from openekyc.engine.cutting import cut
from openekyc.engine.describe import describe
from openekyc.engine.face.track import Plan, track
from openekyc.engine.face.upright import open_upright
from openekyc.engine.face.values import Track
from openekyc.engine.liveness import align, conditions, continuity, gestures, light, motion, replay, shimmer, silent
from openekyc.engine.liveness.fuse import fuse
from openekyc.engine.media import MediaLimits, Source
from openekyc.engine.runtime import Models
from openekyc.engine.stopwatch import Stopwatch
from openekyc.engine.values import (
    LEVELS_WITH_GESTURES,
    LEVELS_WITH_LIGHT,
    Challenge,
    Cue,
    Evidence,
    Gesture,
    GestureStep,
    Hint,
    Level,
    LightStep,
    StepMark,
    Trace,
    Verdict,
)
from openekyc.errors import MediaError, MediaTooLarge, MediaTooLong, MediaUnsupported

__all__ = ["Comparison", "compare_pictures", "verify", "verify_file"]

MARGIN_S = 0.5  # the recording's clock is known this well before colours are compared
CROPS = 12
STILLS = 8
DETECT_S = 0.2  # the shortest recording that is judged (1.9 s) must yield the 10 crops the silent cue asks for
JPEG_QUALITY = 92
OWN_FILE = MediaLimits(size=sys.maxsize, seconds=math.inf, frames=sys.maxsize, pixels=4096 * 2304)
"""An operator's own file, not an upload: as long as it is, up to 4K."""


def verify(models: Models, evidence: Evidence, limits: MediaLimits | None = None) -> Verdict:
    """Judge one attempt, within the limits of an upload unless told otherwise. A recording that cannot be decoded is a verdict (1004, try
    again), not an error."""
    clock = Stopwatch()
    try:
        video = clock.run("upright", lambda: open_upright(models, evidence.video, limits))
        seen = clock.run("track", lambda: track(models, video, plan(models, evidence)))
    except MediaError as error:
        return undecodable(error)
    own = clock.run("replay", lambda: replay.fingerprint(seen))
    aligned = clock.run("align", lambda: align.align(seen, evidence.trace))
    cues = _cues(models, evidence, seen, own, aligned, clock)
    verdict = _with_media(fuse(cues, evidence.level), evidence, seen, aligned, clock, limits)
    kept = clock.run("record", lambda: record.encode(describe(verdict, evidence, models.files, video.info, seen, aligned)))
    return msgspec.structs.replace(verdict, fingerprint=own, record=kept, seconds=clock.seconds())


def _cues(models: Models, evidence: Evidence, seen: Track, own: bytes | None, aligned: align.Alignment, clock: Stopwatch) -> list[Cue]:
    face = conditions.face(seen, compare=evidence.reference is not None)
    if conditions.sideways(seen):
        return [face]  # the others know upright faces only
    return [
        face,
        conditions.quality(seen, compare=evidence.reference is not None),
        align.judge(seen, evidence.challenge, evidence.trace, aligned),
        *clock.run("silent", lambda: silent.judge(models, seen, denies=not evidence.sandbox)),
        clock.run("motion", lambda: _motion(evidence.level, seen, denies=not evidence.sandbox)),
        clock.run("continuity", lambda: continuity.judge(models, seen)),
        clock.run("gestures", lambda: _gestures(evidence, seen, aligned)),
        clock.run("light", lambda: _light(evidence, seen, aligned)),
        clock.run("replay", lambda: replay.judge(own, evidence.known, denies=_replays_count(evidence))),
        clock.run("compare", lambda: match(models, seen, evidence.reference, evidence.pass_similarity, card=evidence.from_card)),
    ]


def verify_file(models: Models, video: Source, level: Level, asked: tuple[Gesture, ...] = ("blink",)) -> Verdict:
    """Judge a bare recording without challenge or trace: gestures may lie anywhere in it, in the order asked. Levels 1 and 2 only, for the
    light of levels 3 and 4 means nothing without the colours that were shown."""
    if level in LEVELS_WITH_LIGHT:
        raise ValueError("levels 3 and 4 need the challenge and its trace")
    clock, steps = Stopwatch(), tuple(GestureStep(gesture, 2 if gesture == "blink" else 1, 0, 0) for gesture in asked)
    every = ((0.0, OWN_FILE.seconds),) if level in LEVELS_WITH_GESTURES else ()
    try:
        looked = _plan(models, level, every, ())
        seen = clock.run("track", lambda: track(models, open_upright(models, video, OWN_FILE), looked))
    except MediaError as error:
        return undecodable(error)
    cues = [conditions.face(seen, compare=False)]
    if not conditions.sideways(seen):
        cues += [
            conditions.quality(seen, compare=False),
            Cue("trace", "skipped"),
            *clock.run("silent", lambda: silent.judge(models, seen, denies=True)),
            clock.run("motion", lambda: _motion(level, seen, denies=True)),
            clock.run("continuity", lambda: continuity.judge(models, seen)),
            gestures.judge_anywhere(seen, Challenge("", steps)) if level in LEVELS_WITH_GESTURES else Cue("gestures", "skipped"),
        ]
    return _finished(fuse(cues, level), seen, None, clock)


def _replays_count(evidence: Evidence) -> bool:
    """Level 1 asks nothing of anybody: takes last four seconds in which little moves, too little to call two of them one."""
    return not evidence.sandbox and evidence.level > 1


def _motion(level: Level, seen: Track, *, denies: bool) -> Cue:
    """Where anything is asked of the person, the answer says more than idle movements do."""
    return motion.judge(seen, denies=denies) if level == 1 else Cue("motion", "skipped")


def _gestures(evidence: Evidence, seen: Track, aligned: align.Alignment) -> Cue:
    if evidence.level not in LEVELS_WITH_GESTURES:
        return Cue("gestures", "skipped")
    return gestures.judge(seen, evidence.challenge, evidence.trace, aligned)


def _light(evidence: Evidence, seen: Track, aligned: align.Alignment) -> Cue:
    if evidence.level not in LEVELS_WITH_LIGHT:
        return Cue("light", "skipped")
    if evidence.late:
        return Cue("light", "deny", "1005", ("09",), "submitted too long after the colours were disclosed")
    return light.judge(seen, evidence.challenge, evidence.trace, aligned)


# --- what to look at ------------------------------------------------------------------------------------------------------


def plan(models: Models, evidence: Evidence) -> Plan:
    """Every frame while gestures are asked for, light patches while colours are shown, by the client's nominal clock."""
    clock = align.Alignment(align.nominal_offset(evidence.trace), 0.0, measured=False)
    pairs = [
        (evidence.challenge.steps[mark.index], mark) for mark in evidence.trace.steps if 0 <= mark.index < len(evidence.challenge.steps)
    ]
    every = [_span(clock, _asked_from(mark), mark.end_ms) for step, mark in pairs if isinstance(step, GestureStep)]
    lit = [_span(clock, mark.begin_ms, mark.end_ms) for step, mark in pairs if isinstance(step, LightStep)]
    return _plan(
        models,
        evidence.level,
        tuple(every) if evidence.level in LEVELS_WITH_GESTURES else (),
        tuple(lit) if evidence.level in LEVELS_WITH_LIGHT else (),
    )


def _plan(models: Models, level: Level, every: tuple[tuple[float, float], ...], lit: tuple[tuple[float, float], ...]) -> Plan:
    return Plan(
        every=every,
        light=lit,
        sample=light.sample,
        crop=silent.cropper(models),
        crops=CROPS,
        stills=STILLS,
        detect_s=DETECT_S,
        face_sample=shimmer.sample if level == 1 else None,
    )


def _asked_from(mark: StepMark) -> float:
    return mark.begin_ms if mark.prompt_ms is None else mark.prompt_ms


def _span(clock: align.Alignment, begin_ms: float, end_ms: float) -> tuple[float, float]:
    return clock.seconds(begin_ms) - MARGIN_S, clock.seconds(end_ms) + MARGIN_S


# --- what to keep ---------------------------------------------------------------------------------------------------------


def _with_media(
    verdict: Verdict, evidence: Evidence, seen: Track, aligned: align.Alignment, clock: Stopwatch, limits: MediaLimits | None
) -> Verdict:
    span = action_span(evidence.challenge, evidence.trace, aligned, seen.duration)
    action = clock.run("cut", lambda: _cut(evidence.video, span, limits)) if span else None
    return _finished(verdict, seen, action, clock)


def action_span(challenge: Challenge, trace: Trace, aligned: align.Alignment, duration: float) -> tuple[float, float] | None:
    """Seconds of the recording from the first gesture step's begin to the last one's end; None if they lie outside it."""
    marks = [m for m in trace.steps if 0 <= m.index < len(challenge.steps) and isinstance(challenge.steps[m.index], GestureStep)]
    if not marks:
        return None
    begin, end = max(aligned.seconds(marks[0].begin_ms), 0.0), min(aligned.seconds(marks[-1].end_ms), duration)
    return (begin, end) if end > begin else None


def _cut(video: bytes, span: tuple[float, float], limits: MediaLimits | None) -> bytes | None:
    try:
        return cut(video, *span, limits)
    except MediaError:
        return None  # the whole recording is kept anyway


def _finished(verdict: Verdict, seen: Track, action: bytes | None, clock: Stopwatch) -> Verdict:
    similar = next((cue.numbers.get("similarity") for cue in verdict.cues if cue.name == "compare"), None)
    frame = clock.run("best_frame", lambda: best_frame(seen))
    return Verdict(verdict.code, verdict.tags, verdict.hint, similar, verdict.cues, frame, action, clock.seconds())


def best_frame(seen: Track) -> bytes | None:
    """The most frontal, sharp and open-eyed still as JPEG; None if no face was seen."""
    place = conditions.best_still(seen)
    if place is None:
        return None
    done, data = cv2.imencode(".jpg", seen.stills[place][1], [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    return bytes(data) if done else None


def undecodable(error: MediaError) -> Verdict:
    """The verdict on a recording that breaks a limit or cannot be decoded."""
    cue = Cue("face", "retry", "1004", ("12",), error.message, _tip(error))
    return fuse([cue], 1)


def _tip(error: MediaError) -> Hint:
    if isinstance(error, MediaTooLong):
        return "recording_too_long"
    return "recording_unsupported" if isinstance(error, MediaTooLarge | MediaUnsupported) else "recording_damaged"
