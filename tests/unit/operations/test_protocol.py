"""One test for each rule of the edge, on the protocol itself: a transport that remembers and a clock that is set."""

import asyncio
from typing import Any

import pytest
from structlog.testing import capture_logs
from uvicorn import Config
from uvicorn.server import ServerState

from openekyc.operations.doors import Doors, Limits, block
from openekyc.operations.protocol import PIECES, PIPELINED, BoundedProtocol
from openekyc.operations.proxies import Proxies

GET = b"GET / HTTP/1.1\r\nhost: a\r\n"
LIMITS = Limits(head_bytes=1000, fields=10, head_s=10, silent_s=15, grace_s=20, least_rate=100, unread_s=30)


class Wire:
    """A transport that remembers."""

    def __init__(self, peer: str = "192.0.2.1") -> None:
        self.sent, self.closed, self.aborted, self.buffered = b"", False, False, 0
        self._peer, self.ended = peer, asyncio.Event()

    def get_extra_info(self, name: str, default: object = None) -> object:
        return (self._peer, 1) if name == "peername" else default

    def is_closing(self) -> bool:
        return self.closed or self.aborted

    def write(self, data: bytes) -> None:
        self.sent += data
        self.ended.set()

    def close(self) -> None:
        self.closed = True

    def can_write_eof(self) -> bool:
        return True

    def write_eof(self) -> None:
        self.closed = True

    def abort(self) -> None:
        self.aborted = True

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...

    def get_write_buffer_size(self) -> int:
        return self.buffered


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})


def doors(per_address: int = 2, most: int = 9, proxies: tuple[str, ...] = ()) -> Doors:
    return Doors(per_address, most, Proxies(proxies), LIMITS)


def connected(at: Doors, peer: str = "192.0.2.1") -> tuple[BoundedProtocol, Wire]:
    wire = Wire(peer)
    loop = asyncio.get_running_loop()
    protocol = BoundedProtocol(Config(app, log_config=None, lifespan="off"), ServerState(), {}, loop, doors=at)
    protocol.connection_made(wire)
    return protocol, wire


def now() -> float:
    return asyncio.get_running_loop().time()


async def answered(wire: Wire) -> bytes:
    await asyncio.wait_for(wire.ended.wait(), 20)
    return wire.sent


async def test_a_head_within_its_limits_is_answered() -> None:
    protocol, wire = connected(doors())
    protocol.data_received(GET + b"a: b\r\n" * 9 + b"\r\n")
    assert (await answered(wire)).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("piece", [1, 7, 5000])
@pytest.mark.parametrize("head", [b"GET /" + b"x" * 3000, GET + b"a: " + b"x" * 3000, GET + b"a: bbbbbbbb\r\n" * 400])
async def test_a_head_without_end_is_refused_while_it_arrives(head: bytes, piece: int) -> None:
    protocol, wire = connected(doors())
    for begin in range(0, len(head), piece):
        protocol.data_received(head[begin : begin + piece])
    assert wire.sent.startswith(b"HTTP/1.1 431 ")
    assert wire.closed


async def test_too_many_fields_are_refused() -> None:
    protocol, wire = connected(doors())
    protocol.data_received(GET + b"a: b\r\n" * 10 + b"\r\n")
    assert wire.sent.startswith(b"HTTP/1.1 431 ")


async def test_what_is_no_http_stays_a_400() -> None:
    protocol, wire = connected(doors())
    protocol.data_received(b"\x16\x03\x01\x02\x00\r\n\r\n")
    assert wire.sent.startswith(b"HTTP/1.1 400 ")


async def test_a_body_in_the_heads_chunk_is_no_head() -> None:
    protocol, wire = connected(doors())
    protocol.data_received(b"POST / HTTP/1.1\r\ncontent-length: 9000\r\n\r\n" + b"x" * 9000)
    assert (await answered(wire)).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("tail", [b"1;" + b"x" * 3000, b"0\r\na: " + b"x" * 3000, b"0\r\n" + b"a: b\r\n" * 20])
