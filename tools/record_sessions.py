"""Records calls of real sandbox sessions for the reference: every built action through the stock SDK, with the simulated subject.

    python -m tools.record_sessions

Starts a server of its own on a loopback port with an empty home, holds one passed and at least one failed session of each family, and
writes request and response of every call to docs/reference/recorded. Media are cut to their beginning, and tokens, addresses, ids and
times are replaced by fixed ones, so that recording again changes little. Needs the weights and the fonts of the schematic cards
(`openekyc simulate-cards --fetch`). `python tools/reference.py` then writes the pages.
"""

import base64
import json
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple
from uuid import NAMESPACE_URL, uuid5

import cv2
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException

from openekyc.capture.client import CaptureClient
from openekyc.engine.runtime import Models
from openekyc.settings import Settings
from openekyc.simulator.cards.writing import photographed
from openekyc.simulator.knobs import Kind, Knobs
from openekyc.simulator.portrait import Portrait
from openekyc.simulator.presenting import DocumentNotAccepted, Pictures, schematic
from openekyc.simulator.run import run_session
from openekyc.simulator.subject import load_portrait, subject
from tests.conftest import Server, clients

TARGET = Path(__file__).parents[1] / "docs" / "reference" / "recorded"
MODELS = Settings().models_folder
ADDRESS = "https://kyc.example"
LONG = 200  # characters from which a text is taken for media
SHOWN = 12  # characters of them that stay
TOKEN = re.compile(r"[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}")
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
UNKNOWN = "00000000-0000-0000-0000-000000000000"
LINK = re.compile(r"https?://[^/]+/media/[^\"]+")
PAGE = re.compile(r"http://127\.0\.0\.1:\d+")
MOMENT_MS = 1_767_225_600_000  # 2026-01-01, for every time

APPLY = {
    "liveness": "ApplyLivenessToken",
    "faceid": "GetFaceIdTokenIntl",
    "sdk": "ApplySdkVerificationToken",
    "web": "ApplyWebVerificationBizTokenIntl",
}
RESULT = {
    "liveness": "GetLivenessResult",
    "faceid": "GetFaceIdResultIntl",
    "sdk": "GetSdkVerificationResult",
    "web": "GetWebVerificationResultIntl",
}
TOKEN_NAME = {"liveness": "SdkToken", "faceid": "SdkToken", "sdk": "SdkToken", "web": "BizToken"}
FAMILIES = {action: family for table in (APPLY, RESULT) for family, action in table.items()}
"""Apply and result of one family show one token."""

TRIES = 6
ORDINARY = Knobs(seed=7)
BRIGHT = Knobs(seed=7, ambient=3.5)


class Recorder:
    """Calls through the stock SDK, each written to its file."""

    def __init__(self, client: Any, url: str) -> None:
        self._client, self.url = client, url

    def call(self, action: str, parameters: dict[str, Any], case: str, title: str) -> dict[str, Any]:
        """The answer's `Response`. `case` names the file beside the action, `title` says what happened."""
        response = self.answer(action, parameters)
        name = f"{action}.{case}"
        shown = {
            "action": action,
            "title": title,
            "request": steady(parameters, name),
            "response": steady(response, name) | {"RequestId": str(uuid5(NAMESPACE_URL, name))},
        }
        (TARGET / f"{name}.json").write_text(json.dumps(shown, indent=2, ensure_ascii=False) + "\n")
        print(f"{name}: {shown['response'].get('Result', shown['response'].get('ErrorCode', ''))}")
        return response

    def answer(self, action: str, parameters: dict[str, Any]) -> dict[str, Any]:
        """The same without a file."""
        try:
            answer: dict[str, Any] = self._client.call_json(action, parameters)["Response"]
        except TencentCloudSDKException as error:
            return {"Error": {"Code": error.code, "Message": error.message}, "RequestId": error.requestId}
        return answer


