"""/healthz: the process answers. /readyz: it can do its work: the store is reachable, at its newest schema and written to, media can be
kept, there is room, and the engine processes have loaded their networks."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse

from openekyc.clock import Clock
from openekyc.sessions.ports import Blobs

Check = Callable[[], Awaitable[bool]]
CHECK_S = 5.0
KEPT_S = 2.0  # whoever asks more often gets the same answer, so that asking costs next to nothing
PROBE_KEY = "probe"
NO_STORE = {"Cache-Control": "no-store"}


async def healthz(_request: Request) -> JSONResponse:
    """Alive."""
    return JSONResponse({"status": "ok"}, headers=NO_STORE)


class Readiness:
    """GET /readyz answers 200 with every check true, else 503 naming the checks that fail. `clock` is monotonic."""

    def __init__(self, checks: Mapping[str, Check], clock: Clock = time.monotonic) -> None:
        self._checks, self._clock = checks, clock
        self._alone = asyncio.Lock()
        self._until = float("-inf")
        self._results = dict.fromkeys(checks, True)

    async def endpoint(self, _request: Request) -> JSONResponse:
        async with self._alone:  # who asks meanwhile waits for the same answer
            if self._clock() >= self._until:
                await self._look()
        ready = all(self._results.values())
        answer = {"status": "ready" if ready else "not ready", "checks": self._results}
        return JSONResponse(answer, 200 if ready else 503, NO_STORE)

    async def _look(self) -> None:
        found = dict(zip(self._checks, await asyncio.gather(*map(_passes, self._checks.values())), strict=True))
        failing = [name for name, passes in found.items() if not passes]
        if found != self._results:
            tell = structlog.get_logger(__name__).error if failing else structlog.get_logger(__name__).warning
            tell("readiness_changed", ready=not failing, failing=failing)
        self._results, self._until = found, self._clock() + KEPT_S


async def _passes(check: Check) -> bool:
    try:
        return await asyncio.wait_for(check(), CHECK_S)
    except Exception as error:  # noqa: BLE001 - whatever keeps a check from passing, it does not pass
        structlog.get_logger(__name__).warning("readiness_check_failed", error=type(error).__name__)
        return False


class Room:
    """Whether there is room for more where the server keeps what it is given. `least`: bytes; 0: not watched."""

    def __init__(self, folders: Sequence[Path], least: int) -> None:
        self._folders, self._least = folders, least

    async def enough(self) -> bool:
        """Of bytes, and of files where the file system counts them."""
        return not self._least or await asyncio.to_thread(lambda: all(map(self._enough, self._folders)))

    def free(self) -> int:
        """Bytes, in the fullest place; 0 where that cannot be told."""
        try:
            return min(_free(os.statvfs(folder)) for folder in self._folders)
        except OSError:
            return 0

    def _enough(self, folder: Path) -> bool:
        found = os.statvfs(folder)
        return _free(found) >= self._least and (found.f_files == 0 or found.f_favail > 0)


def _free(found: os.statvfs_result) -> int:
    return found.f_bavail * found.f_frsize


def keeps(blobs: Blobs) -> Check:
    """The check that a file can be kept."""

    async def check() -> bool:
        await blobs.put(PROBE_KEY, b"\n")
        return True

    return check
