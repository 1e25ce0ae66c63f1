"""Where the page stands: behind the integrator's link, in the integrator's frame, beside a phone, behind the start page."""

import http.server
import threading
from collections.abc import Callable, Iterator
from typing import Any

import cv2
import numpy as np
import pytest
from playwright.sync_api import Browser, Page, Route
from tencentcloud.faceid.v20180301 import models

from tests.browser.conftest import PageFor, wait_state
from tests.browser.people import AGREE, begin, press, reach, to_the_end, view
from tests.conftest import Key, Running, Server

pytestmark = pytest.mark.timeout(500)
SHOP = "https://shop.example/"
DONE = f"{SHOP}done?order=7"
DESK = {"viewport": {"width": 1000, "height": 800}}
TOUCHED = {"has_touch": True, "is_mobile": True, "device_scale_factor": 1}
FRAME = b"""<!doctype html><title>A shop</title><script>
window.told = [];
addEventListener("message", (event) => told.push({...event.data, origin: event.origin}));
addEventListener("DOMContentLoaded", () => { document.querySelector("iframe").src = decodeURIComponent(location.hash.slice(1)); });
</script><body><iframe width="380" height="700" allow="camera"></iframe></body>"""


class _Shop(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(FRAME if self.path == "/" else b"")

    def log_message(self, *arguments: Any) -> None:
        """Quiet."""


def site() -> Iterator[str]:
    """A site of another origin than the server's; its page frames the address in its fragment."""
    listening = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Shop)
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    yield f"http://localhost:{listening.server_address[1]}"
    listening.shutdown()


@pytest.fixture(scope="module")
def shop() -> Iterator[str]:
    """An integrator's own site, which the operator knows."""
    yield from site()


@pytest.fixture(scope="module")
def stranger() -> Iterator[str]:
    """A site like the shop's, but of nobody whom the operator named: only its port is another."""
    yield from site()


@pytest.fixture(scope="module")
def lenient(tmp_path_factory: pytest.TempPathFactory, shop: str) -> Iterator[Running]:
    """A server whose operator lets the shop frame the page, people decline the light and phones take over."""
    home = tmp_path_factory.mktemp("lenient") / "home"
    settings = {"EMBED_ORIGINS": shop, "CAPTURE_NO_LIGHT": "true", "CAPTURE_HANDOFF": "true"}
    running = Server(home, **{f"OPENEKYC_{name}": value for name, value in settings.items()})
    yield Running(running.url, home, Key("", ""), running.create_key("lenient", sandbox=True), running)
    running.stop()


Sdk = Callable[[Running], Any]


@pytest.fixture
def sdk(client_for: Callable[..., Any]) -> Sdk:
    return lambda server: client_for(server.sandbox_key, server.url)


def sent(page: Page) -> None:
    """The integrator's page answers without any network."""
    page.context.route(f"{SHOP}**", lambda route: route.fulfill(body="<title>A shop</title>", content_type="text/html"))


def apply(sdk: Any, **config: Any) -> Any:
    request = models.ApplyWebVerificationBizTokenIntlRequest()
    request._deserialize({"RedirectURL": DONE, "Config": {"CheckMode": 3, **config}})
    return sdk.ApplyWebVerificationBizTokenIntl(request)


def web_result(sdk: Any, token: str) -> Any:
    request = models.GetWebVerificationResultIntlRequest()
    request.BizToken = token
    return sdk.GetWebVerificationResultIntl(request)


def issue(sdk: Any, level: int, **parameters: Any) -> str:
    return str(sdk.call_json("GetFaceIdTokenIntl", {"SecureLevel": str(level), **parameters})["Response"]["SdkToken"])


def result(sdk: Any, token: str) -> dict[str, Any]:
    return dict(sdk.call_json("GetFaceIdResultIntl", {"SdkToken": token})["Response"])


