"""One exception per error code of the dialect: the common codes, and those of the built actions.

The docstring is the default message in English, `zh` the one in Chinese; a `{}` in both is filled by `about(...)`. The code is
part of the contract with callers, the wording is not.
"""

from typing import Self

from openekyc.errors import ApiError


class WireError(ApiError):
    """The request cannot be served."""

    @classmethod
    def about(cls, *words: object) -> Self:
        """The default messages, with every `{}` filled in order."""
        return cls((cls.__doc__ or "").strip().format(*words), cls.zh.format(*words))


class ActionOffline(WireError):
    """This API has been deprecated."""

    code, zh = "ActionOffline", "该接口已下线。"


class InvalidAuthorization(WireError):
    """The Authorization header does not have the form `TC3-HMAC-SHA256 Credential=..., SignedHeaders=..., Signature=...`."""

    code, zh = "AuthFailure.InvalidAuthorization", "请求头部的 Authorization 不符合规范。"


class InvalidSecretId(WireError):
    """The SecretId is of the wrong kind."""

    code, zh = "AuthFailure.InvalidSecretId", "密钥类型错误。"


class MfaFailure(WireError):
    """Multi-factor authentication failed."""

    code, zh = "AuthFailure.MFAFailure", "MFA 错误。"


class SecretIdNotFound(WireError):
    """The SecretId is not found, please ensure that your SecretId is correct."""

    code, zh = "AuthFailure.SecretIdNotFound", "密钥不存在或已被禁用，请检查 SecretId 是否正确。"


class SignatureExpire(WireError):
    """The signature is expired, please request again. Check the clock of the calling machine."""

    code, zh = "AuthFailure.SignatureExpire", "签名已过期，请重新发起请求，并检查本机时间是否准确。"


class SignatureFailure(WireError):
    """The provided credentials could not be validated. Please check your signature is correct."""

    code, zh = "AuthFailure.SignatureFailure", "签名错误，请检查 SecretKey 与签名计算过程是否正确。"


class TokenFailure(WireError):
    """The session token of a temporary key is missing, wrong or expired, or was sent with a permanent key."""

    code, zh = "AuthFailure.TokenFailure", "临时密钥的 Token 缺失、错误或已过期，或与永久密钥一起使用。"


class AuthUnauthorizedOperation(WireError):
    """The key may not call this action."""

    code, zh = "AuthFailure.UnauthorizedOperation", "该密钥未被授权调用此接口。"


class DryRunOperation(WireError):
    """Dry run: the request would have succeeded."""

    code, zh = "DryRunOperation", "DryRun 操作，请求将会成功。"


class FailedOperation(WireError):
    """The operation failed."""

    code, zh = "FailedOperation", "操作失败。"


class ImageSizeTooLarge(FailedOperation):
    """The picture is too large: its Base64 text may have at most {} characters."""

    code, zh = "FailedOperation.ImageSizeTooLarge", "图片过大：Base64 文本不得超过 {} 个字符。"


class InternalError(WireError):
    """Internal error. Name the RequestId {} when you report it."""

    code, zh = "InternalError", "内部错误，反馈时请提供 RequestId {}。"


class InternalUnKnown(InternalError):
    """Unknown internal error."""

    code, zh = "InternalError.UnKnown", "内部未知错误。"


class InvalidAction(WireError):
    """The request action=`{}` is invalid or not found in service=`faceid` and version=`2018-03-01`."""

    code, zh = "InvalidAction", "请求的接口 action=`{}` 不存在（service=`faceid`，version=`2018-03-01`）。"


class InvalidParameter(WireError):
    """A parameter is not valid."""

    code, zh = "InvalidParameter", "参数错误。"


class WrongType(InvalidParameter):
    """The value type of parameter `{}` is not valid."""

    zh = "参数 `{}` 的类型不正确。"


class InvalidParameterValue(WireError):
    """A value specified in `{}` is not valid, is unsupported, or cannot be used."""

    code, zh = "InvalidParameterValue", "`{}` 的取值错误、不受支持或不可使用。"


class BizTokenExpired(WireError):
    """The token has expired: its result can no longer be read."""

    code, zh = "InvalidParameterValue.BizTokenExpired", "Token 已过期，无法再获取结果。"


class BizTokenIllegal(WireError):
    """The token is unknown, malformed, of another action family or of another account."""

    code, zh = "InvalidParameterValue.BizTokenIllegal", "Token 不存在、格式错误，或不属于该接口或该账号。"


class RuleIdNotExist(InvalidParameterValue):
    """There is no flow template `{}`: this server has none, so leave `RuleId` out and describe the flow in `Config`."""

    code, zh = "InvalidParameterValue.RuleIdNotExist", "流程模板 `{}` 不存在：本服务没有模板，请不传 `RuleId`，用 `Config` 描述流程。"


