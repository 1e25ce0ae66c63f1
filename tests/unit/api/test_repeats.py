"""Signed calls that come a second time: refused where the operator asks for it, and nowhere else."""

import pytest
from msgspec.structs import replace
from structlog.testing import capture_logs

from openekyc.api.repeats import Repeats
from openekyc.errors import ApiError
from openekyc.settings import Settings
from openekyc.wire.call import read_call
from openekyc.wire.codes import SignatureExpire
from tests.unit.api.caller import Api, Time
from tests.unit.wire.signer import NOW, Tc3, old_fields, old_request

EXPIRED = "AuthFailure.SignatureExpire"


async def strict(**settings: object) -> Api:
    api = Api(settings=Settings(refuse_repeated_signatures=True, **settings))  # type: ignore[arg-type]
    await api.add_key()
    return api


async def test_by_default_a_call_may_come_again() -> None:
    api = Api()
    await api.add_key()
    assert [(await api.send(Tc3().request())).code for _ in range(2)] == ["", ""]


async def test_a_call_that_came_before_is_refused() -> None:
    api = await strict()
    assert [(await api.send(Tc3().request())).code for _ in range(2)] == ["", EXPIRED]
    assert (await api.send(Tc3(timestamp=NOW + 1).request())).code == ""
    assert (await api.send(Tc3(body=b'{"SecureLevel":"1"}').request())).code == ""


async def test_another_action_under_the_same_signature_is_a_repeat() -> None:
    """The action stands in a header that is not signed."""
    api = await strict()
    assert (await api.send(Tc3().request())).code == ""
    kept = Tc3().request()
    moved = replace(kept, headers={**kept.headers, b"x-tc-action": b"GetFaceIdTokenIntl"})
    assert (await api.send(moved)).code == EXPIRED


async def test_an_old_call_is_known_by_its_nonce_and_by_its_signature() -> None:
    api = await strict()
    assert (await api.send(old_request(old_fields()))).code == ""
    assert (await api.send(old_request(old_fields()))).code == EXPIRED
    assert (await api.send(old_request(old_fields(SecureLevel="1")))).code == EXPIRED  # the same Nonce
    assert (await api.send(old_request(old_fields(Nonce=2)))).code == ""
    without = {name: value for name, value in old_fields().items() if name != "Nonce"}
    assert [(await api.send(old_request(without))).code for _ in range(2)] == ["", EXPIRED]


async def test_what_was_refused_before_its_signature_was_checked_uses_nothing_up() -> None:
    api = await strict(rate_per_second=1)
    assert (await api.send(Tc3(secret_key="wrong").request())).code == "AuthFailure.SignatureFailure"
    assert (await api.send(Tc3().request())).code == ""
    assert (await api.send(Tc3(timestamp=NOW + 1).request())).code == "RequestLimitExceeded"
    api.clock.now += 2
    assert (await api.send(Tc3(timestamp=NOW + 1).request())).code == ""


def seen(repeats: Repeats, timestamp: float) -> bool:
    try:
        repeats.check(read_call(Tc3(timestamp=int(timestamp)).request()))
    except SignatureExpire:
        return True
    return False


def test_a_signature_is_remembered_for_as_long_as_it_holds() -> None:
    clock = Time()
    repeats = Repeats(clock, 300)
    assert not seen(repeats, NOW + 300)
    clock.now = NOW + 600
    assert seen(repeats, NOW + 300)  # its own clock is ahead: it holds until now
    clock.now += 2
    assert not seen(repeats, NOW + 300)


def test_memory_is_bounded_and_forgetting_is_told_once_a_minute() -> None:
    clock = Time()
    repeats = Repeats(clock, 300, most=10)
    with capture_logs() as logs:
        for second in range(50):
            assert not seen(repeats, NOW + second)
    assert len(repeats._seen) == 10
    assert [line["event"] for line in logs] == ["signatures_forgotten"]
    assert seen(repeats, NOW + 49)
    assert not seen(repeats, NOW)


@pytest.mark.parametrize("language", ["en-US", "zh-CN"])
async def test_the_refusal_says_what_to_do(language: str) -> None:
    api = await strict()
    for _ in range(2):
        answer = await api.send(Tc3(more={"x-tc-language": language}).request())
    assert issubclass(SignatureExpire, ApiError)
    assert ("sign the request again" if language == "en-US" else "重新签名") in answer.response["Error"]["Message"]
