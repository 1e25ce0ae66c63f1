"""GetWebVerificationResultIntl: how a session ended, attempt by attempt, in the vendor's web numbers."""

import base64
import hashlib
from typing import Any, get_args

import pytest
from msgspec.structs import replace

from openekyc.api import web
from openekyc.engine.values import Challenge, Cue, Hint, HoldStep, Verdict
from openekyc.sessions.model import Attempt, AttemptState, Media, SessionState
from openekyc.sessions.ports import Change
from openekyc.settings import Settings
from tests.unit.api.caller import Api
from tests.unit.api.test_web_apply import APPLY, THERE, issue

RESULT = "GetWebVerificationResultIntl"
ILLEGAL, EXPIRED = "InvalidParameterValue.BizTokenIllegal", "InvalidParameterValue.BizTokenExpired"


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
    return Media(key, hashlib.md5(data).hexdigest(), len(data), "video/webm")


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
        "Downgraded": False,
        "VerificationDetailList": [],
        "VideoBase64": None,
        "BestFrameBase64": None,
        "OCRResult": None,
        "Extra": None,
        "DocumentExpired": False,
        "ReferenceNotices": [],
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
    passed = Verdict("0", cues=(*LIVE, Cue("compare", "pass", notices=("other_faces",))), similarity=93.5)
    await put(api, token, refused, "left", unlike, "timed_out", passed, state=SessionState.PASSED)
    answer = await result(api, token)
    assert (answer["ErrorCode"], answer["ErrorMsg"], answer["Extra"], answer["OCRResult"]) == (0, "Success", "ß", None)
    assert answer["ReferenceNotices"] == ["other_faces"]
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
    assert (told["ErrorCode"], told["Downgraded"]) == (0, True)


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
