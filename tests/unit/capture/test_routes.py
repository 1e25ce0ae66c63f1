"""The protocol as a client meets it: the whole journey, what stays secret, and a clear refusal for everything else."""

import asyncio
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openekyc.engine.values import Cue, Verdict
from tests.session_world import REFUSED, VIDEO, World, sha

REFUSED_FULLY = Verdict("1002", ("09",), "try_again", 12.5, (Cue("silent", "deny", "1002", reason="recaptured", numbers={"live": 0.01}),))


def bearer(token, nonce=""):
    return {"Authorization": f"Bearer {token}"} | ({"X-Attempt-Nonce": nonce} if nonce else {})


def slice_headers(headers, data):
    return headers | {"X-Slice-SHA256": sha(data)}


async def begun(http, token):
    """Path and headers of a new attempt, and what begin answered."""
    answer = (await http.post("/attempts", headers=bearer(token))).json()
    return f"/attempts/{answer['attempt']}", bearer(token, answer["nonce"]), answer


async def recorded(http, token):
    path, headers, _ = await begun(http, token)
    await http.post(f"{path}/light", headers=headers)
    await http.put(f"{path}/video?offset=0", content=VIDEO, headers=slice_headers(headers, VIDEO))
    end = {"size": len(VIDEO), "sha256": sha(VIDEO), "frames": 3}
    return await http.post(f"{path}/finish", json=end, headers=headers)


async def test_the_whole_journey(world, http):
    token = (await world.issue(level=4)).token
    opened = (await http.post("/session", headers=bearer(token), json={"sdk": "test", "camera": {"width": 640}})).json()
    assert (opened["attempts_left"], opened["level"], opened["light"], opened["sandbox"]) == (5, 4, True, False)
    assert opened["limits"]["recording_max_bytes"] == 10_000_000
    path, headers, answer = await begun(http, token)
    assert answer["attempts_left"] == 4
    colours = (await http.post(f"{path}/light", headers=headers)).json()["colours"]
    assert len(colours) == 12
    put = await http.put(f"{path}/video?offset=0", content=VIDEO, headers=slice_headers(headers, VIDEO))
    assert put.json() == {"received": len(VIDEO)} == (await http.get(f"{path}/video", headers=headers)).json()
    traced = await http.post(f"{path}/trace", headers=headers, json={"sequence": 0, "frames": [{"now_ms": 1, "rgb": [1, 2, 3]}]})
    assert traced.json() == {"batches": 1}
    finished = await http.post(f"{path}/finish", headers=headers, json={"size": len(VIDEO), "sha256": sha(VIDEO)})
    assert (finished.status_code, finished.json()["state"]) == (202, "waiting")
    await world.service.conclude(token, 1, Verdict("0"))
    assert (await http.get("/outcome", headers=headers)).json() == {"state": "pass", "hint": "", "attempts_left": 0, "sandbox": False}


async def test_colours_stay_secret_until_the_light_step(world, http):
    token = (await world.issue(level=4)).token
    _, _, answer = await begun(http, token)
    light = next(step for step in answer["steps"] if step["kind"] == "light")
    assert light == {"kind": "light", "colours": 12, "duration_ms": 3600}
    assert not {"red", "green", "blue"} & set(json.dumps(answer).replace('"', " ").split())


async def test_a_refusal_tells_a_hint_and_nothing_else(world, http):
    token = (await world.issue(level=3)).token
    await recorded(http, token)
    await world.service.conclude(token, 1, REFUSED_FULLY)
    answer = await http.get("/outcome", headers=bearer(token))
    assert answer.json() == {"state": "retry", "hint": "try_again", "attempts_left": 4, "sandbox": False}
    stream = await http.get("/outcome/stream", headers=bearer(token))
    for text in (answer.text, stream.text):
        assert not any(secret in text for secret in ("1002", "silent", "recaptured", "12.5", "09"))


async def test_a_sandbox_session_says_so_everywhere(world, http):
    token = (await world.issue(level=3, sandbox=True)).token
    opened = await http.post("/session", headers=bearer(token))
    finished = await recorded(http, token)
    assert opened.json()["sandbox"] is finished.json()["sandbox"] is True


