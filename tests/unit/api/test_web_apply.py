"""ApplyWebVerificationBizTokenIntl: every rule has its code, every switch its effect."""

import base64
from typing import Any

import pytest
from msgspec.structs import replace

from openekyc.accounts import revised
from openekyc.engine.values import GestureStep
from openekyc.sessions.model import Page, Session
from openekyc.settings import Settings
from tests.unit.api.caller import PNG, Api
from tests.unit.wire.signer import old_fields

APPLY = "ApplyWebVerificationBizTokenIntl"
IMAGE = base64.b64encode(PNG).decode()
LIMIT = 8_388_608
THERE = "https://shop.example/done"


def with_config(value: dict[str, Any], code: str) -> tuple[dict[str, Any], str]:
    return {"Config": {"CheckMode": 3, **value}}, code


# (parameters beside RedirectURL and a comparable picture, code); "" = passes
RULES: list[tuple[dict[str, Any], str]] = [
    ({}, ""),
    ({"Config": None}, ""),
    ({"Config": {}}, ""),
    ({"Config": []}, "InvalidParameter"),
    ({"Config": "{}"}, "InvalidParameter"),
    ({"RedirectURL": None}, "MissingParameter"),
    *[
        ({"RedirectURL": address}, "")
        for address in ("http://a", "https://shop.example:8443/x?order=1&b=%20#/part", "HTTPS://Shop.Example/", "http://[::1]:8080/x", "https://例え.example/")
    ],
    *[
        ({"RedirectURL": address}, "InvalidParameterValue")
        for address in (
            "", "shop.example", "/done", "//shop.example", "https://", "https:///path", "javascript:alert(1)", "ftp://shop.example",
            "data:text/html,x",
            "https://a b", "https://a\n", "https://a\\@b", "https://a:99999/", "https://a:x/", "https://[::1", f"https://a/{'x' * 2048}",
        )
    ],
    ({"RedirectURL": 5}, "InvalidParameter"),
    ({"RedirectUrl": THERE}, "UnknownParameter"),
    ({"CompareImageBase64": None}, "InvalidParameter"),
    ({"CompareImageBase64": None, "Config": {"CheckMode": 2}}, "InvalidParameter"),
    ({"CompareImageBase64": None, "Config": {"CheckMode": 3}}, ""),
    ({"CompareImageBase64": f"data:image/png;base64,{IMAGE}"}, ""),
    ({"CompareImageBase64": "not Base64"}, "InvalidParameterValue"),
    ({"CompareImageBase64": ""}, "InvalidParameterValue"),
    ({"CompareImageBase64": base64.b64encode(b"hello, world").decode()}, "InvalidParameterValue"),
    ({"CompareImageBase64": "A" * (LIMIT + 4)}, "InvalidParameterValue"),
    ({"CompareImageBase64": 5}, "InvalidParameter"),
    ({"Extra": "ü" * 1000}, ""),
    ({"Extra": "x" * 1001}, "InvalidParameterValue"),
    ({"RuleId": ""}, ""),
    ({"RuleId": "1"}, "InvalidParameterValue.RuleIdNotExist"),
    ({"RuleId": 1}, "InvalidParameter"),
    ({"Config": {"NoSuchSwitch": 1}}, "UnknownParameter"),
    *[({"Config": {"CheckMode": mode}}, "") for mode in (1, 2, 3, 4)],
    *[({"Config": {"CheckMode": mode}}, "InvalidParameterValue") for mode in (0, 5)],
    *[({"Config": {"CheckMode": mode}}, "InvalidParameter") for mode in ("3", True, 3.0)],
    *[
        with_config({name: value}, code)
        for name in (
            "AutoSkipStartPage", "AutoSkip", "DisableCheckOcrWarnings", "SkipPrivacyPolicy", "IdCardCutReturn", "AllowExpiredDocument",
        )
        for value, code in ((True, ""), (False, ""), (None, ""), ("true", "InvalidParameter"), (1, "InvalidParameter"))
    ],
    *[
        with_config({"IDCardType": kind}, "")
        for kind in (
            "HKIDCard", "MLIDCard", "IndonesiaIDCard", "PhilippinesVoteID", "PhilippinesDrivingLicense", "PhilippinesTinID",
            "PhilippinesSSSID", "PhilippinesUMID", "InternationalIDPassport", "ThailandIDCard", "SingaporeIDCard", "MainlandIDCard",
        )
    ],
    *[with_config({"IDCardType": kind}, "InvalidParameterValue") for kind in ("HK", "", "hkidcard")],
    with_config({"IdCardType": "HKIDCard"}, "UnknownParameter"),
    *[with_config({"SecurityLevel": level}, "") for level in (1, 2, 3, 4)],
    *[with_config({"SecurityLevel": level}, "InvalidParameterValue") for level in (0, 5)],
    with_config({"SecurityLevel": "3"}, "InvalidParameter"),
    *[with_config({"ActionList": names, "SecurityLevel": 2}, "") for names in ("blink", "shake,nod")],
    with_config({"ActionList": "mouth", "SecurityLevel": 4}, ""),
    *[with_config({"ActionList": names, "SecurityLevel": 4}, "InvalidParameterValue") for names in ("", "wink", "nod,nod", "nod, blink")],
    *[with_config({"ActionList": "nod", **level}, "InvalidParameter") for level in ({}, {"SecurityLevel": 1}, {"SecurityLevel": 3})],
    *[with_config({"ThemeColor": colour}, "") for colour in ("#2D72F1", "red", "", "#12345", "#1234567", "url(x)")],
    with_config({"ThemeColor": 5}, "InvalidParameter"),
    *[with_config({"Language": language}, "") for language in ("en", "th", "zh-cn", "zh-tc", "id", "ar", "auto")],
    *[with_config({"Language": language}, "InvalidParameterValue") for language in ("", "EN", "xx", "zh")],
    *[with_config({"AutoDowngrade": choice}, "") for choice in (1, 2)],
    *[with_config({"AutoDowngrade": choice}, "InvalidParameterValue") for choice in (0, 3)],
    with_config({"AutoDowngrade": True}, "InvalidParameter"),
    *[with_config({"LivenessRetryLimit": limit}, "") for limit in (1, 99)],
    *[with_config({"LivenessRetryLimit": limit}, "InvalidParameterValue") for limit in (0, 100, -1)],
    *[with_config({"LivenessTimeout": seconds}, "") for seconds in (0, 600)],
    *[with_config({"LivenessTimeout": seconds}, "InvalidParameterValue") for seconds in (-1, 601)],
    *[with_config({"SelectedWarningCodes": codes}, "") for codes in ("", "-9101", "-9101,-8102", "-9101, -9102")],
    *[
        with_config({"SelectedWarningCodes": codes}, "InvalidParameterValue")
        for codes in ("-9105", "9101", ",", "-9101;-9102", "-9101," * 500)
    ],
    with_config({"SelectedWarningCodes": [-9101]}, "InvalidParameter"),
    *[with_config({"Version": version}, "") for version in ("BASIC", "PLUS")],
    *[with_config({"Version": version}, "InvalidParameterValue") for version in ("PRO", "plus", "")],
]  # fmt: skip


