"""Hostile and broken requests at every door: always a clear refusal, never a 5xx, and the server goes on."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from openekyc.capture.client import CaptureClient, CaptureRefused
from tests.acceptance.test_server import apply, call
from tests.conftest import Running
from tests.recordings import encode, grey_ramp

BODIES = (b"", b"\0\xff\xfe", b"{", b"[]", b"null", b'{"a":' * 5000, b'{"SecureLevel": 1e999}', '{"é": "\ud7ff"}'.encode(), b"x" * 300_000)
TYPES = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data", "multipart/form-data; boundary=x", "", "a/b")
AUTHORIZATIONS = (
    "",
    "TC3-HMAC-SHA256 Credential=a/2020-01-01/faceid/tc3_request, SignedHeaders=content-type;host, Signature=00",
    "TC3-HMAC-SHA256 " + "x" * 5000,
    "Bearer nothing",
)
CAPTURE = (
    ("POST", "session"),
    ("POST", "attempts"),
    ("POST", "attempts/1/light"),
    ("PUT", "attempts/1/video?offset=0"),
    ("PUT", "attempts/1/video?offset=-1"),
    ("PUT", "attempts/99999999999999999999/video?offset=99999999999999999999"),
    ("GET", "attempts/x/video"),
    ("POST", "attempts/1/trace"),
    ("POST", "attempts/1/finish"),
    ("GET", "outcome"),
    ("GET", "outcome/stream"),
    ("POST", "ping"),
    ("POST", "leave"),
    ("DELETE", "session"),
    ("GET", "../../etc/passwd"),
)


@pytest.fixture(scope="module")
def http(server: Running) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=20) as client:
        yield client


def test_the_api_door(http: httpx.Client) -> None:
    for body, kind, authorization in itertools.product(BODIES, TYPES, AUTHORIZATIONS):
        headers = {"Content-Type": kind, "Authorization": authorization, "X-TC-Action": "GetLivenessResult", "X-TC-Timestamp": "1"}
        answer = http.post("/", content=body, headers=headers)
        assert answer.status_code == 200
        assert answer.json()["Response"]["Error"]["Code"] != "InternalError"


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"])
def test_other_methods_at_the_api_door(http: httpx.Client, method: str) -> None:
    assert http.request(method, "/?Action=" + "A" * 9000).status_code < 500


def test_the_capture_door(http: httpx.Client, server: Running, client_for: Callable[..., Any]) -> None:
    token = apply(client_for(server.sandbox_key))
    for (method, path), body, bearer in itertools.product(CAPTURE, BODIES, ("", "x" * 9000, "not-a-token", token)):
        if path.endswith("stream") and bearer == token:
            continue  # a stream that waits is no refusal
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        answer = http.request(method, f"/capture/v1/{path}", content=body, headers=headers)
        assert answer.status_code < 500, (method, path, body[:20])
        if answer.is_client_error and answer.headers.get("content-type") == "application/problem+json":
            assert answer.json()["problem"]
            assert answer.json()["remedy"]


@pytest.mark.parametrize("path", ["/media/", "/media/x", "/media/%00", "/media/" + "A" * 5000, "/media/a/b", "/metrics/x", "/%ff", "//"])
def test_other_doors(http: httpx.Client, path: str) -> None:
    assert http.get(path).status_code < 500


def test_foreign_and_invented_tokens_are_one_refusal(server: Running, client_for: Callable[..., Any]) -> None:
    from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException

    foreign = apply(client_for(server.key))
    codes = set()
    for token in (foreign, "0A1B2C3D-0000-4000-8000-000000000000", "x", "é" * 30):
        with pytest.raises(TencentCloudSDKException) as caught:
            call(client_for(server.sandbox_key), "GetLivenessResult", SdkToken=token)
        codes.add(caught.value.code)
    assert len(codes) == 1


@pytest.mark.parametrize(
    "recording",
    [b"\x1a\x45\xdf\xa3" + b"\xff" * 2000, encode(grey_ramp(40))[:700], b"\0"],
    ids=["hostile matroska", "cut off", "one byte"],
)
def test_hostile_recordings_end_in_a_verdict(recording: bytes, server: Running, client_for: Callable[..., Any]) -> None:
    client = client_for(server.key)
    token = apply(client)
    with CaptureClient(server.url, token) as capture:
        capture.open()
        capture.begin()
        capture.put_slices([recording])
        capture.finish()
        assert capture.wait_outcome().state == "retry"
    assert call(client, "GetLivenessResult", SdkToken=token)["Result"] in {"1004", "1005", "1002"}


@pytest.mark.parametrize(
    ("recording", "names"),
    [(b"GIF89a" + b"\0" * 500, "GIF"), (b"<html>" * 100, "unknown"), (encode(grey_ramp(5), "mp4", "mpeg2video"), "MPEG-2 video")],
    ids=["gif", "html", "mpeg-2"],
)
def test_what_is_not_judged_is_refused_at_its_slice(recording: bytes, names: str, server: Running, client_for: Callable[..., Any]) -> None:
    with CaptureClient(server.url, apply(client_for(server.key))) as capture:
        before = capture.open().attempts_left
        capture.begin()
        with pytest.raises(CaptureRefused, match=names) as caught:
            capture.put_slices([recording])
        assert caught.value.problem == "recording_unsupported"
        assert capture.open().attempts_left == before


def test_too_much_video_is_refused_and_the_attempt_lives_on(server: Running, client_for: Callable[..., Any]) -> None:
    with CaptureClient(server.url, apply(client_for(server.key))) as capture:
        limits = capture.open().limits
        capture.begin()
        with pytest.raises(CaptureRefused) as caught:
            capture.put_slices([b"x" * (limits.recording_max_bytes + 1)])
        assert caught.value.problem == "recording_too_large"
        assert capture.put_slices([b"still here"]) == 10


def test_no_request_of_this_module_was_a_fault(server: Running) -> None:
    written = "".join(server.process.log)
    assert '"fault"' not in written
    assert "call_failed" not in written
