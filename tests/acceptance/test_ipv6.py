"""A server at `::` answers both families; at `::1` it is this machine's own as at 127.0.0.1."""

import json
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from openekyc.capture.client import CaptureClient
from tests.conftest import Key, Server
from tests.recordings import encode, grey_ramp


def ipv6() -> bool:
    """Whether this machine has IPv6, at least within itself."""
    try:
        with socket.socket(socket.AF_INET6) as sock:
            sock.bind(("::1", 0))
    except OSError:
        return False
    return True


pytestmark = pytest.mark.skipif(not ipv6(), reason="this machine has no IPv6")
PAGE = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def everywhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("everywhere") / "home", OPENEKYC_HOST="::", OPENEKYC_DEMO="true", OPENEKYC_WORKERS="1")
    yield server
    server.stop()


@pytest.fixture(scope="module")
def key(everywhere: Server) -> Key:
    return everywhere.create_key("acme", sandbox=True)


@pytest.fixture(scope="module")
def port(everywhere: Server) -> int:
    return urlsplit(everywhere.url).port or 0


def test_ready_names_an_address_that_can_be_opened(everywhere: Server, port: int) -> None:
    assert everywhere.url == f"http://[::1]:{port}"
    for url in (everywhere.url, f"http://127.0.0.1:{port}"):
        assert httpx.get(f"{url}/readyz").json()["status"] == "ready"


@pytest.mark.parametrize("method", ["TC3-HMAC-SHA256", "HmacSHA1", "HmacSHA256"])
def test_the_stock_sdk_signs_an_address_in_brackets(everywhere: Server, key: Key, client_for: Callable[..., Any], method: str) -> None:
    client = client_for(key, everywhere.url, method)
    answer = client.call_json("ApplyWebVerificationBizTokenIntl", {"RedirectURL": "https://a.test/", "Config": {"CheckMode": 3}})[
        "Response"
    ]
    assert answer["VerificationURL"].startswith(f"{everywhere.url}/verify?token=")
    assert httpx.get(answer["VerificationURL"], headers=PAGE).status_code == 200


def test_a_capture_client_reaches_it(everywhere: Server, key: Key, client_for: Callable[..., Any]) -> None:
    token = client_for(key, everywhere.url).call_json("ApplyLivenessToken", {"SecureLevel": "1"})["Response"]["SdkToken"]
    with CaptureClient(everywhere.url, token) as capture:
        capture.open()
        capture.begin()
        capture.put_slices([encode(grey_ramp(30))])
        capture.finish(frames=30)
        assert capture.wait_outcome().state == "retry"


@pytest.mark.parametrize("host", ["[::1]", "127.0.0.1"])
def test_the_demo_knows_this_machine_in_both_families(everywhere: Server, port: int, host: str) -> None:
    """Over IPv4 the peer's address is ::ffff:127.0.0.1 there."""
    with httpx.Client(base_url=f"http://{host}:{port}") as http:
        http.get(everywhere.demo.removeprefix(everywhere.url))
        assert http.get("/demo").json()["key_file"].endswith("local.key")


def test_doctor_finds_it_there(everywhere: Server, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    command = [sys.executable, "-m", "openekyc", "doctor", "--json", "--home", str(everywhere.home)]
    monkeypatch.setenv("OPENEKYC_HOST", "::")
    monkeypatch.setenv("OPENEKYC_PORT", str(port))
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    (finding,) = [one for one in json.loads(said) if one["check"] == "port"]
    assert finding["ok"], finding
    assert finding["found"] == "openekyc is running there"


def test_a_sandbox_session_of_ones_own_is_opened_there(everywhere: Server) -> None:
    from openekyc.cli.sandbox import sandbox_token
    from openekyc.settings import Settings

    settings = Settings(home=everywhere.home)
    with CaptureClient(everywhere.url, sandbox_token(settings, everywhere.url)) as capture:
        assert capture.open().sandbox
    keys = _secret_ids(everywhere.home)
    sandbox_token(settings, everywhere.url)
    assert _secret_ids(everywhere.home) == keys


def test_a_home_that_is_not_the_servers_is_named(everywhere: Server, tmp_path: Path) -> None:
    from openekyc.cli.sandbox import NoSession, sandbox_token
    from openekyc.settings import Settings

    with pytest.raises(NoSession, match="does not know the keys") as refused:
        sandbox_token(Settings(home=tmp_path / "other"), everywhere.url)
    assert "--home" in refused.value.remedy


def _secret_ids(home: Path) -> list[str]:
    command = [sys.executable, "-m", "openekyc", "keys", "list", "--json", "--home", str(home)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [key["SecretId"] for key in json.loads(said)]
