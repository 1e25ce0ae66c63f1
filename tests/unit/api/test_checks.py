"""The common part of every call: each fault gives exactly its code, in the contract's order, and teaches a stranger nothing."""

import asyncio
import re
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from structlog.testing import capture_logs

from openekyc.api import transport
from openekyc.api.transport import DRAIN_LIMIT
from openekyc.purse import NAME, Budget, Purse
from openekyc.settings import Settings
from openekyc.wire.call import MAX_PAIRS, Request
from openekyc.wire.limits import FORM_LIMIT, JSON_LIMIT, QUERY_LIMIT
from tests.unit.api.caller import Api, ask
from tests.unit.wire.signer import NOW, Tc3, old_fields, old_request

FORM = "application/x-www-form-urlencoded"


def without(header: bytes, call: Tc3 | None = None) -> Request:
    request = (call or Tc3()).request()
    return msgspec.structs.replace(request, headers={name: value for name, value in request.headers.items() if name != header})


def given(header: bytes, value: bytes) -> Request:
    request = Tc3().request()
    return msgspec.structs.replace(request, headers={**request.headers, header: value})


FAULTS: list[tuple[str, Callable[[], Request], str]] = [
    ("method", lambda: Request("PUT", b"", {}, b"x"), "UnsupportedProtocol"),
    ("method before size", lambda: Request("DELETE", b"", {}, bytes(JSON_LIMIT + 1)), "UnsupportedProtocol"),
    ("method before everything", lambda: Request("HEAD", b"", {}), "UnsupportedProtocol"),
    ("nothing at all", lambda: Request("GET", b"", {}), "MissingParameter"),
    ("nothing posted", lambda: Request("POST", b"", {}), "MissingParameter"),
    ("no action", lambda: without(b"x-tc-action"), "MissingParameter"),
    ("no timestamp", lambda: without(b"x-tc-timestamp"), "MissingParameter"),
    ("no authorization", lambda: without(b"authorization"), "MissingParameter"),
    ("SkipSign", lambda: given(b"authorization", b"SKIP"), "AuthFailure.InvalidAuthorization"),
    ("syntax before time", lambda: msgspec.structs.replace(Tc3(timestamp=5).request(), headers={**Tc3(timestamp=5).request().headers, b"authorization": b"SKIP"}), "AuthFailure.InvalidAuthorization"),  # noqa: E501
    ("garbled timestamp", lambda: given(b"x-tc-timestamp", b"1_767225600"), "InvalidParameterValue"),
    ("too old", lambda: Tc3(timestamp=NOW - 301).request(), "AuthFailure.SignatureExpire"),
    ("too new", lambda: Tc3(timestamp=NOW + 301).request(), "AuthFailure.SignatureExpire"),
    ("time before key", lambda: Tc3(timestamp=NOW - 301, secret_id="AKIDNOBODY").request(), "AuthFailure.SignatureExpire"),
    ("unknown key", lambda: Tc3(secret_id="AKIDNOBODY").request(), "AuthFailure.SecretIdNotFound"),
    ("disabled key", lambda: Tc3(secret_id="AKIDDISABLED").request(), "AuthFailure.SecretIdNotFound"),
    ("token with a permanent key", lambda: Tc3(more={"x-tc-token": "T"}).request(), "AuthFailure.TokenFailure"),
    ("temporary key without token", lambda: Tc3(secret_id="AKIDTEMP").request(), "AuthFailure.TokenFailure"),
    ("temporary key with a wrong token", lambda: Tc3(secret_id="AKIDTEMP", more={"x-tc-token": "S"}).request(), "AuthFailure.TokenFailure"),
    ("expired temporary key", lambda: Tc3(secret_id="AKIDPAST", more={"x-tc-token": "T"}).request(), "AuthFailure.TokenFailure"),
    ("token before signature", lambda: Tc3(secret_id="AKIDTEMP", secret_key="x").request(), "AuthFailure.TokenFailure"),
    ("wrong secret", lambda: Tc3(secret_key="x").request(), "AuthFailure.SignatureFailure"),
    ("signature before version", lambda: Tc3(secret_key="x", version="1").request(), "AuthFailure.SignatureFailure"),
    ("signature before action", lambda: Tc3("Nonsense", secret_key="x").request(), "AuthFailure.SignatureFailure"),
    ("no version", lambda: Tc3(version=None).request(), "MissingParameter"),
    ("wrong version", lambda: Tc3(version="2017-03-12").request(), "NoSuchVersion"),
    ("version before action", lambda: Tc3("Nonsense", version="2017-03-12").request(), "NoSuchVersion"),
    ("unknown action", lambda: Tc3("Nonsense").request(), "InvalidAction"),
    ("action in the wrong case", lambda: Tc3("applylivenesstoken").request(), "InvalidAction"),
    ("removed action", lambda: Tc3("ApplyCardVerification").request(), "ActionOffline"),
    ("documented, not built", lambda: Tc3("ListEKYCWebhooks").request(), "UnsupportedOperation"),
    ("action before region", lambda: Tc3("Nonsense", region=None).request(), "InvalidAction"),
    ("no region", lambda: Tc3(region=None).request(), "MissingParameter"),
    ("empty region", lambda: Tc3(region="").request(), "InvalidParameterValue"),
    ("unknown region", lambda: Tc3(region="ap-atlantis").request(), "InvalidParameterValue"),
    ("known region", lambda: Tc3(region="ap-guangzhou").request(), "UnsupportedRegion"),
    ("region of the mainland page", lambda: Tc3(region="ap-bangkok", host="faceid.tencentcloudapi.com").request(), "UnsupportedRegion"),
    ("region before body", lambda: Tc3(region=None, body=b"{").request(), "MissingParameter"),
    ("broken JSON", lambda: Tc3(body=b"{").request(), "InvalidParameter"),
    ("no body", lambda: Tc3(body=b"").request(), "InvalidParameter"),
    ("an array", lambda: Tc3(body=b"[]").request(), "InvalidParameter"),
    ("bad UTF-8", lambda: Tc3(body=b'{"SecureLevel":"\xff"}').request(), "InvalidParameter"),
    ("strange content type", lambda: Tc3(content_type="text/plain").request(), "InvalidParameter"),
    ("broken multipart", lambda: Tc3(content_type="multipart/form-data; boundary=x", body=b"y").request(), "InvalidRequest"),
    ("common field in JSON", lambda: Tc3(body=b'{"Action":"x"}').request(), "UnknownParameter"),
    ("long query", lambda: Tc3(method="GET", query="a=" + "x" * QUERY_LIMIT, content_type=FORM).request(), "RequestSizeLimitExceeded"),
    ("long query before presence", lambda: Request("GET", b"x" * (QUERY_LIMIT + 1), {}), "RequestSizeLimitExceeded"),
    ("large body", lambda: Tc3(body=bytes(JSON_LIMIT + 1)).request(), "RequestSizeLimitExceeded"),
    ("large form", lambda: Request("POST", b"", {b"content-type": FORM.encode()}, bytes(FORM_LIMIT + 1)), "AuthFailure.SignatureFailure"),
    ("v1 without action", lambda: Request("POST", b"", {b"content-type": FORM.encode()}, b"Timestamp=1"), "MissingParameter"),
    ("v1 without signature", lambda: Request("GET", b"Action=A&Timestamp=1&SecretId=x", {}), "MissingParameter"),
    ("v1 with a strange method", lambda: old_request(old_fields(SignatureMethod="HmacMD5")), "AuthFailure.InvalidAuthorization"),
    ("v1 with a strange nonce", lambda: old_request(old_fields(Nonce="-1")), "InvalidParameterValue"),
    ("v1 with a huge nonce", lambda: old_request(old_fields(Nonce=2**63)), "InvalidParameterValue"),
    ("v1 too old", lambda: old_request(old_fields(Timestamp=NOW - 301)), "AuthFailure.SignatureExpire"),
    ("v1 with a wrong secret", lambda: old_request(old_fields(), secret_key="x"), "AuthFailure.SignatureFailure"),
    ("v1 without region", lambda: old_request({k: v for k, v in old_fields().items() if k != "Region"}), "MissingParameter"),
    ("v1 without version", lambda: old_request({k: v for k, v in old_fields().items() if k != "Version"}), "MissingParameter"),
    ("v1 unknown parameter", lambda: old_request(old_fields(Colour="red")), "UnknownParameter"),
    ("v1 bad value", lambda: old_request(old_fields(SecureLevel="5")), "InvalidParameterValue"),
    ("v1 with too many fields", lambda: old_request(old_fields(**{f"F{n}": n for n in range(MAX_PAIRS)})), "InvalidParameter"),
    ("another host", lambda: old_request(old_fields(SecureLevel="1"), host="h"), ""),
    ("not UTF-8 in a query", lambda: Tc3(method="GET", query="SecureLevel=%FF", content_type=FORM).request(), "InvalidParameter"),
]  # fmt: skip


