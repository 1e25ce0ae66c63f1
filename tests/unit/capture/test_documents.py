"""Documents as a capture client meets them: the plan, hints for a better picture, the review, and nothing more."""

import json

import pytest

from openekyc.engine.documents.values import Card, Field
from openekyc.sessions.model import CardTerms

JPEG = b"\xff\xd8\xff a picture"
FIELDS = (Field("FullName", "LEE, Chi Nan", 0.91, (1, 2, 3, 4)), Field("LicenseNumber", "A123456(3)", 0.99))
CARD = Card("HK", fields=FIELDS, portrait=JPEG, warnings=(-9103,), unchecked=(-9104,), numbers={"screen": 17.25}, notices=("a notice",))


def bearer(session):
    return {"Authorization": f"Bearer {session.token}"}


@pytest.fixture
async def session(world):
    return await world.issue(compare=True, card=CardTerms("HK", blocking=(-9107,), upload=True))


async def test_the_plan_tells_what_to_photograph(http, session):
    plan = (await http.post("/session", headers=bearer(session), json={})).json()["document"]
    assert plan["title"]
    assert {name: plan[name] for name in plan if name not in ("title", "fields")} == {
        "kind": "HK",
        "sides": ["front"],
        "shutter": "auto_manual",
        "auto_timeout_ms": 20_000,
        "upload": True,
        "review": True,
        "editable": True,
        "done_sides": [],
        "confirmed": False,
        "retakes_left": 2,
    }
    assert {"FullName", "LicenseNumber"} < set(plan["fields"])


async def test_a_session_without_document_has_no_plan(world, http):
    assert (await http.post("/session", headers=bearer(await world.issue()), json={})).json()["document"] is None


async def test_from_picture_to_confirmation(world, http, session):
    headers = bearer(session)
    put = await http.put("/documents/front", content=JPEG, headers=headers)
    assert (put.status_code, put.json()) == (202, {"state": "reading", "hints": [], "retakes_left": 2, "fields": []})
    assert (await http.post("/attempts", headers=headers)).json()["problem"] == "document_required"
    await world.service.conclude_reading(session.token, 1, CARD)
    answer = (await http.get("/documents/front?wait=20", headers=headers)).json()
    assert (answer["state"], answer["hints"]) == ("accepted", [])
    assert answer["fields"] == [
        {"name": "FullName", "value": "LEE, Chi Nan", "editable": True},
        {"name": "LicenseNumber", "value": "A123456(3)", "editable": True},
    ]
    opened = (await http.post("/documents/confirm", json={"edits": {"FullName": "LEE, Chi Nam"}}, headers=headers)).json()
    assert (opened["state"], opened["document"]["confirmed"], opened["document"]["done_sides"]) == ("waiting", True, ["front"])
    assert (await http.get("/documents/front", headers=headers)).json()["fields"] == []
    assert (await http.post("/attempts", headers=headers)).status_code == 201


async def test_without_review_nothing_that_was_read_leaves(world, http):
    session = await world.issue(card=CardTerms("HK", review=False))
    await http.put("/documents/front", content=JPEG, headers=bearer(session))
    await world.service.conclude_reading(session.token, 1, Card("HK", fields=FIELDS))
    assert (await http.get("/documents/front", headers=bearer(session))).json()["fields"] == []
    assert (await http.post("/session", headers=bearer(session), json={})).json()["document"]["confirmed"]


async def test_a_retake_comes_with_hints_and_nothing_measured(world, http, session):
    await http.put("/documents/front", content=JPEG, headers=bearer(session))
    await world.service.conclude_reading(session.token, 1, Card("HK", warnings=(-9107, -9103), numbers={"glare": 17.25}))
    answer = (await http.get("/documents/front", headers=bearer(session))).json()
    assert answer == {"state": "retake", "hints": ["glare"], "retakes_left": 1, "fields": []}
    everything = json.dumps([answer, (await http.post("/session", headers=bearer(session), json={})).json()])
    assert not any(word in everything for word in ("9107", "9103", "17.25", "screen"))


async def test_a_refused_document_ends_the_session(world, http, session):
    for number in range(3):
        await http.put("/documents/front", content=JPEG + bytes([number]), headers=bearer(session))
        await world.service.conclude_reading(session.token, number + 1, Card("HK", problem="not_a_card"))
    assert (await http.get("/documents/front", headers=bearer(session))).json()["state"] == "refused"
    assert (await http.get("/outcome", headers=bearer(session))).json()["state"] == "fail"
