"""The request edge of the TencentCloud dialect: one ASGI callable for `/`.

A call runs down one slope: receive, authenticate, route, count, read the parameters, run the action, answer. The order of the checks
is the contract's, so that a caller without a valid key learns nothing about actions, tokens or limits.
"""

import asyncio
import time
import traceback
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any, TypeVar

import structlog
from starlette.types import Receive, Scope, Send

from openekyc import ids
from openekyc.api.action import Action, Context
from openekyc.api.media import Links
from openekyc.api.parameters import read_parameters
from openekyc.api.registry import Registry, discover
from openekyc.api.repeats import Repeats
from openekyc.api.transport import ClientGone, receive_request, send_answer
from openekyc.clock import Clock
from openekyc.codes_help import link
from openekyc.errors import ApiError, TooOften
from openekyc.purse import owned
from openekyc.sessions.model import ApiKey
from openekyc.sessions.origin import ended
from openekyc.sessions.ports import KeyStore, RateLimiter
from openekyc.sessions.service import SessionService
from openekyc.settings import Settings
from openekyc.wire import call as wire
from openekyc.wire.codes import InternalError, RequestLimitExceeded, SecretIdNotFound
from openekyc.wire.envelope import failure, success
from openekyc.wire.limits import is_old_post
from openekyc.wire.signature_v3 import derive_key

Observe = Callable[[str, str, float], None]
"""Told after every answer: action ("unknown" before one is recognised), error code ("" for success), wall seconds."""

LARGE = 256 * 1024  # bytes of a body from which hashing and decoding leave the event loop
KEPT_SIGNING_KEYS = 4096
TOO_OFTEN = (
    "More was tried within an hour than a limit of this account allows. Please try again later.",
    "一小时内的尝试次数超过该账号的限制，请稍后再试。",
)
UNKNOWN_ACTION = "unknown"

T = TypeVar("T")


class Trail:
    """What is known about a request while it is answered, for the log and the metrics."""

    __slots__ = ("account", "action", "language", "request_id")

    def __init__(self, request_id: str) -> None:
        self.request_id, self.action, self.account = request_id, UNKNOWN_ACTION, ""
        self.language: wire.Language | None = None  # until the call is read

    def failure(self, error: ApiError, scope: Scope, page: str) -> bytes:
        """The answer to a call that failed, in the caller's language as far as it is known. `page` explains the code."""
        return failure(error, self.request_id, self.language or wire.language_of(dict(scope["headers"])), page)


