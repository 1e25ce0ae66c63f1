"""What an integrator asks of the page is what the person sees."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page
from tencentcloud.faceid.v20180301 import models

from tests.browser.conftest import PageFor
from tests.browser.people import AGREE, END_S, reach
from tests.conftest import Running

pytestmark = pytest.mark.timeout(400)


@pytest.fixture
def applied(server: Running, client_for: Callable[..., Any]) -> Callable[..., str]:
    """`applied(**config)`: the address of a new session of the hosted page."""
    sdk = client_for(server.sandbox_key)

    def apply(**config: Any) -> str:
        request = models.ApplyWebVerificationBizTokenIntlRequest()
        request._deserialize({"RedirectURL": "https://shop.example/", "Config": {"CheckMode": 3, **config}})
        return str(sdk.ApplyWebVerificationBizTokenIntl(request).VerificationURL)

    return apply


def has_steps(page: Page) -> bool:
    return page.locator(".panel ol").count() == 1


def has_consent(page: Page) -> bool:
    return page.locator(".actions .small").count() == 1


def has_warning(page: Page) -> bool:
    return page.locator(".warning").count() == 1


@pytest.mark.parametrize(
    ("config", "steps", "consent", "warning"),
    [
        ({"SecurityLevel": 3}, True, True, True),
        ({"SecurityLevel": 1, "AutoSkipStartPage": True}, False, True, False),
        ({"SecurityLevel": 1, "SkipPrivacyPolicy": True}, True, False, False),
        ({"SecurityLevel": 3, "AutoSkipStartPage": True, "SkipPrivacyPolicy": True}, False, False, True),
    ],
)
def test_the_first_screen_leaves_out_what_was_switched_off_and_nothing_else(
    page_for: PageFor, applied: Callable[..., str], config: dict[str, Any], steps: bool, consent: bool, warning: bool
) -> None:
    page = page_for()
    page.goto(applied(**config))
    reach(page, "intro")
    assert (has_steps(page), has_consent(page), has_warning(page)) == (steps, consent, warning)


def test_with_nothing_left_to_say_the_camera_is_first(page_for: PageFor, applied: Callable[..., str]) -> None:
    page = page_for(missing=True)
    page.goto(applied(SecurityLevel=1, AutoSkipStartPage=True, SkipPrivacyPolicy=True))
    assert reach(page, "camera_help") == "camera_help"


@pytest.mark.parametrize(
    ("config", "language", "direction", "button"),
    [
        ({}, "en", "ltr", AGREE),
        ({"Language": "zh-tc"}, "zh-Hant", "ltr", "同意並繼續"),
        ({"Language": "auto"}, "ar", "rtl", "موافقة ومتابعة"),
    ],
)
def test_the_page_speaks_the_language_asked_for(
    page_for: PageFor, applied: Callable[..., str], config: dict[str, Any], language: str, direction: str, button: str
) -> None:
    page = page_for({"locale": "ar-EG"})
    page.goto(applied(SecurityLevel=1, **config))
    page.get_by_role("button", name=button, exact=True).wait_for()
    assert page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == [language, direction]


@pytest.mark.parametrize(("asked", "shown"), [("#7A1FA2", "rgb(122, 31, 162)"), ("no colour", "rgb(43, 109, 231)")])
def test_the_button_has_the_colour_asked_for(  # or for want of one the contract's, darker by what white letters on it need
    page_for: PageFor, applied: Callable[..., str], asked: str, shown: str
) -> None:
    page = page_for({"color_scheme": "light"})
    page.goto(applied(SecurityLevel=1, ThemeColor=asked))
    button = page.get_by_role("button", name=AGREE, exact=True)
    assert button.evaluate("button => getComputedStyle(button).backgroundColor") == shown


def test_an_app_s_session_without_first_and_last_screen(page_for: PageFor, server: Running, client_for: Callable[..., Any]) -> None:
    wishes = {"CheckMode": 3, "SecurityLevel": 1, "SkipLaunchPage": True, "SkipResultPage": True}
    token = client_for(server.sandbox_key).call_json("ApplySdkVerificationToken", wishes)["Response"]["SdkToken"]
    page = page_for()
    page.goto(f"{server.url}/verify#token={token}")
    page.get_by_text("You can close this page.").wait_for(timeout=1000 * END_S)
    assert page.locator("openekyc-capture").count() == 0
