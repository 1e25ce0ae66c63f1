"""ApplySdkVerificationToken and GetSdkVerificationResult: every rule of the contract gives exactly its code, results say what happened."""

import base64
import hashlib
import re
from typing import Any, get_args

import pytest

from openekyc.engine.documents.values import KindName
from openekyc.engine.values import Challenge, Cue, HoldStep, Verdict
from openekyc.sessions.model import Attempt, AttemptState, CardTerms, Media, Page, Session, SessionState
from openekyc.sessions.ports import Change
from openekyc.settings import Settings
from tests.unit.api.caller import PNG, Api, ask
from tests.unit.wire.signer import Request, old_fields

APPLY, RESULT = "ApplySdkVerificationToken", "GetSdkVerificationResult"
IMAGE = base64.b64encode(PNG).decode()
LIMIT = 8_388_608

# (parameters, code); "" = passes
RULES: list[tuple[dict[str, Any], str]] = [
    ({}, ""),
    *[({"CheckMode": mode}, "") for mode in (1, 3, None)],
    *[({"CheckMode": mode}, "InvalidParameterValue") for mode in (0, 4, -1)],
    *[({"CheckMode": mode}, "InvalidParameter") for mode in ("1", True, 1.0)],
    ({"CheckMode": 2}, "InvalidParameter"),
    ({"CheckMode": 2, "CompareImage": None}, "InvalidParameter"),
    ({"CheckMode": 2, "CompareImage": IMAGE}, ""),
    ({"CheckMode": 2, "CompareImage": f"data:image/png;base64,{IMAGE}"}, ""),
    ({"CheckMode": 1, "CompareImage": IMAGE}, ""),
    ({"CheckMode": 2, "CompareImage": ""}, "InvalidParameterValue"),
    ({"CheckMode": 2, "CompareImage": "not Base64"}, "InvalidParameterValue"),
    ({"CheckMode": 2, "CompareImage": base64.b64encode(b"hello, world").decode()}, "InvalidParameterValue"),
    ({"CheckMode": 2, "CompareImage": 5}, "InvalidParameter"),
    ({"CheckMode": 3, "CompareImage": "A" * (LIMIT + 4)}, "FailedOperation.ImageSizeTooLarge"),
    ({"CheckMode": 2, "CompareImage": "A" * (LIMIT + 1)}, "FailedOperation.ImageSizeTooLarge"),
    *[({"SecurityLevel": level}, "") for level in (1, 2, 3, 4)],
    *[({"SecurityLevel": level}, "InvalidParameterValue") for level in (0, 5)],
    *[({"SecurityLevel": level}, "InvalidParameter") for level in ("4", False)],
    ({"SecureLevel": "4"}, "UnknownParameter"),
    *[({"IdCardType": kind}, "") for kind in get_args(KindName)],
    *[({"IdCardType": kind}, "InvalidParameterValue") for kind in ("", "hk", "HKIDCard", "BangladeshIDCard", "NigeriaIDCard")],
    ({"IdCardType": 1}, "InvalidParameter"),
    *[({"ActionList": names}, "") for names in ("blink", "mouth", "nod", "shake", "shake,nod")],
    *[({"ActionList": names}, "InvalidParameterValue") for names in ("", ",", "wink", "nod,nod", "nod, blink", "blink,mouth,nod")],
    *[({"ActionList": "nod", "SecurityLevel": level}, "") for level in (2, 4)],
    *[({"ActionList": "nod", "SecurityLevel": level}, "InvalidParameter") for level in (1, 3)],
    *[({"SdkVersion": tier}, "") for tier in ("BASIC", "ENHANCED", "PRO", "PLUS")],
    ({"SdkVersion": "plus"}, "InvalidParameterValue"),
    *[({"RetryLimit": limit}, "") for limit in (1, 5)],
    *[({"RetryLimit": limit}, "InvalidParameterValue") for limit in (0, 6, -1)],
    ({"RetryLimit": "3"}, "InvalidParameter"),
    ({"Extra": "ü" * 1024}, ""),
    ({"Extra": "x" * 1025}, "InvalidParameterValue"),
    *[({"SelectedWarningCodes": codes}, "") for codes in ([], [-9101], [-9101, -9102, -9103, -9104, -9107, -9108, -8101, -8102])],
    *[({"SelectedWarningCodes": codes}, "InvalidParameterValue") for codes in ([-9109], [-9105, -9101], [9101])],
    *[({"SelectedWarningCodes": codes}, "InvalidParameter") for codes in ("-9101", ["-9101"], [-9101.0], {})],
    ({"CardOcrDisplayFields": ["FullName", "NoSuchField"]}, ""),
    ({"CardOcrDisplayFields": ["FullName"] * 65}, "InvalidParameterValue"),
    ({"CardOcrDisplayFields": "FullName"}, "InvalidParameter"),
    *[({"OcrAutoDetectTimeout": ms}, "") for ms in (0, -5, 20_000, 10**12)],
    ({"OcrAutoDetectTimeout": "20000"}, "InvalidParameter"),
    *[
        ({"OcrModeType": mode}, "")
        for mode in ("OCR_DETECT_MANUAL", "OCR_DETECT_AUTO_MANUAL", "OCR_DETECT_AUTO", "OCR_DETECT_AUTO_MULTI")
    ],
    ({"OcrModeType": "AUTO"}, "InvalidParameterValue"),
    ({"AllowUploadPhoto": True}, ""),
    ({"EnableForgeryDetectionImages": True}, ""),
    ({"AllowUploadPhoto": True, "EnableForgeryDetectionImages": True}, "InvalidParameter"),
    *[
        ({name: value}, code)
        for name in (
            "NeedVerifyIdCard", "DisableChangeOcrResult", "DisableCheckOcrWarnings", "AllowExpiredDocument", "SkipResultPage",
            "SkipLaunchPage", "SkipOcrConfirmPage", "HideProgressBar", "EnableBotBgDetection",
        )
        for value, code in ((True, ""), (False, ""), ("true", "InvalidParameter"))
    ],
    ({"MetaData": "opaque"}, ""),
    ({"RedirectURL": "https://example.com"}, "UnknownParameter"),
]  # fmt: skip


