"""CPU seconds per stage of a pipeline."""

import os
import time
from collections.abc import Callable
from typing import TypeVar

Answer = TypeVar("Answer")


class Stopwatch:
    """CPU seconds per stage."""

    def __init__(self) -> None:
        self._spent: dict[str, float] = {}

    def run(self, stage: str, work: Callable[[], Answer]) -> Answer:
        """Do the work and book its CPU time on `stage`."""
        begin = _spent()
        answer = work()
        self._spent[stage] = self._spent.get(stage, 0.0) + _spent() - begin
        return answer

    def seconds(self) -> dict[str, float]:
        """What was spent, by stage."""
        return {stage: round(spent, 4) for stage, spent in self._spent.items()}


def _spent() -> float:
    """Of this process and of the programs it called."""
    times = os.times()
    return time.process_time() + times.children_user + times.children_system
