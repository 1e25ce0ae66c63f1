"""ApplyWebVerificationBizTokenIntl and GetWebVerificationResultIntl: every rule has its code, every switch its effect, and results speak
the vendor's web numbers."""

import base64
from typing import Any, get_args

import pytest
from msgspec.structs import replace

from openekyc.api import web
from openekyc.engine.values import Challenge, Cue, Hint, HoldStep, Verdict
from openekyc.sessions.model import Attempt, AttemptState, Media, Page, Session, SessionState
from openekyc.sessions.ports import Change
from openekyc.settings import Settings
from tests.unit.api.caller import PNG, Api
from tests.unit.wire.signer import old_fields

APPLY, RESULT = "ApplyWebVerificationBizTokenIntl", "GetWebVerificationResultIntl"
IMAGE = base64.b64encode(PNG).decode()
LIMIT = 8_388_608
THERE = "https://shop.example/done"
ILLEGAL, EXPIRED = "InvalidParameterValue.BizTokenIllegal", "InvalidParameterValue.BizTokenExpired"


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
    *[({"Config": {"CheckMode": mode}}, "") for mode in (2, 3)],
    *[({"Config": {"CheckMode": mode}}, "UnsupportedOperation") for mode in (1, 4)],
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
    assert terms.page == Page(redirect_url=THERE, theme_color="#2d72f1", language="en", session_s=45, no_light=True)
    assert await api.blobs.get(session.reference or "") == PNG


@pytest.mark.parametrize(
    ("config", "page"),
    [
        ({"AutoSkipStartPage": True}, {"skip_intro": True}),
        ({"AutoSkip": True}, {"skip_result": True}),
        ({"SkipPrivacyPolicy": True}, {"skip_consent": True}),
        ({"ThemeColor": "#AABBCC"}, {"theme_color": "#aabbcc"}),
        ({"ThemeColor": "blue"}, {"theme_color": "#2d72f1"}),
        ({"Language": "zh-tc"}, {"language": "zh-Hant"}),
        ({"Language": "zh-cn"}, {"language": "zh-Hans"}),
        ({"Language": "pt-br"}, {"language": "pt-BR"}),
        ({"Language": "auto"}, {"language": ""}),
        ({"AutoDowngrade": 2}, {"no_light": False}),
        ({"LivenessTimeout": 0}, {"session_s": 0}),
    ],
)
async def test_switches_of_the_page_act(api: Api, config: dict[str, Any], page: dict[str, Any]) -> None:
    usual = Page(redirect_url=THERE, theme_color="#2d72f1", language="en", session_s=45, no_light=True)
    assert (await session_of(api, config)).terms.page == replace(usual, **page)


async def test_switches_of_the_session_act(api: Api) -> None:
    config = {"SecurityLevel": 4, "ActionList": "shake,nod", "LivenessRetryLimit": 3, "Version": "PLUS"}
    session = await session_of(api, config, Extra="order 7")
    terms = session.terms
    assert (terms.level, terms.gestures, terms.retry_limit, terms.sdk_version) == (4, ("shake", "nod"), 3, "PLUS")
    assert (terms.extra, terms.compare, session.reference) == ("order 7", False, None)


async def test_without_downgrade_the_light_stays(api: Api) -> None:
    strict, lenient = await issue(api, {"AutoDowngrade": 2}), await issue(api, {"AutoDowngrade": 1})
    assert (await api.sessions.begin(lenient, light=False))[1].level == 1
    with pytest.raises(Exception, match="cannot do without the light"):
        await api.sessions.begin(strict, light=False)


# --- results ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({}, "MissingParameter"),
        ({"BizToken": None}, "MissingParameter"),
        ({"BizToken": 5}, "InvalidParameter"),
        ({"BizToken": ""}, ILLEGAL),
        ({"BizToken": "A" * 100_000}, ILLEGAL),
        ({"BizToken": "D2B55F0C-FB5D-4FB6-8765-3E931EBBFC79"}, ILLEGAL),
        ({"SdkToken": "x"}, "UnknownParameter"),
    ],
)
async def test_each_rule_of_the_result_has_its_code(api: Api, parameters: dict[str, Any], code: str) -> None:
    assert (await api.call(RESULT, parameters)).code == code


