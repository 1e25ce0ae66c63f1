"""Whom a request comes from: proxies are believed if the operator named them, and nobody else is."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from openekyc.operations.proxies import Proxies
from openekyc.settings import Settings
from tests.unit.api.caller import Api, ask
from tests.unit.wire.signer import Tc3

LOOPBACK = ("127.0.0.0/8", "::1/128")


def scope(peer: str | None, *headers: tuple[str, str]) -> dict[str, Any]:
    sent = [(name.encode(), value.encode("latin-1")) for name, value in headers]
    return {"type": "http", "scheme": "http", "client": peer and (peer, 5000), "headers": sent}


def believed(trusted: tuple[str, ...], peer: str | None, *headers: tuple[str, str]) -> tuple[str | None, str]:
    found = scope(peer, *headers)
    Proxies(trusted).believe(found)
    return found["client"] and found["client"][0], found["scheme"]


FOR, PROTO = "x-forwarded-for", "x-forwarded-proto"


@pytest.mark.parametrize(
    ("trusted", "peer", "headers", "wanted"),
    [
        ((), "127.0.0.1", [(FOR, "203.0.113.7"), (PROTO, "https")], ("127.0.0.1", "http")),
        (LOOPBACK, "127.0.0.1", [], ("127.0.0.1", "http")),
        (LOOPBACK, "127.0.0.1", [(FOR, "203.0.113.7"), (PROTO, "https")], ("203.0.113.7", "https")),
        (LOOPBACK, "::1", [(FOR, "2001:db8::7"), (PROTO, "https")], ("2001:db8::7", "https")),
        (LOOPBACK, "::ffff:127.0.0.1", [(FOR, "::ffff:203.0.113.7")], ("203.0.113.7", "http")),
        # somebody else
        (LOOPBACK, "203.0.113.9", [(FOR, "127.0.0.1"), (PROTO, "https")], ("203.0.113.9", "http")),
        (LOOPBACK, "::ffff:203.0.113.9", [(PROTO, "https")], ("::ffff:203.0.113.9", "http")),
        (LOOPBACK, "", [(PROTO, "https")], ("", "http")),
        (LOOPBACK, None, [(PROTO, "https")], (None, "http")),
        # the right-most address that is no proxy, whatever a client wrote before
        (LOOPBACK, "127.0.0.1", [(FOR, "127.0.0.1, 203.0.113.7")], ("203.0.113.7", "http")),
        (LOOPBACK, "127.0.0.1", [(FOR, "127.0.0.1"), (FOR, "203.0.113.7")], ("203.0.113.7", "http")),
        ((*LOOPBACK, "10.0.0.0/8"), "127.0.0.1", [(FOR, "198.51.100.1, 203.0.113.7, 10.1.2.3")], ("203.0.113.7", "http")),
        (LOOPBACK, "127.0.0.1", [(FOR, "198.51.100.1, 203.0.113.7, 10.1.2.3")], ("10.1.2.3", "http")),
        (LOOPBACK, "127.0.0.1", [(FOR, "127.0.0.1")], ("127.0.0.1", "http")),
        # ports and brackets
        (LOOPBACK, "127.0.0.1", [(FOR, "203.0.113.7:4711")], ("203.0.113.7", "http")),
        (LOOPBACK, "127.0.0.1", [(FOR, "[2001:db8::7]:4711")], ("2001:db8::7", "http")),
        (LOOPBACK, "127.0.0.1", [(FOR, "[2001:db8::7]")], ("2001:db8::7", "http")),
        # what cannot be read is nobody, and never this machine
        (LOOPBACK, "127.0.0.1", [(FOR, "unknown")], (None, "http")),
        (LOOPBACK, "127.0.0.1", [(FOR, "203.0.113.7, garbage")], (None, "http")),
        (LOOPBACK, "127.0.0.1", [(FOR, "203.0.113.7,")], (None, "http")),
        (LOOPBACK, "127.0.0.1", [(FOR, "\xff\x00")], (None, "http")),
        (LOOPBACK, "127.0.0.1", [(FOR, "[")], (None, "http")),
        (LOOPBACK, "127.0.0.1", [(FOR, "")], ("127.0.0.1", "http")),
        # the scheme
        (LOOPBACK, "127.0.0.1", [(PROTO, "HTTPS ")], ("127.0.0.1", "https")),
        (LOOPBACK, "127.0.0.1", [(PROTO, "https, http")], ("127.0.0.1", "http")),
        (LOOPBACK, "127.0.0.1", [(PROTO, "https"), (PROTO, "http")], ("127.0.0.1", "http")),
        (LOOPBACK, "127.0.0.1", [(PROTO, "javascript")], ("127.0.0.1", "http")),
        (LOOPBACK, "127.0.0.1", [(PROTO, "")], ("127.0.0.1", "http")),
    ],
)
def test_who_is_believed(
    trusted: tuple[str, ...], peer: str | None, headers: list[tuple[str, str]], wanted: tuple[str | None, str]
) -> None:
    assert believed(trusted, peer, *headers) == wanted


@given(st.text(st.characters(max_codepoint=255), max_size=200))
def test_no_text_of_a_stranger_counts_as_this_machine(text: str) -> None:
    client, _ = believed(LOOPBACK, "127.0.0.1", (FOR, f"{text}, 203.0.113.7"))
    assert client == "203.0.113.7"


def test_a_chain_of_any_length_is_read_in_little_time() -> None:
    assert believed(LOOPBACK, "127.0.0.1", (FOR, "127.0.0.1," * 100_000 + "::1"))[0] == "127.0.0.1"


def test_a_header_of_anybody_else_is_warned_of_once_with_the_setting() -> None:
    proxies = Proxies(("10.0.0.0/8",))
    with capture_logs() as logs:
        proxies.believe(scope("127.0.0.1"))
        assert logs == []
        for _ in range(3):
            proxies.believe(scope("127.0.0.1", (FOR, "203.0.113.7")))
    (line,) = logs
    assert (line["log_level"], line["peer"], line["setting"]) == ("warning", "127.0.0.1", "trusted_proxies")
    assert "203.0.113.7" not in str(line)
    after = scope("10.0.0.1", (PROTO, "https"))
    proxies.believe(after)
    assert after["scheme"] == "https"


async def test_a_word_of_tls_counts_from_trusted_proxies_alone() -> None:
    settings = {"unsigned_payload_needs_tls": True}
    unsigned = {"payload": b"UNSIGNED-PAYLOAD", "more": {"x-tc-content-sha256": "UNSIGNED-PAYLOAD", PROTO: "https"}}
    codes = []
    for trusted in ((), LOOPBACK):
        api = Api(settings=Settings(trusted_proxies=trusted, **settings))
        await api.add_key()

        async def behind(found: Any, receive: Any, send: Any, api: Api = api) -> None:
            found["client"] = ("127.0.0.1", 5000)
            Proxies(api.settings.trusted_proxies).believe(found)
            await api.endpoint(found, receive, send)

        codes.append((await ask(behind, Tc3(**unsigned).request())).code)
    assert codes == ["AuthFailure.SignatureFailure", ""]
