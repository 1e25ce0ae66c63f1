"""What a stranger may send before it is a request, over real sockets. Time is a number that the test hands over."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
import uvicorn

from openekyc.cli.protocol import BoundedProtocol, bounded
from openekyc.operations import doors
from openekyc.operations.doors import Doors
from openekyc.settings import Settings


class House:
    """A server that answers with the number of bytes it was sent, and the doors it stands behind."""

    def __init__(self, port: int, doors_: Doors, refused: list[str]) -> None:
        self.port, self.doors, self.refused = port, doors_, refused

    async def call(self, *pieces: bytes) -> bytes:
        """Everything that is answered to these pieces until the server closes or answers whole."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
            return await asyncio.wait_for(self._answer(reader), 20)
        except ConnectionError:
            return b""
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader) -> bytes:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError as closed:
            return closed.partial
        size = next((int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")), 0)
        return head + await reader.readexactly(size)

    def later(self, seconds: float) -> None:
        """Look at all connections as if so much time had passed."""
        self.doors.look(asyncio.get_running_loop().time() + seconds)

    async def until_open(self, count: int) -> None:
        await until(lambda: len(self.doors._inside) == count)

    @property
    def one(self) -> BoundedProtocol:
        """The only connection."""
        (found,) = self.doors._inside
        assert isinstance(found, BoundedProtocol)
        return found


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not true():  # noqa: ASYNC110 - what is waited for tells nobody
            await asyncio.sleep(0)


async def echo(scope, receive, send):
    size, more = 0, True
    while more:
        message = await receive()
        size, more = size + len(message.get("body", b"")), message.get("more_body", False)
        if message["type"] == "http.disconnect":
            return
    text = str(size).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(text))]})
    await send({"type": "http.response.body", "body": text})


@asynccontextmanager
async def serving(**changes: object) -> AsyncIterator[House]:
    found, refused = Doors(Settings(**changes), 1000), list[str]()
    found.observe = refused.append
    config = uvicorn.Config(echo, http=bounded(found), ws="none", lifespan="off", log_config=None, access_log=False)
    config.load()
    state = uvicorn.server.ServerState()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: config.http_protocol_class(config=config, server_state=state, app_state={}), "127.0.0.1", 0)
    try:
        yield House(server.sockets[0].getsockname()[1], found, refused)
    finally:
        server.close()
        for one in tuple(state.connections):
            one.transport.abort()
        await server.wait_closed()


def post(body: bytes, *more: bytes) -> bytes:
    return b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n%b\r\n" % (len(body), b"".join(line + b"\r\n" for line in more)) + body


def status(answer: bytes) -> int:
    return int(answer.split(b" ")[1]) if answer else 0


async def test_an_ordinary_call_and_a_small_head_with_a_large_body_pass():
    async with serving() as house:
        assert (await house.call(post(b"hello"))).endswith(b"\r\n\r\n5")
        assert (await house.call(post(bytes(3_000_000)))).endswith(b"3000000")
        assert not house.refused


@pytest.mark.parametrize(
    "head",
    [
        b"GET /" + b"a" * 70_000,
        b"GET / HTTP/1.1\r\nX: " + b"a" * 70_000,
        b"GET / HTTP/1.1\r\n" + b"".join(b"X-%d: %b\r\n" % (place, b"a" * 900) for place in range(80)),
    ],
)
async def test_a_head_without_end_is_refused_while_it_arrives(head):
    async with serving() as house:
        assert status(await house.call(head)) == 431
        assert house.refused == ["head"]


async def test_sixty_thousand_bytes_and_a_hundred_fields_pass_and_one_more_does_not():
    def fields(count):
        return [b"X-%d: %b" % (place, b"a" * 500) for place in range(count)]

    async with serving() as house:
        assert status(await house.call(post(b"", *fields(98)))) == 200
        assert status(await house.call(post(b"", *fields(99)))) == 431


async def test_fields_that_follow_a_body_are_bounded_too():
    head = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n"
    async with serving() as house:
        assert status(await house.call(head + b"\r\n")) == 200
        assert status(await house.call(head + b"".join(b"X-%d: 1\r\n" % place for place in range(120)) + b"\r\n")) == 431
        assert status(await house.call(head, b"X: ", *[b"a" * 40_000] * 4)) == 400


async def test_a_compressed_body_is_refused():
    async with serving() as house:
        assert status(await house.call(post(b"x", b"Content-Encoding: gzip"))) == 415
        assert status(await house.call(post(b"x", b"Content-Encoding: identity"))) == 200


async def test_what_is_no_http_is_answered_and_closed():
    async with serving() as house:
        assert status(await house.call(b"\x16\x03\x01 nonsense\r\n\r\n")) == 400


@pytest.mark.parametrize("begun", [b"", b"GET / HT", b"\r\n"])
async def test_who_sends_no_head_is_closed_without_a_word(begun):
    async with serving() as house:
        waiting = asyncio.create_task(house.call(begun) if begun else house.call())
        await house.until_open(1)
        house.later(doors.HEAD_S - 1)
        assert not house.refused
        house.later(doors.HEAD_S + 1)
        assert await waiting == b""
        assert house.refused == ["silent"]


async def test_a_body_must_go_on_at_a_least_rate():
    async with serving() as house:
        for seconds, reason in ((doors.SILENT_S + 1, "silent"), (doors.GRACE_S + 1, "slow")):
            waiting = asyncio.create_task(house.call(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\nabc"))
            await house.until_open(1)
            await until(lambda: house.one.taken == 3)
            if reason == "slow":
                house.one._moved += 1000.0  # it has just sent a byte
            house.later(seconds)
            assert await waiting == b""
            assert house.refused.pop() == reason
            await house.until_open(0)


async def test_an_idle_connection_is_kept_and_blank_lines_on_it_are_not():
    async with serving() as house:
        reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
        writer.write(post(b"hi"))
        await house._answer(reader)
        house.later(60)
        writer.write(post(b"again"))
        assert (await house._answer(reader)).endswith(b"5")
        writer.write(b"\r\n")
        await until(lambda: house.one._waiting is not None)
        house.later(doors.HEAD_S + 1)
        assert await reader.read() == b""
        assert house.refused == ["silent"]


async def test_an_answer_that_nobody_reads_is_given_up():
    async with serving() as house:
        waiting = asyncio.create_task(house.call(b"GET / HTTP/1.1\r\nHost: x\r\n"))
        await house.until_open(1)
        one = house.one
        one._waiting = None
        one.flow.pause_writing()
        house.later(0)
        house.later(doors.UNREAD_S + 1)
        assert await waiting == b""
        assert house.refused == ["unread"]


async def test_the_third_connection_of_an_address_is_closed_and_the_others_go_on():
    async with serving(connections_per_address=2) as house:
        open_ = [await asyncio.open_connection("127.0.0.1", house.port) for _ in range(2)]
        await house.until_open(2)
        assert await house.call(post(b"x")) == b""
        assert house.refused == ["address"]
        open_[0][1].write(post(b"hello"))
        assert (await house._answer(open_[0][0])).endswith(b"5")
        for _, writer in open_:
            writer.close()


async def test_more_bytes_than_an_address_may_have_are_refused_and_given_back():
    async with serving(bodies_max_bytes=4_000_000) as house:
        answer = await house.call(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n", *[bytes(100_000)] * 30)
        assert status(answer) == 503
        assert b"retry-after" in answer
        await house.until_open(0)
        assert (await house.call(post(bytes(900_000)))).endswith(b"900000")
        assert house.doors._in_flight == 0