@pytest.mark.parametrize(("parameters", "code"), RULES)
async def test_each_rule_has_its_code(api: Api, parameters: dict[str, Any], code: str) -> None:
    assert (await api.call(APPLY, {"RedirectURL": THERE, "CompareImageBase64": IMAGE} | parameters)).code == code


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"Config.CheckMode": "3", "Config.AutoSkip": "True", "Config.SecurityLevel": "4", "Config.ActionList": "nod"}, ""),
        ({"CompareImageBase64": IMAGE}, ""),
        ({"Config.CheckMode": "three"}, "InvalidParameter"),
        ({"Config.CheckMode": "3", "Config.Language": "xx"}, "InvalidParameterValue"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_flattened_forms_follow_the_same_rules(api: Api, fields: dict[str, str], code: str, method: str) -> None:
    assert (await api.call_old(old_fields(Action=APPLY, RedirectURL=THERE, **fields), method)).code == code


# --- what is issued -----------------------------------------------------------------------------------------------------


async def issue(api: Api, config: dict[str, Any] | None = None, **more: Any) -> str:
    parameters = {"RedirectURL": THERE, "CompareImageBase64": IMAGE, "Config": {"CheckMode": 3} | (config or {})} | more
    return str((await api.call(APPLY, parameters)).response["BizToken"])


async def session_of(api: Api, config: dict[str, Any] | None = None, **more: Any) -> Session:
    session = await api.store.session(await issue(api, config, **more))
    assert session
    return session


async def test_the_answer_names_the_page_in_both_spellings(api: Api) -> None:
    answer = (await api.call(APPLY, {"RedirectURL": THERE, "CompareImageBase64": IMAGE})).response
    assert set(answer) == {"BizToken", "VerificationUrl", "VerificationURL", "RequestId"}
    assert answer["VerificationURL"] == answer["VerificationUrl"] == f"http://127.0.0.1:8080/verify?token={answer['BizToken']}"


async def test_the_page_is_where_the_operator_says() -> None:
    api = Api(settings=Settings(public_url="https://ekyc.example/"))
    await api.add_key()
    answer = (await api.call(APPLY, {"RedirectURL": THERE, "Config": {"CheckMode": 3}})).response
    assert answer["VerificationURL"] == f"https://ekyc.example/verify?token={answer['BizToken']}"


async def test_the_defaults_are_the_contracts(api: Api) -> None:
    session = await session_of(api, Config=None)
    terms = session.terms
    assert (terms.family, terms.level, terms.gestures, terms.compare, terms.retry_limit) == ("web", 3, ("blink",), True, 99)
    assert (terms.sdk_version, terms.extra, session.start_by) == ("BASIC", "", session.created_at + 600)
    assert terms.page == Page(redirect_url=THERE, theme_color="", language="en", session_s=45, no_light=True)
    assert await api.blobs.get(session.reference or "") == PNG


@pytest.mark.parametrize(
    ("config", "page"),
    [
        ({"AutoSkipStartPage": True}, {"skip_intro": True}),
        ({"AutoSkip": True}, {"skip_result": True}),
        ({"SkipPrivacyPolicy": True}, {"skip_consent": True}),
        ({"ThemeColor": "#AABBCC"}, {"theme_color": "#aabbcc"}),
        ({"ThemeColor": "blue"}, {"theme_color": ""}),
        ({"ThemeColor": "#2D72F1"}, {"theme_color": "#2d72f1"}),
        ({"Language": "zh-tc"}, {"language": "zh-Hant"}),
        ({"Language": "zh-cn"}, {"language": "zh-Hans"}),
        ({"Language": "pt-br"}, {"language": "pt-BR"}),
        ({"Language": "auto"}, {"language": ""}),
        ({"AutoDowngrade": 2}, {"no_light": False}),
        ({"LivenessTimeout": 0}, {"session_s": 0}),
    ],
)
async def test_switches_of_the_page_act(api: Api, config: dict[str, Any], page: dict[str, Any]) -> None:
    usual = Page(redirect_url=THERE, theme_color="", language="en", session_s=45, no_light=True)
    assert (await session_of(api, config)).terms.page == replace(usual, **page)


async def test_switches_of_the_session_act(api: Api) -> None:
    config = {"SecurityLevel": 4, "ActionList": "shake,nod", "LivenessRetryLimit": 3, "Version": "PLUS"}
    session = await session_of(api, config, Extra="order 7")
    terms = session.terms
    assert (terms.level, terms.gestures, terms.retry_limit, terms.sdk_version) == (4, ("shake", "nod"), 3, "PLUS")
    assert (terms.extra, terms.compare, session.reference) == ("order 7", False, None)


async def test_without_downgrade_the_light_stays(api: Api) -> None:
    strict, lenient = await issue(api, {"AutoDowngrade": 2}), await issue(api, {"AutoDowngrade": 1})
    assert (await api.sessions.begin(lenient, light=False))[1].level == 2
    with pytest.raises(Exception, match="cannot do without the light"):
        await api.sessions.begin(strict, light=False)


@pytest.mark.parametrize(
    "config", [None, {}, {"CheckMode": 3}, {"SecurityLevel": 3}, {"AutoDowngrade": 1, "SecurityLevel": 4, "ActionList": "nod"}]
)
async def test_no_configuration_makes_a_declined_light_the_silent_check(api: Api, config: dict[str, Any] | None) -> None:
    wish: dict[str, Any] = {"RedirectURL": THERE, "CompareImageBase64": IMAGE} | ({} if config is None else {"Config": config})
    token = (await api.call(APPLY, wish)).response["BizToken"]
    _, attempt = await api.sessions.begin(token, light=False)
    made = {step.gesture for step in attempt.challenge.steps if isinstance(step, GestureStep)}
    assert (attempt.level, len(made)) == (2, 2)


async def test_too_many_tokens_of_one_extra_are_refused_at_apply(api: Api) -> None:
    account = await api.accounts.find("acme")
    assert account
    await api.accounts.save(replace(account, settings=revised(account.settings, {"velocity_tokens": "1"})))
    wish = {"RedirectURL": THERE, "Extra": "ann", "Config": {"CheckMode": 3}}
    assert "BizToken" in (await api.call(APPLY, wish)).response
    refused = (await api.call(APPLY, wish)).response["Error"]
    assert (refused["Code"], "within an hour" in refused["Message"]) == ("RequestLimitExceeded", True)
    assert "BizToken" in (await api.call(APPLY, wish | {"Extra": "ben"})).response
