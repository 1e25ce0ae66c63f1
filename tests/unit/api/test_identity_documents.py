"""What GetSdkVerificationResult tells of the document: readings in order, both shapes, edits with their originals, links."""

import hashlib
import json
import re
import warnings
from typing import Any

import pytest
from tencentcloud.faceid.v20180301 import models

from openekyc.engine.documents.values import Card, Field
from openekyc.engine.values import Cue, Verdict
from openekyc.settings import Settings
from tests.unit.api.caller import Api, ask
from tests.unit.wire.signer import Request

APPLY, RESULT = "ApplySdkVerificationToken", "GetSdkVerificationResult"
JPEG = b"\xff\xd8\xff a picture of the front"
FIELDS = (Field("FullName", "LEE, Chi Nan"), Field("LicenseNumber", "A123456(3)"), Field("Permanent", "1"))
GOOD = Card("HK", fields=FIELDS, portrait=b"\xff\xd8\xff a face", unchecked=(-9104,))
LIVE = Verdict("0", cues=(Cue("face", "pass"), Cue("compare", "pass")), similarity=88.0)


async def read(api: Api, token: str, card: Card | None, data: bytes = JPEG, side: str = "front") -> None:
    known = await api.sessions.put_picture(token, side, data)
    assert await api.sessions.conclude_reading(token, len(known.shots), card)


async def passed(api: Api, token: str, **edits: str) -> dict[str, Any]:
    """The session to its end, and its result."""
    await api.sessions.confirm_document(token, edits)
    _, attempt = await api.sessions.begin(token)
    recording = b"\x1a\x45\xdf\xa3 a recording"
    digest = hashlib.sha256(recording).hexdigest()
    key = token, attempt.number, attempt.challenge.nonce
    await api.sessions.accept_slice(*key, 0, recording, digest)
    await api.sessions.submit(*key, len(recording), digest)
    assert await api.sessions.conclude(token, attempt.number, LIVE)
    return await result(api, token)


async def result(api: Api, token: str) -> dict[str, Any]:
    return (await api.call(RESULT, {"SdkToken": token})).response


async def fetched(api: Api, file: dict[str, Any]) -> bytes:
    answer = await ask(api.media, Request("GET", b"", {}, b""), path=re.sub(r"^https?://[^/]+", "", file["Url"]))
    assert (answer.status, len(answer.body)) == (200, file["Size"])
    return answer.body


async def test_a_passed_session_tells_the_card_in_both_shapes(api: Api) -> None:
    token = await api.token(APPLY, SecurityLevel=1)
    await read(api, token, GOOD)
    told = await passed(api, token)
    (card,) = told["CardVerifyResults"]
    assert (told["Result"], card["IsPass"], card["IsEdit"], card["EditDetails"], card["CardVideo"]) == ("0", True, False, [], None)
    assert card["CardInfo"]["HKIDCard"]["EnName"] == card["NormalCardInfo"]["HKIDCard"]["FullName"] == "LEE, Chi Nan"
    assert [name for name, member in card["NormalCardInfo"].items() if member] == ["HKIDCard"]
    assert card["WarnCardInfos"] == [-9109]
    assert await fetched(api, card["CardImage"]) == JPEG
    assert json.loads(await fetched(api, card["CardInfoOcrJson"]))["Permanent"] == 1
    assert await fetched(api, told["CompareResults"][0]["ProfileImage"]) == GOOD.portrait


async def test_before_the_end_nothing_is_told(api: Api) -> None:
    token = await api.token(APPLY, SecurityLevel=1)
    await read(api, token, GOOD)
    told = await result(api, token)
    assert (told["Result"], told["CardVerifyResults"], told["CompareResults"]) == ("-999", [], [])


async def test_edits_are_told_with_their_originals_and_the_file_stays_as_read(api: Api) -> None:
    token = await api.token(APPLY, SecurityLevel=1)
    await read(api, token, GOOD)
    (card,) = (await passed(api, token, FullName="LEE, Chi Nam", LicenseNumber="A123456(3)"))["CardVerifyResults"]
    assert card["IsEdit"]
    assert card["EditDetails"] == [{"FieldName": "FullName", "OriginalFieldValue": "LEE, Chi Nan", "RevisedFieldValue": "LEE, Chi Nam"}]
    assert card["CardInfo"]["HKIDCard"]["EnName"] == card["NormalCardInfo"]["HKIDCard"]["FullName"] == "LEE, Chi Nam"
    assert json.loads(await fetched(api, card["CardInfoOcrJson"]))["EnName"] == "LEE, Chi Nan"


async def test_readings_are_told_in_order_and_failed_ones_hold_nothing_read(api: Api) -> None:
    token = await api.token(APPLY, SecurityLevel=1)
    await read(api, token, Card("HK", fields=FIELDS, warnings=(-9107,)), JPEG + b"1")
    await read(api, token, Card("HK", problem="not_a_card"), JPEG + b"2")
    await read(api, token, GOOD)
    told = (await passed(api, token))["CardVerifyResults"]
    assert [(one["IsPass"], one["WarnCardInfos"]) for one in told] == [(False, [-9107]), (False, []), (True, [-9109])]
    for one in told[:2]:
        assert (one["CardInfo"], one["NormalCardInfo"], one["CardInfoOcrJson"]["Url"]) == (None, None, "")
    assert len({one["RequestId"] for one in told}) == 3


