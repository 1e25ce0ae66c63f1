"""Documents on the hosted page: a camera that sees a schematic card. Two journeys go through the real engine, the others through answers
made up here, because they are about what the page does with them."""

import base64
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from playwright.sync_api import Page, Route
from tencentcloud.faceid.v20180301 import models

from openekyc.engine.documents.values import KindName
from openekyc.settings import Settings
from openekyc.simulator.cards.catalogue import sketch
from openekyc.simulator.cards.drawing import draw
from openekyc.simulator.cards.writing import head, missing_font, packaged
from tests.browser.conftest import PageFor, wait_state
from tests.conftest import Running

MODELS = Settings().models_folder
TABLE = Path(__file__).with_name("card.js")
ENDS = ("passed", "failed", "retry", "trouble", "expired", "camera_help", "unsupported", "timed_out")
SHOTS = ("document_wait", "document_review", "document_intro")

pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.skipif(
        missing_font(MODELS, "HK") is not None and not os.environ.get("CI"), reason="the fonts of the schematic cards are not fetched"
    ),
]

Answer = dict[str, Any]
Issue = Callable[..., str]


def card(kind: KindName) -> str:
    """The front of a schematic card of the simulated subject, as a data URL."""
    front = draw(sketch(kind, 0, 1), MODELS, head(packaged(MODELS)))["front"]
    return url(cv2.imencode(".jpg", front, [cv2.IMWRITE_JPEG_QUALITY, 92])[1].tobytes())


def url(jpeg: bytes) -> str:
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}"


def lay(page: Page, picture: str | None, **wishes: Any) -> None:
    """What the page's other camera sees from the beginning."""
    page.add_init_script(f"{TABLE.read_text()}\ninstallTable({json.dumps(picture)}, {json.dumps(wishes)});")


@pytest.fixture
def sdk(server: Running, client_for: Callable[..., Any]) -> Any:
    return client_for(server.sandbox_key)


@pytest.fixture
def issue(sdk: Any) -> Issue:
    """`issue(**fields)`: the token of a session with document, liveness and comparison."""

    def build(**fields: Any) -> str:
        request = models.ApplySdkVerificationTokenRequest()
        for name, value in {"CheckMode": 1, "SecurityLevel": 1, "IdCardType": "HK", **fields}.items():
            setattr(request, name, value)
        return str(sdk.ApplySdkVerificationToken(request).SdkToken)

    return build


def begin(page: Page, server: Running, token: str, name: str = "Agree and continue") -> None:
    page.goto(f"{server.url}/verify#token={token}")
    wait_state(page, "intro")
    page.get_by_role("button", name=name).click()


def photograph(page: Page) -> None:
    """From the side's introduction to where its photo leads."""
    wait_state(page, "document_intro")
    page.get_by_role("button", name="Open the camera").click()
    wait_state(page, "document_frame")


def test_mode_1_through_the_page(server: Running, page_for: PageFor, sdk: Any, issue: Issue) -> None:
    token = issue()
    page = page_for()
    lay(page, card("HK"))
    begin(page, server, token)
    wait_state(page, "document_intro")
    assert page.get_by_role("heading", name="Hong Kong identity card").is_visible()
    photograph(page)
    wait_state(page, *SHOTS, timeout_s=90)
    wait_state(page, "document_review", *ENDS, timeout_s=120)
    assert page.evaluate("window.table.stopped === window.table.opened")
    read = page.get_by_label("Full name").input_value()
    page.get_by_label("Full name").fill("LEE, Chi Nan Corrected")
    page.get_by_role("button", name="Yes, continue").click()
    end = wait_state(page, *ENDS, timeout_s=150)
    request = models.GetSdkVerificationResultRequest()
    request.SdkToken = token
    told = sdk.GetSdkVerificationResult(request)
    assert (end, told.Result) == ("passed", "0"), told
    verified = told.CardVerifyResults[-1]
    assert (verified.IsPass, verified.IsEdit) == (True, True)
    edit = json.loads(verified.EditDetails) if isinstance(verified.EditDetails, str) else verified.EditDetails
    assert read
    assert read in str(edit)
    assert "Corrected" in str(edit)
    assert told.CompareResults[-1].Sim > 70