async def result(api: Api, token: str, **more: Any) -> dict[str, Any]:
    return (await api.call(RESULT, {"BizToken": token}, **more)).response


async def file(api: Api, key: str, data: bytes) -> Media:
    await api.blobs.put(key, data)
    return Media(key, "0" * 32, len(data), "video/webm")


LIVE = (Cue("face", "pass"), Cue("light", "pass"))
OPENED_AT = 1_700_000_000.5


async def put(api: Api, token: str, *ends: Verdict | str, state: SessionState, **session: Any) -> None:
    """Attempts in the store, each with its verdict or the reason it was given up for."""
    for number, end in enumerate(ends, 1):
        changes: dict[str, Any] = {"state": AttemptState.ABANDONED, "given_up": end}
        if isinstance(end, Verdict):
            files = {
                name: await file(api, f"sessions/{token.lower()}/{number}/{name}", f"{name} {number}".encode())
                for name in ("video", "best_frame")
            }
            changes = {"state": AttemptState.CONCLUDED, "verdict": end, **files}
        attempt = Attempt(token, number, challenge=Challenge("n", (HoldStep(1),)), level=3, opened_at=OPENED_AT, touched_at=0.0, **changes)
        assert await api.store.commit(Change(new_attempt=attempt))
    stored = await api.store.session(token)
    assert stored
    assert await api.store.commit(Change(session=replace(stored, state=state, attempts=len(ends), **session)))


async def test_before_the_end_there_is_the_code_and_nothing_else(api: Api) -> None:
    token = await issue(api)
    answer = await result(api, token)
    answer.pop("RequestId")
    assert answer == {
        "ErrorCode": 17,
        "ErrorMsg": "The verification process is not finished",
        "VerificationDetailList": [],
        "VideoBase64": None,
        "BestFrameBase64": None,
        "OCRResult": None,
        "Extra": None,
    }


@pytest.mark.parametrize("state", [SessionState.CAPTURING, SessionState.JUDGING])
async def test_a_running_retry_is_not_finished(api: Api, state: SessionState) -> None:
    token = await issue(api)
    await put(api, token, Verdict("1005"), state=state)
    answer = await result(api, token)
    assert (answer["ErrorCode"], answer["VerificationDetailList"], answer["VideoBase64"]) == (17, [], None)


async def test_a_pass_has_its_media_and_its_details(api: Api) -> None:
    token = await issue(api, {"CheckMode": 2}, Extra="ß")
    refused = Verdict("1005", ("09",), cues=(Cue("light", "deny", "1005"), Cue("compare", "pass")), similarity=91.0)
    unlike = Verdict("2016", cues=(*LIVE, Cue("compare", "deny", "2016")), similarity=41.5)
    passed = Verdict("0", cues=(*LIVE, Cue("compare", "pass")), similarity=93.5)
    await put(api, token, refused, "left", unlike, "timed_out", passed, state=SessionState.PASSED)
    answer = await result(api, token)
    assert (answer["ErrorCode"], answer["ErrorMsg"], answer["Extra"], answer["OCRResult"]) == (0, "Success", "ß", None)
    assert base64.b64decode(answer["VideoBase64"]) == b"video 5"
    assert base64.b64decode(answer["BestFrameBase64"]) == b"best_frame 5"
    names = ("ErrorCode", "LivenessErrorCode", "CompareErrorCode", "Similarity")
    assert [tuple(one[name] for name in names) for one in answer["VerificationDetailList"]] == [
        (1005, 1005, None, 0),
        (1410, 1410, None, 0),
        (2016, 0, 2016, 41.5),
        (1409, 1409, None, 0),
        (0, 0, 0, 93.5),
    ]
    first = answer["VerificationDetailList"][0]
    assert (first["ErrorMsg"], first["CompareErrorMsg"], first["LivenessInfoTag"]) == ("The liveness check failed", None, ["07"])
    assert first["ReqTimestamp"] == 1_700_000_000_500
    assert len({one["Seq"] for one in answer["VerificationDetailList"]}) == 5
    assert [one["Seq"] for one in (await result(api, token))["VerificationDetailList"]] == [
        one["Seq"] for one in answer["VerificationDetailList"]
    ]


