"""Who a request comes from when proxies stand in front: what X-Forwarded-For and X-Forwarded-Proto say, from trusted peers alone."""

import ipaddress
from collections.abc import Iterable, Sequence

import structlog
from starlette.types import Scope

from openekyc.setting_values import as_network

FOR, PROTO = b"x-forwarded-for", b"x-forwarded-proto"
MOST_HOPS = 32
REMEDY = "If this peer is your proxy, name its address in the setting trusted_proxies."

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Proxies:
    """The trusted ones, as addresses and networks. Says once if anybody else sends what only they are believed."""

    def __init__(self, trusted: Sequence[str]) -> None:
        self._networks = tuple(as_network(text) for text in trusted)
        self._warned = False

    def believe(self, scope: Scope) -> None:
        """Put the client's address and scheme, as trusted proxies tell them, into `scope`. Headers stay as they came."""
        if self._warned and not self._networks:
            return
        sent = [(name, value) for name, value in scope["headers"] if name in (FOR, PROTO)]
        if not sent:
            return
        peer = (scope.get("client") or ("", 0))[0]
        if not self.trusts(as_address(peer)):
            self._warn(peer)
            return
        _take_scheme(scope, [value for name, value in sent if name == PROTO])
        self._take_client(scope, b",".join(value for name, value in sent if name == FOR))

    def trusts(self, address: Address | None) -> bool:
        """Whether this is one of the operator's proxies."""
        return address is not None and any(address in network for network in self._networks)

    def _take_client(self, scope: Scope, chain: bytes) -> None:
        """The right-most address that is no proxy of ours: what stands left of it was written by strangers."""
        if not chain.strip(b", \t"):
            return
        client: Address | None = None
        for text in reversed(chain.decode("latin-1").rsplit(",", MOST_HOPS)[-MOST_HOPS:]):
            client = as_address(_without_port(text.strip()))
            if not self.trusts(client):
                break
        # Neither readable nor the proxy itself: nobody is known, least of all somebody on this machine.
        scope["client"] = None if client is None else (str(client), 0)

    def _warn(self, peer: str) -> None:
        if not self._warned:
            self._warned = True
            structlog.get_logger(__name__).warning("forwarded_header_ignored", peer=peer, setting="trusted_proxies", remedy=REMEDY)


def as_address(text: str) -> Address | None:
    """An address, IPv4 inside IPv6 taken for IPv4; None if it is none."""
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return mapped or found


def _without_port(text: str) -> str:
    """`1.2.3.4:56`, `[::1]:56` and `[::1]` as the address alone."""
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0] if text.count(":") == 1 else text


def _take_scheme(scope: Scope, values: Iterable[bytes]) -> None:
    """What the nearest proxy says, which is the last."""
    last = b",".join(values).rpartition(b",")[2].strip().lower()
    if last in (b"http", b"https"):
        scope["scheme"] = last.decode()
