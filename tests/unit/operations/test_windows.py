"""Counting in moving windows: exact, by the clock that is given, and in bounded memory."""

import pytest

from openekyc.operations.windows import Windows, neighbourhood
from tests.session_world import Hands


def test_a_window_moves() -> None:
    clock = Hands()
    windows = Windows(2, 10.0, clock)
    assert [windows.hit("a") for _ in range(3)] == [True, True, False]
    assert windows.hit("b")
    clock.now += 5
    assert not windows.hit("a")
    clock.now += 5
    assert [windows.hit("a") for _ in range(3)] == [True, True, False]


def test_what_was_refused_is_not_counted() -> None:
    clock = Hands()
    windows = Windows(1, 1.0, clock)
    assert windows.hit("a")
    for _ in range(3):
        clock.now += 0.25
        assert not windows.hit("a")
    clock.now += 0.25
    assert windows.hit("a")


def test_a_clock_that_is_put_back_shuts_nobody_out() -> None:
    clock = Hands()
    windows = Windows(1, 60.0, clock)
    assert windows.hit("a")
    clock.now -= 3600
    assert windows.hit("a")


def test_memory_is_bounded_however_many_keys_come() -> None:
    windows = Windows(3, 60.0, Hands(), most_keys=10)
    for number in range(1000):
        windows.hit(str(number))
    assert len(windows._events) == 10
    assert [windows.hit("999") for _ in range(3)] == [True, True, False]


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("garbage", ""),
    ],
)
def test_whom_an_address_counts_as(host: str, counted: str) -> None:
    assert neighbourhood(host) == counted
