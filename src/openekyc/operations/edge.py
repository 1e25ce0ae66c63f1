"""The edge of every route but the API's: a RequestId for each request, one log line, and the answer to an unexpected exception."""

import time

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from openekyc import ids

QUIET = frozenset({"/healthz", "/readyz", "/metrics"})


class RequestLog:
    """ASGI middleware: binds a RequestId, returns it as X-Request-Id and logs method, route, status and seconds
    (at level debug unless it was refused).

    The route is logged as its template: path parameters may be tokens.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

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
                _log(scope, status, time.perf_counter() - begin)


def _log(scope: Scope, status: int, seconds: float) -> None:
    route = template(scope)
    if route not in QUIET:
        # A session makes some fifty requests: those that went well are for debugging only.
        say = structlog.get_logger().debug if 0 < status < 400 else structlog.get_logger().info
        say("request", method=scope["method"], route=route, status=status, seconds=round(seconds, 4))


def template(scope: Scope) -> str:
    """The path with every parameter's value replaced by its name; unknown paths are not quoted."""
    if "endpoint" not in scope:
        return "(unknown)"
    names = {str(value): f"{{{name}}}" for name, value in scope.get("path_params", {}).items()}
    return "/".join(names.get(part, part) for part in str(scope["path"]).split("/"))


async def on_fault(request: Request, error: Exception) -> JSONResponse:
    """The last answer: nothing about the cause goes out; the log line with the RequestId has it."""
    structlog.get_logger().error("fault", route=template(request.scope), exc_info=error)
    problem = {"problem": "internal_error", "detail": "openekyc failed.", "remedy": "Try again; the operator's log names the cause."}
    return JSONResponse(problem, 500, media_type="application/problem+json")