def test_after_success_the_person_is_sent_back_with_the_token(server: Running, page_for: PageFor, sdk: Sdk) -> None:
    api = sdk(server)
    applied = apply(api, SecurityLevel=2, ActionList="blink", AutoSkip=True, ThemeColor="#7a1fa2")
    page = page_for(elsewhere=(SHOP,))
    sent(page)
    begin(page, applied.VerificationURL)
    page.wait_for_url(f"{DONE}&token={applied.BizToken}", timeout=240_000)
    found = web_result(api, applied.BizToken)
    assert (found.ErrorCode, len(found.VerificationDetailList)) == (0, 1)


def test_who_leaves_is_1410_and_goes_back(server: Running, page_for: PageFor, sdk: Sdk) -> None:
    api = sdk(server)
    applied = apply(api)
    page = page_for(elsewhere=(SHOP,))
    sent(page)
    page.goto(applied.VerificationURL)
    reach(page, "intro")
    press(page, "Leave the check")
    reach(page, "leave_ask")
    press(page, "Leave")
    reach(page, "left")
    press(page, "Back to the service")
    page.wait_for_url(f"{DONE}&token={applied.BizToken}")
    assert web_result(api, applied.BizToken).ErrorCode == 1410


def test_who_takes_too_long_is_1409_and_may_start_again(server: Running, page_for: PageFor, sdk: Sdk) -> None:
    api = sdk(server)
    applied = apply(api, LivenessTimeout=2)
    page = page_for(kind="none")
    begin(page, applied.VerificationURL)
    reach(page, "timed_out")
    page.get_by_role("button", name="Start again").wait_for()
    assert web_result(api, applied.BizToken).ErrorCode == 1409
    press(page, "Start again")
    reach(page, "intro")


def test_a_recording_that_the_server_takes_no_more_has_timed_out_and_not_broken_off(
    page_for: PageFor, token_for: Callable[..., str], server: Running
) -> None:
    page = page_for()
    told: list[str] = []

    def over(route: Route) -> None:
        told.append(str(route.request.post_data))
        over = {"problem": "attempt_timed_out", "detail": "", "remedy": ""}
        route.fulfill(status=409, json=over, content_type="application/problem+json")

    page.route("**/attempts/1/finish", over)
    with page.expect_request("**/capture/v1/attempts") as begun:
        begin(page, f"{server.url}/verify#token={token_for(1)}")
    assert begun.value.post_data_json["waited_ms"] > 500  # it held still that long before
    reach(page, "timed_out")
    assert len(told) == 1


def test_an_expired_token_ends_with_the_way_back_and_names_who_had_asked(
    page_for: PageFor, client_for: Callable[..., Any], home: Any
) -> None:
    own = Server(home, OPENEKYC_START_WINDOW_S="1", OPENEKYC_BRAND_NAME="Acme", OPENEKYC_BRAND_SUPPORT="tel:+6591234567")
    try:
        api = client_for(own.create_key("late", sandbox=True), own.url)
        applied = apply(api)
        page = page_for()
        page.goto(applied.VerificationURL)
        if wait_state(page, "intro", "expired") == "intro":
            press(page, AGREE)  # the camera and half a second of holding still take longer than the token lives
        reach(page, "expired")
        page.reload()  # the session cannot be opened any more
        reach(page, "expired")
        page.get_by_role("button", name="Back to Acme").wait_for()
        page.get_by_role("link", name="Get help: +6591234567").wait_for()
        assert web_result(api, applied.BizToken).ErrorCode == 15
    finally:
        own.stop()


def test_a_person_who_declines_the_light_passes_and_the_result_says_so(lenient: Running, page_for: PageFor, sdk: Sdk) -> None:
    api = sdk(lenient)
    token = issue(api, 3)
    page = page_for()
    page.goto(f"{lenient.url}/verify#token={token}")
    reach(page, "intro")
    page.get_by_label("Continue without flashing colours").check()
    press(page, AGREE)
    to_the_end(page)
    found = result(api, token)
    assert found["Result"] == "0"
    assert "flashing colours declined" in found["Description"]
    assert not page.locator(".frame.shining").count()


