"""Structured logs on stderr: one line per event, JSON by default, with the RequestId of the request that caused it.

Never logged: pictures, embeddings, names, session tokens, signatures, secrets. Events carry the outcome and the numbers an operator
needs; whoever adds a field keeps to that. Values under a forbidden name are dropped here as a last line of defence.
"""

import json
import logging
import sys
from collections.abc import Callable
from traceback import extract_tb
from types import TracebackType
from typing import IO, TextIO, cast

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

FORBIDDEN = frozenset({"token", "sdk_token", "authorization", "secret_key", "secret", "signature", "session_token", "url", "body", "image"})


class Patient:
    """A stream for log lines that never fails: lines that cannot be written, such as to a full disk, are counted, and the count is told
    once writing works again. A call must not fail because nobody can be told of it."""

    def __init__(self, stream: IO[str]) -> None:
        self._write = _writer(stream)
        self._lost, self._torn = 0, False

    def write(self, text: str) -> int:
        """Takes all of it, whatever becomes of it."""
        try:
            if self._lost:
                self._put(("\n" if self._torn else "") + _lost(self._lost))
                self._lost, self._torn = 0, False
            self._put(text)
        except (OSError, ValueError):
            self._lost += 1
        return len(text)

    def flush(self) -> None:
        """Every line was written at once."""

    def _put(self, text: str) -> None:
        done = self._write(text)
        if done is not None and done < len(text.encode(errors="replace")):
            self._torn = self._torn or done > 0
            raise OSError


def _lost(count: int) -> str:
    return json.dumps({"event": "log_lines_lost", "level": "warning", "lost": count, "remedy": "Free space where the log is kept."}) + "\n"


def _writer(stream: IO[str]) -> Callable[[str], int | None]:
    """Writes past the stream's buffer where it has one of the system's: what is kept there would be tried again and again. Answers how
    many bytes were written; None: all or an exception."""
    try:
        raw = open(stream.fileno(), "wb", buffering=0, closefd=False)  # noqa: SIM115 - as long as the process
    except (OSError, ValueError, AttributeError):  # no file of the system's

        def write(text: str) -> None:
            stream.write(text)
            stream.flush()

        return write
    return lambda text: raw.write(text.encode(errors="replace")) or 0


def configure_logs(level: str, *, as_json: bool) -> None:
    """Set structlog up for this process; libraries that log through the standard module come out in the same form."""
    renderer = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    stream = Patient(sys.stderr)
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        drop_forbidden,
        name_fault,
    ]
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(cast(TextIO, stream)),  # it writes and flushes, no more
        cache_logger_on_first_use=True,
    )
    without_meta = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler = logging.StreamHandler(stream)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processors=[without_meta, name_fault, renderer], foreign_pre_chain=shared))
    # Libraries speak up for warnings only: their informative lines may quote addresses, and addresses may hold tokens.
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


def drop_forbidden(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Remove fields whose name says that the value is a secret or a person's."""
    return {name: value for name, value in event.items() if name not in FORBIDDEN}


def name_fault(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """An exception as its class and the places it passed, outermost first. Its message stays out: it may quote what must not be logged."""
    given = event.pop("exc_info", None)
    error = sys.exception() if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["error"] = type(error).__qualname__
        event["places"] = _places(error.__traceback__)
    return event


def _places(traceback: TracebackType | None) -> list[str]:
    return [f"{'/'.join(frame.filename.split('/')[-3:])}:{frame.lineno}" for frame in extract_tb(traceback)]
