"""The served document and the implementation are one: every route, every status and every answer of a walk through all operations."""

import json
import re

import msgspec
import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from starlette.routing import Mount

from openekyc.capture import openapi
from openekyc.capture.operations import OPERATIONS, PREFIX
from openekyc.capture.problems import REMEDIES
from openekyc.capture.routes import routes
from openekyc.engine.documents.values import Card, Field
from openekyc.engine.values import Verdict
from openekyc.sessions.model import CardTerms
from tests.session_world import KEY, REFUSED, VIDEO, sha

TRACE = {"sequence": 0, "steps": [{"index": 0, "begin_ms": 1, "end_ms": 2}]}
UNSUPPORTED = b"OggS" + bytes(100)
END = {"size": len(VIDEO), "sha256": sha(VIDEO), "frames": 3}


@pytest.fixture
async def document(http):
    return (await http.get("/openapi.json")).json()


class Walk:
    """Calls operations by name and holds every answer against the document."""

    def __init__(self, http, document, token):
        self.http, self.document, self.headers = http, document, {"Authorization": f"Bearer {token}"}
        self.seen = set()
        self.number = 1

    async def __call__(self, name, **request):
        path, method, described = operation(self.document, name)
        url = path.removeprefix(PREFIX).format(attempt=self.number, side=request.pop("side", "front"))
        headers = self.headers | request.pop("headers", {})
        answer = await self.http.request(method, url, headers=headers, **request)
        self.check(name, described, answer)
        return answer

    def check(self, name, described, answer):
        status = str(answer.status_code)
        assert status in described["responses"], f"{name} answered {status}: {answer.text}"
        self.seen.add((name, answer.status_code))
        if answer.status_code == 204:
            assert (answer.content, described["responses"][status]) == (b"", {"description": "Done."})
            return
        (kind, content), *_ = described["responses"][status]["content"].items()
        assert answer.headers["content-type"].split(";")[0] == kind
        if kind.endswith("json"):
            schema = content["schema"] | {"components": self.document["components"]}
            Draft202012Validator(schema).validate(answer.json())


def operation(document, name):
    return next(
        (path, method.upper(), described)
        for path, methods in document["paths"].items()
        for method, described in methods.items()
        if described["operationId"] == name
    )


async def test_the_document_is_valid_openapi(document):
    validate(document)


async def test_every_reference_leads_to_a_message(document):
    """The validator follows only those it meets on its way."""
    named = set(re.findall(r'"\$ref": "#/components/schemas/([^"]+)"', json.dumps(document)))
    assert named == set(document["components"]["schemas"])
    assert all(re.fullmatch(r"[A-Za-z]+", name) for name in named)


async def test_every_schema_is_json_schema(document):
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


async def test_events_are_described_as_events(document):
    described = operation(document, "stream")[2]["responses"]["200"]["content"]["text/event-stream"]
    assert "schema" not in described  # a string it is not
    fields = dict(line.split(": ", 1) for line in described["example"].strip().splitlines())
    assert fields["event"] == described["x-itemSchema"]["properties"]["event"]["const"]
    schema = described["x-itemSchema"]["properties"]["data"]["contentSchema"] | {"components": document["components"]}
    Draft202012Validator(schema).validate(json.loads(fields["data"]))


def test_messages_of_one_name_are_noticed():
    ping = msgspec.structs.replace(next(op for op in OPERATIONS if op.name == "ping"), body=Ping)
    with pytest.raises(ValueError, match="name of its own"):
        openapi.document([*(op for op in OPERATIONS if op.name != "ping"), ping])


class Ping(msgspec.Struct):
    """As the trace has one too."""

    sent_ms: float


async def test_every_route_is_in_the_document_and_nothing_else(world, document):
    (mount,) = routes(world.service, world.keys, world.clock, world.settings)
    assert isinstance(mount, Mount)
    served = {(PREFIX + route.path, method.lower()) for route in mount.routes for method in route.methods - {"HEAD"}}
    assert served == {(path, method) for path, methods in document["paths"].items() for method in methods}


def test_every_refusal_has_a_remedy():
    assert {refusal.problem for op in OPERATIONS for refusal in op.refusals} <= set(REMEDIES)


