"""What a verification is: a Session (one token) holds Attempts (one challenge, one recording, one verdict each).

Values only. The allowed moves between states are the table in `machine.py`; times are Unix seconds of the server's clock.
"""

from enum import StrEnum
from typing import Literal

import msgspec

from openekyc.engine.documents.values import KindName, Side
from openekyc.engine.values import Challenge, Colour, Gesture, Level, Verdict

Family = Literal["liveness", "faceid", "sdk", "web"]
"""Which apply call issued the token: ApplyLivenessToken, GetFaceIdTokenIntl, ApplySdkVerificationToken or
ApplyWebVerificationBizTokenIntl. Results are read by the same family only."""

CheckMode = Literal[1, 2, 3, 4]
"""1: document, liveness, and comparison with the document's portrait; 2: liveness and comparison with a supplied picture; 3: liveness; 4:
document alone."""

Shutter = Literal["manual", "auto_manual", "auto"]
"""Who takes the picture of a document: the person; the client when it looks good, or else the person; the client alone."""


Ended = Literal["", "left", "timed_out"]
"""How a visit ended without a verdict: the person went away, or time was over."""


class SessionState(StrEnum):
    """Where a session stands. `ready` = an attempt may begin; the last three are final."""

    READY = "ready"
    CAPTURING = "capturing"
    JUDGING = "judging"
    PASSED = "passed"
    FAILED = "failed"
    EXPIRED = "expired"


class AttemptState(StrEnum):
    """Where an attempt stands; the last two are final."""

    CAPTURING = "capturing"
    SUBMITTED = "submitted"
    CONCLUDED = "concluded"
    ABANDONED = "abandoned"  # timed out, left, or replaced; never judged


Document = Literal["", "read", "confirmed", "refused"]
"""How far a session's document is. Read, it waits for the person's review; only confirmed it lets the liveness part begin."""

CardHint = Literal[
    "blur", "glare", "border", "too_small", "not_a_card", "wrong_kind", "wrong_side", "no_portrait", "photocopy", "screen",
    "unreadable", "not_accepted",
]  # fmt: skip
"""What a capture client may learn about a picture of a document: enough for an honest person to take a better one. `not_accepted` is all
that is told of a sharp picture whose digits do not hold or whose document has expired: which of these, only the integrator learns."""


class ShotState(StrEnum):
    """Where a picture of a document stands; all but the first are final. `DROPPED`: nobody had asked for it and it was no better, so the
    one accepted before stays. `LOST`: the store had damaged it, or another it was to be read with, so it is asked for again without
    counting."""

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    RETAKE = "retake"
    REFUSED = "refused"
    DROPPED = "dropped"
    LOST = "lost"


