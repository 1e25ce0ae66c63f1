"""Structured logs on stderr: one line per event, JSON by default, with the RequestId of the request that caused it.

Never logged: pictures, embeddings, names, session tokens, signatures, secrets. Events carry the outcome and the numbers an operator
needs; whoever adds a field keeps to that. Values under a forbidden name are dropped here as a last line of defence.
"""

import logging
import sys

import structlog
from structlog.typing import EventDict, WrappedLogger

FORBIDDEN = frozenset({"token", "sdk_token", "authorization", "secret_key", "secret", "signature", "session_token", "url", "body", "image"})


def configure_logs(level: str, *, as_json: bool) -> None:
    """Set structlog up for this process; libraries that log through the standard module come out in the same form."""
    renderer = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    shared = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        drop_forbidden,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.format_exc_info, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processor=renderer, foreign_pre_chain=shared))
    # Libraries speak up for warnings only: their informative lines may quote addresses, and addresses may hold tokens.
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


def drop_forbidden(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Remove fields whose name says that the value is a secret or a person's."""
    return {name: value for name, value in event.items() if name not in FORBIDDEN}
