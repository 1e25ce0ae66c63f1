"""The ports in memory: for tests and try-outs. They keep every rule of the ports but durability."""

import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import TypeVar

import msgspec

from openekyc.accounts import Account
from openekyc.clock import Clock
from openekyc.sessions.model import (
    ApiKey,
    Attempt,
    AttemptState,
    CardShot,
    Consent,
    Draw,
    Fingerprint,
    Session,
    SessionState,
    ShotState,
    Slice,
)
from openekyc.sessions.ports import DRAWS_KEPT, Change
from openekyc.storage.blobs import check_key
from openekyc.storage.rows import without_media

AttemptKey = tuple[str, int]
V = TypeVar("V", Session, Attempt, CardShot)


class MemorySessionStore:
    """See `openekyc.sessions.ports.SessionStore`."""

    def __init__(self) -> None:
        self._sessions: dict[str, Session] = {}
        self._attempts: dict[AttemptKey, Attempt] = {}
        self._shots: dict[AttemptKey, CardShot] = {}
        self._slices: dict[AttemptKey, dict[int, Slice]] = {}
        self._traces: dict[AttemptKey, dict[int, bytes]] = {}
        self._fingerprints: dict[AttemptKey, Fingerprint] = {}
        self._draws: dict[str, deque[Draw]] = {}
        self._consents: dict[str, Consent] = {}

    async def add(self, session: Session) -> None:
        if session.token in self._sessions:
            raise KeyError(session.token)
        self._sessions[session.token] = session

    async def session(self, token: str) -> Session | None:
        return self._sessions.get(token)

    async def attempt(self, token: str, number: int) -> Attempt | None:
        return self._attempts.get((token, number))

    async def slices(self, token: str, number: int) -> Sequence[Slice]:
        pieces = self._slices.get((token, number), {})
        return [pieces[offset] for offset in sorted(pieces)]

    async def trace_batches(self, token: str, number: int) -> Sequence[bytes]:
        batches = self._traces.get((token, number), {})
        return [batches[sequence] for sequence in sorted(batches)]

    async def shots(self, token: str) -> Sequence[CardShot]:
        return [self._shots[key] for key in sorted(self._shots) if key[0] == token]

    async def consent(self, token: str) -> Consent | None:
        return self._consents.get(token)

    async def commit(self, change: Change) -> bool:
        if not self._fits(change):
            return False
        if change.session is not None:
            self._sessions[change.session.token] = _next(change.session)
        if change.attempt is not None:
            self._attempts[_of(change.attempt)] = without_media(_next(change.attempt))
        if change.new_attempt is not None:
            self._attempts[_of(change.new_attempt)] = without_media(change.new_attempt)
        if change.shot is not None:
            self._shots[_of(change.shot)] = _next(change.shot)
        if change.new_shot is not None:
            self._shots[_of(change.new_shot)] = change.new_shot
        self._add_pieces(change)
        if change.fingerprint is not None:
            self._fingerprints[_of(change.fingerprint)] = change.fingerprint
        if change.draw is not None:
            self._draws.setdefault(change.draw.account, deque(maxlen=DRAWS_KEPT)).appendleft(change.draw)
        if change.consent is not None:
            self._consents[change.consent.token] = change.consent
        return True

    async def fingerprints(self, account: str, since: float, most: int) -> Sequence[Fingerprint]:
        own = [one for one in self._fingerprints.values() if one.account == account and one.made_at >= since]
        return sorted(own, key=lambda one: -one.made_at)[:most]

    async def forget_fingerprints(self, before: float) -> int:
        old = [key for key, one in self._fingerprints.items() if one.made_at < before]
        for key in old:
            del self._fingerprints[key]
        return len(old)

    async def draws(self, account: str) -> Sequence[Draw]:
        return list(self._draws.get(account, ()))

    async def submitted(self) -> Sequence[AttemptKey]:
        waiting = [attempt for attempt in self._attempts.values() if attempt.state == AttemptState.SUBMITTED]
        return [_of(attempt) for attempt in sorted(waiting, key=lambda one: (one.submitted_at or 0.0, one.token))]

    async def unread(self) -> Sequence[AttemptKey]:
        waiting = [shot for shot in self._shots.values() if shot.state == ShotState.SUBMITTED]
        return [_of(shot) for shot in sorted(waiting, key=lambda one: (one.submitted_at, one.token))]

    async def unfinished(self, account: str, secret_ids: Sequence[str], now: float) -> int:
        own = [one for one in self._sessions.values() if one.account == account and one.secret_id in ("", *secret_ids)]
        return sum(one.state == SessionState.CAPTURING or (one.state == SessionState.READY and one.start_by >= now) for one in own)

    async def stale(self, *, capturing_before: float, ready_before: float) -> Sequence[str]:
        idle = {a.token for a in self._attempts.values() if a.state == AttemptState.CAPTURING and a.touched_at < capturing_before}
        return [
            session.token
            for session in self._sessions.values()
            if (session.state == SessionState.CAPTURING and session.token in idle)
            or (session.state == SessionState.READY and session.start_by < ready_before)
        ]

    def _fits(self, change: Change) -> bool:
        return (
            _current(change.session, self._sessions.get(change.session.token) if change.session else None)
            and _current(change.attempt, self._attempts.get(_of(change.attempt)) if change.attempt else None)
            and (change.new_attempt is None or self._may_begin(change.new_attempt))
            and _current(change.shot, self._shots.get(_of(change.shot)) if change.shot else None)
            and (change.new_shot is None or (change.new_shot.token in self._sessions and _of(change.new_shot) not in self._shots))
            and self._pieces_fit(change)
            and (change.fingerprint is None or _of(change.fingerprint) not in self._fingerprints)
            and (change.consent is None or change.consent.token in self._sessions)
        )

    def _may_begin(self, attempt: Attempt) -> bool:
        return attempt.token in self._sessions and _of(attempt) not in self._attempts

    def _pieces_fit(self, change: Change) -> bool:
        if change.slice is not None:
            there = self._slices.get(_of(change.slice), {}).get(change.slice.offset, change.slice)
            if there != change.slice or not self._begun(_of(change.slice), change):
                return False
        if change.trace_batch is not None:
            token, number, sequence, data = change.trace_batch
            return self._traces.get((token, number), {}).get(sequence, data) == data and self._begun((token, number), change)
        return True

    def _begun(self, key: AttemptKey, change: Change) -> bool:
        return key in self._attempts or (change.new_attempt is not None and _of(change.new_attempt) == key)

    def _add_pieces(self, change: Change) -> None:
        if change.slice is not None:
            self._slices.setdefault(_of(change.slice), {})[change.slice.offset] = change.slice
        if change.trace_batch is not None:
            token, number, sequence, data = change.trace_batch
            self._traces.setdefault((token, number), {})[sequence] = data


