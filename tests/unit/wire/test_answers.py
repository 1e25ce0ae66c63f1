"""Codes and envelope: every code of the contract exists once, says something in two languages, and nothing but it leaves on error."""

import json

import msgspec

from openekyc.errors import ApiError
from openekyc.wire import codes
from openekyc.wire.envelope import failure, success

COMMON = [
    "ActionOffline",
    "AuthFailure.InvalidAuthorization",
    "AuthFailure.InvalidSecretId",
    "AuthFailure.SecretIdNotFound",
    "AuthFailure.SignatureExpire",
    "AuthFailure.SignatureFailure",
    "AuthFailure.TokenFailure",
    "AuthFailure.UnauthorizedOperation",
    "AuthFailure.MFAFailure",
    "DryRunOperation",
    "LimitExceeded",
    "NoSuchProduct",
    "ResourceInUse",
    "ResourceInsufficient",
    "ResourceNotFound",
    "ResourceUnavailable",
    "ServiceUnavailable",
    "FailedOperation",
    "InternalError",
    "InvalidAction",
    "InvalidParameter",
    "InvalidParameterValue",
    "InvalidRequest",
    "IpInBlacklist",
    "IpNotInWhitelist",
    "MissingParameter",
    "NoSuchVersion",
    "RequestLimitExceeded",
    "RequestLimitExceeded.IPLimitExceeded",
    "RequestLimitExceeded.UinLimitExceeded",
    "RequestLimitExceeded.GlobalRegionUinLimitExceeded",
    "RequestSizeLimitExceeded",
    "ResponseSizeLimitExceeded",
    "UnauthorizedOperation",
    "UnknownParameter",
    "UnsupportedOperation",
    "UnsupportedProtocol",
    "UnsupportedRegion",
]
ACTIONS = [
    "FailedOperation.ImageSizeTooLarge",
    "InternalError.UnKnown",
    "InvalidParameterValue.BizTokenExpired",
    "InvalidParameterValue.BizTokenIllegal",
    "InvalidParameterValue.RuleIdNotExist",
    "OperationDenied",
]


def every_error() -> list[type[ApiError]]:
    return [value for value in vars(codes).values() if isinstance(value, type) and issubclass(value, codes.WireError)]


def test_every_code_is_there() -> None:
    assert {error.code for error in every_error()} == {*COMMON, *ACTIONS}
    assert {error.code for error in codes.BUILT_ACTION_CODES} == set(ACTIONS)


def test_every_code_speaks_two_languages() -> None:
    for error in every_error():
        words = ("1", "2")
        spoken = error.about(*words)
        assert spoken.message
        assert spoken.message.isascii()
        assert any("\u4e00" <= sign <= "\u9fff" for sign in spoken.message_zh)
        assert "{}" not in spoken.message + spoken.message_zh
        assert (error.__doc__ or "").count("{}") == error.zh.count("{}")


class Result(msgspec.Struct, rename="pascal"):
    extra: str
    tags: tuple[str, ...] | None = None


class Empty(msgspec.Struct):
    pass


def test_success_envelope() -> None:
    assert json.loads(success(Result('ü"\\'), "id")) == {"Response": {"Extra": 'ü"\\', "Tags": None, "RequestId": "id"}}
    assert json.loads(success(Empty(), "id")) == {"Response": {"RequestId": "id"}}


def test_failure_envelope() -> None:
    english = json.loads(failure(codes.MissingParameter.about("Region"), "id", "en-US"))
    message = "The request is missing a required parameter `Region`."
    assert english == {"Response": {"Error": {"Code": "MissingParameter", "Message": message}, "RequestId": "id"}}
    chinese = json.loads(failure(codes.MissingParameter.about("Region"), "id", "zh-CN"))
    assert chinese["Response"]["Error"] == {"Code": "MissingParameter", "Message": "缺少必需的参数 `Region`。"}
