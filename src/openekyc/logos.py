"""Takes in a logo: a stranger's picture, so a process of its own decodes it, with bounded memory and time, and writes it anew."""

import asyncio
import hashlib
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from openekyc.branding import logo_key
from openekyc.errors import OpenEkycError, SettingsError
from openekyc.sessions.ports import Blobs
from openekyc.settings import Settings

MOST_BYTES = 200_000
MOST_SECONDS = 30.0
KINDS = {b"\x89PNG\r\n\x1a\n": "png", b"RIFF": "webp"}
REMEDY = "Give a PNG or WebP without animation, of at most 200 kB and 2048 x 2048 pixels."


class LogoRefused(OpenEkycError):
    """The logo cannot be used."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.remedy = REMEDY


class Logo(NamedTuple):
    """A logo as it is kept: the SHA-256 of `data` with its ending is its `name`."""

    name: str
    data: bytes


async def kept(path: Path, blobs: Blobs) -> str:
    """The name under which the logo in a file is kept from now on. Raises LogoRefused."""
    logo = await asyncio.to_thread(of_file, path)
    await blobs.put(logo_key(logo.name), logo.data)
    return logo.name


async def with_kept(settings: Settings, blobs: Blobs) -> Settings:
    """The server's settings with that name in place of the file of its logo. Raises SettingsError."""
    if not settings.brand_logo:
        return settings
    try:
        return replace(settings, brand_logo=await kept(Path(settings.brand_logo), blobs))
    except LogoRefused as error:
        raise SettingsError(f"The setting `brand_logo` is not valid: {error.message}", error.remedy) from None


def of_file(path: Path) -> Logo:
    """The logo in a file. Raises LogoRefused."""
    try:
        with path.expanduser().open("rb") as file:
            return of_bytes(file.read(MOST_BYTES + 1))
    except (OSError, RuntimeError, ValueError) as error:
        cause = error.strerror if isinstance(error, OSError) and error.strerror else "no such file"
        raise LogoRefused(f"The logo {path} cannot be read: {cause}.") from None


def of_bytes(data: bytes) -> Logo:
    """The logo, written anew without anything but its pixels. Raises LogoRefused."""
    kind = next((kind for magic, kind in KINDS.items() if data.startswith(magic)), None)
    if len(data) > MOST_BYTES:
        raise LogoRefused(f"The logo is larger than {MOST_BYTES // 1000} kB.")
    if kind is None:
        raise LogoRefused("The logo is neither PNG nor WebP.")
    anew = _rewritten(data, kind)
    return Logo(f"{hashlib.sha256(anew).hexdigest()}.{kind}", anew)


def _rewritten(data: bytes, kind: str) -> bytes:
    command = [sys.executable, "-m", "openekyc.engine.logo", kind, str(MOST_BYTES)]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=MOST_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise LogoRefused("The logo takes too long to decode.") from None
    if done.returncode:
        words = done.stderr.decode(errors="replace").strip().splitlines() if done.returncode == 1 else []
        raise LogoRefused(f"The logo cannot be used: {words[-1] if words else 'it cannot be decoded'}.")
    return done.stdout
