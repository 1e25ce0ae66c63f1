"""What the session rules need from the outside, as Protocols. `openekyc.storage` and `openekyc.jobs` implement them.

Every port has an in-memory twin in `storage/memory.py`; one conformance test runs against all twins. All ports fail closed: an
exception from a port becomes InternalError for the caller and nothing is half done. The one exception is `RateLimiter`, which
fails open (see there).
"""

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

import msgspec

from openekyc.accounts import Account
from openekyc.sessions.model import ApiKey, Attempt, CardShot, Consent, Draw, Fingerprint, Session, Slice

DRAWS_KEPT = 16
"""Colour sequences remembered for each account, so that the next ones do not repeat them."""


class Change(msgspec.Struct, frozen=True):
    """One all-or-nothing write. A session, attempt or shot is written only if the stored row still has `value.version`;
    the stored row then gets `version + 1`. A slice or trace batch that is already there unchanged is not written twice."""

    session: Session | None = None
    attempt: Attempt | None = None
    new_attempt: Attempt | None = None
    slice: Slice | None = None
    trace_batch: tuple[str, int, int, bytes] | None = None  # token, attempt number, sequence (0, 1, ...), JSON bytes
    fingerprint: Fingerprint | None = None
    shot: CardShot | None = None
    new_shot: CardShot | None = None
    draw: Draw | None = None
    consent: Consent | None = None  # replaces the session's


class SessionStore(Protocol):
    """Sessions, attempts, slices and trace batches. A write that was acknowledged survives kill -9 and power loss."""

    async def add(self, session: Session) -> None:
        """Store a new session. Raises KeyError if the token exists."""

    async def session(self, token: str) -> Session | None: ...

    async def attempt(self, token: str, number: int) -> Attempt | None: ...

    async def slices(self, token: str, number: int) -> Sequence[Slice]:
        """Ordered by offset."""

    async def trace_batches(self, token: str, number: int) -> Sequence[bytes]:
        """Ordered by sequence."""

    async def shots(self, token: str) -> Sequence[CardShot]:
        """Ordered by number."""

    async def consent(self, token: str) -> Consent | None:
        """A text is kept once, whoever agreed to it, and forgotten with the last consent that names it."""

    async def commit(self, change: Change) -> bool:
        """Apply the change in one durable transaction; False (and nothing written) if a version was stale."""

    async def fingerprints(self, account: str, since: float, most: int) -> Sequence[Fingerprint]:
        """The account's newest ones made at or after `since`, newest first, at most `most`."""

    async def forget_fingerprints(self, before: float) -> int:
        """Delete those made before; how many there were."""

    async def draws(self, account: str) -> Sequence[Draw]:
        """The account's newest DRAWS_KEPT, newest first; older ones are forgotten as new ones come."""

    async def submitted(self) -> Sequence[tuple[str, int]]:
        """(token, number) of every attempt in state `submitted`, oldest first: the work a restart must take up again."""

    async def unread(self) -> Sequence[tuple[str, int]]:
        """(token, number) of every picture of a document in state `submitted`, oldest first: the readers' queue."""

    async def unfinished(self, account: str, secret_ids: Sequence[str], now: float) -> int:
        """How many sessions of the account, from these keys or from one that is not known, a person may still begin or go on with."""

    async def stale(self, *, capturing_before: float, ready_before: float) -> Sequence[str]:
        """Tokens to expire: sessions in `capturing` whose attempt was last touched before `capturing_before`, and sessions in
        `ready` whose `start_by` is before `ready_before`."""


class KeyStore(Protocol):
    """API credentials; secrets are sealed at rest."""

    async def add(self, key: ApiKey) -> None:
        """With the account's first key the account is made. Raises KeyError if the SecretId exists."""

    async def find(self, secret_id: str) -> ApiKey | None:
        """A disabled key is returned with `disabled=True`; another process's change shows within two seconds."""

    async def list(self) -> Sequence[ApiKey]: ...

    async def disable(self, secret_id: str, *, at: float | None = None, keep_tokens: bool = False) -> bool:
        """False if there is no such key. `at`: Unix seconds, now by default. `keep_tokens`: what came from the key goes on, unless an
        earlier call has ended it."""

    async def last_disabled(self, account: str) -> float | None:
        """When a key of the account was last disabled without keeping its tokens; another process's change shows within two seconds."""


class AccountStore(Protocol):
    """Accounts and what they have of their own. Adding a key makes its account."""

    async def find(self, name: str) -> Account | None:
        """Another process's change shows within two seconds."""

    async def list(self) -> Sequence[Account]:
        """By name."""

    async def save(self, account: Account) -> bool:
        """Replace the stored one if it still has `account.version`, which then grows by one; else False."""


class Blobs(Protocol):
    """Bytes by key. Keys are lower-case paths like `sessions/<token>/1/video`."""

    async def put(self, key: str, data: bytes) -> None:
        """Durable when it returns; replaces what was there."""

    async def get(self, key: str) -> bytes:
        """Raises KeyError if absent."""

    def stream(self, key: str, start: int = 0, length: int | None = None) -> AsyncIterator[bytes]:
        """The bytes in pieces. Raises KeyError if absent."""

    async def delete(self, prefix: str) -> None:
        """Remove every key under `prefix`; absent keys are no error."""


class Dispatcher(Protocol):
    """Starts the judging of submitted attempts and the reading of submitted pictures of documents."""

    def submit(self, token: str, number: int) -> None:
        """Return at once; the attempt is judged once, soon. Submitting the same attempt again is harmless."""

    def read(self, token: str, number: int) -> None:
        """The same for a picture of a document."""


class RateLimiter(Protocol):
    """Counts calls per account and action. Fails open: with the store down calls pass and a metric counts it."""

    async def hit(self, account: str, action: str, per_second: int) -> bool:
        """Count one call; False if it is over the limit within a moving window of one second."""