async def test_chunk_extensions_and_trailers_are_bounded(tail: bytes) -> None:
    protocol, wire = connected(doors())
    protocol.data_received(b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n")
    protocol.data_received(tail)
    assert wire.sent.startswith(b"HTTP/1.1 431 ")


async def test_silence_before_a_head_is_answered_by_closing() -> None:
    for begun in (b"", GET):
        protocol, wire = connected(doors())
        protocol.data_received(begun)
        protocol.look(now() + 9, 1)
        assert not wire.aborted
        protocol.look(now() + 11, 1)
        assert (wire.aborted, wire.sent) == (True, b"")


async def test_a_body_needs_its_rate() -> None:
    protocol, wire = connected(doors())
    protocol.data_received(b"POST / HTTP/1.1\r\ncontent-length: 9000\r\n\r\n")
    protocol.data_received(b"x" * 1000)  # good for ten more seconds
    protocol.look(now() + 14, 1)
    assert not wire.aborted
    protocol.look(now() + 16, 1)
    assert (wire.aborted, wire.sent) == (True, b"")


async def test_an_idle_connection_stays_and_empty_lines_do_not_hold_it() -> None:
    protocol, wire = connected(doors())
    protocol.data_received(GET + b"\r\n")
    await answered(wire)
    protocol.look(now() + 60, 1)
    assert not wire.aborted
    protocol.data_received(b"\r\n")
    protocol.look(now() + 11, 1)
    assert wire.aborted


async def test_an_answer_nobody_reads_is_given_up_and_a_slow_reader_is_not() -> None:
    protocol, wire = connected(doors())
    protocol.data_received(GET + b"\r\n")
    await answered(wire)
    wire.buffered = 1000
    protocol.pause_writing()
    wire.buffered = 999
    protocol.look(now() + 31, 1)
    assert not wire.aborted
    protocol.look(now() + 62, 1)
    assert wire.aborted


async def test_an_address_holds_so_many_connections_and_gives_them_back() -> None:
    at = doors(per_address=2)
    first, _ = connected(at, "2001:db8::1")
    connected(at, "2001:db8::2")
    assert connected(at, "2001:db8::3")[1].aborted
    assert not connected(at, "2001:db8:0:1::1")[1].aborted
    first.connection_lost(None)
    assert not connected(at, "2001:db8::3")[1].aborted


async def test_trusted_proxies_are_bound_by_descriptors_alone() -> None:
    at = doors(per_address=1, most=3, proxies=("192.0.2.0/24",))
    assert [connected(at)[1].aborted for _ in range(4)] == [False, False, False, True]


def test_refusals_are_counted_and_said_once_a_minute() -> None:
    at, seen = doors(), []
    at.observe = seen.append
    with capture_logs() as lines:
        for moment in (0.0, 1.0, 59.0, 61.0):
            at.refused("address")
            at.tell(moment)
    assert [line["address"] for line in lines] == [1, 3]
    assert seen == ["address"] * 4


def test_an_ipv4_address_inside_ipv6_is_that_address() -> None:
    assert block("::ffff:192.0.2.1") == block("192.0.2.1") != block("192.0.2.2")


def test_where_there_is_room_for_few_one_address_has_half_of_it() -> None:
    few = Doors(256, 4, Proxies(()))
    assert [few.enter("192.0.2.1") is not None for _ in range(3)] == [True, True, False]
    assert few.enter("192.0.2.2") is not None


async def test_a_refusal_lets_bytes_pass_until_it_has_arrived() -> None:
    protocol, wire = connected(doors())
    protocol.data_received(b"GET /" + b"x" * 3000)
    sent = wire.sent
    protocol.data_received(b"x" * 9000)
    assert wire.sent == sent


async def test_a_head_behind_a_body_is_bounded_and_not_answered_for_the_call_before() -> None:
    protocol, wire = connected(doors())
    protocol.data_received(b"POST / HTTP/1.1\r\ncontent-length: 3\r\n\r\n")
    protocol.data_received(b"abc" + GET + b"a: " + b"x" * 3000 + b"\r\n\r\n")
    assert (wire.aborted, wire.sent) == (True, b"")


async def test_bytes_of_a_body_do_not_count_for_the_head_behind_it() -> None:
    protocol, wire = connected(doors())
    protocol.data_received(b"POST / HTTP/1.1\r\ncontent-length: 9000\r\n\r\nx")
    protocol.data_received(b"x" * 8999 + GET)
    await answered(wire)
    protocol.data_received(b"a: " + b"x" * 500 + b"\r\n\r\n")
    while wire.sent.count(b" 200 ") < 2:  # noqa: ASYNC110 - what is waited for tells nobody
        await asyncio.sleep(0)


async def test_few_requests_wait_for_the_answers_before_them() -> None:
    protocol, wire = connected(doors())
    protocol.data_received((GET + b"\r\n") * (PIPELINED + 1))
    assert not wire.aborted
    protocol.data_received((GET + b"\r\n") * 5000)
    assert (wire.aborted, wire.sent, len(protocol.pipeline)) == (True, b"", PIPELINED)


async def test_a_body_of_single_bytes_is_ended_and_one_of_small_chunks_is_not() -> None:
    head = b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n"
    protocol, wire = connected(doors())
    protocol.data_received(head + b"1\r\nx\r\n" * 20_000)
    assert wire.sent.startswith(b"HTTP/1.1 431 ")
    assert protocol._pieces <= PIECES + PIECES // 16
    protocol, wire = connected(doors())
    protocol.data_received(head + (b"40\r\n" + b"x" * 64 + b"\r\n") * 20_000 + b"0\r\n\r\n")
    assert (await answered(wire)).startswith(b"HTTP/1.1 200")
