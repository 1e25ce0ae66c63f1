"""Who may ask at all, before anything of a request is read: the token must be known and its key must stand; then how often.

A known token is counted by itself alone, so that neighbours behind one address cannot shut it out. Only tokens that nobody issued are
counted by address."""

from collections import OrderedDict

import msgspec
import structlog
from starlette.requests import Request

from openekyc.capture.problems import TooManyUnknown
from openekyc.clock import Clock
from openekyc.errors import SessionBusy, TokenExpired, TokenUnknown
from openekyc.operations.windows import Windows, neighbourhood
from openekyc.sessions.origin import ended
from openekyc.sessions.ports import KeyStore
from openekyc.sessions.service import SessionService

REQUESTS_PER_SECOND = 50  # of one token: a session makes some fifty in a minute
POLLS_PER_SECOND = 2  # for the outcome
UNKNOWN_PER_MINUTE = 10  # tokens from one address
STREAMS = 2  # open at once for one token
REMEMBERED = 4096  # tokens
TELL_EVERY_S = 60.0


class Origin(msgspec.Struct, frozen=True):
    """What of a session never changes and is asked for at every request."""

    secret_id: str
    account: str
    created_at: float


class Admission:
    """The counters of one server. `clock`: Unix seconds."""

    def __init__(self, service: SessionService, keys: KeyStore, clock: Clock) -> None:
        self._service, self._keys = service, keys
        self._requests = Windows(REQUESTS_PER_SECOND, 1.0, clock)
        self._polls = Windows(POLLS_PER_SECOND, 1.0, clock)
        self._unknown = Windows(UNKNOWN_PER_MINUTE, 60.0, clock)
        self._known: OrderedDict[str, Origin] = OrderedDict()
        self._streams: dict[str, int] = {}
        self._clock, self._refused, self._told = clock, 0, float("-inf")

    async def admit(self, request: Request, token: str, *, poll: bool = False) -> None:
        """Count one request of a token. Raises TokenUnknown, TooManyUnknown or SessionBusy."""
        await self._origin(request, token)
        if not self._requests.hit(token) or (poll and not self._polls.hit(token)):
            raise SessionBusy("Too many requests of this token in a second.")

    async def check(self, request: Request, token: str) -> None:
        """Raises TokenExpired if the key that the token came from was disabled, else as `admit`, without counting a known token."""
        origin = await self._origin(request, token)
        if await ended(self._keys, origin.secret_id, origin.account, origin.created_at):
            raise TokenExpired

    async def _origin(self, request: Request, token: str) -> Origin:
        if (known := self._known.get(token)) is not None:
            return known
        try:
            session = await self._service.known(token)
        except TokenUnknown:
            self.count_unknown(request)
            raise
        origin = Origin(session.secret_id, session.account, session.created_at)
        self._known[token] = origin
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return origin

    def count_unknown(self, request: Request) -> None:
        """Count a token or code that does not exist against its sender's address. Raises TooManyUnknown."""
        if not self._unknown.hit(neighbourhood(request.client.host if request.client else "")):
            self._tell()
            raise TooManyUnknown from None

    def _tell(self) -> None:
        """Once a minute, how many were refused; a line for each would let strangers fill the disk."""
        self._refused += 1
        now = self._clock()
        if not self._told <= now < self._told + TELL_EVERY_S:
            structlog.get_logger(__name__).warning("unknown_tokens_refused", count=self._refused)
            self._refused, self._told = 0, now

    def enter_stream(self, token: str) -> None:
        """Count an open stream. Raises SessionBusy if the token has enough of them."""
        if self._streams.get(token, 0) >= STREAMS:
            raise SessionBusy("Too many streams of this token at once.")
        self._streams[token] = self._streams.get(token, 0) + 1

    def leave_stream(self, token: str) -> None:
        """Stop counting it."""
        left = self._streams.pop(token) - 1
        if left:
            self._streams[token] = left