async def test_liveness_alone_has_no_comparison(api: Api) -> None:
    token = await issue(api)
    await put(api, token, Verdict("0", cues=(*LIVE, Cue("compare", "skipped"))), state=SessionState.PASSED)
    (one,) = (await result(api, token))["VerificationDetailList"]
    assert (one["LivenessErrorCode"], one["LivenessErrorMsg"], one["CompareErrorCode"], one["CompareErrorMsg"]) == (
        0,
        "Success",
        None,
        None,
    )
    assert one["Similarity"] == 0


@pytest.mark.parametrize(
    ("ends", "state", "ended", "code"),
    [
        ((), SessionState.READY, "", 17),
        ((), SessionState.READY, "left", 1410),
        ((), SessionState.READY, "timed_out", 1409),
        ((), SessionState.EXPIRED, "", 15),
        ((), SessionState.EXPIRED, "left", 1410),
        (("left",), SessionState.READY, "", 17),
        (("timed_out",), SessionState.READY, "timed_out", 1409),
        (("left",), SessionState.EXPIRED, "", 15),
        ((Verdict("1005"),), SessionState.READY, "", 1005),
        ((Verdict("1005"),), SessionState.READY, "left", 1410),
        ((Verdict("1005"),), SessionState.EXPIRED, "", 1005),
        ((Verdict("1005"), "left"), SessionState.READY, "", 1005),
        ((Verdict("1005"), "left"), SessionState.FAILED, "left", 1410),
        ((Verdict("1005"), "camera"), SessionState.FAILED, "", 16),
        (("left",), SessionState.FAILED, "", 16),
        (("left", Verdict("1002")), SessionState.FAILED, "", 1002),
        (("left", Verdict("0")), SessionState.PASSED, "", 0),
    ],
)
async def test_how_it_ended_has_its_code(api: Api, ends: tuple[Verdict | str, ...], state: SessionState, ended: str, code: int) -> None:
    token = await issue(api)
    await put(api, token, *ends, state=state, ended=ended)
    answer = await result(api, token)
    assert answer["ErrorCode"] == code
    assert len(answer["VerificationDetailList"]) == (0 if code == 17 else len(ends))


async def test_an_attempt_that_did_not_count_is_not_told(api: Api) -> None:
    token = await issue(api)
    await put(api, token, "page_hidden", Verdict("1005"), state=SessionState.FAILED)
    first = await api.store.attempt(token, 1)
    assert first
    assert await api.store.commit(Change(attempt=replace(first, counts=False)))
    assert [one["ErrorCode"] for one in (await result(api, token))["VerificationDetailList"]] == [1005]


async def test_a_broken_off_last_attempt_has_no_media(api: Api) -> None:
    token = await issue(api)
    await put(api, token, Verdict("1005"), "camera", state=SessionState.FAILED)
    answer = await result(api, token)
    assert (answer["VideoBase64"], answer["BestFrameBase64"]) == (None, None)
    assert [one["ErrorCode"] for one in answer["VerificationDetailList"]] == [1005, 202]


@pytest.mark.parametrize(
    ("text", "hint", "code"),
    [
        ("0", "", 0),
        ("1001", "", 1001),
        ("1002", "try_again", 1002),
        ("1004", "no_face", 1004),
        ("1004", "hold_still", 1004),
        ("1004", "move_closer", 1205),
        ("1004", "move_back", 1203),
        ("1004", "face_covered", 1210),
        ("1004", "recording_incomplete", 1107),
        ("1004", "one_person_only", 2012),
        ("1005", "follow_prompts", 1005),
        ("1201", "more_light", 1201),
        ("1201", "less_light", 1202),
        ("2004", "", 2004),
        ("2012", "one_person_only", 2012),
        ("2013", "", 2013),
        ("2014", "", 2014),
        ("2015", "no_face", 2015),
        ("2016", "try_again", 2016),
        ("2017", "face_covered", 1210),
        ("2017", "", 1210),
    ],
)
def test_codes_in_the_webs_numbers(text: str, hint: Hint, code: int) -> None:
    assert web.code(text, hint) == code


