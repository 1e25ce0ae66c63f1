"""Documents at a running server: hostile pictures get their hint and cost nothing, and a kill loses no picture."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from openekyc.capture.client import CaptureClient, CaptureRefused
from tests.acceptance.test_server import until
from tests.conftest import Key, Running, Server

pytestmark = pytest.mark.timeout(240)

NOISE = np.random.default_rng(3).integers(0, 255, (480, 640, 3), np.uint8)


def jpeg(picture: Any) -> bytes:
    return bytes(cv2.imencode(".jpg", picture)[1])


def issue(client_for: Callable[..., Any], key: Key, url: str, **fields: Any) -> str:
    answer = client_for(key, url).call_json("ApplySdkVerificationToken", {"CheckMode": 1, "SecurityLevel": 1, **fields})
    return str(answer["Response"]["SdkToken"])


TRUNCATED = jpeg(NOISE)[:20_000]
HEADER_ONLY = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (60_000).to_bytes(4, "big") * 2
PICTURES = {
    "a meadow of noise": (jpeg(NOISE), {"not_a_card", "unreadable"}),
    "one colour": (jpeg(np.full((600, 900, 3), 180, np.uint8)), {"not_a_card", "unreadable"}),
    "a file that breaks off": (TRUNCATED, {"unreadable", "not_a_card"}),
    "random bytes behind a JPEG's mark": (b"\xff\xd8\xff\xe0" + bytes(range(256)) * 40, {"unreadable"}),
    "one pixel": (jpeg(np.zeros((1, 1, 3), np.uint8)), {"not_a_card", "unreadable"}),
}


def test_a_header_that_promises_gigabytes_is_refused_at_once(server: Running, client_for: Callable[..., Any]) -> None:
    with CaptureClient(server.url, issue(client_for, server.key, server.url)) as client:
        client.open()
        with pytest.raises(CaptureRefused, match="60000 x 60000") as refused:
            client.put_picture("front", HEADER_ONLY)
    assert refused.value.problem == "picture_invalid"


@pytest.mark.parametrize("name", PICTURES)
def test_what_is_no_document_is_asked_for_again(server: Running, client_for: Callable[..., Any], name: str) -> None:
    picture, hints = PICTURES[name]
    token = issue(client_for, server.key, server.url)
    with CaptureClient(server.url, token) as client:
        client.open()
        client.put_picture("front", picture)
        answer = client.wait_picture("front")
    assert answer.state == "retake"
    assert set(answer.hints) & hints
    assert "engine_fault" not in "".join(server.process.log)


@pytest.mark.parametrize("data", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a" + bytes(64), b"%PDF-1.7", b"BM" + bytes(64)])
def test_what_is_no_picture_is_refused_at_the_door(server: Running, client_for: Callable[..., Any], data: bytes) -> None:
    token = issue(client_for, server.key, server.url)
    with CaptureClient(server.url, token) as client, pytest.raises(CaptureRefused) as refused:
        client.put_picture("front", data)
    assert refused.value.problem == "picture_invalid"


def test_three_bad_pictures_end_the_session(server: Running, client_for: Callable[..., Any]) -> None:
    token = issue(client_for, server.key, server.url, IdCardType="TaiWanIDCard")
    with CaptureClient(server.url, token) as client:
        states = []
        for shade in (10, 120, 240):
            client.put_picture("front", jpeg(np.full((300, 500, 3), shade, np.uint8)))
            states.append(client.wait_picture("front").state)
        assert states == ["retake", "retake", "refused"]
        assert client.outcome().state == "fail"
    told = client_for(server.key).call_json("GetSdkVerificationResult", {"SdkToken": token})["Response"]
    assert (told["Result"], [one["IsPass"] for one in told["CardVerifyResults"]]) == ("2015", [False] * 3)


def test_no_picture_is_lost_when_the_server_is_killed(home: Path, client_for: Callable[..., Any]) -> None:
    first = Server(home, OPENEKYC_WORKERS="1")
    key = first.create_key("acme")
    tokens = [issue(client_for, key, first.url) for _ in range(4)]
    acknowledged: set[str] = set()

    def send(token: str) -> None:
        with CaptureClient(first.url, token, sleep=lambda _: None) as client:
            try:
                client.put_picture("front", jpeg(NOISE))
            except CaptureRefused:
                return
            acknowledged.add(token)

    threads = [threading.Thread(target=send, args=(token,)) for token in tokens]
    for thread in threads:
        thread.start()
    assert until(lambda: len(acknowledged) >= 2)
    first.kill()
    for thread in threads:
        thread.join(60)
    second = Server(home, OPENEKYC_WORKERS="1")
    try:
        for token in acknowledged:
            with CaptureClient(second.url, token) as client:
                assert client.wait_picture("front").state == "retake"
    finally:
        assert second.stop() == 0
