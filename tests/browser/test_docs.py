"""The documentation in a browser, served as the server does: search, menu, copying, and axe on every kind of page.

Pictures lie in build/browser/docs/."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, Page
from starlette.applications import Starlette

from openekyc.pages.docs import Docs
from tests.browser.conftest import folder
from tests.browser.guard import Guard
from tests.browser.test_screens import AXE

KINDS = {
    "home": "",
    "how-to": "how-to/rotate-a-key/",
    "reference": "reference/document-kinds/",
    "action": "reference/actions/ApplyWebVerificationBizTokenIntl/",
    "codes": "reference/codes/",
    "explanation": "explanation/liveness/",
    "log": "research/rig/",
    "404": "none/of/these/",
}
LOOKS: tuple[tuple[Any, int], ...] = (("light", 390), ("dark", 390), ("light", 1280), ("dark", 1280), ("light", 320))

pytestmark = [pytest.mark.timeout(400), pytest.mark.skipif(not AXE.exists(), reason="web/ is not installed: make web")]


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """Where the site answers, with the server's own headers."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()  # a page may be asked for before the server's thread runs
        server = uvicorn.Server(uvicorn.Config(Starlette(routes=Docs(site).routes()), log_level="warning", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/docs/"
        server.should_exit = True
        thread.join()


@pytest.fixture
def opened(browser: Browser, address: str) -> Iterator[Any]:
    """`opened(path, **context)`: a page. None may ask another host, break its policy, or throw."""
    kept = []

    def build(path: str = "", **wishes: Any) -> Page:
        context = browser.new_context(reduced_motion="reduce", **wishes)
        kept.append((Guard(context), context))
        page = context.new_page()
        page.goto(address + path)
        return page

    yield build
    for _, context in kept:
        context.close()
    assert not [fault for guard, _ in kept for fault in guard.faults]


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_every_kind_of_page_is_accessible(opened: Any, address: str, scheme: Any, width: int) -> None:
    page = opened(color_scheme=scheme, viewport={"width": width, "height": 800})
    found: list[str] = []
    for kind, path in KINDS.items():
        page.goto(address + path)
        page.locator(".find").wait_for()
        found += [f"{kind}: {fault}" for fault in _faults(page)]
        page.screenshot(path=folder("docs") / f"{kind}.{scheme}.{width}.png")
    _search(page, "print eye holes")
    found += [f"search: {fault}" for fault in _faults(page)]
    page.screenshot(path=folder("docs") / f"search.{scheme}.{width}.png")
    assert not found, "\n".join(found)


def _faults(page: Page) -> list[str]:
    """What axe finds, and whether the page goes sideways."""
    page.evaluate(AXE.read_text())
    violations = page.evaluate("axe.run(document, {resultTypes: ['violations']}).then(r => r.violations)")
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    axe = [f"{rule['id']}: {node['html'][:120]}" for rule in violations for node in rule["nodes"]]
    return axe + ([f"{wide} pixels too wide"] if wide > 0 else [])


def _search(page: Page, words: str) -> None:
    page.keyboard.press("/")
    page.get_by_role("searchbox").fill(words)
    page.locator(".hits a").first.wait_for()


def test_a_search_leads_to_the_section(opened: Any, address: str) -> None:
    page = opened("how-to/upgrade/", viewport={"width": 1280, "height": 800})
    _search(page, "AutoDowngrade")
    page.get_by_role("link", name="Why should I set AutoDowngrade to 2?").click()
    page.wait_for_url(f"{address}how-to/send-people-to-the-hosted-page/#why-should-i-set-autodowngrade-to-2")
    page.keyboard.press("/")
    page.get_by_role("searchbox").fill("zzzz no such word")
    page.get_by_role("status").filter(has_text="Nothing found").wait_for()


def test_a_phones_menu_needs_no_script(opened: Any, address: str) -> None:
    page = opened("how-to/upgrade/", viewport={"width": 390, "height": 800}, java_script_enabled=False)
    menu = page.get_by_role("navigation", name="Documentation")
    assert not menu.is_visible()
    page.get_by_role("link", name="Menu").click()
    menu.get_by_role("link", name="Rotate a key").click()
    page.wait_for_url(f"{address}how-to/rotate-a-key/")
    assert not menu.is_visible()


def test_code_is_copied(opened: Any) -> None:
    page = opened("how-to/rotate-a-key/", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy").first.click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "openekyc keys create --account acme\n"
