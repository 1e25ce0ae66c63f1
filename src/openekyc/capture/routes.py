"""The HTTP endpoints a capture client speaks, under /capture/v1.

Each request is one journey: find its operation, check token, parameters and body, ask the session service, answer. Refusals become
problem+json in one place. The answers are all a client learns: no score, no reason, no cue.
"""

import re
import traceback
from collections.abc import Awaitable, Callable
from functools import partial

import msgspec
import structlog
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route, Router

from openekyc.capture import documents, messages, openapi
from openekyc.capture.admission import Admission
from openekyc.capture.bodies import Incoming, decode
from openekyc.capture.handoff import SECONDS as HANDOFF_SECONDS
from openekyc.capture.handoff import Handoffs
from openekyc.capture.opened import brand, opened, redirect_url
from openekyc.capture.operations import NONCE_HEADER, OPERATIONS, PICTURE_MAX_BYTES, PREFIX, SLICE_HEADER, Operation
from openekyc.capture.problems import (
    BodyTooLarge,
    CaptureError,
    HandoffInvalid,
    Internal,
    MethodWrong,
    ParameterInvalid,
    PathUnknown,
    TokenMissing,
    respond,
)
from openekyc.capture.streams import Streams, public
from openekyc.clock import Clock
from openekyc.engine.values import Trace
from openekyc.errors import AttemptUnknown, PictureTooLarge, RecordingTooLarge, RetriesUsedUp, SessionError, SessionFinished, TokenExpired
from openekyc.purse import owned
from openekyc.sessions.changes import submit_by
from openekyc.sessions.model import Session
from openekyc.sessions.outcome import attempts_left
from openekyc.sessions.ports import KeyStore
from openekyc.sessions.service import SessionService
from openekyc.settings import Settings

JSON_MAX_BYTES = 65_536
TRACE_BATCH_MAX_BYTES = 1_000_000
BODY_SECONDS = 60.0
WAIT_MAX_SECONDS = 30.0

Handler = Callable[["Call"], Awaitable[Response]]

_log = structlog.get_logger(__name__)


class Call(msgspec.Struct, frozen=True):
    """One request after its outer checks. `number` and `nonce` are 0 and "" outside an attempt."""

    request: Request
    token: str
    number: int
    nonce: str
    incoming: Incoming

    @property
    def side(self) -> str:
        """The side of the document the path names."""
        return str(self.request.path_params["side"])

    @property
    def attempt(self) -> tuple[str, int, str]:
        """What every request of an attempt names."""
        return self.token, self.number, self.nonce


