"""How far something long is: one line that is renewed in place on a terminal, elsewhere a plain line now and then.

Standard library only: tools/setup.py uses this before anything is installed.
"""

import os
import shutil
import sys
import time
from collections.abc import Callable
from typing import TextIO

EVERY_S = 15.0  # between two plain lines


class ProgressLine:
    """`now` for what is going on, `done` for what stays. Not for several threads at once."""

    def __init__(self, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream, self._clock = stream or sys.stdout, clock
        self._inplace = self._stream.isatty() and os.environ.get("TERM") != "dumb"
        self._said = clock()

    def now(self, text: str) -> None:
        """Something that is replaced by what comes next."""
        if self._inplace:
            width = shutil.get_terminal_size().columns
            self._write(f"\r{text[: width - 1]}\x1b[K")
        elif self._clock() - self._said >= EVERY_S:
            self.done(text)

    def done(self, text: str) -> None:
        """A line that stays."""
        self._said = self._clock()
        self._write(f"\r\x1b[K{text}\n" if self._inplace else f"{text}\n")

    def clear(self) -> None:
        """Before somebody else writes."""
        if self._inplace:
            self._write("\r\x1b[K")

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()
