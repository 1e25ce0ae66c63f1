"""The jobs' view of the session service, with everything they do counted and logged on the way."""

import structlog

from openekyc.engine.documents.values import Card
from openekyc.engine.values import Evidence, Verdict
from openekyc.jobs.local import EnginePool
from openekyc.operations.metrics import Metrics
from openekyc.sessions.service import SessionService

log = structlog.get_logger(__name__)


class WatchedJudging:
    """One judgement as the job sees it, service and engine in one."""

    def __init__(self, service: SessionService, pool: EnginePool, metrics: Metrics) -> None:
        self._service, self._metrics = service, metrics
        self.verify = pool.verify
        self._sandbox = False

    async def evidence(self, token: str, number: int) -> Evidence:
        evidence = await self._service.evidence(token, number)
        self._sandbox = evidence.sandbox
        return evidence

    async def conclude(self, token: str, number: int, verdict: Verdict, *, counts: bool = True) -> bool:
        effective = await self._service.conclude(token, number, verdict, counts=counts)
        if effective:
            self._metrics.judged(verdict, sandbox=self._sandbox)
            against = [cue.name for cue in verdict.cues if cue.decision in ("deny", "retry")]
            cpu_s = round(sum(verdict.seconds.values()), 3)
            log.info("judged", attempt=number, code=verdict.code, against=against, sandbox=self._sandbox, cpu_s=cpu_s)
        return effective


class WatchedReading:
    """One reading as the job sees it. What was read is told to nobody here."""

    def __init__(self, service: SessionService, metrics: Metrics) -> None:
        self._service, self._metrics = service, metrics
        self.pictures = service.pictures

    async def conclude_reading(self, token: str, number: int, card: Card | None, damaged: tuple[str, ...] = ()) -> bool:
        effective = await self._service.conclude_reading(token, number, card, damaged)
        if effective and card is not None:
            self._metrics.read(card)
            cpu_s = round(sum(card.seconds.values()), 3)
            log.info("document_read", picture=number, kind=card.kind, problem=card.problem, warnings=card.warnings, cpu_s=cpu_s)
        return effective
