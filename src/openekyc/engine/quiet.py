"""LiteRT's INFO lines kept off stderr.

LiteRT writes "INFO: Created TensorFlow Lite XNNPACK delegate for CPU." straight to the process's file descriptor 2 when the first
network is built. Its Python package (2.3.0) has neither a function nor a variable for its logger: the severity is a local symbol
of the library, and TF_CPP_MIN_LOG_LEVEL is for another logger. So descriptor 2 is led into a file meanwhile, and all that is not INFO
is written out afterwards.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

STDERR = 2
INFO = b"INFO: "


@contextmanager
def without_info_lines() -> Iterator[None]:
    """Hold back what is written to stderr; at the end, also of an error, write all of it but INFO lines. Not to be nested by threads."""
    try:
        kept = os.dup(STDERR)
    except OSError:  # a process without stderr
        yield
        return
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), STDERR)
        try:
            yield
        finally:
            os.dup2(kept, STDERR)
            os.close(kept)
            held.seek(0)
            _write(b"".join(line for line in held.readlines() if not line.startswith(INFO)))


def _write(rest: bytes) -> None:
    while rest:
        rest = rest[os.write(STDERR, rest) :]