async def test_a_refused_document_is_told_as_the_end(api: Api) -> None:
    token = await api.token(APPLY, SecurityLevel=1, Extra="7")
    for number in range(3):
        await read(api, token, Card("HK", fields=FIELDS, warnings=(-9103,)), JPEG + bytes([number]))
    told = await result(api, token)
    assert (told["Result"], told["Description"], told["ChargeCount"]) == ("2015", "The document was not accepted", 0)
    assert (told["CompareResults"], told["Extra"]) == ([], "7")
    assert [one["IsPass"] for one in told["CardVerifyResults"]] == [False] * 3
    assert [one["NormalCardInfo"] for one in told["CardVerifyResults"]] == [None] * 3


async def test_warnings_are_told_where_they_stop_nothing(api: Api) -> None:
    token = await api.token(APPLY, SecurityLevel=1, DisableCheckOcrWarnings=True)
    await read(api, token, Card("HK", fields=FIELDS, warnings=(-9103, -9107), portrait=JPEG))
    (card,) = (await passed(api, token))["CardVerifyResults"]
    assert (card["IsPass"], card["WarnCardInfos"]) == (True, [-9103, -9107])


async def test_a_kind_without_the_older_shape(api: Api) -> None:
    token = await api.token(APPLY, SecurityLevel=1, IdCardType="HMTPermit")
    await read(api, token, Card("HMTPermit", fields=(Field("Name", "张三"),), portrait=JPEG))
    (card,) = (await passed(api, token))["CardVerifyResults"]
    assert card["CardInfo"] is None
    assert card["NormalCardInfo"]["HMTPermitCard"]["Name"] == "张三"


async def test_a_document_of_two_sides_is_one_reading_with_the_fronts_picture(api: Api) -> None:
    token = await api.token(APPLY, SecurityLevel=1, IdCardType="MacaoIDCard")
    card = Card("MacaoIDCard", fields=(Field("LicenseNumber", "1234567(8)"),), portrait=JPEG)
    await read(api, token, Card("MacaoIDCard", problem="unreadable"))
    await read(api, token, card, JPEG + b" the back", "back")
    (told,) = (await passed(api, token))["CardVerifyResults"]
    assert told["IsPass"]
    assert await fetched(api, told["CardImage"]) == JPEG


async def test_what_was_erased_is_not_told(api: Api) -> None:
    token = await api.token(APPLY, SecurityLevel=1)
    await read(api, token, GOOD)
    await passed(api, token)
    await api.blobs.delete(f"sessions/{token.lower()}")
    (card,) = (await result(api, token))["CardVerifyResults"]
    assert (card["NormalCardInfo"], card["EditDetails"]) == (None, [])


PASSPORT = Card("MLIDPassport", fields=(Field("FullName", "ERIKSSON ANNA MARIA"), Field("DateOfExpiration", "2012-04-15")), portrait=JPEG)
REFUSING = Settings(refuse_expired=True)


async def test_an_expired_document_passes_and_the_result_says_so(api: Api) -> None:
    token = await api.token(APPLY, SecurityLevel=1, IdCardType="MLIDPassport")
    await read(api, token, PASSPORT)
    told = await passed(api, token)
    assert (told["Result"], told["DocumentExpired"], told["CardVerifyResults"][0]["IsPass"]) == ("0", True, True)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        models.GetSdkVerificationResultResponse().from_json_string(json.dumps(told))


async def test_where_expired_ones_are_refused_it_ends_like_a_failed_check() -> None:
    api = Api(settings=REFUSING)
    await api.add_key()
    token = await api.token(APPLY, SecurityLevel=1, IdCardType="MLIDPassport")
    for number in range(3):
        await read(api, token, PASSPORT, JPEG + bytes([number]))
    told = await result(api, token)
    assert (told["Result"], told["Description"], told["DocumentExpired"]) == ("2015", "The document was not accepted", True)


@pytest.mark.parametrize(
    ("kind", "asked", "setting", "allowed"),
    [
        ("HK", None, False, True),
        ("HK", None, True, False),
        ("HK", True, True, True),
        ("HK", False, False, False),
        ("MLIDPassport", None, True, False),
        ("MLIDPassport", True, True, False),
        ("MLIDPassport", False, False, True),
    ],
)
async def test_for_hong_kong_the_call_goes_before_the_setting(kind: str, asked: bool | None, setting: bool, allowed: bool) -> None:
    api = Api(settings=Settings(refuse_expired=setting))
    await api.add_key()
    wish = {} if asked is None else {"AllowExpiredDocument": asked}
    token = await api.token(APPLY, SecurityLevel=1, IdCardType=kind, **wish)
    terms = (await api.sessions.document(token)).terms
    assert terms.allow_expired is allowed
