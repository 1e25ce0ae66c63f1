"""The client and the server across a real connection: the whole journey, and connections that break on the way."""

import socket
import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest

from openekyc.capture.client import CaptureClient, CaptureRefused
from openekyc.capture.messages import PlannedLight
from openekyc.engine.values import FrameSample, Ping, Trace, Verdict

PIECES = [bytes([65 + index]) * (10_000 + index) for index in range(8)]
PIECES[0] = b"\x1a\x45\xdf\xa3\x01\x00\x00\x7f\xff\xff\xff\xff" + PIECES[0]  # Matroska, whose header is not all there
VIDEO = b"".join(PIECES)


class Flaky(httpx.HTTPTransport):
    """Loses every `nth` request before it is sent, or its answer after the server has dealt with it."""

    def __init__(self, nth: int, *, after: bool) -> None:
        super().__init__()
        self._nth, self._after, self._count = nth, after, 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._count += 1
        lost = self._count % self._nth == 0
        if lost and not self._after:
            raise httpx.ConnectError("lost on the way")
        response = super().handle_request(request)
        if lost:
            response.read()
            response.close()
            raise httpx.ReadError("lost on the way back")
        return response


def capture(client: CaptureClient) -> None:
    """A whole attempt."""
    begun = client.begin()
    client.put_slices(PIECES[:3])
    if any(isinstance(step, PlannedLight) for step in begun.steps):
        client.light()
    client.trace(Trace(frames=(FrameSample(1.0, (1.0, 2.0, 3.0)),)))
    client.put_slices(PIECES[3:])
    client.trace(Trace(pings=(Ping(1.0, 2.0, 3.0),)))
    client.finish(frames=8)


def test_a_session_from_open_to_pass(bench):
    session = bench.issue(level=4)
    with CaptureClient(bench.url, session.token) as client:
        assert client.open().attempts_left == 5
        assert client.ping(7.0).sent_ms == 7.0
        capture(client)
        assert client.wait_outcome(30).state == "pass"
    (evidence,) = bench.judged
    assert evidence.video == VIDEO
    assert (len(evidence.trace.frames), len(evidence.trace.pings), evidence.trace.recorded_frames) == (1, 1, 8)
    outcome = bench.run(bench.service.result(session.token, "acme", "liveness", 7200))
    assert outcome.code == "0"
    assert bench.run(bench.service.media(outcome.attempt.best_frame)) == b"\xff\xd8\xff face"


def test_retries_until_none_is_left(bench):
    bench.verdict = Verdict("1005", hint="follow_prompts")
    with CaptureClient(bench.url, bench.issue(level=3, retry_limit=2).token) as client:
        capture(client)
        first = client.wait_outcome(30)
        assert (first.state, first.hint, first.attempts_left) == ("retry", "follow_prompts", 1)
        capture(client)
        assert client.wait_outcome(30).state == "fail"
        with pytest.raises(CaptureRefused) as caught:
            client.begin()
    assert (caught.value.problem, caught.value.status) == ("retries_used_up", 409)
    assert caught.value.remedy


def test_a_person_restarts_declines_and_leaves(bench):
    with CaptureClient(bench.url, bench.issue(level=4, retry_limit=2).token) as client:
        assert client.open().policy.restarts_left == 3
        client.begin()
        assert client.restart("orientation").attempts_left == 2
        begun = client.begin(unable=("blink",))
        assert "blink" not in [getattr(step, "gesture", "") for step in begun.steps]
        assert client.end("left").attempts_left == 1
        with pytest.raises(CaptureRefused) as caught:
            client.begin(light=False)
        assert caught.value.problem == "light_required"
        assert client.open().policy.restarts_left == 2


@pytest.mark.parametrize("after", [False, True])
def test_lost_connections_lose_nothing(bench, after):
    session = bench.issue(level=4)
    pauses: list[float] = []
    http = httpx.Client(transport=Flaky(3, after=after), timeout=10)
    with CaptureClient(bench.url, session.token, http=http, sleep=pauses.append) as client:
        client.open()
        capture(client)
        assert client.wait_outcome(30).state == "pass"
    assert pauses
    assert [evidence.video for evidence in bench.judged] == [VIDEO]


def test_an_upload_goes_on_in_the_middle_of_a_piece(bench):
    with CaptureClient(bench.url, bench.issue(level=2).token) as client:
        begun = client.begin()
        with CaptureClient(bench.url, client._headers["Authorization"].split()[1]) as earlier:
            earlier._start(begun.nonce, begun.attempt)
            earlier.put_slices([VIDEO[:4_000]])
        broken = client._once
        calls: Iterator[bool] = iter([True])

        def once(kind, method, *args):
            if method == "PUT" and next(calls, False):
                raise CaptureRefused("unreachable", "", "")
            return broken(kind, method, *args)

        client._once = once
        client._sleep = lambda _: None
        assert client.put_slices(PIECES) == len(VIDEO)
        client.finish()
        assert client.wait_outcome(30).state == "pass"


def test_an_unreachable_server_is_said_clearly():
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    with CaptureClient(f"http://127.0.0.1:{port}", "x", sleep=lambda _: None) as client, pytest.raises(CaptureRefused) as caught:
        client.open()
    assert caught.value.problem == "unreachable"


def test_a_server_of_another_kind_is_said_clearly(bench):
    with CaptureClient(f"{bench.url}/elsewhere", "x") as client, pytest.raises(CaptureRefused) as caught:
        client.open()
    assert caught.value.problem == "answer_invalid"


def test_waiting_ends_in_time(bench):
    with CaptureClient(bench.url, bench.issue().token) as client, pytest.raises(CaptureRefused) as caught:
        client.wait_outcome(0.1)
    assert caught.value.problem == "outcome_late"


def test_a_refusal_reaches_a_client_that_is_still_sending(bench):
    body = b"x" * 3_000_000
    url = f"{bench.url}/capture/v1/attempts/1/video?offset=0"
    answer = httpx.put(url, content=body, headers={"Authorization": "Bearer nobody", "X-Attempt-Nonce": "n", "X-Slice-SHA256": "0" * 64})
    assert (answer.status_code, answer.json()["problem"]) == (404, "token_unknown")


def test_a_half_sent_slice_leaves_no_trace(bench):
    session = bench.issue(level=2)
    with CaptureClient(bench.url, session.token) as client:
        begun = client.begin()
        head = (
            f"PUT /capture/v1/attempts/1/video?offset=0 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {session.token}\r\n"
            f"X-Attempt-Nonce: {begun.nonce}\r\nX-Slice-SHA256: {'0' * 64}\r\nContent-Length: 1000\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", bench.port)) as connection:
            connection.sendall(head.encode() + b"half of it")
        assert client.received() == 0
        assert client.put_slices([b"all of it"]) == 9


def test_the_client_needs_no_engine():
    heavy = "{'numpy', 'av', 'cv2', 'onnxruntime', 'ai_edge_litert'}"
    script = f"import sys, openekyc.capture.client, openekyc.capture.routes; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_another_device_goes_on_with_the_session(bench) -> None:
    token = bench.issue(level=1).token
    with CaptureClient(bench.url, token) as desk, CaptureClient(bench.url) as phone:
        desk.open()
        code = desk.hand_off().handoff_code
        phone.take_over(code)
        capture(phone)
        assert desk.wait_outcome().state == phone.wait_outcome().state == "pass"
        with CaptureClient(bench.url) as late, pytest.raises(CaptureRefused) as refused:
            late.take_over(code)
    assert refused.value.problem == "handoff_invalid"