async def test_every_operation_answers_as_documented(world, http, document):
    token = (await world.issue(level=4)).token
    walk = Walk(http, document, token)
    await walk("document")
    await walk("open", json={})
    await walk("consent", json=AGREED)
    await walk("consent", json=AGREED | {"text": ""})
    await walk("consent", content=b" " * 70_000)
    walk.headers["X-Attempt-Nonce"] = (await walk("begin")).json()["nonce"]
    await walk("ping", json={"sent_ms": 1})
    await walk("light")
    await walk("put_slice", params={"offset": 0}, content=VIDEO, headers={"X-Slice-SHA256": sha(VIDEO)})
    await walk("received")
    await walk("trace", json=TRACE)
    await refusals_of_a_live_attempt(walk)
    await walk("finish", json=END)
    await world.service.conclude(token, 1, REFUSED)
    await walk("stream")
    await walk("outcome")
    await refusals_of_a_closed_attempt(walk)
    walk.headers["X-Attempt-Nonce"] = (await walk("begin")).json()["nonce"]
    walk.number = 2
    await walk("leave")
    walk.headers["X-Attempt-Nonce"] = (await walk("begin", json={"unable": ["blink"]})).json()["nonce"]
    walk.number = 3
    await walk("restart", json={"reason": "orientation"})
    walk.headers["X-Attempt-Nonce"] = (await walk("begin")).json()["nonce"]
    walk.number = 4
    world.clock.now += 1  # so that they are not too many in a second
    unsupported = await walk("put_slice", params={"offset": 0}, content=UNSUPPORTED, headers={"X-Slice-SHA256": sha(UNSUPPORTED)})
    assert (unsupported.status_code, unsupported.json()["problem"]) == (415, "recording_unsupported")
    await walk("begin", json={"light": False})
    await walk("end", json={"why": "left"})
    handoff = (await walk("handoff")).json()["handoff_code"]
    for body in ({"handoff_code": handoff}, {"handoff_code": handoff}, {}, {"handoff_code": "x" * 70_000}):
        await walk("take_over", json=body)
    await refusals_of_strangers(walk, world)
    paths = document["paths"].values()
    documented = {(op["operationId"], int(status)) for methods in paths for op in methods.values() for status in op["responses"]}
    documented = {pair for pair in documented if pair[0] not in OF_DOCUMENTS}
    assert documented - walk.seen - ELSEWHERE == {pair for pair in documented if pair[1] in (408, 429, 500, 503)}


OF_DOCUMENTS = {"put_picture", "picture", "confirm"}
JPEG = b"\xff\xd8\xff a picture"
CARD = Card("HK", fields=(Field("FullName", "LEE, Chi Nan"),), portrait=JPEG)


async def test_every_operation_on_documents_answers_as_documented(world, http, document):
    session = await world.issue(card=CardTerms("HK", allow_expired=False))
    walk = Walk(http, document, session.token)
    await walk("open", json={})
    await walk("begin")
    await walk("confirm")
    await walk("picture", params={"wait": 0})
    await walk("picture", params={"wait": "soon"})
    await walk("picture", side="back")
    for data in (b"", b"GIF89a", JPEG + bytes(8 * 1024 * 1024)):
        await walk("put_picture", content=data)
    await walk("put_picture", content=JPEG, side="back")
    await walk("put_picture", content=JPEG, headers={"X-Slice-SHA256": "0"})
    for _ in range(2):
        await walk("put_picture", content=JPEG, headers={"X-Slice-SHA256": sha(JPEG)})
    await walk("put_picture", content=JPEG + b"other")
    await world.service.conclude_reading(session.token, 1, CARD)
    await walk("picture")
    for body in ({"edits": {"Nonsense": "x"}}, {"edits": 5}, {"edits": {"FullName": "x" * 70_000}}):
        await walk("confirm", json=body)
    await walk("confirm", json={"edits": {"FullName": "LEE, Chi Nam"}})
    await walk("confirm", json={"edits": {"FullName": "LEE, Chi Nan"}})
    await without_document(walk, (await world.issue(level=1)).token)
    late = await world.issue(card=CardTerms("HK"))
    walk.headers = {"Authorization": f"Bearer {late.token}"}
    await walk("put_picture", content=JPEG)
    await world.service.conclude_reading(late.token, 1, CARD)
    world.clock.now += 10_000
    await walk("put_picture", content=JPEG + b"late")
    await walk("confirm")
    for token in ("", "Bearer nobody"):
        walk.headers = {"Authorization": token}
        for name in OF_DOCUMENTS:
            await walk(name)
    paths = document["paths"].values()
    documented = {(op["operationId"], int(status)) for methods in paths for op in methods.values() for status in op["responses"]}
    documented = {pair for pair in documented if pair[0] in OF_DOCUMENTS}
    ended = {("picture", 410)}  # of a disabled key, walked above
    assert documented - walk.seen - ended == {pair for pair in documented if pair[1] in (408, 429, 500, 503)}