@pytest.mark.parametrize(("request_", "code"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS])
async def test_each_fault_has_its_code(api: Api, request_: Callable[[], Request], code: str) -> None:
    await api.add_key("AKIDDISABLED", disabled=True)
    await api.add_key("AKIDTEMP", session_token="T", expires_at=NOW + 60.0)
    await api.add_key("AKIDPAST", session_token="T", expires_at=NOW - 1.0)
    answer = await api.send(request_())
    assert answer.code == code
    assert answer.status == 200
    assert answer.headers[b"content-type"] == b"application/json"
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", answer.response["RequestId"])
    assert not code or set(answer.response) == {"Error", "RequestId"}
    assert [observed for _, observed in api.observed] == [code]


@pytest.mark.parametrize("region", ["ap-bangkok", "ap-hongkong", "ap-jakarta", "ap-singapore", "sa-saopaulo"])
async def test_every_region_passes(api: Api, region: str) -> None:
    assert (await api.call("ApplyLivenessToken", region=region)).code == ""


async def test_the_operator_chooses_the_regions() -> None:
    api = Api(settings=Settings(regions=("eu-home",)))
    await api.add_key()
    assert (await api.call("ApplyLivenessToken", region="eu-home")).code == ""
    assert (await api.call("ApplyLivenessToken", region="ap-singapore")).code == "UnsupportedRegion"


