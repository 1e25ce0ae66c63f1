"""What is fuzzed: for each target some seeds, the words its input is made of, and what is done with an input.

A target may raise nothing: whatever comes out of it is a crash. What the code under test answers with its own refusals is no crash,
except a fault it did not foresee (500, InternalError).
"""

import asyncio
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, get_args

import httpx
import msgspec

from openekyc.api.registry import discover
from openekyc.capture.bodies import decode
from openekyc.capture.messages import TraceBatch
from openekyc.capture.operations import OPERATIONS
from openekyc.capture.problems import CaptureError
from openekyc.containers import examine, look
from openekyc.engine.documents import mrz
from openekyc.engine.documents.kinds import KINDS
from openekyc.engine.documents.values import KindName, Line, Page
from openekyc.engine.liveness import align, gestures
from openekyc.engine.values import Challenge, Colour, GestureStep, HoldStep, LightStep, Trace
from openekyc.errors import OpenEkycError, SessionError
from openekyc.sessions import trace as traces
from openekyc.settings import Settings
from openekyc.wire.picture import picture_size
from tests.session_world import World
from tests.unit.api.caller import Api
from tests.unit.capture.conftest import client_of
from tests.unit.engine.liveness.tracks import acted
from tests.unit.wire.signer import Tc3

Run = Callable[[bytes], None]


class Fault(AssertionError):
    """An answer that says the server met a fault."""


@dataclass(frozen=True)
class Target:
    """`make` builds what runs once in a process, since some targets keep a server in memory."""

    about: str
    seeds: tuple[bytes, ...]
    words: tuple[str, ...]
    make: Callable[[], Run]


def _names() -> list[str]:
    return [action.name for action in discover()]


# --- signed calls and their parameters -------------------------------------------------------------------------------------


def _calls() -> Run:
    """Signed calls that get past authorization: the first byte chooses the action, the rest is the body."""
    loop, names = asyncio.new_event_loop(), _names()
    state = {"api": Api(), "calls": 0}
    loop.run_until_complete(state["api"].add_key())

    def run(data: bytes) -> None:
        state["calls"] += 1
        if state["calls"] % 2000 == 0:  # its stores are in memory and only grow
            state["api"] = Api()
            loop.run_until_complete(state["api"].add_key())
        api, name = state["api"], names[data[0] % len(names)] if data else names[0]
        api.clock.now += 2
        request = Tc3(name, data[1:], timestamp=int(api.clock.now)).request()
        answer = loop.run_until_complete(api.send(request))
        if answer.status != 200 or answer.code.startswith("InternalError"):
            raise Fault(f"{name}: {answer.status} {answer.code}")

    return run


def _parameters() -> Run:
    """Every action's description, given JSON and given text."""
    described = [action.description for action in discover()]

    def run(data: bytes) -> None:
        if not data:
            return
        try:
            given = json.loads(data[1:])
        except (ValueError, RecursionError):
            return
        if not isinstance(given, dict):
            return
        for as_text in (False, True):
            try:
                described[data[0] % len(described)].read(given, as_text=as_text)
            except OpenEkycError:
                continue

    return run


# --- the capture side ------------------------------------------------------------------------------------------------------


def _capture() -> Run:
    """Requests to every operation with a good token: byte 0 chooses the operation, byte 1 the attempt, the rest is the body."""
    loop = asyncio.new_event_loop()
    state: dict[str, Any] = {"calls": 0}
    operations = [one for one in OPERATIONS if one.answer != "stream"]

    async def fresh() -> None:
        world = World()
        session = await world.issue(retry_limit=5)
        _, number, nonce = await world.begin(session.token)
        state.update(world=world, token=session.token, number=number, nonce=nonce, client=client_of(world))

    async def one(data: bytes) -> httpx.Response:
        operation = operations[data[0] % len(operations)]
        number = state["number"] if data[1] < 200 else data[1]
        path = operation.path.replace("{attempt}", str(number)).replace("{side}", "front" if data[1] % 2 else "back")
        headers = {"authorization": f"Bearer {state['token']}", "x-attempt-nonce": state["nonce"], "x-slice-sha256": "0" * 64}
        world: World = state["world"]
        world.clock.now += 0.1  # the limit on requests is not what is tried here
        found: httpx.Response = await state["client"].request(
            operation.method, path, params={"offset": "0", "wait": "0"}, content=data[2:], headers=headers
        )
        return found

    def run(data: bytes) -> None:
        if state["calls"] % 50 == 0:  # what ends a session must not end the search
            loop.run_until_complete(fresh())
        state["calls"] += 1
        if len(data) < 2:
            return
        answer = loop.run_until_complete(one(data))
        if answer.status_code >= 500 and answer.status_code != 503:
            raise Fault(f"{answer.request.method} {answer.request.url.path}: {answer.status_code} {answer.text[:200]}")

    return run


