"""Refusing a signed call that came before, for operators who ask for it: the setting `refuse_repeated_signatures`."""

from collections import OrderedDict
from hashlib import sha256

import structlog

from openekyc.clock import Clock
from openekyc.wire.call import Call, OldSignature
from openekyc.wire.codes import SignatureExpire

MOST = 100_000  # remembered; about 25 MB
WARN_EVERY_S = 60.0


class Repeats:
    """What was signed within the window. In memory: a restart forgets it, and so does the oldest of more than MOST."""

    def __init__(self, clock: Clock, window_s: int, most: int = MOST) -> None:
        self._clock, self._window_s, self._most = clock, window_s, most
        self._seen: OrderedDict[bytes, float] = OrderedDict()  # until when each could come again
        self._warned = float("-inf")

    def check(self, call: Call) -> None:
        """Remember a call whose signature holds. Raises SignatureExpire if it came before."""
        now = self._clock()
        marks = _marks(call)
        self._forget(now)
        if any(self._seen.get(mark, now) > now for mark in marks):
            raise SignatureExpire(
                "This signature, or the Nonce of a v1 call, was used before. Please sign the request again.",
                "该签名或 v1 请求的 Nonce 已被使用，请重新签名后再发起请求。",
            )
        until = call.timestamp + self._window_s + 1.0
        for mark in marks:
            self._seen[mark] = until
            self._seen.move_to_end(mark)

    def _forget(self, now: float) -> None:
        while self._seen and next(iter(self._seen.values())) <= now:
            self._seen.popitem(last=False)
        if len(self._seen) < self._most:
            return
        while len(self._seen) >= self._most:
            self._seen.popitem(last=False)
        if now - self._warned >= WARN_EVERY_S:
            self._warned = now
            structlog.get_logger(__name__).warning("signatures_forgotten", most=self._most, setting="refuse_repeated_signatures")


def _marks(call: Call) -> tuple[bytes, ...]:
    """The signature, since the text under a v1 one can be cut into other parameters, another Nonce among them; and of v1 the Nonce."""
    if not isinstance(call.credential, OldSignature):
        return (_mark("v3", call.secret_id, call.credential.signature.decode("latin-1")),)
    nonce = next((value for name, value in reversed(call.pairs) if name == "Nonce"), None)
    signed = _mark("v1", call.secret_id, call.credential.signature)
    return (signed,) if nonce is None else (signed, _mark("nonce", call.secret_id, str(call.timestamp), nonce))


def _mark(*parts: str) -> bytes:
    return sha256("\n".join(parts).encode("utf-8", "surrogateescape")).digest()[:16]
