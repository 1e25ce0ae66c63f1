"""Bytes -> Call: which action is asked for, by whom, signed how. The checks stand in the order in which callers may learn of them.

Nothing here reads a clock, a store or a socket; `api.endpoint` brings those and calls the checks in order.
"""

import hmac
from collections.abc import Collection, Mapping, Sequence
from typing import Literal
from urllib.parse import parse_qsl

import msgspec

from openekyc.wire import signature_v1, signature_v3
from openekyc.wire.codes import (
    InvalidAuthorization,
    InvalidParameter,
    InvalidParameterValue,
    MissingParameter,
    NoSuchVersion,
    SignatureExpire,
    SignatureFailure,
    TokenFailure,
    UnsupportedRegion,
)
from openekyc.wire.limits import is_old_post
from openekyc.wire.regions import KNOWN_REGIONS

VERSION = "2018-03-01"
MAX_PAIRS = 1000
MAX_INTEGER = 2**63 - 1
LONGEST_HOST = 100  # characters of a host name that the log repeats
COMMON_FIELDS = frozenset(
    "Action Version Region Timestamp Nonce SecretId Signature SignatureMethod Token Language RequestClient".split()  # noqa: SIM905
)

Language = Literal["en-US", "zh-CN"]


class Request(msgspec.Struct, frozen=True):
    """One HTTP request to `/`, fully received. Header names are lower case."""

    method: str
    query: bytes
    headers: Mapping[bytes, bytes]
    body: bytes = b""
    secure: bool = False  # came over TLS


class OldSignature(msgspec.Struct, frozen=True):
    """The v1 counterpart of an Authorization header."""

    secret_id: str
    method: str  # HmacSHA1 or HmacSHA256
    signature: str


class Call(msgspec.Struct, frozen=True):
    """A request whose common parameters are read; nothing in it is to be trusted before `check_signature`.

    `pairs` are all url-decoded fields of a v1 call, else empty; undecodable bytes are surrogate escapes."""

    request: Request
    credential: signature_v3.Authorization | OldSignature
    action: str
    timestamp: int
    raw_timestamp: bytes
    version: str | None
    region: str | None
    token: str
    language: Language
    client: str
    pairs: signature_v1.Pairs = ()

    @property
    def secret_id(self) -> str:
        """Whose key the caller claims to hold."""
        return self.credential.secret_id

    @property
    def host(self) -> str:
        """The Host header as received."""
        return self.request.headers.get(b"host", b"").decode("latin-1")


# --- 3 presence, 4 syntax --------------------------------------------------------------------------------------------


def read_call(request: Request) -> Call:
    """Raises MissingParameter, InvalidAuthorization, InvalidParameterValue or InvalidParameter."""
    headers = request.headers
    if is_old_post(request.method, headers):
        return _read_old(request, (*_pairs(request.query), *_pairs(request.body)))
    if request.method == "GET" and b"authorization" not in headers and b"x-tc-action" not in headers:
        return _read_old(request, _pairs(request.query))
    return _read_new(request)


def _read_new(request: Request) -> Call:
    headers = request.headers
    for name, header in ((b"Action", b"x-tc-action"), (b"Timestamp", b"x-tc-timestamp"), (b"Authorization", b"authorization")):
        if not headers.get(header):
            raise MissingParameter.about(name.decode())
    timestamp = headers[b"x-tc-timestamp"]
    return Call(
        request=request,
        credential=signature_v3.parse_authorization(headers[b"authorization"]),
        action=headers[b"x-tc-action"].decode("latin-1"),
        timestamp=_integer(timestamp.decode("latin-1"), "X-TC-Timestamp"),
        raw_timestamp=timestamp,
        version=_header(headers, b"x-tc-version"),
        region=_header(headers, b"x-tc-region"),
        token=_header(headers, b"x-tc-token") or "",
        language=language_of(headers),
        client=_header(headers, b"x-tc-requestclient") or "",
    )


