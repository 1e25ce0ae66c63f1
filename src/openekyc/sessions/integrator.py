"""The integrator's side: issue a token, read its result and media."""

from openekyc import ids
from openekyc.errors import TokenExpired, TokenUnknown
from openekyc.sessions import places
from openekyc.sessions.model import ApiKey, Attempt, AttemptState, Family, Media, Session, SessionState, Terms
from openekyc.sessions.outcome import History, Outcome, outcome
from openekyc.sessions.records import Records


class IntegratorSide(Records):
    """What the TencentCloud actions call."""

    async def issue(self, key: ApiKey, terms: Terms, reference: bytes | None = None, *, valid_s: int | None = None) -> Session:
        """A new session of the key's account. `reference`: the encoded picture to compare with; `valid_s`: how soon the first attempt
        must begin, if not by the setting."""
        token, now = ids.sdk_token(), self._clock()
        session = Session(
            token,
            key.account,
            key.sandbox,
            terms,
            SessionState.READY,
            created_at=now,
            start_by=now + (self._settings.start_window_s if valid_s is None else valid_s),
            reference=None if reference is None else places.reference(token),
            secret_id=key.secret_id,
        )
        if reference is not None:
            await self._blobs.put(places.reference(token), reference)
        await self._store.add(session)
        return session

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
        """A stored file's bytes. Raises KeyError if it was erased."""
        return await self._blobs.get(media.key)