@pytest.mark.parametrize(("parameters", "code"), RULES)
async def test_each_rule_has_its_code(api: Api, parameters: dict[str, Any], code: str) -> None:
    assert (await api.call(APPLY, parameters)).code == code


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"CheckMode": "3", "SecurityLevel": "2", "ActionList": "nod,shake", "SkipResultPage": "True"}, ""),
        ({"CheckMode": "2", "CompareImage": IMAGE}, ""),
        ({"SelectedWarningCodes.0": "-9101", "SelectedWarningCodes.1": "-9102", "CardOcrDisplayFields.0": "FullName"}, ""),
        ({"CheckMode": "x"}, "InvalidParameter"),
        ({"SelectedWarningCodes.0": "-1"}, "InvalidParameterValue"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_flattened_forms_follow_the_same_rules(api: Api, fields: dict[str, str], code: str, method: str) -> None:
    assert (await api.call_old(old_fields(Action=APPLY, **fields), method)).code == code


# --- what is issued -----------------------------------------------------------------------------------------------------


async def session_of(api: Api, **parameters: Any) -> Session:
    session = await api.store.session(await api.token(APPLY, **parameters))
    assert session
    return session


async def test_the_defaults_are_the_contracts(api: Api) -> None:
    session = await session_of(api)
    terms = session.terms
    assert (terms.family, terms.check_mode, terms.level, terms.gestures, terms.retry_limit) == ("sdk", 1, 4, ("blink",), 5)
    assert (terms.card, session.start_by) == (CardTerms("HK"), session.created_at + 7200)


async def test_every_wish_about_the_document_is_kept(api: Api) -> None:
    session = await session_of(
        api,
        IdCardType="MLIDPassport",
        DisableChangeOcrResult=True,
        DisableCheckOcrWarnings=True,
        SelectedWarningCodes=[-9103, -8101, -9103],
        AllowExpiredDocument=False,
        CardOcrDisplayFields=["FullName", "Sex"],
        SkipOcrConfirmPage=True,
        AllowUploadPhoto=True,
        OcrAutoDetectTimeout=1,
        OcrModeType="OCR_DETECT_AUTO_MULTI",
    )
    assert session.terms.card == CardTerms(
        "MLIDPassport", False, (-9103, -8101), True, False, False, ("FullName", "Sex"), "auto", 5000, True
    )


@pytest.mark.parametrize(("asked", "kept"), [(4_999, 5_000), (5_001, 5_001), (200_000, 180_000)])
async def test_the_shutters_time_is_clamped(api: Api, asked: int, kept: int) -> None:
    card = (await session_of(api, OcrAutoDetectTimeout=asked)).terms.card
    assert card
    assert card.auto_timeout_ms == kept


async def test_wishes_about_the_page_are_kept(api: Api) -> None:
    session = await session_of(api, SkipLaunchPage=True, SkipResultPage=True, HideProgressBar=True)
    assert session.terms.page == Page(skip_intro=True, skip_result=True, skip_consent=True, hide_progress=True)


async def test_a_picture_is_kept_only_to_be_compared_with(api: Api) -> None:
    compared = await session_of(api, CheckMode=2, CompareImage=IMAGE)
    assert (compared.terms.check_mode, compared.terms.card, await api.blobs.get(compared.reference or "")) == (2, None, PNG)
    for mode in (1, 3):
        assert (await session_of(api, CheckMode=mode, CompareImage=IMAGE)).reference is None
    assert (await session_of(api, CheckMode=3)).terms.compare is False


async def test_the_token_is_good_for_two_hours(api: Api) -> None:
    token = await api.token(APPLY, CheckMode=3)
    api.clock.now += 7199
    await api.sessions.begin(token)
    late = await api.token(APPLY, CheckMode=3)
    api.clock.now += 7200
    assert (await api.sessions.progress(late)).state == "expired"


# --- results ------------------------------------------------------------------------------------------------------------

LIVE = (Cue("face", "pass"), Cue("light", "pass"))
VIDEO, FRAME, GESTURES = b"the recording", b"\xff\xd8 the best frame", b"the gestures"


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({}, "MissingParameter"),
        ({"SdkToken": None}, "MissingParameter"),
        ({"SdkToken": 5}, "InvalidParameter"),
        ({"SdkToken": ""}, "InvalidParameterValue.BizTokenIllegal"),
        ({"SdkToken": "A" * 100_000}, "InvalidParameterValue.BizTokenIllegal"),
        ({"SdkToken": "D2B55F0C-FB5D-4FB6-8765-3E931EBBFC79"}, "InvalidParameterValue.BizTokenIllegal"),
        ({"BizToken": "x"}, "UnknownParameter"),
    ],
)
async def test_each_rule_of_the_result_has_its_code(api: Api, parameters: dict[str, Any], code: str) -> None:
    assert (await api.call(RESULT, parameters)).code == code


