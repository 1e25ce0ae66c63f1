"""Signed calls: what the server's own check accepts, and every way a call may fail."""

import json

import httpx
import pytest

from openekyc.simulator.integrator import CallRefused, Integrator
from openekyc.wire.signature_v3 import Signed, parse_authorization, verify


def integrator(handler, **options) -> Integrator:  # type: ignore[no-untyped-def]
    return Integrator("http://server:8080", "id", "secret", http=httpx.Client(transport=httpx.MockTransport(handler)), **options)


def answer(**response: object) -> httpx.Response:
    return httpx.Response(200, json={"Response": response})


def test_the_signature_is_the_secrets() -> None:
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return answer(SdkToken="t")

    assert integrator(handler).call("GetFaceIdTokenIntl", SecureLevel="4") == {"SdkToken": "t"}
    (request,) = seen
    headers = {name.lower(): value for name, value in request.headers.raw}
    signed = Signed(b"POST", b"", headers, request.content)
    authorization = parse_authorization(headers[b"authorization"])
    assert verify(authorization, signed, headers[b"x-tc-timestamp"], "secret")
    assert not verify(authorization, signed, headers[b"x-tc-timestamp"], "other")
    assert json.loads(request.content) == {"SecureLevel": "4"}


@pytest.mark.parametrize(
    ("response", "code"),
    [
        (answer(Error={"Code": "AuthFailure.SecretIdNotFound", "Message": "no such id"}), "AuthFailure.SecretIdNotFound"),
        (httpx.Response(200, text="hello"), "no_api"),
        (httpx.Response(200, json={"detail": "?"}), "no_api"),
        (httpx.Response(200, json=[1]), "no_api"),
    ],
)
def test_what_is_no_answer_is_refused_with_a_remedy(response: httpx.Response, code: str) -> None:
    with pytest.raises(CallRefused) as refused:
        integrator(lambda request: response).call("GetFaceIdTokenIntl")
    assert refused.value.code == code
    assert refused.value.remedy


def test_an_absent_server_is_named() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("connection refused")

    with pytest.raises(CallRefused, match="does not answer") as refused:
        integrator(handler).call("GetFaceIdTokenIntl")
    assert refused.value.code == "unreachable"


def test_waits_when_calls_come_too_fast() -> None:
    busy, pauses = [True, True, False], []

    def handler(request: httpx.Request) -> httpx.Response:
        return answer(Error={"Code": "RequestLimitExceeded", "Message": "slower"}) if busy.pop(0) else answer(Result="0")

    assert integrator(handler, sleep=pauses.append).call("GetFaceIdResultIntl") == {"Result": "0"}
    assert pauses == sorted(pauses)
    assert len(pauses) == 2
