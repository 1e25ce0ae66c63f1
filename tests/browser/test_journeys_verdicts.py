"""From the link to the verdict of the real engine: who passes, who does not, and who does at the second try."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import PageFor
from tests.browser.flashes import most_flashes
from tests.browser.people import begin, press, reach, to_the_end, turn, view
from tests.conftest import Running

pytestmark = pytest.mark.timeout(500)
TokenFor = Callable[..., str]
ResultOf = Callable[[str], dict[str, Any]]


@pytest.mark.parametrize(("level", "gestures"), [(1, ""), (2, "nod,shake"), (3, ""), (4, "blink,mouth")])
def test_a_live_subject_passes(
    server: Running, page_for: PageFor, token_for: TokenFor, result_of: ResultOf, level: int, gestures: str
) -> None:
    token = token_for(level, **({"ActionList": gestures} if gestures else {}))
    page = page_for()
    begin(page, f"{server.url}/verify#token={token}")
    assert token not in page.url
    to_the_end(page, "passed", "retry")
    result = result_of(token)
    assert result["Result"] == "0", result
    colours = page.evaluate("window.subject.colours")
    assert most_flashes([(mark["at"] / 1000, tuple(mark["colour"])) for mark in colours]) <= 3
    assert (len(colours) > 6) == (level >= 3)


@pytest.mark.parametrize("level", [2, 3])
def test_a_photo_does_not_pass(server: Running, page_for: PageFor, token_for: TokenFor, result_of: ResultOf, level: int) -> None:
    """It answers no gesture and has no relief. Level 1 asks for neither; what judges prints there does not count in a sandbox."""
    token = token_for(level, RetryLimit=1)
    page = page_for(kind="photo")
    begin(page, f"{server.url}/verify#token={token}")
    to_the_end(page, "failed")
    assert result_of(token)["Result"] not in ("0", "")


def test_who_reflects_nothing_does_not_pass_the_light(server: Running, page_for: PageFor, token_for: TokenFor, result_of: ResultOf) -> None:
    token = token_for(3, RetryLimit=1)
    page = page_for(gain=0)
    begin(page, f"{server.url}/verify#token={token}")
    to_the_end(page, "failed")
    assert result_of(token)["Result"] not in ("0", "")


def test_the_wrong_gesture_is_asked_for_again_and_the_right_one_passes(
    server: Running, page_for: PageFor, token_for: TokenFor, result_of: ResultOf
) -> None:
    token = token_for(2, ActionList="mouth")
    page = page_for(wrong=True)
    begin(page, f"{server.url}/verify#token={token}")
    to_the_end(page, "retry")
    assert view(page)["outcome"]["hint"] == "follow_prompts", json.dumps(result_of(token))
    turn(page, wrong=False)
    press(page, "Try again")
    reach(page, "position", "starting", "hold")
    to_the_end(page)
    assert result_of(token)["Result"] == "0"
