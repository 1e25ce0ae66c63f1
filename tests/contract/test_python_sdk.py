"""The official Python SDK (international edition) against a running server: every signature method, both verbs, and its errors."""

import base64
import json
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from tencentcloud.common.credential import Credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.faceid.v20180301 import models
from tencentcloud.faceid.v20180301.faceid_client import FaceidClient

from openekyc.wire.limits import FORM_LIMIT, JSON_LIMIT
from tests.conftest import Key, Running, Server

METHODS = ["TC3-HMAC-SHA256", "HmacSHA1", "HmacSHA256"]
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (160).to_bytes(4, "big") + (90).to_bytes(4, "big")
IMAGE = base64.b64encode(PNG).decode()

Build = Callable[..., FaceidClient]


@pytest.fixture
def client(server: Running) -> Build:
    def build(method: str = METHODS[0], verb: str = "POST", key: Key = server.key, **more: Any) -> FaceidClient:
        scheme, endpoint = server.url.split("://")
        http = HttpProfile(protocol=scheme, endpoint=endpoint, reqMethod=verb, keepAlive=True)
        profile = ClientProfile(signMethod=method, httpProfile=http, language=more.get("language", "en-US"))
        profile.unsignedPayload = more.get("unsigned", False)
        credential = Credential(key.secret_id, key.secret_key, more.get("token"))
        return FaceidClient(credential, more.get("region", "ap-singapore"), profile)

    return build


def request(name: str, **fields: Any) -> Any:
    made = getattr(models, f"{name}Request")()
    made.from_json_string(json.dumps(fields))
    return made


def code_of(call: Callable[[], Any]) -> str:
    with pytest.raises(TencentCloudSDKException) as caught:
        call()
    assert caught.value.get_request_id()
    return str(caught.value.get_code())


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("verb", ["GET", "POST"])
def test_every_method_carries_every_action(client: Build, method: str, verb: str) -> None:
    sdk = client(method, verb)
    liveness = sdk.ApplyLivenessToken(request("ApplyLivenessToken", SecureLevel="2")).SdkToken
    result = sdk.GetLivenessResult(request("GetLivenessResult", SdkToken=liveness))
    assert (result.Result, result.Video.Size, result.BestFrame.Url) == ("-999", 0, "")
    extra = 'é & "?=+%20 €'
    fields = {
        "CheckMode": "compare",
        "Image": IMAGE,
        "ActionList": "nod,shake",
        "RetryLimit": 2,
        "Extra": extra,
        "EnableBotBgDetection": True,
    }
    faceid = sdk.GetFaceIdTokenIntl(request("GetFaceIdTokenIntl", **fields)).SdkToken
    outcome = sdk.GetFaceIdResultIntl(request("GetFaceIdResultIntl", SdkToken=faceid))
    assert (outcome.Result, outcome.Extra, outcome.Similarity, outcome.LivenessInfoTag) == ("-999", extra, 0, None)


@pytest.mark.parametrize("verb", ["GET", "POST"])
def test_unsigned_payload(client: Build, verb: str) -> None:
    assert client(verb=verb, unsigned=True).ApplyLivenessToken(request("ApplyLivenessToken")).SdkToken


def test_multipart(client: Build) -> None:
    sdk = client()
    answer = json.loads(sdk.call("GetFaceIdTokenIntl", {"SecureLevel": "1", "Extra": "é"}, options={"IsMultipart": True}))
    assert sdk.GetFaceIdResultIntl(request("GetFaceIdResultIntl", SdkToken=answer["Response"]["SdkToken"])).Extra == "é"
    options = {"IsMultipart": True, "BinaryParams": ["Image"]}
    assert "SdkToken" in json.loads(sdk.call("GetFaceIdTokenIntl", {"CheckMode": "compare", "Image": PNG}, options=options))["Response"]
    assert "SdkToken" in json.loads(sdk.call("ApplyLivenessToken", {}, options={"IsMultipart": True}))["Response"]


