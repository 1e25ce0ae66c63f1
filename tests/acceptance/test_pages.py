"""Browsers at a running server: the pages and their policy, API calls by GET beside them, and the start page's simulated session."""

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


def wish(url: str, path: str, **body: Any) -> httpx.Response:
    """As the start page asks."""
    return httpx.post(f"{url}{path}", json=body, headers={"Origin": url, "Sec-Fetch-Site": "same-origin"})


def simulated(url: str) -> dict[str, Any]:
    """The simulation's state once it is no longer running."""
    end = time.monotonic() + DEADLINE_S
    while (state := httpx.get(f"{url}/demo/simulate").json())["state"] == "running" and time.monotonic() < end:
        time.sleep(0.2)
    found: dict[str, Any] = state
    return found


def test_a_browser_and_an_sdk_share_an_address(server: Running, client_for: Callable[..., Any]) -> None:
    page = httpx.get(f"{server.url}/", headers=HTML)
    assert page.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    call = httpx.get(f"{server.url}/", params={"Action": "ApplyLivenessToken"}, headers=HTML)
    assert (call.status_code, call.headers["content-type"]) == (200, "application/json")
    assert httpx.get(f"{server.url}/").json()["Response"]["Error"]["Code"] == "MissingParameter"
    for path in ("/assets/../verify.html", "/assets/%2e%2e/%2e%2e/settings.py", "/assets/none.js"):
        assert httpx.get(f"{server.url}{path}").status_code == 404


def test_the_start_pages_simulated_subject_passes_and_leaves_no_token_in_the_log(server: Running) -> None:
    made = wish(server.url, "/demo/sessions", level=4, who="simulated").json()
    assert wish(server.url, "/demo/simulate", token=made["token"]).status_code == 202
    state = simulated(server.url)
    assert (state["state"], state["outcome"]) == ("done", "pass"), state
    shown = httpx.get(f"{server.url}/demo/results").json()["results"][0]
    assert (shown["token"], shown["passed"], shown["sandbox"], shown["who"]) == (made["token"], True, True, "simulated")
    assert made["token"] in httpx.get(f"{server.url}{shown['explain']}").text
    httpx.get(f"{server.url}/verify", params={"token": made["token"]}, headers=HTML)
    httpx.get(f"{server.url}/", params={"token": made["token"]}, headers=HTML)
    assert made["token"] not in "".join(server.process.log)


def test_another_site_cannot_use_the_demo(server: Running) -> None:
    for headers in ({"Origin": "https://evil.example"}, {"Origin": "http://evil.example", "Host": "evil.example"}):
        assert httpx.post(f"{server.url}/demo/sessions", json={}, headers=headers).status_code == 403


def test_a_stopping_server_does_not_wait_for_the_simulated_subject(home: Path) -> None:
    own = Server(home, OPENEKYC_WORKERS="1", OPENEKYC_SHUTDOWN_GRACE_S="1")
    token = wish(own.url, "/demo/sessions").json()["token"]
    assert wish(own.url, "/demo/simulate", token=token).json()["state"] == "running"
    assert own.stop() == 0


def test_turned_off_there_is_no_demo(home: Path) -> None:
    own = Server(home, OPENEKYC_WORKERS="1", OPENEKYC_DEMO="false")
    answer = wish(own.url, "/demo/sessions")
    assert (answer.status_code, answer.json()["problem"]) == (404, "demo_off")
    assert own.stop() == 0