async def test_the_stream_ends_with_the_outcome(world, http):
    token = (await world.issue(level=3)).token
    await recorded(http, token)
    stream, listening, enter = asyncio.create_task(http.get("/outcome/stream", headers=bearer(token))), asyncio.Event(), world.service.wait

    async def wait(*args):
        listening.set()
        return await enter(*args)

    world.service.wait = wait
    await listening.wait()
    await world.service.conclude(token, 1, Verdict("0"))
    answer = await asyncio.wait_for(stream, 5)
    events = [json.loads(line.removeprefix("data: ")) for line in answer.text.splitlines() if line.startswith("data: ")]
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert [event["state"] for event in events] == ["waiting", "pass"]


async def test_a_quiet_stream_is_kept_alive(world, http, monkeypatch):
    monkeypatch.setattr("openekyc.capture.streams.KEEP_ALIVE_SECONDS", 0.0)
    monkeypatch.setattr("openekyc.capture.streams.LOOK_SECONDS", 0.0)
    token = (await world.issue(level=3)).token
    await recorded(http, token)
    stream = asyncio.create_task(http.get("/outcome/stream", headers=bearer(token)))
    for _ in range(200):
        await asyncio.sleep(0)
    world.clock.now += 3600
    assert ": keep-alive" in (await asyncio.wait_for(stream, 5)).text


async def test_a_ping_answers_the_servers_clock(world, http):
    token = (await world.issue()).token
    answer = await http.post("/ping", headers=bearer(token), json={"sent_ms": 12.5})
    assert answer.json() == {"sent_ms": 12.5, "server_ms": world.clock.now * 1000}


async def test_what_the_client_says_of_itself_is_kept_within_bounds(world, http):
    token = (await world.issue()).token
    kept = await http.post("/session", headers=bearer(token), json={"sdk": "web", "future_field": 1})
    assert kept.status_code == 200
    assert json.loads(await world.blobs.get(f"sessions/{token.lower()}/client.json"))["sdk"] == "web"
    assert problem(await http.post("/session", headers=bearer(token), json={"sdk": "x" * 65})) == (400, "body_invalid")


def problem(answer):
    body = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert body["detail"]
    assert body["remedy"]
    assert body["type"] == f"/docs/reference/codes/#{body['problem']}"
    return answer.status_code, body["problem"]


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Basic abc"}, {"Authorization": "Bearer "}, {"Authorization": "token"}])
async def test_a_request_without_a_token_is_refused(http, headers):
    answer = await http.post("/session", headers=headers)
    assert problem(answer) == (401, "token_missing")
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_unknown_paths_and_methods_are_problems_too(http):
    assert problem(await http.get("/nothing")) == (404, "path_unknown")
    assert problem(await http.get("/attempts")) == (405, "method_wrong")


@pytest.mark.parametrize("number", ["0", "7", "-1", "x", "1.0", "9" * 5000, "%00", "١"])
async def test_an_attempt_that_is_none_is_unknown(world, http, number):
    token = (await world.issue()).token
    assert problem(await http.get(f"/attempts/{number}/video", headers=bearer(token, "n"))) == (404, "attempt_unknown")


async def test_slices_are_refused_for_their_reason(world, http):
    token = (await world.issue(level=2)).token
    path, headers, _ = await begun(http, token)
    video, good = f"{path}/video?offset=", slice_headers(headers, b"one")
    assert problem(await http.put(f"{video}0", content=b"one", headers=headers)) == (400, "parameter_invalid")
    assert problem(await http.put(f"{video}0", content=b"one", headers=headers | {"X-Slice-SHA256": "zz"})) == (400, "parameter_invalid")
    for offset in ("", "-1", "x", "1e3", "9" * 30):
        assert problem(await http.put(f"{video}{offset}", content=b"one", headers=good)) == (400, "parameter_invalid")
    assert problem(await http.put(f"{video}0", content=b"two", headers=good)) == (400, "slice_damaged")
    assert problem(await http.put(f"{video}0", content=b"", headers=slice_headers(headers, b""))) == (400, "slice_damaged")
    wrong = good | {"X-Attempt-Nonce": "0" * 32}
    assert problem(await http.put(f"{video}0", content=b"one", headers=wrong)) == (403, "nonce_wrong")
    assert (await http.put(f"{video}0", content=b"one", headers=good)).json() == {"received": 3}
    assert (await http.put(f"{video}0", content=b"one", headers=good)).json() == {"received": 3}
    other = slice_headers(headers, b"two")
    assert problem(await http.put(f"{video}0", content=b"two", headers=other)) == (409, "slice_conflict")
    gap = await http.put(f"{video}9", content=b"two", headers=other)
    assert problem(gap) == (409, "offset_wrong")
    assert gap.json()["received"] == 3