class Page(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the integrator wants of the hosted page; the defaults are those of a token that says nothing about it."""

    redirect_url: str = ""  # where the person is sent afterwards; "" = nowhere
    skip_intro: bool = False
    skip_result: bool = False  # leave at once after success
    skip_consent: bool = False
    hide_progress: bool = False
    theme_color: str = ""  # #rrggbb
    language: str = ""  # "" = the browser's
    session_s: int | None = None  # seconds for one try in front of the camera, 0 = no limit; None = the operator's
    no_light: bool | None = None  # whether flashing colours may be declined; None = the operator's


class CardTerms(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is asked of the document. `blocking` are the warnings that count, empty = all; without `check_warnings` none does. `shown` are
    the fields the review shows, empty = all."""

    kind: KindName
    check_warnings: bool = True
    blocking: tuple[int, ...] = ()
    allow_expired: bool = True
    review: bool = True
    editable: bool = True
    shown: tuple[str, ...] = ()
    shutter: Shutter = "auto_manual"
    auto_timeout_ms: int = 20_000
    upload: bool = False
    cut: bool = False  # give the flattened card out beside the photograph


class Terms(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the integrator asked for when the token was issued. `compare` with the session's reference picture, which is a supplied one, or
    with `card` the portrait of the document."""

    family: Family
    level: Level = 4
    gestures: tuple[Gesture, ...] = ("blink",)
    gestures_named: bool = False  # by an ActionList of the caller; otherwise the server draws its `drawn_gestures` beside the blink
    compare: bool = False
    retry_limit: int = 5
    extra: str = ""
    sdk_version: str = "BASIC"
    page: Page = Page()
    card: CardTerms | None = None
    liveness: bool = True  # False: nothing but the document

    @property
    def check_mode(self) -> CheckMode:
        """What the verification consists of, in the vendor's numbers."""
        if not self.liveness:
            return 4
        return 1 if self.card else 2 if self.compare else 3


class Session(msgspec.Struct, frozen=True):
    """One token from issue to result. `version` counts writes and guards against lost updates."""

    token: str
    account: str
    sandbox: bool
    terms: Terms
    state: SessionState
    created_at: float
    start_by: float  # the next attempt must begin before; moved on when an attempt ends and another is left
    attempts: int = 0  # attempts begun so far
    restarts: int = 0  # of these, given up without counting
    faults: int = 0  # of these, judged without counting, since their stored files were damaged
    reference: str | None = None  # blob key of the picture to compare with
    shots: int = 0  # pictures of the document so far
    document: Document = ""
    ended: Ended = ""  # how the person's last visit ended without a verdict
    secret_id: str = ""  # of the key that opened it; "" = any key of the account
    version: int = 0


class Consent(msgspec.Struct, frozen=True):
    """What the person agreed to before anything was recorded, by the capture client's word. `sha256` is that of the text in UTF-8."""

    token: str
    language: str
    sha256: str
    agreed_at: float
    text: str


class Media(msgspec.Struct, frozen=True):
    """A stored file: its blob key, and what the vendor's FileInfo tells about it."""

    key: str
    md5: str  # 32 lower-case hex digits
    size: int  # bytes
    content_type: str


class CardShot(msgspec.Struct, frozen=True):
    """One picture of one side of the document, and what reading it said. What was read names a person, so it lies in blobs."""

    token: str
    number: int  # 1, 2, ...
    side: Side
    state: ShotState
    picture: Media
    submitted_at: float
    concluded_at: float | None = None
    whole: bool = False  # with this picture no side was missing: one reading of the whole document
    undoes: tuple[Side, ...] = ()  # sides to be photographed again
    hints: tuple[CardHint, ...] = ()
    warnings: tuple[int, ...] = ()  # -9101 ..., and -9109 for what cannot be checked here
    card: Media | None = None  # the Card as JSON, without pictures
    ocr: Media | None = None  # the JSON file for the integrator
    rectified: Media | None = None
    portrait: Media | None = None
    edits: Media | None = None  # what the person corrected, as JSON
    version: int = 0


class Mark(msgspec.Struct, frozen=True):
    """Something that happened, to be counted for two hours. Whom it names is hashed with the day's salt, "" = nobody known."""

    account: str
    at: float
    kind: Literal["token", "attempt", "failure"]
    person: str  # by Extra, or by the token where there is none
    address: str = ""
    device: str = ""
    id: int | None = None  # the store's


class Counts(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was counted of the hour before an attempt began. Addresses and devices include the attempt's own."""

    attempts_of_extra: int = 0
    attempts_of_address: int = 0
    attempts_of_account: int = 0
    tokens: int = 0  # of the same Extra, like all that follow
    failures: int = 0
    addresses: int = 0
    devices: int = 0


class Attempt(msgspec.Struct, frozen=True):
    """One try inside a session. `verdict` is stored without media; they lie in blobs."""

    token: str
    number: int  # 1, 2, ...
    state: AttemptState
    challenge: Challenge
    level: Level  # the attempt's own: below the session's where the person declined flashing colours
    opened_at: float
    touched_at: float  # last sign of life from the client, for the idle budget
    light_disclosed_at: float | None = None
    submitted_at: float | None = None
    concluded_at: float | None = None
    verdict: Verdict | None = None
    video: Media | None = None
    best_frame: Media | None = None
    action_video: Media | None = None
    record: Media | None = None  # the evidence record, see `openekyc.engine.record`
    unable: tuple[Gesture, ...] = ()  # gestures the person said they cannot do; others were drawn instead
    counts: bool = True  # False: given up for a technical reason, or spoilt by a fault of the store, to be begun anew
    given_up: str = ""  # why: "left", "timed_out", or the client's word for that reason
    try_until: float | None = None  # when the person's time before the camera is over; None = no limit
    received: int = 0  # bytes of the recording acknowledged so far
    slices: int = 0
    trace_bytes: int = 0
    trace_batches: int = 0
    version: int = 0
    velocity: Counts | None = None  # None: begun by an earlier version


class Slice(msgspec.Struct, frozen=True):
    """One acknowledged piece of the recording."""

    token: str
    number: int  # attempt number
    offset: int  # first byte within the recording
    size: int
    sha256: str


class Fingerprint(msgspec.Struct, frozen=True):
    """By which the recording of a concluded attempt is recognised should anybody submit it again. Kept per account, with expiry."""

    token: str
    number: int  # attempt number
    account: str
    made_at: float
    data: bytes


class Draw(msgspec.Struct, frozen=True):
    """The colours an attempt of the account was given: later draws must not resemble them."""

    account: str
    colours: tuple[Colour, ...]


class ApiKey(msgspec.Struct, frozen=True):
    """A credential of an account. Permanent keys have neither `session_token` nor `expires_at`."""

    secret_id: str
    secret_key: str
    account: str
    sandbox: bool
    created_at: float
    disabled: bool = False
    session_token: str | None = None
    expires_at: float | None = None
    parent: str = ""  # SecretId of the permanent key that a temporary one came from; "" = any key of the account
    disabled_at: float | None = None
    keeps_tokens: bool = False  # disabled for rotation: what came from it goes on
