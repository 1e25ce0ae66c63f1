"""The address a server listens on, taken before anything else is started."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from openekyc.errors import StartError


@contextmanager
def bound(host: str, port: int) -> Iterator[socket.socket]:
    """A bound socket that does not listen yet. Raises StartError with a remedy if the address cannot be had."""
    try:
        family, kind, protocol, _, target = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        sock = socket.socket(family, kind, protocol)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(target)
    except OSError as error:
        remedy = "Stop what uses it, or choose another with --port (0 picks a free one) or --host."
        raise StartError(f"Cannot listen on {host} port {port}: {error.strerror or error}.", remedy) from None
    with sock:
        yield sock


def address(host: str, port: int) -> str:
    """The address as a URL."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
