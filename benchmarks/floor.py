"""The floor the server is measured against: one raw ASGI application without framework, storage, limiter, log or metric.

`POST /` parses the headers, checks time, scope and TC3-HMAC-SHA256 signature, validates the parameters with msgspec and answers with
two new UUIDs: what any implementation has to do. `GET /` answers two words.
"""

import hashlib
import hmac
import os
import time
import uuid
from typing import Any, Literal

import msgspec

WINDOW_S = 300


class Params(msgspec.Struct, forbid_unknown_fields=True):
    """Parameters of ApplyLivenessToken."""

    SecureLevel: Literal["1", "2", "3", "4"] = "4"


class Floor:
    """`keys`: SecretId -> SecretKey."""

    def __init__(self, keys: dict[str, str]) -> None:
        self._keys = keys
        self._derived: dict[tuple[str, str], bytes] = {}
        self._decode = msgspec.json.Decoder(Params).decode

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = b"hello world"
        if scope["method"] == "POST":
            message = await receive()
            data = message["body"]
            while message.get("more_body"):
                message = await receive()
                data += message["body"]
            body = self._call(dict(scope["headers"]), data)
        head = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        await send({"type": "http.response.body", "body": body})

    def _call(self, headers: dict[bytes, bytes], data: bytes) -> bytes:
        if not self._authentic(headers, data) or headers[b"x-tc-action"] != b"ApplyLivenessToken":
            return b'{"Response":{"Error":{"Code":"AuthFailure"}}}'
        self._decode(data)
        token, request = str(uuid.uuid4()).upper(), str(uuid.uuid4())
        return msgspec.json.encode({"Response": {"SdkToken": token, "RequestId": request}})

    def _authentic(self, headers: dict[bytes, bytes], data: bytes) -> bool:
        credential, signed, signature = (part.split("=", 1)[1] for part in headers[b"authorization"].decode().split(" ", 1)[1].split(", "))
        secret_id, date, service, _ = credential.split("/")
        now = headers[b"x-tc-timestamp"].decode()
        if abs(time.time() - int(now)) > WINDOW_S:
            return False
        lines = "".join(f"{name}:{headers[name.encode()].decode().lower()}\n" for name in signed.split(";"))
        canonical = f"POST\n/\n\n{lines}\n{signed}\n{hashlib.sha256(data).hexdigest()}"
        text = f"TC3-HMAC-SHA256\n{now}\n{date}/{service}/tc3_request\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        return hmac.compare_digest(hmac.digest(self._key(secret_id, date, service), text.encode(), "sha256").hex(), signature)

    def _key(self, secret_id: str, date: str, service: str) -> bytes:
        key = self._derived.get((secret_id, date))
        if key is None:
            key = b"TC3" + self._keys[secret_id].encode()
            for part in (date, service, "tc3_request"):
                key = hmac.digest(key, part.encode(), "sha256")
            self._derived[secret_id, date] = key
        return key


def build() -> Floor:
    """For uvicorn's --factory; the keys come as JSON in FLOOR_KEYS."""
    return Floor(msgspec.json.decode(os.environ["FLOOR_KEYS"], type=dict[str, str]))
