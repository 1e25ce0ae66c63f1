"""Every screen of the component and the start page, without camera or server: what people see is kept as pictures, and axe finds nothing.

Pictures lie in build/browser/screens/. The stories are built from web/page/stories for tests only; the start page gets made-up answers."""

import base64
import functools
import http.server
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.browser.conftest import folder

WEB = Path(__file__).parent.parent.parent / "web"
STORIES = WEB / "build" / "stories"
AXE = WEB / "node_modules" / "axe-core" / "axe.min.js"
LOOKS = (
    ("light", "en", 390, 844),
    ("dark", "th", 320, 568),
    ("dark", "ar", 390, 844),
    ("light", "id", 1280, 800),
)

pytestmark = [
    pytest.mark.timeout(400),
    pytest.mark.skipif(not AXE.exists() and not os.environ.get("CI"), reason="web/ is not installed: make web"),
]


class _Files(http.server.SimpleHTTPRequestHandler):
    extensions_map = {**http.server.SimpleHTTPRequestHandler.extensions_map, ".js": "text/javascript"}

    def log_message(self, *arguments: Any) -> None:
        """Quiet."""


@pytest.fixture(scope="package")
def stories() -> Iterator[str]:
    """The address of the stories, freshly built."""
    command = "import sys; sys.path.insert(0, 'tools'); import build_web; build_web.npm('run', 'build:stories')"
    subprocess.run([sys.executable, "-c", command], cwd=WEB.parent, check=True, capture_output=True)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Files, directory=str(STORIES)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/stories/stories.html"
    server.shutdown()


@pytest.fixture
def opened(browser: Browser, stories: str) -> Iterator[Page]:
    page = browser.new_context(reduced_motion="reduce").new_page()
    page.goto(stories)
    page.locator("html[data-ready]").wait_for()
    page.evaluate(AXE.read_text())
    yield page
    page.context.close()


