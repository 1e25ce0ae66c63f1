"""The four session actions: every rule of the contract gives exactly its code, and results say what happened."""

import base64
import hashlib
from typing import Any

import msgspec
import pytest

from openekyc.api.results import DESCRIPTIONS
from openekyc.engine.values import Challenge, Cue, HoldStep, Verdict
from openekyc.sessions.model import Attempt, AttemptState, Media, Session, SessionState
from openekyc.sessions.ports import Change
from openekyc.settings import Settings
from tests.unit.api.caller import PNG, Api, ask
from tests.unit.wire.signer import Request, old_fields

IMAGE = base64.b64encode(PNG).decode()
LIMIT = 8_388_608
FORM = "application/x-www-form-urlencoded"

# (action, parameters, code); "" = passes
RULES: list[tuple[str, dict[str, Any], str]] = [
    ("ApplyLivenessToken", {}, ""),
    *[("ApplyLivenessToken", {"SecureLevel": level}, "") for level in "1234"],
    ("ApplyLivenessToken", {"SecureLevel": None}, ""),
    *[("ApplyLivenessToken", {"SecureLevel": level}, "InvalidParameterValue") for level in ("", "0", "5", " 1", "1 ", "１", "high")],
    *[("ApplyLivenessToken", {"SecureLevel": level}, "InvalidParameter") for level in (1, 1.0, True, ["1"], {})],
    ("ApplyLivenessToken", {"Securelevel": "1"}, "UnknownParameter"),
    ("ApplyLivenessToken", {"RetryLimit": 3}, "UnknownParameter"),
    ("GetFaceIdTokenIntl", {}, ""),
    ("GetFaceIdTokenIntl", {"CheckMode": "liveness", "RetryLimit": 1}, ""),
    ("GetFaceIdTokenIntl", {"CheckMode": "compare", "Image": IMAGE}, ""),
    ("GetFaceIdTokenIntl", {"CheckMode": "compare", "Image": f"data:image/png;base64,{IMAGE}"}, ""),
    ("GetFaceIdTokenIntl", {"CheckMode": "liveness", "Image": IMAGE}, ""),
    ("GetFaceIdTokenIntl", {"CheckMode": "compare"}, "InvalidParameter"),
    ("GetFaceIdTokenIntl", {"CheckMode": "compare", "Image": None}, "InvalidParameter"),
    ("GetFaceIdTokenIntl", {"CheckMode": "compare", "Image": ""}, "InvalidParameter"),
    ("GetFaceIdTokenIntl", {"CheckMode": "compare", "Image": "not Base64"}, "InvalidParameter"),
    ("GetFaceIdTokenIntl", {"CheckMode": "compare", "Image": IMAGE + "\r\n"}, ""),
    ("GetFaceIdTokenIntl", {"CheckMode": "compare", "Image": IMAGE.replace("+", "-").replace("/", "_") + "-_"}, "InvalidParameter"),
    ("GetFaceIdTokenIntl", {"CheckMode": "compare", "Image": IMAGE.rstrip("=")[:-1]}, "InvalidParameter"),
    ("GetFaceIdTokenIntl", {"CheckMode": "compare", "Image": base64.b64encode(b"hello, world").decode()}, "InvalidParameter"),
    ("GetFaceIdTokenIntl", {"CheckMode": "compare", "Image": 5}, "InvalidParameter"),
    ("GetFaceIdTokenIntl", {"CheckMode": "compare", "Image": "A" * (LIMIT + 1)}, "FailedOperation.ImageSizeTooLarge"),
    ("GetFaceIdTokenIntl", {"Image": "A" * (LIMIT + 4)}, "FailedOperation.ImageSizeTooLarge"),
    ("GetFaceIdTokenIntl", {"CheckMode": "compare", "Image": "A" * LIMIT}, "InvalidParameter"),
    ("GetFaceIdTokenIntl", {"CheckMode": "other"}, "InvalidParameter"),
    ("GetFaceIdTokenIntl", {"CheckMode": True}, "InvalidParameter"),
    ("GetFaceIdTokenIntl", {"SecureLevel": "5"}, "InvalidParameter"),
    ("GetFaceIdTokenIntl", {"SecureLevel": 4}, "InvalidParameter"),
    *[("GetFaceIdTokenIntl", {"SdkVersion": tier}, "") for tier in ("BASIC", "ENHANCED", "PRO", "PLUS")],
    ("GetFaceIdTokenIntl", {"SdkVersion": "basic"}, "InvalidParameter"),
    *[("GetFaceIdTokenIntl", {"RetryLimit": limit}, "") for limit in (1, 2, 3, 4, 5, None)],
    *[("GetFaceIdTokenIntl", {"RetryLimit": limit}, "InvalidParameter") for limit in (0, 6, -1, 2**63, "3", 3.0, True)],
    *[("GetFaceIdTokenIntl", {"ActionList": each}, "") for each in ("blink", "mouth", "nod", "shake", "shake,blink", "nod,mouth")],
    *[("GetFaceIdTokenIntl", {"ActionList": "nod", "SecureLevel": level}, "") for level in ("2", "4")],
    *[("GetFaceIdTokenIntl", {"ActionList": "nod", "SecureLevel": level}, "InvalidParameter") for level in ("1", "3")],
    *[
        ("GetFaceIdTokenIntl", {"ActionList": each}, "InvalidParameter")
        for each in ("", ",", "blink,", "wink", "nod,nod", "nod, blink", "Blink")
    ],
    ("GetFaceIdTokenIntl", {"ActionList": "blink,mouth,nod"}, "InvalidParameter"),
    ("GetFaceIdTokenIntl", {"ActionList": ["blink"]}, "InvalidParameter"),
    ("GetFaceIdTokenIntl", {"Extra": "ü" * 1024}, ""),
    ("GetFaceIdTokenIntl", {"Extra": "x" * 1025}, "InvalidParameter"),
    ("GetFaceIdTokenIntl", {"Extra": 1}, "InvalidParameter"),
    ("GetFaceIdTokenIntl", {"EnableBotBgDetection": True, "MetaData": "opaque"}, ""),
    ("GetFaceIdTokenIntl", {"EnableBotBgDetection": "true"}, "InvalidParameter"),
    ("GetFaceIdTokenIntl", {"MetaData": 1}, "InvalidParameter"),
    ("GetFaceIdTokenIntl", {"UseCosFileUpload": True}, "UnknownParameter"),
    *[
        (action, parameters, code)
        for action in ("GetLivenessResult", "GetFaceIdResultIntl")
        for parameters, code in (
            ({}, "MissingParameter"),
            ({"SdkToken": None}, "MissingParameter"),
            ({"SdkToken": 5}, "InvalidParameter"),
            ({"SdkToken": ""}, "InvalidParameterValue.BizTokenIllegal"),
            ({"SdkToken": "nonsense"}, "InvalidParameterValue.BizTokenIllegal"),
            ({"SdkToken": "\u0000'\u20ac"}, "InvalidParameterValue.BizTokenIllegal"),
            ({"SdkToken": "A" * 100_000}, "InvalidParameterValue.BizTokenIllegal"),
            ({"SdkToken": "D2B55F0C-FB5D-4FB6-8765-3E931EBBFC79"}, "InvalidParameterValue.BizTokenIllegal"),
            ({"SdkToken": "x", "BizToken": "x"}, "UnknownParameter"),
        )
    ],
]


