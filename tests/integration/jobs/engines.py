"""Stand-ins for the engine that misbehave on request; the video's bytes say how. They run in engine processes."""

import os
import signal
import time
from collections.abc import Mapping
from pathlib import Path

from openekyc.engine.documents.values import Card, KindName, Side
from openekyc.engine.lock import Weights
from openekyc.engine.values import Challenge, Evidence, Trace, Verdict
from openekyc.errors import ModelError


def evidence(order: str) -> Evidence:
    """Evidence whose video is an order to `work`."""
    return Evidence(video=order.encode(), challenge=Challenge("n", ()), trace=Trace(), level=1)


def prepare(weights: Weights) -> None:
    """Fine, unless the folder is called `missing`."""
    if weights.folder.name == "missing":
        raise ModelError("yunet.onnx is missing.", "openekyc models fetch")


def crash(weights: Weights) -> None:
    """A process that cannot even load."""
    os.kill(os.getpid(), signal.SIGKILL)


def work(weights: Weights, given: Evidence) -> Verdict:
    """Do as ordered: `die`, `hang`, `die once FILE`, `raise`, `memory`, `wait FILE`, `facts`; anything else passes."""
    order, _, argument = given.video.decode().partition(" ")
    if order == "die" or (order == "die-once" and not _seen(Path(argument))):
        os.kill(os.getpid(), signal.SIGKILL)
    elif order == "hang":
        _hang()
    elif order == "raise":
        raise ZeroDivisionError("no pixels")
    elif order == "memory":
        bytearray(1 << 40)
    elif order == "wait":
        _wait(Path(argument))
    return Verdict(code="0", seconds=_facts() if order == "facts" else {})


def read(models: Weights, sides: Mapping[Side, bytes], kind: KindName) -> Card:
    """The same for a document: the front's bytes are the order."""
    work(models, evidence(sides["front"].decode()))
    return Card(kind, seconds={"read": float(len(sides))})


def _facts() -> dict[str, float]:
    return {
        "pid": os.getpid(),
        "nice": os.getpriority(os.PRIO_PROCESS, 0),
        "ignores_ctrl_c": signal.getsignal(signal.SIGINT) is signal.SIG_IGN,
        "threads": float(os.environ["OMP_NUM_THREADS"]),
    }


def _hang() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})  # as code does that never returns to the interpreter
    while True:
        time.sleep(60)


def _seen(marker: Path) -> bool:
    if marker.exists():
        return True
    marker.touch()
    return False


def _wait(gate: Path) -> None:
    """Report in by making FILE.here, go on when FILE appears."""
    gate.with_suffix(".here").touch()
    while not gate.exists():
        time.sleep(0.01)
