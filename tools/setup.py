"""Sets up what running openekyc needs, step by step, and says how far it is. `make run` calls this.

    python3 tools/setup.py           virtual environment, dependencies, weights, pages
    python3 tools/setup.py --dev     the same, and what tests and linters need

Standard library only, for it runs before anything is installed. A step that is done is not done again; one that was interrupted is
begun anew. Every failure ends in its cause and a remedy; build/setup.log has the whole output of pip and npm.
"""

# ruff: noqa: E402, UP036 an older Python is told what is wrong before anything is imported that it cannot read

import sys

if sys.version_info < (3, 11):
    sys.exit("Python 3.11 or newer is needed, this is older.\n  -> make run PYTHON=/path/to/python3.11")

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))
sys.dont_write_bytecode = True

import setup_steps
from setup_steps import BUILD, CACHE, Step, Telling

from openekyc.cli.progress import ProgressLine
from openekyc.engine.causes import of_error
from openekyc.engine.clients import Client, ClientFailed, interruptible

LOG, LOCK, TEMPORARY = BUILD / "setup.log", BUILD / "setup.lock", BUILD / "setup.tmp"
CANNOT, INTERRUPTED = 3, 130


def main(arguments: list[str]) -> int:
    """Everything that is missing; the exit status."""
    telling = Telling(ProgressLine())
    try:
        BUILD.mkdir(exist_ok=True)
        with interruptible(), _alone(telling.line), _temporary(), LOG.open("w") as log:
            client = Client(TEMPORARY, log=log, environ=setup_steps.clients_environment(os.environ))
            return _do(setup_steps.steps(client, telling, dev="--dev" in arguments), telling)
    except OSError as error:
        cause = of_error(error, Path(error.filename) if isinstance(error.filename, str) else ROOT)
        return _failed(telling, cause.cause, cause.remedy)
    except KeyboardInterrupt:
        telling.line.clear()
        print("Interrupted. The same command goes on from here.", file=sys.stderr)
        return INTERRUPTED


def _do(steps: list[Step], telling: Telling) -> int:
    todo = [step for step in steps if step.needed()]
    if not todo:
        return 0
    if short := setup_steps.room_for(todo, ROOT):
        return _failed(telling, short.cause, short.remedy)
    telling.line.done(f"Setting up openekyc in {ROOT} with {setup_steps.python_words()}.")
    for place, step in enumerate(todo, 1):
        telling.step, begun = f"[{place}/{len(todo)}] {step.name}", time.monotonic()
        telling.line.done(f"{telling.step} ...")
        try:
            step.work()
        except ClientFailed as failed:
            return _failed(telling, failed.message, f"{failed.remedy} {LOG.relative_to(ROOT)} has the whole output.")
        except setup_steps.ToldAlready:
            return CANNOT
        telling.line.done(f"{telling.step}: done in {time.monotonic() - begun:.0f} s")
    shutil.rmtree(CACHE, ignore_errors=True)
    for line in setup_steps.sizes():
        telling.line.done(line)
    return 0


def _failed(telling: Telling, cause: str, remedy: str) -> int:
    telling.line.clear()
    print(f"Set-up stopped{f' at {telling.step}' if telling.step else ''}: {cause}\n  -> {remedy}", file=sys.stderr)
    return CANNOT


@contextmanager
def _alone(line: ProgressLine) -> Iterator[None]:
    """One sets up; another waits, then finds everything done."""
    with LOCK.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            line.done(f"Another set-up (process {file.read().strip() or 'unknown'}) works in this folder; waiting for it.")
            fcntl.flock(file, fcntl.LOCK_EX)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


@contextmanager
def _temporary() -> Iterator[None]:
    """A temporary folder on the checkout's disk: the system's own may be small."""
    shutil.rmtree(TEMPORARY, ignore_errors=True)
    TEMPORARY.mkdir()
    try:
        yield
    finally:
        with suppress(OSError):
            shutil.rmtree(TEMPORARY)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
