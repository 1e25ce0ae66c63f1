"""What goes over the wire between a capture client and the server: JSON bodies as frozen values, with their bounds.

Both sides use them: `routes.py` decodes and encodes them, `client.py` does the reverse, `openapi.py` derives the document's schemas
from them. Unknown fields are ignored, so that older servers accept newer clients.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from openekyc.branding import Spoken
from openekyc.engine.values import Challenge, Colour, Gesture, GestureStep, Hint, HoldStep, Level, LightStep, Trace
from openekyc.sessions.model import CardHint

Short = Annotated[str, Meta(max_length=64)]
Text = Annotated[str, Meta(max_length=256)]
Count = Annotated[int, Meta(ge=0, le=10_000_000)]
Milliseconds = Annotated[float, Meta(ge=0, le=1e13)]
Sha256 = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class Screen(msgspec.Struct, frozen=True):
    """The client's screen in CSS pixels."""

    width: Count = 0
    height: Count = 0
    pixel_ratio: Annotated[float, Meta(ge=0, le=100)] = 1.0


class Camera(msgspec.Struct, frozen=True):
    """The camera as the platform describes it: size in pixels, frames per second."""

    label: Text = ""
    width: Count = 0
    height: Count = 0
    rate: Annotated[float, Meta(ge=0, le=1000)] = 0.0


class ClientInfo(msgspec.Struct, frozen=True):
    """Who is capturing. Every field is the client's word only: kept for the operator, believed by nobody."""

    sdk: Short = ""
    version: Short = ""
    capabilities: Annotated[tuple[Text, ...], Meta(max_length=64)] = ()  # mime types, "webcodecs", the tracker's name ...
    screen: Screen = Screen()
    camera: Camera = Camera()
    language: Short = ""
    reduced_motion: bool = False


class Thresholds(msgspec.Struct, frozen=True):
    """What the client's positioning hints should aim at. The server judges the decoded pixels, whatever the client used."""

    oval: tuple[float, float, float, float]  # x, y, width, height as shares of the frame
    face_width_min: float  # as a share of the frame's width
    face_width_max: float
    luma_min: float  # mean luma 0..255 on the face
    luma_max: float


class Limits(msgspec.Struct, frozen=True):
    """Bounds on one attempt: bytes, counts and seconds."""

    recording_max_bytes: int
    recording_max_s: float
    recording_max_slices: int
    trace_max_bytes: int
    trace_max_batches: int
    attempt_idle_s: int
    attempt_total_s: int
    tail_ms: int  # keep recording this long past the last step


Language = Literal["", Spoken]


class PageTerms(msgspec.Struct, frozen=True):
    """What the integrator and the operator want of a page around the capture."""

    redirect_url: str  # the whole address, with its token, to send the person to afterwards; "" = none
    skip_intro: bool
    skip_result: bool  # after success go to redirect_url at once
    skip_consent: bool
    hide_progress: bool
    theme_color: str  # "#rrggbb", or "" for the page's own
    language: Language  # "" = the browser's
    public_url: str  # base address to go on with on another device; "" = the page's own origin
    embed_origins: tuple[str, ...]  # who may frame the page and is told its events


class Brand(msgspec.Struct, frozen=True):
    """Who asks, as the account or the operator describes it, in plain text; "" where nothing is set. `consent` is their own text by
    language; where a language is missing, the page's own is shown."""

    name: str = ""
    logo: str = ""  # path on this server
    color: str = ""  # "#rrggbb"; the token's `theme_color` wins
    purpose: str = ""  # why the person is asked
    kept: str = ""  # for how long the data are kept
    privacy_url: str = ""  # https
    terms_url: str = ""  # https
    support: str = ""  # mailto:, tel: or https:
    consent: dict[Spoken, str] = {}


class Agreed(msgspec.Struct, frozen=True):
    """The person has agreed. `text`: exactly what stood on the screen there, the line they agreed to and what it refers to."""

    language: Spoken
    text: Annotated[str, Meta(min_length=1, max_length=10_000)]


class Handoff(msgspec.Struct, frozen=True):
    """For another device: `handoff_code` is exchanged for the session once, within so many seconds."""

    handoff_code: str
    seconds: int


class TakeOver(msgspec.Struct, frozen=True):
    """The other device has the code."""

    handoff_code: Annotated[str, Meta(min_length=1, max_length=64)]


class TakenOver(msgspec.Struct, frozen=True):
    """The session's token."""

    token: str


class Policy(msgspec.Struct, frozen=True):
    """What the person may decide, and for how long."""

    no_light: bool  # may begin with light=false
    other_gesture: bool  # may begin with `unable`
    handoff: Literal["offer", "off"]  # to a phone
    idle_s: int  # without any sign of life the visit ends
    session_s: int  # for one try, from the camera's start to the end of the recording; 0 = no limit
    restarts_left: int


class DocumentPlan(msgspec.Struct, frozen=True):
    """Which document is to be photographed before the capture of the face, and how far that is."""

    kind: str
    title: str
    sides: tuple[Literal["front", "back"], ...]
    shutter: Literal["manual", "auto_manual", "auto"]
    auto_timeout_ms: int
    upload: bool  # a picture file may be used
    review: bool  # show what was read
    editable: bool
    fields: tuple[str, ...]  # names shown
    done_sides: tuple[Literal["front", "back"], ...]
    confirmed: bool
    retakes_left: int


