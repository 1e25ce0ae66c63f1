"""Every RateLimiter lets exactly the limit through, for each account and action."""

import time

import pytest

from openekyc.sessions.ports import RateLimiter
from openekyc.storage.limiter import MovingWindowLimiter
from openekyc.storage.memory import MemoryRateLimiter


@pytest.fixture(params=["memory", "moving window"])
def limiter(request: pytest.FixtureRequest) -> RateLimiter:
    return MemoryRateLimiter(time.time) if request.param == "memory" else MovingWindowLimiter()


async def test_the_limit_holds_for_each_account_and_action(limiter: RateLimiter) -> None:
    for account, action in (("a", "Apply"), ("a", "Get"), ("b", "Apply")):
        began = time.time()
        passed = [await limiter.hit(account, action, 20) for _ in range(25)]
        assert time.time() - began < 1.0
        assert passed == [True] * 20 + [False] * 5


async def test_the_window_moves() -> None:
    now = [10.0]
    limiter = MemoryRateLimiter(lambda: now[0])
    assert [await limiter.hit("a", "x", 2) for _ in range(3)] == [True, True, False]
    now[0] = 10.9
    assert not await limiter.hit("a", "x", 2)
    now[0] = 11.1
    assert await limiter.hit("a", "x", 2)
