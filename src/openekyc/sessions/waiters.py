"""Waking those who wait for a session's outcome in this process. Other processes' conclusions are found by their next look."""

import asyncio
from collections import defaultdict

from openekyc.errors import SessionBusy

MOST_PER_TOKEN = 8  # open streams; a page needs one


class Waiters:
    """Events by token."""

    def __init__(self) -> None:
        self._events: defaultdict[str, set[asyncio.Event]] = defaultdict(set)

    def enter(self, token: str) -> asyncio.Event:
        """Start to wait: an event that the next `wake` sets. Raises SessionBusy over MOST_PER_TOKEN."""
        if len(self._events.get(token, ())) >= MOST_PER_TOKEN:
            raise SessionBusy
        event = asyncio.Event()
        self._events[token].add(event)
        return event

    def leave(self, token: str, event: asyncio.Event) -> None:
        """Stop to wait."""
        self._events[token].discard(event)
        if not self._events[token]:
            del self._events[token]

    def wake(self, token: str) -> None:
        """Something changed for good."""
        for event in self._events.get(token, ()):
            event.set()
