"""A session service over the in-memory ports and a clock that moves when told."""

import hashlib
from dataclasses import dataclass, field

from msgspec.structs import replace

from openekyc.engine.values import Verdict
from openekyc.sessions.model import ApiKey, Attempt, Session, Terms
from openekyc.sessions.service import SessionService
from openekyc.settings import Settings
from openekyc.storage.memory import MemoryAccountStore, MemoryBlobs, MemoryDispatcher, MemoryKeyStore, MemorySessionStore

KEY = ApiKey("AKIDexample", "secret", "acme", sandbox=False, created_at=0.0)
VIDEO = b"\x1a\x45\xdf\xa3 a webm recording of nobody in particular"
REFUSED = Verdict("1005", hint="follow_prompts")


class Hands:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class World:
    """Everything one test needs, and the usual sequences of calls."""

    settings: Settings = field(default_factory=Settings)
    clock: Hands = field(default_factory=Hands)
    store: MemorySessionStore = field(default_factory=MemorySessionStore)
    accounts: MemoryAccountStore = field(default_factory=MemoryAccountStore)
    blobs: MemoryBlobs = field(default_factory=MemoryBlobs)
    dispatcher: MemoryDispatcher = field(default_factory=MemoryDispatcher)
    keys: MemoryKeyStore = field(default_factory=lambda: MemoryKeyStore(MemoryAccountStore()))

    def __post_init__(self) -> None:
        self.service = SessionService(self.store, self.accounts, self.blobs, self.dispatcher, self.clock, self.settings)

    def set(self, **changes: object) -> None:
        self.settings = replace(self.settings, **changes)
        self.__post_init__()

    async def issue(self, *, sandbox: bool = False, reference: bytes | None = None, **terms: object) -> Session:
        return await self.service.issue(replace(KEY, sandbox=sandbox), Terms(family="liveness", **terms), reference)  # type: ignore[arg-type]

    async def begin(self, token: str) -> tuple[str, int, str]:
        """Token, number and nonce of a new attempt."""
        _, attempt = await self.service.begin(token)
        return token, attempt.number, attempt.challenge.nonce

    async def put(self, attempt: tuple[str, int, str], data: bytes, offset: int = 0) -> int:
        return await self.service.accept_slice(*attempt, offset, data, sha(data))

    async def record(self, attempt: tuple[str, int, str], data: bytes = VIDEO) -> None:
        """Everything up to and including the submission."""
        if (await self.stored(attempt)).level >= 3:
            await self.service.disclose_light(*attempt)
        await self.put(attempt, data)
        await self.service.submit(*attempt, len(data), sha(data))

    async def judged(self, token: str, verdict: Verdict) -> tuple[str, int, str]:
        """A whole attempt that ends in `verdict`."""
        attempt = await self.begin(token)
        await self.record(attempt)
        assert await self.service.conclude(token, attempt[1], verdict)
        return attempt

    async def session(self, token: str) -> Session:
        found = await self.store.session(token)
        assert found
        return found

    async def stored(self, attempt: tuple[str, int, str]) -> Attempt:
        found = await self.store.attempt(attempt[0], attempt[1])
        assert found
        return found


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
