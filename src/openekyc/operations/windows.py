"""Counting events by key in moving windows, in memory that an attacker with many keys cannot make grow."""

import ipaddress
from collections import OrderedDict, deque

from openekyc.clock import Clock
from openekyc.operations.proxies import as_address

MOST_KEYS = 4096  # then the key that was quiet longest is forgotten
PREFIX = 64  # bits of an IPv6 address that one subscriber has


class Windows:
    """At most `most` events of a key within `seconds`."""

    def __init__(self, most: int, seconds: float, clock: Clock, most_keys: int = MOST_KEYS) -> None:
        self._most, self._seconds, self._clock, self._most_keys = most, seconds, clock, most_keys
        self._events: OrderedDict[str, deque[float]] = OrderedDict()

    def hit(self, key: str) -> bool:
        """Count one event; False, and nothing counted, if there were too many."""
        now = self._clock()
        events = self._events.setdefault(key, deque())
        self._events.move_to_end(key)
        while events and not now - self._seconds < events[0] <= now:  # a clock that was put back forgets, too
            events.popleft()
        if len(events) >= self._most:
            return False
        events.append(now)
        if len(self._events) > self._most_keys:
            self._events.popitem(last=False)
        return True


def neighbourhood(host: str) -> str:
    """Whom an address counts as: an IPv4 address by itself, an IPv6 one with all of its /64. What is no address counts as one."""
    address = as_address(host)
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address.packed[: PREFIX // 8] + bytes(16 - PREFIX // 8), PREFIX)))
    return str(address or "")
