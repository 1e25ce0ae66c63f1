"""The identity actions through the official Python SDK: its models carry every field there and back."""

import base64
import json
import warnings
from collections.abc import Callable
from typing import Any

import pytest
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.faceid.v20180301 import models

from tests.conftest import Running

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (160).to_bytes(4, "big") + (90).to_bytes(4, "big")

EVERYTHING: dict[str, Any] = {
    "CheckMode": 2,
    "SecurityLevel": 2,
    "IdCardType": "MLIDPassport",
    "CompareImage": base64.b64encode(PNG).decode(),
    "NeedVerifyIdCard": True,
    "DisableChangeOcrResult": True,
    "DisableCheckOcrWarnings": False,
    "SelectedWarningCodes": [-9101, -8102],
    "Extra": 'é & "?=+%20 €',
    "SdkVersion": "PLUS",
    "ActionList": "nod,shake",
    "AllowExpiredDocument": True,
    "SkipResultPage": True,
    "CardOcrDisplayFields": ["FullName", "LicenseNumber"],
    "RetryLimit": 2,
    "EnableForgeryDetectionImages": True,
    "MetaData": "opaque",
    "SkipLaunchPage": True,
    "SkipOcrConfirmPage": True,
    "HideProgressBar": True,
    "AllowUploadPhoto": False,
    "EnableBotBgDetection": True,
    "OcrAutoDetectTimeout": 30_000,
    "OcrModeType": "OCR_DETECT_AUTO",
}


def request(name: str, **fields: Any) -> Any:
    made = getattr(models, f"{name}Request")()
    made.from_json_string(json.dumps(fields))
    return made


@pytest.mark.parametrize("method", ["TC3-HMAC-SHA256", "HmacSHA1", "HmacSHA256"])
def test_every_field_of_the_sdks_model_is_taken(server: Running, client_for: Callable[..., Any], method: str) -> None:
    assert {name.removeprefix("_") for name in vars(models.ApplySdkVerificationTokenRequest())} == set(EVERYTHING)
    sdk = client_for(server.key, sign_method=method)
    applied = sdk.ApplySdkVerificationToken(request("ApplySdkVerificationToken", **EVERYTHING))
    assert applied.ServerParamInfo == ""
    result = sdk.GetSdkVerificationResult(request("GetSdkVerificationResult", SdkToken=applied.SdkToken))
    assert (result.Result, result.ChargeCount, result.Extra, result.DeviceInfoLevel) == ("-999", 0, EVERYTHING["Extra"], "")
    assert (result.CardVerifyResults, result.CompareResults) == ([], [])


def test_errors_reach_the_caller(server: Running, client_for: Callable[..., Any]) -> None:
    sdk = client_for(server.key)
    for fields, code in (({"CheckMode": 5}, "InvalidParameterValue"), ({"CheckMode": 2}, "InvalidParameter")):
        with pytest.raises(TencentCloudSDKException) as caught:
            sdk.ApplySdkVerificationToken(request("ApplySdkVerificationToken", **fields))
        assert caught.value.get_code() == code
    with pytest.raises(TencentCloudSDKException) as caught:
        sdk.GetSdkVerificationResult(request("GetSdkVerificationResult", SdkToken="x"))
    assert caught.value.get_code() == "InvalidParameterValue.BizTokenIllegal"


def test_members_of_our_own_stand_where_no_stock_sdk_minds(server: Running, client_for: Callable[..., Any]) -> None:
    sdk = client_for(server.key)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        wish = request("ApplySdkVerificationToken", CheckMode=1, SecurityLevel=1, IdCardType="MLIDPassport")
        applied = sdk.ApplySdkVerificationToken(wish)
        sdk.GetSdkVerificationResult(request("GetSdkVerificationResult", SdkToken=applied.SdkToken))
    raw = sdk.call_json("GetSdkVerificationResult", {"SdkToken": applied.SdkToken})
    assert raw["Response"]["DocumentExpired"] is False