async def test_bodies_are_bounded_before_they_are_read(world, client_for):
    world.set(recording_max_bytes=1000)
    async with client_for(world) as http:
        token = (await world.issue(level=2)).token
        path, headers, _ = await begun(http, token)
        large = b"x" * 1001
        answer = await http.put(f"{path}/video?offset=0", content=large, headers=slice_headers(headers, large))
        assert problem(answer) == (413, "recording_too_large")
        sent = 0

        async def endless():
            nonlocal sent
            while True:
                sent += 1
                yield b" " * 10_000

        assert problem(await http.post("/session", headers=bearer(token), content=endless())) == (413, "body_too_large")
        assert sent < 10
        declared = bearer(token) | {"Content-Length": "9" * 30}
        assert problem(await http.post("/session", headers=declared, content=b"{}")) == (413, "body_too_large")


async def test_a_body_that_never_ends_is_given_up(world, http, monkeypatch):
    monkeypatch.setattr("openekyc.capture.routes.BODY_SECONDS", 0.01)
    token = (await world.issue()).token

    async def stalled():
        yield b"{"
        await asyncio.Event().wait()

    assert problem(await http.post("/session", headers=bearer(token), content=stalled())) == (408, "body_slow")


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b"null", b'{"sdk": 1}', b"\xff\xfe", b"[" * 30_000, b'{"x": ' * 9_000, b'{"screen": {"width": -1}}']
)
async def test_a_body_of_the_wrong_shape_is_refused(world, http, body):
    token = (await world.issue()).token
    assert problem(await http.post("/session", headers=bearer(token), content=body)) == (400, "body_invalid")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
names = st.sampled_from(["sequence", "frames", "steps", "colours", "pings", "size", "sha256", "now_ms", "rgb", "index", "sdk", "sent_ms"])
bodies = st.dictionaries(names, json_values, max_size=5).map(lambda value: json.dumps(value).encode()) | st.binary(max_size=60)


@given(
    body=bodies,
    operation=st.sampled_from(
        ["session", "ping", "attempts/1/trace", "attempts/1/finish", "attempts/1/restart", "attempts", "session/end"]
    ),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
def test_no_body_makes_the_server_fail(client_for, body, operation):
    async def send():
        world = World()
        token = (await world.issue(level=2)).token
        async with client_for(world) as http:
            _, headers, _ = await begun(http, token)
            return await http.post(f"/{operation}", headers=headers, content=body)

    assert asyncio.run(send()).status_code < 500


async def test_a_failing_port_is_an_internal_problem_that_names_nothing(world, http, capsys):
    token = (await world.issue()).token

    async def broken(token):
        raise KeyError(token)

    world.store.session = broken
    answer = await http.get("/outcome", headers=bearer(token))
    assert problem(answer) == (500, "internal")
    assert token not in answer.text
    output = capsys.readouterr()
    assert "capture_failed" in output.out + output.err
    assert token not in output.out + output.err


async def test_other_origins_are_let_in_only_when_named(world, http, client_for):
    preflight = {"Origin": "https://shop.example", "Access-Control-Request-Method": "PUT"}
    assert "access-control-allow-origin" not in (await http.options("/session", headers=preflight)).headers
    world.set(capture_origins=("https://shop.example",))
    async with client_for(world) as open_http:
        answer = await open_http.options("/session", headers=preflight)
        assert answer.headers["access-control-allow-origin"] == "https://shop.example"
        stranger = await open_http.options("/session", headers=preflight | {"Origin": "https://evil.example"})
        assert "access-control-allow-origin" not in stranger.headers


async def test_retries_run_out_with_their_own_problem(world, http):
    token = (await world.issue(level=2, retry_limit=1)).token
    await world.judged(token, REFUSED)
    for path in ("/session", "/attempts"):
        assert problem(await http.post(path, headers=bearer(token))) == (409, "retries_used_up")
