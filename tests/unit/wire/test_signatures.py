"""The published vectors, every host and header spelling of the stock clients, and: whatever is altered is refused."""

from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openekyc.errors import ApiError
from openekyc.wire import signature_v1, signature_v3
from openekyc.wire.call import Request, SignaturePolicy, check_session_token, check_signature, check_time, read_call
from openekyc.wire.codes import InvalidAuthorization, SignatureExpire, SignatureFailure, TokenFailure
from tests.unit.wire.signer import HOST, NOW, SECRET_ID, SECRET_KEY, Tc3, old_fields, old_request

VECTOR = Tc3(body=b'{"SecureLevel": "1"}')


def verify(request: Request, policy: SignaturePolicy = SignaturePolicy(), secret_key: str = SECRET_KEY, now: float = NOW) -> None:  # noqa: B008
    call = read_call(request)
    check_time(call, now, 300)
    check_signature(call, secret_key, policy)


def refused(request: Request, policy: SignaturePolicy = SignaturePolicy()) -> type[ApiError]:  # noqa: B008
    with pytest.raises(ApiError) as caught:
        verify(request, policy)
    return caught.type


def test_v3_vector() -> None:
    assert signature_v3.payload_hash(VECTOR.body) == b"ae88125eb517ef285a32893a6a78cc78485e396d4883b4fe172f897bf01e7581"
    unsigned = b"438d4109ef0d676b8c2c7ed13cdfcb418e494d53b843d4634ce3b1085f07bb96"
    assert signature_v3.payload_hash(signature_v3.UNSIGNED_PAYLOAD) == unsigned
    signature = "01031d27ce8e630c908a8e2977e2c84a418ba92f60e910de26eb5530e3415356"
    assert VECTOR.headers()["authorization"].endswith(signature)
    verify(VECTOR.request())


@pytest.mark.parametrize(
    ("method", "signature"),
    [("HmacSHA256", "d636ZSLG34kLe7PaGy+HOWfs7qbJq6lW1FZATD5dduk="), ("HmacSHA1", "2JTr5mPqgW6fTRF/s1tl327+bYc=")],
)
def test_v1_vectors(method: str, signature: str) -> None:
    fields = {"Action": "ApplyLivenessToken", "Nonce": "11886", "Region": "ap-singapore", "SecretId": SECRET_ID, "SecureLevel": "1"}
    fields |= {"SignatureMethod": method, "Timestamp": str(NOW), "Version": "2018-03-01"}
    assert signature_v1.verify(b"POST", HOST.encode(), list(fields.items()), method, signature, SECRET_KEY)


@pytest.mark.parametrize(
    "request_",
    [
        VECTOR,
        replace(VECTOR, signed_host="127.0.0.1"),  # Node signs the bare host name
        replace(VECTOR, signed_host="127.0.0.1", service="127"),  # and the first label as the service
        replace(VECTOR, host="localhost:8080", service="localhost:8080"),
        replace(VECTOR, host="localhost:8080", service="localhost"),
        replace(VECTOR, host="http://127.0.0.1:8080"),  # tccli
        replace(VECTOR, signed_host="ekyc.example.com", service="ekyc"),  # behind a proxy
        replace(VECTOR, content_type="application/json; charset=UTF-8", lower=True),  # the vendor's text
        replace(VECTOR, content_type="application/json; charset=UTF-8"),  # the SDKs
        replace(VECTOR, also_signed=("x-tc-action", "x-tc-timestamp"), lower=True),
        replace(VECTOR, query="b=2&a=%20x+y&a"),  # kept raw, not sorted
        replace(VECTOR, method="GET", query="SecureLevel=1", content_type="application/x-www-form-urlencoded"),
        replace(VECTOR, payload=b"UNSIGNED-PAYLOAD", more={"x-tc-content-sha256": "UNSIGNED-PAYLOAD"}),
    ],
)
def test_stock_spellings_pass(request_: Tc3) -> None:
    verify(request_.request(), SignaturePolicy(public_hosts=(b"ekyc.example.com",)))


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("sign_method", [None, "HmacSHA1", "HmacSHA256"])
@pytest.mark.parametrize("signed_host", [HOST, "127.0.0.1", "ekyc.example.com"])
def test_old_methods_pass(method: str, sign_method: str | None, signed_host: str) -> None:
    extra = {"SignatureMethod": sign_method} if sign_method else {}
    fields = old_fields(SecureLevel="1", Extra="ü & ?=€", **extra, **{"Words.10": "x", "Words.2": "y"})
    request = old_request(fields, method, signed_host)
    sent = msgspec.structs.replace(request, headers={**request.headers, b"host": HOST.encode()})
    verify(sent, SignaturePolicy(public_hosts=(b"ekyc.example.com",)))