async def without_document(walk, token):
    """A session that asks for none."""
    walk.headers = {"Authorization": f"Bearer {token}"}
    for name in OF_DOCUMENTS:
        await walk(name, **({"content": JPEG} if name == "put_picture" else {}))


# Ended sessions are walked below; slow bodies, contention and failing ports have their own tests.
ELSEWHERE = {("open", 409), ("consent", 409)}


async def refusals_of_a_live_attempt(walk):
    stranger, large = {"headers": {"X-Attempt-Nonce": "other"}}, b" " * 1_000_001
    for name in ("light", "received"):
        await walk(name, **stranger)
    await walk("put_slice", params={"offset": 0}, headers={"X-Slice-SHA256": sha(b"two"), "X-Attempt-Nonce": "other"})
    await walk("put_slice", params={"offset": "x"}, headers={"X-Slice-SHA256": sha(b"two")})
    await walk("put_slice", params={"offset": 0}, content=b"two", headers={"X-Slice-SHA256": sha(b"two")})
    await walk("put_slice", params={"offset": 0}, content=large * 11, headers={"X-Slice-SHA256": sha(b"")})
    await walk("trace", json=TRACE, **stranger)
    await walk("trace", json=TRACE | {"sequence": 9})
    await walk("trace", content=large)
    await walk("finish", json=END, **stranger)
    await walk("finish", json=END | {"size": 1})
    await walk("finish", json={})
    await walk("finish", content=large)
    await walk("begin")
    await walk("restart", json={"reason": "camera"}, **stranger)
    for name in ("open", "ping", "begin", "restart", "end"):
        await walk(name, content=b"{")
        await walk(name, content=large)


async def refusals_of_a_closed_attempt(walk):
    await walk("put_slice", params={"offset": 0}, content=b"two", headers={"X-Slice-SHA256": sha(b"two")})
    for name in ("light", "received"):
        await walk(name)
    await walk("trace", json=TRACE | {"sequence": 1})
    await walk("finish", json=END | {"sha256": sha(b"")})
    await walk("restart", json={"reason": "camera"})


async def refusals_of_strangers(walk, world):
    nonce = walk.headers.pop("X-Attempt-Nonce")
    for name in ("light", "received", "trace", "finish", "put_slice", "restart"):
        await walk(name)  # the nonce is missing
    walk.headers["X-Attempt-Nonce"] = nonce
    for header, names in (("Bearer 00000000-0000-0000-0000-000000000000", ALL), ("", ALL)):
        walk.headers["Authorization"] = header
        for number, name in enumerate(names):
            world.clock.now += 60 * (number % 8 == 0)  # unknown tokens are counted
            await walk(name, params={"offset": 0}, json=BODIES.get(name, END), headers={"X-Slice-SHA256": sha(b"")})
    await world.keys.add(KEY)
    walk.headers["Authorization"] = f"Bearer {(await world.issue()).token}"
    await world.keys.disable(KEY.secret_id)
    for name in ALL:
        assert (await walk(name, headers={"X-Slice-SHA256": sha(b"")})).status_code == 410


AGREED = {"language": "en", "text": "I agree."}
BODIES = {"trace": TRACE, "consent": AGREED, "restart": {"reason": "camera"}, "end": {"why": "left"}}
ALL = [op.name for op in OPERATIONS if not op.open]


@pytest.mark.parametrize(("verdicts", "seconds", "status"), [([Verdict("0")], 0, 409), ([REFUSED] * 5, 0, 409), ([], 600, 410)])
async def test_ended_sessions_refuse_as_documented(world, http, document, verdicts, seconds, status):
    token = (await world.issue()).token
    for verdict in verdicts:
        await world.judged(token, verdict)
    world.clock.now += seconds
    walk = Walk(http, document, token)
    assert [(await walk(name, json=BODIES.get(name, {}))).status_code for name in ("open", "consent", "begin")] == [status] * 3


async def test_no_answer_has_a_field_that_tells_how_it_was_judged(document):
    answers = {name: schema for name, schema in document["components"]["schemas"].items() if name != "Restart"}  # only ever sent
    fields = {name for schema in answers.values() for name in schema.get("properties", {})}
    assert not fields & {"verdict", "code", "similarity", "score", "cues", "tags", "reason", "numbers"}