def _read_old(request: Request, pairs: signature_v1.Pairs) -> Call:
    fields = dict(pairs)
    for name in ("Action", "Timestamp", "SecretId", "Signature"):
        if not fields.get(name):
            raise MissingParameter.about(name)
    method = fields.get("SignatureMethod", "HmacSHA1")
    if method not in signature_v1.DIGESTS:
        raise InvalidAuthorization(
            "The SignatureMethod must be HmacSHA1 or HmacSHA256; TC3-HMAC-SHA256 needs an Authorization header.",
            "SignatureMethod 必须为 HmacSHA1 或 HmacSHA256；TC3-HMAC-SHA256 需要 Authorization 请求头。",
        )
    if "Nonce" in fields:
        _integer(fields["Nonce"], "Nonce")
    return Call(
        request=request,
        credential=OldSignature(fields["SecretId"], method, fields["Signature"]),
        action=fields["Action"],
        timestamp=_integer(fields["Timestamp"], "Timestamp"),
        raw_timestamp=fields["Timestamp"].encode(),
        version=fields.get("Version"),
        region=fields.get("Region"),
        token=fields.get("Token", ""),
        language="zh-CN" if fields.get("Language") == "zh-CN" else "en-US",
        client=fields.get("RequestClient", ""),
        pairs=pairs,
    )


def _pairs(encoded: bytes) -> signature_v1.Pairs:
    try:
        text = encoded.decode("utf-8", "surrogateescape")
        return parse_qsl(text, keep_blank_values=True, errors="surrogateescape", max_num_fields=MAX_PAIRS)
    except ValueError:
        raise InvalidParameter(f"The request has more than {MAX_PAIRS} fields.", f"请求的字段超过 {MAX_PAIRS} 个。") from None


def query_pairs(call: Call) -> signature_v1.Pairs:
    """The action parameters of a GET or form call, without the common ones."""
    if call.pairs:
        return [(name, value) for name, value in call.pairs if name not in COMMON_FIELDS]
    return _pairs(call.request.query)


def language_of(headers: Mapping[bytes, bytes]) -> Language:
    """The language of messages; English unless X-TC-Language asks for Chinese."""
    return "zh-CN" if headers.get(b"x-tc-language") == b"zh-CN" else "en-US"


def _header(headers: Mapping[bytes, bytes], name: bytes) -> str | None:
    value = headers.get(name)
    return None if value is None else value.decode("latin-1")


def _integer(text: str, name: str) -> int:
    # int() alone takes blanks, underscores and other scripts' digits.
    if not (text.isascii() and text.isdigit() and len(text) <= 19 and (value := int(text)) <= MAX_INTEGER):
        raise InvalidParameterValue.about(name)
    return value


# --- 5 time, 7 session token, 8 signature (6, the key, is the endpoint's) -----------------------------------------------


def check_time(call: Call, now: float, window_s: int) -> None:
    """Raises SignatureExpire if the call's clock is off by more than the window, either way."""
    if abs(now - call.timestamp) > window_s:
        raise SignatureExpire


def check_session_token(call: Call, expected: str | None, expires_at: float | None, now: float) -> None:
    """Raises TokenFailure unless a temporary key comes with its own live token, and a permanent key without one."""
    if expected is None:
        if call.token:
            raise TokenFailure
        return
    sent, wanted = call.token.encode("utf-8", "surrogateescape"), expected.encode()
    if not hmac.compare_digest(sent, wanted) or (expires_at is not None and now >= expires_at):
        raise TokenFailure


class SignaturePolicy(msgspec.Struct, frozen=True):
    """What the operator decided about signatures. `derive` is `signature_v3.derive_key`, cached."""

    public_hosts: tuple[bytes, ...] = ()
    unsigned_payload_needs_tls: bool = False
    derive: signature_v3.DeriveKey = signature_v3.derive_key


class OtherHost(SignatureFailure):
    """The provided credentials could not be validated. Please check your signature is correct. The request also names a host that this
    server does not know as its own: its operator finds both in the log, and sets `public_url`."""

    zh = (
        "签名错误，请检查 SecretKey 与签名计算过程是否正确。此外，请求的 Host 不是本服务器已知的域名："
        "请由服务器的运维人员查看日志并设置 `public_url`。"
    )

    def __init__(self, received: str, signed: str, expected: tuple[str, ...]) -> None:
        super().__init__(" ".join((type(self).__doc__ or "").split()), self.zh)
        self.received, self.expected = received, expected
        self.signed = signed  # the host that the signature names, where the proxy told it; else ""