async def test_temporary_keys(api: Api) -> None:
    await api.add_key("AKIDTEMP", session_token="T", expires_at=NOW + 60.0)
    assert (await api.call("ApplyLivenessToken", secret_id="AKIDTEMP", more={"x-tc-token": "T"})).code == ""
    assert (await api.call_old(old_fields(SecretId="AKIDTEMP", Token="T"))).code == ""
    assert (await api.call_old(old_fields(SecretId="AKIDTEMP", Token="U"))).code == "AuthFailure.TokenFailure"


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("sign_method", ["HmacSHA1", "HmacSHA256"])
async def test_old_calls_with_every_common_field(api: Api, method: str, sign_method: str) -> None:
    fields = old_fields(SignatureMethod=sign_method, Language="zh-CN", RequestClient="SDK_PYTHON_3", SecureLevel="2")
    assert set((await api.call_old(fields, method)).response) == {"SdkToken", "RequestId"}
    answer = await api.call_old(fields | {"SecureLevel": "9"}, method)
    assert "取值错误" in answer.response["Error"]["Message"]


async def test_get_and_multipart(api: Api) -> None:
    assert (await api.call("ApplyLivenessToken", b"", method="GET", query="SecureLevel=3", content_type=FORM)).code == ""
    body = b'--x\r\nContent-Disposition: form-data; name="SecureLevel"\r\n\r\n3\r\n--x--\r\n'
    assert (await api.call("ApplyLivenessToken", body, content_type="multipart/form-data; boundary=x")).code == ""
    assert (await api.call("ApplyLivenessToken", b"", content_type="multipart/form-data; boundary=x")).code == ""