@pytest.mark.parametrize(("action", "parameters", "code"), RULES)
async def test_each_rule_has_its_code(api: Api, action: str, parameters: dict[str, Any], code: str) -> None:
    assert (await api.call(action, parameters)).code == code


FLAT_RULES = [
    ({"RetryLimit": "3", "EnableBotBgDetection": "True"}, ""),
    ({"RetryLimit": "3", "EnableBotBgDetection": "false"}, ""),
    ({"RetryLimit": "6"}, "InvalidParameter"),
    ({"RetryLimit": "x"}, "InvalidParameter"),
    ({"EnableBotBgDetection": "yes"}, "InvalidParameter"),
    ({"CheckMode": "compare", "Image": IMAGE}, ""),
    ({"ActionList": "nod,shake", "SecureLevel": "2"}, ""),
    ({"ActionList.0": "nod"}, "InvalidParameter"),
    ({"Other.Field": "1"}, "UnknownParameter"),
]


@pytest.mark.parametrize(("fields", "code"), FLAT_RULES)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_flattened_forms_follow_the_same_rules(api: Api, fields: dict[str, str], code: str, method: str) -> None:
    assert (await api.call_old(old_fields(Action="GetFaceIdTokenIntl", **fields), method)).code == code


# --- what is issued -----------------------------------------------------------------------------------------------------


async def session_of(api: Api, action: str, **parameters: Any) -> Session:
    session = await api.store.session(await api.token(action, **parameters))
    assert session
    return session


async def test_liveness_terms(api: Api) -> None:
    session = await session_of(api, "ApplyLivenessToken")
    assert (session.account, session.sandbox, session.terms.family, session.terms.level) == ("acme", False, "liveness", 4)
    assert (session.terms.gestures, session.terms.retry_limit, session.start_by) == (("blink",), 5, session.created_at + 600)
    assert (await session_of(api, "ApplyLivenessToken", SecureLevel="1")).terms.level == 1


