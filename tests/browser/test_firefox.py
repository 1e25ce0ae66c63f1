"""The same pages in Firefox: it records VP8, does not say when a frame was captured, and has rules of its own for workers and policies."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.browser.firefox import FIREFOX, SCREEN, Firefox, started
from tests.browser.people import AGREE, END_S
from tests.conftest import Running

LACKING = "" if FIREFOX and SCREEN else "no Firefox or no Xvfb on PATH: tools/system_packages.sh installs them"
pytestmark = [pytest.mark.timeout(500), pytest.mark.skipif(bool(LACKING) and not os.environ.get("CI"), reason=LACKING)]


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory, subject: str) -> Iterator[Firefox]:
    if LACKING:
        pytest.fail(LACKING)
    with started(tmp_path_factory.mktemp("firefox") / "profile") as browser:
        browser.stand_before(subject)
        yield browser


def test_a_live_subject_passes_in_firefox(
    server: Running, firefox: Firefox, token_for: Callable[..., str], result_of: Callable[[str], dict[str, Any]]
) -> None:
    token = token_for(4, ActionList="blink,mouth")
    firefox.open(f"{server.url}/verify#token={token}")
    firefox.press(AGREE)
    firefox.reach("passed", END_S)
    result = result_of(token)
    assert result["Result"] == "0", result
    assert firefox.evaluate("() => location.hash")["value"] == ""
    assert firefox.evaluate("() => document.querySelector('openekyc-capture').view.tracker")["value"] == "ready"


def test_firefox_finds_no_fault_from_the_start_page_to_the_camera(server: Running, firefox: Firefox) -> None:
    """Nor did it on the way to the verdict."""
    firefox.open(server.process.demo)
    firefox.press("Start the check")
    firefox.reach("intro", END_S)
    firefox.press(AGREE)
    firefox.reach("position", END_S)
    assert not firefox.faults
