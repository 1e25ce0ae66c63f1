"""The official Node SDK (international edition): it signs with HmacSHA256 unless told otherwise, and with TC3 in spellings of its own."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Running

FOLDER = Path(__file__).parent / "node"


@pytest.fixture(scope="session")
def node_sdk() -> Path:
    """The pinned SDK, installed once beside the script."""
    if not (FOLDER / "node_modules" / ".package-lock.json").exists():
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=FOLDER, check=True, capture_output=True, timeout=300)
    return FOLDER / "calls.js"


@pytest.fixture
def call(node_sdk: Path, server: Running) -> Any:
    def run(*calls: dict[str, Any], host: str = "127.0.0.1") -> list[dict[str, Any]]:
        endpoint = server.url.removeprefix("http://").replace("127.0.0.1", host)
        job = {"endpoint": endpoint, "secretId": server.key.secret_id, "secretKey": server.key.secret_key, "calls": calls}
        done = subprocess.run(["node", str(node_sdk), json.dumps(job)], capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        answers: list[dict[str, Any]] = json.loads(done.stdout)
        return answers

    return run


@pytest.mark.parametrize("method", [None, "HmacSHA1", "TC3-HMAC-SHA256"])
@pytest.mark.parametrize("verb", ["GET", "POST"])
def test_tokens_and_results(call: Any, method: str | None, verb: str) -> None:
    shape = {"method": method, "verb": verb}
    fields = {
        "SecureLevel": "2",
        "ActionList": "nod,blink",
        "RetryLimit": 2,
        "EnableBotBgDetection": False,
        "Extra": "a&b c=é",
        "Image": None,
    }
    liveness, faceid, refused = call(
        {"action": "ApplyLivenessToken", "parameters": {"SecureLevel": "1"}, **shape},
        {"action": "GetFaceIdTokenIntl", "parameters": fields, **shape},
        {"action": "GetFaceIdTokenIntl", "parameters": {"RetryLimit": 9}, **shape},
    )
    assert refused["code"] == "InvalidParameter"
    result, outcome = call(
        {"action": "GetLivenessResult", "parameters": {"SdkToken": liveness["SdkToken"]}, **shape},
        {"action": "GetFaceIdResultIntl", "parameters": {"SdkToken": faceid["SdkToken"]}, **shape},
    )
    assert (result["Result"], result["Video"]["Size"]) == ("-999", 0)
    assert (outcome["Result"], outcome["Extra"]) == ("-999", "a&b c=é")


@pytest.mark.parametrize("method", [None, "HmacSHA1", "TC3-HMAC-SHA256"])
@pytest.mark.parametrize("verb", ["GET", "POST"])
def test_a_structure_in_a_structure(call: Any, method: str | None, verb: str) -> None:
    shape = {"method": method, "verb": verb}
    config = {"CheckMode": 3, "AutoSkip": True, "ThemeColor": "#112233", "SecurityLevel": 4, "ActionList": "nod"}
    there = {"RedirectURL": "https://shop.example/x?a=1&b=%20#y", "Config": config}
    applied, refused = call(
        {"action": "ApplyWebVerificationBizTokenIntl", "parameters": there, **shape},
        {"action": "ApplyWebVerificationBizTokenIntl", "parameters": {**there, "Config": {"CheckMode": 9}}, **shape},
    )
    assert applied["VerificationURL"].endswith(f"/verify?token={applied['BizToken']}")
    assert refused["code"] == "InvalidParameterValue"
    (result,) = call({"action": "GetWebVerificationResultIntl", "parameters": {"BizToken": applied["BizToken"]}, **shape})
    assert result["ErrorCode"] == 17


@pytest.mark.parametrize("method", [None, "TC3-HMAC-SHA256"])
@pytest.mark.parametrize("verb", ["GET", "POST"])
def test_lists_of_an_identity_session(call: Any, method: str | None, verb: str) -> None:
    shape = {"method": method, "verb": verb}
    fields = {"CheckMode": 1, "IdCardType": "MLIDPassport", "SelectedWarningCodes": [-9101, -8102], "CardOcrDisplayFields": ["FullName"]}
    applied, refused = call(
        {"action": "ApplySdkVerificationToken", "parameters": fields, **shape},
        {"action": "ApplySdkVerificationToken", "parameters": {"SelectedWarningCodes": [1]}, **shape},
    )
    assert refused["code"] == "InvalidParameterValue"
    (result,) = call({"action": "GetSdkVerificationResult", "parameters": {"SdkToken": applied["SdkToken"]}, **shape})
    assert (result["Result"], result["CardVerifyResults"], result["CompareResults"]) == ("-999", [], [])


def test_a_host_name_without_dots(call: Any) -> None:
    """TC3 then signs `localhost:port` as the service."""
    answers = call(*({"action": "ApplyLivenessToken", "parameters": {}, "method": m} for m in (None, "TC3-HMAC-SHA256")), host="localhost")
    assert all("SdkToken" in answer for answer in answers)


def test_multipart(call: Any) -> None:
    tc3 = {"method": "TC3-HMAC-SHA256", "verb": "POST", "multipart": True}
    (answer,) = call({"action": "GetFaceIdTokenIntl", "parameters": {"SecureLevel": "1", "Extra": "é"}, **tc3})
    assert "SdkToken" in answer


def test_the_lock_file_names_no_registry() -> None:
    assert "resolved" not in (FOLDER / "package-lock.json").read_text()