CHALLENGE = Challenge(
    "n",
    (
        HoldStep(1000),
        GestureStep("blink", 2, 600, 4000),
        GestureStep("nod", 1, 600, 4000),
        LightStep((Colour(255, 64, 64, 300), Colour(64, 255, 64, 300))),
        HoldStep(1000),
    ),
)
FRAMES = [{"now_ms": 1000.0 + 33 * place, "rgb": [90.0 + place % 7, 80.0, 70.0]} for place in range(12)]
TRACE = {
    "sequence": 0,
    "frames": FRAMES,
    "steps": [
        {"index": place, "begin_ms": 1000.0 + 900 * place, "end_ms": 1800.0 + 900 * place, "prompt_ms": 1500.0} for place in range(5)
    ],
    "colours": [{"index": place, "set_ms": 4000.0 + 300 * place, "painted_ms": 4010.0 + 300 * place} for place in range(2)],
    "pings": [{"sent_ms": 1.0, "server_ms": 1.7e12, "received_ms": 20.0}],
    "recorder_started_ms": 990.0,
}


def _trace() -> Run:
    """A batch as the protocol takes it, and what the engine makes of its times."""
    seen = acted(seconds=4.0, fps=15.0, yaw=lambda time: 20.0 * (time % 1 > 0.5))

    def run(data: bytes) -> None:
        try:
            batch = decode(data, TraceBatch)
            kept = traces.encode(Trace(batch.frames, batch.steps, batch.colours, batch.pings, batch.recorder_started_ms))
        except (CaptureError, SessionError):
            return
        whole = traces.join([kept])
        aligned = align.align(seen, whole)
        align.judge(seen, CHALLENGE, whole, aligned)
        gestures.judge(seen, CHALLENGE, whole, aligned)

    return run


# --- documents -------------------------------------------------------------------------------------------------------------

ZONES = (
    ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"),
    ("I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"),
    ("I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6"),
)


def _zone() -> Run:
    """Rows as the recogniser may return them, one a line: it knows no signs but those of a zone."""

    def run(data: bytes) -> None:
        zone = mrz.parse(_rows(data[:400]))
        if zone is not None:
            mrz.plausible(zone)
            mrz.failing(zone)
            mrz.held(zone)
            mrz.names(mrz.name_row(zone))

    return run


def _rows(data: bytes) -> list[str]:
    text = "".join(sign if sign in mrz.SYMBOLS or sign == "\n" else mrz.SYMBOLS[ord(sign) % 37] for sign in data.decode("latin-1"))
    return text.splitlines()[:4]


def _documents() -> Run:
    """Lines of print at places, for every kind: byte 0 chooses the kind, then lines `x y height text`."""
    kinds = sorted(get_args(KindName))

    def run(data: bytes) -> None:
        if not data:
            return
        kind = KINDS[kinds[data[0] % len(kinds)]]
        lines = tuple(_line(text) for text in data[1:1200].decode("utf-8", "replace").splitlines()[:16])
        zone = mrz.parse(_rows(data[-140:]))
        fields = kind.parse({side: Page(side, lines, zone) for side in ("front", "back")})
        values = {field.name: field.value for field in fields}
        if not set(kind.check(values, zone)) <= {-8101, -8102}:
            raise Fault("a warning that no document check gives")
        kind.hints(values)

    return run


def _line(text: str) -> Line:
    """The first three characters place it."""
    x, y, height = (ord(character) % 256 for character in (text + "\0\0\0")[:3])
    shown = text[3:]
    return Line(shown, 0.9, (x * 4.0, y * 2.5, 12.0 * len(shown) + 1, 10.0 + height % 60))


