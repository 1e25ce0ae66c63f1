"""Strangers against a running server: what each attack costs in memory, how long honest tokens wait meanwhile, and how it is answered.

Each attack runs against a server of its own, from one address (127.0.0.1), while an honest caller at another (127.0.0.2) asks for a token
after the other. Aims: +60 MB for who has no SecretId, 1.5 times the budget of bodies (64 MiB here) for who has one, honest p99 at most 5
times its value without an attacker, silent connections closed within 20 s.

Usage: python benchmarks/strangers.py [--seconds 12] [--only NAME,...] [--out FILE]
"""

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(1, str(Path(__file__).parent.parent))

import msgspec
from load import signed_call
from memory import megabytes
from rigging import new_keys
from tokens import openekyc

BUDGET = 64 << 20
HONEST, STRANGER = "127.0.0.2", "127.0.0.1"
BODY = b'{"SecureLevel": "4"}'


class Target(msgspec.Struct, frozen=True):
    """The server under attack, and a SecretId that it knows."""

    port: int
    secret_id: str
    secret_key: str
    seconds: float


class Result(msgspec.Struct, frozen=True):
    """What one attack did."""

    attack: str
    memory_mb: float  # beyond what the server had before
    p99_ms: float
    times: float  # the honest p99 against that without an attacker
    honest: int
    failed: int  # honest calls
    answers: dict[str, int]
    met: bool


async def opened(target: Target, source: str = STRANGER) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", target.port, local_addr=(source, 0))


async def talk(target: Target, *pieces: bytes, pause: float = 0.0, until: float = 0.0) -> str:
    """Send the pieces, one after the other and again from the last until `until`; the status that came, or how it ended."""
    try:
        reader, writer = await opened(target)
        for piece in pieces:
            writer.write(piece)
            await asyncio.wait_for(writer.drain(), 30)
        while time.monotonic() < until and not reader.at_eof():
            writer.write(pieces[-1])
            await asyncio.wait_for(writer.drain(), 30)
            await asyncio.sleep(pause)
        line = await asyncio.wait_for(reader.readline(), 30)
        writer.close()
        return line.split(b" ")[1].decode() if line else "closed"
    except (OSError, IndexError):
        return "closed"
    except TimeoutError:
        return "still open"


def call(target: Target, body: int, *, known: bool) -> bytes:
    """The head of a call with so large a body, by somebody who knows a SecretId or by nobody."""
    whole = signed_call(
        f"127.0.0.1:{target.port}", target.secret_id if known else "AKIDNOBODY", "wrong", "ApplyLivenessToken", BODY, int(time.time())
    )
    head = whole.split(b"\r\n\r\n")[0]
    return b"\r\n".join(line for line in head.split(b"\r\n") if not line.lower().startswith(b"content-length")) + (
        b"\r\nContent-Length: %d\r\n\r\n" % body
    )


# --- the attacks ----------------------------------------------------------------------------------------------------------


async def many(count: int, work: Callable[[], Awaitable[str]]) -> Counter[str]:
    return Counter(await asyncio.gather(*(work() for _ in range(count))))


async def endless_headers(target: Target) -> Counter[str]:
    """Headers without end, on a few connections again and again."""
    found: Counter[str] = Counter()
    end = time.monotonic() + target.seconds
    while time.monotonic() < end:
        found += await many(8, lambda: talk(target, b"GET / HTTP/1.1\r\n", *[b"X-A: " + b"a" * 60_000 + b"\r\n"] * 200))
    return found


async def long_urls(target: Target) -> Counter[str]:
    """A request line of 200 MB."""
    return await many(2, lambda: talk(target, b"GET /", *[b"a" * 1_000_000] * 200))


async def silence(target: Target) -> Counter[str]:
    """Connections that say nothing: as many as the server takes, and more."""
    return await many(300, lambda: talk(target))


async def half_heads(target: Target) -> Counter[str]:
    """Heads that come byte by byte."""
    end = time.monotonic() + target.seconds + 10
    return await many(100, lambda: talk(target, b"GET / HTTP/1.1\r\nX: ", b"a", pause=1.0, until=end))


async def strangers_bodies(target: Target) -> Counter[str]:
    """Ten megabytes by nobody we know, on a hundred connections."""
    return await many(100, lambda: talk(target, call(target, 10_000_000, known=False), *[bytes(100_000)] * 99))


async def known_bodies(target: Target) -> Counter[str]:
    """The same by somebody who knows a SecretId."""
    return await many(100, lambda: talk(target, call(target, 10_000_000, known=True), *[bytes(100_000)] * 99))


async def slow_bodies(target: Target) -> Counter[str]:
    """Bodies that stop in the middle."""
    return await many(100, lambda: talk(target, call(target, 10_000_000, known=True), bytes(500_000)))


async def unknown_tokens(target: Target) -> Counter[str]:
    """Tokens that do not exist, as fast as they go."""
    head = b"POST /capture/v1/session HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %032d\r\n"
    head += b"Content-Length: 2\r\nConnection: close\r\n\r\n{}"
    found: Counter[str] = Counter()
    end = time.monotonic() + target.seconds
    while time.monotonic() < end:
        found += await many(20, lambda: talk(target, head % time.monotonic_ns()))
    return found


async def strangers_forms(target: Target) -> Counter[str]:
    """Old calls, which name their key in the body: a megabyte each that stops short of its end."""
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000000\r\n\r\n"
    return await many(200, lambda: talk(target, head, *[b"a" * 99_000] * 10))


async def pipelined(target: Target) -> Counter[str]:
    """Requests by the thousand that wait for each other."""
    work, more = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n" * 14_000
    return await many(100, lambda: talk(target, work, b"{}" + more, *[more] * 4))