def _of(value: Attempt | CardShot | Slice | Fingerprint) -> AttemptKey:
    return value.token, value.number


def _current(value: Session | Attempt | CardShot | None, stored: Session | Attempt | CardShot | None) -> bool:
    return value is None or (stored is not None and stored.version == value.version)


def _next(value: V) -> V:
    return msgspec.structs.replace(value, version=value.version + 1)


class MemoryAccountStore:
    """See `openekyc.sessions.ports.AccountStore`."""

    def __init__(self) -> None:
        self._accounts: dict[str, Account] = {}

    def make(self, name: str, now: float) -> None:
        """What adding a key does, if there is no such account yet."""
        self._accounts.setdefault(name, Account(name, created_at=now))

    async def find(self, name: str) -> Account | None:
        return self._accounts.get(name)

    async def list(self) -> Sequence[Account]:
        return [self._accounts[name] for name in sorted(self._accounts)]

    async def save(self, account: Account) -> bool:
        stored = self._accounts.get(account.name)
        if stored is None or stored.version != account.version:
            return False
        self._accounts[account.name] = msgspec.structs.replace(account, created_at=stored.created_at, version=account.version + 1)
        return True


class MemoryKeyStore:
    """See `openekyc.sessions.ports.KeyStore`."""

    def __init__(self, accounts: MemoryAccountStore) -> None:
        self._keys: dict[str, ApiKey] = {}
        self._accounts = accounts

    async def add(self, key: ApiKey) -> None:
        if key.secret_id in self._keys:
            raise KeyError(key.secret_id)
        self._keys[key.secret_id] = key
        self._accounts.make(key.account, key.created_at)

    async def find(self, secret_id: str) -> ApiKey | None:
        return self._keys.get(secret_id)

    async def list(self) -> Sequence[ApiKey]:
        return sorted(self._keys.values(), key=lambda key: (key.created_at, key.secret_id))

    async def disable(self, secret_id: str, *, at: float | None = None, keep_tokens: bool = False) -> bool:
        key = self._keys.get(secret_id)
        if key is None:
            return False
        keeps = keep_tokens and (key.keeps_tokens or not key.disabled)
        changed = {"disabled": True, "disabled_at": time.time() if at is None else at, "keeps_tokens": keeps}
        self._keys[secret_id] = msgspec.structs.replace(key, **changed)
        return True

    async def last_disabled(self, account: str) -> float | None:
        own = (key for key in self._keys.values() if key.account == account and key.disabled and not key.keeps_tokens)
        return max((key.disabled_at for key in own if key.disabled_at is not None), default=None)


