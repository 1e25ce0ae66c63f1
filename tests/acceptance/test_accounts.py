"""A running server follows what is set for an account beside it, and shows people who asks."""

import io
import json
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from openekyc.cli import exits
from tests.acceptance.test_server import serve_and_fail, until
from tests.conftest import Running, Server, clients, create_key

PURPOSE = "To open your account"


def openekyc(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "openekyc.cli.main", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def settle(home: Path, account: str, *values: str) -> None:
    done = openekyc("accounts", "set", "--home", home, account, *values)
    assert (done.returncode, done.stderr) == (0, "")


def png(path: Path, colour: tuple[int, int, int]) -> Path:
    Image.new("RGB", (40, 20), colour).save(path)
    return path


def apply(client: Any) -> str:
    return str(client.call_json("ApplyLivenessToken", {"SecureLevel": "1"})["Response"]["SdkToken"])


def brand_of(url: str, token: str) -> dict[str, Any]:
    answer = httpx.post(f"{url}/capture/v1/session", headers={"Authorization": f"Bearer {token}"}, json={})
    found: dict[str, Any] = answer.json()["brand"]
    return found


def test_a_running_server_follows_and_serves_the_logo(server: Running, client_for: Callable[..., Any], tmp_path: Path) -> None:
    key = server.process.create_key("branded")
    token = apply(client_for(key))
    assert brand_of(server.url, token)["name"] == ""
    settle(
        server.home, "branded", "brand_name=Acme <b>Ltd</b>", f"brand_purpose={PURPOSE}", f"brand_logo={png(tmp_path / 'a.png', (1, 2, 3))}"
    )
    assert until(lambda: brand_of(server.url, token)["name"] == "Acme <b>Ltd</b>")
    first = brand_of(server.url, token)["logo"]
    shown = httpx.get(server.url + first)
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/png")
    assert Image.open(io.BytesIO(shown.content)).size == (40, 20)
    settle(server.home, "branded", f"brand_logo={png(tmp_path / 'b.png', (9, 9, 9))}")
    assert until(lambda: brand_of(server.url, token)["logo"] != first)
    assert httpx.get(server.url + first).status_code == 200  # pages that opened before still show it
    assert brand_of(server.url, apply(client_for(server.key)))["name"] == ""
    assert httpx.get(f"{server.url}/brand/{'0' * 64}.png").status_code == 404


def test_a_running_server_follows_the_rate(server: Running, client_for: Callable[..., Any]) -> None:
    from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException

    client = client_for(server.process.create_key("hurried"))
    apply(client)
    settle(server.home, "hurried", "rate_per_second=1")

    def limited() -> bool:
        try:
            apply(client)
            apply(client)
        except TencentCloudSDKException as error:
            return bool(error.code == "RequestLimitExceeded")
        return False

    assert until(limited)


def test_two_who_set_at_once_lose_nothing(server: Running) -> None:
    server.process.create_key("shared")
    with ThreadPoolExecutor(4) as together:
        pairs = [("brand_name=Shared",), ("brand_kept=30 days",), ("pass_similarity=75",), ("brand_consent.en=yes", "brand_consent.th=ใช่")]
        list(together.map(lambda pair: settle(server.home, "shared", *pair), pairs))
    own = json.loads(openekyc("accounts", "list", "--home", server.home, "--json").stdout)
    (shared,) = [row["Settings"] for row in own if row["Account"] == "shared"]
    consent = {"en": "yes", "th": "ใช่"}
    assert shared == {"brand_name": "Shared", "brand_kept": "30 days", "pass_similarity": 75.0, "brand_consent": consent}


def test_what_was_agreed_is_explained_and_never_logged(server: Running, client_for: Callable[..., Any], tmp_path: Path) -> None:
    token, text = apply(client_for(server.key)), "I agree that <b>my face</b> is checked."
    sent = {"headers": {"Authorization": f"Bearer {token}"}, "json": {"language": "en", "text": text}}
    assert httpx.post(f"{server.url}/capture/v1/consent", **sent).status_code == 204
    found = json.loads(openekyc("explain", token, "--home", server.home, "--json").stdout)["consent"]
    assert (found["state"], found["language"], found["text"]) == ("agreed", "en", text)
    assert openekyc("explain", token, "--home", server.home, "--out", tmp_path / "page.html").returncode == 0
    assert "&lt;b&gt;my face&lt;/b&gt;" in (tmp_path / "page.html").read_text()
    assert "my face" not in "".join(server.process.log)


@pytest.mark.timeout(180)
def test_the_servers_own_brand_is_for_accounts_without(home: Path, tmp_path: Path) -> None:
    key = create_key(home, "acme")
    settings = f'brand_name = "Operator"\nbrand_logo = "{png(tmp_path / "o.png", (1, 1, 1))}"\n[brand_consent]\nen = "I agree."\n'
    (home / "openekyc.toml").write_text(settings)
    server = Server(home)
    try:
        token = apply(clients(server.url)(key))
        brand = brand_of(server.url, token)
        assert (brand["name"], brand["consent"]) == ("Operator", {"en": "I agree."})
        assert httpx.get(server.url + brand["logo"]).status_code == 200
        settle(home, "acme", "brand_name=Acme")
        assert until(lambda: brand_of(server.url, token)["name"] == "Acme")
    finally:
        server.stop()


def test_a_server_whose_logo_cannot_be_used_does_not_start(home: Path, tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text("<svg/>")
    done = serve_and_fail(home, "--port", "0", OPENEKYC_BRAND_LOGO=str(tmp_path / "logo.svg"))
    assert done.returncode == exits.CANNOT_START
    assert "brand_logo" in done.stderr
    assert "PNG or WebP" in done.stderr


def test_a_running_server_limits_what_one_extra_may_try(server: Running, client_for: Callable[..., Any]) -> None:
    from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException

    client = client_for(server.process.create_key("counting"))
    settle(server.home, "counting", "attempts_per_extra=2")

    def issue(extra: str) -> str:
        return str(client.call_json("GetFaceIdTokenIntl", {"CheckMode": "liveness", "Extra": extra})["Response"]["SdkToken"])

    def refused() -> bool:
        """One more attempt with another token, until one is refused."""
        try:
            token = issue("ann")
        except TencentCloudSDKException as error:
            return bool(error.code == "RequestLimitExceeded" and "within an hour" in error.message)
        begin = httpx.post(f"{server.url}/capture/v1/attempts", headers={"Authorization": f"Bearer {token}"}, json={})
        return begin.status_code == 429 and begin.json()["problem"] == "too_often"

    assert until(refused)
    issue("ben")
