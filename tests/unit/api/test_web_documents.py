"""Documents on the hosted page: CheckMode 1 and 4, and what OCRResult tells of them."""

import base64
import json
from typing import Any

import pytest

from openekyc import errors
from openekyc.engine.documents.values import Card, Field
from openekyc.sessions.model import CardTerms, SessionState
from tests.unit.api.caller import Api

APPLY, RESULT = "ApplyWebVerificationBizTokenIntl", "GetWebVerificationResultIntl"
THERE = "https://example.com/done"
JPEG, FACE, FLAT = b"\xff\xd8\xff a picture", b"\xff\xd8\xff a face", b"\xff\xd8\xff flattened"
GOOD = Card("HK", fields=(Field("FullName", "LEE, Chi Nan"),), portrait=FACE, rectified={"front": FLAT}, unchecked=(-9104,))


async def issue(api: Api, **config: Any) -> str:
    return str((await api.call(APPLY, {"RedirectURL": THERE, "Config": config})).response["BizToken"])


async def result(api: Api, token: str) -> dict[str, Any]:
    return (await api.call(RESULT, {"BizToken": token})).response


async def read(api: Api, token: str, card: Card, data: bytes = JPEG) -> None:
    known = await api.sessions.put_picture(token, "front", data)
    assert await api.sessions.conclude_reading(token, len(known.shots), card)


@pytest.mark.parametrize("mode", [2, 3])
async def test_other_modes_ask_for_no_document(api: Api, mode: int) -> None:
    token = await api.call(APPLY, {"RedirectURL": THERE, "CompareImageBase64": PNG, "Config": {"CheckMode": mode}})
    session = await api.store.session(token.response["BizToken"])
    assert session
    assert (session.terms.card, session.terms.check_mode) == (None, mode)


PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (160).to_bytes(4, "big") + (90).to_bytes(4, "big")).decode()


async def test_the_wishes_about_the_document_are_kept(api: Api) -> None:
    config = {"IDCardType": "InternationalIDPassport", "DisableCheckOcrWarnings": True, "SelectedWarningCodes": "-9101,-9103"}
    token = await issue(api, CheckMode=1, IdCardCutReturn=True, AllowExpiredDocument=False, **config)
    session = await api.store.session(token)
    assert session
    assert session.terms.check_mode == 1
    assert session.terms.card == CardTerms("MLIDPassport", False, (-9101, -9103), editable=False, cut=True)


async def test_a_document_alone_passes_when_it_is_confirmed(api: Api) -> None:
    token = await issue(api, CheckMode=4, IdCardCutReturn=True)
    await read(api, token, GOOD)
    assert (await result(api, token))["ErrorCode"] == 17
    known = await api.sessions.confirm_document(token, {})
    assert known.session.state is SessionState.PASSED
    with pytest.raises(errors.SessionFinished):
        await api.sessions.begin(token)
    told = await result(api, token)
    (one,) = told["OCRResult"]
    assert (told["ErrorCode"], told["ErrorMsg"], told["VerificationDetailList"], told["VideoBase64"]) == (0, "Success", [], None)
    assert (one["IsPass"], one["NormalCardInfo"], one["WarnCardInfos"]) == (True, None, [-9109])
    assert json.loads(one["OriginalCardInfo"])["EnName"] == one["CardInfo"]["HKIDCard"]["EnName"] == "LEE, Chi Nan"
    files = [base64.b64decode(one[name]) for name in ("CardImageBase64", "CardCutImageBase64", "HeadImageBase64")]
    assert (files, one["CardBackImageBase64"]) == ([JPEG, FLAT, FACE], None)


async def test_the_person_cannot_correct_what_this_familys_result_could_not_tell(api: Api) -> None:
    token = await issue(api, CheckMode=1)
    await read(api, token, GOOD)
    with pytest.raises(errors.EditsInvalid):
        await api.sessions.confirm_document(token, {"FullName": "LEE, Chi Nam"})


async def test_mode_1_tells_the_new_shape_and_no_cut_unless_asked(api: Api) -> None:
    token = await issue(api, CheckMode=1)
    await read(api, token, GOOD)
    known = await api.sessions.confirm_document(token, {})
    assert known.session.state is SessionState.READY
    await api.sessions.end(token, "left")
    told = await result(api, token)
    (one,) = told["OCRResult"]
    assert (told["ErrorCode"], one["NormalCardInfo"]["HKIDCard"]["FullName"]) == (1410, "LEE, Chi Nan")
    assert (one["OriginalCardInfo"], one["CardCutImageBase64"]) == (None, None)


async def test_a_refused_document_ends_it(api: Api) -> None:
    token = await issue(api, CheckMode=4)
    for number in range(3):
        await read(api, token, Card("HK", problem="not_a_card"), JPEG + bytes([number]))
    told = await result(api, token)
    assert (told["ErrorCode"], told["ErrorMsg"]) == (2015, "The document was not accepted")
    assert [(one["IsPass"], one["CardInfo"], one["HeadImageBase64"]) for one in told["OCRResult"]] == [(False, None, None)] * 3
    assert [bool(one["CardImageBase64"]) for one in told["OCRResult"]] == [False, False, True]
