"""What a client learns about the page and about what the person may decide, and how it tells what was decided."""

import pytest
from msgspec.structs import replace

from openekyc.engine.values import Verdict
from openekyc.sessions.model import Page
from tests.unit.capture.test_routes import bearer, begun, problem


async def test_opening_tells_the_terms_of_the_page_and_what_may_be_decided(world, client_for):
    page = Page(redirect_url="https://shop.example/done?order=7#top", skip_result=True, theme_color="#112233", language="th", session_s=45)
    world.set(public_url="https://ekyc.example/", embed_origins=("https://shop.example",))
    async with client_for(world) as http:
        token = (await world.issue(level=4, page=replace(page, no_light=True))).token
        opened = (await http.post("/session", headers=bearer(token))).json()
    assert opened["page"] == {
        "redirect_url": f"https://shop.example/done?order=7&token={token}#top",
        "skip_intro": False,
        "skip_result": True,
        "skip_consent": False,
        "hide_progress": False,
        "theme_color": "#112233",
        "language": "th",
        "public_url": "https://ekyc.example",
        "embed_origins": ["https://shop.example"],
    }
    policy = {"no_light": True, "other_gesture": True, "handoff": "offer", "idle_s": 60, "session_s": 45, "restarts_left": 3}
    assert (opened["policy"], opened["document"]) == (policy, None)


async def test_a_token_that_says_nothing_about_the_page_has_the_operators_terms(world, http):
    token = (await world.issue(level=3)).token
    opened = (await http.post("/session", headers=bearer(token))).json()
    assert (opened["page"]["redirect_url"], opened["page"]["language"]) == ("", "")
    assert (opened["policy"]["no_light"], opened["policy"]["session_s"]) == (False, 180)


@pytest.mark.parametrize(
    ("address", "there"),
    [
        ("https://a.example", "https://a.example/?token="),
        ("https://a.example/x?token=theirs&b=%20", "https://a.example/x?token=theirs&b=%20&token="),
        ("http://a.example:81/#/route", "http://a.example:81/?token="),
    ],
)
async def test_an_ended_session_still_tells_where_to_go(world, http, address, there):
    token = (await world.issue(page=Page(redirect_url=address))).token
    await world.judged(token, Verdict("0"))
    answer = await http.post("/session", headers=bearer(token))
    assert problem(answer) == (409, "session_finished")
    assert answer.json()["redirect_url"].startswith(there + token)


async def test_an_ended_session_still_tells_who_had_asked(world, client_for):
    async with client_for(world) as http:
        token = (await world.issue()).token
        await world.judged(token, Verdict("0"))
        assert "brand" not in (await http.post("/session", headers=bearer(token))).json()
    world.set(brand_name="Acme", brand_support="mailto:help@acme.example")
    async with client_for(world) as http:
        told = (await http.post("/session", headers=bearer(token))).json()["brand"]
    assert (told["name"], told["support"]) == ("Acme", "mailto:help@acme.example")


async def test_light_and_gestures_are_declined_by_name(world, http):
    token = (await world.issue(level=4)).token
    assert problem(await http.post("/attempts", headers=bearer(token), json={"light": False})) == (409, "light_required")
    every = {"unable": ["blink", "mouth", "nod", "shake"]}
    assert problem(await http.post("/attempts", headers=bearer(token), json=every)) == (409, "gestures_required")
    assert problem(await http.post("/attempts", headers=bearer(token), json={"unable": ["yawn"]})) == (400, "body_invalid")
    begun = await http.post("/attempts", headers=bearer(token), json={"unable": ["blink"]})
    assert "blink" not in [step.get("gesture") for step in begun.json()["steps"]]


async def test_a_restart_gives_the_attempt_back(world, http):
    token = (await world.issue(level=2, retry_limit=1)).token
    path, headers, _ = await begun(http, token)
    assert problem(await http.post(f"{path}/restart", headers=headers, json={"reason": "bored"})) == (400, "body_invalid")
    answer = await http.post(f"{path}/restart", headers=headers, json={"reason": "face_left"})
    assert answer.json() == {"state": "retry", "hint": "try_again", "attempts_left": 1, "sandbox": False}
    assert (await http.post("/session", headers=bearer(token))).json()["policy"]["restarts_left"] == 2


async def test_the_end_of_a_visit_is_told_by_its_reason(world, http):
    token = (await world.issue(level=2)).token
    assert problem(await http.post("/session/end", headers=bearer(token), json={"why": "bored"})) == (400, "body_invalid")
    assert (await http.post("/session/end", headers=bearer(token), json={"why": "left"})).json()["state"] == "waiting"
    assert (await world.session(token)).ended == "left"


async def test_the_time_for_a_try_is_told_and_held(world, http):
    token = (await world.issue(level=2, page=Page(session_s=45))).token
    assert problem(await http.post("/attempts", headers=bearer(token), json={"waited_ms": -1})) == (400, "body_invalid")
    begun = await http.post("/attempts", headers=bearer(token), json={"waited_ms": 20_000})
    assert begun.json()["submit_by"] == world.clock.now + 25 + world.settings.capture_upload_s
    headers = bearer(token) | {"X-Attempt-Nonce": begun.json()["nonce"]}
    assert (await http.get("/attempts/1/video", headers=headers)).json() == {"received": 0}
    world.clock.now = begun.json()["submit_by"]
    assert problem(await http.get("/attempts/1/video", headers=headers)) == (409, "attempt_timed_out")


@pytest.mark.parametrize(
    ("settings", "handoff"),
    [
        ({}, "off"),
        ({"host": "0.0.0.0"}, "offer"),
        ({"public_url": "https://ekyc.example"}, "offer"),
        ({"public_url": "http://localhost:8080"}, "off"),
        ({"capture_handoff": True}, "offer"),
        ({"host": "0.0.0.0", "capture_handoff": False}, "off"),
    ],
)
async def test_a_phone_is_offered_where_it_can_reach_the_server(world, client_for, settings, handoff):
    world.set(**settings)
    async with client_for(world) as http:
        token = (await world.issue()).token
        assert (await http.post("/session", headers=bearer(token))).json()["policy"]["handoff"] == handoff


async def test_declining_the_light_once_too_often_is_told_and_no_longer_offered(world, http):
    token = (await world.issue(level=3, page=Page(no_light=True), retry_limit=9)).token
    for _ in range(3):
        assert (await http.post("/session", headers=bearer(token))).json()["policy"]["no_light"]
        steps = (await http.post("/attempts", headers=bearer(token), json={"light": False})).json()["steps"]
        assert len({step["gesture"] for step in steps if step["kind"] == "gesture"}) == 2
        await http.post("/leave", headers=bearer(token))
    assert not (await http.post("/session", headers=bearer(token))).json()["policy"]["no_light"]
    assert problem(await http.post("/attempts", headers=bearer(token), json={"light": False})) == (409, "retries_used_up")
    assert (await http.post("/attempts", headers=bearer(token))).status_code == 201


async def test_an_address_that_begins_too_often_is_refused(world, client_for):
    world.set(attempts_per_address=1)
    async with client_for(world) as http:
        first, second = [(await world.issue()).token for _ in range(2)]
        assert (await http.post("/attempts", headers=bearer(first))).status_code == 201
        assert problem(await http.post("/attempts", headers=bearer(second))) == (429, "too_often")
    assert (await world.session(second)).attempts == 0
