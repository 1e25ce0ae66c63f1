"""Readings of the document as the result actions tell them: CardVerifyResults with links, OCRResult with media inline; the last counts."""

from datetime import UTC, date, datetime
from typing import Annotated, Any

import msgspec

from openekyc import ids
from openekyc.api.action import Context
from openekyc.api.results import FileInfo, file_info, inline
from openekyc.engine.documents.shapes import card_info, normal_card_info, ocr_json
from openekyc.engine.documents.values import KindName
from openekyc.sessions.documenting import Reading
from openekyc.sessions.model import CardShot, Media, Session
from openekyc.settings import Settings
from openekyc.wire.parameters import Note
from openekyc.wire.responses import Null

SHAPE = "what was read: the member of the document's kind is an object, all others are null"
OLD_SHAPE = f"the older shape of the same: {SHAPE}"
UNREAD_OLD = "if IsPass is false, and always for MainlandIDCard and HMTPermit, which the older shape does not have"
UNCUT = "always without IdCardCutReturn"
NO_BACK = "always for kinds without a back"
NOT_LAST = "in every reading but the last, and where there is no such picture"


class EditDetail(msgspec.Struct, frozen=True, rename="pascal"):
    """One field the person corrected."""

    field_name: Annotated[str, Note("the field's name in NormalCardInfo")]
    original_field_value: Annotated[str, Note("what was read")]
    revised_field_value: Annotated[str, Note("what the person wrote instead")]


class CardVerifyResult(msgspec.Struct, frozen=True, rename="pascal"):
    """One reading. Unless it passed nothing of what was read is given out. The fields are as the person confirmed them; what was read
    before is in `edit_details`, and unchanged in the JSON file."""

    is_pass: Annotated[bool, Note("whether the whole document was read and accepted")]
    is_edit: Annotated[bool, Note("whether the person corrected a field")]
    card_video: Annotated[FileInfo | None, Note("no video of the document is taken here"), Null("always")]
    card_image: Annotated[FileInfo, Note("the photograph of the front")]
    card_info_ocr_json: Annotated[FileInfo, Note("a JSON file of what was read, with the names of CardInfo; empty unless IsPass")]
    request_id: Annotated[str, Note("an id of this reading, the same in every call")]
    card_info: Annotated[dict[str, Any] | None, Note(OLD_SHAPE), Null(UNREAD_OLD)]
    normal_card_info: Annotated[dict[str, Any] | None, Note(SHAPE), Null("if IsPass is false")]
    warn_card_infos: Annotated[tuple[int, ...], Note("the warnings about the photographs and the fields")]
    edit_details: Annotated[tuple[EditDetail, ...], Note("the corrections; an empty list unless IsEdit")]


def card_result(session: Session, reading: Reading, context: Context) -> CardVerifyResult:
    """The result of one reading, with fresh links."""
    shot = reading.shot
    values = reading.values if reading.passed else None
    on = day(shot.concluded_at or shot.submitted_at)
    return CardVerifyResult(
        is_pass=reading.passed,
        is_edit=bool(reading.edits),
        card_video=None,
        card_image=file_info(reading.picture, context),
        card_info_ocr_json=file_info(shot.ocr if reading.passed else None, context),
        request_id=ids.derived(session.token, "document", shot.number),
        card_info=None if values is None else card_info(reading.kind, values, on),
        normal_card_info=None if values is None else normal_card_info(reading.kind, values, on),
        warn_card_infos=shot.warnings,
        edit_details=tuple(EditDetail(edit.name, edit.original, edit.revised) for edit in reading.edits),
    )


