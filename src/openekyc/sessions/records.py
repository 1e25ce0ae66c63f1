"""Reading and writing sessions safely: the ground the three sides of the service stand on.

Every write is optimistic: read, apply a pure rule, commit against the versions read, and on a lost race read again, at most TRIES
times. A blob is durable before the row that names it is committed, and nothing is acknowledged before that commit; a crash in between
leaves at most a blob nobody names.
"""

import asyncio
import hmac
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Literal, TypeVar

from msgspec.structs import replace

from openekyc.accounts import effective
from openekyc.clock import Clock
from openekyc.errors import AttemptTimedOut, AttemptUnknown, FileDamaged, NonceWrong, SessionBusy, TokenUnknown
from openekyc.sessions import changes, places, recording, velocity
from openekyc.sessions.machine import AttemptEvent, move_attempt
from openekyc.sessions.model import Attempt, AttemptState, Counts, Mark, Media, Session, SessionState
from openekyc.sessions.ports import AccountStore, Blobs, Change, Dispatcher, SessionStore
from openekyc.sessions.waiters import Waiters
from openekyc.settings import Settings

T = TypeVar("T")
Rule = Callable[[Session, Attempt | None], Awaitable[tuple[Change | None, T]]]
"""Session and latest attempt in; what to write (None: nothing) and what to answer once it is written out."""

TRIES = 8
LARGE = 256 * 1024  # bytes whose hash is worth a thread
_MD5 = re.compile(r"-([0-9a-f]{32})\Z")
_TOKEN = re.compile(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}")


class Records:
    """Sessions and attempts through the ports."""

    def __init__(
        self, store: SessionStore, accounts: AccountStore, blobs: Blobs, dispatcher: Dispatcher, clock: Clock, settings: Settings
    ) -> None:
        self._store, self._accounts, self._blobs, self._dispatcher = store, accounts, blobs, dispatcher
        self._clock, self._settings = clock, settings
        self._waiters = Waiters()
        self._salt = (-1, b"")
        self._limiting = asyncio.Lock()
        self._warned_of_level_1: set[str] = set()

    async def settings_of(self, account: str) -> Settings:
        """The settings that hold for an account; the server's own for one that is not known."""
        found = await self._accounts.find(account)
        return effective(self._settings, found.settings) if found else self._settings

    async def _mark(self, session: Session, kind: Literal["token", "attempt", "failure"], address: str = "", device: bytes = b"") -> Mark:
        now = self._clock()
        day = int(now // velocity.DAY_S)
        if self._salt[0] != day:
            self._salt = (day, await self._store.salt(day))
        salt = self._salt[1]
        person = velocity.hashed(salt, "extra", session.terms.extra) or velocity.hashed(salt, "token", session.token)
        origin, what = velocity.hashed(salt, "address", velocity.whose(address)), velocity.hashed(salt, "device", device)
        return Mark(session.account, now, kind, person, origin, what)

    async def _velocity(self, mark: Mark) -> Counts:
        return await self._store.velocity(mark, mark.at - velocity.HOUR_S)

    async def _session(self, token: str) -> Session:
        session = await self._store.session(token) if _TOKEN.fullmatch(token) else None
        if session is None:
            raise TokenUnknown
        return session

    async def _attempt(self, token: str, number: int, nonce: str) -> Attempt:
        """One attempt, for whoever holds its nonce."""
        attempt = await self._store.attempt(token, number) if _TOKEN.fullmatch(token) else None
        if attempt is None:
            await self._session(token)
            raise AttemptUnknown
        if not hmac.compare_digest(attempt.challenge.nonce.encode(), nonce.encode()):
            raise NonceWrong
        return attempt

    async def _live(self, token: str, number: int, nonce: str) -> Attempt:
        """The same, while it is being captured. Raises AttemptClosed afterwards."""
        return await self._still_live(await self._attempt(token, number, nonce))

    async def _still_live(self, attempt: Attempt) -> Attempt:
        if changes.attempt_overdue(attempt, self._clock(), self._settings):
            await self._current(attempt.token)
            attempt = await self._store.attempt(attempt.token, attempt.number) or attempt
        if attempt.given_up == "timed_out":
            raise AttemptTimedOut
        move_attempt(attempt.state, AttemptEvent.RECEIVE)
        return attempt

    async def _current(self, token: str) -> tuple[Session, Attempt | None]:
        """The session and its latest attempt, after what time alone has done to them."""
        for _ in range(TRIES):
            session = await self._session(token)
            attempt = await self._store.attempt(token, session.attempts) if session.attempts else None
            change = changes.overdue(session, attempt, self._clock(), self._settings)
            if change is None:
                return session, attempt
            await self._commit(change)
        raise SessionBusy

    async def _change(self, token: str, rule: Rule[T]) -> T:
        for _ in range(TRIES):
            change, answer = await rule(*await self._current(token))
            if change is None or await self._commit(change):
                return answer
        raise SessionBusy

    async def _commit(self, change: Change) -> bool:
        """Write; then wake who waits for news, and drop the pieces of an abandoned recording."""
        if not await self._store.commit(change):
            return False
        if change.session and change.session.state not in (SessionState.CAPTURING, SessionState.JUDGING):
            self._waiters.wake(change.session.token)
        if change.attempt and change.attempt.state is AttemptState.ABANDONED:
            await self._blobs.delete(places.slices(change.attempt.token, change.attempt.number))
        return True

    async def _attempts(self, session: Session) -> Sequence[Attempt]:
        """All attempts, latest first; there are at most a handful."""
        found = [await self._store.attempt(session.token, number) for number in range(session.attempts, 0, -1)]
        return [attempt for attempt in found if attempt]

    async def _whole(self, media: Media) -> bytes:
        """A stored file, as it was stored. Raises KeyError if it was erased, FileDamaged if it is another one."""
        data = await self._blobs.get(media.key)
        if len(data) != media.size or await _md5(data) != media.md5:
            raise FileDamaged
        return data

    async def _named(self, key: str) -> bytes:
        """The same where only the key is known, which ends in the file's MD5; older keys do not, and are taken as they are."""
        data = await self._blobs.get(key)
        named = _MD5.search(key)
        if named and named[1] != await _md5(data):
            raise FileDamaged
        return data

    async def _keep(self, stem: str, data: bytes | None) -> Media | None:
        """Store a file the engine made. The key holds its hash, so that two judges with different files never mix."""
        if data is None:
            return None
        kept = recording.media(stem, data)
        kept = replace(kept, key=f"{stem}-{kept.md5}")
        await self._blobs.put(kept.key, data)
        return kept


async def _md5(data: bytes) -> str:
    return recording.md5(data) if len(data) < LARGE else await asyncio.to_thread(recording.md5, data)
