"""The first two checks of a call, method and size: all that is looked at before a body is read."""

from collections.abc import Mapping

from openekyc.errors import ApiError
from openekyc.wire.codes import InvalidRequest, RequestSizeLimitExceeded, SignatureFailure, UnsupportedProtocol

JSON_LIMIT = 10 * 1024 * 1024  # bytes of a v3 POST body
FORM_LIMIT = 1024 * 1024  # bytes of a v1 POST body
QUERY_LIMIT = 32 * 1024  # bytes of a GET query


def check_method(method: str) -> None:
    """Raises UnsupportedProtocol for anything but GET and POST."""
    if method not in ("GET", "POST"):
        raise UnsupportedProtocol.about(method[:32])


def body_limit(method: str, headers: Mapping[bytes, bytes]) -> int:
    """The most bytes the body may have."""
    return FORM_LIMIT if is_old_post(method, headers) else JSON_LIMIT


def oversize(method: str, headers: Mapping[bytes, bytes]) -> ApiError:
    """The error for a body over `body_limit`."""
    if is_old_post(method, headers):
        return SignatureFailure(
            f"The request exceeds the {FORM_LIMIT} bytes of this signature method. Please use TC3-HMAC-SHA256, which allows {JSON_LIMIT}.",
            f"请求超过该签名方法允许的 {FORM_LIMIT} 字节，请改用 TC3-HMAC-SHA256（上限 {JSON_LIMIT} 字节）。",
        )
    return RequestSizeLimitExceeded.about("the body", JSON_LIMIT)


def check_query(method: str, query: bytes) -> None:
    """Raises RequestSizeLimitExceeded for a query over the limit."""
    if len(query) > QUERY_LIMIT:
        raise RequestSizeLimitExceeded.about("the query", QUERY_LIMIT)


def check_encoding(headers: Mapping[bytes, bytes]) -> None:
    """Raises InvalidRequest for a compressed body: its real size would be known only after unpacking it."""
    if headers.get(b"content-encoding", b"identity").strip().lower() not in (b"", b"identity"):
        raise InvalidRequest(
            "Content-Encoding is not supported: send the body as it is.", "不支持 Content-Encoding，请直接发送未压缩的请求体。"
        )


def is_old_post(method: str, headers: Mapping[bytes, bytes]) -> bool:
    """Whether a POST carries the common parameters in a form, as v1 does."""
    return method == "POST" and b"authorization" not in headers and _is_form(headers)


def _is_form(headers: Mapping[bytes, bytes]) -> bool:
    return headers.get(b"content-type", b"").split(b";", 1)[0].strip().lower() == b"application/x-www-form-urlencoded"