def steady(value: Any, name: str) -> Any:
    """The value with everything that differs from run to run replaced, and media cut."""
    if isinstance(value, dict):
        return {key: _member(key, inner, f"{name}.{key}") for key, inner in value.items()}
    if isinstance(value, list):
        return [steady(item, f"{name}.{index}") for index, item in enumerate(value)]
    return _text(value, name) if isinstance(value, str) else value


def _member(key: str, value: Any, name: str) -> Any:
    match key:
        case "MD5" if value:
            return uuid5(NAMESPACE_URL, name).hex
        case "Size" if value:
            return _rounded(value)
        case "Sim" | "Similarity":
            return float(round(value))
        case "ReqTimestamp":
            return MOMENT_MS
        case _:
            return steady(value, name)


def _text(value: str, name: str) -> str:
    if value == UNKNOWN:
        return value
    token = str(uuid5(NAMESPACE_URL, FAMILIES[name.partition(".")[0]])).upper()
    value = TOKEN.sub(token, UUID.sub(str(uuid5(NAMESPACE_URL, name)), value))
    value = PAGE.sub(ADDRESS, LINK.sub(f"{ADDRESS}/media/<signed name>", value))
    if len(value) > LONG and not value.startswith("{"):
        return f"{value[:SHOWN]}…({_rounded(len(value)):,} characters)"
    return value


def _rounded(size: int) -> int:
    """To two digits, so that recording again shows the same."""
    step = 10 ** max(0, len(str(size)) - 2)
    return round(size / step) * step


class Case(NamedTuple):
    """A session that fails: the name of its file, what happened, what was asked for, what is done, and the code it must end with."""

    name: str
    title: str
    parameters: dict[str, Any]
    act: Callable[[str], Any]
    code: str


class Stage:
    """The families' sessions, one after the other."""

    def __init__(self, recorder: Recorder, person: Portrait) -> None:
        self.recorder, self.person = recorder, person
        self.picture = base64.b64encode(cv2.imencode(".jpg", person.texture[:, :, :3])[1].tobytes()).decode()

    def apply(self, family: str, parameters: dict[str, Any], case: str, title: str) -> str:
        """A token."""
        answer = self.recorder.call(APPLY[family], parameters, f"{case}", title)
        return str(answer.get("SdkToken") or answer.get("BizToken"))

    def token(self, family: str, parameters: dict[str, Any]) -> str:
        """A token whose apply call is not recorded."""
        answer = self.recorder.answer(APPLY[family], parameters)
        return str(answer.get("SdkToken") or answer.get("BizToken"))

    def result(self, family: str, token: str, case: str, title: str) -> dict[str, Any]:
        """The result call."""
        return self.recorder.call(RESULT[family], {TOKEN_NAME[family]: token}, case, title)

    def answer(self, token: str, kind: Kind = "live", knobs: Knobs = ORDINARY, pictures: Pictures | None = None) -> str:
        """One attempt; how it ended for the person."""
        shown = pictures or schematic(MODELS)
        with CaptureClient(self.recorder.url, token) as client:
            return run_session(client, lambda: subject(kind, self.person, knobs), pictures=shown).state

    def family(self, family: str, parameters: dict[str, Any], failing: list[Case]) -> None:
        """A token issued, a session not begun, one passed, and the failing ones."""
        token = self.apply(family, parameters, "passed", "A token is issued")
        self.result(family, token, "unfinished", "The person has not begun")
        assert self.answer(token) == "pass"
        self.result(family, token, "passed", "The person passed")
        for case in failing:
            self.result(family, self.failed(family, case), case.name, case.title)

    def failed(self, family: str, case: Case) -> str:
        """The token of a session that ended as the case says. What is asked of the person is drawn, so the code may differ."""
        for _ in range(TRIES):
            token = self.token(family, case.parameters)
            case.act(token)
            found = self.recorder.answer(RESULT[family], {TOKEN_NAME[family]: token})
            if str(found.get("Result", found.get("ErrorCode"))) == case.code:
                return token
        raise AssertionError(f"{family} {case.name}: no session ended with {case.code}")


