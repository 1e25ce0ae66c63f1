"""The rate limiter's promise to fail open: if it cannot count, the call passes and a metric tells."""

from collections.abc import Callable

import structlog

from openekyc.sessions.ports import RateLimiter


class FailOpen:
    """A RateLimiter around another. `failed` is told of every call that passed uncounted."""

    def __init__(self, limiter: RateLimiter, failed: Callable[[], None]) -> None:
        self._limiter, self._failed = limiter, failed

    async def hit(self, account: str, action: str, per_second: int) -> bool:
        try:
            return await self._limiter.hit(account, action, per_second)
        except (OSError, RuntimeError, TimeoutError) as error:
            self._failed()
            structlog.get_logger().warning("limiter_failed", action=action, error=type(error).__name__)
            return True
