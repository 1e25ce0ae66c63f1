"""The page an auditor reads, and its JSON: complete, self-contained, and safe whatever a sender wrote about itself."""

from html.parser import HTMLParser

import msgspec
import pytest

from openekyc.engine import record
from openekyc.engine.values import Cue, Verdict
from openekyc.explain.page import page
from openekyc.explain.summary import summary
from openekyc.sessions.model import Page
from tests.session_world import World

JPEG = b"\xff\xd8\xff\xe0 a picture"
CUES = (
    Cue("face", "pass", numbers={"present": 1.0}),
    Cue("compare", "pass", notices=("other_faces",)),
    Cue("silent", "recorded", "1002", ("03",), "looks like a screen (sandbox: not judged)", numbers={"live": 0.01}),
    Cue("light", "deny", "1005", ("09",), "the face did not reflect the drawn colours", numbers={"correlation": 0.31}),
)
TITLES = (
    "Time line",
    "What each cue said",
    "Gesture curves",
    "Colour of the face against the code",
    "What an attacker had to guess",
    "Capture",
)
TIMES = tuple(second / 10 for second in range(110))


def told(**changes) -> record.Record:
    seen = record.Found("blink", 2.5, 3.2, 0.6)
    prompts = (
        record.Prompt(0, "hold", "look at the camera for 1 s", begin_s=0.0, end_s=1.0),
        record.Prompt(1, "gesture", "blink twice", "blink", 2, 900, 4000, 1.0, 1.9, 5.9, seen),
        record.Prompt(2, "light", "face the screen for 1 colour", begin_s=5.9, end_s=6.2),
    )
    fields = {
        "version": "0.1.0",
        "models": {"face.onnx": "ab" * 32},
        "level": 4,
        "code": "1005",
        "tags": ("09",),
        "hint": "follow_prompts",
        "reason": record.reason(CUES),
        "cues": CUES,
        "thresholds": {"light.correlates": 0.7, "face.present": 0.7},
        "film": record.Film("cd" * 32, 1234, "matroska", "vp8", 640, 480, 11.0, 330, 30.0, False, {"ENCODER": "Some<b>Encoder"}),
        "timing": record.Timing(330, 33.3, 1.5, 33.0, 1.0, -50.0, True, 12.5),
        "prompts": prompts,
        "found": (seen, record.Found("nod", 8.0, 8.6, 12.0)),
        "curves": record.Curves(*([TIMES] * 7)),
        "colours": (record.Shown((255, 64, 64), 5.9, 6.2),),
        "reflection": record.Reflection(90.0, TIMES[59:62], ((0.1, 0.0, -0.1),) * 3, ((0.09, 0.0, -0.09),) * 3),
        "strip": record.Strip(JPEG, (0.5, 5.5)),
    }
    return record.Record(**fields | changes)


async def judged(world: World, *, sandbox=False, found: record.Record | None = None, **terms) -> str:
    token = (await world.issue(sandbox=sandbox, **terms)).token
    await world.service.open(token, b'{"sdk": "<script>alert(1)</script>", "camera": {"label": "HD Camera"}}')
    kept = record.encode(found) if found else None
    await world.judged(token, Verdict("1005", ("09",), "follow_prompts", cues=CUES, best_frame=JPEG, record=kept))
    return token


async def written(world: World, token: str) -> str:
    return page(await world.service.dossier(token))


