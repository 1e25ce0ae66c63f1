"""Every operation of the capture protocol as one table: the routes and the OpenAPI document are both made from it."""

from typing import Literal

import msgspec

from openekyc import errors
from openekyc.capture import messages
from openekyc.capture.problems import (
    BodyInvalid,
    BodySlow,
    BodyTooLarge,
    HandoffInvalid,
    Internal,
    ParameterInvalid,
    Refusal,
    ServerBusy,
    TokenMissing,
    TooManyUnknown,
)

PREFIX = "/capture/v1"
NONCE_HEADER = "X-Attempt-Nonce"
SLICE_HEADER = "X-Slice-SHA256"

PICTURE_MAX_BYTES = 8 * 1024 * 1024

Body = type[msgspec.Struct] | Literal["slice", "picture"] | None
Answer = type[msgspec.Struct] | Literal["stream", "document", "nothing"]

_ALWAYS: tuple[type[Refusal], ...] = (TokenMissing, errors.TokenUnknown, errors.TokenExpired, TooManyUnknown, errors.SessionBusy, Internal)
_OF_ATTEMPT = (ParameterInvalid, errors.AttemptUnknown, errors.NonceWrong, errors.AttemptClosed, errors.AttemptTimedOut)
_OF_BODY = (BodyInvalid, BodyTooLarge, BodySlow, ServerBusy)


class Operation(msgspec.Struct, frozen=True):
    """One operation. `name` is the operationId and the method of `routes.Endpoints` that answers it."""

    name: str
    method: Literal["GET", "POST", "PUT"]
    path: str
    summary: str
    body: Body
    answer: Answer
    status: int = 200
    problems: tuple[type[Refusal], ...] = ()  # beyond those that the shape of the operation implies
    open: bool = False  # needs no token
    optional: bool = False  # an empty body will do

    @property
    def of_attempt(self) -> bool:
        """Whether it belongs to one attempt, so needs its nonce."""
        return "{attempt}" in self.path

    @property
    def of_side(self) -> bool:
        """Whether it belongs to one side of the document."""
        return "{side}" in self.path

    @property
    def refusals(self) -> tuple[type[Refusal], ...]:
        """Everything it may refuse with."""
        of_body = () if self.body is None else (BodySlow,) if isinstance(self.body, str) else _OF_BODY
        if self.open:
            return (Internal, *of_body, *self.problems)
        of_side = (ParameterInvalid, errors.DocumentNotPlanned, errors.SideUnknown) if self.of_side else ()
        return (*_ALWAYS, *(_OF_ATTEMPT if self.of_attempt else ()), *of_side, *of_body, *self.problems)


_ENDED = (errors.TokenExpired, errors.SessionFinished, errors.RetriesUsedUp)
_OF_PICTURE = (errors.PictureInvalid, errors.PictureTooLarge, errors.SliceDamaged, errors.DocumentBusy, errors.DocumentClosed)

