"""The simulated subject answering a session, in a process of its own, one at a time."""

import asyncio
import os
import re
import sys
import tempfile
from collections import deque
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Literal

import msgspec

from openekyc.clock import Clock
from openekyc.demo.guard import DemoError
from openekyc.settings import Settings

LONGEST_S = 300.0
MOST_LINES = 20
LINE_BYTES = 400
NOISE = re.compile(r"(INFO|WARNING): |[IWE]\d{4} ")  # the inference libraries' own log lines
NICENESS = 5


class Simulated(msgspec.Struct, frozen=True):
    """How the latest simulation stands. `outcome` as the capture client learnt it."""

    state: Literal["idle", "running", "done", "failed"] = "idle"
    token: str = ""
    subject: str = ""
    lines: tuple[str, ...] = ()
    outcome: str = ""
    started_at: float | None = None
    ended_at: float | None = None


class Printed(msgspec.Struct, frozen=True):
    """What `openekyc capture --json` prints, as far as it matters here."""

    state: str


class SimulationRunning(DemoError):
    """The simulated subject is busy with another session."""

    problem, status, remedy = "simulation_running", 409, "Wait until it is done."


class Simulation:
    """Runs `openekyc capture --simulate` against this server. `command` replaces what is run in tests."""

    def __init__(self, settings: Settings, clock: Clock, command: tuple[str, ...] = (sys.executable, "-m", "openekyc.cli.main")) -> None:
        self._settings, self._clock, self._command = settings, clock, command
        self._lines: deque[str] = deque(maxlen=MOST_LINES)
        self._latest = Simulated()
        self._task: asyncio.Task[None] | None = None
        self._last = b""  # picture
        self._frames: Path | None = None

    @property
    def latest(self) -> Simulated:
        """The simulation that runs, or the last one."""
        return msgspec.structs.replace(self._latest, lines=tuple(self._lines))

    def start(self, server: str, token: str, subject: str) -> Simulated:
        """Raises SimulationRunning."""
        if self._task is not None and not self._task.done():
            raise SimulationRunning
        self._lines.clear()
        self._last = b""
        self._latest = Simulated("running", token, subject, started_at=self._clock())
        arguments = ("capture", "--home", str(self._settings.home), "--server", server, "--token", token, "--simulate", subject, "--json")
        self._task = asyncio.create_task(self._run((*self._command, *arguments)))
        return self.latest

    async def frame(self) -> bytes:
        """What the simulated camera sees, or saw last (JPEG); b"" before its first picture."""
        if self._frames is not None:
            with suppress(OSError):
                self._last = await asyncio.to_thread(self._frames.read_bytes)
        return self._last

    async def stop(self) -> None:
        """End what runs."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _run(self, command: tuple[str, ...]) -> None:
        state: Literal["done", "failed"] = "failed"
        outcome = ""
        try:
            with tempfile.TemporaryDirectory(prefix="openekyc-") as folder:
                self._frames = Path(folder) / "frame.jpg"
                async with asyncio.timeout(LONGEST_S):
                    outcome = await self._watched((*command, "--frames", str(self._frames)))
                await self.frame()
                state = "done" if outcome else "failed"
        except TimeoutError:
            self._lines.append(f"stopped after {LONGEST_S:.0f} s")
        except OSError as error:
            self._lines.append(f"cannot be started: {error.strerror}")
        finally:
            self._frames = None
        self._latest = msgspec.structs.replace(self._latest, state=state, outcome=outcome, ended_at=self._clock())

    async def _watched(self, command: tuple[str, ...]) -> str:
        """The outcome's state; the process ends with this coroutine, however that ends."""
        environment = os.environ | {"OPENEKYC_MODELS": str(self._settings.models_folder), "OMP_NUM_THREADS": "1"}
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            *command, stdin=asyncio.subprocess.DEVNULL, stdout=pipe, stderr=pipe, env=environment, limit=65_536
        )
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, process.pid, NICENESS)  # the server's own work comes first
        try:
            said, _ = await asyncio.gather(_all(process.stdout), self._listen(process.stderr))
            code = await process.wait()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        return _state(said) if code in (0, 1) else ""

    async def _listen(self, stream: asyncio.StreamReader | None) -> None:
        async for line in _lines(stream):
            if not NOISE.match(line):
                self._lines.append(line)


def _state(said: str) -> str:
    """The state in the JSON that the capture printed; empty if it printed none."""
    try:
        return msgspec.json.decode(said, type=Printed).state
    except msgspec.DecodeError:
        return ""


async def _all(stream: asyncio.StreamReader | None) -> str:
    return "\n".join([line async for line in _lines(stream)][-MOST_LINES:])


async def _lines(stream: asyncio.StreamReader | None) -> AsyncIterator[str]:
    """Lines of bounded length."""
    while stream is not None:
        try:
            line = await stream.readline()
        except ValueError:  # longer than the stream's limit
            continue
        if not line:
            return
        yield line[:LINE_BYTES].decode(errors="replace").rstrip()
