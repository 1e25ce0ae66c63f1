"""The job that judges one attempt. It may be started any number of times: concluding takes effect once."""

from collections.abc import Sequence
from typing import Protocol

import structlog

from openekyc.engine.values import Evidence, Verdict
from openekyc.errors import EngineFault, FileDamaged, SessionError
from openekyc.jobs.local import EngineLost
from openekyc.sessions.changes import FAULT
from openekyc.sessions.ports import Dispatcher

REMEDY = "Restore the blobs folder from a backup, and look at its disk and file system."


class Judged(Protocol):
    """The job's view of the session service."""

    async def evidence(self, token: str, number: int) -> Evidence: ...

    async def conclude(self, token: str, number: int, verdict: Verdict, *, counts: bool = True) -> bool: ...


class Engine(Protocol):
    """The job's view of the engine processes."""

    async def verify(self, evidence: Evidence) -> Verdict: ...


class Backlog(Protocol):
    """The store's list of work that was submitted and not concluded."""

    async def submitted(self) -> Sequence[tuple[str, int]]: ...

    async def unread(self) -> Sequence[tuple[str, int]]: ...


async def judge(service: Judged, engine: Engine, token: str, number: int) -> None:
    """Evidence in, verdict out. An engine that fails concludes the attempt with 1001, which says nothing about the person; so does a store
    that does not give back what it was given, and that costs no attempt: the person could not have brought it about."""
    try:
        evidence = await _evidence(service, token, number)
        verdict = FAULT if evidence is None else await _verdict(engine, evidence, number)
        await service.conclude(token, number, verdict, counts=evidence is not None)
    except SessionError as error:  # concluded by another run, or gone
        structlog.get_logger().info("judging_skipped", attempt=number, problem=error.problem)


async def resume(store: Backlog, dispatcher: Dispatcher) -> int:
    """Submit everything that an earlier process left; how many."""
    attempts, pictures = await store.submitted(), await store.unread()
    for token, number in attempts:
        dispatcher.submit(token, number)
    for token, number in pictures:
        dispatcher.read(token, number)
    return len(attempts) + len(pictures)


async def _evidence(service: Judged, token: str, number: int) -> Evidence | None:
    """None: the store has lost or altered it."""
    try:
        return await service.evidence(token, number)
    except FileDamaged:
        structlog.get_logger().error("evidence_damaged", attempt=number, remedy=REMEDY)
    except KeyError:  # names a blob, so a token: not for the log
        structlog.get_logger().error("evidence_missing", attempt=number, remedy=REMEDY)
    return None


async def _verdict(engine: Engine, evidence: Evidence, number: int) -> Verdict:
    try:
        return await _twice(engine, evidence, number)
    except EngineFault as error:
        structlog.get_logger().error("engine_fault", attempt=number, error=type(error).__name__, cause=error.message)
    return FAULT


async def _twice(engine: Engine, evidence: Evidence, number: int) -> Verdict:
    """A lost process may be the machine's doing (memory, an operator's kill): once more. A fault or a
    time-out would only repeat, at the full price."""
    try:
        return await engine.verify(evidence)
    except EngineLost as error:
        structlog.get_logger().warning("engine_lost", attempt=number, cause=error.message)
        return await engine.verify(evidence)