@pytest.mark.parametrize(("theme", "language", "width", "height"), LOOKS)
def test_every_screen_is_accessible(opened: Page, theme: str, language: str, width: int, height: int) -> None:
    pictures = folder("screens")
    opened.set_viewport_size({"width": width, "height": height})
    found: list[str] = []
    for name in opened.evaluate("window.stories"):
        opened.evaluate(f"window.show({json.dumps(name)}, {{theme: {json.dumps(theme)}, lang: {json.dumps(language)}}})")
        opened.screenshot(path=pictures / f"{name}.{language}.{theme}.{width}.png")
        found += [f"{name}: {fault}" for fault in faults(opened)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("story", "told"), [("uploading", True), ("uploading-plain", False), ("gesture-blink", True), ("gesture-plain", False)]
)
def test_progress_is_told_unless_the_integrator_hides_it(opened: Page, story: str, told: bool) -> None:
    opened.evaluate(f"window.show({json.dumps(story)})")
    assert opened.locator("[role=progressbar], .foot .small").count() == int(told)


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("story", ["intro", "intro-brand", "intro-brand-long", "intro-brand-rtl"])
def test_what_is_agreed_to_is_what_stands_on_the_screen(opened: Page, story: str, language: str) -> None:
    opened.evaluate(f"window.show({json.dumps(story)}, {{lang: {json.dumps(language)}}})")
    shown = spaced(opened.locator(".panel").evaluate("panel => panel.textContent"))
    opened.locator(".button:not(.second)").click()
    text, spoken = opened.evaluate("window.agreed")
    assert spoken == language
    lines = [re.sub(r" <(https|mailto|tel):.*>$", "", line) for line in text.split("\n")]
    assert [line for line in lines if spaced(line) not in shown] == []
    addresses = re.findall(r" <(.*)>$", text, re.MULTILINE)
    assert addresses == opened.locator("a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    away = opened.locator("a[href^=https]").evaluate_all("links => links.map(link => [link.target, link.rel])")
    assert away == [["_blank", "noopener noreferrer"]] * len([address for address in addresses if address.startswith("https:")])


def spaced(text: str) -> str:
    return " ".join(text.split())


def test_a_logo_that_does_not_come_makes_room_for_the_picture(opened: Page) -> None:
    opened.evaluate("window.show('intro-brand')")
    logo = opened.get_by_role("img", name="Acme Savings")
    box = logo.bounding_box()
    around = opened.locator(".panel").bounding_box()
    assert box
    assert around
    assert box["height"] == 40
    assert box["width"] <= 0.6 * around["width"]
    change = "e => { e.view = {...e.view, brand: {...e.view.brand, logo: '/missing.png'}} }"
    opened.locator("openekyc-capture").evaluate(change)
    opened.locator(".art").wait_for()
    assert logo.count() == 0


RESULT = {"token": "T", "level": 4, "who": "me", "when": 1_700_000_000, "code": "0", "description": "Success (sandbox)", "passed": True}
RESULTS = [
    RESULT | {"without_light": False, "explain": "/demo/results/T"},
    RESULT | {"code": "1002", "passed": False, "who": "simulated", "without_light": True, "explain": "/demo/results/U"},
    RESULT | {"code": "-999", "passed": None, "without_light": False, "explain": ""},
    RESULT | {"code": "2014", "passed": False, "description": "The quality is too low", "without_light": False, "explain": ""},
]
IDLE = {"state": "idle", "token": "", "subject": "", "lines": [], "outcome": ""}
STARTS: dict[str, dict[str, Any]] = {
    "start": {
        "/demo": {"address": "http://127.0.0.1", "account": "demo", "levels": [1, 2, 3, 4], "python": "from tencentcloud import a\n" * 3},
        "/demo/results": {"results": RESULTS},
        "/demo/simulate": IDLE
        | {"state": "done", "outcome": "retry", "lines": ["attempt 1: capturing with X", "attempt 1: waiting for Y"]},
    },
    "start-off": {"/demo": {"problem": "demo_off", "detail": "Off.", "remedy": "On."}},
    "start-other": {"/demo": {"problem": "internal", "detail": "The server failed.", "remedy": "Send the request again in a moment."}},
}
START_LOOKS = (("dark", "en-GB", "en", 390), ("light", "ar-EG", "ar", 390), ("dark", "ja-JP", "ja", 320), ("light", "th-TH", "th", 1280))


@pytest.mark.parametrize(("theme", "locale", "language", "width"), START_LOOKS)
def test_the_start_page_is_accessible(browser: Browser, stories: str, theme: Any, locale: str, language: str, width: int) -> None:
    wishes: dict[str, Any] = {"locale": locale, "color_scheme": theme, "viewport": {"width": width, "height": 800}}
    context = browser.new_context(reduced_motion="reduce", **wishes)
    found: list[str] = []
    for name, answers in STARTS.items():
        page = context.new_page()
        page.route("**/demo**", functools.partial(_answer, answers))
        page.route("**/demo/*", functools.partial(_answer, answers))
        page.goto(stories.replace("stories/stories.html", "start.html"))
        page.locator("table" if "/demo/results" in answers else ".note").wait_for()
        page.locator(f"html[lang={language}]").wait_for(state="attached")
        page.evaluate(AXE.read_text())
        page.screenshot(path=folder("screens") / f"{name}.{language}.{theme}.{width}.png", full_page=True)
        found += [f"{name}: {fault}" for fault in faults(page, "openekyc-start")]
        page.close()
    context.close()
    assert not found, "\n".join(found)


def test_the_start_page_shows_what_to_press_and_covers_nothing(browser: Browser, stories: str) -> None:
    page = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 800}).new_page()
    page.route("**/demo**", functools.partial(_answer, STARTS["start"]))
    page.route("**/demo/*", functools.partial(_answer, STARTS["start"]))
    page.goto(stories.replace("stories/stories.html", "start.html"))
    for language in page.locator("select.language option").evaluate_all("all => all.map(one => one.value)"):
        page.locator("select.language").select_option(language)
        page.locator(f"html[lang={language}]").wait_for(state="attached")
        for button in page.locator(".card .button").all():
            box = button.bounding_box()
            assert box
            assert box["y"] + box["height"] <= 800, language
    page.locator("select.language").select_option("en")
    copy, code = page.get_by_role("button", name="Copy").bounding_box(), page.locator("pre").bounding_box()
    assert copy
    assert code
    assert copy["y"] + copy["height"] <= code["y"]
    page.context.close()


PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=")


def test_the_simulated_camera_can_be_watched_until_the_verdict(browser: Browser, stories: str) -> None:
    page = browser.new_context(locale="en-GB").new_page()
    running = IDLE | {"state": "running", "token": "T", "lines": ["attempt 1: capturing with X"]}
    answers = STARTS["start"] | {"/demo/sessions": {"token": "T", "verify": ""}, "/demo/simulate": IDLE}
    page.route("**/demo**", functools.partial(_answer, answers))
    page.route("**/demo/*", functools.partial(_answer, answers))
    page.route("**/demo/simulate/frame?*", lambda route: route.fulfill(body=PIXEL, content_type="image/png"))
    page.goto(stories.replace("stories/stories.html", "start.html"))
    page.get_by_role("button", name="Watch it").wait_for()
    answers["/demo/simulate"] = running
    page.get_by_role("button", name="Watch it").click()
    first = page.get_by_role("img", name="What the simulated camera sees").get_attribute("src")
    page.wait_for_function(
        "before => document.querySelector('openekyc-start').shadowRoot.querySelector('.frame').getAttribute('src') !== before", arg=first
    )
    answers["/demo/simulate"] = running | {"state": "done", "outcome": "fail"}
    page.get_by_text("Not passed", exact=True).wait_for()
    assert page.locator(".frame.fail").is_visible()
    page.context.close()


def _answer(answers: dict[str, Any], route: Route) -> None:
    answer = answers["/" + route.request.url.split("/", 3)[3]]
    route.fulfill(status=404 if "problem" in answer else 200, json=answer)


def test_the_start_page_goes_on_in_the_language_that_was_chosen(browser: Browser, stories: str) -> None:
    page = browser.new_context(locale="en-GB").new_page()
    made = {"/demo/sessions": {"token": "T", "verify": "/stories/stories.html#token=T"}}
    page.route("**/demo**", functools.partial(_answer, STARTS["start"] | made))
    page.route("**/demo/*", functools.partial(_answer, STARTS["start"] | made))
    page.goto(stories.replace("stories/stories.html", "start.html"))
    page.get_by_label("Language").select_option("ja")
    page.get_by_role("button", name="確認を始める").click()
    page.wait_for_url("**/stories.html?lang=ja#token=T")
    page.go_back()
    page.locator("html[lang=ja]").wait_for(state="attached")
    page.context.close()


def faults(page: Page, element: str = "openekyc-capture") -> list[str]:
    """What axe finds, the width that does not fit, and controls smaller than 44 pixels."""
    violations = page.evaluate("axe.run(document, {resultTypes: ['violations']}).then(r => r.violations)")
    axe = [f"{rule['id']}: {node['html'][:120]} {node['failureSummary'][:200]}" for rule in violations for node in rule["nodes"]]
    return axe + list(page.evaluate(OUT_OF_PLACE, element))


OUT_OF_PLACE = """(name => {
  const root = document.querySelector(name).shadowRoot;
  const wide = document.documentElement.clientWidth;
  const found = [];
  for (const element of root.querySelectorAll('h1, p, button, select, li, .text, .small')) {
    const box = element.getBoundingClientRect();
    if (!box.width || element.closest('.sr') || element.classList.contains('sr')) continue;
    if (box.left < -1 || box.right > wide + 1) found.push('out of the page: ' + element.outerHTML.slice(0, 80));
    const control = element.matches('button, select');
    if (control && (box.height < 43.5 || box.width < 43.5)) found.push('too small: ' + element.outerHTML.slice(0, 80));
  }
  return found;
})"""