def test_python_dots_in_old_signatures() -> None:
    plain = old_fields(Some_Name="1")
    dotted = old_fields(**{"Some.Name": "1"})
    request = old_request(dotted)
    renamed = msgspec.structs.replace(request, body=request.body.replace(b"Some.Name", b"Some_Name"))
    verify(renamed)
    verify(old_request(plain))


@pytest.mark.parametrize("skew", [-301, 301, 10**9, -(10**9)])
def test_clock_window(skew: int) -> None:
    with pytest.raises(SignatureExpire):
        verify(Tc3(timestamp=NOW + skew).request())


@pytest.mark.parametrize("skew", [-300, 0, 300])
def test_inside_the_window(skew: int) -> None:
    verify(Tc3(timestamp=NOW + skew).request())


@pytest.mark.parametrize(
    "changed",
    [
        replace(VECTOR, secret_key="another"),
        replace(VECTOR, service="cvm"),
        replace(VECTOR, signed_host="example.com"),
        replace(VECTOR, also_signed=("x-tc-nothing",), more={"x-tc-nothing": ""}),
        replace(VECTOR, payload=b"UNSIGNED-PAYLOAD"),
    ],
)
def test_wrong_signatures(changed: Tc3) -> None:
    request = changed.request()
    headers = {name: value for name, value in request.headers.items() if name != b"x-tc-nothing"}
    assert refused(msgspec.structs.replace(request, headers=headers)) is SignatureFailure


def test_unsigned_payload_may_need_tls() -> None:
    request = replace(VECTOR, payload=b"UNSIGNED-PAYLOAD", more={"x-tc-content-sha256": "UNSIGNED-PAYLOAD"})
    strict = SignaturePolicy(unsigned_payload_needs_tls=True)
    assert refused(request.request(), strict) is SignatureFailure
    verify(replace(request, secure=True).request(), strict)


@pytest.mark.parametrize(
    "header",
    [
        "SKIP",
        "",
        " ",
        "TC3-HMAC-SHA256",
        "TC3-HMAC-SHA1 Credential=a/2026-01-01/faceid/tc3_request, SignedHeaders=content-type;host, Signature=00",
        "TC3-HMAC-SHA256 Credential=a/2026-01-01/faceid, SignedHeaders=content-type;host, Signature=00",
        "TC3-HMAC-SHA256 Credential=a/2026-1-1/faceid/tc3_request, SignedHeaders=content-type;host, Signature=00",
        "TC3-HMAC-SHA256 Credential=a/2026-01-01/faceid/tc4_request, SignedHeaders=content-type;host, Signature=00",
        "TC3-HMAC-SHA256 Credential=a/2026-01-01/faceid/tc3_request, SignedHeaders=host, Signature=00",
        "TC3-HMAC-SHA256 Credential=a/2026-01-01/faceid/tc3_request, SignedHeaders=content-type, Signature=00",
        "TC3-HMAC-SHA256 Credential=a/2026-01-01/faceid/tc3_request, SignedHeaders=content-type;host",
        "Bearer abc",
    ],
)
def test_authorization_syntax(header: str) -> None:
    with pytest.raises(InvalidAuthorization):
        signature_v3.parse_authorization(header.encode())


def test_date_must_be_the_timestamps_day() -> None:
    request = VECTOR.request()
    header = request.headers[b"authorization"].replace(b"2026-01-01", b"2025-12-31")
    assert refused(msgspec.structs.replace(request, headers={**request.headers, b"authorization": header})) is SignatureFailure


def test_session_tokens() -> None:
    call = read_call(replace(VECTOR, more={"x-tc-token": "T"}).request())
    check_session_token(call, "T", NOW + 1.0, NOW)
    check_session_token(read_call(VECTOR.request()), None, None, NOW)
    for expected, expires_at in ((None, None), ("other", NOW + 1.0), ("T", NOW)):
        with pytest.raises(TokenFailure):
            check_session_token(call, expected, expires_at, NOW)
    with pytest.raises(TokenFailure):
        check_session_token(read_call(VECTOR.request()), "T", NOW + 1.0, NOW)


# --- any mutation is refused --------------------------------------------------------------------------------------------

SIGNED = replace(VECTOR, query="a=1&b=%20", also_signed=("x-tc-action", "x-tc-region"), more={"x-tc-language": "en-US"})
SIGNED_HEADERS = (b"host", b"content-type", b"x-tc-action", b"x-tc-region")