OPERATIONS: tuple[Operation, ...] = (
    Operation("open", "POST", "/session", "Open a session with its token.", messages.ClientInfo, messages.Opened, problems=_ENDED),
    Operation(
        "consent",
        "POST",
        "/consent",
        "The person agreed to a text. Said again before a document or attempt has begun, it replaces what was kept; later it is ignored.",
        messages.Agreed,
        "nothing",
        204,
        _ENDED,
    ),
    Operation(
        "begin",
        "POST",
        "/attempts",
        "Begin an attempt. The challenge is drawn and disclosed now, its colours not yet.",
        messages.Begin,
        messages.Begun,
        201,
        (*_ENDED, errors.AttemptRunning, errors.DocumentRequired, errors.LightRequired, errors.GesturesRequired, errors.TooOften),
        optional=True,
    ),
    Operation(
        "light",
        "POST",
        "/attempts/{attempt}/light",
        "Disclose the colours, when the light step begins. Asking again gives the same colours.",
        None,
        messages.LightAnswer,
        problems=(errors.LightNotPlanned,),
    ),
    Operation(
        "put_slice",
        "PUT",
        "/attempts/{attempt}/video",
        "Upload the next slice of the recording. The same slice again is acknowledged again. The slice that shows that the recording "
        "cannot be judged (its container, codec, size or number of tracks) is refused, and the attempt given up as by restart.",
        "slice",
        messages.Received,
        problems=(errors.OffsetWrong, errors.SliceConflict, errors.SliceDamaged, errors.RecordingTooLarge, errors.RecordingUnsupported),
    ),
    Operation("received", "GET", "/attempts/{attempt}/video", "Where to go on uploading.", None, messages.Received),
    Operation(
        "trace",
        "POST",
        "/attempts/{attempt}/trace",
        "Upload the next batch of the trace. The same batch again is acknowledged again.",
        messages.TraceBatch,
        messages.TraceAnswer,
        problems=(errors.TraceInvalid, errors.TraceTooLarge),
    ),
    Operation(
        "finish",
        "POST",
        "/attempts/{attempt}/finish",
        "Hand the recording over for judgement. Finishing again is harmless.",
        messages.Finish,
        messages.OutcomeAnswer,
        202,
        (errors.RecordingIncomplete,),
    ),
    Operation(
        "restart",
        "POST",
        "/attempts/{attempt}/restart",
        "Give up the attempt for a technical reason, to begin anew. It does not count while restarts are left, afterwards it does.",
        messages.Restart,
        messages.OutcomeAnswer,
    ),
    Operation(
        "put_picture",
        "PUT",
        "/documents/{side}",
        "Send a picture of one side of the document; reading begins at once. The same picture again is acknowledged again.",
        "picture",
        messages.CardAnswer,
        202,
        (*_ENDED, errors.AttemptRunning, *_OF_PICTURE),
    ),
    Operation(
        "picture",
        "GET",
        "/documents/{side}",
        "How one side of the document is. While it is being read the answer waits for news, up to `wait` seconds.",
        None,
        messages.CardAnswer,
    ),
    Operation(
        "confirm",
        "POST",
        "/documents/confirm",
        "The person has seen what was read and corrects it where that is allowed. Then the first attempt may begin.",
        messages.Confirm,
        messages.Opened,
        problems=(
            *_ENDED,
            errors.AttemptRunning,
            errors.DocumentNotPlanned,
            errors.DocumentRequired,
            errors.DocumentClosed,
            errors.DocumentBusy,
            errors.EditsInvalid,
        ),
        optional=True,
    ),
    Operation("outcome", "GET", "/outcome", "Where the session stands.", None, messages.OutcomeAnswer),
    Operation(
        "stream",
        "GET",
        "/outcome/stream",
        "The outcome as server-sent events named 'outcome', each an OutcomeAnswer; ends after the first that is not 'waiting'.",
        None,
        "stream",
    ),
    Operation("ping", "POST", "/ping", "A sign of life and a clock exchange.", messages.SignOfLife, messages.Pong),
    Operation("leave", "POST", "/leave", "Give up the attempt that is being captured; it counts.", None, messages.OutcomeAnswer),
    Operation(
        "end",
        "POST",
        "/session/end",
        "The person leaves or ran out of time: give up the attempt that is being captured (it counts), note why. Coming back is allowed.",
        messages.End,
        messages.OutcomeAnswer,
    ),
    Operation(
        "handoff",
        "POST",
        "/handoff",
        "A code for going on with another device: it works once, within 5 minutes. A new one takes the place of the one before.",
        None,
        messages.Handoff,
        201,
    ),
    Operation(
        "take_over",
        "POST",
        "/handoff/take",
        "The other device gives the code, and has the session's token from then on.",
        messages.TakeOver,
        messages.TakenOver,
        problems=(HandoffInvalid, TooManyUnknown, errors.TokenExpired),
        open=True,
    ),
    Operation("document", "GET", "/openapi.json", "This document.", None, "document", open=True),
)