def _document_seeds() -> tuple[bytes, ...]:
    from openekyc.simulator.cards.catalogue import sketch

    seeds = []
    for place, kind in enumerate(sorted(get_args(KindName))):
        for plate in sketch(kind, 0, 1).sides.values():
            rows = (f"{chr(int(one.x / 4) % 128)}{chr(int(one.y / 2.5) % 128)}{chr(20)}{one.text}" for one in plate.texts)
            seeds.append(bytes([place]) + "\n".join(row.replace("\n", " ") for row in rows).encode())
    return tuple(seeds)


# --- media -----------------------------------------------------------------------------------------------------------------


def _media() -> Run:
    """A recording's headers, whole and as they come; and a picture's size."""

    def run(data: bytes) -> None:
        examine(data)
        for end in (len(data) // 2, len(data)):
            _come(data, end)
        picture_size(data)

    return run


def _come(data: bytes, end: int) -> None:
    looking = look(end)
    try:
        start, length = next(looking)
        for _ in range(200_000):
            start, length = looking.send(data[start : min(start + length, end)])
    except StopIteration:
        return
    raise Fault("a reader of headers does not end")


def _media_seeds() -> tuple[bytes, ...]:
    from tests.recordings import encode, grey_ramp

    made = [("matroska", "libvpx"), ("webm", "libvpx"), ("mp4", "libx264"), ("mov", "libx264"), ("avi", "mpeg4"), ("flv", "libx264")]
    films = [encode(grey_ramp(3, 32, 32), container, codec) for container, codec in made]
    pictures = [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x09\x08\x02",
        b"\xff\xd8\xff\xc0\0\x11\x08\0\x10\0\x20\x03",
        b"BM" + bytes(40),
    ]
    return (*films, *pictures, b"RIFF\x10\0\0\0WEBPVP8X" + bytes(20))


VALUES = ("1", "4", "", "HK", "blink,mouth", "https://a.example/", "iVBORw0KGgo=", "0" * 8 + "-0000-0000-0000-" + "0" * 12, 1, True, [], {})


def _call_seeds() -> tuple[bytes, ...]:
    """Each parameter of each action with values of several kinds, beside what the action requires."""
    seeds = []
    for place, action in enumerate(discover()):
        required = {one.name: VALUES[place % 4] for one in action.description.parameters if one.required}
        bodies = [required, *(required | {one.name: value} for one in action.description.parameters for value in VALUES)]
        seeds += [bytes([place]) + json.dumps(body).encode() for body in bodies]
    config = {"Config": {"SecureLevel": "3", "ActionList": "blink,mouth", "AutoDowngrade": 1}, "RedirectUrl": "https://a.example/"}
    return (*seeds, *(bytes([place]) + json.dumps(config).encode() for place in range(len(_names()))))


def _call_words() -> tuple[str, ...]:
    names: set[str] = set()
    for action in discover():
        names |= {parameter.name for parameter in action.description.parameters}
    return tuple(sorted(names))


def _capture_seeds() -> tuple[bytes, ...]:
    bodies = (
        b"",
        b"{}",
        json.dumps(TRACE).encode(),
        b'{"light":true,"unable":["blink"],"waited_ms":1}',
        b'{"why":"left"}',
        b'{"reason":"camera"}',
    )
    return tuple(bytes([place, 1]) + body for place in range(len(OPERATIONS)) for body in bodies)


def _struct_words(*kinds: type[msgspec.Struct]) -> tuple[str, ...]:
    return tuple(name for kind in kinds for name in kind.__struct_encode_fields__)


def _lines(rows: Iterable[str]) -> bytes:
    return "\n".join(rows).encode()


SETTINGS = Settings()
TARGETS: dict[str, Target] = {
    "calls": Target("signed calls past authorization", _call_seeds(), _call_words(), _calls),
    "parameters": Target("every action's parameters", _call_seeds(), _call_words(), _parameters),
    "capture": Target("the capture protocol with a good token", _capture_seeds(), _struct_words(TraceBatch), _capture),
    "trace": Target("trace batches, and the engine's use of their times", (json.dumps(TRACE).encode(),), _struct_words(TraceBatch), _trace),
    "zone": Target("rows of a machine-readable zone", tuple(map(_lines, ZONES)), ("<<", "P<", "I<", "UTO", "V<"), _zone),
    "documents": Target("print on every kind of document", _document_seeds(), (), _documents),
    "media": Target("headers of recordings and pictures", _media_seeds(), ("moov", "trak", "ftyp", "moof", "stsd"), _media),
}
