"""Going on with another device: the code works once, for five minutes, and is no way to guess tokens."""

import pytest

from openekyc.capture import handoff
from openekyc.capture.handoff import Handoffs
from openekyc.capture.problems import HandoffInvalid
from tests.session_world import KEY, Hands, World


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


async def offered(http, token):
    answer = await http.post("/handoff", headers=bearer(token))
    assert (answer.status_code, answer.json()["seconds"]) == (201, 300)
    return answer.json()["handoff_code"]


async def taken(http, code):
    answer = await http.post("/handoff/take", json={"handoff_code": code})
    return answer.status_code, answer.json().get("token") or answer.json()["problem"]


async def test_a_code_is_exchanged_for_the_session_once(world: World, http) -> None:
    token = (await world.issue()).token
    code = await offered(http, token)
    assert token not in code
    assert len(code) == 24
    assert await taken(http, code) == (200, token)
    assert await taken(http, code) == (410, "handoff_invalid")
    # Both devices go on with the token they have, through reloads too.
    assert (await http.post("/session", headers=bearer(token), json={})).status_code == 200


async def test_a_code_lives_five_minutes(world: World, http) -> None:
    token = (await world.issue()).token
    first, other = await offered(http, token), await offered(http, (await world.issue()).token)
    world.clock.now += 299
    assert await taken(http, first) == (200, token)
    world.clock.now += 1
    assert await taken(http, other) == (410, "handoff_invalid")


async def test_a_new_code_takes_the_place_of_the_one_before(world: World, http) -> None:
    token = (await world.issue()).token
    first, second = await offered(http, token), await offered(http, token)
    assert await taken(http, first) == (410, "handoff_invalid")
    assert await taken(http, second) == (200, token)


async def test_only_a_session_has_codes(world: World, http) -> None:
    assert (await http.post("/handoff")).status_code == 401
    assert (await http.post("/handoff", headers=bearer("nobody"))).status_code == 404


@pytest.mark.parametrize("code", ["", "5", '""', '"' + 65 * "x" + '"', "["])
async def test_a_code_of_the_wrong_shape_is_refused(http, code) -> None:
    answer = await http.post("/handoff/take", content=f'{{"handoff_code": {code}}}' if code else "{}")
    assert (answer.status_code, answer.json()["problem"]) == (400, "body_invalid")


async def test_unknown_codes_are_counted_and_a_good_one_still_works(world: World, http) -> None:
    token = (await world.issue()).token
    code = await offered(http, token)
    told = [(await taken(http, f"guess{number}"))[1] for number in range(11)]
    assert told == ["handoff_invalid"] * 10 + ["too_many_unknown"]
    assert await taken(http, code) == (200, token)


async def test_a_code_ends_with_the_key_of_its_session(world: World, http) -> None:
    await world.keys.add(KEY)
    code = await offered(http, (await world.issue()).token)
    await world.keys.disable(KEY.secret_id)
    assert await taken(http, code) == (410, "token_expired")


def test_memory_is_bounded(monkeypatch) -> None:
    monkeypatch.setattr(handoff, "MOST", 5)
    codes = Handoffs(Hands())
    given = [codes.offer(f"T{number}") for number in range(50)]
    assert (len(codes._offers), len(codes._codes)) == (5, 5)
    assert codes.take(given[-1]) == "T49"
    with pytest.raises(HandoffInvalid):
        codes.take(given[0])
