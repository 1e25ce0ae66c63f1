"""The auditor's side: everything that is left of a session, for whoever runs the server. Never for callers or capture clients."""

import msgspec

from openekyc.engine.documents.values import Card
from openekyc.sessions import places
from openekyc.sessions.cards import Edit
from openekyc.sessions.documenting import card_of, edits_of
from openekyc.sessions.model import Attempt, CardShot, Consent, Media, Session
from openekyc.sessions.records import Records


class Chapter(msgspec.Struct, frozen=True):
    """One attempt. `record` and `best_frame` are None where the engine made none, or where they were erased."""

    attempt: Attempt
    record: bytes | None = None
    best_frame: bytes | None = None


class Leaf(msgspec.Struct, frozen=True):
    """One picture of the document, what was read of it and what the person corrected. `picture` is the flattened card, or else the
    photograph. None where there is none, or where it was erased."""

    shot: CardShot
    card: Card | None = None
    edits: tuple[Edit, ...] = ()
    picture: bytes | None = None
    portrait: bytes | None = None


class Dossier(msgspec.Struct, frozen=True):
    """One session. `client` is the JSON in which the capture client described itself (its word only); chapters and leaves are latest
    first."""

    session: Session
    client: bytes | None
    chapters: tuple[Chapter, ...]
    leaves: tuple[Leaf, ...] = ()
    consent: Consent | None = None


class AuditSide(Records):
    """What the operator's commands call."""

    async def dossier(self, token: str) -> Dossier:
        """Raises TokenUnknown."""
        session = await self._session(token)
        chapters = [
            Chapter(attempt, await self._file(attempt.record), await self._file(attempt.best_frame))
            for attempt in await self._attempts(session)
        ]
        leaves = [await self._leaf(shot) for shot in reversed(await self._store.shots(session.token))]
        client, consent = await self._blob(places.client(session.token)), await self._store.consent(session.token)
        return Dossier(session, client, tuple(chapters), tuple(leaves), consent)

    async def _leaf(self, shot: CardShot) -> Leaf:
        card, edits = await self._file(shot.card), await self._file(shot.edits)
        return Leaf(
            shot,
            card_of(card) if card else None,
            edits_of(edits) if edits else (),
            await self._file(shot.rectified) or await self._file(shot.picture),
            await self._file(shot.portrait),
        )

    async def _file(self, media: Media | None) -> bytes | None:
        return None if media is None else await self._blob(media.key)

    async def _blob(self, key: str) -> bytes | None:
        try:
            return await self._blobs.get(key)
        except KeyError:
            return None
