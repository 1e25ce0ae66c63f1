"""Sets openekyc up as a stranger does: from a clone of what is committed, with an empty home and without Node.js on PATH.

    make test-setup

Interrupts a set-up and lets it go on, starts the server, gives the command that it prints for a first simulated pass, measures what was
installed, then does the same with the wheel alone. Uses the package registries and takes some minutes; everything is in a temporary
folder. Ends with a verdict, and with status 1 if something did not hold.
"""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from setup_steps import on_disk  # noqa: E402

MOST_BYTES = 700_000_000
LEFT_OUT = re.compile(r"node|nodejs|npm|npx|corepack|yarn|pnpm|python[\d.]*")
LONGEST_S = 1800
LINK = r"^http://\S+/demo/enter\?key="


class Failed(Exception):
    """Something did not hold."""


class Program:
    """A command whose output is shown and kept, line by line."""

    def __init__(self, command: list[str], cwd: Path, environ: dict[str, str]) -> None:
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            command,
            cwd=cwd,
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell's background jobs ignore it
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self.process.stdout or ():
            self.lines.append(line.rstrip())
            print(f"    {line.rstrip()}", flush=True)

    def wait_for(self, condition: Callable[[], bool], what: str) -> None:
        """Until it holds. Raises Failed if the program ends before, or never comes to it."""
        end = time.monotonic() + LONGEST_S
        while not condition():
            if self.process.poll() is not None:
                self._reader.join(10)
                if condition():
                    return
                raise Failed(f"it ended with status {self.process.returncode} before {what}")
            if time.monotonic() > end:
                raise Failed(f"{what} did not come within {LONGEST_S} s")
            time.sleep(0.05)

    def line(self, pattern: str) -> str:
        """The first line that holds the pattern, or nothing."""
        return next((line for line in list(self.lines) if re.search(pattern, line)), "")

    def end(self, number: int = signal.SIGTERM) -> int:
        """The status after a signal to the program and its children."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, number)
        status = self.process.wait(120)
        self._reader.join(10)
        return status


def main() -> int:
    """Every check in turn; the exit status."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="openekyc setup ") as folder:  # the blank is meant: paths have them
        place = Path(folder)
        environ = stranger(place)
        try:
            checkout(place, environ)
            wheel(place, environ)
        except Failed as failed:
            print(f"FAILED after {time.monotonic() - begun:.0f} s: {failed}")
            return 1
    print(f"ALL HELD after {time.monotonic() - begun:.0f} s")
    return 0


def stranger(place: Path) -> dict[str, str]:
    """An environment with an empty home, and on PATH every program but Node.js; pip's and npm's own configuration stays."""
    programs, home = place / "bin", place / "home"
    programs.mkdir()
    home.mkdir()
    for folder in os.environ["PATH"].split(os.pathsep):
        for program in sorted(Path(folder).glob("*")) if Path(folder).is_dir() else ():
            if not LEFT_OUT.fullmatch(program.name) and not (programs / program.name).is_symlink() and os.access(program, os.X_OK):
                (programs / program.name).symlink_to(program.resolve() if program.parent.name == "shims" else program)
    (programs / "python3").symlink_to(Path(sys.executable).resolve())
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("OPENEKYC_", "MAKE", "MFLAGS", "VIRTUAL_ENV"))}
    environ |= {"PATH": str(programs), "HOME": str(home)}
    for name, file in (("PIP_CONFIG_FILE", ".config/pip/pip.conf"), ("NPM_CONFIG_USERCONFIG", ".npmrc")):
        if name not in environ and (Path.home() / file).is_file():
            environ[name] = str(Path.home() / file)
    for name in ("node", "npm"):
        check(shutil.which(name, path=environ["PATH"]) is None, f"{name} is not on PATH")
    return environ