class CardField(msgspec.Struct, frozen=True):
    """One field that was read, for the person to look at."""

    name: str
    value: str  # "" = not read
    editable: bool


class CardAnswer(msgspec.Struct, frozen=True):
    """How one side of the document is. `retake`: photograph it again, `hints` say what to do better. `refused`: the session is over."""

    state: Literal["none", "reading", "accepted", "retake", "refused"]
    hints: tuple[CardHint, ...]
    retakes_left: int
    fields: tuple[CardField, ...]  # only for the review, once every side is accepted


class Confirm(msgspec.Struct, frozen=True):
    """The person has seen what was read. `edits`: new values by field name, where the plan says editable."""

    edits: Annotated[dict[Short, Annotated[str, Meta(max_length=512)]], Meta(max_length=64)] = {}


State = Literal["waiting", "pass", "retry", "fail", "expired"]


class OutcomeAnswer(msgspec.Struct, frozen=True):
    """All a capture client ever learns about the verdict. `waiting` also before and during an attempt."""

    state: State
    hint: Hint  # only with `retry`
    attempts_left: int
    sandbox: bool


class Opened(msgspec.Struct, frozen=True):
    """What a client needs before it asks for the camera. `light` announces flashing colours, so that people can be warned first."""

    state: State
    attempts_left: int
    level: Level
    light: bool
    sandbox: bool
    thresholds: Thresholds
    limits: Limits
    begin_by: float  # Unix seconds; the next attempt must begin before
    server_ms: float  # Unix milliseconds now
    page: PageTerms
    policy: Policy
    document: DocumentPlan | None = None  # None: no document in this session
    liveness: bool = True  # False: the document was all; once it is confirmed the session is over and no attempt follows
    brand: Brand = Brand()


class PlannedLight(msgspec.Struct, frozen=True, tag="light", tag_field="kind"):
    """A light step before its colours are disclosed: how many, and how long altogether."""

    colours: int
    duration_ms: int


PlannedStep = HoldStep | GestureStep | PlannedLight


class Begin(msgspec.Struct, frozen=True, omit_defaults=True):
    """How to begin. `light` false: without flashing colours, where the policy allows that; `unable`: gestures the person cannot do;
    `waited_ms`: since when the camera has been on for this try, whose time (`policy.session_s`) began then."""

    light: bool = True
    unable: Annotated[tuple[Gesture, ...], Meta(max_length=4)] = ()
    waited_ms: Milliseconds = 0.0


class Restart(msgspec.Struct, frozen=True):
    """Why an attempt is given up to be begun anew."""

    reason: Literal["face_left", "page_hidden", "connection", "orientation", "camera", "unable"]


class End(msgspec.Struct, frozen=True):
    """Why the visit ends."""

    why: Literal["left", "timed_out"]


class Begun(msgspec.Struct, frozen=True):
    """One attempt's challenge. `nonce` goes into the X-Attempt-Nonce header of every further request of the attempt."""

    attempt: int
    nonce: str
    steps: tuple[PlannedStep, ...]
    attempts_left: int  # after this one
    submit_by: float  # Unix seconds


class LightAnswer(msgspec.Struct, frozen=True):
    """The colours, to be painted one after the other at once."""

    colours: tuple[Colour, ...]


class Received(msgspec.Struct, frozen=True):
    """How many bytes of the recording are stored: the offset of the next slice."""

    received: int


class TraceBatch(Trace, frozen=True, omit_defaults=True, kw_only=True):
    """A piece of the trace. `sequence` counts 0, 1, 2 ... within the attempt; sending the same piece again is harmless."""

    sequence: Annotated[int, Meta(ge=0, le=1_000_000)]


class TraceAnswer(msgspec.Struct, frozen=True):
    """How many batches are stored: the sequence of the next one."""

    batches: int


class Finish(msgspec.Struct, frozen=True):
    """The recording's end: bytes, SHA-256 of all bytes (lower-case hex), frames as the client counted them."""

    size: Annotated[int, Meta(ge=1, le=2**40)]
    sha256: Sha256
    frames: Count = 0


class SignOfLife(msgspec.Struct, frozen=True):
    """A sign of life and a clock exchange."""

    sent_ms: Milliseconds = 0.0


class Pong(msgspec.Struct, frozen=True):
    """`sent_ms` comes back; `server_ms` is Unix milliseconds of the server's clock."""

    sent_ms: float
    server_ms: float


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """Every refusal (application/problem+json). `problem` is a stable name, `remedy` says what to do, `type` is where the name is
    explained: a path on this server."""

    problem: str
    detail: str
    remedy: str
    received: int | None = None  # only with offset_wrong: continue there
    redirect_url: str | None = None  # only from opening an ended session: where to send the person
    brand: Brand | None = None  # likewise: who had asked, where anything of it is set
    type: str = "about:blank"
    codec: str | None = None  # only with recording_unsupported: what the video is in, where that was seen


def plan(challenge: Challenge) -> tuple[PlannedStep, ...]:
    """A challenge's steps without the colours."""
    return tuple(_hide(step) if isinstance(step, LightStep) else step for step in challenge.steps)


def _hide(step: LightStep) -> PlannedLight:
    return PlannedLight(colours=len(step.colours), duration_ms=sum(colour.duration_ms for colour in step.colours))
