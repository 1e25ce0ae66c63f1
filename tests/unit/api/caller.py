"""The endpoint with in-memory ports, called as the server would: what goes in is ASGI, what comes out is parsed as a client would."""

import json
from dataclasses import dataclass, field
from typing import Any

from openekyc.api.endpoint import ApiEndpoint
from openekyc.api.media import Links, MediaEndpoint
from openekyc.sessions.model import ApiKey
from openekyc.sessions.service import SessionService
from openekyc.settings import Settings
from openekyc.storage.memory import MemoryAccountStore, MemoryBlobs, MemoryDispatcher, MemoryKeyStore, MemoryRateLimiter, MemorySessionStore
from openekyc.wire.call import Request
from tests.declared import faults
from tests.unit.wire.signer import NOW, SECRET_ID, SECRET_KEY, Tc3, old_request

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (160).to_bytes(4, "big") + (90).to_bytes(4, "big")


class Time:
    """A clock that stands still until moved."""

    def __init__(self) -> None:
        self.now = float(NOW)

    def __call__(self) -> float:
        return self.now


@dataclass
class Answer:
    """What came back. `code` is "" for success."""

    status: int
    headers: dict[bytes, bytes]
    body: bytes

    @property
    def response(self) -> dict[str, Any]:
        response: dict[str, Any] = json.loads(self.body)["Response"]
        return response

    @property
    def code(self) -> str:
        return str(self.response["Error"]["Code"]) if "Error" in self.response else ""


async def ask(app: Any, request: Request, *, pieces: list[bytes] | None = None, path: str = "/") -> Answer:
    """Send one request; `pieces` delivers the body in several messages and keeps those that were not read."""
    waiting = pieces if pieces is not None else [request.body]
    headers = dict(request.headers)
    if size := sum(map(len, waiting)):
        headers[b"content-length"] = b"%d" % size
    scope = {
        "type": "http", "method": request.method, "path": path, "query_string": request.query, "headers": list(headers.items()),
        "scheme": "https" if request.secure else "http",
    }  # fmt: skip
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": waiting.pop(0), "more_body": bool(waiting)}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return Answer(sent[0]["status"], dict(sent[0]["headers"]), b"".join(message["body"] for message in sent[1:]))


@dataclass
class Api:
    """Everything one test needs."""

    clock: Time = field(default_factory=Time)
    settings: Settings = field(default_factory=Settings)
    observed: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.blobs, self.accounts, self.store = MemoryBlobs(), MemoryAccountStore(), MemorySessionStore()
        self.keys = MemoryKeyStore(self.accounts)
        self.sessions = SessionService(self.store, self.accounts, self.blobs, MemoryDispatcher(), self.clock, self.settings)
        self.links = Links(b"secret of the links", self.settings.link_seconds, self.clock)
        self.endpoint = ApiEndpoint(
            self.keys, self.sessions, MemoryRateLimiter(self.clock), self.links, self.clock, self.settings, self._observe
        )
        self.media = MediaEndpoint(self.links, self.keys, self.blobs)

    def _observe(self, action: str, code: str, _seconds: float) -> None:
        self.observed.append((action, code))

    async def add_key(self, secret_id: str = SECRET_ID, account: str = "acme", **more: Any) -> ApiKey:
        key = ApiKey(secret_id, SECRET_KEY, account, created_at=NOW, **{"sandbox": False, **more})
        await self.keys.add(key)
        return key

    async def send(self, request: Request, **more: Any) -> Answer:
        return await ask(self.endpoint, request, **more)

    async def call(self, action: str, parameters: Any = None, **more: Any) -> Answer:
        """A signed v3 JSON call; each at another second, so that the rate limit keeps out of the way."""
        self.clock.now += 2
        body = parameters if isinstance(parameters, bytes) else json.dumps(parameters or {}).encode()
        answer = await self.send(Tc3(action, body, **{"timestamp": int(self.clock.now), **more}).request())
        assert not faults(action, answer.response)
        return answer

    async def call_old(self, fields: dict[str, Any], method: str = "POST", **more: Any) -> Answer:
        self.clock.now += 2
        return await self.send(old_request({**fields, "Timestamp": int(self.clock.now)}, method, **more))

    async def token(self, action: str, **parameters: Any) -> str:
        answer = await self.call(action, parameters)
        return str(answer.response["SdkToken"])