class OcrResult(msgspec.Struct, frozen=True, rename="pascal"):
    """The same for the hosted page. With CheckMode 4 `original_card_info` takes the place of `normal_card_info`."""

    is_pass: Annotated[bool, Note("whether the whole document was read and accepted")]
    card_image_base64: Annotated[str | None, Note("the photograph of the front"), Null(NOT_LAST)] = msgspec.field(name="CardImageBase64")
    card_info: Annotated[dict[str, Any] | None, Note(OLD_SHAPE), Null(UNREAD_OLD)]
    normal_card_info: Annotated[dict[str, Any] | None, Note(SHAPE), Null("if IsPass is false, and always with CheckMode 4")]
    request_id: Annotated[str, Note("an id of this reading, the same in every call")]
    card_cut_image_base64: Annotated[str | None, Note("the front laid flat (JPEG)"), Null(f"{NOT_LAST}; {UNCUT}")] = msgspec.field(
        name="CardCutImageBase64"
    )
    card_back_cut_image_base64: Annotated[str | None, Note("the back laid flat (JPEG)"), Null(f"{NOT_LAST}; {UNCUT}; {NO_BACK}")] = (
        msgspec.field(name="CardBackCutImageBase64")
    )
    warn_card_infos: Annotated[tuple[int, ...], Note("the warnings about the photographs and the fields")]
    original_card_info: Annotated[
        str | None, Note("JSON text of what was read, with the names of CardInfo"), Null("if IsPass is false, and always with CheckMode 1")
    ]
    head_image_base64: Annotated[str | None, Note("the portrait (JPEG)"), Null(f"{NOT_LAST}; also if IsPass is false")] = msgspec.field(
        name="HeadImageBase64"
    )
    card_back_image_base64: Annotated[str | None, Note("the photograph of the back"), Null(f"{NOT_LAST}; {NO_BACK}")] = msgspec.field(
        name="CardBackImageBase64"
    )


async def ocr_results(session: Session, readings: tuple[Reading, ...], context: Context) -> tuple[OcrResult, ...] | None:
    """Every reading, media inline for the last alone: each is megabytes. None of a session without document."""
    told = [await _ocr_result(session, reading, context, inlined=reading is readings[-1]) for reading in readings]
    return tuple(told) or None


async def _ocr_result(session: Session, reading: Reading, context: Context, *, inlined: bool) -> OcrResult:
    values, on = reading.values, day(reading.shot.concluded_at or reading.shot.submitted_at)
    alone = not session.terms.liveness
    cut = session.terms.card is not None and session.terms.card.cut

    async def file(shot: CardShot | None, name: str, *, wanted: bool = True) -> str | None:
        return await inline(getattr(shot, name), context) or None if shot and inlined and wanted else None

    front, back = reading.sides.get("front"), reading.sides.get("back")
    return OcrResult(
        is_pass=reading.passed,
        card_image_base64=await file(front, "picture"),
        card_info=card_info(reading.kind, values, on) if reading.passed else None,
        normal_card_info=normal_card_info(reading.kind, values, on) if reading.passed and not alone else None,
        request_id=ids.derived(session.token, "document", reading.shot.number),
        card_cut_image_base64=await file(front, "rectified", wanted=cut),
        card_back_cut_image_base64=await file(back, "rectified", wanted=cut),
        warn_card_infos=reading.shot.warnings,
        original_card_info=ocr_json(reading.kind, values, on) if reading.passed and alone else None,
        head_image_base64=await file(reading.shot, "portrait", wanted=reading.passed),
        card_back_image_base64=await file(back, "picture"),
    )


DOCUMENT_EXPIRED = "whether the last reading's document had expired when it was read; false where no date of expiry was read"


def document_expired(readings: tuple[Reading, ...]) -> bool:
    """The same of the reading that counts."""
    return bool(readings) and readings[-1].expired


def allow_expired(kind: KindName, asked: bool | None, settings: Settings) -> bool:
    """Whether an expired document may pass: as the setting says, but for HK what the call says goes first."""
    return not settings.refuse_expired if kind != "HK" or asked is None else asked


def portrait(readings: tuple[Reading, ...]) -> Media | None:
    """The face as cut from the document that counts."""
    return next((reading.shot.portrait for reading in reversed(readings) if reading.passed), None)


def day(seconds: float) -> date:
    """The day of the reading, by which ages are told."""
    return datetime.fromtimestamp(seconds, UTC).date()
