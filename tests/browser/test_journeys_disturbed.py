"""What goes wrong between the link and the verdict: no camera, no network, a reload, a call, a person who cannot or will not."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import PageFor
from tests.browser.people import begin, press, reach, to_the_end, turn, view
from tests.conftest import Running

pytestmark = pytest.mark.timeout(500)
TokenFor = Callable[..., str]
ResultOf = Callable[[str], dict[str, Any]]
NO_CONNECTION = "No connection. We keep trying…"
RUNNING = ("starting", "hold", "gesture", "light", "tail")


def test_a_denied_camera_shows_the_steps_and_goes_on_once_allowed(server: Running, page_for: PageFor, token_for: TokenFor) -> None:
    page = page_for(denied=True)
    begin(page, f"{server.url}/verify#token={token_for(1)}")
    reach(page, "camera_help")
    assert page.get_by_role("heading", name="The camera is blocked").is_visible()
    assert page.get_by_role("listitem").count() == 3
    turn(page, denied=False)
    press(page, "Try again")
    reach(page, "position", *RUNNING)


@pytest.mark.parametrize(("knob", "heading"), [("busy", "The camera is in use"), ("missing", "No camera found")])
def test_a_camera_that_does_not_start_says_why(server: Running, page_for: PageFor, token_for: TokenFor, knob: str, heading: str) -> None:
    page = page_for(**{knob: True})
    begin(page, f"{server.url}/verify#token={token_for(1)}")
    reach(page, "camera_help")
    assert page.get_by_role("heading", name=heading).is_visible()


def test_a_lost_network_is_bridged_between_gestures(server: Running, page_for: PageFor, token_for: TokenFor, result_of: ResultOf) -> None:
    token = token_for(2, ActionList="mouth", RetryLimit=1)
    page = page_for()
    begin(page, f"{server.url}/verify#token={token}")
    reach(page, "gesture")
    page.context.set_offline(True)
    page.get_by_text(NO_CONNECTION).first.wait_for(state="attached")
    page.context.set_offline(False)
    to_the_end(page)
    assert result_of(token)["Result"] == "0"


def test_a_network_lost_while_colours_flash_begins_anew(
    server: Running, page_for: PageFor, token_for: TokenFor, result_of: ResultOf
) -> None:
    token = token_for(3)
    page = page_for()
    begin(page, f"{server.url}/verify#token={token}")
    reach(page, "light")
    page.locator(".frame.shining").wait_for()
    page.context.set_offline(True)
    reach(page, "restarting")
    assert view(page)["interruption"] == "connection"
    page.context.set_offline(False)
    to_the_end(page)
    assert result_of(token)["Result"] == "0"


def test_a_reload_in_the_middle_goes_on_and_does_not_count(
    server: Running, page_for: PageFor, token_for: TokenFor, result_of: ResultOf
) -> None:
    token = token_for(2, ActionList="nod", RetryLimit=1)
    page = page_for()
    begin(page, f"{server.url}/verify#token={token}")
    reach(page, "gesture")
    page.reload()
    reach(page, "intro")
    assert view(page)["opened"]["policy"]["restarts_left"] == 9
    press(page, "Agree and continue")
    to_the_end(page)
    assert result_of(token)["Result"] == "0"


def test_another_gesture_for_who_cannot_and_a_pause_for_who_is_called_away(
    server: Running, page_for: PageFor, token_for: TokenFor, result_of: ResultOf
) -> None:
    token = token_for(2, ActionList="nod", RetryLimit=1)
    page = page_for()
    begin(page, f"{server.url}/verify#token={token}")
    reach(page, "gesture")
    hide(page)
    reach(page, "restarting")
    reach(page, "paused")
    show(page)
    reach(page, "gesture")
    page.get_by_role("button", name="I cannot do this").click()
    reach(page, "restarting")
    reach(page, "gesture")
    to_the_end(page)
    asked = [prompt["gesture"] for prompt in page.evaluate("window.subject.prompts")]
    assert asked[-1] != "nod"
    assert result_of(token)["Result"] == "0"


def test_a_face_that_leaves_the_oval_is_waited_for(server: Running, page_for: PageFor, token_for: TokenFor) -> None:
    page = page_for()
    begin(page, f"{server.url}/verify#token={token_for(2, ActionList='mouth')}")
    reach(page, "gesture")
    turn(page, kind="none")
    reach(page, "restarting")
    assert view(page)["interruption"] == "face_left"
    reach(page, "position")
    turn(page, kind="live")
    reach(page, "gesture")


def hide(page: Page) -> None:
    """The page is covered by another app: browsers without a screen never hide one by themselves."""
    page.evaluate("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def show(page: Page) -> None:
    """The page is back."""
    page.evaluate("delete document.hidden")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
