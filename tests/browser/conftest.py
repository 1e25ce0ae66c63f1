"""A real browser in front of a real server: Debian's Chromium, driven by Playwright, with the simulated subject as its camera."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from openekyc.pages.routes import BUILT
from tests.browser.subject import assets, init_script, worker_script
from tests.conftest import Running, Server

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    "--no-sandbox",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs a browser and the built pages."""
    missing = "" if CHROMIUM else "no Chromium on PATH" if not (BUILT / "verify.html").exists() else ""
    missing = missing or ("" if (BUILT / "verify.html").exists() else "the pages are not built: make web")
    for item in items:
        if "tests/browser/" in str(item.path) and missing:
            item.add_marker(pytest.mark.skip(reason=missing))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server of its own with many restarts: on a crowded machine colours come unevenly, and the page gives such a light step up."""
    home = tmp_path_factory.mktemp("browser") / "home"
    running = Server(home, OPENEKYC_RATE_PER_SECOND="20", OPENEKYC_CAPTURE_RESTARTS="10")
    yield Running(running.url, home, running.create_key("acme"), running.create_key("acme-sandbox", sandbox=True), running)
    running.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def subject() -> str:
    """The simulated person, as JSON for the page."""
    return assets()


PageFor = Callable[..., Page]


@pytest.fixture
def page_for(browser: Browser, subject: str) -> Iterator[PageFor]:
    """`page_for(**knobs)`: a page of its own whose camera is the simulated subject; `context` are Playwright's options."""
    pages: list[Page] = []

    def build(context: dict[str, Any] | None = None, **knobs: Any) -> Page:
        page = browser.new_context(**{"viewport": {"width": 1000, "height": 800}, **(context or {})}).new_page()
        page.add_init_script(init_script(subject, **knobs))
        page.route("**/assets/subject-worker.js", lambda route: route.fulfill(body=worker_script(), content_type="text/javascript"))
        page.on("console", lambda message: print(f"console {message.type}: {message.text}"))
        page.on("pageerror", lambda error: print(f"page error: {error}"))
        pages.append(page)
        return page

    yield build
    for page in pages:
        page.context.close()


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