@pytest.mark.parametrize("method", METHODS)
def test_errors_reach_the_caller(client: Build, server: Running, method: str) -> None:
    sdk, apply = client(method), request("ApplyLivenessToken", SecureLevel="9")
    assert code_of(lambda: sdk.ApplyLivenessToken(apply)) == "InvalidParameterValue"
    stranger, wrong = Key("AKIDNOBODY", "x"), Key(server.key.secret_id, "wrong")
    assert code_of(lambda: client(method, key=stranger).ApplyLivenessToken(apply)) == "AuthFailure.SecretIdNotFound"
    assert code_of(lambda: client(method, key=wrong).ApplyLivenessToken(apply)) == "AuthFailure.SignatureFailure"
    assert code_of(lambda: client(method, token="T").ApplyLivenessToken(apply)) == "AuthFailure.TokenFailure"
    assert code_of(lambda: client(method, region="ap-guangzhou").ApplyLivenessToken(apply)) == "UnsupportedRegion"
    assert code_of(lambda: client(method, region="ap-atlantis").ApplyLivenessToken(apply)) == "InvalidParameterValue"
    assert code_of(lambda: client(method, region="").ApplyLivenessToken(apply)) == "MissingParameter"
    assert code_of(lambda: sdk.GetLivenessResult(request("GetLivenessResult", SdkToken="x"))) == "InvalidParameterValue.BizTokenIllegal"
    assert code_of(lambda: sdk.ListEKYCWebhooks(request("ListEKYCWebhooks"))) == "UnsupportedOperation"


def test_skip_sign_is_refused(client: Build) -> None:
    sdk = client()
    assert code_of(lambda: sdk.call("ApplyLivenessToken", {}, options={"SkipSign": True})) == "AuthFailure.InvalidAuthorization"


def test_messages_in_chinese(client: Build) -> None:
    with pytest.raises(TencentCloudSDKException) as caught:
        client(language="zh-CN").ApplyLivenessToken(request("ApplyLivenessToken", SecureLevel="9"))
    assert "取值错误" in caught.value.get_message()


def test_oversized_bodies_get_their_code_not_a_broken_connection(client: Build) -> None:
    large = "A" * JSON_LIMIT
    assert code_of(lambda: client().GetFaceIdTokenIntl(request("GetFaceIdTokenIntl", Image=large))) == "RequestSizeLimitExceeded"
    large = "A" * FORM_LIMIT
    old = client("HmacSHA256")
    assert code_of(lambda: old.GetFaceIdTokenIntl(request("GetFaceIdTokenIntl", Image=large))) == "AuthFailure.SignatureFailure"
    limit = "A" * (8_388_608 + 4)
    assert code_of(lambda: client().GetFaceIdTokenIntl(request("GetFaceIdTokenIntl", Image=limit))) == "FailedOperation.ImageSizeTooLarge"


def test_twenty_a_second_pass_and_the_next_is_refused(client: Build, server: Running) -> None:
    key = server.process.create_key("hasty")
    clients = [client(key=key) for _ in range(8)]

    def call(number: int) -> str:
        try:
            clients[number % 8].ApplyLivenessToken(request("ApplyLivenessToken"))
        except TencentCloudSDKException as error:
            return str(error.get_code())
        return ""

    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(call, range(120)))
    assert set(codes) == {"", "RequestLimitExceeded"}
    assert codes.count("") >= 20


def test_temporary_keys(client: Build, server: Running) -> None:
    command = [
        sys.executable,
        "-m",
        "openekyc.cli.main",
        "keys",
        "issue",
        "--home",
        str(server.home),
        "--account",
        "acme",
        "--ttl",
        "600",
        "--json",
    ]
    issued = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    token = issued.get("Token") or issued["SessionToken"]
    key = Key(issued["SecretId"], issued["SecretKey"])
    for method in METHODS:
        assert client(method, key=key, token=token).ApplyLivenessToken(request("ApplyLivenessToken")).SdkToken
        assert code_of(lambda m=method: client(m, key=key).ApplyLivenessToken(request("ApplyLivenessToken"))) == "AuthFailure.TokenFailure"


def test_repeated_signatures_are_refused_where_the_operator_asks_for_it(home: Path) -> None:
    server = Server(home, OPENEKYC_REFUSE_REPEATED_SIGNATURES="true", OPENEKYC_WORKERS="1", OPENEKYC_RATE_PER_SECOND="1000")
    key = server.create_key("acme")
    scheme, endpoint = server.url.split("://")
    answers: dict[str, set[str]] = {}
    for method in METHODS:
        profile = ClientProfile(signMethod=method, httpProfile=HttpProfile(protocol=scheme, endpoint=endpoint, keepAlive=True))
        sdk = FaceidClient(Credential(key.secret_id, key.secret_key), "ap-singapore", profile)
        found = answers.setdefault(method, set())
        for _ in range(40):
            try:
                sdk.call_json("ApplyLivenessToken", {"SecureLevel": "4"})
                found.add("")
            except TencentCloudSDKException as error:
                found.add(str(error.get_code()))
    assert server.stop() == 0
    # v3 calls of one second are one another's repeats; those of v1 differ by their Nonce.
    assert answers == {"TC3-HMAC-SHA256": {"", "AuthFailure.SignatureExpire"}, "HmacSHA1": {""}, "HmacSHA256": {""}}