def test_mode_4_ends_with_the_document_and_names_a_wrong_one(
    server: Running, page_for: PageFor, sdk: Any, client_for: Callable[..., Any]
) -> None:
    answer = client_for(server.sandbox_key).call_json(
        "ApplyWebVerificationBizTokenIntl",
        {"RedirectURL": "https://shop.example/", "Config": {"CheckMode": 4, "IDCardType": "HKIDCard"}},
    )["Response"]
    token = str(answer["BizToken"])
    page = page_for()
    lay(page, card("ML"))
    begin(page, server, token)
    assert not page.get_by_text("Flashing colours").is_visible()
    photograph(page)
    page.get_by_text("This is another document. Needed: Hong Kong identity card.").first.wait_for(timeout=120_000)
    page.evaluate("picture => window.table.show(picture)", card("HK"))
    page.get_by_role("button", name="Photograph it again").click()
    wait_state(page, "document_review", *ENDS, timeout_s=150)
    assert page.get_by_label("Full name").count() == 0  # shown, not to be corrected
    page.get_by_role("button", name="Yes, continue").click()
    assert wait_state(page, *ENDS) == "passed"
    result = client_for(server.sandbox_key).call_json("GetWebVerificationResultIntl", {"BizToken": token})["Response"]
    assert result["ErrorCode"] == 0, result
    assert result["OCRResult"]


# --- with made-up answers ------------------------------------------------------------------------------------------------

NONE: Answer = {"state": "none", "hints": [], "retakes_left": 2, "fields": []}
ACCEPTED: Answer = {**NONE, "state": "accepted"}


class Reader:
    """Answers in the place of the server's documents. `answers`: by side, one for each photo."""

    def __init__(self, page: Page, plan: Mapping[str, Any], answers: Mapping[str, list[Answer]]) -> None:
        self.photos: list[tuple[str, bytes]] = []
        self.edits: list[Answer] = []
        self.plan: Answer = {**plan, "done_sides": [], "confirmed": False, "retakes_left": 2}
        self._answers = {side: list(left) for side, left in answers.items()}
        self._now: dict[str, Answer] = {}
        page.route("**/capture/v1/session", self._open)
        page.route("**/capture/v1/documents/**", self._document)

    def _open(self, route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, json={**response.json(), "document": self.plan})

    def _document(self, route: Route) -> None:
        name = route.request.url.split("/documents/")[1].split("?")[0]
        if name == "confirm":
            self.edits.append(route.request.post_data_json["edits"])
            self.plan["confirmed"] = True
            opened = route.request.frame.evaluate("document.querySelector('openekyc-capture').view.opened")
            return route.fulfill(json={**opened, "document": self.plan})
        if route.request.method == "PUT":
            self.photos.append((name, route.request.post_data_buffer or b""))
            self._now[name] = self._answers[name].pop(0)
            if self._now[name]["state"] == "accepted":
                self.plan["done_sides"] = [*self.plan["done_sides"], name]
            return route.fulfill(status=202, json={**NONE, "state": "reading"})
        return route.fulfill(json=self._now.get(name, NONE))


PLAN: Answer = {
    "kind": "SingaporeIDCard",
    "title": "Singapore identity card",
    "sides": ["front", "back"],
    "shutter": "auto",
    "auto_timeout_ms": 20_000,
    "upload": False,
    "review": True,
    "editable": True,
    "fields": ["FullName"],
}
FIELDS = [{"name": name, "value": value, "editable": True} for name, value in (("FullName", "TAN"), ("EnName", "TAN"), ("Sex", ""))]


