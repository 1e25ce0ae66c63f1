"""Who is let in at the capture side: strangers are counted by address, tokens by themselves, and a disabled key ends its tokens."""

import asyncio

import httpx
import pytest
from starlette.applications import Starlette
from structlog.testing import capture_logs

from openekyc.capture.routes import routes
from openekyc.sessions.model import Page
from tests.session_world import KEY, World

NOBODY = "00000000-0000-0000-0000-0000000000"


@pytest.fixture
def app(world):
    return Starlette(routes=routes(world.service, world.keys, world.clock, world.settings))


def at(app, address="203.0.113.7"):
    return httpx.AsyncClient(transport=httpx.ASGITransport(app, client=(address, 5000)), base_url="http://test/capture/v1")


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


async def waiting(world, token, streams):
    """Until so many streams wait for news."""
    for _ in range(100_000):
        if len(world.service._waiters._events.get(token, ())) >= streams:
            return
        await asyncio.sleep(0)
    raise AssertionError("nobody waits")


async def asked(http, token, path="/ping", method="POST"):
    answer = await http.request(method, path, headers=bearer(token), json={"sent_ms": 1} if method == "POST" else None)
    return answer.status_code, answer.json().get("problem", ""), answer.headers.get("retry-after", "")


async def test_unknown_tokens_are_counted_by_address_and_known_ones_are_not_affected(world: World, app) -> None:
    known = (await world.issue()).token
    async with at(app) as http, at(app, "203.0.113.8") as elsewhere:
        told = [await asked(http, f"{NOBODY}{number:02}") for number in range(11)]
        assert told[:10] == [(404, "token_unknown", "")] * 10
        assert told[10] == (429, "too_many_unknown", "60")
        assert (await asked(http, "not a token"))[0] == 429
        assert (await asked(http, known))[0] == 200
        assert (await asked(elsewhere, f"{NOBODY}99"))[0] == 404
        world.clock.now += 60
        assert (await asked(http, f"{NOBODY}99"))[0] == 404


async def test_the_log_tells_once_a_minute_how_many_were_refused(world: World, app) -> None:
    async with at(app) as http:
        with capture_logs() as logs:
            for _ in range(15):
                await asked(http, f"{NOBODY}00")
            world.clock.now += 59.9  # the window of ten is still full
            await asked(http, f"{NOBODY}00")
            world.clock.now += 0.2
            for _ in range(11):
                await asked(http, f"{NOBODY}00")
    assert [(line["event"], line["count"]) for line in logs] == [("unknown_tokens_refused", 1), ("unknown_tokens_refused", 6)]


async def test_a_whole_ipv6_prefix_counts_as_one(app) -> None:
    statuses = []
    for number in range(12):
        async with at(app, f"2001:db8:1:2::{number:x}") as http:
            statuses.append((await asked(http, f"{NOBODY}{number:02}"))[0])
    assert statuses == [404] * 10 + [429] * 2


async def test_a_known_token_is_counted_by_itself(world: World, app) -> None:
    first, second = (await world.issue()).token, (await world.issue()).token
    async with at(app) as http:
        statuses = [(await asked(http, first))[0] for _ in range(51)]
        assert statuses == [200] * 50 + [429]
        assert await asked(http, first) == (429, "session_busy", "1")
        assert (await asked(http, second))[0] == 200
        world.clock.now += 1
        assert (await asked(http, first))[0] == 200


async def test_the_outcome_is_asked_for_twice_a_second(world: World, app) -> None:
    token = (await world.issue()).token
    async with at(app) as http:
        polls = [await asked(http, token, "/outcome", "GET") for _ in range(3)]
        assert [status for status, *_ in polls] == [200, 200, 429]
        assert polls[2][1:] == ("session_busy", "1")
        assert (await asked(http, token))[0] == 200
        world.clock.now += 1
        assert (await asked(http, token, "/outcome", "GET"))[0] == 200


async def test_two_streams_of_a_token_are_open_at_most(world: World, app) -> None:
    token, other = (await world.issue()).token, (await world.issue()).token
    for one in (token, other):
        await world.begin(one)
    async with at(app) as http:

        async def streamed(one):
            return (await http.get("/outcome/stream", headers=bearer(one))).status_code

        streams = [asyncio.create_task(streamed(token)) for _ in range(2)]
        await waiting(world, token, 2)
        assert await asked(http, token, "/outcome/stream", "GET") == (429, "session_busy", "1")
        third = asyncio.create_task(streamed(other))
        for one in (token, other):
            await world.service.end(one, "left")
        assert await asyncio.wait_for(asyncio.gather(*streams, third), 10) == [200] * 3
        assert (await http.get("/outcome/stream", headers=bearer(token))).status_code == 200


async def test_a_disabled_key_ends_its_tokens_and_no_others(world: World, app) -> None:
    await world.keys.add(KEY)
    token = (await world.issue(page=Page(redirect_url="https://shop.example/"))).token
    async with at(app) as http:
        assert (await asked(http, token))[0] == 200
        await world.keys.disable(KEY.secret_id)
        assert await asked(http, token) == (410, "token_expired", "")
        opened = await http.post("/session", headers=bearer(token), json={})
        assert (opened.status_code, opened.json()["redirect_url"]) == (410, f"https://shop.example/?token={token}")


async def test_a_key_disabled_for_rotation_keeps_its_tokens(world: World, app) -> None:
    await world.keys.add(KEY)
    token = (await world.issue()).token
    await world.keys.disable(KEY.secret_id, keep_tokens=True)
    async with at(app) as http:
        assert (await asked(http, token))[0] == 200


async def test_a_stream_ends_with_its_key(world: World, app, monkeypatch) -> None:
    monkeypatch.setattr("openekyc.capture.streams.LOOK_SECONDS", 0.01)
    await world.keys.add(KEY)
    token = (await world.issue()).token
    await world.begin(token)
    async with at(app) as http:
        stream = asyncio.create_task(http.get("/outcome/stream", headers=bearer(token)))
        await waiting(world, token, 1)
        await world.keys.disable(KEY.secret_id)
        assert (await asyncio.wait_for(stream, 10)).text.count("event: outcome") == 1
