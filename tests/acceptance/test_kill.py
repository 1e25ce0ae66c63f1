"""kill -9 in the middle of twenty sessions: nothing that was acknowledged is lost, every submitted attempt gets one verdict."""

import hashlib
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.acceptance.test_server import apply, until
from tests.conftest import Server
from tests.recordings import encode, grey_ramp

SESSIONS = 20
PIECE = 6_000


@dataclass
class Camera:
    """One session over bare HTTP, remembering exactly what the server acknowledged."""

    token: str
    recording: bytes
    submits: bool
    nonce: str = ""
    acknowledged: int = 0
    submitted: bool = False
    begun: threading.Event = field(default_factory=threading.Event)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "X-Attempt-Nonce": self.nonce}

    def run(self, url: str, tick: Callable[[], None]) -> None:
        """Capture until done or until the server is gone; `tick` after each acknowledgement."""
        try:
            with httpx.Client(base_url=f"{url}/capture/v1", timeout=20) as http:
                self.nonce = http.post("/attempts", headers=self.headers).raise_for_status().json()["nonce"]
                self._upload(http, tick)
                if self.submits:
                    self._submit(http)
                    tick()
        except httpx.TransportError:
            return

    def _upload(self, http: httpx.Client, tick: Callable[[], None]) -> None:
        pieces = range(0, len(self.recording), PIECE)
        for offset in pieces if self.submits else pieces[:-1]:
            piece = self.recording[offset : offset + PIECE]
            headers = {**self.headers, "X-Slice-SHA256": hashlib.sha256(piece).hexdigest()}
            answer = http.put("/attempts/1/video", params={"offset": offset}, content=piece, headers=headers).raise_for_status()
            self.acknowledged = answer.json()["received"]
            tick()

    def _submit(self, http: httpx.Client) -> None:
        end = {"size": len(self.recording), "sha256": hashlib.sha256(self.recording).hexdigest(), "frames": 60}
        http.post("/attempts/1/finish", json=end, headers=self.headers).raise_for_status()
        self.submitted = True

    def received(self, url: str) -> int:
        """Bytes of the recording the server holds now."""
        answer = httpx.get(f"{url}/capture/v1/attempts/1/video", headers=self.headers).raise_for_status()
        return int(answer.json()["received"])


def test_nothing_acknowledged_is_lost(home: Path, client_for: Callable[..., Any]) -> None:
    first = Server(home, OPENEKYC_WORKERS="1")
    key = first.create_key("acme")
    cameras = _cameras(client_for(key, first.url))
    _kill_in_the_middle(first, cameras)
    assert any(camera.submitted for camera in cameras)
    concluded = _concluded(home)

    second = Server(home, OPENEKYC_WORKERS="1")
    try:
        _check(second, cameras, concluded, client_for(key, second.url))
        assert until(lambda: len(_concluded(home)) == len(_in_state(home, "concluded", "submitted")))
        assert _verdicts(second) == len(_concluded(home) - concluded)
    finally:
        assert second.stop() == 0
    assert "fault" not in "".join(second.log)


def _cameras(client: Any) -> list[Camera]:
    recording = encode(grey_ramp(60))
    return [Camera(apply(client), recording, submits=number % 2 == 0) for number in range(SESSIONS)]


def _kill_in_the_middle(server: Server, cameras: list[Camera]) -> None:
    """Twenty cameras at once; the process dies when some have submitted and most are uploading."""
    middle = threading.Event()

    def tick() -> None:
        if sum(camera.submitted for camera in cameras) >= 3:
            middle.set()

    threads = [threading.Thread(target=camera.run, args=(server.url, tick)) for camera in cameras]
    for thread in threads:
        thread.start()
    assert middle.wait(60)
    server.kill()
    for thread in threads:
        thread.join(60)


def _check(server: Server, cameras: list[Camera], concluded: set[str], client: Any) -> None:
    for camera in cameras:
        outcome = httpx.get(f"{server.url}/capture/v1/outcome", headers=camera.headers)
        assert outcome.status_code == 200, "an acknowledged token is gone"
        if camera.submitted:
            assert until(lambda camera=camera: _result(client, camera) != "-999"), "a submitted attempt has no verdict"
        elif camera.nonce and camera.token not in _tokens(server.home, "submitted", "concluded"):
            assert camera.received(server.url) >= camera.acknowledged, "an acknowledged slice is gone"


def _result(client: Any, camera: Camera) -> str:
    return str(client.call_json("GetLivenessResult", {"SdkToken": camera.token})["Response"]["Result"])


def _in_state(home: Path, *states: str) -> set[str]:
    return _tokens(home, *states)


def _concluded(home: Path) -> set[str]:
    return _tokens(home, "concluded")


def _tokens(home: Path, *states: str) -> set[str]:
    database = sqlite3.connect(f"file:{home / 'openekyc.db'}?mode=ro", uri=True)
    try:
        marks = ", ".join("?" * len(states))
        return {token for (token,) in database.execute(f"SELECT token FROM attempts WHERE state IN ({marks})", states)}
    finally:
        database.close()


def _verdicts(server: Server) -> float:
    """Judgements that took effect in this process."""
    lines = server.metrics().splitlines()
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith("openekyc_capture_outcomes_total"))
