"""Identity verification through the whole house: the stock SDK opens the session and reads its result, the simulated subject answers."""

import base64
import urllib.request
from collections.abc import Callable
from typing import Any

import cv2
import pytest
from tencentcloud.faceid.v20180301 import models

from openekyc.capture.client import CaptureClient
from openekyc.capture.messages import OutcomeAnswer
from openekyc.engine.runtime import Models
from openekyc.settings import Settings
from openekyc.simulator.knobs import Kind, Knobs
from openekyc.simulator.portrait import Portrait
from openekyc.simulator.run import run_session
from openekyc.simulator.subject import load_portrait, subject
from tests.conftest import Running

pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="session")
def person() -> Portrait:
    return load_portrait(Models(Settings().models_folder), Knobs())


@pytest.fixture
def sdk(server: Running, client_for: Callable[..., Any]) -> Any:
    return client_for(server.sandbox_key)


def issue(sdk: Any, **fields: Any) -> str:
    request = models.ApplySdkVerificationTokenRequest()
    for name, value in fields.items():
        setattr(request, name, value)
    return str(sdk.ApplySdkVerificationToken(request).SdkToken)


def answer(server: Running, token: str, person: Portrait, kind: Kind = "live") -> OutcomeAnswer:
    with CaptureClient(server.url, token) as client:
        return run_session(client, lambda: subject(kind, person, Knobs(seed=7)))


def result(sdk: Any, token: str) -> Any:
    request = models.GetSdkVerificationResultRequest()
    request.SdkToken = token
    return sdk.GetSdkVerificationResult(request)


def picture(person: Portrait) -> str:
    return base64.b64encode(cv2.imencode(".jpg", person.texture[:, :, :3])[1].tobytes()).decode()


def test_mode_3_liveness(server: Running, sdk: Any, person: Portrait) -> None:
    token = issue(sdk, CheckMode=3, SecurityLevel=4, ActionList="nod,blink", Extra="order 7")
    assert answer(server, token, person).state == "pass"
    told = result(sdk, token)
    (one,) = told.CompareResults
    assert (told.Result, told.ChargeCount, told.Extra, told.CardVerifyResults) == ("0", 1, "order 7", [])
    assert (one.ErrorCode, one.LiveErrorCode, one.CompareErrorCode) == ("0", "0", "")
    with urllib.request.urlopen(one.BestFrame.Url) as file:
        assert file.read(3) == b"\xff\xd8\xff"


def test_mode_2_the_same_person(server: Running, sdk: Any, person: Portrait) -> None:
    token = issue(sdk, CheckMode=2, SecurityLevel=3, CompareImage=picture(person))
    assert answer(server, token, person).state == "pass"
    told = result(sdk, token)
    (one,) = told.CompareResults
    assert (told.Result, one.LiveErrorCode, one.CompareErrorCode) == ("0", "0", "0")
    assert one.Sim > 70


def test_a_print_of_the_person_does_not_pass_because_it_matches(server: Running, sdk: Any, person: Portrait) -> None:
    token = issue(sdk, CheckMode=2, SecurityLevel=3, CompareImage=picture(person), RetryLimit=1)
    assert answer(server, token, person, "photo").state == "fail"
    told = result(sdk, token)
    (one,) = told.CompareResults
    assert told.Result == one.LiveErrorCode != "0"
    assert (one.CompareErrorCode, one.Sim) == ("", 0)
