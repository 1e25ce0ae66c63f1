"""Signs requests as the official SDKs do, written apart from the code under test."""

import hashlib
import hmac
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from openekyc.wire.call import Request

SECRET_ID, SECRET_KEY = "AKIDEXAMPLE", "examplesecretkey"
NOW = 1767225600  # 2026-01-01
HOST = "127.0.0.1:8080"


def tc3_signature(canonical: str, timestamp: int, service: str, secret_key: str) -> str:
    date = datetime.fromtimestamp(timestamp, UTC).strftime("%Y-%m-%d")
    text = f"TC3-HMAC-SHA256\n{timestamp}\n{date}/{service}/tc3_request\n{hashlib.sha256(canonical.encode('latin-1')).hexdigest()}"
    key = ("TC3" + secret_key).encode()
    for part in (date, service, "tc3_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


@dataclass
class Tc3:
    """One TC3 request; every part can be set apart from what is signed."""

    action: str = "ApplyLivenessToken"
    body: bytes = b"{}"
    method: str = "POST"
    query: str = ""
    content_type: str = "application/json"
    host: str = HOST
    signed_host: str | None = None
    timestamp: int = NOW
    region: str | None = "ap-singapore"
    version: str | None = "2018-03-01"
    service: str = "faceid"
    secret_id: str = SECRET_ID
    secret_key: str = SECRET_KEY
    payload: bytes | None = None
    lower: bool = False
    more: dict[str, str] = field(default_factory=dict)
    also_signed: tuple[str, ...] = ()
    secure: bool = False

    def headers(self) -> dict[str, str]:
        plain = {
            "host": self.host,
            "content-type": self.content_type,
            "x-tc-action": self.action,
            "x-tc-timestamp": str(self.timestamp),
            "x-tc-version": self.version,
            "x-tc-region": self.region,
            **self.more,
        }
        headers = {name: value for name, value in plain.items() if value is not None}
        names = sorted(("content-type", "host", *self.also_signed))
        values = {**headers, "host": self.signed_host or self.host}
        lines = "".join(f"{name}:{values[name].lower() if self.lower else values[name]}\n" for name in names)
        payload = self.payload if self.payload is not None else (b"" if self.method == "GET" else self.body)
        canonical = "\n".join((self.method, "/", self.query, lines, ";".join(names), hashlib.sha256(payload).hexdigest()))
        signature = tc3_signature(canonical, self.timestamp, self.service, self.secret_key)
        date = datetime.fromtimestamp(self.timestamp, UTC).strftime("%Y-%m-%d")
        scope = f"{self.secret_id}/{date}/{self.service}/tc3_request"
        headers["authorization"] = f"TC3-HMAC-SHA256 Credential={scope}, SignedHeaders={';'.join(names)}, Signature={signature}"
        return headers

    def request(self) -> Request:
        raw = {name.encode(): value.encode("latin-1") for name, value in self.headers().items()}
        return Request(self.method, self.query.encode("latin-1"), raw, b"" if self.method == "GET" else self.body, self.secure)


def old_fields(**more: Any) -> dict[str, Any]:
    common = {"Action": "ApplyLivenessToken", "Nonce": 11886, "Region": "ap-singapore", "SecretId": SECRET_ID, "Timestamp": NOW}
    return {**common, "Version": "2018-03-01", **more}


def old_signature(fields: dict[str, Any], method: str = "POST", host: str = HOST, secret_key: str = SECRET_KEY) -> str:
    text = f"{method}{host}/?" + "&".join(f"{name}={fields[name]}" for name in sorted(fields))
    digest = hashlib.sha256 if fields.get("SignatureMethod") == "HmacSHA256" else hashlib.sha1
    return b64encode(hmac.new(secret_key.encode(), text.encode(), digest).digest()).decode()


def old_request(fields: dict[str, Any], method: str = "POST", host: str = HOST, secret_key: str = SECRET_KEY) -> Request:
    """A v1 call that carries `fields` and their signature."""
    encoded = urlencode({**fields, "Signature": old_signature(fields, method, host, secret_key)}).encode()
    headers = {b"host": host.encode(), b"content-type": b"application/x-www-form-urlencoded"}
    return Request(method, encoded, headers) if method == "GET" else Request(method, b"", headers, encoded)