class PictureTooLarge(InvalidParameterValue):
    """The picture is too large: its Base64 text may have at most {} characters."""

    zh = "图片过大：Base64 文本不得超过 {} 个字符。"


class InvalidRequest(WireError):
    """The multipart body is broken."""

    code, zh = "InvalidRequest", "请求体的 multipart 格式错误。"


class IpInBlacklist(WireError):
    """The address is in the blocklist."""

    code, zh = "IpInBlacklist", "IP 地址在黑名单中。"


class IpNotInWhitelist(WireError):
    """The address is not in the allowlist."""

    code, zh = "IpNotInWhitelist", "IP 地址不在白名单中。"


class LimitExceeded(WireError):
    """A quota is used up."""

    code, zh = "LimitExceeded", "超过配额限制。"


class MissingParameter(WireError):
    """The request is missing a required parameter `{}`."""

    code, zh = "MissingParameter", "缺少必需的参数 `{}`。"


class NoSuchProduct(WireError):
    """There is no such product."""

    code, zh = "NoSuchProduct", "产品不存在。"


class NoSuchVersion(WireError):
    """The version `{}` does not exist. This service speaks `2018-03-01`."""

    code, zh = "NoSuchVersion", "接口版本 `{}` 不存在，本服务的版本为 `2018-03-01`。"


class OperationDenied(WireError):
    """The account may not use this service."""

    code, zh = "OperationDenied", "操作被拒绝：该账号不可使用此服务。"


class RequestLimitExceeded(WireError):
    """Your current request times equals to `{}` in a second, which exceeds the frequency limit `{}` for a second. Please reduce the frequency of calls."""  # noqa: E501 - one sentence, the vendor's

    code, zh = "RequestLimitExceeded", "您当前每秒请求 `{}` 次，超过了每秒频率上限 `{}` 次，请降低调用频率。"


class GlobalRegionUinLimitExceeded(RequestLimitExceeded):
    """The account calls too often over all regions."""

    code, zh = "RequestLimitExceeded.GlobalRegionUinLimitExceeded", "主账号在所有地域的请求超过频率限制。"


class IpLimitExceeded(RequestLimitExceeded):
    """The address calls too often."""

    code, zh = "RequestLimitExceeded.IPLimitExceeded", "该 IP 的请求超过频率限制。"


class UinLimitExceeded(RequestLimitExceeded):
    """The account calls too often."""

    code, zh = "RequestLimitExceeded.UinLimitExceeded", "主账号的请求超过频率限制。"


class RequestSizeLimitExceeded(WireError):
    """The request is too large: {} may have at most {} bytes."""

    code, zh = "RequestSizeLimitExceeded", "请求过大：{} 不得超过 {} 字节。"


class ResourceInUse(WireError):
    """The resource is in use."""

    code, zh = "ResourceInUse", "资源被占用。"


class ResourceInsufficient(WireError):
    """Resources do not suffice."""

    code, zh = "ResourceInsufficient", "资源不足。"


class ResourceNotFound(WireError):
    """The resource does not exist."""

    code, zh = "ResourceNotFound", "资源不存在。"


class ResourceUnavailable(WireError):
    """The resource is not available."""

    code, zh = "ResourceUnavailable", "资源不可用。"


class ResponseSizeLimitExceeded(WireError):
    """The answer is too large."""

    code, zh = "ResponseSizeLimitExceeded", "返回包过大。"


class ServiceUnavailable(WireError):
    """The service is not available at the moment."""

    code, zh = "ServiceUnavailable", "当前服务暂时不可用。"


class UnauthorizedOperation(WireError):
    """The state of the account does not allow this."""

    code, zh = "UnauthorizedOperation", "账号状态不允许此操作。"


class UnknownParameter(WireError):
    """The parameter `{}` is not recognized."""

    code, zh = "UnknownParameter", "参数 `{}` 无法识别。"


class UnsupportedOperation(WireError):
    """The action `{}` exists in the faceid API but is not offered by this server."""

    code, zh = "UnsupportedOperation", "接口 `{}` 存在于 faceid API 中，但本服务未提供。"


class UnsupportedProtocol(WireError):
    """The method `{}` is not supported, only GET and POST are."""

    code, zh = "UnsupportedProtocol", "不支持 `{}` 方法，只支持 GET 和 POST。"


class UnsupportedRegion(WireError):
    """The action not support this region."""

    code, zh = "UnsupportedRegion", "该接口不支持所传的地域。"


BUILT_ACTION_CODES: tuple[type[ApiError], ...] = (
    ImageSizeTooLarge,
    InternalUnKnown,
    BizTokenExpired,
    BizTokenIllegal,
    OperationDenied,
    RuleIdNotExist,
)
"""The codes that belong to single actions; every other direct subclass of WireError is a common code."""