async def test_twenty_pass_and_the_next_is_refused(api: Api) -> None:
    await api.add_key("AKIDOTHER", account="other")
    codes = [(await api.send(Tc3(body=b"{" if n % 2 else b"{}").request())).code for n in range(21)]
    assert codes == ["", "InvalidParameter"] * 10 + ["RequestLimitExceeded"]
    message = (await api.send(Tc3().request())).response["Error"]["Message"]
    assert "equals to `21` in a second, which exceeds the frequency limit `20`" in message
    assert (await api.send(Tc3("GetLivenessResult").request())).code == "MissingParameter"
    assert (await api.send(Tc3(secret_id="AKIDOTHER").request())).code == ""
    assert (await api.send(Tc3(secret_key="wrong").request())).code == "AuthFailure.SignatureFailure"
    api.clock.now += 1.01
    assert (await api.send(Tc3().request())).code == ""


async def test_refused_signatures_do_not_count(api: Api) -> None:
    for _ in range(30):
        await api.send(Tc3(secret_key="wrong").request())
    assert (await api.send(Tc3().request())).code == ""


async def test_bodies_in_pieces(api: Api) -> None:
    assert (await api.send(Tc3(body=b"{  }").request(), pieces=[b"{", b" ", b"", b" }"])).code == ""


async def test_oversized_bodies_are_read_before_answering_but_not_for_ever(api: Api) -> None:
    piece = bytes(1 << 20)
    read_whole, endless = [piece] * 12, [piece] * 100
    assert (await api.send(Tc3().request(), pieces=read_whole)).code == "RequestSizeLimitExceeded"
    assert read_whole == []
    assert (await api.send(Tc3().request(), pieces=endless)).code == "RequestSizeLimitExceeded"
    assert len(endless) >= 100 - DRAIN_LIMIT // len(piece) - 1


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"secret_id": "AKIDNOBODY"}, "AuthFailure.SecretIdNotFound"),
        ({"timestamp": NOW - 1000}, "AuthFailure.SignatureExpire"),
        ({}, ""),
    ],
)
async def test_the_body_of_a_stranger_is_counted_and_not_kept(
    api: Api, monkeypatch: pytest.MonkeyPatch, changed: dict[str, Any], code: str
) -> None:
    kept: list[bool] = []
    receive_pieces = transport._receive_pieces

    async def watched(*arguments: Any, keep: bool, hold: Any) -> bytes:
        kept.append(keep)
        return await receive_pieces(*arguments, keep=keep, hold=hold)

    monkeypatch.setattr(transport, "_receive_pieces", watched)
    pieces = [b"{", b"}"]
    assert (await api.send(Tc3(body=b"{}", **changed).request(), pieces=pieces)).code == code
    assert (kept, pieces) == ([code == ""], [])


async def test_a_strangers_oversized_body_is_told_its_size_first(api: Api) -> None:
    pieces = [bytes(1 << 20)] * 12
    answer = await api.send(Tc3(secret_id="AKIDNOBODY").request(), pieces=pieces)
    assert answer.code == "RequestSizeLimitExceeded"


async def test_a_body_over_the_budget_is_told_so_and_gives_back(api: Api) -> None:
    budget = Budget(1 << 20)
    purse = Purse(budget, "192.0.2.1")

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await api.endpoint({**scope, NAME: purse}, receive, send)

    pieces = [b"{", b" " * (1 << 19), b"}"]
    assert (await ask(app, Tc3().request(), pieces=pieces)).code == "ServiceUnavailable"
    assert budget.held == 1
    purse.release()
    assert budget.held == 0