class MemoryBlobs:
    """See `openekyc.sessions.ports.Blobs`."""

    def __init__(self) -> None:
        self._blobs: dict[str, bytes] = {}

    async def put(self, key: str, data: bytes) -> None:
        self._blobs[check_key(key)] = data

    async def get(self, key: str) -> bytes:
        return self._blobs[check_key(key)]

    async def stream(self, key: str, start: int = 0, length: int | None = None) -> AsyncIterator[bytes]:
        data = self._blobs[check_key(key)]
        piece = data[start : None if length is None else start + length]
        if piece:
            yield piece

    async def delete(self, prefix: str) -> None:
        check_key(prefix)
        for key in [key for key in self._blobs if key == prefix or key.startswith(f"{prefix}/")]:
            del self._blobs[key]


class MemoryRateLimiter:
    """See `openekyc.sessions.ports.RateLimiter`. Counts by the clock it is given."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._hits: dict[tuple[str, str], deque[float]] = {}

    async def hit(self, account: str, action: str, per_second: int) -> bool:
        now, hits = self._clock(), self._hits.setdefault((account, action), deque())
        while hits and hits[0] < now - 1.0:
            hits.popleft()
        if len(hits) >= per_second:
            return False
        hits.append(now)
        return True


class MemoryDispatcher:
    """See `openekyc.sessions.ports.Dispatcher`. Does nothing by itself: `work` does everything submitted so far."""

    def __init__(self) -> None:
        self.waiting: list[AttemptKey] = []
        self.unread: list[AttemptKey] = []

    def bind(self, judge: Callable[[str, int], Awaitable[None]], reader: Callable[[str, int], Awaitable[None]] | None = None) -> None:
        """What judges one attempt, and what reads one picture."""
        self._judge, self._reader = judge, reader

    def submit(self, token: str, number: int) -> None:
        if (token, number) not in self.waiting:
            self.waiting.append((token, number))

    def read(self, token: str, number: int) -> None:
        if (token, number) not in self.unread:
            self.unread.append((token, number))

    async def work(self) -> None:
        """Judge and read until nothing waits."""
        while self.waiting:
            await self._judge(*self.waiting[0])
            del self.waiting[0]
        while self.unread and self._reader:
            await self._reader(*self.unread[0])
            del self.unread[0]
