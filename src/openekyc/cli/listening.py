"""The address a server listens on, taken before anything else is started."""

import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from openekyc.errors import StartError

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - what stands for every address, and this machine's own of that family # nosec
RECEIVE_BYTES = 64 * 1024
"""What the system holds of a connection before it is read, and what one reading brings: with its own choice, megabytes of each stranger."""
NO_IPV6 = {errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL}


@contextmanager
def bound(host: str, port: int) -> Iterator[socket.socket]:
    """A bound socket that does not listen yet; at `::` it is one for IPv4 too. Raises StartError with a remedy."""
    sock: socket.socket | None = None
    try:
        family, kind, protocol, _, target = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        sock = socket.socket(family, kind, protocol)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if host == "::":
            with suppress(OSError):  # a system that keeps the families apart still serves IPv6
                sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BYTES)  # connections that it accepts have it from here
        sock.bind(target)
    except OSError as error:
        if sock is not None:
            sock.close()
        raise StartError(f"Cannot listen on {host} port {port}: {error.strerror or error}.", _remedy(host, error)) from None
    with sock:
        yield sock


def address(host: str, port: int) -> str:
    """The address as a URL that can be opened on this machine."""
    host = EVERYWHERE.get(host, host)
    return f"http://[{host.replace('%', '%25')}]:{port}" if ":" in host else f"http://{host}:{port}"


def _remedy(host: str, error: OSError) -> str:
    if host.startswith("["):
        return "Write the address without brackets."
    if ":" in host and error.errno in NO_IPV6:
        return "This machine has no such IPv6 address, or no IPv6 at all: choose one of its own, or --host 0.0.0.0 for every IPv4 address."
    return "Stop what uses it, or choose another with --port (0 picks a free one) or --host."
