"""Which host a signature may name, and what is told where it names another one."""

from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from openekyc.settings import Settings
from openekyc.wire.codes import SignatureFailure
from tests.unit.api.caller import Api
from tests.unit.wire.signer import NOW, Tc3, old_fields, old_request

PUBLIC = Settings(public_url="https://ekyc.example.com:8443", public_hosts=("other.example",))
UPSTREAM = "127.0.0.1:8080"


async def api_of(settings: Settings) -> Api:
    api = Api(settings=settings)
    await api.add_key()
    return api


@pytest.mark.parametrize("received", [UPSTREAM, "ekyc.example.com:8443", "ekyc.example.com", "[::1]:8080"])
@pytest.mark.parametrize("signed", ["ekyc.example.com:8443", "ekyc.example.com", "other.example"])
async def test_a_call_for_the_public_host_is_taken_whatever_host_the_proxy_sends(received: str, signed: str) -> None:
    api = await api_of(PUBLIC)
    for service in ("faceid", signed.split(".")[0]):  # the second is what the Node SDK writes
        assert (await api.call("ApplyLivenessToken", host=received, signed_host=signed, service=service)).code == ""


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_call_signed_the_older_way_too(method: str) -> None:
    api = await api_of(PUBLIC)
    request = old_request(old_fields(), method, "ekyc.example.com")
    request.headers[b"host"] = UPSTREAM.encode()  # type: ignore[index]
    assert (await api.send(request)).code == ""


async def refused(api: Api, request: Tc3) -> tuple[str, list[dict[str, object]]]:
    with capture_logs() as logs:
        answer = await api.send(replace(request, timestamp=int(api.clock.now)).request())
    assert answer.code == SignatureFailure.code
    message = str(answer.response["Error"]["Message"]).split(" See ")[0]  # type: ignore[index]
    return message, [line for line in logs if line["event"] == "signature_for_another_host"]  # type: ignore[misc]


async def test_another_host_is_logged_with_those_expected_and_hinted_at() -> None:
    message, (line,) = await refused(await api_of(PUBLIC), Tc3(host="ekyc.example.net", signed_host="ekyc.example.org"))
    assert line["log_level"] == "warning"
    assert line["received_host"] == "ekyc.example.net"
    assert {"ekyc.example.com", "ekyc.example.com:8443", "other.example"} < set(line["expected_hosts"])  # type: ignore[call-overload]
    assert "public_url" in str(line["remedy"])
    assert "`public_url`" in message
    assert "example" not in message


async def test_the_host_that_was_signed_is_named_where_the_proxy_tells_it() -> None:
    sent = Tc3(host=UPSTREAM, signed_host="ekyc.example.org", more={"x-forwarded-host": "ekyc.example.org"})
    for settings in (PUBLIC, Settings()):
        message, (line,) = await refused(await api_of(settings), sent)
        assert (line["received_host"], line["signed_host"]) == (UPSTREAM, "ekyc.example.org")
        assert "public_url" in message


async def test_a_forwarded_host_only_explains() -> None:
    """It never makes a signature good: whoever wrote it may have caught the call on its way to another server."""
    sent = Tc3(host="elsewhere.example", signed_host="ekyc.example.org", more={"x-forwarded-host": "ekyc.example.org"})
    await refused(await api_of(PUBLIC), sent)


@pytest.mark.parametrize(
    "sent",
    [
        Tc3(secret_key="wrong"),
        Tc3(host="ekyc.example.com", secret_key="wrong"),
    ],
)
async def test_a_wrong_key_at_the_right_host_is_just_that(sent: Tc3) -> None:
    api = await api_of(PUBLIC if sent.host != UPSTREAM else Settings())
    message, lines = await refused(api, sent)
    assert (message, lines) == (SignatureFailure().message, [])


async def test_what_a_stranger_writes_as_host_is_cut_and_cleaned_before_it_is_logged() -> None:
    nasty = "\x1b[31m\xe9" + "h" * 5000
    _, (line,) = await refused(await api_of(PUBLIC), Tc3(host=nasty, secret_key="wrong", more={"x-forwarded-host": nasty}))
    assert str(line["received_host"]).startswith("?[31m?hhh")
    assert len(str(line)) < 1200


async def test_unsigned_payload_needs_the_scheme_to_be_https() -> None:
    api = await api_of(Settings(unsigned_payload_needs_tls=True))
    sent = Tc3(timestamp=NOW, payload=b"UNSIGNED-PAYLOAD", more={"x-tc-content-sha256": "UNSIGNED-PAYLOAD", "x-forwarded-proto": "https"})
    assert (await api.send(sent.request())).code == SignatureFailure.code
    assert (await api.send(replace(sent, secure=True).request())).code == ""
