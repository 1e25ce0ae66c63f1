"""People on the hosted page: a real session each, from the link to the verdict, judged by the real engine."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import PageFor, wait_state
from tests.conftest import Running

pytestmark = pytest.mark.timeout(420)
ENDS = ("passed", "failed", "retry", "trouble", "expired", "camera_help", "unsupported", "timed_out")


@pytest.mark.parametrize(("level", "gestures"), [(1, ""), (4, "blink,mouth")])
def test_a_live_subject_passes(
    server: Running,
    page_for: PageFor,
    token_for: Callable[..., str],
    result_of: Callable[[str], dict[str, Any]],
    level: int,
    gestures: str,
) -> None:
    token = token_for(level, **({"ActionList": gestures} if gestures else {}))
    page = page_for()
    page.goto(f"{server.url}/verify#token={token}")
    wait_state(page, "intro")
    assert token not in page.url
    page.get_by_role("button", name="Agree and continue").click()
    end = wait_state(page, *ENDS, timeout_s=300)
    result = result_of(token)
    assert (end, result["Result"]) == ("passed", "0"), result
