"""What strangers without a key can do to a running server: memory, waits and answers, one line of JSON for each attack.

    python benchmarks/strangers.py PORT PID

The server runs on this machine; PID is its process. An honest caller asks /healthz beside every attack.
"""

import json
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

MB = 1 << 20
PATIENCE_S = 25.0
FEWEST = 50  # honest calls beside an attack, however soon it is over
POST = b"POST / HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n"
SIGNED = (
    b"x-tc-action: ApplyLivenessToken\r\nx-tc-timestamp: %d\r\n"
    b"authorization: TC3-HMAC-SHA256 Credential=AKIDNOBODY/%s/faceid/tc3_request, SignedHeaders=content-type;host, Signature=%s\r\n"
)
Connect = Callable[[], socket.socket]


def endless_headers(connect: Connect) -> str:
    """One connection sends header fields without end."""
    return flooded(connect(), b"GET / HTTP/1.1\r\nhost: a\r\n", b"a: " + b"x" * 65_000 + b"\r\n", 3000)


def endless_field(connect: Connect) -> str:
    """One field whose value does not end."""
    return flooded(connect(), b"GET / HTTP/1.1\r\nhost: a\r\na: ", b"x" * 65_536, 3000)


def long_address(connect: Connect) -> str:
    """A request line of 200 MB."""
    return flooded(connect(), b"GET /", b"x" * 65_536, 3052)


def endless_trailers(connect: Connect) -> str:
    """Trailers of a chunked body, without end."""
    return flooded(connect(), POST + b"transfer-encoding: chunked\r\n\r\n0\r\na: ", b"x" * 65_536, 3000)


def silent(connect: Connect) -> str:
    """300 connections that say nothing."""
    return all_ended(connect, 300, b"")


def half_heads(connect: Connect) -> str:
    """200 heads that stop half way."""
    return all_ended(connect, 200, POST)


def half_bodies(connect: Connect) -> str:
    """100 bodies of 9 MB, nobody's, that stop before their end."""
    day = time.strftime("%Y-%m-%d", time.gmtime()).encode()
    head = POST + SIGNED % (time.time(), day, b"0" * 64) + b"content-length: 9000000\r\n\r\n"
    return all_ended(connect, 100, head + b"x" * 8_000_000)


def flooded(one: socket.socket, head: bytes, piece: bytes, times: int) -> str:
    """The first line of the answer, or what ended the connection."""
    with one:
        with suppress(OSError):
            one.sendall(head)
            for _ in range(times):
                one.sendall(piece)
        try:
            return one.recv(100).split(b"\r\n")[0].decode() or "closed"
        except OSError as error:
            return type(error).__name__


def all_ended(connect: Connect, count: int, words: bytes) -> str:
    """How many of so many connections are still open after a while."""
    begin = time.monotonic()
    with ExitStack() as stack:
        waiting = [stack.enter_context(connect()) for _ in range(count)]
        for one in waiting:
            with suppress(OSError):
                one.sendall(words)
        while waiting and time.monotonic() - begin < PATIENCE_S:
            waiting = [one for one in waiting if is_open(one)]
            time.sleep(0.1)
        return f"{len(waiting)} of {count} open after {time.monotonic() - begin:.1f} s"


def is_open(one: socket.socket) -> bool:
    """Whether the server still keeps it."""
    one.setblocking(False)
    try:
        return bool(one.recv(65_536))
    except BlockingIOError:
        return True
    except OSError:
        return False


ATTACKS = (endless_headers, endless_field, long_address, endless_trailers, silent, half_heads, half_bodies)


class Honest(threading.Thread):
    """Asks all the while; `waits` in milliseconds, and the most memory seen, in bytes."""

    def __init__(self, connect: Connect, pid: int) -> None:
        super().__init__(daemon=True)
        self._connect, self._pid = connect, pid
        self.done, self.waits, self.failed, self.most = threading.Event(), list[float](), 0, 0

    def run(self) -> None:
        while not self.done.wait(0.02):
            begin = time.monotonic()
            try:
                with self._connect() as one:
                    one.sendall(b"GET /healthz HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
                    good = one.recv(100).startswith(b"HTTP/1.1 200")
            except OSError:
                good = False
            self.failed += not good
            self.waits.append(1000 * (time.monotonic() - begin))
            self.most = max(self.most, memory(self._pid))


def memory(pid: int) -> int:
    """Resident bytes of a process."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(1024 * int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def measured(port: int, pid: int) -> Iterator[dict[str, object]]:
    """One line for each attack, the first for none."""

    def connect() -> socket.socket:
        return socket.create_connection(("127.0.0.1", port), 10)

    # The honest caller has another address, or the limit of connections of the attacker's would bind it too.
    def honestly() -> socket.socket:
        return socket.create_connection(("127.0.0.1", port), 10, ("127.0.0.2", 0))

    for attack in (calm, *ATTACKS):
        before, honest = memory(pid), Honest(honestly, pid)
        honest.start()
        answer = attack(connect)
        while len(honest.waits) < FEWEST:
            time.sleep(0.1)
        honest.done.set()
        honest.join()
        waits = sorted(honest.waits)
        p99 = round(waits[int(0.99 * (len(waits) - 1))], 1)
        grown = round((honest.most - before) / MB, 1)
        yield {"attack": attack.__name__, "answer": answer, "grown_mb": grown, "p99_ms": p99, "calls": len(waits), "failed": honest.failed}


def calm(_connect: Connect) -> str:
    """No attack."""
    time.sleep(5)
    return ""


if __name__ == "__main__":
    for line in measured(int(sys.argv[1]), int(sys.argv[2])):
        print(json.dumps(line), flush=True)