def test_both_sides_then_the_review_sends_only_what_was_corrected(server: Running, page_for: PageFor, issue: Issue) -> None:
    page = page_for()
    lay(page, card("HK"))
    reader = Reader(page, PLAN, {"front": [ACCEPTED], "back": [{**ACCEPTED, "fields": FIELDS}]})
    begin(page, server, issue(IdCardType="SingaporeIDCard"))
    photograph(page)
    page.get_by_role("heading", name="Singapore identity card · back").wait_for(timeout=60_000)
    photograph(page)
    wait_state(page, "document_review", *ENDS)
    assert page.locator("openekyc-capture input").count() == 2  # the name once, and the sex
    assert page.get_by_role("img", name="Your photo").count() == 2
    page.get_by_label("Full name").fill("TAN Ah Kow")
    page.get_by_role("button", name="Yes, continue").click()
    wait_state(page, "position", "starting", "hold", *ENDS)
    assert [side for side, _ in reader.photos] == ["front", "back"]
    assert reader.edits == [{"FullName": "TAN Ah Kow", "EnName": "TAN Ah Kow"}]
    picture = cv2.imdecode(np.frombuffer(reader.photos[0][1], np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    assert max(picture.shape) <= 1600
    assert picture.shape[1] / picture.shape[0] == pytest.approx(1.5, abs=0.1)  # the guide with its margin, not the table


def test_without_a_document_nothing_is_photographed_and_one_may_leave(server: Running, page_for: PageFor, issue: Issue) -> None:
    page = page_for()
    lay(page, None)
    reader = Reader(page, {**PLAN, "sides": ["front"]}, {"front": []})
    begin(page, server, issue())
    photograph(page)
    page.get_by_text("Fit the document into the frame").first.wait_for()
    assert page.get_by_role("button", name="Take the photo").count() == 0
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Leave", exact=True).click()
    assert wait_state(page, "left") == "left"
    assert not reader.photos
    assert page.evaluate("window.table.stopped === window.table.opened")


def test_the_button_comes_when_the_automatic_shutter_takes_too_long(server: Running, page_for: PageFor, issue: Issue) -> None:
    page = page_for()
    lay(page, None)
    reader = Reader(page, {**PLAN, "sides": ["front"], "shutter": "auto_manual", "auto_timeout_ms": 1000}, {"front": [ACCEPTED]})
    begin(page, server, issue())
    photograph(page)
    page.get_by_role("button", name="Take the photo").click()
    wait_state(page, "document_review")
    assert len(reader.photos) == 1


def test_a_file_where_the_album_is_allowed(server: Running, page_for: PageFor, issue: Issue, tmp_path: Path) -> None:
    page = page_for()
    lay(page, None)
    reader = Reader(page, {**PLAN, "sides": ["front"], "upload": True}, {"front": [{**ACCEPTED, "state": "retake", "hints": ["blur"]}]})
    begin(page, server, issue())
    wait_state(page, "document_intro")
    (tmp_path / "note.jpg").write_text("no picture")
    page.get_by_label("Choose a photo").set_input_files(tmp_path / "note.jpg")
    page.get_by_text("This file could not be opened").first.wait_for()
    large = np.full((4000, 3000, 3), 90, np.uint8)
    cv2.imwrite(str(tmp_path / "large.png"), large)
    page.get_by_label("Choose a photo").set_input_files(tmp_path / "large.png")
    page.get_by_text("The photo was blurred").first.wait_for()
    ((side, data),) = reader.photos
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert (side, data[:3]) == ("front", b"\xff\xd8\xff")
    assert picture is not None
    assert picture.shape[:2] == (2400, 1800)


def test_no_album_where_it_is_not_allowed(server: Running, page_for: PageFor, issue: Issue) -> None:
    page = page_for()
    lay(page, None)
    begin(page, server, issue())
    wait_state(page, "document_intro")
    assert page.get_by_label("Choose a photo").count() == 0
    photograph(page)
    page.get_by_text("Fit the document into the frame").first.wait_for()
    assert page.get_by_label("Choose a photo").count() == 0


def test_a_document_that_is_refused_ends_with_its_own_words(server: Running, page_for: PageFor, issue: Issue) -> None:
    page = page_for()
    lay(page, card("HK"))
    Reader(page, {**PLAN, "sides": ["front"]}, {"front": [{**NONE, "state": "refused", "hints": ["photocopy"], "retakes_left": 0}]})
    outcome = {"state": "fail", "hint": "", "attempts_left": 0, "sandbox": True}
    page.route("**/capture/v1/outcome", lambda route: route.fulfill(json=outcome))
    begin(page, server, issue())
    photograph(page)
    assert wait_state(page, *ENDS) == "failed"
    assert page.get_by_role("heading", name="We could not use this document").is_visible()


def test_one_that_is_not_good_for_this_person_may_be_photographed_again(server: Running, page_for: PageFor, issue: Issue) -> None:
    page = page_for()
    lay(page, card("HK"))
    again = {**NONE, "state": "retake", "hints": ["not_accepted"], "retakes_left": 1}
    Reader(page, {**PLAN, "sides": ["front"]}, {"front": [again, {**ACCEPTED, "fields": FIELDS}]})
    begin(page, server, issue())
    photograph(page)
    page.get_by_role("heading", name="We could not accept this document for you").wait_for(timeout=60_000)
    assert page.get_by_text("Check that it is your own and still valid.").first.is_visible()
    page.get_by_role("button", name="Photograph it again").click()
    wait_state(page, "document_review")


def test_a_reload_goes_on_where_the_document_was(server: Running, page_for: PageFor, issue: Issue) -> None:
    page = page_for()
    lay(page, card("HK"))
    Reader(page, {**PLAN, "sides": ["front"]}, {"front": [{**ACCEPTED, "fields": FIELDS}]})
    begin(page, server, issue())
    photograph(page)
    wait_state(page, "document_review")
    page.reload()
    wait_state(page, "intro")
    page.get_by_role("button", name="Agree and continue").click()
    wait_state(page, "document_review")
    page.get_by_role("button", name="Photograph again: front").or_(page.get_by_role("button", name="Photograph it again")).click()
    wait_state(page, "document_intro")
