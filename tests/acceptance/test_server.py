"""The server as a process: start, stop, second start, the promises of its logs and of its operation pages."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from openekyc.capture.client import CaptureClient
from openekyc.cli import exits
from tests.conftest import Key, Running, Server
from tests.own_network import described
from tests.recordings import encode, grey_ramp

COMMAND = [sys.executable, "-m", "openekyc.cli.main"]
DEADLINE_S = 30.0
CHECKS = ("store", "workers", "writes", "media", "space")


def until(condition: Callable[[], bool]) -> bool:
    """Ask again and again until it holds or the deadline is over."""
    end = time.monotonic() + DEADLINE_S
    while not (held := condition()) and time.monotonic() < end:
        time.sleep(0.05)
    return held


def call(client: Any, action: str, **parameters: str) -> dict[str, Any]:
    """One call through the official SDK."""
    answer: dict[str, Any] = client.call_json(action, parameters)["Response"]
    return answer


def apply(client: Any, level: str = "1") -> str:
    """A new token."""
    return str(call(client, "ApplyLivenessToken", SecureLevel=level)["SdkToken"])


def faceless(url: str, token: str) -> Any:
    """Answer a session with a short recording that shows nobody."""
    with CaptureClient(url, token) as capture:
        capture.open()
        capture.begin()
        capture.put_slices([encode(grey_ramp(30))])
        capture.finish(frames=30)
        return capture.wait_outcome()


def serve_and_fail(home: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """A start that is expected to end by itself."""
    command = [*COMMAND, "serve", "--home", str(home), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env={**os.environ, **environ}, check=False)


def test_pages_of_operation(server: Running) -> None:
    assert httpx.get(f"{server.url}/healthz").json() == {"status": "ok"}
    assert httpx.get(f"{server.url}/readyz").json() == {"status": "ready", "checks": dict.fromkeys(CHECKS, True)}
    assert "openekyc_queue_depth" in httpx.get(f"{server.url}/metrics").text


def test_a_token_a_verdict_and_its_traces(server: Running, client_for: Callable[..., Any]) -> None:
    client = client_for(server.key)
    token = apply(client)
    assert faceless(server.url, token).state == "retry"
    answer = call(client, "GetLivenessResult", SdkToken=token)
    assert answer["Result"] == "1004"
    assert "sandbox" not in answer["Description"]
    metrics = httpx.get(f"{server.url}/metrics").text
    assert 'openekyc_calls_total{action="ApplyLivenessToken",code="OK"}' in metrics
    assert 'openekyc_capture_outcomes_total{code="1004",sandbox="no"}' in metrics


def test_only_sandbox_sessions_say_sandbox(server: Running, client_for: Callable[..., Any]) -> None:
    for key, sandbox in ((server.key, False), (server.sandbox_key, True)):
        client = client_for(key)
        token = apply(client)
        assert faceless(server.url, token).sandbox is sandbox
        assert ("sandbox" in call(client, "GetLivenessResult", SdkToken=token)["Description"]) is sandbox


def test_a_key_disabled_beside_the_server_is_refused_soon(server: Running, client_for: Callable[..., Any]) -> None:
    from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException

    key = server.process.create_key("leaver")
    client = client_for(key)
    apply(client)
    subprocess.run([*COMMAND, "keys", "disable", key.secret_id, "--home", str(server.home)], check=True, capture_output=True)

    def refused() -> bool:
        try:
            apply(client)
        except TencentCloudSDKException as error:
            return error.code == "AuthFailure.SecretIdNotFound"
        return False

    assert until(refused)


@pytest.mark.parametrize("keep", [False, True])
def test_what_came_from_a_disabled_key_ends_with_it(server: Running, client_for: Callable[..., Any], keep: bool) -> None:
    key, other = (server.process.create_key(f"rotating-{keep}") for _ in range(2))
    token, others = apply(client_for(key)), apply(client_for(other))
    faceless(server.url, token)
    url = call(client_for(key), "GetLivenessResult", SdkToken=token)["Video"]["Url"]
    option = ["--keep-tokens"] if keep else []
    done = subprocess.run(
        [*COMMAND, "keys", "disable", key.secret_id, "--json", "--home", str(server.home), *option], check=True, capture_output=True
    )
    assert json.loads(done.stdout)["PeopleCutOff"] == (0 if keep else 1)
    ended = {"Authorization": f"Bearer {token}"}
    assert until(lambda: _refused(client_for(key)))
    if keep:
        assert (httpx.post(f"{server.url}/capture/v1/session", headers=ended).status_code, httpx.get(url).status_code) == (200, 200)
    else:
        assert until(lambda: httpx.post(f"{server.url}/capture/v1/session", headers=ended).status_code == 410)
        assert httpx.get(url).status_code == 410
        # The session's results are the account's: another key of it goes on reading them.
        assert call(client_for(other), "GetLivenessResult", SdkToken=token)["Result"] == "1004"
    assert httpx.post(f"{server.url}/capture/v1/session", headers={"Authorization": f"Bearer {others}"}).status_code == 200


def _refused(client: Any) -> bool:
    from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException

    try:
        apply(client)
    except TencentCloudSDKException as error:
        return error.code == "AuthFailure.SecretIdNotFound"
    return False


def test_a_temporary_key_ends_with_the_one_it_came_from(server: Running) -> None:
    from tencentcloud.common.credential import Credential
    from tencentcloud.common.profile.client_profile import ClientProfile
    from tencentcloud.common.profile.http_profile import HttpProfile
    from tencentcloud.faceid.v20180301.faceid_client import FaceidClient

    key = server.process.create_key("issuer")
    command = [*COMMAND, "keys", "issue", "--account", "issuer", "--json", "--home", str(server.home)]
    issued = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    scheme, endpoint = server.url.split("://")
    credential = Credential(issued["SecretId"], issued["SecretKey"], issued["Token"])
    client = FaceidClient(credential, "ap-singapore", ClientProfile(httpProfile=HttpProfile(protocol=scheme, endpoint=endpoint)))
    assert apply(client)
    subprocess.run([*COMMAND, "keys", "disable", key.secret_id, "--home", str(server.home)], check=True, capture_output=True)
    assert until(lambda: _refused(client))


def test_a_second_server_on_the_same_home_is_refused(server: Running) -> None:
    done = serve_and_fail(server.home, "--port", "0")
    assert done.returncode == exits.CANNOT_START
    assert "already runs" in done.stderr
    assert "--home" in done.stderr


def test_a_busy_port_is_refused_with_a_remedy(server: Running, home: Path) -> None:
    done = serve_and_fail(home, "--port", server.url.rsplit(":", 1)[1])
    assert done.returncode == exits.CANNOT_START
    assert "--port" in done.stderr
    assert not home.exists()


@pytest.mark.parametrize("altered", [False, True])
def test_missing_or_altered_weights_stop_the_start(home: Path, tmp_path: Path, altered: bool) -> None:
    from openekyc.engine.lock import engine_files

    models = tmp_path / "models"
    models.mkdir()
    if altered:
        for item in engine_files():
            (models / item.file).write_bytes(b"not the weights")
    done = serve_and_fail(home, "--port", "0", OPENEKYC_MODELS=str(models))
    assert done.returncode == exits.CANNOT_START
    assert ("altered" if altered else "missing") in done.stderr
    assert "openekyc models fetch" in done.stderr
    assert "ready" not in done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("changes", "said"), [({"live_class": 7}, "class 7"), ({"sha256": "0" * 64}, "altered"), ({"scale": "0..9"}, "scale")]
)
def test_an_own_network_that_does_not_fit_stops_the_start(home: Path, tmp_path: Path, changes: dict[str, object], said: str) -> None:
    done = serve_and_fail(home, "--port", "0", OPENEKYC_SILENT_MODEL=str(described(tmp_path, **changes)), OPENEKYC_WORKERS="1")
    assert done.returncode == exits.CANNOT_START
    assert said in done.stderr
    assert "silent_model" in done.stderr
    assert "Traceback" not in done.stderr


def test_first_start_shows_the_key_once_and_stops_cleanly(home: Path, client_for: Callable[..., Any]) -> None:
    first = Server(home, OPENEKYC_WORKERS="1")
    kept = json.loads((home / "local.key").read_text())
    assert (home / "local.key").stat().st_mode & 0o777 == 0o600
    token = apply(client_for(Key(kept["SecretId"], kept["SecretKey"]), first.url))
    assert first.stop() == 0
    assert kept["SecretKey"] in "".join(first.log)

    second = Server(home, OPENEKYC_WORKERS="1")
    again = client_for(Key(kept["SecretId"], kept["SecretKey"]), second.url)
    assert call(again, "GetLivenessResult", SdkToken=token)["Result"] == "-999"
    assert second.stop() == 0
    assert kept["SecretKey"] not in "".join(second.log)


def test_logs_hold_no_token_secret_or_link(server: Running, client_for: Callable[..., Any]) -> None:
    client = client_for(server.sandbox_key)
    token = apply(client)
    faceless(server.url, token)
    url = call(client, "GetLivenessResult", SdkToken=token)["Video"]["Url"]
    assert httpx.get(url).status_code == 200
    httpx.get(f"{server.url}/media/{token}")
    httpx.get(f"{server.url}/capture/v1/{token}")
    httpx.get(f"{server.url}/capture/v1/outcome", headers={"Authorization": f"Bearer {token}x"})
    written = "".join(server.process.log)
    assert '"judged"' in written
    for secret in (token, server.key.secret_key, server.sandbox_key.secret_key, url.rsplit("/", 1)[1]):
        assert secret not in written
