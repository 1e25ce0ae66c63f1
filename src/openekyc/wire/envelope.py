"""The answer's outer form: `{"Response": {..., "RequestId": "..."}}`, always HTTP 200 and exactly `application/json`.

The Python SDK looks for an error only when the Content-Type has no charset; any status but 200 hides the code from every SDK.
"""

import msgspec

from openekyc.errors import ApiError

STATUS = 200
CONTENT_TYPE = b"application/json"

_encode = msgspec.json.Encoder().encode


def success(result: msgspec.Struct, request_id: str) -> bytes:
    """`result`'s fields and the RequestId. Raises nothing."""
    fields = _encode(result)[1:-1]
    comma = b"," if fields else b""
    return b'{"Response":{%b%b"RequestId":"%b"}}' % (fields, comma, request_id.encode())


def failure(error: ApiError, request_id: str, language: str, page: str = "") -> bytes:
    """The error's code and its message in the language asked for, and nothing else. The message ends with `page`, where the code is
    explained, if there is one."""
    message = error.message_zh if language == "zh-CN" else error.message
    if page:
        message += f"参见 {page}" if language == "zh-CN" else f" See {page}"
    return _encode({"Response": {"Error": {"Code": error.code, "Message": message}, "RequestId": request_id}})
