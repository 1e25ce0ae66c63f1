"""A real browser in front of a real server: Debian's Chromium, driven by Playwright, with the simulated subject as its camera."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from openekyc.pages.routes import BUILT
from tests.browser.guard import Guard
from tests.browser.subject import assets, stand_before
from tests.conftest import Running, Server, clients

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    "--no-sandbox",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
)


def missing() -> str:
    """What the tests here need and this machine lacks."""
    if not CHROMIUM:
        return "no Chromium on PATH: tools/system_packages.sh installs it"
    return "" if (BUILT / "verify.html").exists() else "the pages are not built: make web"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a browser or the built pages these tests are skipped at a desk; where CI is set they fail."""
    lacking = missing()
    if not lacking or os.environ.get("CI"):
        return
    for item in items:
        if "tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.skip(reason=lacking))


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server of its own with many restarts: on a crowded machine colours come unevenly, and the page gives such a light step up."""
    home = tmp_path_factory.mktemp("browser") / "home"
    running = Server(home, OPENEKYC_RATE_PER_SECOND="20", OPENEKYC_CAPTURE_RESTARTS="10")
    yield Running(running.url, home, running.create_key("acme"), running.create_key("acme-sandbox", sandbox=True), running)
    running.stop()


@pytest.fixture(scope="package")
def client_for(server: Running) -> Callable[..., Any]:
    """As everywhere, but for this server: a fixture of the whole session would stay with whichever server asked for it first."""
    return clients(server.url)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Ends with this folder's tests: while Playwright runs, its event loop does too, and no other may begin."""
    if lacking := missing():
        pytest.fail(lacking)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def subject() -> str:
    """The simulated person, as JSON for the page."""
    return assets()


PageFor = Callable[..., Page]
PHONE = {"width": 390, "height": 780}  # without a graphics card a larger page takes the processor away from the camera


@pytest.fixture
def page_for(browser: Browser, subject: str) -> Iterator[PageFor]:
    """`page_for(**knobs)`: a page of its own whose camera is the simulated subject; `context` are Playwright's options. No page may ask
    another host than its own, but for the addresses in `elsewhere`, or break its policy: see `Guard`."""
    guards: list[tuple[Guard, BrowserContext]] = []

    def build(context: dict[str, Any] | None = None, elsewhere: tuple[str, ...] = (), **knobs: Any) -> Page:
        own = browser.new_context(**{"viewport": PHONE, **(context or {})})
        guards.append((Guard(own, elsewhere), own))
        stand_before(own, subject, **knobs)
        return own.new_page()

    yield build
    for _, context in guards:
        context.close()
    assert not [fault for guard, _ in guards for fault in guard.faults]


@pytest.fixture
def token_for(server: Running, client_for: Callable[..., Any]) -> Callable[..., str]:
    """`token_for(level, **parameters)`: a new SdkToken of the sandbox account."""

    def build(level: int, **parameters: Any) -> str:
        asked = {"SecureLevel": str(level), **parameters}
        answer = client_for(server.sandbox_key).call_json("GetFaceIdTokenIntl", asked)
        return str(answer["Response"]["SdkToken"])

    return build


@pytest.fixture
def result_of(server: Running, client_for: Callable[..., Any]) -> Callable[[str], dict[str, Any]]:
    """`result_of(token)`: what the integrator reads."""

    def read(token: str) -> dict[str, Any]:
        return dict(client_for(server.sandbox_key).call_json("GetFaceIdResultIntl", {"SdkToken": token})["Response"])

    return read


def state(page: Page) -> str:
    """The state the capture component is in."""
    return str(page.evaluate("document.querySelector('openekyc-capture')?.view?.state ?? ''"))


def wait_state(page: Page, *states: str, timeout_s: float = 60) -> str:
    """Wait until the component is in one of `states`; which one."""
    page.locator(", ".join(f'.frame[data-state="{name}"]' for name in states)).wait_for(timeout=1000 * timeout_s)
    return state(page)


def folder(name: str) -> Path:
    """Where a test may leave pictures to look at: build/browser/NAME."""
    path = Path(__file__).parent.parent.parent / "build" / "browser" / name
    path.mkdir(parents=True, exist_ok=True)
    return path