def refused_document(stage: Stage, token: str) -> None:
    """Another kind of document than the one asked for, photographed anew until the session ends."""
    takes = count(1)

    def again(plan: Any) -> Any:
        return photographed("MLIDPassport", MODELS, 1, next(takes))

    try:
        stage.answer(token, pictures=again)
    except DocumentNotAccepted:
        return
    raise AssertionError("the document was accepted")


def left(stage: Stage, token: str) -> None:
    """The person opens the page and leaves."""
    with CaptureClient(stage.recorder.url, token) as client:
        client.open()
        client.begin()
        client.end("left")


def record(stage: Stage) -> None:
    """Everything the reference shows."""
    compare = {"CheckMode": "compare", "SecureLevel": "4", "ActionList": "nod", "SdkVersion": "PRO", "RetryLimit": 3}
    face = compare | {"Image": stage.picture, "Extra": "order 7"}
    document = {"CheckMode": 1, "SecurityLevel": 1, "IdCardType": "HK", "Extra": "order 7"}
    config = {"CheckMode": 1, "IDCardType": "HKIDCard", "SecurityLevel": 1, "Language": "en"}
    page = {"RedirectURL": "https://shop.example/done?order=7", "Extra": "order 7", "Config": config}
    page_light = page | {"Config": {"CheckMode": 3, "SecurityLevel": 3, "Language": "en"}}

    printed, lit = "A printed photo was held before the camera", "There was too much light on the screen's colours"

    def photo(token: str) -> str:
        return stage.answer(token, "photo")

    def bright(token: str) -> str:
        return stage.answer(token, knobs=BRIGHT)

    level_4, level_3 = {"SecureLevel": "4"}, {"SecureLevel": "3"}
    light = document | {"SecurityLevel": 3}
    stage.family("liveness", level_4, [Case("failed", printed, level_4, photo, "1005"), Case("bright", lit, level_3, bright, "1201")])
    stage.family("faceid", face, [Case("failed", printed, face, photo, "1005")])
    refused = Case("document-refused", "A passport was shown in place of the card", document, partial(refused_document, stage), "2015")
    stage.family("sdk", document, [Case("failed", printed, light, photo, "1005"), refused])
    others = [Case("bright", lit, page_light, bright, "1202"), Case("left", "The person left", page_light, partial(left, stage), "1410")]
    stage.family("web", page, [Case("failed", printed, page_light, photo, "1005"), *others])
    wrong: dict[str, tuple[str, dict[str, Any]]] = {
        "ApplyLivenessToken": ("SecureLevel is not one of the four", {"SecureLevel": "5"}),
        "GetFaceIdTokenIntl": ("CheckMode compare without a picture", {"CheckMode": "compare"}),
        "ApplySdkVerificationToken": ("SecurityLevel is a string where an integer is asked for", {"SecurityLevel": "4"}),
        "ApplyWebVerificationBizTokenIntl": ("RedirectURL is missing", {"Extra": "order 7"}),
        "GetLivenessResult": ("The token is unknown", {"SdkToken": UNKNOWN}),
        "GetFaceIdResultIntl": ("The token is unknown", {"SdkToken": UNKNOWN}),
        "GetSdkVerificationResult": ("The token is unknown", {"SdkToken": UNKNOWN}),
        "GetWebVerificationResultIntl": ("The token is unknown", {"BizToken": UNKNOWN}),
    }
    for action, (title, parameters) in wrong.items():
        stage.recorder.call(action, parameters, "refused", title)


@contextmanager
def running() -> Iterator[Recorder]:
    """A server of its own with a sandbox account."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder) / "home")
        try:
            yield Recorder(clients(server.url)(server.create_key("reference", sandbox=True)), server.url)
        finally:
            server.stop()


def main() -> int:
    """Record everything anew."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with running() as recorder:
        for old in TARGET.glob("*.json"):
            old.unlink()
        record(Stage(recorder, load_portrait(Models(MODELS), Knobs())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