async def result(api: Api, token: str) -> dict[str, Any]:
    return (await api.call(RESULT, {"SdkToken": token})).response


async def judged(api: Api, token: str, *verdicts: Verdict, state: SessionState = SessionState.FAILED) -> None:
    """Concluded attempts in the store, as the judge leaves them."""
    for number, verdict in enumerate(verdicts, 1):
        files = [
            await stored(api, f"sessions/{token.lower()}/{number}/{name}", data)
            for name, data in (("video", VIDEO), ("best", FRAME), ("action", GESTURES))
        ]
        attempt = Attempt(
            token, number, AttemptState.CONCLUDED, Challenge("n", (HoldStep(1),)), 4, opened_at=0.0, touched_at=0.0, verdict=verdict,
            video=files[0], best_frame=files[1], action_video=files[2],
        )  # fmt: skip
        assert await api.store.commit(Change(new_attempt=attempt))
    session = await api.store.session(token)
    assert session
    changed = {"state": state, "attempts": len(verdicts)}
    assert await api.store.commit(Change(session=Session(**{name: getattr(session, name) for name in Session.__struct_fields__} | changed)))


async def stored(api: Api, key: str, data: bytes) -> Media:
    await api.blobs.put(key, data)
    return Media(key, hashlib.md5(data).hexdigest(), len(data), "video/webm")


async def test_before_the_end_there_is_nothing_but_the_text(api: Api) -> None:
    token = await api.token(APPLY, CheckMode=3, Extra="ß\u0007")
    answer = await result(api, token)
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", answer.pop("RequestId"))
    assert answer == {
        "Result": "-999",
        "Description": "The verification process is not finished",
        "ChargeCount": 0,
        "CardVerifyResults": [],
        "CompareResults": [],
        "Extra": "ß\u0007",
        "DeviceInfoLevel": "",
        "DocumentExpired": False,
        "Downgraded": False,
    }


@pytest.mark.parametrize("state", [SessionState.CAPTURING, SessionState.JUDGING])
async def test_a_running_retry_is_not_finished(api: Api, state: SessionState) -> None:
    token = await api.token(APPLY, CheckMode=3)
    await judged(api, token, Verdict("1005", cues=(Cue("light", "deny", "1005"),)), state=state)
    answer = await result(api, token)
    assert (answer["Result"], answer["CompareResults"], answer["ChargeCount"]) == ("-999", [], 0)


