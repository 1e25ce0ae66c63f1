"""RateLimiter in this process's memory, with an exact moving window (a counter per fixed window lets twice the limit through)."""

import time
from collections import deque

from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

SWEEP_AFTER = 4096  # hits; then whatever nobody counts any more is forgotten


class MovingWindowLimiter:
    """See `openekyc.sessions.ports.RateLimiter`. Memory cannot be down, so there is nothing to fail open for."""

    def __init__(self) -> None:
        self._windows = MovingWindowRateLimiter(_Windows())
        self._items: dict[int, RateLimitItemPerSecond] = {}

    async def hit(self, account: str, action: str, per_second: int) -> bool:
        item = self._items.setdefault(per_second, RateLimitItemPerSecond(per_second))
        return self._windows.hit(item, account, action)


class _Windows(MemoryStorage):
    """The library's own store starts a timer thread at nearly every hit to forget what expired, which costs more than the whole rest of a
    call; here a hit forgets its own window's past, and now and then everybody's."""

    def __init__(self) -> None:
        super().__init__()
        self._entries: dict[str, deque[float]] = {}
        self._hits = 0

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Whether `amount` more entries fit into the last `expiry` seconds; counts them if so."""
        now = time.monotonic()
        self._sweep(now - expiry)
        window = self._entries.setdefault(key, deque())
        while window and window[0] <= now - expiry:
            window.popleft()
        if len(window) + amount > limit:
            return False
        window.extend([now] * amount)
        return True

    def _sweep(self, before: float) -> None:
        self._hits += 1
        if self._hits % SWEEP_AFTER == 0:
            self._entries = {key: window for key, window in self._entries.items() if window and window[-1] > before}
