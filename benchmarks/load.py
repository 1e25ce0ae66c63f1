"""A small closed-loop HTTP client and the CPU clock of another process, shared by the benchmarks of the API."""

import asyncio
import hashlib
import hmac
import os
import time
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

SERVICE = "faceid"
CONTENT_TYPE = "application/json; charset=utf-8"


@dataclass(frozen=True)
class Score:
    """What one spell of load saw. `cpu_s` are CPU seconds of the server process, threads included."""

    calls: int
    refused: int
    wall_s: float
    cpu_s: float
    p50_ms: float
    p99_ms: float

    @property
    def per_cpu_s(self) -> float:
        """Answered calls per CPU second of the server process."""
        return self.calls / self.cpu_s


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far (its children not counted)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def signed_call(host: str, secret_id: str, secret_key: str, action: str, body: bytes, now: int) -> bytes:
    """A whole HTTP request with a TC3-HMAC-SHA256 signature, as the SDKs send it."""
    date = time.strftime("%Y-%m-%d", time.gmtime(now))
    digest = hashlib.sha256(body).hexdigest()
    canonical = f"POST\n/\n\ncontent-type:{CONTENT_TYPE}\nhost:{host}\n\ncontent-type;host\n{digest}"
    scope = f"{date}/{SERVICE}/tc3_request"
    text = f"TC3-HMAC-SHA256\n{now}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = b"TC3" + secret_key.encode()
    for part in (date, SERVICE, "tc3_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.digest(key, text.encode(), "sha256").hex()
    authorization = f"TC3-HMAC-SHA256 Credential={secret_id}/{scope}, SignedHeaders=content-type;host, Signature={signature}"
    head = (
        f"POST / HTTP/1.1\r\nHost: {host}\r\nContent-Type: {CONTENT_TYPE}\r\nContent-Length: {len(body)}\r\n"
        f"Authorization: {authorization}\r\nX-TC-Action: {action}\r\nX-TC-Timestamp: {now}\r\nX-TC-Version: 2018-03-01\r\n"
        "X-TC-Region: ap-singapore\r\nX-TC-Language: en-US\r\nUser-Agent: benchmark\r\n\r\n"
    )
    return head.encode() + body


async def drive(host: str, port: int, pid: int, requests: list[bytes], *, seconds: float, connections: int) -> Score:
    """Send `requests` round and round over `connections` kept-alive connections after one second of warm-up."""
    turns = cycle(requests)
    await _spell(host, port, turns, 1.0, connections)
    before, begin = cpu_seconds(pid), time.perf_counter()
    outcomes = await _spell(host, port, turns, seconds, connections)
    wall, cpu = time.perf_counter() - begin, cpu_seconds(pid) - before
    times = sorted(took for took, _ in outcomes)
    good = sum(accepted for _, accepted in outcomes)
    return Score(good, len(outcomes) - good, wall, cpu, _share(times, 0.5), _share(times, 0.99))


def _share(times: list[float], share: float) -> float:
    return 1000 * times[min(len(times) - 1, int(len(times) * share))]


async def _spell(host: str, port: int, turns: "cycle[bytes]", seconds: float, connections: int) -> list[tuple[float, bool]]:
    until = time.perf_counter() + seconds
    outcomes: list[tuple[float, bool]] = []
    await asyncio.gather(*(_connection(host, port, turns, until, outcomes) for _ in range(connections)))
    return outcomes


async def _connection(host: str, port: int, turns: "cycle[bytes]", until: float, outcomes: list[tuple[float, bool]]) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        while (begin := time.perf_counter()) < until:
            writer.write(next(turns))
            body = await _answer(reader)
            outcomes.append((time.perf_counter() - begin, b'"Error"' not in body))
    finally:
        writer.close()


async def _answer(reader: asyncio.StreamReader) -> bytes:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    size = int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
    return await reader.readexactly(size)
