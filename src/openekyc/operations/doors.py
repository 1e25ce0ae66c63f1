"""What all connections of a server process share: how many there are, from where, and how many were refused."""

import ipaddress
from collections import Counter
from collections.abc import Callable

import msgspec
import structlog

from openekyc.operations.proxies import Proxies, as_address

MOST_DESCRIPTORS = 65_536
RESERVE = 64  # descriptors for the database, recordings, engine processes and logs
SAID_EVERY_S = 60.0


class Limits(msgspec.Struct, frozen=True):
    """What one connection may take. Bytes, counts, seconds and bytes a second."""

    head_bytes: int = 65_536
    fields: int = 100
    head_s: float = 10.0
    silent_s: float = 15.0
    grace_s: float = 20.0
    least_rate: float = 2_000.0
    unread_s: float = 30.0


class Doors:
    """Counts connections by address; refuses those beyond the limits and says so once a minute."""

    def __init__(self, per_address: int, most: int, proxies: Proxies, limits: Limits | None = None) -> None:
        """`per_address` does not bind trusted proxies; `most` binds everybody."""
        self.limits = limits or Limits()
        # Where there is room for few, one address takes half of it at most.
        self._per_address, self._most, self._proxies = min(per_address, max(1, most // 2)), most, proxies
        self._held: Counter[str] = Counter()
        self._open = 0
        self._unsaid: Counter[str] = Counter()
        self._said = float("-inf")
        self.observe: Callable[[str], None] = lambda why: None

    def enter(self, peer: str) -> str | None:
        """The key to `leave` with, or None if the connection is refused."""
        key = block(peer)
        free = not key or self._proxies.trusts(as_address(peer))
        if self._open >= self._most:
            self.refused("descriptors")
            return None
        if not free and self._held[key] >= self._per_address:
            self.refused("address")
            return None
        self._open += 1
        self._held[key] += 1
        return key

    def leave(self, key: str) -> None:
        """A connection that entered has ended."""
        self._open -= 1
        self._held[key] -= 1
        if not self._held[key]:
            del self._held[key]

    def refused(self, why: str) -> None:
        """Count what was refused or closed, by one of a few words."""
        self._unsaid[why] += 1
        self.observe(why)

    def tell(self, now: float) -> None:
        """Log what was refused since the last line, at most once a minute."""
        if self._unsaid and now - self._said >= SAID_EVERY_S:
            structlog.get_logger(__name__).warning("connections_refused", **self._unsaid, setting="connections_per_address")
            self._unsaid, self._said = Counter(), now


def block(peer: str) -> str:
    """What counts as one address: an IPv4 address, or the /64 of an IPv6 one; "" if unknown."""
    address = as_address(peer)
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return "" if address is None else str(address)


def most_connections() -> int:
    """Raise the soft limit of descriptors to the hard one, at most 65,536; how many of them connections may take."""
    try:
        import resource
    except ImportError:  # no such limits there
        return MOST_DESCRIPTORS - RESERVE
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    unlimited = resource.RLIM_INFINITY
    goal = MOST_DESCRIPTORS if hard == unlimited else min(hard, MOST_DESCRIPTORS)
    if soft != unlimited and soft < goal:
        resource.setrlimit(resource.RLIMIT_NOFILE, (goal, hard))
        soft = goal
    soft = MOST_DESCRIPTORS if soft == unlimited else soft
    return max(1, min(soft, MOST_DESCRIPTORS) - RESERVE)
