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


async def test_the_window_moves_in_the_server_too(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [10.0]
    monkeypatch.setattr("openekyc.storage.limiter.time.monotonic", lambda: now[0])
    limiter = MovingWindowLimiter()
    assert [await limiter.hit("a", "x", 2) for _ in range(3)] == [True, True, False]
    now[0] = 10.9
    assert not await limiter.hit("a", "x", 2)
    now[0] = 11.1
    assert [await limiter.hit("a", "x", 2) for _ in range(3)] == [True, True, False]


async def test_forgetting_what_nobody_counts_frees_nobody_early(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openekyc.storage.limiter.SWEEP_AFTER", 3)
    limiter = MovingWindowLimiter()
    assert await limiter.hit("a", "x", 1)
    for account in "bcdefgh":
        assert await limiter.hit(account, "x", 1)
    assert not await limiter.hit("a", "x", 1)