async def test_faceid_terms(api: Api) -> None:
    session = await session_of(
        api,
        "GetFaceIdTokenIntl",
        CheckMode="compare",
        Image=IMAGE,
        ActionList="shake,nod",
        RetryLimit=2,
        SdkVersion="PLUS",
        Extra="é\u0001",
    )
    terms = session.terms
    assert (terms.family, terms.compare, terms.gestures, terms.retry_limit) == ("faceid", True, ("shake", "nod"), 2)
    assert (terms.sdk_version, terms.extra) == ("PLUS", "é\u0001")
    assert await api.blobs.get(session.reference or "") == PNG


async def test_a_picture_is_not_kept_without_comparison(api: Api) -> None:
    assert (await session_of(api, "GetFaceIdTokenIntl", Image=IMAGE)).reference is None


# --- results ------------------------------------------------------------------------------------------------------------

VIDEO, FRAME, GESTURES = b"the recording", b"\xff\xd8 the best frame", b"the gestures"


def media(key: str, data: bytes, content_type: str) -> Media:
    return Media(key, hashlib.md5(data).hexdigest(), len(data), content_type)


async def conclude(api: Api, token: str, verdict: Verdict, state: SessionState = SessionState.PASSED, number: int = 1) -> None:
    """Put a concluded attempt in the store, as the judge leaves it."""
    stored = {"video": ("video/webm", VIDEO), "best_frame": ("image/jpeg", FRAME), "action_video": ("video/webm", GESTURES)}
    for name, (_, data) in stored.items():
        await api.blobs.put(f"sessions/{token.lower()}/{number}/{name}", data)
    files = {name: media(f"sessions/{token.lower()}/{number}/{name}", data, kind) for name, (kind, data) in stored.items()}
    challenge = Challenge("n", (HoldStep(1000),))
    now = api.clock()
    attempt = Attempt(token, number, AttemptState.CONCLUDED, challenge, 4, now, now, concluded_at=now, verdict=verdict, **files)
    session = await api.store.session(token)
    assert session
    changed = msgspec.structs.replace(session, state=state, attempts=number)
    assert await api.store.commit(Change(session=changed, new_attempt=attempt))


async def fetch(api: Api, url: str, method: str = "GET", **headers: str) -> Any:
    path = url.removeprefix("http://127.0.0.1:8080")
    assert path.startswith("/media/")
    return await ask(api.media, Request(method, b"", {k.encode(): v.encode() for k, v in headers.items()}), path=path)


NOTED = Cue("compare", "pass", notices=("other_faces",))
EMPTY = {"Url": "", "MD5": "", "Size": 0}


async def test_not_finished(api: Api) -> None:
    token = await api.token("ApplyLivenessToken")
    response = (await api.call("GetLivenessResult", {"SdkToken": token})).response
    words = "The verification process is not finished"
    assert response == {
        "Result": "-999",
        "Description": words,
        "BestFrame": EMPTY,
        "Video": EMPTY,
        "Downgraded": False,
        "RequestId": response["RequestId"],
    }
    token = await api.token("GetFaceIdTokenIntl", Extra="é\u2028\\")
    response = (await api.call("GetFaceIdResultIntl", {"SdkToken": token})).response
    assert response == {
        "Result": "-999", "Description": words, "BestFrame": "", "Video": "", "ActionVideo": "", "Similarity": 0.0, "Extra": "é\u2028\\",
        "DeviceInfoLevel": "", "LivenessInfoTag": None, "Downgraded": False, "ReferenceNotices": [], "RequestId": response["RequestId"],
    }  # fmt: skip


async def test_liveness_result(api: Api) -> None:
    token = await api.token("ApplyLivenessToken")
    await conclude(api, token, Verdict("0"))
    response = (await api.call("GetLivenessResult", {"SdkToken": token})).response
    assert (response["Result"], response["Description"]) == ("0", "Success")
    for name, data, kind in (("BestFrame", FRAME, b"image/jpeg"), ("Video", VIDEO, b"video/webm")):
        info = response[name]
        answer = await fetch(api, info["Url"])
        assert (answer.status, answer.body, answer.headers[b"content-type"]) == (200, data, kind)
        assert (info["MD5"], info["Size"]) == (hashlib.md5(data).hexdigest(), len(data))
        assert token.lower() not in info["Url"].lower()
    again = (await api.call("GetLivenessResult", {"SdkToken": token})).response
    assert again["Video"]["Url"] != response["Video"]["Url"]


async def test_faceid_result(api: Api) -> None:
    token = await api.token("GetFaceIdTokenIntl", Extra="x")
    await conclude(api, token, Verdict("1005", ("02", "09"), cues=(NOTED,), similarity=81.5), SessionState.FAILED)
    response = (await api.call("GetFaceIdResultIntl", {"SdkToken": token})).response
    assert [base64.b64decode(response[name]) for name in ("Video", "BestFrame", "ActionVideo")] == [VIDEO, FRAME, GESTURES]
    assert (response["Result"], response["Similarity"], response["ReferenceNotices"]) == ("1005", 81.5, ["other_faces"])


