"""Every screen in every language on small screens and with large letters: what is to be pressed is in view, and nothing is out of reach."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.test_screens import opened, stories  # noqa: F401 - fixtures

LANGUAGES = ("en", "zh-Hans", "zh-Hant", "ja", "th", "id", "ms", "vi", "ko", "pt-BR", "ar")
SIZES = ((320, 480, 100), (375, 553, 100), (390, 844, 100), (844, 390, 100), (390, 844, 200), (1280, 800, 200))
SMALLER = ((320, 480, 200), (375, 553, 200), (844, 390, 200))

pytestmark = pytest.mark.timeout(400)

MEASURE = """async ([languages, scale, all]) => {
  document.documentElement.style.fontSize = `${scale}%`;
  const element = document.querySelector("openekyc-capture");
  const found = [];
  let pressed = 0;
  for (const lang of languages) for (const name of window.stories) {
    await window.lay(name, lang);
    const root = element.shadowRoot;
    const panel = root.querySelector(".panel, .stage");
    if (!panel) { found.push(`${name} ${lang}: nothing is shown`); continue; }
    const say = (what, node) => {
      const text = node.textContent.trim().replace(/\\s+/g, " ").slice(0, 40);
      found.push(`${name} ${lang}: ${what} ${node.className} ${text}`);
    };
    const inside = (node) => {
      const box = node.getBoundingClientRect();
      return box.top >= -0.5 && box.left >= -0.5 && box.bottom <= innerHeight + 0.5 && box.right <= innerWidth + 0.5;
    };
    const bar = panel.querySelector(".actions");
    const main = [...panel.querySelectorAll(".actions > *, .shutter, .foot .link")];
    pressed += main.length;
    for (const node of main) {
      if (!all) node.scrollIntoView({block: "nearest"});
      if (!inside(node)) say("out of view:", node);
    }
    const first = main.find((node) => node.matches(".button, .shutter"));
    if (all && first && first.matches(".shutter") && first.getBoundingClientRect().bottom + 6 > innerHeight - 8)
      say("at the edge:", first);
    if (bar && panel.scrollWidth > panel.clientWidth + 1) say("scrolls sideways:", panel);
    if (all && scale === 100 && panel.matches(".stage") && panel.scrollHeight > panel.clientHeight + 1) say("the camera scrolls:", panel);
    // whatever is covered at first comes out by scrolling
    if (!bar || !bar.childElementCount) continue;
    panel.scrollTop = 0;
    const top = panel.getBoundingClientRect().top;
    for (const node of panel.querySelectorAll(":scope > :not(.actions)")) {
      panel.scrollTop += node.getBoundingClientRect().top - top;
      const box = node.getBoundingClientRect(), cover = bar.getBoundingClientRect();
      const over = getComputedStyle(bar).position === "sticky" && node.compareDocumentPosition(bar) & Node.DOCUMENT_POSITION_FOLLOWING;
      const room = (over ? cover.top : innerHeight) - top;
      if (box.top < -0.5 || (over && room < 40)) say(`only ${room.toFixed(0)} px to read in:`, node);
    }
    panel.scrollTop = panel.scrollHeight;
    const last = panel.querySelector(":scope > :last-child");
    if (last && last.getBoundingClientRect().bottom > innerHeight + 0.5) say("out of reach:", last);
  }
  return {found, pressed};
}"""


@pytest.mark.parametrize(("width", "height", "scale"), [*SIZES, *SMALLER])
def test_what_is_to_be_pressed_is_in_view(opened: Page, width: int, height: int, scale: int) -> None:  # noqa: F811
    opened.set_viewport_size({"width": width, "height": height})
    measured: dict[str, Any] = opened.evaluate(MEASURE, [LANGUAGES, scale, (width, height, scale) in SIZES])
    assert measured["pressed"] > 50 * len(LANGUAGES)
    assert not measured["found"], "\n".join(measured["found"])
