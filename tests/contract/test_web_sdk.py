"""The hosted page's actions through the official Python SDK: its models carry every field there and back."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.faceid.v20180301 import models

from tests.conftest import Running

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (160).to_bytes(4, "big") + (90).to_bytes(4, "big")

CONFIG: dict[str, Any] = {
    "AutoSkipStartPage": True,
    "AutoSkip": True,
    "CheckMode": 2,
    "IDCardType": "InternationalIDPassport",
    "DisableCheckOcrWarnings": True,
    "SecurityLevel": 4,
    "SkipPrivacyPolicy": True,
    "IdCardCutReturn": True,
    "ThemeColor": "#112233",
    "Language": "zh-tc",
    "AutoDowngrade": 2,
    "ActionList": "nod,shake",
    "LivenessRetryLimit": 3,
    "LivenessTimeout": 60,
    "SelectedWarningCodes": "-9101,-8102",
    "AllowExpiredDocument": False,
    "Version": "PLUS",
}
EVERYTHING: dict[str, Any] = {
    "RedirectURL": "https://shop.example/done?order=7",
    "CompareImageBase64": base64.b64encode(PNG).decode(),
    "Extra": 'é & "?=+%20 €',
    "RuleId": "",
    "Config": CONFIG,
}


def request(name: str, **fields: Any) -> Any:
    made = getattr(models, f"{name}Request")()
    made.from_json_string(json.dumps(fields))
    return made


def fields_of(model: type) -> set[str]:
    return {name.removeprefix("_") for name in vars(model())}


@pytest.mark.parametrize("method", ["TC3-HMAC-SHA256", "HmacSHA1", "HmacSHA256"])
def test_every_field_of_the_sdks_models_is_taken_and_given(server: Running, client_for: Callable[..., Any], method: str) -> None:
    assert fields_of(models.ApplyWebVerificationBizTokenIntlRequest) <= set(EVERYTHING)
    assert fields_of(models.WebVerificationConfigIntl) <= set(CONFIG)
    sdk = client_for(server.key, sign_method=method)
    applied = sdk.ApplyWebVerificationBizTokenIntl(request("ApplyWebVerificationBizTokenIntl", **EVERYTHING))
    assert applied.VerificationURL == f"{server.url}/verify?token={applied.BizToken}"
    result = sdk.GetWebVerificationResultIntl(request("GetWebVerificationResultIntl", BizToken=applied.BizToken))
    assert (result.ErrorCode, result.Extra, result.VerificationDetailList) == (17, EVERYTHING["Extra"], [])
    assert (result.VideoBase64, result.BestFrameBase64, result.OCRResult) == (None, None, None)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"RedirectURL": "shop"}, "InvalidParameterValue"),
        ({"RuleId": "7"}, "InvalidParameterValue.RuleIdNotExist"),
        ({"CompareImageBase64": None}, "InvalidParameter"),
    ],
)
def test_errors_reach_the_caller(server: Running, client_for: Callable[..., Any], changes: dict[str, Any], code: str) -> None:
    with pytest.raises(TencentCloudSDKException) as caught:
        client_for(server.key).ApplyWebVerificationBizTokenIntl(request("ApplyWebVerificationBizTokenIntl", **EVERYTHING | changes))
    assert caught.value.get_code() == code


def test_a_strange_token_reaches_the_caller_as_illegal(server: Running, client_for: Callable[..., Any]) -> None:
    with pytest.raises(TencentCloudSDKException) as caught:
        client_for(server.key).GetWebVerificationResultIntl(request("GetWebVerificationResultIntl", BizToken="x"))
    assert caught.value.get_code() == "InvalidParameterValue.BizTokenIllegal"
