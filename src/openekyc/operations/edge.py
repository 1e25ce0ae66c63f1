"""The edge of every route but the API's: a RequestId for each request, one log line, and the answer to an unexpected exception."""

import time
from collections.abc import Iterable

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from openekyc import ids

QUIET = frozenset({"/healthz", "/readyz", "/metrics"})
TOO_MANY = 429


class RequestLog:
    """ASGI middleware: binds a RequestId, returns it as X-Request-Id and logs method, route, status and seconds
    (at level debug unless it was refused).

    The route is logged as its template: path parameters may be tokens.
    """

    def __init__(self, app: ASGIApp, known: frozenset[str]) -> None:
        """`known`: the templates that may be logged, see `templates`."""
        self._app, self._known = app, known

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id, begin, status = ids.request_id(), time.perf_counter(), 0

        async def send_marked(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", request_id.encode())]
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self._app(scope, receive, send_marked)
            finally:
                self._log(scope, status, time.perf_counter() - begin)

    def _log(self, scope: Scope, status: int, seconds: float) -> None:
        route = template(scope, self._known)
        if route not in QUIET:
            # A session makes some fifty requests: those that went well are for debugging only. Of those that were too many the log is not
            # to grow either; whoever counts them tells their number.
            say = structlog.get_logger().debug if 0 < status < 400 or status == TOO_MANY else structlog.get_logger().info
            say("request", method=scope["method"], route=route, status=status, seconds=round(seconds, 4))


def templates(routes: Iterable[BaseRoute], prefix: str = "") -> frozenset[str]:
    """The paths of all routes, with the names of their parameters."""
    found: set[str] = set()
    for route in routes:
        if isinstance(route, Route):
            found.add(prefix + route.path_format)
        elif isinstance(route, Mount):
            found |= templates(route.routes, prefix + route.path)
    return frozenset(found)


def template(scope: Scope, known: frozenset[str]) -> str:
    """The path with every parameter's value replaced by its name. Anything but a known template is not quoted: it may be a token."""
    names = {str(value): f"{{{name}}}" for name, value in scope.get("path_params", {}).items()}
    path = str(scope["path"])
    for value, name in names.items():
        if "/" in value:  # a path in itself, so the last part
            path = path.removesuffix(value) + name
    path = "/".join(names.get(part, part) for part in path.split("/"))
    return path if path in known else "(unknown)"


async def on_fault(request: Request, error: Exception) -> JSONResponse:
    """The last answer: nothing about the cause goes out; the log line with the RequestId has it."""
    structlog.get_logger().error("fault", method=request.method, exc_info=error)
    problem = {"problem": "internal_error", "detail": "openekyc failed.", "remedy": "Try again; the operator's log names the cause."}
    return JSONResponse(problem, 500, media_type="application/problem+json")
