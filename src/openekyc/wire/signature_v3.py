"""TC3-HMAC-SHA256: what a request's Authorization header claims, and whether a secret key confirms it. Pure, bytes only.

Nothing is normalised before the check: header values enter as they were received, because stock clients sign odd host names.
"""

import hmac
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256

import msgspec

from openekyc.wire.codes import InvalidAuthorization

UNSIGNED_PAYLOAD = b"UNSIGNED-PAYLOAD"
SERVICE = b"faceid"
MUST_BE_SIGNED = frozenset({b"content-type", b"host"})

DeriveKey = Callable[[str, str, bytes], bytes]

_FORM = re.compile(
    rb"TC3-HMAC-SHA256 +Credential=(?P<id>[^/,\s]{1,256})/(?P<date>\d{4}-\d\d-\d\d)/(?P<service>[^/,\s]{1,256})/tc3_request *, *"
    rb"SignedHeaders=(?P<headers>[!-+\--:<-~]{1,64}(?:;[!-+\--:<-~]{1,64}){0,63}) *, *Signature=(?P<signature>[^,\s]{1,256})",
)


class Authorization(msgspec.Struct, frozen=True):
    """A parsed Authorization header."""

    secret_id: str
    date: str  # YYYY-MM-DD
    service: bytes
    signed_headers: tuple[bytes, ...]
    signature: bytes


class Signed(msgspec.Struct, frozen=True):
    """The parts of a request that the signature covers. Header names are lower case, values as received."""

    method: bytes
    query: bytes
    headers: Mapping[bytes, bytes]
    payload: bytes


def parse_authorization(value: bytes) -> Authorization:
    """Raises InvalidAuthorization unless `value` has the TC3 form and signs content-type and host."""
    if (found := _FORM.fullmatch(value)) is None:
        raise InvalidAuthorization
    names = tuple(found["headers"].split(b";"))
    if not MUST_BE_SIGNED.issubset([name.lower() for name in names]):
        raise InvalidAuthorization(
            "The headers content-type and host must be among the SignedHeaders.", "SignedHeaders 必须包含 content-type 和 host。"
        )
    return Authorization(found["id"].decode("latin-1"), found["date"].decode(), found["service"], names, found["signature"])


def derive_key(secret_key: str, date: str, service: bytes) -> bytes:
    """The signing key of one day and service: three chained HMAC-SHA256."""
    key = hmac.digest(b"TC3" + secret_key.encode(), date.encode(), "sha256")
    return hmac.digest(hmac.digest(key, service, "sha256"), b"tc3_request", "sha256")


def utc_date(timestamp: int) -> str:
    """The UTC day of a Unix time, YYYY-MM-DD."""
    return _date_of_day(timestamp // 86_400)


@lru_cache(8)  # every call of a day asks for the same one
def _date_of_day(day: int) -> str:
    return datetime.fromtimestamp(day * 86_400, UTC).strftime("%Y-%m-%d")


def host_candidates(host: bytes, public_hosts: Sequence[bytes]) -> tuple[bytes, ...]:
    """The host names a client may have signed: as received, without the port, and the public names for servers behind a proxy."""
    bare, colon, port = host.rpartition(b":")
    without_port = (bare,) if colon and port.isdigit() else ()
    return tuple(dict.fromkeys((host, *without_port, *public_hosts)))


def service_allowed(service: bytes, hosts: Sequence[bytes]) -> bool:
    """The scope names `faceid`, or - as the Node SDK does - the part of the endpoint before its first dot."""
    return service == SERVICE or any(service == host.split(b".", 1)[0] for host in hosts)


def payload_hash(payload: bytes) -> bytes:
    """Lower-case hex of SHA-256."""
    return sha256(payload).hexdigest().encode()


def verify(
    auth: Authorization,
    request: Signed,
    timestamp: bytes,
    secret_key: str,
    public_hosts: Sequence[bytes] = (),
    derive: DeriveKey = derive_key,
) -> bool:
    """Whether the signature is that of `secret_key` over the request, under any candidate host, with header values as sent or lower-cased.

    The caller has compared the scope's date with the timestamp. `derive` may be a cached `derive_key`."""
    hosts = host_candidates(request.headers.get(b"host", b""), public_hosts)
    if not service_allowed(auth.service, hosts) or any(name.lower() not in request.headers for name in auth.signed_headers):
        return False
    key = derive(secret_key, auth.date, auth.service)
    scope = b"%b/%b/tc3_request" % (auth.date.encode(), auth.service)
    hashed = payload_hash(request.payload)
    for headers in _header_variants(auth.signed_headers, request.headers, hosts):
        canonical = b"\n".join((request.method, b"/", request.query, headers, b";".join(auth.signed_headers), hashed))
        text = b"\n".join((b"TC3-HMAC-SHA256", timestamp, scope, payload_hash(canonical)))
        # Not hmac.digest: that lets go of the interpreter's lock, and getting it back from another thread costs ten times the digest.
        if hmac.compare_digest(hmac.new(key, text, "sha256").hexdigest().encode(), auth.signature):
            return True
    return False


def _header_variants(names: Sequence[bytes], headers: Mapping[bytes, bytes], hosts: Sequence[bytes]) -> Iterator[bytes]:
    """CanonicalHeaders under each host candidate: values as sent, then lower-cased."""
    for host in hosts:
        values = [(name, host if (key := name.lower()) == b"host" else headers[key].strip()) for name in names]
        as_sent = b"".join([b"%b:%b\n" % pair for pair in values])
        yield as_sent
        lowered = b"".join([b"%b:%b\n" % (name, value.lower()) for name, value in values])
        if lowered != as_sent:
            yield lowered
