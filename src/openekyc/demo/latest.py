"""The newest demo sessions, kept as one small file beside the recordings."""

import asyncio
from typing import Literal

import msgspec

from openekyc.sessions.ports import Blobs

KEY = "demo/latest"
MOST = 20

Who = Literal["me", "simulated"]


class Entry(msgspec.Struct, frozen=True):
    """One session that the start page opened."""

    token: str
    who: Who
    level: int
    made_at: float


class Latest:
    """Newest first, at most MOST."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs
        self._lock = asyncio.Lock()

    async def add(self, entry: Entry) -> None:
        """Remember a session; the oldest is forgotten."""
        async with self._lock:
            kept = (entry, *await self.read())[:MOST]
            await self._blobs.put(KEY, msgspec.json.encode(kept))

    async def read(self) -> tuple[Entry, ...]:
        """All of them."""
        try:
            return msgspec.json.decode(await self._blobs.get(KEY), type=tuple[Entry, ...])
        except (KeyError, msgspec.DecodeError):
            return ()

    async def find(self, token: str) -> Entry | None:
        """The session of a token, if it is one of them."""
        return next((entry for entry in await self.read() if entry.token == token), None)