class Reader(HTMLParser):
    """Which elements there are, and what they point to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in ("src", "href", "action") and value]


@pytest.fixture
def world() -> World:
    return World()


async def test_the_page_tells_the_verdict_in_words(world):
    text = await written(world, await judged(world, found=told()))
    for words in ("Refused", "Result 1005: The liveness check failed", "09 light check failed", "follow the prompts as they appear"):
        assert words in text
    assert "light: the face did not reflect the drawn colours; silent: looks like a screen" in text


async def test_the_page_tells_a_notice_about_the_reference_picture(world):
    token = await judged(world)
    assert "the reference picture shows more faces; the foremost one was compared" in await written(world, token)


async def test_the_page_holds_every_part(world):
    text = await written(world, await judged(world, found=told()))
    for title in (
        "Time line",
        "What each cue said",
        "Gesture curves",
        "Colour of the face against the code",
        "What an attacker had to guess",
    ):
        assert f"<h3>{title}</h3>" in text
    for words in ("ab" * 32, "cd" * 32, "openekyc 0.1.0", "HD Camera", "correlation <b>0.31</b>", "correlates 0.7", "every 33.3 ms"):
        assert words in text
    assert Reader(text).tags.count("img") == 2
    assert text.count("<svg") >= 3


async def test_the_page_is_one_file_without_scripts(world):
    reader = Reader(await written(world, await judged(world, found=told())))
    assert "script" not in reader.tags
    assert "b" in reader.tags
    assert all(link.startswith("data:image/jpeg;base64,") for link in reader.links)


async def test_words_of_a_sender_stay_words(world):
    text = await written(world, await judged(world, found=told()))
    assert "&lt;script&gt;alert(1)" in text
    assert "Some&lt;b&gt;Encoder" in text


@pytest.mark.parametrize("sandbox", [True, False])
async def test_a_sandbox_session_says_so_and_no_other(world, sandbox):
    text = await written(world, await judged(world, sandbox=sandbox, found=told(cues=CUES[:1])))
    assert ("Sandbox session" in text) is sandbox
    assert ("(sandbox)</p>" in text) is sandbox


async def test_the_latest_attempt_comes_first(world):
    token = await judged(world, found=told(), retry_limit=3)
    await world.judged(token, Verdict("0"))
    text = await written(world, token)
    assert text.index("<h2>Attempt 2</h2>") < text.index("<h2>Attempt 1</h2>")
    assert [one.number for one in summary(await world.service.dossier(token)).attempts] == [2, 1]


async def test_an_attempt_without_record_or_verdict_is_told_as_it_is(world):
    token = await judged(world, retry_limit=3)
    assert "No evidence record is kept" in await written(world, token)
    await world.begin(token)
    await world.service.leave(token)
    assert "Abandoned, never judged: the person left" in await written(world, token)


async def test_what_the_person_decided_and_how_they_left_is_told(world):
    token = (await world.issue(level=4, page=Page(no_light=True))).token
    restarted = await world.begin(token)
    await world.service.restart(*restarted, "page_hidden")
    _, attempt = await world.service.begin(token, light=False, unable=("blink",))
    await world.record((token, 2, attempt.challenge.nonce))
    await world.service.conclude(token, 2, Verdict("1005"))
    await world.service.end(token, "timed_out")
    text = await written(world, token)
    for told in (
        "without counting (page hidden)",
        "(flashing colours declined)",
        "<dt>Level</dt><dd>2 instead of 4 (downgraded)</dd>",
        "<dt>Declined by the person</dt><dd>flashing colours, blink</dd>",
        "<dt>Last visit</dt><dd>ended without a verdict: time ran out</dd>",
    ):
        assert told in text
    latest, first = summary(await world.service.dossier(token)).attempts
    assert (latest.level, latest.declined, latest.downgraded, latest.counts) == (2, ("light", "blink"), True, True)
    assert (first.level, first.declined, first.counts, first.given_up) == (4, (), False, "page_hidden")
    assert {source.name: source.worth for source in latest.entropy.sources} == {"gestures": 0.0, "timing": 0.0}


async def test_a_session_nobody_began_has_a_page(world):
    assert "No attempt was begun." in await written(world, (await world.issue()).token)


async def test_erased_and_unreadable_files_leave_the_rest(world):
    token = await judged(world, found=told())
    stored = await world.store.attempt(token, 1)
    await world.blobs.put(stored.record.key, b"{ not a record")
    await world.blobs.delete(stored.best_frame.key)
    text = await written(world, token)
    assert "No evidence record is kept" in text
    assert "<img" not in text


async def test_the_json_holds_all_but_the_pictures(world):
    token = await judged(world, found=told())
    found = msgspec.json.decode(msgspec.json.encode(summary(await world.service.dossier(token))))
    attempt = found["attempts"][0]
    assert (found["token"], attempt["code"], attempt["tags"]) == (token, "1005", ["09"])
    assert attempt["record"]["strip"] is None
    assert attempt["record"]["thresholds"]["light.correlates"] == 0.7
    worth = {source["name"]: round(source["worth"], 1) for source in attempt["entropy"]["sources"]}
    assert worth == {"colours": 7.2, "gestures": 2.6, "timing": 0.0}  # one gesture is drawn beside the blink
