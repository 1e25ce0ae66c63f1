"""What all connections of the server share: how many there may be, from whom, and how many bytes of bodies may be on their way at once.

Strangers are refused before anything of theirs is kept: by address (of IPv6 the /64, since a household has all of it), by the number of
descriptors the process may open, and by bytes. Refusals are counted, and told once a minute.
"""

import asyncio
import resource
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Literal, Protocol

import structlog

from openekyc.operations.proxies import Address, Proxies, as_address
from openekyc.settings import Settings

Reason = Literal["address", "descriptors", "head", "fields", "silent", "slow", "unread", "bytes", "encoding"]

HEAD = 65_536  # bytes of a request line and its headers
FIELDS = 100
HEAD_S = 10.0  # from the first moment to the last header
SILENT_S = 15.0  # without a byte of a body that is not whole
LEAST_RATE, GRACE_S = 20_000.0, 20.0  # bytes a second of a body, after so long
UNREAD_S = 60.0  # an answer nobody takes
SMALL = 65_536  # bytes of a body that has a place of its own in the budget, so that signed calls get through a flood
RESERVE = 8  # its share of the budget: one in so many
QUARTER = 4  # one address may have one in so many
MOST_DESCRIPTORS, SPARE_DESCRIPTORS = 65_536, 64
FEW_DESCRIPTORS = 256
TICK_S, TOLD_S = 1.0, 60.0


class Connection(Protocol):
    """What the doors ask of a connection."""

    taken: int

    def end(self, code: int | None, reason: Reason) -> None:
        """Answer `code` and close; None: close without a word."""

    def end_if_silent(self, now: float) -> None:
        """End it if it has kept everybody waiting for too long."""


class Doors:
    """One server's. `observe` is told of every refusal."""

    def __init__(self, settings: Settings, descriptors: int) -> None:
        self.most = max(1, descriptors - SPARE_DESCRIPTORS)
        self.budget = settings.bodies_max_bytes
        self.observe: Callable[[Reason], object] = lambda reason: None
        # Where there is room for few, one address takes half of it at most.
        self._per_address = min(settings.connections_per_address or self.most, max(1, self.most // 2))
        self._proxies = Proxies(settings.trusted_proxies)
        self._inside: set[Connection] = set()
        self._held: Counter[str] = Counter()
        self._bytes: Counter[str] = Counter()
        self._in_flight = 0
        self._refused: Counter[Reason] = Counter()

    def enter(self, connection: Connection, peer: str) -> tuple[str, Reason | None]:
        """The name under which the connection is counted ("" for a proxy of ours), and why it may not stay, if it may not."""
        name = self._name(peer)
        self._inside.add(connection)
        self._held[name] += 1
        if len(self._inside) > self.most:
            return name, "descriptors"
        if name and self._held[name] > self._per_address:
            return name, "address"
        return name, None

    def leave(self, connection: Connection, name: str) -> None:
        """It is gone."""
        if connection in self._inside:
            self._inside.discard(connection)
            _less(self._held, name, 1)

    def take(self, connection: Connection, name: str, size: int) -> None:
        """So many bytes more of its body are here. Whoever holds the most is ended where there are too many."""
        self._in_flight += size
        self._bytes[name] += size
        if name and self._bytes[name] > self.budget // QUARTER and connection.taken > SMALL:
            connection.end(503, "bytes")
            return
        if self._in_flight <= self.budget:
            return
        largest = max(self._inside, key=lambda one: one.taken)
        if largest.taken > SMALL or self._in_flight > self.budget + self.budget // RESERVE:
            largest.end(503, "bytes")

    def give_back(self, name: str, size: int) -> None:
        """So many bytes are done with."""
        self._in_flight -= size
        _less(self._bytes, name, size)

    def refused(self, reason: Reason) -> None:
        """Count one."""
        self._refused[reason] += 1
        self.observe(reason)

    async def watch(self) -> None:
        """End who keeps silent, and tell how many were refused. Runs until cancelled."""
        loop = asyncio.get_running_loop()
        told = loop.time()
        while True:
            await asyncio.sleep(TICK_S)
            self.look(loop.time())
            if self._refused and loop.time() - told >= TOLD_S:
                self.tell()
                told = loop.time()

    def look(self, now: float) -> None:
        """Once over all connections."""
        for one in tuple(self._inside):
            one.end_if_silent(now)

    def tell(self) -> None:
        """One line for all refusals since the last."""
        counts = {str(reason): count for reason, count in self._refused.items()}
        structlog.get_logger(__name__).warning("connections_refused", open=len(self._inside), **counts)
        self._refused.clear()

    def _name(self, peer: str) -> str:
        address = as_address(peer)
        return "" if self._proxies.trusts(address) else household(address)


def household(address: Address | None) -> str:
    """The address as one caller may change it least."""
    if address is None:
        return "unknown"
    return str(address) if address.version == 4 else ":".join(address.exploded.split(":")[:4])


def _less(counter: Counter[str], name: str, size: int) -> None:
    counter[name] -= size
    if counter[name] <= 0:
        del counter[name]


def raise_descriptors() -> int:
    """Let the process open as many descriptors as it may, and say how many that is."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, MOST_DESCRIPTORS)
    if soft == resource.RLIM_INFINITY:
        return MOST_DESCRIPTORS
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    if soft < FEW_DESCRIPTORS:
        remedy = "Raise the limit on open files of this service (LimitNOFILE, ulimit -n)."
        structlog.get_logger(__name__).warning("few_descriptors", limit=soft, remedy=remedy)
    return soft


def compressed(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether a body comes in another form than its own."""
    return any(name == b"content-encoding" and value.strip().lower() not in (b"", b"identity") for name, value in headers)
