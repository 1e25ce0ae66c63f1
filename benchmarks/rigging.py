"""What the runs of the rig share: a server of their own, processes that make the sessions, and a file of JSON lines that is continued.

The server's budgets of time are wide open (`PATIENT`): subjects are rendered while the server waits, so on a loaded machine the colours'
answer would come too late for no fault of the subject. Being late is judged by the light's lag, which runs on the subject's own clock; that
a late submission is refused is held by tests of the sessions. Limits on attempts, bytes and seconds of recording stay as shipped.
"""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(1, str(Path(__file__).parent.parent))

import msgspec
from tokens import openekyc

from openekyc.app import open_keys
from openekyc.credentials import permanent_key
from openekyc.engine.runtime import Models
from openekyc.settings import Settings
from openekyc.simulator.population import Cast
from tests.assets import asset

T = TypeVar("T")
S = TypeVar("S", bound=msgspec.Struct)

STRANGERS = ("obama.jpg", "biden.jpg")
PATIENT = {
    "light_answer_s": 3600.0,
    "attempt_idle_s": 3600,
    "attempt_total_s": 3600,
    "capture_upload_s": 3600,
    "retry_window_s": 3600,
    "judge_timeout_s": 600.0,
    "log_level": "warning",
}


class Access(msgspec.Struct, frozen=True):
    """A server and a key of it."""

    server: str
    secret_id: str
    secret_key: str


@cache
def people() -> Cast:
    """Those who are filmed; once per process."""
    return Cast(Models(Settings().models_folder), [asset(name) for name in STRANGERS])


@contextmanager
def serving(home: Path, jobs: int, **settings: object) -> Iterator[str]:
    """The address of a server that judges for so many processes. Its key store may be filled before and is in `home`."""
    with openekyc(home, **(PATIENT | {"workers": max(1, (jobs + 1) // 2)} | settings)) as (_, port):
        yield f"http://127.0.0.1:{port}"


def new_keys(home: Path, accounts: Sequence[str], *, sandbox: bool) -> tuple[tuple[str, str], ...]:
    """Id and secret of a new key of each account."""
    return asyncio.run(_new_keys(home, accounts, sandbox=sandbox))


async def _new_keys(home: Path, accounts: Sequence[str], *, sandbox: bool) -> tuple[tuple[str, str], ...]:
    made = [permanent_key(account, (), time.time(), sandbox=sandbox) for account in accounts]
    async with open_keys(Settings(home=home)) as store:
        for key in made:
            await store.add(key)
    return tuple((key.secret_id, key.secret_key) for key in made)


def known(path: Path, kind: type[S]) -> list[S]:
    """The lines noted so far, less one that a crash cut off."""
    found = []
    for line in path.read_bytes().splitlines() if path.exists() else ():
        try:
            found.append(msgspec.json.decode(line, type=kind))
        except msgspec.DecodeError:
            continue
    return found


def drive(work: Callable[[T], msgspec.Struct], todo: Sequence[T], path: Path, jobs: int) -> None:
    """Do `work` on everything in `jobs` processes and note each result as soon as it is there. Interrupted (SIGINT, SIGTERM), what runs is
    finished and noted, what waits is dropped."""
    begin, count = time.monotonic(), 0
    with ProcessPoolExecutor(jobs, initializer=_deaf) as pool, path.open("ab") as file:
        if file.tell() and not path.read_bytes().endswith(b"\n"):
            file.write(b"\n")
        open_ = {pool.submit(work, order) for order in todo}
        try:
            for future in as_completed(tuple(open_)):
                open_.discard(future)
                _note(future, file.write)
                file.flush()
                count += 1
                if count % 10 == 0 or count == len(todo):
                    spent = time.monotonic() - begin
                    print(
                        f"{count}/{len(todo)}  {spent:.0f} s, {spent / count * (len(todo) - count):.0f} s to go",
                        file=sys.stderr,
                        flush=True,
                    )
        finally:
            pool.shutdown(cancel_futures=True)
            for future in open_:
                if not future.cancelled():
                    _note(future, file.write)


def _note(future: "Future[msgspec.Struct]", write: Callable[[bytes], object]) -> None:
    write(msgspec.json.encode(future.result()) + b"\n")


def _deaf() -> None:
    """An interrupt is for the parent, which lets a session end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


@contextmanager
def interruptible() -> Iterator[None]:
    """Ctrl-C and SIGTERM end a run with a word instead of a traceback, also where a shell started it in the background and had SIGINT
    ignored."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    try:
        yield
    except KeyboardInterrupt:
        sys.exit("stopped; the same command goes on from here")


def most_jobs() -> int:
    """One more than there are processors for this process, since whoever films waits for verdicts in between."""
    return 1 + (len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
