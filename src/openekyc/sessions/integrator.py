"""The integrator's side: issue a token, read its result and media."""

import asyncio

import structlog

from openekyc import ids
from openekyc.errors import TokenExpired, TokenUnknown
from openekyc.sessions import places, recording, velocity
from openekyc.sessions.model import ApiKey, Attempt, AttemptState, Family, Media, Session, SessionState, Terms
from openekyc.sessions.outcome import History, Outcome, outcome
from openekyc.sessions.records import Records

log = structlog.get_logger("openekyc.sessions")


class IntegratorSide(Records):
    """What the TencentCloud actions call."""

    async def issue(self, key: ApiKey, terms: Terms, reference: bytes | None = None, *, valid_s: int | None = None) -> Session:
        """A new session of the key's account. `reference`: the encoded picture to compare with; `valid_s`: how soon the first attempt
        must begin, if not by the setting. Raises TooOften."""
        token, now = ids.sdk_token(), self._clock()
        place = None if reference is None else places.reference(token, await asyncio.to_thread(recording.md5, reference))
        session = Session(
            token,
            key.account,
            key.sandbox,
            terms,
            SessionState.READY,
            created_at=now,
            start_by=now + (self._settings.start_window_s if valid_s is None else valid_s),
            reference=place,
            secret_id=key.secret_id,
        )
        if terms.extra:
            await self._count_token(session)
        if reference is not None and place is not None:
            await self._blobs.put(place, reference)
        await self._store.add(session)
        self._warn_of_level_1(key, terms)
        return session

    async def _count_token(self, session: Session) -> None:
        mark, settings = await self._mark(session, "token"), await self.settings_of(session.account)
        if not velocity.limited(settings):
            await self._store.mark(mark)
            return
        async with self._limiting:
            velocity.check_issue(await self._velocity(mark), settings)
            await self._store.mark(mark)

    def _warn_of_level_1(self, key: ApiKey, terms: Terms) -> None:
        """Once an account: nothing is asked of the person, so whoever has a film of them passes."""
        if terms.liveness and terms.level == 1 and not key.sandbox and key.account not in self._warned_of_level_1:
            self._warned_of_level_1.add(key.account)
            log.warning("level_1_stops_carelessness_only", account=key.account, remedy="ask for level 2, 3 or 4 where it matters")

    async def result(self, token: str, account: str, family: Family, window_s: int) -> Outcome:
        """What is known so far. Raises TokenUnknown (also for another account's or family's token), or TokenExpired when the session was
        issued more than `window_s` seconds ago."""
        session, attempts = await self.attempts(token, account, family, window_s)
        concluded = (one for one in reversed(attempts) if one.state is AttemptState.CONCLUDED)
        return outcome(session, next(concluded, None))

    async def history(self, token: str, account: str, family: Family, window_s: int) -> History:
        """The same with every judged attempt. Raises as `result`."""
        session, attempts = await self.attempts(token, account, family, window_s)
        concluded = tuple(one for one in attempts if one.state is AttemptState.CONCLUDED)
        return History(outcome(session, concluded[-1] if concluded else None).code, session, concluded)

    async def attempts(self, token: str, account: str, family: Family, window_s: int) -> tuple[Session, tuple[Attempt, ...]]:
        """The session and every attempt, judged or not, in order. Raises as `result`."""
        session = await self._session(token)
        if (session.account, session.terms.family) != (account, family):
            raise TokenUnknown
        if self._clock() > session.created_at + window_s:
            raise TokenExpired
        session, _ = await self._current(token)
        return session, tuple(reversed(await self._attempts(session)))

    async def media(self, media: Media) -> bytes:
        """A stored file's bytes. Raises KeyError if it was erased, FileDamaged if it is another one."""
        return await self._whole(media)
