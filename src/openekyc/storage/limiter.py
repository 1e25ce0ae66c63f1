"""RateLimiter in this process's memory, with an exact moving window (a counter per fixed window lets twice the limit through)."""

from limits import RateLimitItemPerSecond
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter


class MovingWindowLimiter:
    """See `openekyc.sessions.ports.RateLimiter`. Memory cannot be down, so there is nothing to fail open for."""

    def __init__(self) -> None:
        self._windows = MovingWindowRateLimiter(MemoryStorage())

    async def hit(self, account: str, action: str, per_second: int) -> bool:
        return await self._windows.hit(RateLimitItemPerSecond(per_second), account, action)