async def test_compressed_bodies_are_refused(api: Api) -> None:
    request = Tc3().request()
    packed = msgspec.structs.replace(request, headers={**request.headers, b"content-encoding": b"gzip"})
    assert (await api.send(packed)).code == "InvalidRequest"


@pytest.mark.parametrize("body", [b"[" * 30_000, b'{"a":[' + b"1," * 30_000 + b"1]}", b'{"a":' * 5000 + b"1" + b"}" * 5000])
async def test_deep_and_wide_bodies_are_refused(api: Api, body: bytes) -> None:
    assert (await api.send(Tc3(body=body).request())).code == "InvalidParameter"


async def test_a_body_that_never_comes_is_given_up(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "BODY_SECONDS", 0.01)
    sent: list[Any] = []

    async def receive() -> Any:
        await asyncio.Event().wait()

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(name, value) for name, value in Tc3().request().headers.items()] + [(b"content-length", b"2")]
    await api.endpoint({"type": "http", "method": "POST", "query_string": b"", "headers": headers, "scheme": "http"}, receive, send)
    assert b"InvalidRequest" in sent[1]["body"]


async def test_large_signed_bodies_pass_through_threads(api: Api) -> None:
    body = b'{"Extra": "' + b"x" * 1024 + b'"' + b" " * 400_000 + b"}"
    assert (await api.call("GetFaceIdTokenIntl", body)).code == ""
    fields = old_fields(Action="GetFaceIdTokenIntl", MetaData="y" * 400_000)
    assert (await api.call_old(fields)).code == ""


async def test_unexpected_faults_are_internal_errors_and_tell_nothing(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    detail = " ".join(("secret", "detail"))

    async def broken(*_: object) -> None:
        raise RuntimeError(detail)

    monkeypatch.setattr(api.sessions, "issue", broken)
    with capture_logs() as logs:
        answer = await api.call("ApplyLivenessToken")
    assert answer.code == "InternalError"
    assert detail.encode() not in answer.body
    (fault,) = [entry for entry in logs if entry["event"] == "call_failed"]
    assert fault["request_id"] == answer.response["RequestId"]
    assert fault["error"] == "RuntimeError"
    assert detail not in str(logs)
    assert f"Name the RequestId {answer.response['RequestId']} when you report it. See " in answer.response["Error"]["Message"]


@pytest.mark.parametrize("public_url", ["", "https://kyc.example/", "https://kyc.example/ekyc"])
async def test_messages_end_with_where_the_code_is_explained(public_url: str) -> None:
    api = Api(settings=Settings(public_url=public_url))
    page = f"{public_url.rstrip('/')}/docs/reference/codes/#authfailuresecretidnotfound"
    strange = Tc3(host="attacker.example").request()
    english = (await api.send(strange)).response["Error"]
    assert english["Code"] == "AuthFailure.SecretIdNotFound"
    assert english["Message"].endswith(f". See {page}")
    assert "attacker" not in english["Message"]
    chinese = (await api.call_old(old_fields(Language="zh-CN"))).response["Error"]["Message"]
    assert chinese.endswith(f"。参见 {page}")


async def test_logs_hold_no_secrets(api: Api) -> None:
    with capture_logs() as logs:
        token = await api.token("GetFaceIdTokenIntl", Extra="customer 17")
        await api.call("GetFaceIdResultIntl", {"SdkToken": token})
    assert len(logs) == 2
    for secret in (token, "customer 17", "examplesecretkey", "TC3-HMAC"):
        assert secret not in str(logs)


async def test_a_client_that_hangs_up_is_no_fault(api: Api) -> None:
    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        raise AssertionError(message)

    scope = {"type": "http", "method": "POST", "query_string": b"", "headers": [(b"content-length", b"5")], "scheme": "http"}
    await api.endpoint(scope, receive, send)
    assert api.observed == []
