"""Rules for the client's trace: bounded batches in order, joined into one Trace for the engine. Pure.

Every number is the client's word. Here it is only kept finite and few; whether it agrees with the pixels is the engine's question.
"""

from collections.abc import Iterable, Sequence
from itertools import chain

import msgspec

from openekyc.engine.values import FrameSample, Trace
from openekyc.errors import TraceInvalid, TraceTooLarge
from openekyc.sessions.model import Attempt
from openekyc.settings import Settings

LARGEST = 1e13  # Unix milliseconds reach it in the year 2286
MOST_SIGNS = 32
MOST_INDEX = 1000
SIGN_NAME_MAX = 32

_decoder = msgspec.json.Decoder(Trace)


def encode(trace: Trace) -> bytes:
    """The form in which a batch is stored. Raises TraceInvalid if a number is out of bounds."""
    _check(trace)
    return msgspec.json.encode(trace)


def check_room(attempt: Attempt, size: int, settings: Settings) -> None:
    """Raises TraceTooLarge if one more batch of `size` bytes does not fit."""
    if attempt.trace_bytes + size > settings.trace_max_bytes or attempt.trace_batches >= settings.trace_max_batches:
        raise TraceTooLarge


def check_repeat(batches: Sequence[bytes], sequence: int, batch: bytes) -> None:
    """For a batch before the trace's end: return if it is the one already stored. Raises TraceInvalid if it differs."""
    if batches[sequence] != batch:
        raise TraceInvalid(f"Another batch was already accepted as number {sequence}.")


def join(batches: Iterable[bytes]) -> Trace:
    """Stored batches as one trace, in order."""
    parts = [_decoder.decode(batch) for batch in batches]
    return Trace(
        frames=tuple(chain.from_iterable(part.frames for part in parts)),
        steps=tuple(chain.from_iterable(part.steps for part in parts)),
        colours=tuple(chain.from_iterable(part.colours for part in parts)),
        pings=tuple(chain.from_iterable(part.pings for part in parts)),
        recorder_started_ms=next((part.recorder_started_ms for part in parts if part.recorder_started_ms is not None), None),
        recorded_frames=next((part.recorded_frames for part in reversed(parts) if part.recorded_frames is not None), None),
    )


def _check(trace: Trace) -> None:
    if not all(-LARGEST <= number <= LARGEST for number in _numbers(trace)):
        raise TraceInvalid("A number of the trace is out of bounds.")
    indexes = [mark.index for mark in trace.steps] + [mark.index for mark in trace.colours]
    if not all(0 <= index <= MOST_INDEX for index in indexes):
        raise TraceInvalid("A step or colour of the trace has an impossible index.")
    if any(_signs_too_many(frame) for frame in trace.frames):
        raise TraceInvalid("A frame of the trace has too many signs or too long names.")


def _signs_too_many(frame: FrameSample) -> bool:
    signs = frame.signs or {}
    return len(signs) > MOST_SIGNS or any(len(name) > SIGN_NAME_MAX for name in signs)


def _numbers(trace: Trace) -> Iterable[float]:
    for frame in trace.frames:
        yield from _frame_numbers(frame)
    for step in trace.steps:
        yield from (step.begin_ms, step.end_ms, step.prompt_ms or 0.0)
    for colour in trace.colours:
        yield from (colour.set_ms, colour.painted_ms)
    for ping in trace.pings:
        yield from (ping.sent_ms, ping.server_ms, ping.received_ms)
    yield from (trace.recorder_started_ms or 0.0, trace.recorded_frames or 0)


def _frame_numbers(frame: FrameSample) -> Iterable[float]:
    yield from (frame.now_ms, frame.media_s or 0.0, frame.capture_ms or 0.0)
    yield from frame.rgb
    for numbers in (frame.face_rgb, frame.background_rgb, frame.box):
        yield from numbers or ()
    yield from (frame.signs or {}).values()
