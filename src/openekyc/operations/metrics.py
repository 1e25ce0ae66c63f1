"""What /metrics tells, as prometheus metrics on a registry of their own (no process-wide state).

Labels are closed sets (actions, result codes, stages): no account, token or address is ever a label.
"""

from collections.abc import Callable
from functools import lru_cache

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import Response

from openekyc.engine.documents.values import Card
from openekyc.engine.values import Verdict

CALL_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
MOST_LABELS = 1024
STAGE_BUCKETS = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 60)


class Metrics:
    """Counters of one server process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._calls = Counter("openekyc_calls", "API calls by action and code.", ("action", "code"), registry=self.registry)
        self._seconds = Histogram(
            "openekyc_call_seconds", "Wall seconds of an API call.", ("action",), buckets=CALL_BUCKETS, registry=self.registry
        )
        # Finding a label's own counter costs more than counting.
        self._of_call = lru_cache(MOST_LABELS)(
            lambda action, code: (self._calls.labels(action, code or "OK"), self._seconds.labels(action))
        )
        self._stages = Histogram(
            "openekyc_verify_seconds", "CPU seconds of one judgement, by stage.", ("stage",), buckets=STAGE_BUCKETS, registry=self.registry
        )
        self._verdicts = Counter("openekyc_capture_outcomes", "Judged attempts by code.", ("code", "sandbox"), registry=self.registry)
        self._documents = Counter(
            "openekyc_documents", "Pictures of documents that were read, by kind and problem.", ("kind", "problem"), registry=self.registry
        )
        self._reading = Histogram(
            "openekyc_read_seconds", "CPU seconds of one reading, by stage.", ("stage",), buckets=STAGE_BUCKETS, registry=self.registry
        )
        self._pages = Counter("openekyc_pages", "Answers to browsers by page and status.", ("page", "status"), registry=self.registry)
        self._refused = Counter(
            "openekyc_connections_refused", "Connections refused or closed before a call, by cause.", ("why",), registry=self.registry
        )
        self._limiter = Counter("openekyc_limiter_failures", "Calls let pass because the rate limiter failed.", registry=self.registry)
        self._queue = Gauge("openekyc_queue_depth", "Submitted attempts that wait or are being judged.", registry=self.registry)
        self._free = Gauge("openekyc_disk_free_bytes", "Free space where the home folder lies.", registry=self.registry)

    def called(self, action: str, code: str, seconds: float) -> None:
        """One API call was answered; `code` is "" for success."""
        count, times = self._of_call(action, code)
        count.inc()
        times.observe(seconds)

    def judged(self, verdict: Verdict, *, sandbox: bool) -> None:
        """One attempt was judged."""
        self._verdicts.labels(verdict.code, "yes" if sandbox else "no").inc()
        for stage, seconds in verdict.seconds.items():
            self._stages.labels(stage).observe(seconds)

    def read(self, card: Card) -> None:
        """One picture of a document was read."""
        self._documents.labels(card.kind, card.problem or "none").inc()
        for stage, seconds in card.seconds.items():
            self._reading.labels(stage).observe(seconds)

    def paged(self, page: str, status: int) -> None:
        """A browser was given a page or one of its files."""
        self._pages.labels(page, status).inc()

    def refused(self, why: str) -> None:
        """A connection was refused or closed at the edge."""
        self._refused.labels(why).inc()

    def limiter_failed(self) -> None:
        """The rate limiter could not count; the call passed."""
        self._limiter.inc()

    def watch_queue(self, depth: Callable[[], int]) -> None:
        """Read the queue's depth whenever the metrics are asked for."""
        self._queue.set_function(depth)

    def watch_disk(self, free: Callable[[], int]) -> None:
        """Read the free space whenever the metrics are asked for."""
        self._free.set_function(free)

    async def endpoint(self, _request: Request) -> Response:
        """GET /metrics."""
        return Response(generate_latest(self.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})
