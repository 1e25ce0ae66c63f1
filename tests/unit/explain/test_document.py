"""The document on the auditor's page: pictures, warnings, what was read and corrected; none of it in the JSON but names of fields."""

import msgspec

from openekyc.engine.documents.values import Card, Field
from openekyc.explain.page import page
from openekyc.explain.summary import summary
from openekyc.sessions.model import CardTerms
from tests.session_world import World

JPEG = b"\xff\xd8\xff a picture"
BAD = Card("HK", problem="wrong_kind", seen_kind="TaiWanIDCard", notices=("It shows <b>another</b> card.",), rectified={"front": JPEG})
GOOD = Card(
    "HK",
    fields=(Field("FullName", "LEE, <i>Chi</i>", 0.912), Field("LicenseNumber", "A123456(3)")),
    warnings=(-9107,),
    unchecked=(-9104,),
    portrait=b"\xff\xd8\xff a face",
    rectified={"front": b"\xff\xd8\xff flattened"},
    numbers={"front_glare": 0.125},
    seconds={"read": 1.25},
)


async def explained(world: World) -> str:
    token = (await world.issue(compare=True, card=CardTerms("HK", check_warnings=False))).token
    for number, card in enumerate((BAD, GOOD), 1):
        await world.service.put_picture(token, "front", JPEG + bytes([number]))
        await world.service.conclude_reading(token, number, card)
    await world.service.confirm_document(token, {"FullName": "LEE, Chi Nan"})
    return token


async def test_the_page_shows_every_picture_with_what_was_found() -> None:
    world = World()
    dossier = await world.service.dossier(await explained(world))
    text = page(dossier)
    for word in (
        "Accepted",
        "Asked for again",
        "TaiWanIDCard",
        "-9107 glare",
        "-9109",
        "A123456(3)",
        "LEE, Chi Nan",
        "front_glare",
        "0.91",
    ):
        assert word in text
    assert "LEE, &lt;i&gt;Chi&lt;/i&gt;" in text
    assert "<b>another</b>" not in text
    assert text.count("data:image/jpeg") == 3
    assert "comparison with the document" in text


async def test_the_json_holds_no_name_and_no_number() -> None:
    world = World()
    told = summary(await world.service.dossier(await explained(world)))
    text = msgspec.json.encode(told).decode()
    assert "LEE" not in text
    assert "A123456" not in text
    latest, first = told.pictures
    assert [(field.name, field.corrected) for field in latest.fields] == [("FullName", True), ("LicenseNumber", False)]
    assert (first.problem, first.seen_kind, first.hints, latest.warnings) == ("wrong_kind", "TaiWanIDCard", ("wrong_kind",), (-9107, -9109))


async def test_what_was_erased_is_left_out() -> None:
    world = World()
    token = await explained(world)
    await world.blobs.delete(f"sessions/{token.lower()}")
    text = page(await world.service.dossier(token))
    assert "A123456" not in text
    assert "data:image" not in text


async def test_a_session_without_document_says_nothing_of_one() -> None:
    world = World()
    token = (await world.issue()).token
    assert "Document" not in page(await world.service.dossier(token))