def test_every_code_that_can_come_out_has_its_words() -> None:
    from openekyc.api.results import DESCRIPTIONS

    possible = {web.code(text, hint) for text in DESCRIPTIONS if text != "-999" for hint in get_args(Hint)}
    assert possible | {web.EXPIRED, web.RETRIES_USED_UP, web.NOT_FINISHED, web.NO_VIDEO, web.TIMED_OUT, web.LEFT} == set(web.WORDS)


@pytest.mark.parametrize(
    ("tags", "cues", "hint", "told"),
    [
        (("01", "02"), (), "", ("01", "02")),
        (("03",), (), "", ("03",)),
        (("04", "05", "06"), (), "", ("04",)),
        (("07", "08", "09"), (), "", ("05", "06", "07")),
        (("10",), (Cue("face", "retry"),), "no_face", ("09",)),
        (("10",), (Cue("continuity", "deny"),), "", ("08",)),
        (("11",), (), "face_covered", ("09", "14")),
        (("11", "12", "13"), (), "", ("09", "11")),
    ],
)
def test_tags_in_the_webs_numbers(tags: tuple[str, ...], cues: tuple[Cue, ...], hint: Hint, told: tuple[str, ...]) -> None:
    assert web.tags(Verdict("1005", tags, hint, cues=cues)) == told


async def test_declined_light_and_the_sandbox_are_said_with_the_result(api: Api) -> None:
    await api.add_key("AKIDSANDBOX", account="box", sandbox=True)
    answer = await api.call(APPLY, {"RedirectURL": THERE, "Config": {"CheckMode": 3, "SecurityLevel": 4}}, secret_id="AKIDSANDBOX")
    token = answer.response["BizToken"]
    await put(api, token, Verdict("0", cues=LIVE), state=SessionState.PASSED)
    told = await result(api, token, secret_id="AKIDSANDBOX")
    assert told["ErrorMsg"] == told["VerificationDetailList"][0]["ErrorMsg"] == "Success (flashing colours declined) (sandbox)"


async def test_messages_in_chinese(api: Api) -> None:
    token = await issue(api)
    await put(api, token, Verdict("1201", (), "less_light"), state=SessionState.FAILED)
    assert (await result(api, token, more={"x-tc-language": "zh-CN"}))["ErrorMsg"] == "光线过强"


@pytest.mark.parametrize(("version", "tags"), [("BASIC", None), ("PLUS", ["03"])])
async def test_paid_tiers(version: str, tags: list[str] | None) -> None:
    api = Api(settings=Settings(paid_tiers=True))
    await api.add_key()
    token = await issue(api, {"Version": version})
    await put(api, token, Verdict("1002", ("03",)), state=SessionState.FAILED)
    assert (await result(api, token))["VerificationDetailList"][0]["LivenessInfoTag"] == tags


async def test_tokens_belong_to_their_family_and_account(api: Api) -> None:
    await api.add_key("AKIDOTHER", account="other")
    own, foreign = await issue(api), await api.token("GetFaceIdTokenIntl")
    assert (await api.call(RESULT, {"BizToken": foreign})).code == ILLEGAL
    assert (await api.call("GetFaceIdResultIntl", {"SdkToken": own})).code == ILLEGAL
    assert (await api.call(RESULT, {"BizToken": own}, secret_id="AKIDOTHER")).code == ILLEGAL
    assert (await api.call(RESULT, {"BizToken": own})).code == ""


async def test_results_are_kept_three_days(api: Api) -> None:
    token = await issue(api)
    issued = api.clock.now
    api.clock.now = issued + 259_200 - 2  # the call itself takes two
    assert (await api.call(RESULT, {"BizToken": token})).code == ""
    assert (await api.call(RESULT, {"BizToken": token})).code == EXPIRED


async def test_a_token_nobody_began_with_in_ten_minutes_expired(api: Api) -> None:
    token = await issue(api)
    api.clock.now += 599
    assert (await result(api, token))["ErrorCode"] in (15, 17)
    api.clock.now += 2
    assert (await result(api, token))["ErrorCode"] == 15
