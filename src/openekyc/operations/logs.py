"""Structured logs on stderr: one line per event, JSON by default, with the RequestId of the request that caused it.

Never logged: pictures, embeddings, names, session tokens, signatures, secrets. Events carry the outcome and the numbers an operator
needs; whoever adds a field keeps to that. Values under a forbidden name are dropped here as a last line of defence.
"""

import logging
import sys
from traceback import extract_tb
from types import TracebackType

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

FORBIDDEN = frozenset({"token", "sdk_token", "authorization", "secret_key", "secret", "signature", "session_token", "url", "body", "image"})


def configure_logs(level: str, *, as_json: bool) -> None:
    """Set structlog up for this process; libraries that log through the standard module come out in the same form."""
    renderer = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
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
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    without_meta = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler = logging.StreamHandler(sys.stderr)
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
