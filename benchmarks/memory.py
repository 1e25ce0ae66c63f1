"""Idle memory: of the API process after its first calls, and of an engine worker that is warm and has judged nothing yet.

Usage: python benchmarks/memory.py. Resident (RSS) and proportional (PSS) set size; aims: 150 MB for the API process, 600 MB for a worker.
"""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import httpx
from tokens import openekyc

HEAVY = ("onnxruntime", "cv2", "libav", "ai_edge_litert", "numpy", "_multiarray")


def megabytes(pid: int, field: str) -> float:
    """`Rss` or `Pss` of a process."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) / 1024
    raise LookupError(field)


def children(pid: int) -> list[int]:
    """Child processes of any thread of a process."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return [int(child) for task in tasks for child in (task / "children").read_text().split()]


def mapped(pid: int) -> list[str]:
    """Engine libraries that a process has loaded."""
    maps = Path(f"/proc/{pid}/maps").read_text()
    return [name for name in HEAVY if name in maps]


def show(name: str, pid: int) -> None:
    """One line about a process."""
    sizes = ", ".join(f"{megabytes(pid, field):.0f} MB {field.upper()}" for field in ("Rss", "Pss"))
    print(f"{name}: {sizes}, engine libraries: {', '.join(mapped(pid)) or 'none'}")


def main() -> None:
    """Print one line for each process."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        home.chmod(0o700)
        with openekyc(home) as (pid, port):
            for path in ("readyz", "metrics", "capture/v1/openapi.json"):
                httpx.get(f"http://127.0.0.1:{port}/{path}")
            show("API process", pid)
            for child in children(pid):
                show("child process", child)


if __name__ == "__main__":
    main()
