"""Signed ApplyLivenessToken calls per CPU second of the server process, against a floor measured in the same run.

The server is `openekyc serve` as an operator starts it: durable commit of every token, rate limit, metrics, logs. The floor is
`benchmarks/floor.py` under the same uvicorn. Both are driven in turns with the same requests of a hundred accounts; the rate limit is
raised so that they suffice, since every account's key is read and opened again each second.
Usage: python benchmarks/tokens.py [--seconds 4] [--rounds 3] [--connections 32]
"""

import argparse
import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from load import Score, drive, signed_call

from openekyc.app import open_keys
from openekyc.credentials import permanent_key
from openekyc.settings import Settings

ACCOUNTS = 100
RATE = 200
HERE = Path(__file__).parent
AIM = 0.45


async def make_keys(home: Path) -> dict[str, str]:
    """One key for each of many accounts."""
    async with open_keys(Settings(home=home)) as store:
        made = [permanent_key(f"account-{number}", (), time.time(), sandbox=False) for number in range(ACCOUNTS)]
        await asyncio.gather(*(store.add(key) for key in made))
    return {key.secret_id: key.secret_key for key in made}


@contextmanager
def openekyc(home: Path, **settings: object) -> Iterator[tuple[int, int]]:
    """(pid, port) of a running server, with further settings by name."""
    command = [sys.executable, "-m", "openekyc.cli.main", "serve", "--home", str(home), "--port", "0"]
    environ = {**os.environ, "OPENEKYC_WORKERS": "1", "OPENEKYC_RATE_PER_SECOND": str(RATE)}
    environ |= {f"OPENEKYC_{name.upper()}": str(value) for name, value in settings.items()}
    with (home / "log").open("w") as log:
        # Of a session of its own, so that Ctrl-C leaves it to whoever started it.
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, env=environ, start_new_session=True)
        try:
            assert process.stdout
            ready = next(line for line in process.stdout if line.startswith("ready "))
            yield process.pid, int(ready.rsplit(":", 1)[1])
        finally:
            process.terminate()
            process.wait()


@contextmanager
def floor(keys: dict[str, str]) -> Iterator[tuple[int, int]]:
    """(pid, port) of the floor under the same uvicorn."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "floor:build",
        "--factory",
        "--port",
        str(port),
        "--no-access-log",
        "--log-level",
        "warning",
    ]
    environ = {**os.environ, "FLOOR_KEYS": json.dumps(keys)}
    process = subprocess.Popen([*command, "--app-dir", str(HERE), "--lifespan", "off"], env=environ)
    try:
        _wait(port)
        yield process.pid, port
    finally:
        process.terminate()
        process.wait()


def _wait(port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError("the floor did not start")


def signed(keys: dict[str, str], port: int) -> list[bytes]:
    """One signed request for each account."""
    body = b'{"SecureLevel": "4"}'
    return [signed_call(f"127.0.0.1:{port}", key, secret, "ApplyLivenessToken", body, int(time.time())) for key, secret in keys.items()]


def measure(target: tuple[int, int], requests: list[bytes], options: argparse.Namespace) -> Score:
    """One spell of load."""
    pid, port = target
    return asyncio.run(drive("127.0.0.1", port, pid, requests, seconds=options.seconds, connections=options.connections))


def main() -> None:
    """Run the rounds and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=32)
    options = parser.parse_args()
    hello = [b"GET / HTTP/1.1\r\nHost: floor\r\n\r\n"]
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        keys = asyncio.run(make_keys(home))
        scores: dict[str, list[Score]] = {"hello": [], "floor": [], "openekyc": []}
        with openekyc(home) as server, floor(keys) as raw:
            for _ in range(options.rounds):
                scores["hello"].append(measure(raw, hello, options))
                scores["floor"].append(measure(raw, signed(keys, raw[1]), options))
                scores["openekyc"].append(measure(server, signed(keys, server[1]), options))
    report(scores)


def report(scores: dict[str, list[Score]]) -> None:
    """Medians over the rounds, and the ratios."""
    print(f"{'':<10}{'calls/CPU-s':>12}{'calls/s':>10}{'p50 ms':>8}{'p99 ms':>8}{'refused':>9}")
    for name, rounds in scores.items():
        middle = [statistics.median(values) for values in zip(*map(_row, rounds), strict=True)]
        print(f"{name:<10}{middle[0]:>12.0f}{middle[1]:>10.0f}{middle[2]:>8.1f}{middle[3]:>8.1f}{sum(s.refused for s in rounds):>9}")
    for base in ("floor", "hello"):
        ratios = [own.per_cpu_s / other.per_cpu_s for own, other in zip(scores["openekyc"], scores[base], strict=True)]
        aim = f" (aim: at least {AIM})" if base == "floor" else ""
        print(f"openekyc / {base}: {statistics.median(ratios):.2f}, rounds {', '.join(f'{r:.2f}' for r in ratios)}{aim}")


def _row(score: Score) -> tuple[float, float, float, float]:
    return score.per_cpu_s, score.calls / score.wall_s, score.p50_ms, score.p99_ms


if __name__ == "__main__":
    main()