class Endpoints:
    """One method per operation, by its name."""

    def __init__(self, service: SessionService, admission: Admission, clock: Clock, settings: Settings) -> None:
        self._service, self._clock, self._settings = service, clock, settings
        self._admission, self._streams, self._handoffs = admission, Streams(service, admission, clock), Handoffs(clock)
        self._document = msgspec.json.encode(openapi.document(OPERATIONS))

    async def open(self, call: Call) -> Response:
        info = decode(await call.incoming.read(), messages.ClientInfo)
        try:
            await self._admission.check(call.request, call.token)
            session = await self._service.open(call.token, msgspec.json.encode(info))
        except (TokenExpired, SessionFinished, RetriesUsedUp) as error:
            ended = await self._service.current(call.token)
            settings, logo = await self._shown_as(ended)
            known = brand(settings, logo=logo)
            return respond(error, redirect_url(ended), known if known != messages.Brand() else None)
        return _answer(await self._opened(session))

    async def consent(self, call: Call) -> Response:
        agreed = decode(await call.incoming.read(), messages.Agreed)
        await self._service.agree(call.token, agreed.language, agreed.text)
        return Response(status_code=204, headers={"Cache-Control": "no-store"})

    async def begin(self, call: Call) -> Response:
        how = decode(await call.incoming.read(), messages.Begin)
        address = call.request.client.host if call.request.client else ""
        session, attempt = await self._service.begin(
            call.token, light=how.light, unable=how.unable, waited_s=how.waited_ms / 1000, address=address
        )
        steps = messages.plan(attempt.challenge)
        until = submit_by(attempt, self._settings)
        return _answer(messages.Begun(attempt.number, attempt.challenge.nonce, steps, attempts_left(session), until), 201)

    async def light(self, call: Call) -> Response:
        step = await self._service.disclose_light(*call.attempt)
        return _answer(messages.LightAnswer(step.colours))

    async def put_slice(self, call: Call) -> Response:
        offset, sha256 = _offset(call.request), _sha256(call.request)
        await self._service.received(*call.attempt)  # refuse strangers before taking in megabytes
        data = await call.incoming.read()
        return _answer(messages.Received(await self._service.accept_slice(*call.attempt, offset, data, sha256)))

    async def received(self, call: Call) -> Response:
        return _answer(messages.Received(await self._service.received(*call.attempt)))

    async def trace(self, call: Call) -> Response:
        await self._service.received(*call.attempt)  # refuse strangers before taking in a megabyte
        batch = decode(await call.incoming.read(), messages.TraceBatch)
        trace = Trace(batch.frames, batch.steps, batch.colours, batch.pings, batch.recorder_started_ms, batch.recorded_frames)
        return _answer(messages.TraceAnswer(await self._service.accept_trace(*call.attempt, batch.sequence, trace)))

    async def finish(self, call: Call) -> Response:
        end = decode(await call.incoming.read(), messages.Finish)
        return _answer(public(await self._service.submit(*call.attempt, end.size, end.sha256, end.frames)), 202)

    async def restart(self, call: Call) -> Response:
        reason = decode(await call.incoming.read(), messages.Restart).reason
        return _answer(public(await self._service.restart(*call.attempt, reason)))

    async def end(self, call: Call) -> Response:
        why = decode(await call.incoming.read(), messages.End).why
        return _answer(public(await self._service.end(call.token, why)))

    async def put_picture(self, call: Call) -> Response:
        await self._service.document(call.token)  # refuse strangers before taking in megabytes
        sha256 = _sha256(call.request) if SLICE_HEADER in call.request.headers else ""
        known = await self._service.put_picture(call.token, call.side, await call.incoming.read(), sha256)
        return _answer(documents.answer(known, call.side), 202)

    async def picture(self, call: Call) -> Response:
        wait_s = _wait(call.request)
        known = await (self._service.wait_side(call.token, call.side, wait_s) if wait_s else self._service.document(call.token))
        return _answer(documents.answer(known, call.side))

    async def confirm(self, call: Call) -> Response:
        wanted = decode(await call.incoming.read(), messages.Confirm).edits
        known = await self._service.confirm_document(call.token, wanted)
        return _answer(await self._opened(known.session))

    async def outcome(self, call: Call) -> Response:
        return _answer(public(await self._service.progress(call.token)))

    async def stream(self, call: Call) -> Response:
        return await self._streams.open(call.request, call.token)

    async def ping(self, call: Call) -> Response:
        ping = decode(await call.incoming.read(), messages.SignOfLife)
        return _answer(messages.Pong(ping.sent_ms, 1000 * await self._service.touch(call.token)))

    async def handoff(self, call: Call) -> Response:
        return _answer(messages.Handoff(self._handoffs.offer(call.token), round(HANDOFF_SECONDS)), 201)

    async def take_over(self, call: Call) -> Response:
        try:
            token = self._handoffs.take(decode(await call.incoming.read(), messages.TakeOver).handoff_code)
        except HandoffInvalid:
            self._admission.count_unknown(call.request)
            raise
        await self._admission.check(call.request, token)
        return _answer(messages.TakenOver(token))

    async def leave(self, call: Call) -> Response:
        return _answer(public(await self._service.leave(call.token)))

    async def document(self, call: Call) -> Response:
        return Response(self._document, media_type="application/json")

    async def _opened(self, session: Session) -> messages.Opened:
        document = documents.plan(await self._service.document(session.token)) if session.terms.card else None
        settings, logo = await self._shown_as(session)
        left = await self._service.downgrades_left(session)
        return opened(session, self._clock(), settings, document, logo=logo, downgrades_left=left)

    async def _shown_as(self, session: Session) -> tuple[Settings, bool]:
        """The account's settings, and whether its logo is kept."""
        settings = await self._service.settings_of(session.account)
        return settings, await self._service.has_logo(settings.brand_logo)


