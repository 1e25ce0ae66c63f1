"""Browsers at a running server: the pages and their policy, API calls by GET beside them, and the start page's simulated session."""

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

from tests.conftest import Running, Server

pytestmark = pytest.mark.timeout(400)
DEADLINE_S = 300.0
HTML = {"Accept": "text/html,application/xhtml+xml"}


def wish(http: httpx.Client, path: str, **body: Any) -> httpx.Response:
    """As the start page asks."""
    return http.post(path, json=body, headers={"Origin": str(http.base_url).rstrip("/"), "Sec-Fetch-Site": "same-origin"})


def simulated(http: httpx.Client) -> dict[str, Any]:
    """The simulation's state once it is no longer running."""
    end = time.monotonic() + DEADLINE_S
    while (state := http.get("/demo/simulate").json())["state"] == "running" and time.monotonic() < end:
        time.sleep(0.2)
    found: dict[str, Any] = state
    return found


def test_a_browser_and_an_sdk_share_an_address(server: Running, client_for: Callable[..., Any]) -> None:
    page = server.process.visitor().get("/", headers=HTML)
    assert page.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    call = httpx.get(f"{server.url}/", params={"Action": "ApplyLivenessToken"}, headers=HTML)
    assert (call.status_code, call.headers["content-type"]) == (200, "application/json")
    assert httpx.get(f"{server.url}/").json()["Response"]["Error"]["Code"] == "MissingParameter"
    for path in ("/assets/../verify.html", "/assets/%2e%2e/%2e%2e/settings.py", "/assets/none.js"):
        assert httpx.get(f"{server.url}{path}").status_code == 404


def test_without_the_link_there_is_one_sentence_and_no_demo(server: Running) -> None:
    page = httpx.get(f"{server.url}/", headers=HTML)
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "The demo's link stands on the server's second line of output." in page.text
    for path in ("/demo", "/demo/results", "/demo/simulate", "/demo/enter", "/demo/enter?key=x"):
        assert httpx.get(f"{server.url}{path}").status_code == 404
    assert httpx.post(f"{server.url}/demo/sessions", json={}, headers={"Origin": server.url}).status_code == 404


def test_the_link_is_the_second_line_and_the_last_and_never_logged(home: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "openekyc.cli.main", "serve", "--home", str(home), "--port", "0"]
    environ = {**os.environ, "OPENEKYC_WORKERS": "1", "OPENEKYC_LOG_LEVEL": "debug"}
    log = tmp_path / "log"
    with log.open("w") as errors, subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=errors, text=True) as process:
        assert process.stdout
        ready, link = process.stdout.readline(), process.stdout.readline().strip()
        url = ready.removeprefix("ready ").strip()
        assert link.startswith(f"{url}/demo/enter?key=")
        with httpx.Client(base_url=url) as http:
            assert http.get(link).headers["location"] == "/"
            assert http.get("/demo").status_code == 200
            http.get(f"{link}x")
        process.terminate()
        rest = process.stdout.read()  # not `communicate`: it would not see what came together with the first lines
    told = log.read_text()
    secret = link.rpartition("=")[2]
    assert rest.splitlines()[-1] == link  # below what the first start says
    assert len(secret) >= 32
    assert secret not in told
    local = json.loads((home / "local.key").read_text())
    assert local["SecretKey"] in rest
    assert local["SecretKey"] not in told


def test_the_start_pages_simulated_subject_passes_and_leaves_no_token_in_the_log(server: Running) -> None:
    http = server.process.visitor()
    made = wish(http, "/demo/sessions", level=4, who="simulated").json()
    assert wish(http, "/demo/simulate", token=made["token"]).status_code == 202
    state = simulated(http)
    assert (state["state"], state["outcome"]) == ("done", "pass"), state
    shown = http.get("/demo/results").json()["results"][0]
    assert (shown["token"], shown["passed"], shown["sandbox"], shown["who"]) == (made["token"], True, True, "simulated")
    assert made["token"] in http.get(shown["explain"]).text
    httpx.get(f"{server.url}/verify", params={"token": made["token"]}, headers=HTML)
    httpx.get(f"{server.url}/", params={"token": made["token"]}, headers=HTML)
    assert made["token"] not in "".join(server.process.log)


def test_another_site_cannot_use_the_demo(server: Running) -> None:
    for headers in ({"Origin": "https://evil.example"}, {"Origin": "http://evil.example", "Host": "evil.example"}):
        assert server.process.visitor().post("/demo/sessions", json={}, headers=headers).status_code in (403, 404)


def test_a_stopping_server_does_not_wait_for_the_simulated_subject(home: Path) -> None:
    own = Server(home, OPENEKYC_WORKERS="1", OPENEKYC_SHUTDOWN_GRACE_S="1")
    http = own.visitor()
    token = wish(http, "/demo/sessions").json()["token"]
    assert wish(http, "/demo/simulate", token=token).json()["state"] == "running"
    assert own.stop() == 0


def test_turned_off_there_is_no_demo(home: Path) -> None:
    own = Server(home, OPENEKYC_WORKERS="1", OPENEKYC_DEMO="false")
    answer = wish(httpx.Client(base_url=own.url), "/demo/sessions")
    assert (answer.status_code, answer.json()["problem"]) == (404, "demo_off")
    assert "The demo is off" in httpx.get(f"{own.url}/", headers=HTML).text
    assert own.stop() == 0
