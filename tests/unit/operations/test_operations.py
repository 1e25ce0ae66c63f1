"""Logs, metrics, health and the edge of ordinary routes."""

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import structlog
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route

from openekyc.engine.documents.values import Card
from openekyc.engine.values import Verdict
from openekyc.operations.edge import RequestLog, on_fault, templates
from openekyc.operations.health import Readiness, healthz
from openekyc.operations.limits import FailOpen
from openekyc.operations.logs import Patient, configure_logs
from openekyc.operations.metrics import Metrics


@contextmanager
def json_logs() -> Iterator[None]:
    """Logs as the server writes them, to whatever standard error is now."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    configure_logs("debug", as_json=True)
    try:
        yield
    finally:
        structlog.reset_defaults()
        root.handlers[:] = handlers
        root.setLevel(level)


async def _media(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("bytes")


async def _fail(_request: Request) -> PlainTextResponse:
    raise KeyError("sessions/0A1B-TOKEN/1/video")


async def _yes() -> bool:
    return True


async def _no() -> bool:
    raise OSError("disk gone")


def _client(metrics: Metrics) -> httpx.AsyncClient:
    routes = [
        Route("/healthz", healthz),
        Route("/ready", Readiness({"store": _yes}).endpoint),
        Route("/unready", Readiness({"store": _no, "workers": _yes}).endpoint),
        Route("/metrics", metrics.endpoint),
        Route("/media/{token}", _media),
        Route("/fail/{token}", _fail),
        Mount("/inner", routes=[Route("/{number:int}", _media)]),
    ]
    app = RequestLog(Starlette(routes=routes, exception_handlers={Exception: on_fault}), templates(routes))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://test")


async def test_health_and_readiness() -> None:
    client = _client(Metrics())
    assert (await client.get("/healthz")).status_code == 200
    assert (await client.get("/ready")).json() == {"status": "ready", "checks": {"store": True}}
    answer = await client.get("/unready")
    assert (answer.status_code, answer.json()["checks"]) == (503, {"store": False, "workers": True})


async def test_metrics_count_calls_verdicts_and_the_queue() -> None:
    metrics = Metrics()
    metrics.watch_queue(lambda: 3)
    metrics.called("ApplyLivenessToken", "", 0.01)
    metrics.judged(Verdict("1002", seconds={"decode": 0.4}), sandbox=True)
    metrics.read(Card("HK", problem="not_a_card", seconds={"find": 0.2}))
    text = (await _client(metrics).get("/metrics")).text
    assert 'openekyc_calls_total{action="ApplyLivenessToken",code="OK"} 1.0' in text
    assert 'openekyc_capture_outcomes_total{code="1002",sandbox="yes"} 1.0' in text
    assert 'openekyc_documents_total{kind="HK",problem="not_a_card"} 1.0' in text
    assert 'openekyc_read_seconds_count{stage="find"} 1.0' in text
    assert 'openekyc_verify_seconds_count{stage="decode"} 1.0' in text
    assert "openekyc_queue_depth 3.0" in text


class _Broken:
    async def hit(self, account: str, action: str, per_second: int) -> bool:
        raise ConnectionError


async def test_a_limiter_that_cannot_count_lets_calls_pass_and_says_so() -> None:
    metrics = Metrics()
    assert await FailOpen(_Broken(), metrics.limiter_failed).hit("acme", "ApplyLivenessToken", 20)
    assert "openekyc_limiter_failures_total 1.0" in (await _client(metrics).get("/metrics")).text


async def test_requests_are_logged_without_tokens(capsys: pytest.CaptureFixture[str]) -> None:
    client = _client(Metrics())
    with json_logs():
        request_id = (await client.get("/media/SECRET-TOKEN")).headers["x-request-id"]
        for path in ("/nowhere/SECRET-TOKEN", "/inner/SECRET-TOKEN", "/inner/7"):
            await client.get(path)
    written = map(json.loads, capsys.readouterr().err.splitlines())
    lines = [line for line in written if line["event"] == "request"]
    assert [line["route"] for line in lines] == ["/media/{token}", "(unknown)", "(unknown)", "/inner/{number}"]
    assert lines[0]["request_id"] == request_id
    assert "SECRET" not in json.dumps(lines)


async def test_a_fault_says_where_but_never_what(capsys: pytest.CaptureFixture[str]) -> None:
    with json_logs():
        answer = await _client(Metrics()).get("/fail/SECRET-TOKEN")
    assert answer.status_code == 500
    assert answer.json()["problem"] == "internal_error"
    written = capsys.readouterr().err
    assert answer.headers["x-request-id"] in written.splitlines()[0]
    assert "KeyError" in written
    assert "test_operations.py" in written
    assert "TOKEN" not in written
    assert "TOKEN" not in answer.text


async def test_a_log_that_cannot_be_written_fails_no_request(monkeypatch: pytest.MonkeyPatch) -> None:
    with Path("/dev/full").open("w") as full:  # noqa: ASYNC230 - no room for a single byte, as on a full disk
        monkeypatch.setattr(sys, "stderr", full)
        with json_logs():
            for path in ("/media/x", "/nowhere"):
                assert (await _client(Metrics()).get(path)).status_code in (200, 404)
            assert (await _client(Metrics()).get("/fail/x")).json()["problem"] == "internal_error"
            logging.getLogger("library").warning("careful")


class _Disk:
    """A stream that is full for a while. No file of the system's."""

    def __init__(self) -> None:
        self.full, self.text = False, ""

    def write(self, text: str) -> int:
        if self.full:
            raise OSError(28, "No space left on device")
        self.text += text
        return len(text)

    def flush(self) -> None:
        pass


def test_lost_lines_are_counted_and_told_once_there_is_room() -> None:
    disk = _Disk()
    stream = Patient(disk)  # type: ignore[arg-type]
    stream.write("first\n")
    disk.full = True
    assert [stream.write("lost\n"), stream.write("lost too\n")] == [5, 9]
    disk.full = False
    stream.write("last\n")
    first, told, last = disk.text.splitlines()
    assert (first, json.loads(told)["lost"], last) == ("first", 2, "last")


def test_a_line_that_was_cut_does_not_run_into_the_next(tmp_path: Path) -> None:
    """A pipe that takes a part and then no more."""
    import fcntl
    import os

    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    size = fcntl.fcntl(writing, fcntl.F_GETPIPE_SZ)
    with os.fdopen(writing, "w") as stream:
        patient = Patient(stream)
        patient.write("x" * (size + 10) + "\n")
        patient.write("lost\n")
        found = os.read(reading, size)
        patient.write("last\n")
    with os.fdopen(reading, "rb") as rest:
        cut, told, last = (found + rest.read()).splitlines()
    assert set(cut) == {ord("x")}
    assert (json.loads(told)["lost"], last) == (2, b"last")


def test_forbidden_fields_are_dropped(capsys: pytest.CaptureFixture[str]) -> None:
    with json_logs():
        structlog.get_logger().info("call", token="SECRET-TOKEN", secret_key="SECRET", action="GetLivenessResult")
        logging.getLogger("library").warning("careful")
    written = capsys.readouterr().err
    assert "SECRET" not in written
    assert "GetLivenessResult" in written
    assert json.loads(written.splitlines()[1])["event"] == "careful"