async def test_erased_media_are_empty(api: Api) -> None:
    token = await api.token("GetFaceIdTokenIntl")
    await conclude(api, token, Verdict("0"))
    await api.blobs.delete(f"sessions/{token.lower()}")
    response = (await api.call("GetFaceIdResultIntl", {"SdkToken": token})).response
    assert (response["Result"], response["Video"]) == ("0", "")


@pytest.mark.parametrize(("tier", "tags"), [("BASIC", None), ("ENHANCED", None), ("PRO", ["03"]), ("PLUS", ["03"])])
async def test_paid_tiers(tier: str, tags: list[str] | None) -> None:
    api = Api(settings=Settings(paid_tiers=True))
    await api.add_key()
    token = await api.token("GetFaceIdTokenIntl", SdkVersion=tier)
    await conclude(api, token, Verdict("1002", tags=("03",)), SessionState.FAILED)
    assert (await api.call("GetFaceIdResultIntl", {"SdkToken": token})).response["LivenessInfoTag"] == tags


@pytest.mark.parametrize("state", [SessionState.CAPTURING, SessionState.JUDGING])
async def test_a_running_retry_is_not_finished(api: Api, state: SessionState) -> None:
    token = await api.token("ApplyLivenessToken")
    await conclude(api, token, Verdict("1005"), state)
    assert (await api.call("GetLivenessResult", {"SdkToken": token})).response["Result"] == "-999"


@pytest.mark.parametrize("code", DESCRIPTIONS)
async def test_every_code_has_words_in_both_languages(api: Api, code: str) -> None:
    token = await api.token("ApplyLivenessToken")
    if code != "-999":
        await conclude(api, token, Verdict(code), SessionState.FAILED)
    english, chinese = [
        (await api.call("GetLivenessResult", {"SdkToken": token}, more={"x-tc-language": language})).response["Description"]
        for language in ("en-US", "zh-CN")
    ]
    assert english.isascii()
    assert any("\u4e00" <= sign <= "\u9fff" for sign in chinese)


async def test_sandbox_results_say_so() -> None:
    api = Api()
    await api.add_key(sandbox=True)
    for apply, result in (("ApplyLivenessToken", "GetLivenessResult"), ("GetFaceIdTokenIntl", "GetFaceIdResultIntl")):
        token = await api.token(apply)
        assert (await api.call(result, {"SdkToken": token})).response["Description"].endswith(" (sandbox)")
        await conclude(api, token, Verdict("0"))
        assert (await api.call(result, {"SdkToken": token})).response["Description"] == "Success (sandbox)"


async def test_tokens_belong_to_their_account_and_family(api: Api) -> None:
    await api.add_key("AKIDOTHER", account="other")
    await api.add_key("AKIDSECOND", account="acme")
    liveness, faceid = await api.token("ApplyLivenessToken"), await api.token("GetFaceIdTokenIntl")
    for action, own, foreign in (("GetLivenessResult", liveness, faceid), ("GetFaceIdResultIntl", faceid, liveness)):
        assert (await api.call(action, {"SdkToken": own}, secret_id="AKIDSECOND")).code == ""
        assert (await api.call(action, {"SdkToken": own}, secret_id="AKIDOTHER")).code == "InvalidParameterValue.BizTokenIllegal"
        assert (await api.call(action, {"SdkToken": foreign})).code == "InvalidParameterValue.BizTokenIllegal"


@pytest.mark.parametrize(
    ("apply", "result", "window_s"),
    [("ApplyLivenessToken", "GetLivenessResult", 7200), ("GetFaceIdTokenIntl", "GetFaceIdResultIntl", 259_200)],
)
async def test_result_windows(api: Api, apply: str, result: str, window_s: int) -> None:
    token = await api.token(apply)
    issued = api.clock.now
    api.clock.now = issued + window_s - 2  # the call itself takes two
    assert (await api.call(result, {"SdkToken": token})).code == ""
    assert (await api.call(result, {"SdkToken": token})).code == "InvalidParameterValue.BizTokenExpired"


async def test_links_name_the_public_address(api: Api) -> None:
    async def url_of(api: Api, **more: Any) -> str:
        token = await api.token("ApplyLivenessToken")
        await conclude(api, token, Verdict("0"))
        return str((await api.call("GetLivenessResult", {"SdkToken": token}, **more)).response["Video"]["Url"])

    assert (await url_of(api, host="ekyc.example.com", secure=True)).startswith("https://ekyc.example.com/media/")
    assert (await url_of(api, host="http://127.0.0.1:8080")).startswith("http://127.0.0.1:8080/media/")
    public = Api(settings=Settings(public_url="https://id.example.com/ekyc/"))
    await public.add_key()
    assert (await url_of(public)).startswith("https://id.example.com/ekyc/media/")
