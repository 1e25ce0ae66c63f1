"""Who asks: what is set for an account stands on the page, and what a person agrees to there is kept with the session."""

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Route, expect

from tests.browser.conftest import PageFor
from tests.browser.people import AGREE, press, reach, view
from tests.conftest import Running

pytestmark = pytest.mark.timeout(400)

PRIVACY, TERMS, SUPPORT = "https://acme.example/privacy", "https://acme.example/terms", "mailto:help@acme.example"
CONSENT = "I agree that Acme Ltd. films my face.\nI can withdraw at any time."
VALUES = {
    "brand_name": "Acme Ltd.",
    "brand_color": "#7a1fa2",
    "brand_purpose": "To open your <account>.",
    "brand_kept": "30 days",
    "brand_privacy_url": PRIVACY,
    "brand_terms_url": TERMS,
    "brand_support": SUPPORT,
    "brand_consent.en": CONSENT,
}
SHOWN = f"""Acme Ltd. asks you to confirm your identity.
Purpose: To open your <account>.
How long your data are kept: 30 days
Privacy policy <{PRIVACY}>
Terms <{TERMS}>
Get help <{SUPPORT}>
{CONSENT}"""


@dataclass(frozen=True)
class Branded:
    """An account whose brand is set, on the running server."""

    token: Callable[..., str]
    explain: Callable[[str], dict[str, Any]]


@pytest.fixture(scope="module")
def branded(server: Running, client_for: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Branded:
    def command(*words: str) -> str:
        whole = [sys.executable, "-m", "openekyc.cli.main", *words, "--home", str(server.home), "--json"]
        return subprocess.run(whole, check=True, capture_output=True, text=True).stdout

    logo = tmp_path_factory.mktemp("logo") / "logo.png"
    Image.new("RGBA", (400, 80), "#7a1fa2").save(logo)
    key = server.process.create_key("acme-branded", sandbox=True)
    command("accounts", "set", "acme-branded", f"brand_logo={logo}", *(f"{name}={value}" for name, value in VALUES.items()))

    def token(level: str = "1") -> str:
        return str(client_for(key).call_json("GetFaceIdTokenIntl", {"SecureLevel": level})["Response"]["SdkToken"])

    return Branded(token, lambda session: dict(json.loads(command("explain", session))))


def test_the_page_says_who_asks_and_keeps_what_was_agreed(page_for: PageFor, server: Running, branded: Branded) -> None:
    token = branded.token()
    page = page_for({"locale": "en-GB"})
    page.goto(f"{server.url}/verify#token={token}")
    reach(page, "intro")
    logo = page.get_by_role("img", name="Acme Ltd.")
    expect(logo).to_be_visible()
    page.wait_for_function("logo => logo.complete && logo.naturalWidth === 400", arg=logo.element_handle())
    shown = page.locator(".panel").inner_text()
    for text in ("Acme Ltd. asks you", "To open your <account>.", "30 days", *CONSENT.split("\n")):
        assert text in shown
    links = page.locator(".links a").evaluate_all("links => links.map(link => [link.href, link.target, link.rel])")
    assert links == [
        [PRIVACY, "_blank", "noopener noreferrer"],
        [TERMS, "_blank", "noopener noreferrer"],
        [SUPPORT, "", "noopener noreferrer"],
    ]
    assert page.get_by_role("button", name=AGREE).evaluate("button => getComputedStyle(button).backgroundColor") == "rgb(122, 31, 162)"

    press(page, AGREE)
    reach(page, "passed")
    kept = branded.explain(token)["consent"]
    assert (kept["state"], kept["language"], kept["text"]) == ("agreed", "en", SHOWN)
    assert kept["sha256"] == hashlib.sha256(SHOWN.encode()).hexdigest()


def test_the_warning_of_flashing_colours_is_seen_before_agreeing(page_for: PageFor, server: Running, branded: Branded) -> None:
    page = page_for({"locale": "en-GB", "viewport": {"width": 320, "height": 480}})
    page.goto(f"{server.url}/verify#token={branded.token('3')}")
    reach(page, "intro")
    title = page.get_by_role("heading", name="Flashing colours").bounding_box()
    consent = page.locator("[part=consent]").bounding_box()
    assert title
    assert consent
    assert title["y"] >= 0
    assert title["y"] + title["height"] <= consent["y"]  # what sticks to the bottom does not cover it


def test_nobody_goes_on_before_the_consent_is_kept(page_for: PageFor, server: Running, branded: Branded) -> None:
    token = branded.token()
    page = page_for({"locale": "en-GB"}, missing=True)
    said: list[str] = []

    def lose(route: Route) -> None:
        said.append("lost")
        route.abort()

    def refuse(route: Route) -> None:
        said.append("refused")
        problem = {"problem": "internal", "detail": "The server failed.", "remedy": "Try again."}
        route.fulfill(status=400, json=problem)

    page.route("**/capture/v1/consent", lose)
    page.goto(f"{server.url}/verify#token={token}")
    reach(page, "intro")
    press(page, AGREE)
    page.locator(".banner").wait_for()  # no connection: it is tried again
    assert view(page)["state"] == "agreeing"

    page.unroute("**/capture/v1/consent", lose)
    page.route("**/capture/v1/consent", refuse)
    assert reach(page, "trouble") == "trouble"
    expect(page.get_by_role("link", name="Get help: help@acme.example")).to_be_visible()
    assert branded.explain(token)["consent"]["state"] == "open"

    page.unroute("**/capture/v1/consent", refuse)
    press(page, "Try again")
    reach(page, "intro")
    press(page, AGREE)
    assert reach(page, "camera_help") == "camera_help"  # this computer has no camera: the first screen was left
    assert branded.explain(token)["consent"]["text"] == SHOWN
