"""What goes into the engine and what comes out of it, as frozen values without arrays.

This module is light on purpose (no numpy, no codecs): the API process, the session rules and the capture endpoints import it,
the networks stay behind in the workers. All times named `*_ms` are milliseconds on the capturing client's own clock
(`performance.now()` in a browser) unless the comment says otherwise.
"""

from typing import Literal

import msgspec

Gesture = Literal["blink", "mouth", "nod", "shake"]
GESTURES: tuple[Gesture, ...] = ("blink", "mouth", "nod", "shake")

Level = Literal[1, 2, 3, 4]
LEVELS_WITH_GESTURES = frozenset({2, 4})
LEVELS_WITH_LIGHT = frozenset({3, 4})


# --- the challenge: what the person is asked to do -------------------------------------------------------------------


class HoldStep(msgspec.Struct, frozen=True, tag="hold", tag_field="kind"):
    """Look at the camera and keep still."""

    duration_ms: int


class GestureStep(msgspec.Struct, frozen=True, tag="gesture", tag_field="kind"):
    """Wait `wait_ms` after the step begins, show the prompt, give the person `window_ms` from the prompt to answer it."""

    gesture: Gesture
    times: int  # 2 for a blink (twice in quick succession), 1 for the others
    wait_ms: int  # drawn; the prompt may not be shown earlier
    window_ms: int


class Colour(msgspec.Struct, frozen=True):
    """One full-screen colour: 8-bit sRGB and how long it stays."""

    red: int
    green: int
    blue: int
    duration_ms: int


class LightStep(msgspec.Struct, frozen=True, tag="light", tag_field="kind"):
    """Paint the colours one after the other over the whole screen, starting when the step begins."""

    colours: tuple[Colour, ...]


Step = HoldStep | GestureStep | LightStep


class Challenge(msgspec.Struct, frozen=True):
    """One attempt's drawn steps. `nonce` ties uploads to this attempt."""

    nonce: str
    steps: tuple[Step, ...]


# --- the trace: what the client says it did and when -------------------------------------------------------------------


class FrameSample(msgspec.Struct, frozen=True, omit_defaults=True):
    """One camera frame as the client saw it. Colours are mean 8-bit sRGB (red, green, blue)."""

    now_ms: float  # when the frame was presented to the client
    rgb: tuple[float, float, float]  # mean over the whole frame, taken on a 64x48 copy
    media_s: float | None = None  # the frame's own media time, if the platform tells
    capture_ms: float | None = None
    face_rgb: tuple[float, float, float] | None = None
    background_rgb: tuple[float, float, float] | None = None
    box: tuple[float, float, float, float] | None = None  # x, y, width, height as shares of the frame
    signs: dict[str, float] | None = None  # landmark summary: yaw, pitch, eye, mouth ...; informative only


class StepMark(msgspec.Struct, frozen=True, omit_defaults=True):
    """When the client ran step `index`; `prompt_ms` is when a gesture's prompt was shown."""

    index: int
    begin_ms: float
    end_ms: float
    prompt_ms: float | None = None


class ColourMark(msgspec.Struct, frozen=True):
    """When colour `index` of the light step was set, and when it was really painted."""

    index: int
    set_ms: float
    painted_ms: float


class Ping(msgspec.Struct, frozen=True):
    """One clock exchange: sent and received on the client's clock; `server_ms` is Unix milliseconds of the server's."""

    sent_ms: float
    server_ms: float
    received_ms: float


class Trace(msgspec.Struct, frozen=True, omit_defaults=True):
    """Everything the client reported about one attempt, batches joined in order."""

    frames: tuple[FrameSample, ...] = ()
    steps: tuple[StepMark, ...] = ()
    colours: tuple[ColourMark, ...] = ()
    pings: tuple[Ping, ...] = ()
    recorder_started_ms: float | None = None
    recorded_frames: int | None = None  # as counted by the client at the end; informative


# --- evidence in, verdict out --------------------------------------------------------------------------------------------


class Known(msgspec.Struct, frozen=True):
    """The fingerprint of a recording judged earlier, and which attempt it was (`<token>/<number>`)."""

    attempt: str
    fingerprint: bytes


class Evidence(msgspec.Struct, frozen=True):
    """All the engine needs to judge one attempt. Media are encoded bytes, decoded nowhere but in the engine."""

    video: bytes
    challenge: Challenge
    trace: Trace
    level: Level
    reference: bytes | None = None  # the picture to compare with; None = liveness only
    from_card: bool = False  # the reference is a portrait cut out of a document: small, grey and overprinted ones are taken too
    pass_similarity: float = 70.0
    late: bool = False  # submitted longer after the colours were disclosed than allowed: must deny at levels with light
    sandbox: bool = False  # the cues `silent` and `replay` are recorded without denying: the simulated subject is a rendering
    known: tuple[Known, ...] = ()  # earlier recordings of the account, newest first


Hint = Literal[
    "",
    "no_face",
    "one_person_only",
    "move_closer",
    "move_back",
    "hold_still",
    "more_light",
    "less_light",
    "face_covered",
    "follow_prompts",
    "keep_facing_screen",
    "recording_incomplete",
    "hold_upright",
    "recording_unsupported",
    "recording_damaged",
    "recording_too_short",
    "recording_too_long",
    "recording_too_few_frames",
    "try_again",
    "document_not_accepted",
]
"""The only reason a capture client ever learns: a tip on what to do better. It must say nothing about how an attack was seen."""


Notice = Literal["other_faces"]
"""What to know about a reference picture that was taken. `other_faces`: it shows more than one face, the foremost was compared."""


CueDecision = Literal["pass", "deny", "retry", "recorded", "skipped"]
"""`deny`: this alone refuses. `retry`: conditions too bad to judge, never held against the person. `recorded`: measured, may
not decide. `skipped`: not asked for at this level."""


class Cue(msgspec.Struct, frozen=True):
    """What one independent test of the evidence concluded, and the numbers it saw (operator only)."""

    name: str  # face, quality, trace, motion, continuity, gestures, light, silent, silent_own, replay, compare
    decision: CueDecision
    code: str = "0"  # the result code this cue asks for when it denies or wants a retry
    tags: tuple[str, ...] = ()  # LivenessInfoTag, SDK numbering
    reason: str = ""  # a short English phrase for the operator
    hint: Hint = ""  # what the person may be told if this cue decides
    numbers: dict[str, float] = {}
    notices: tuple[Notice, ...] = ()  # about the reference picture; the cue `compare` only


class Verdict(msgspec.Struct, frozen=True):
    """The engine's conclusion about one attempt."""

    code: str  # result code of the contract: "0", "1001", "1002" ...
    tags: tuple[str, ...] = ()  # LivenessInfoTag, SDK numbering
    hint: Hint = ""
    similarity: float | None = None  # 0..100, compare mode only
    cues: tuple[Cue, ...] = ()
    best_frame: bytes | None = None  # JPEG
    action_video: bytes | None = None  # the part of the recording that holds the gestures, same container
    seconds: dict[str, float] = {}  # CPU seconds per stage
    fingerprint: bytes | None = None  # by which this recording is recognised should it come again
    record: bytes | None = None  # everything an auditor may ask about, see `openekyc.engine.record`

    def without_media(self) -> "Verdict":
        """The verdict as it is stored beside its attempt: files lie in blobs, fingerprints in a table of their own."""
        return msgspec.structs.replace(self, best_frame=None, action_video=None, fingerprint=None, record=None)
