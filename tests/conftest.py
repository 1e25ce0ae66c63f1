"""Fixtures every room may use: a home folder, a real server process on a loopback port, and stock SDK clients for it."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, settings

# No timed assertions: machines that test are busy, and how long an example takes proves nothing.
settings.register_profile("openekyc", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("openekyc")

START_S = 90


@dataclass(frozen=True)
class Key:
    """One API credential."""

    secret_id: str
    secret_key: str


class Server:
    """`openekyc serve` in a process of its own. `url` is where it accepts; `log` collects everything it wrote."""

    def __init__(self, home: Path, **environ: str) -> None:
        self.home = home
        self.log: list[str] = []
        self._lines: Queue[str] = Queue()
        command = [sys.executable, "-m", "openekyc.cli.main", "serve", "--home", str(home), "--port", "0"]
        self.process = subprocess.Popen(
            command, env={**os.environ, **environ}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
        )
        threading.Thread(target=self._collect, daemon=True).start()
        self.url = self._wait_ready()
        self._demo: str | None = None

    def _collect(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.log.append(line)
            self._lines.put(line)

    def _wait_ready(self) -> str:
        try:
            while not (line := self._lines.get(timeout=START_S)).startswith("ready "):
                pass
        except Empty:
            self.kill()
            raise RuntimeError("the server did not become ready:\n" + "".join(self.log)) from None
        return line.split()[1]

    @property
    def demo(self) -> str:
        """The demo's link: the line of stdout after `ready`."""
        if self._demo is None:
            while "/demo/enter?key=" not in (line := self._lines.get(timeout=START_S)):
                pass
            self._demo = line.strip()
        return self._demo

    def visitor(self) -> httpx.Client:
        """A browser that opened the demo's link."""
        client = httpx.Client(base_url=self.url, trust_env=False, timeout=30)
        assert client.get(self.demo).status_code == 303
        return client

    def metrics(self) -> str:
        """What the operator reads at /metrics."""
        token = (self.home / "metrics.token").read_text().strip()
        return httpx.get(f"{self.url}/metrics", headers={"Authorization": f"Bearer {token}"}).raise_for_status().text

    def create_key(self, account: str, *, sandbox: bool = False) -> Key:
        """A new key, made by the CLI while the server runs."""
        return create_key(self.home, account, sandbox=sandbox)

    def stop(self) -> int:
        """SIGTERM, and the exit status."""
        self.process.terminate()
        return self.process.wait(timeout=START_S)

    def kill(self) -> None:
        """SIGKILL to the server process alone; its workers have to notice by themselves."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def create_key(home: Path, account: str, *, sandbox: bool = False) -> Key:
    """`openekyc keys create --json` in a process of its own."""
    command = [sys.executable, "-m", "openekyc.cli.main", "keys", "create", "--home", str(home), "--account", account, "--json"]
    done = subprocess.run([*command, *(["--sandbox"] if sandbox else [])], check=True, capture_output=True, text=True)
    answer = json.loads(done.stdout)
    return Key(answer["SecretId"], answer["SecretKey"])


@dataclass(frozen=True)
class Running:
    """The shared server of the test session, an ordinary and a sandbox account's key."""

    url: str
    home: Path
    key: Key
    sandbox_key: Key
    process: Server


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty home folder."""
    return tmp_path / "home"


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The documentation, built once."""
    from tools import build_docs

    folder = tmp_path_factory.mktemp("docs") / "site"
    build_docs.build(folder)
    return folder


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One server for the whole test session. Tests that kill or configure a server start their own `Server`."""
    folder = tmp_path_factory.mktemp("server") / "home"
    running = Server(folder, OPENEKYC_RATE_PER_SECOND="20")
    yield Running(running.url, folder, running.create_key("acme"), running.create_key("acme-sandbox", sandbox=True), running)
    running.stop()


@pytest.fixture(scope="session")
def client_for(server: Running) -> Callable[..., Any]:
    """`client_for(key)` is the official SDK's FaceidClient for the shared server; `client_for(key, url, sign_method=...)` for others."""
    return clients(server.url)


def clients(default: str) -> Callable[..., Any]:
    """What `client_for` gives, for the server at `default`."""

    def build(key: Key, url: str = default, sign_method: str = "TC3-HMAC-SHA256", region: str = "ap-singapore") -> Any:
        from tencentcloud.common.credential import Credential
        from tencentcloud.common.profile.client_profile import ClientProfile
        from tencentcloud.common.profile.http_profile import HttpProfile
        from tencentcloud.faceid.v20180301.faceid_client import FaceidClient

        scheme, endpoint = url.split("://")
        profile = ClientProfile(signMethod=sign_method, httpProfile=HttpProfile(protocol=scheme, endpoint=endpoint))
        return FaceidClient(Credential(key.secret_id, key.secret_key), region, profile)

    return build
