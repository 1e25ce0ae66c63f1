"""Identity verification through the whole house: the stock SDK opens the session and reads its result, the simulated subject answers."""

import base64
import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import msgspec
import numpy as np
import pytest
from tencentcloud.faceid.v20180301 import models

from openekyc.capture.client import CaptureClient
from openekyc.capture.messages import OutcomeAnswer
from openekyc.engine.runtime import Models
from openekyc.settings import Settings
from openekyc.simulator.cards.writing import missing_font
from openekyc.simulator.knobs import Kind, Knobs
from openekyc.simulator.portrait import Portrait
from openekyc.simulator.presenting import schematic
from openekyc.simulator.run import run_session
from openekyc.simulator.subject import load_portrait, subject
from tests.conftest import Running

pytestmark = pytest.mark.timeout(240)

MODELS = Settings().models_folder
drawable = pytest.mark.skipif(
    missing_font(MODELS, "HK") is not None and not os.environ.get("CI"), reason="the fonts of the schematic cards are not fetched"
)


@pytest.fixture(scope="session")
def person() -> Portrait:
    return load_portrait(Models(MODELS), Knobs())


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
        return run_session(client, lambda: subject(kind, person, Knobs(seed=7)), pictures=schematic(MODELS))


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


@drawable
@pytest.mark.parametrize(("kind", "member"), [("HK", "HKIDCard"), ("MLIDPassport", "InternationalIDPassport")])
def test_mode_1_document_liveness_and_comparison(server: Running, sdk: Any, person: Portrait, kind: str, member: str) -> None:
    token = issue(sdk, CheckMode=1, SecurityLevel=1, IdCardType=kind)
    assert answer(server, token, person).state == "pass"
    told = result(sdk, token)
    card, compared = told.CardVerifyResults[-1], told.CompareResults[-1]
    assert (told.Result, card.IsPass, card.IsEdit, compared.CompareErrorCode) == ("0", True, False, "0")
    assert compared.Sim > 70
    assert getattr(card.NormalCardInfo, member).LicenseNumber
    assert getattr(card.CardInfo, member)
    with urllib.request.urlopen(compared.ProfileImage.Url) as file:
        assert file.read(3) == b"\xff\xd8\xff"
    number = getattr(card.NormalCardInfo, member).LicenseNumber
    assert number not in "".join(server.process.log)


@drawable
def test_a_print_does_not_pass_because_the_card_shows_the_same_print(server: Running, sdk: Any, person: Portrait) -> None:
    token = issue(sdk, CheckMode=1, SecurityLevel=3, IdCardType="HK", RetryLimit=1)
    assert answer(server, token, person, "photo").state == "fail"
    told = result(sdk, token)
    assert told.CardVerifyResults[-1].IsPass
    assert told.Result == told.CompareResults[0].LiveErrorCode != "0"
    assert (told.CompareResults[0].CompareErrorCode, told.CompareResults[0].Sim) == ("", 0)


@drawable
def test_another_kind_of_document_is_named(server: Running, sdk: Any, person: Portrait) -> None:
    token = issue(sdk, CheckMode=1, SecurityLevel=1, IdCardType="MLIDPassport")
    with CaptureClient(server.url, token) as client:
        plan = client.open().document
        assert plan
        card = schematic(MODELS)(msgspec.structs.replace(plan, kind="HK"))["front"]
        client.put_picture("front", card)
        told = client.wait_picture("front")
    assert (told.state, told.hints) == ("retake", ("wrong_kind",))


@drawable
def test_the_command_shows_a_card_and_a_person(server: Running, sdk: Any) -> None:
    token = issue(sdk, CheckMode=1, SecurityLevel=1, IdCardType="HK")
    command = [sys.executable, "-m", "openekyc.cli.main", "capture", "--token", token, "--server", server.url, "--simulate", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=200)
    assert (done.returncode, json.loads(done.stdout)["state"]) == (0, "pass"), done.stderr


def test_the_command_asks_for_the_document(server: Running, sdk: Any, tmp_path: Path) -> None:
    token = issue(sdk, CheckMode=1, SecurityLevel=1, IdCardType="HK")
    grey = tmp_path / "grey.jpg"
    cv2.imwrite(str(grey), np.full((300, 500, 3), 128, np.uint8))
    command = [sys.executable, "-m", "openekyc.cli.main", "capture", "--token", token, "--server", server.url, "--simulate"]
    done = subprocess.run([*command, "--document", str(grey)], capture_output=True, text=True, timeout=200)
    assert done.returncode == 1
    assert "not accepted" in done.stderr
