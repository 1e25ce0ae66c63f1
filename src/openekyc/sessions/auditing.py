"""The auditor's side: everything that is left of a session, for whoever runs the server. Never for callers or capture clients."""

import msgspec

from openekyc.sessions import places
from openekyc.sessions.model import Attempt, Media, Session
from openekyc.sessions.records import Records


class Chapter(msgspec.Struct, frozen=True):
    """One attempt. `record` and `best_frame` are None where the engine made none, or where they were erased."""

    attempt: Attempt
    record: bytes | None = None
    best_frame: bytes | None = None


class Dossier(msgspec.Struct, frozen=True):
    """One session. `client` is the JSON in which the capture client described itself (its word only); chapters are latest first."""

    session: Session
    client: bytes | None
    chapters: tuple[Chapter, ...]


class AuditSide(Records):
    """What the operator's commands call."""

    async def dossier(self, token: str) -> Dossier:
        """Raises TokenUnknown."""
        session = await self._session(token)
        chapters = [
            Chapter(attempt, await self._file(attempt.record), await self._file(attempt.best_frame))
            for attempt in await self._attempts(session)
        ]
        return Dossier(session, await self._blob(places.client(session.token)), tuple(chapters))

    async def _file(self, media: Media | None) -> bytes | None:
        return None if media is None else await self._blob(media.key)

    async def _blob(self, key: str) -> bytes | None:
        try:
            return await self._blobs.get(key)
        except KeyError:
            return None