class ApiEndpoint:
    """ASGI application for the path `/`. Every answer is HTTP 200 with an envelope; only the key store fails closed as InternalError."""

    def __init__(
        self,
        keys: KeyStore,
        sessions: SessionService,
        limiter: RateLimiter,
        links: Links,
        clock: Clock,
        settings: Settings,
        observe: Observe = lambda action, code, seconds: None,
        registry: Registry | None = None,
    ) -> None:
        self._keys, self._sessions, self._limiter, self._links = keys, sessions, limiter, links
        self._clock, self._settings, self._observe = clock, settings, observe
        self._registry = registry or discover()
        self._repeats = Repeats(clock, settings.signature_window_s) if settings.refuse_repeated_signatures else None
        self._regions = frozenset(settings.regions)
        self._policy = wire.SignaturePolicy(
            wire.public_host_bytes(settings.signed_hosts), settings.unsigned_payload_needs_tls, lru_cache(KEPT_SIGNING_KEYS)(derive_key)
        )
        self._log = structlog.get_logger("openekyc.api").bind()  # bound: the lazy one is made anew at every line

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        trail = Trail(ids.request_id())
        code = ""
        try:
            body = await self._answer(scope, receive, trail)
        except ClientGone:
            return
        except ApiError as error:
            body, code = trail.failure(error, scope, self._page(error)), error.code
        except Exception as error:  # noqa: BLE001 - the request edge
            self._log_fault(error, trail)
            fault = InternalError.about(trail.request_id)
            body, code = trail.failure(fault, scope, self._page(fault)), fault.code
        await send_answer(send, body)
        self._record(trail, code, time.perf_counter() - started)

    def _page(self, error: ApiError) -> str:
        """Where the code is explained: under the operator's own address, else a path. Never under the Host of the call, which the caller
        may be made to send. Nowhere if this server shows no documentation."""
        return link(error.code, self._settings.public_url) if self._settings.docs else ""

    async def _answer(self, scope: Scope, receive: Receive, trail: Trail) -> bytes:
        request = await receive_request(scope, receive, partial(self._stranger, scope))
        large = len(request.body) > LARGE
        call = await _off_loop(large, wire.read_call, request)
        trail.language = call.language
        key = await self._authenticate(call, large)
        trail.account = key.account
        action = self._route(call)
        trail.action = action.name
        settings = await self._sessions.settings_of(key.account)
        await self._count(key.account, action, settings)
        if self._repeats is not None:
            self._repeats.check(call)
        params = await _off_loop(large, read_parameters, action.description, call)
        try:
            result = await action.run(params, self._context(call, key, scope["scheme"], settings))
        except TooOften:
            raise RequestLimitExceeded(*TOO_OFTEN) from None
        return await _off_loop(action.large_result, success, result, trail.request_id)

    async def _stranger(self, scope: Scope, head: wire.Request) -> ApiError | None:
        """Why nobody needs this request's body: form of Authorization, time or key. v1 has all of them in the body itself."""
        if is_old_post(head.method, head.headers):
            owned(scope, "v1 forms")
            return None
        try:
            call = wire.read_call(head)
            wire.check_time(call, self._clock(), self._settings.signature_window_s)
            key = await self._keys.find(call.secret_id)
        except ApiError as error:
            return error
        if key is None or key.disabled:
            return SecretIdNotFound()
        owned(scope, f"key {key.secret_id}")
        return None

    async def _authenticate(self, call: wire.Call, large: bool) -> ApiKey:
        now = self._clock()
        wire.check_time(call, now, self._settings.signature_window_s)
        key = await self._keys.find(call.secret_id)
        if key is None or key.disabled:
            raise SecretIdNotFound
        if key.session_token is not None and await ended(self._keys, key.secret_id, key.account, key.created_at):
            raise SecretIdNotFound
        wire.check_session_token(call, key.session_token, key.expires_at, now)
        try:
            await _off_loop(large, wire.check_signature, call, key.secret_key, self._policy)
        except wire.OtherHost as error:
            self._tell_host(error)
            raise
        return key

    def _route(self, call: wire.Call) -> Action[Any]:
        wire.check_version(call)
        action = self._registry.find(call.action)
        wire.check_region(call, self._regions, action.host_regions.get(call.host))
        return action

    async def _count(self, account: str, action: Action[Any], settings: Settings) -> None:
        limit = action.per_second or settings.rate_per_second
        if not await self._limiter.hit(account, action.name, limit):
            raise RequestLimitExceeded.about(limit + 1, limit)

    def _context(self, call: wire.Call, key: ApiKey, scheme: str, settings: Settings) -> Context:
        base_url = self._settings.public_url.rstrip("/") or own_address(scheme, call.host)
        return Context(key, call.language, base_url, self._sessions, self._links, settings)

    def _record(self, trail: Trail, code: str, seconds: float) -> None:
        self._observe(trail.action, code, seconds)
        # A log line costs as much as checking a signature, so calls that went well are told at debug level only; metrics count them all.
        tell = self._log.info if code else self._log.debug
        tell("call", request_id=trail.request_id, account=trail.account, action=trail.action, code=code, ms=round(seconds * 1e3, 1))

    def _tell_host(self, error: wire.OtherHost) -> None:
        remedy = "If clients reach this server by another address than those expected, set public_url to it."
        signed = error.signed or "(unknown; the received one if the proxy passes it on)"
        self._log.warning(
            "signature_for_another_host", received_host=error.received, signed_host=signed, expected_hosts=error.expected, remedy=remedy
        )

    def _log_fault(self, error: Exception, trail: Trail) -> None:
        # The message of an unforeseen exception may quote what the caller sent, so only its type and place are told.
        place = traceback.format_tb(error.__traceback__)
        self._log.error("call_failed", request_id=trail.request_id, action=trail.action, error=type(error).__name__, place=place)


def own_address(scheme: str, host: str) -> str:
    """Scheme and host as the caller reached this server."""
    if host.startswith(("http://", "https://")):  # tccli pointed at a plain-http server sends its whole endpoint as Host
        return host.rstrip("/")
    return f"{scheme}://{host}"


async def _off_loop(large: bool, work: Callable[..., T], *arguments: Any) -> T:
    """In a thread if it takes long enough to delay other calls."""
    if large:
        return await asyncio.to_thread(work, *arguments)
    return work(*arguments)