def checkout(place: Path, environ: dict[str, str]) -> None:
    """`make run` in a clone."""
    clone = place / "clone"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
    say("make setup, interrupted while packages are downloaded")
    setup = Program(["make", "setup"], clone, environ)
    setup.wait_for(lambda: on_disk(clone / "build" / "setup.tmp") > 5_000_000, "the first megabytes")
    status = setup.end(signal.SIGINT)
    check(status != 0 and bool(setup.line("^Interrupted")), "an interrupted set-up says that it was interrupted")
    check(not (clone / ".venv" / ".installed.json").exists(), "and does not count as done")

    say("make run")
    with running(Program(["make", "run", "ARGS=--port 0"], clone, environ)) as server:
        first_pass(server, clone, environ)
        size = on_disk(clone / ".venv")
        check(size <= MOST_BYTES, f".venv with the weights takes {size / 1e6:.0f} MB, at most {MOST_BYTES / 1e6:.0f} MB")
    say("make setup once more")
    again = Program(["make", "setup"], clone, environ)
    again.wait_for(lambda: again.process.poll() is not None, "its end")
    again.end()
    check(again.process.returncode == 0 and not again.lines, "a second set-up has nothing to do")


def wheel(place: Path, environ: dict[str, str]) -> None:
    """The wheel, in an environment of its own and with another empty home."""
    clone, venv, home = place / "clone", place / "venv", place / "other home"
    home.mkdir()
    environ = {**environ, "HOME": str(home)}
    say("building the wheel and installing it")
    command = [str(clone / ".venv" / "bin" / "python"), "-m", "pip", "--quiet", "wheel", "--no-deps", "--wheel-dir", str(place), str(clone)]
    done(command, environ, "the wheel is built")
    done([sys.executable, "-m", "venv", str(venv)], environ, "an environment is made")
    (built,) = place.glob("openekyc-*.whl")
    pins = str(clone / "constraints.txt")
    done([str(venv / "bin" / "python"), "-m", "pip", "--quiet", "install", "-c", pins, str(built)], environ, "the wheel is installed")
    shutil.rmtree(clone)
    program = str(venv / "bin" / "openekyc")
    done([program, "models", "fetch"], environ, "models fetch works without npm")
    with running(Program([program, "serve", "--port", "0"], place, environ)) as server:
        first_pass(server, place, environ)


def first_pass(server: Program, cwd: Path, environ: dict[str, str]) -> None:
    """The start page, and the command that the server printed, as it was printed."""
    server.wait_for(lambda: server.line(LINK) != "" and server.lines[-1] == server.line(LINK), "the demo's link as the last line")
    address = urlsplit(server.line(LINK))
    with closing(HTTPConnection(address.netloc, timeout=60)) as browser:
        browser.request("GET", f"{address.path}?{address.query}")
        entered = browser.getresponse()
        entered.read()
        cookie = (entered.getheader("Set-Cookie") or "").partition(";")[0]
        browser.request("GET", entered.getheader("Location") or "/", headers={"Accept": "text/html", "Cookie": cookie})
        text = browser.getresponse().read()
    check(b"<openekyc-start" in text and b"not built" not in text, "the link opens the start page")
    command = server.line("capture --simulate").strip()
    check(bool(command), "the server prints the command for a first simulated pass")
    say(f"$ {command}")
    capture = Program(["sh", "-c", command], cwd, environ)
    capture.wait_for(lambda: capture.process.poll() is not None, "its end")
    check(capture.end() == 0 and bool(capture.line("pass")), "one command more, and the simulated subject passed")


@contextmanager
def running(server: Program) -> Iterator[Program]:
    """A server that is ready."""
    try:
        server.wait_for(lambda: bool(server.line(r"^ready http://\S+$")), "`ready`")
        check(True, "the server is ready")
        yield server
    finally:
        server.end()


def done(command: list[str], environ: dict[str, str], what: str) -> None:
    """Run a command to its end."""
    say(f"$ {shlex.join(command)}")
    program = Program(command, Path(environ["HOME"]), environ)
    program.wait_for(lambda: program.process.poll() is not None, "its end")
    check(program.end() == 0, what)


def check(held: bool, what: str) -> None:
    """Say what holds. Raises Failed for what does not."""
    if not held:
        raise Failed(f"this does not hold: {what}")
    print(f"ok  {what}", flush=True)


def say(text: str) -> None:
    """A plain line."""
    print(f"--  {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