# Not a multiple of a colour's 300 ms: stopped at every third colour's begin, all would be painted in time.
STUTTER = """setInterval(() => {
  if (!document.querySelector("openekyc-capture")?.view?.step?.running) return;
  for (const began = performance.now(); performance.now() - began < 260; );
}, 810)"""


def test_a_device_that_cannot_show_the_colours_is_offered_the_way_without(lenient: Running, page_for: PageFor, sdk: Sdk) -> None:
    api = sdk(lenient)
    token = issue(api, 3)
    page = page_for()
    page.add_init_script(STUTTER)
    begin(page, f"{lenient.url}/verify#token={token}")
    page.get_by_role("button", name="Continue without flashing colours").click(timeout=120_000)
    to_the_end(page)
    assert "flashing colours declined" in result(api, token)["Description"]


def test_a_phone_takes_the_session_over(lenient: Running, page_for: PageFor, sdk: Sdk) -> None:
    api = sdk(lenient)
    token = issue(api, 1)
    desk, phone = page_for(DESK, missing=True), page_for(TOUCHED)
    begin(desk, f"{lenient.url}/verify#token={token}")
    reach(desk, "camera_help")
    press(desk, "Continue on your phone")
    reach(desk, "handoff")
    desk.locator(".code svg").wait_for()
    link, *_ = cv2.QRCodeDetector().detectAndDecode(cv2.imdecode(np.frombuffer(desk.screenshot(), np.uint8), cv2.IMREAD_COLOR))
    assert link.startswith(f"{lenient.url}/verify#code=")
    assert token not in link
    phone.goto(link)
    reach(phone, "intro")
    assert phone.url == f"{lenient.url}/verify"
    late = page_for(TOUCHED)
    late.goto(link)
    assert reach(late, "expired") == "expired"  # somebody who saw the code on the screen
    phone.reload()
    begin(phone, f"{lenient.url}/verify")
    to_the_end(phone)
    reach(desk, "passed")
    assert result(api, token)["Result"] == "0"


def test_in_a_frame_the_shop_is_told(lenient: Running, shop: str, page_for: PageFor, sdk: Sdk) -> None:
    token = issue(sdk(lenient), 1)
    page = page_for(elsewhere=(shop,))
    page.goto(f"{shop}/#{lenient.url}/verify?embed=1%23token={token}")
    frame = page.frame_locator("iframe")
    reach(frame, "intro")
    press(frame, AGREE)
    to_the_end(frame)
    press(frame, "Continue")
    page.wait_for_function("told.some((message) => message.type === 'finish')")
    told = page.evaluate("window.told")
    assert {message["origin"] for message in told} == {lenient.url}
    assert [message["type"] for message in told if message["type"] != "state"] == ["ready", "outcome", "finish"]
    assert next(message for message in told if message["type"] == "outcome")["detail"]["state"] == "pass"


def test_only_configured_origins_may_frame_the_page(lenient: Running, shop: str, stranger: str, browser: Browser, sdk: Sdk) -> None:
    page = browser.new_context().new_page()  # without the guard, which takes a refused frame for a fault of the page
    address = f"{lenient.url}/verify?embed=1%23token={issue(sdk(lenient), 1)}"
    is_refused(page, stranger, address)
    page.goto(f"{shop}/#{address}")
    assert reach(page.frame_locator("iframe"), "intro") == "intro"
    is_refused(page, shop, f"{lenient.url}/")
    page.context.close()


def is_refused(page: Page, around: str, framed: str) -> None:
    """The console says which directive it was, and the frame holds nothing but the browser's own error page."""
    page.goto("about:blank")
    with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
        page.goto(f"{around}/#{framed}")
    page.frames[1].wait_for_url(lambda shown: shown.startswith("chrome-error:"), wait_until="commit")


def test_from_the_start_page_to_a_passed_session_unaided(server: Running, page_for: PageFor) -> None:
    page = page_for()
    page.goto(server.process.demo)
    press(page, "Start the check")
    reach(page, "intro")
    assert view(page)["opened"]["level"] == 4
    press(page, AGREE)
    to_the_end(page)
    press(page, "Continue")
    page.locator("tr.new .dot.pass").wait_for()
