"""What runs inside an engine process: limits first, then the networks once, then one attempt after the other.

This is the only module of the room that reaches the engine, and only when a function runs in the child: importing it is light.
"""

import ctypes
import multiprocessing
import os
import signal
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from openekyc.engine.documents.values import Card, KindName, Side
from openekyc.engine.lock import Weights
from openekyc.engine.values import Evidence, Verdict
from openekyc.errors import EngineFault, OpenEkycError

if TYPE_CHECKING:
    from openekyc.engine.runtime import Models

MEMORY_BYTES = 4 << 30  # address space, not use: networks and codecs map far more than they touch
NICENESS = 5  # the calls of integrators and cameras come first
_PR_SET_PDEATHSIG = 1


def limit_process() -> None:
    """Die with the server, leave Ctrl-C to it, and take no more than a fair share of the machine."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _die_with_parent()
    os.nice(NICENESS)
    _limit_memory()
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[variable] = "1"


def prepare(weights: Weights) -> None:
    """Load everything a judgement needs. Raises ModelError if a weight file is missing or altered."""
    from openekyc.engine import verify  # noqa: F401 - importing it is the point
    from openekyc.engine.documents import read_card  # noqa: F401

    _models(weights)


def verify(weights: Weights, evidence: Evidence) -> Verdict:
    """The engine's verdict."""
    from openekyc.engine.verify import verify as judge

    return judge(_models(weights), evidence)


def read_card(weights: Weights, sides: Mapping[Side, bytes], kind: KindName) -> Card:
    """What the engine reads of a document."""
    from openekyc.engine.documents.read_card import read_card as read

    return read(_models(weights), sides, kind)


@cache
def _models(weights: Weights) -> "Models":
    from openekyc.engine.runtime import Models

    return Models(weights.folder, weights.own)


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    parent = multiprocessing.parent_process()
    if parent is not None and os.getppid() != parent.pid:  # it died before the line above
        os._exit(1)


def _limit_memory() -> None:
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = MEMORY_BYTES if hard == resource.RLIM_INFINITY else min(MEMORY_BYTES, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold the person's pictures


def guarded(work: object, *arguments: object) -> object:
    """The edge of the worker: a fault of the engine leaves as EngineFault with its kind and place, never as an exception that the
    parent may be unable to read."""
    try:
        return work(*arguments)  # type: ignore[operator]
    except OpenEkycError:
        raise
    except Exception as error:  # noqa: BLE001 - the worker's edge
        raise EngineFault(f"{type(error).__name__}: {error} ({_place(error)})") from None


def _place(error: BaseException) -> str:
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    return f"{Path(last.tb_frame.f_code.co_filename).name}:{last.tb_lineno}" if last else "unknown place"
