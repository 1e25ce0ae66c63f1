"""/healthz: the process answers. /readyz: it can do its work: store reachable, migrations at head, engine workers warm."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse

Check = Callable[[], Awaitable[bool]]
CHECK_S = 5.0


async def healthz(_request: Request) -> JSONResponse:
    """Alive."""
    return JSONResponse({"status": "ok"})


class Readiness:
    """GET /readyz answers 200 with every check true, else 503 naming the checks that fail."""

    def __init__(self, checks: Mapping[str, Check]) -> None:
        self._checks = checks

    async def endpoint(self, _request: Request) -> JSONResponse:
        results = dict(zip(self._checks, await asyncio.gather(*map(_passes, self._checks.values())), strict=True))
        ready = all(results.values())
        return JSONResponse({"status": "ready" if ready else "not ready", "checks": results}, 200 if ready else 503)


async def _passes(check: Check) -> bool:
    try:
        return await asyncio.wait_for(check(), CHECK_S)
    except (OSError, RuntimeError, TimeoutError) as error:
        structlog.get_logger().warning("readiness_check_failed", error=type(error).__name__)
        return False
