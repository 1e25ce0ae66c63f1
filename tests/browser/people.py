"""What people do on the hosted page, for all journeys, and what their integrators read afterwards."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import FrameLocator, Page

ENDS = ("passed", "failed", "retry", "trouble", "expired", "camera_help", "unsupported", "timed_out")
END_S = 240  # from the camera to the verdict; on a crowded machine the colours are shown several times until they come evenly
AGREE = "Agree and continue"

Place = Page | FrameLocator
Call = Callable[..., dict[str, Any]]


def view(page: Page) -> dict[str, Any]:
    """Everything the component shows."""
    return dict(page.evaluate("document.querySelector('openekyc-capture').view"))


def press(place: Place, name: str) -> None:
    """Press the button with this name."""
    place.get_by_role("button", name=name, exact=True).click()


def reach(place: Place, *states: str, timeout_s: float = 90) -> str:
    """Wait until the component shows one of `states`; which one. Ends are always waited for, so that a wrong one shows at once."""
    wanted = ", ".join(f'.frame[data-state="{name}"]' for name in {*states, *ENDS})
    frame = place.locator(wanted)
    frame.wait_for(timeout=1000 * timeout_s)
    reached = str(frame.get_attribute("data-state"))
    assert reached in states or not states, f"{reached} instead of {' or '.join(states)}"
    return reached


def begin(page: Page, address: str) -> None:
    """Open the link and agree."""
    page.goto(address)
    reach(page, "intro")
    press(page, AGREE)


def to_the_end(place: Place, *wanted: str) -> str:
    """Wait for the verdict's screen."""
    return reach(place, *(wanted or ("passed",)), timeout_s=END_S)


def turn(page: Page, **knobs: Any) -> None:
    """The subject behaves otherwise from now on."""
    page.evaluate("knobs => Object.assign(window.subject.knobs, knobs)", knobs)
