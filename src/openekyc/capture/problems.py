"""Refusals as a capture client sees them: application/problem+json with a stable name, what happened and what to do."""

from typing import ClassVar

import msgspec
from starlette.responses import Response

from openekyc.capture.messages import Brand, Problem
from openekyc.codes_help import link
from openekyc.errors import OffsetWrong, OpenEkycError, RecordingUnsupported, SessionError

MEDIA_TYPE = "application/problem+json"


class CaptureError(OpenEkycError):
    """The request cannot be used."""

    problem: ClassVar[str] = "refused"
    status: ClassVar[int] = 400


class TokenMissing(CaptureError):
    """The request carries no token."""

    problem, status = "token_missing", 401


class ParameterInvalid(CaptureError):
    """A header or query parameter is missing or not valid."""

    problem = "parameter_invalid"


class BodyInvalid(CaptureError):
    """The body is not what this operation takes."""

    problem = "body_invalid"


class BodyTooLarge(CaptureError):
    """The body exceeds this operation's limit."""

    problem, status = "body_too_large", 413


class BodySlow(CaptureError):
    """The body took too long to arrive."""

    problem, status = "body_slow", 408


class ServerBusy(CaptureError):
    """The server holds as many bytes of requests as it may."""

    problem, status = "server_busy", 503


class TooManyUnknown(CaptureError):
    """Too many tokens that do not exist came from this address."""

    problem, status = "too_many_unknown", 429


class HandoffInvalid(CaptureError):
    """The code for going on with another device is unknown, was used, or is older than 5 minutes."""

    problem, status = "handoff_invalid", 410


class PathUnknown(CaptureError):
    """There is no such operation."""

    problem, status = "path_unknown", 404


class MethodWrong(CaptureError):
    """This operation takes another method."""

    problem, status = "method_wrong", 405


class Internal(CaptureError):
    """The server failed. Nothing acknowledged was lost."""

    problem, status = "internal", 500


Refusal = CaptureError | SessionError

REMEDIES = {
    "token_missing": "Send the SdkToken as 'Authorization: Bearer <SdkToken>'.",
    "parameter_invalid": "Correct the parameter; /capture/v1/openapi.json describes it.",
    "body_invalid": "Correct the body; /capture/v1/openapi.json describes it.",
    "body_too_large": "Send less at once.",
    "body_slow": "Send the request again, in smaller pieces if the connection is slow.",
    "server_busy": "Send the request again in a moment.",
    "too_many_unknown": "Check the token. This address may try another unknown one in a minute; tokens that exist are not affected.",
    "handoff_invalid": "Show a new code on the first device, and scan that.",
    "path_unknown": "See /capture/v1/openapi.json.",
    "method_wrong": "See /capture/v1/openapi.json.",
    "internal": "Send the request again in a moment.",
    "token_unknown": "Check the token, or ask the integrator for a new one.",
    "token_expired": "Ask the integrator for a new token.",
    "session_finished": "Nothing more is to be done with this token.",
    "retries_used_up": "Ask the integrator for a new token.",
    "attempt_unknown": "Begin an attempt first.",
    "attempt_running": "Finish the attempt, leave it (POST /capture/v1/leave) or wait for its outcome.",
    "attempt_closed": "Ask for the outcome; if it says retry, begin another attempt.",
    "attempt_timed_out": "Tell the person that time is over; while the token lives another attempt may begin.",
    "document_required": "Send the pictures of the document and confirm what was read, then begin.",
    "document_not_planned": "Begin an attempt.",
    "side_unknown": "Photograph the sides named in the document's plan.",
    "document_busy": "Wait for what is being read, then send the next picture.",
    "document_closed": "Open the session again to see where it stands.",
    "picture_invalid": "Send a JPEG, PNG or WebP.",
    "picture_too_large": "Send a smaller picture.",
    "edits_invalid": "Correct fields that were shown, where the plan says editable.",
    "nonce_wrong": "Send the nonce of this attempt as X-Attempt-Nonce.",
    "light_not_planned": "Follow the attempt's steps.",
    "light_required": "Begin with the light step, or ask the integrator for another way.",
    "gestures_required": "Begin with fewer gestures declined, or ask the integrator for another way.",
    "offset_wrong": "Send the slice that begins at the offset named in 'received'.",
    "slice_conflict": "Send each byte of the recording once; ask for 'received' to go on.",
    "slice_damaged": "Send the slice again with its SHA-256.",
    "recording_too_large": "Begin another attempt with a shorter or smaller recording.",
    "recording_unsupported": "Record in another format, such as H.264 in MP4 or VP8 in WebM, and begin another attempt; this one is over "
    "and does not count while restarts are left.",
    "recording_incomplete": "Upload what is missing, then finish with the size and SHA-256 of all bytes.",
    "trace_too_large": "Send fewer or smaller trace batches.",
    "trace_invalid": "Correct the batch; each number once, in order.",
    "session_busy": "Send the requests of one token one after the other: 50 a second at most, 2 for the outcome, and 2 streams open.",
    "too_often": "Try again in an hour, or ask the integrator for another way.",
}


RETRY_AFTER = {"session_busy": "1", "server_busy": "1", "too_many_unknown": "60"}  # seconds


def problem_of(error: Refusal, redirect_url: str = "", brand: Brand | None = None) -> Problem:
    """The answer's body."""
    received = error.received if isinstance(error, OffsetWrong) else None
    codec = error.codec if isinstance(error, RecordingUnsupported) else ""
    return Problem(
        error.problem, error.message, REMEDIES[error.problem], received, redirect_url or None, brand, link(error.problem), codec or None
    )


def respond(error: Refusal, redirect_url: str = "", brand: Brand | None = None) -> Response:
    """The answer. `redirect_url`: where the person may go on; `brand`: who had asked."""
    headers = {"Cache-Control": "no-store"} | ({"WWW-Authenticate": "Bearer"} if error.status == TokenMissing.status else {})
    if error.problem in RETRY_AFTER:
        headers["Retry-After"] = RETRY_AFTER[error.problem]
    return Response(msgspec.json.encode(problem_of(error, redirect_url, brand)), error.status, headers, MEDIA_TYPE)