async def test_attempts_are_told_in_order_and_the_last_counts(api: Api) -> None:
    token = await api.token(APPLY, CheckMode=2, CompareImage=IMAGE)
    await judged(
        api,
        token,
        Verdict("1005", ("09",), cues=(Cue("light", "deny", "1005"), Cue("compare", "pass")), similarity=91.0),
        Verdict("1004", cues=(Cue("face", "retry", "1004"), Cue("compare", "retry", "2015"))),
        Verdict("2016", cues=(*LIVE, Cue("compare", "deny", "2016")), similarity=41.5),
        Verdict("0", cues=(*LIVE, Cue("compare", "pass")), similarity=93.5),
        state=SessionState.PASSED,
    )
    answer = await result(api, token)
    told = [
        tuple(one[name] for name in ("ErrorCode", "LiveErrorCode", "CompareErrorCode", "Sim", "IsNeedCharge"))
        for one in answer["CompareResults"]
    ]
    assert told == [
        ("1005", "1005", "", 0, True),
        ("1004", "1004", "", 0, False),
        ("2016", "0", "2016", 41.5, False),
        ("0", "0", "0", 93.5, True),
    ]
    assert (answer["Result"], answer["Description"], answer["ChargeCount"]) == ("0", "Success", 2)
    assert answer["CompareResults"][0]["CompareErrorMsg"] == ""
    assert answer["CompareResults"][0]["LivenessInfoTag"] == ["09"]


async def test_liveness_alone_has_no_comparison(api: Api) -> None:
    token = await api.token(APPLY, CheckMode=3)
    await judged(api, token, Verdict("0", cues=(*LIVE, Cue("compare", "skipped"))), state=SessionState.PASSED)
    (one,) = (await result(api, token))["CompareResults"]
    assert (one["LiveErrorCode"], one["CompareErrorCode"], one["CompareErrorMsg"], one["Sim"]) == ("0", "", "", 0)
    assert (one["LiveData"], one["ProfileImage"], one["CardInfoInputJson"]) == (EMPTY, EMPTY, None)


EMPTY = {"Url": "", "MD5": "", "Size": 0}


async def test_media_are_links_made_afresh(api: Api) -> None:
    token = await api.token(APPLY, CheckMode=3)
    await judged(api, token, Verdict("0", cues=LIVE), state=SessionState.PASSED)
    first, again = await result(api, token), await result(api, token)
    (one,), (other,) = first["CompareResults"], again["CompareResults"]
    for name, data in (("LiveVideo", VIDEO), ("BestFrame", FRAME), ("ActionVideo", GESTURES)):
        path = re.sub(r"^https?://[^/]+", "", one[name]["Url"])
        answer = await ask(api.media, Request("GET", b"", {}, b""), path=path)
        assert (answer.status, answer.body, one[name]["Size"]) == (200, data, len(data))
        assert one[name]["Url"] != other[name]["Url"]
    assert one["RequestId"] == other["RequestId"] != first["RequestId"]


@pytest.mark.parametrize(("tier", "tags"), [("BASIC", None), ("ENHANCED", None), ("PRO", None), ("PLUS", ["03"])])
async def test_paid_tiers(tier: str, tags: list[str] | None) -> None:
    api = Api(settings=Settings(paid_tiers=True))
    await api.add_key()
    token = await api.token(APPLY, CheckMode=3, SdkVersion=tier)
    await judged(api, token, Verdict("1002", ("03",), cues=(Cue("silent", "deny", "1002"),)))
    assert (await result(api, token))["CompareResults"][0]["LivenessInfoTag"] == tags


async def test_tokens_belong_to_their_family_and_account(api: Api) -> None:
    await api.add_key("AKIDOTHER", account="other")
    own, foreign = await api.token(APPLY, CheckMode=3), await api.token("GetFaceIdTokenIntl")
    illegal = "InvalidParameterValue.BizTokenIllegal"
    assert (await api.call(RESULT, {"SdkToken": foreign})).code == illegal
    assert (await api.call("GetFaceIdResultIntl", {"SdkToken": own})).code == illegal
    assert (await api.call(RESULT, {"SdkToken": own}, secret_id="AKIDOTHER")).code == illegal
    assert (await api.call(RESULT, {"SdkToken": own})).code == ""


async def test_results_are_kept_three_days(api: Api) -> None:
    token = await api.token(APPLY, CheckMode=3)
    issued = api.clock.now
    api.clock.now = issued + 259_200 - 2  # the call itself takes two
    assert (await api.call(RESULT, {"SdkToken": token})).code == ""
    assert (await api.call(RESULT, {"SdkToken": token})).code == "InvalidParameterValue.BizTokenExpired"
