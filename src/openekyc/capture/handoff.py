"""Handing a session over to another device: a code for one use, so that what a camera saw of the screen is worth nothing afterwards."""

import secrets
from collections import OrderedDict

import msgspec

from openekyc.capture.problems import HandoffInvalid
from openekyc.clock import Clock

SECONDS = 300.0
BYTES = 18  # random ones of a code, 24 letters
MOST = 4096  # codes; then the oldest is forgotten


class Offer(msgspec.Struct, frozen=True):
    """What a code stands for."""

    token: str
    until: float


class Handoffs:
    """Codes in memory: a restart forgets them, and the page asks for another. A token has one at a time, the newest."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._offers: OrderedDict[str, Offer] = OrderedDict()
        self._codes: dict[str, str] = {}  # by token

    def offer(self, token: str) -> str:
        """A code for the token that works once, within SECONDS."""
        self._drop(self._codes.get(token, ""))
        while len(self._offers) >= MOST:
            self._drop(next(iter(self._offers)))
        code = secrets.token_urlsafe(BYTES)
        self._offers[code], self._codes[token] = Offer(token, self._clock() + SECONDS), code
        return code

    def take(self, code: str) -> str:
        """The token. Raises HandoffInvalid for a code that is unknown, used or too old."""
        offer = self._drop(code)
        if offer is None or self._clock() >= offer.until:
            raise HandoffInvalid
        return offer.token

    def _drop(self, code: str) -> Offer | None:
        offer = self._offers.pop(code, None)
        if offer is not None:
            self._codes.pop(offer.token, None)
        return offer
