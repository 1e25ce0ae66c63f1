"""Idle memory: of the API process after its first calls, and of an engine worker that is warm and has judged nothing yet. And the peak of
`openekyc compare`, beside the floor of a Python that only imports NumPy, OpenCV and ONNX Runtime.

Usage: python benchmarks/memory.py. Resident (RSS) and proportional (PSS) set size; aims: 150 MB for the API process, 600 MB for a worker,
200 MB at the peak of a comparison.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import httpx
from tokens import openekyc

from openekyc.settings import Settings

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


def peak(*arguments: str) -> float:
    """Megabytes of resident memory at the peak of this Python with these arguments."""
    process = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.DEVNULL)
    _, _, used = os.wait4(process.pid, 0)
    return used.ru_maxrss / 1024


def show_comparison() -> None:
    """One line about `openekyc compare` of the packaged portrait with itself."""
    portrait = str(Settings().models_folder / "astronaut.png")
    floor, most = peak("-c", "import numpy, cv2, onnxruntime"), peak("-m", "openekyc", "compare", portrait, portrait)
    print(f"openekyc compare: {most:.0f} MB RSS at its peak, floor {floor:.0f} MB, ratio {most / floor:.2f}")


def main() -> None:
    """Print one line for each process."""
    show_comparison()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        home.chmod(0o700)
        with openekyc(home) as (pid, port):
            known = {"Authorization": f"Bearer {(home / 'metrics.token').read_text().strip()}"}
            for path in ("readyz", "metrics", "capture/v1/openapi.json"):
                httpx.get(f"http://127.0.0.1:{port}/{path}", headers=known)
            show("API process", pid)
            for child in children(pid):
                show("child process", child)


if __name__ == "__main__":
    main()
