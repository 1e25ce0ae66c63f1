"""The registries' ordinary clients (pip, npm) as child processes: watched, ended when nothing moves any more, and tried again.

Mirrors, proxies and credentials are whatever those clients are set up for. Standard library only: tools/setup.py uses this before
anything is installed.
"""

import os
import re
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from openekyc.engine.causes import AGAIN, Cause, explain, scrubbed
from openekyc.errors import OpenEkycError

KEPT_LINES = 400
LINE_BYTES = 65_536
LOOK_S = 1.0  # between two looks at a child
WARNING = re.compile(r"\s*(npm )?warn", re.IGNORECASE)  # chatter that would cover what is going on
WALK_S = 10.0  # between two looks at everything it may write


class ClientFailed(OpenEkycError):
    """A registry's client failed."""

    def __init__(self, cause: Cause) -> None:
        super().__init__(cause.cause)
        self.remedy, self.passing = cause.remedy, cause.passing


@dataclass(frozen=True)
class Moment:
    """How a client stands: seconds since it began, bytes it has brought so far, and its last line."""

    seconds: float
    size: int
    line: str


Told = Callable[[Moment], None]


@dataclass(frozen=True)
class Client:
    """How clients are run. `temporary` is their TMPDIR, whose growth is told; `watched` are further folders that grow while they work.
    One that says nothing and writes nothing for `silent_s` is ended; None waits for ever."""

    temporary: Path
    watched: tuple[Path, ...] = ()
    told: Told = lambda moment: None
    log: IO[str] | None = None
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    silent_s: float | None = 300.0
    pauses: tuple[float, ...] = (2.0, 8.0)  # before it is tried again
    sleep: Callable[[float], None] = time.sleep

    def run(self, command: Sequence[str], cwd: Path | None = None) -> list[str]:
        """What the command said. Raises ClientFailed; failures that may pass are tried again first."""
        for pause in (*self.pauses, None):
            try:
                return self._once(command, cwd)
            except ClientFailed as failed:
                if not failed.passing or pause is None:
                    raise
                self._note(f"{failed.message} Trying again in {pause:.0f} s.")
                self.told(Moment(0.0, 0, f"{failed.message} Trying again."))
                self.sleep(pause)
        raise AssertionError("unreachable")

    def _once(self, command: Sequence[str], cwd: Path | None) -> list[str]:
        self._note(f"$ {' '.join(command)}")
        environ = with_proxies(self.environ) | {"TMPDIR": str(self.temporary), "PYTHONUNBUFFERED": "1"}
        try:
            child = subprocess.Popen(
                command,
                cwd=cwd,
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            raise ClientFailed(Cause(f"{command[0]} cannot be started: {error.strerror}.", "Check that it is a program.")) from None
        said: deque[str] = deque(maxlen=KEPT_LINES)
        listener = threading.Thread(target=self._listen, args=(child.stdout, said), daemon=True)
        listener.start()
        try:
            self._watch(child, said)
        finally:
            _end(child)
        listener.join(5)
        if child.returncode:
            raise ClientFailed(self._cause(child.returncode, said))
        return list(said)

    def _watch(self, child: "subprocess.Popen[bytes]", said: deque[str]) -> None:
        """Until the child ends. Raises ClientFailed if nothing moves any more."""
        started = moved = time.monotonic()
        known: tuple[object, ...] = ()
        everything, looked = 0, started - WALK_S
        while child.poll() is None:
            now = time.monotonic()
            size = size_of(self.temporary)
            if now - looked >= WALK_S:
                everything, looked = sum(size_of(folder) for folder in self.watched), now
            line = next((line for line in reversed(list(said)) if line and not WARNING.match(line)), "")
            if (size, everything, line) != known:
                known, moved = (size, everything, line), now
            self.told(Moment(now - started, size, line))
            if self.silent_s is not None and now - moved > self.silent_s:
                cause = explain(["timed out", *said], self.environ, self.temporary, *self.watched)
                raise ClientFailed(Cause(f"Nothing came for {self.silent_s:.0f} s. {cause.cause}", cause.remedy, passing=True))
            with suppress(subprocess.TimeoutExpired):
                child.wait(LOOK_S)

    def _cause(self, code: int, said: deque[str]) -> Cause:
        if code == -signal.SIGXFSZ:
            return explain(["file too large"], self.environ, self.temporary, *self.watched)
        if code < 0:
            return Cause(f"It was ended from outside (signal {-code}); often the memory was used up.", f"Free some memory. {AGAIN}")
        return explain(said, self.environ, self.temporary, *self.watched)

    def _listen(self, stream: IO[bytes], said: deque[str]) -> None:
        for raw in iter(lambda: stream.readline(LINE_BYTES), b""):
            line = scrubbed(raw.decode(errors="replace").rstrip(), self.environ)
            said.append(line)
            self._note(line)

    def _note(self, line: str) -> None:
        if self.log is not None:
            with suppress(OSError, ValueError):  # a full disk, or the log was closed: the child's own failure is what counts
                self.log.write(scrubbed(line, self.environ) + "\n")
                self.log.flush()


@contextmanager
def interruptible() -> Iterator[None]:
    """SIGTERM and SIGHUP end what runs as Ctrl-C does, so that no client is left behind."""

    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def with_proxies(environ: Mapping[str, str]) -> dict[str, str]:
    """pip goes by ALL_PROXY, npm does not: name it to both."""
    found = dict(environ)
    everything = found.get("ALL_PROXY") or found.get("all_proxy")
    if everything:
        for name in ("HTTPS_PROXY", "HTTP_PROXY"):
            if not found.get(name) and not found.get(name.lower()):
                found[name] = everything
    return found


def size_of(folder: Path) -> int:
    """Bytes of all files under a folder, as far as they can be seen while others write there."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                total += os.lstat(os.path.join(place, name)).st_size  # noqa: PTH118 called for ten thousands of files
    return total


def megabytes(size: int) -> str:
    """A size as a person reads it."""
    return f"{size / 1e6:.1f} MB" if size < 10_000_000 else f"{size / 1e6:.0f} MB"


def _end(child: "subprocess.Popen[bytes]") -> None:
    """With its children: npm and pip have some."""
    if child.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGTERM)
        try:
            child.wait(5)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()