def check_signature(call: Call, secret_key: str, policy: SignaturePolicy) -> None:
    """Raises SignatureFailure unless `secret_key` made the signature over this very request; OtherHost where the host may be why."""
    credential = call.credential
    if isinstance(credential, signature_v3.Authorization) and credential.date != signature_v3.utc_date(call.timestamp):
        raise SignatureFailure(
            "The date in the credential scope is not the UTC day of X-TC-Timestamp.",
            "签名范围中的日期与 X-TC-Timestamp 的 UTC 日期不一致。",
        )
    if not _signed(call, secret_key, policy, policy.public_hosts):
        raise _failure(call, secret_key, policy)


def _signed(call: Call, secret_key: str, policy: SignaturePolicy, hosts: Sequence[bytes]) -> bool:
    credential, request = call.credential, call.request
    method = request.method.encode()
    if isinstance(credential, OldSignature):
        host = request.headers.get(b"host", b"")
        return signature_v1.verify(method, host, call.pairs, credential.method, credential.signature, secret_key, hosts)
    signed = signature_v3.Signed(method, request.query, request.headers, _payload(request, policy))
    return signature_v3.verify(credential, signed, call.raw_timestamp, secret_key, hosts, policy.derive)


def _failure(call: Call, secret_key: str, policy: SignaturePolicy) -> SignatureFailure:
    """What the caller hears. X-Forwarded-Host only explains a refusal that stands: who signed for the host it names meant to come here."""
    headers, known = call.request.headers, policy.public_hosts
    received = headers.get(b"host", b"")
    before = headers.get(b"x-forwarded-host", b"").split(b",")[0].strip()
    proven = before if before and _signed(call, secret_key, policy, (before,)) else b""
    proxied = any(name.startswith(b"x-forwarded-") for name in headers)
    if not proven and (received.lower() in known or not (known or proxied)):
        return SignatureFailure()
    expected = signature_v3.host_candidates(received, known)
    return OtherHost(readable_host(received), readable_host(proven), tuple(map(readable_host, expected)))


def readable_host(host: bytes) -> str:
    """A host name for the log, whatever a stranger sent: short, and of printable ASCII."""
    return "".join(chr(byte) if 32 < byte < 127 else "?" for byte in host[:LONGEST_HOST])


def _payload(request: Request, policy: SignaturePolicy) -> bytes:
    if request.headers.get(b"x-tc-content-sha256") == signature_v3.UNSIGNED_PAYLOAD:
        if policy.unsigned_payload_needs_tls and not request.secure:
            raise SignatureFailure("UNSIGNED-PAYLOAD is accepted over TLS only.", "UNSIGNED-PAYLOAD 仅在 TLS 连接上可用。")
        return signature_v3.UNSIGNED_PAYLOAD
    return b"" if request.method == "GET" else request.body


# --- 9 version, 11 region (10, the action, is the registry's) -----------------------------------------------------------


def check_version(call: Call) -> None:
    """Raises MissingParameter or NoSuchVersion."""
    if call.version is None:
        raise MissingParameter.about("Version")
    if call.version != VERSION:
        raise NoSuchVersion.about(call.version[:32])


def check_region(call: Call, accepted: Collection[str], offered: Collection[str] | None) -> None:
    """`accepted` is the operator's set, `offered` the action's own narrower one for this host, if any.

    Raises MissingParameter (absent), InvalidParameterValue (empty or unknown), UnsupportedRegion (known, not offered)."""
    if call.region is None:
        raise MissingParameter.about("Region")
    if call.region not in accepted and call.region not in KNOWN_REGIONS:
        raise InvalidParameterValue.about("X-TC-Region" if isinstance(call.credential, signature_v3.Authorization) else "Region")
    if call.region not in accepted or (offered is not None and call.region not in offered):
        raise UnsupportedRegion


def public_host_bytes(names: Sequence[str]) -> tuple[bytes, ...]:
    """Configured host names as they would stand in a Host header: as written, and in lower case as proxies and clients may make them."""
    return tuple(dict.fromkeys(spelling.encode("ascii") for name in names for spelling in (name, name.lower())))