def routes(service: SessionService, keys: KeyStore, clock: Clock, settings: Settings) -> list[BaseRoute]:
    """The capture endpoints, to be mounted at the root. Browsers of other origins are let in only if `capture_origins` names them."""
    admission = Admission(service, keys, clock)
    endpoints = Endpoints(service, admission, clock, settings)
    inner = [
        Route(op.path, partial(_serve, op, getattr(endpoints, op.name), settings, admission), methods=[op.method]) for op in OPERATIONS
    ]
    around = [*_cors(settings), Middleware(ExceptionMiddleware, handlers={HTTPException: _no_route})]
    # No redirect to a path with or without a slash: it would name whatever Host a stranger sent.
    return [Mount(PREFIX, app=Router(inner, redirect_slashes=False), middleware=around)]


async def _serve(operation: Operation, handler: Handler, settings: Settings, admission: Admission, request: Request) -> Response:
    """The request edge: whatever happens becomes an answer."""
    incoming = _incoming(operation, request, settings)
    try:
        call = _call(operation, request, incoming)
        if not operation.open:
            await admission.admit(request, call.token, poll=operation.name == "outcome")
            if operation.name != "open":  # which says more to a person who comes too late
                await admission.check(request, call.token)
            owned(request.scope, f"token {call.token}")
        return await handler(call)
    except (CaptureError, SessionError) as error:
        await incoming.discard()
        return respond(error)
    except ClientDisconnect:
        return Response(status_code=400)  # nobody is there to read it
    except Exception as error:  # noqa: BLE001 - the request edge
        # The message may name a blob, and with it the token: only kind and place are logged.
        place = traceback.extract_tb(error.__traceback__)[-1]
        _log.error("capture_failed", operation=operation.name, error=type(error).__name__, place=f"{place.filename}:{place.lineno}")
        return respond(Internal())


def _incoming(operation: Operation, request: Request, settings: Settings) -> Incoming:
    if operation.body == "slice":
        return Incoming(request, settings.recording_max_bytes, BODY_SECONDS, RecordingTooLarge)
    if operation.body == "picture":
        return Incoming(request, PICTURE_MAX_BYTES, BODY_SECONDS, PictureTooLarge)
    limit = TRACE_BATCH_MAX_BYTES if operation.body is messages.TraceBatch else JSON_MAX_BYTES
    return Incoming(request, limit, BODY_SECONDS, BodyTooLarge)


def _call(operation: Operation, request: Request, incoming: Incoming) -> Call:
    token = "" if operation.open else _token(request)
    if not operation.of_attempt:
        return Call(request, token, 0, "", incoming)
    number = request.path_params["attempt"]
    if not re.fullmatch(r"[1-9][0-9]{0,5}", number, re.ASCII):
        raise AttemptUnknown
    return Call(request, token, int(number), _header(request, NONCE_HEADER), incoming)


def _token(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise TokenMissing
    return token.strip()


def _header(request: Request, name: str) -> str:
    value = request.headers.get(name)
    if value is None:
        raise ParameterInvalid(f"The header {name} is missing.")
    return value


def _sha256(request: Request) -> str:
    value = _header(request, SLICE_HEADER).lower()
    if not re.fullmatch(r"[0-9a-f]{64}", value):
        raise ParameterInvalid(f"The header {SLICE_HEADER} is not a SHA-256 in hex.")
    return value


def _offset(request: Request) -> int:
    value = request.query_params.get("offset", "")
    if not re.fullmatch(r"[0-9]{1,12}", value, re.ASCII):
        raise ParameterInvalid("The query parameter offset must be a number of bytes.")
    return int(value)


def _wait(request: Request) -> float:
    value = request.query_params.get("wait", "0")
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,3})?", value, re.ASCII):
        raise ParameterInvalid("The query parameter wait must be a number of seconds.")
    return min(float(value), WAIT_MAX_SECONDS)


def _answer(value: msgspec.Struct, status: int = 200) -> Response:
    return Response(msgspec.json.encode(value), status, {"Cache-Control": "no-store"}, "application/json")


def _cors(settings: Settings) -> list[Middleware]:
    if not settings.capture_origins:
        return []
    allowed = ["Authorization", "Content-Type", NONCE_HEADER, SLICE_HEADER]
    return [Middleware(CORSMiddleware, allow_origins=settings.capture_origins, allow_methods=["GET", "POST", "PUT"], allow_headers=allowed)]


async def _no_route(request: Request, error: Exception) -> Response:
    wrong_method = isinstance(error, HTTPException) and error.status_code == MethodWrong.status
    return respond(MethodWrong() if wrong_method else PathUnknown())