async def tiny_chunks(target: Target) -> Counter[str]:
    """Bodies in chunks of one byte, by somebody who knows a SecretId."""
    head = call(target, 2, known=True).replace(b"Content-Length: 2", b"Transfer-Encoding: chunked")
    return await many(20, lambda: talk(target, head, *[b"1\r\nx\r\n" * 10_000] * 30, b"0\r\n\r\n"))


async def endless_trailers(target: Target) -> Counter[str]:
    """Fields without end behind a body."""
    head = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n"
    return await many(20, lambda: talk(target, head, *[b"X-A: " + b"a" * 60_000 + b"\r\n"] * 100))


ATTACKS = {
    attack.__name__: attack
    for attack in (
        endless_headers,
        long_urls,
        silence,
        half_heads,
        strangers_bodies,
        known_bodies,
        slow_bodies,
        unknown_tokens,
        strangers_forms,
        pipelined,
        tiny_chunks,
        endless_trailers,
    )
}
KNOWN = {"known_bodies", "slow_bodies", "tiny_chunks"}


# --- measuring ------------------------------------------------------------------------------------------------------------


async def honest(target: Target) -> None:
    """The seconds of one honest call after the other, a line each, infinite where one failed; until somebody ends the process."""
    while True:
        begin = time.monotonic()
        try:
            reader, writer = await opened(target, HONEST)
            address = f"127.0.0.1:{target.port}"
            writer.write(signed_call(address, target.secret_id, target.secret_key, "ApplyLivenessToken", BODY, int(time.time())))
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)
            size = next(int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length"))
            answer = json.loads(await asyncio.wait_for(reader.readexactly(size), 30))
            print(time.monotonic() - begin if "SdkToken" in answer["Response"] else float("inf"), flush=True)
            writer.close()
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            print(float("inf"), flush=True)
        await asyncio.sleep(0.05)


@contextmanager
def calling(target: Target) -> Iterator[list[float]]:
    """An honest caller in a process of its own, so that the attacker's work does not count as waiting; its times when it has ended."""
    times: list[float] = []
    command = [sys.executable, __file__, "--honest", msgspec.json.encode(target).decode()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as caller:
        assert caller.stdout
        caller.stdout.readline()  # the first call connects and loads
        yield times
        caller.terminate()
        times += [float(line) for line in caller.stdout if line.endswith("\n")]


Attack = Callable[[Target], Awaitable[Counter[str]]]


async def _again(target: Target, attack: Attack) -> Counter[str]:
    """The attack, as often as fits into its time."""
    found, end = await attack(target), time.monotonic() + target.seconds
    while time.monotonic() < end:
        found += await attack(target)
    return found


async def watched(
    target: Target, pid: int, attack: Callable[[Target], Awaitable[Counter[str]]] | None
) -> tuple[float, list[float], Counter[str]]:
    """Memory beyond the start, the honest times, and the answers."""
    before, most = megabytes(pid, "Rss"), 0.0
    with calling(target) as times:
        running = asyncio.create_task(_again(target, attack or _nothing))
        while not running.done():
            most = max(most, megabytes(pid, "Rss"))
            await asyncio.sleep(0.1)
    return most - before, times, await running


async def _nothing(target: Target) -> Counter[str]:
    await asyncio.sleep(target.seconds)
    return Counter()


def p99(times: list[float]) -> float:
    good = sorted(one for one in times if one != float("inf"))
    return 1000 * (statistics.quantiles(good, n=100)[98] if len(good) > 2 else float("inf"))


def run(name: str, seconds: float) -> tuple[float, list[float], Counter[str]]:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        ((secret_id, secret_key),) = new_keys(home, ["acme"], sandbox=False)
        with openekyc(home, bodies_in_flight_bytes=BUDGET) as (pid, port):
            target = Target(port, secret_id, secret_key, seconds)
            asyncio.run(watched(msgspec.structs.replace(target, seconds=2.0), pid, None))  # what the first calls load
            try:
                return asyncio.run(watched(target, pid, ATTACKS.get(name)))
            except ProcessLookupError:
                sys.exit(f"{name}: the server is gone. The end of its log:\n{(home / 'log').read_text()[-4000:]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=12.0)
    parser.add_argument("--only", default=",".join(ATTACKS))
    parser.add_argument("--out", type=Path)
    parser.add_argument("--honest", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.honest:
        asyncio.run(honest(msgspec.json.decode(given.honest, type=Target)))
    _, times, _ = run("", given.seconds)
    usual = p99(times)
    print(f"without an attacker: honest p99 {usual:.1f} ms over {len(times)} calls")
    print(f"{'attack':18}{'memory MB':>10}{'p99 ms':>8}{'times':>7}{'failed':>8}  answers")
    for name in given.only.split(","):
        grown, times, answers = run(name, given.seconds)
        most = 1.5 * BUDGET / 1e6 if name in KNOWN else 60.0
        late, failed = p99(times), sum(one == float("inf") for one in times)
        met = grown <= most and late <= 5 * usual and not failed
        found = Result(name, round(grown, 1), round(late, 1), round(late / usual, 2), len(times), failed, dict(answers), met)
        told = ", ".join(f"{count} x {what}" for what, count in answers.most_common())
        print(
            f"{name:18}{grown:10.1f}{late:8.1f}{late / usual:7.1f}{failed:4} of {len(times):<3} {told}{'' if met else '  NOT MET'}",
            flush=True,
        )
        if given.out:
            with given.out.open("ab") as file:
                file.write(msgspec.json.encode(found) + b"\n")


if __name__ == "__main__":
    main()
