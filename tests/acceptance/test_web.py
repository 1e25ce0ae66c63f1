"""The hosted page's session through the whole house: the stock SDK opens it, the simulated subject answers, the stock SDK reads it."""

import base64
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from tencentcloud.faceid.v20180301 import models

from openekyc.capture.client import CaptureClient, CaptureRefused
from openekyc.engine.runtime import Models
from openekyc.settings import Settings
from openekyc.simulator.integrator import Integrator
from openekyc.simulator.knobs import Kind, Knobs
from openekyc.simulator.portrait import Portrait
from openekyc.simulator.run import capture
from openekyc.simulator.subject import load_portrait, subject
from tests.conftest import Running

pytestmark = pytest.mark.timeout(240)
THERE = "https://shop.example/done?order=7"


@pytest.fixture(scope="session")
def person() -> Portrait:
    return load_portrait(Models(Settings().models_folder), Knobs())


@pytest.fixture
def sdk(server: Running, client_for: Callable[..., Any]) -> Any:
    return client_for(server.sandbox_key)


def issue(sdk: Any, **config: Any) -> Any:
    request = models.ApplyWebVerificationBizTokenIntlRequest()
    request.RedirectURL, request.Extra = THERE, "order 7"
    request._deserialize({"RedirectURL": THERE, "Extra": "order 7", "Config": {"CheckMode": 3} | config})
    return sdk.ApplyWebVerificationBizTokenIntl(request)


def result(sdk: Any, token: str) -> Any:
    request = models.GetWebVerificationResultIntlRequest()
    request.BizToken = token
    return sdk.GetWebVerificationResultIntl(request)


def answered(server: Running, token: str) -> dict[str, Any]:
    """The answer itself: the stock SDK's model drops members it does not know."""
    with Integrator(server.url, server.sandbox_key.secret_id, server.sandbox_key.secret_key) as integrator:
        return dict(integrator.call("GetWebVerificationResultIntl", BizToken=token))


def answer(client: CaptureClient, person: Portrait, kind: Kind = "live", **begin: Any) -> str:
    """One attempt; `begin` is what the person declines."""
    client_begin = client.begin
    opened = client.open()
    client.begin = lambda **_: client_begin(**begin)  # type: ignore[method-assign]
    capture(client, subject(kind, person, Knobs(seed=7)), opened.limits)
    client.begin = client_begin  # type: ignore[method-assign]
    return client.wait_outcome(120).state


def test_a_person_passes_and_is_sent_back(server: Running, sdk: Any, person: Portrait) -> None:
    applied = issue(sdk, SecurityLevel=4, ActionList="nod")
    page = httpx.get(applied.VerificationURL, headers={"Accept": "text/html"})
    assert "script-src 'self' 'wasm-unsafe-eval'" in page.headers["content-security-policy"]
    with CaptureClient(server.url, applied.BizToken) as client:
        assert client.open().page.redirect_url == f"{THERE}&token={applied.BizToken}"
        assert result(sdk, applied.BizToken).ErrorCode == 17
        assert answer(client, person) == "pass"
    told = result(sdk, applied.BizToken)
    (one,) = told.VerificationDetailList
    assert (told.ErrorCode, told.ErrorMsg, told.Extra, one.ErrorCode, one.LivenessErrorCode) == (0, "Success (sandbox)", "order 7", 0, 0)
    assert base64.b64decode(told.BestFrameBase64).startswith(b"\xff\xd8\xff")
    assert len(base64.b64decode(told.VideoBase64)) > 10_000


def test_leaving_then_coming_back_without_light(server: Running, sdk: Any) -> None:
    applied = issue(sdk, SecurityLevel=3)
    with CaptureClient(server.url, applied.BizToken) as client:
        client.open()
        begun = client.begin()
        client.restart("page_hidden")
        client.begin()
        client.end("left")
        told = result(sdk, applied.BizToken)
        assert (told.ErrorCode, [one.ErrorCode for one in told.VerificationDetailList]) == (1410, [1410])
    command = [sys.executable, "-m", "openekyc.cli.main", "capture", "--simulate", "--decline-light", "--token", applied.BizToken]
    done = subprocess.run([*command, "--server", server.url], capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr
    told = result(sdk, applied.BizToken)
    assert begun.attempt == 1
    assert (told.ErrorCode, told.ErrorMsg) == (0, "Success (flashing colours declined) (sandbox)")
    assert answered(server, applied.BizToken)["Downgraded"] is True
    assert [one.ErrorCode for one in told.VerificationDetailList] == [1410, 0]


@pytest.mark.parametrize("kind", ["photo", "cutout"])
def test_a_photograph_before_a_declined_level_3_never_passes(server: Running, sdk: Any, person: Portrait, kind: Kind) -> None:
    """The shortest configuration there is, and a client that declines the colours as often as it may."""
    applied = issue(sdk)
    with CaptureClient(server.url, applied.BizToken) as client:
        assert [answer(client, person, kind, light=False) for _ in range(3)] == ["retry"] * 3
        assert not client.open().policy.no_light
        with pytest.raises(CaptureRefused) as refused:
            client.begin(light=False)
        assert refused.value.problem == "retries_used_up"
    told = result(sdk, applied.BizToken)
    assert told.ErrorCode not in (0, 17)
    assert [one.ErrorCode == 0 for one in told.VerificationDetailList] == [False] * 3


def test_a_print_is_refused_in_the_webs_numbers(server: Running, sdk: Any, person: Portrait) -> None:
    applied = issue(sdk, SecurityLevel=3, LivenessRetryLimit=1)
    with CaptureClient(server.url, applied.BizToken) as client:
        assert answer(client, person, "photo") == "fail"
    told = result(sdk, applied.BizToken)
    assert told.ErrorCode in (1002, 1005)
    assert told.VerificationDetailList[0].CompareErrorCode is None