def mutated(data: bytes, at: int, byte: int, how: str) -> bytes:
    at %= len(data) + (how == "insert")
    match how:
        case "insert":
            return data[:at] + bytes([byte]) + data[at:]
        case "delete":
            return data[:at] + data[at + 1 :]
        case _:
            return data[:at] + bytes([data[at] ^ (byte or 1)]) + data[at + 1 :]


mutations = st.tuples(st.integers(0, 500), st.integers(0, 255), st.sampled_from(["insert", "delete", "flip"]))


@given(mutations)
def test_mutated_body_is_refused(mutation: tuple[int, int, str]) -> None:
    request = SIGNED.request()
    assert refused(msgspec.structs.replace(request, body=mutated(request.body, *mutation))) is SignatureFailure


@given(mutations)
def test_mutated_query_is_refused(mutation: tuple[int, int, str]) -> None:
    request = SIGNED.request()
    assert refused(msgspec.structs.replace(request, query=mutated(request.query, *mutation))) is SignatureFailure


@given(st.sampled_from(SIGNED_HEADERS), mutations)
def test_mutated_signed_header_is_refused(name: bytes, mutation: tuple[int, int, str]) -> None:
    request = SIGNED.request()
    value = mutated(request.headers[name], *mutation)
    if value.strip() != request.headers[name]:  # blanks around a value are no part of it
        refused(msgspec.structs.replace(request, headers={**request.headers, name: value}))


@given(mutations)
def test_mutated_authorization_is_refused(mutation: tuple[int, int, str]) -> None:
    request = SIGNED.request()
    value = mutated(request.headers[b"authorization"], *mutation)
    altered = msgspec.structs.replace(request, headers={**request.headers, b"authorization": value})
    try:
        call = read_call(altered)
    except ApiError:
        return
    if call.credential != read_call(request).credential and call.secret_id == SECRET_ID:  # another id finds another key
        with pytest.raises(ApiError):
            check_signature(call, SECRET_KEY, SignaturePolicy())


@given(st.integers(-300, 300).filter(bool))
def test_mutated_timestamp_is_refused(skew: int) -> None:
    request = SIGNED.request()
    refused(msgspec.structs.replace(request, headers={**request.headers, b"x-tc-timestamp": b"%d" % (NOW + skew)}))


def test_mutated_method_is_refused() -> None:
    refused(msgspec.structs.replace(SIGNED.request(), method="GET"))
    refused(msgspec.structs.replace(old_request(old_fields()), method="GET"))


@given(st.text(st.characters(codec="utf-8"), max_size=40).filter(lambda key: key != SECRET_KEY))
def test_another_key_is_refused(key: str) -> None:
    for request in (SIGNED.request(), old_request(old_fields())):
        with pytest.raises(SignatureFailure):
            check_signature(read_call(request), key, SignaturePolicy())


@given(st.sampled_from(["HmacSHA1", "HmacSHA256"]), st.sampled_from(["GET", "POST"]), mutations)
def test_mutated_old_request_is_refused(sign_method: str, method: str, mutation: tuple[int, int, str]) -> None:
    request = old_request(old_fields(SecureLevel="1", SignatureMethod=sign_method), method)
    encoded = request.query or request.body
    altered = mutated(encoded, *mutation)
    request_altered = msgspec.structs.replace(request, **{"query" if request.query else "body": altered})
    try:
        call = read_call(request_altered)
    except ApiError:
        return
    if sorted(call.pairs) != sorted(read_call(request).pairs) and call.secret_id == SECRET_ID:
        assert refused(request_altered)


def test_a_repeated_field_breaks_the_old_signature() -> None:
    request = old_request(old_fields(SecureLevel="1"))
    assert refused(msgspec.structs.replace(request, body=b"SecureLevel=4&" + request.body)) is SignatureFailure
    assert refused(msgspec.structs.replace(request, query=b"SecureLevel=4")) is SignatureFailure


@given(
    st.sampled_from(["GET", "POST"]),
    st.binary(max_size=200),
    st.dictionaries(
        st.sampled_from([b"authorization", b"x-tc-action", b"x-tc-timestamp", b"content-type", b"host", b"x-tc-token", b"x-tc-language"]),
        st.binary(max_size=60) | st.sampled_from([b"1767225600", b"application/x-www-form-urlencoded", b"TC3-HMAC-SHA256 Credential="]),
    ),
    st.binary(max_size=300),
)
def test_arbitrary_bytes_raise_nothing_but_api_errors(method: str, query: bytes, headers: dict[bytes, bytes], body: bytes) -> None:
    with pytest.raises(ApiError):
        verify(Request(method, query, headers, body))
