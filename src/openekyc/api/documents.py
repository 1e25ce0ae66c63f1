"""CardVerifyResults of GetSdkVerificationResult: one for every reading of the document, the last counts."""

from datetime import UTC, date, datetime
from typing import Any

import msgspec

from openekyc import ids
from openekyc.api.action import Context
from openekyc.api.results import FileInfo, file_info
from openekyc.engine.documents.shapes import card_info, normal_card_info
from openekyc.sessions.documenting import Reading
from openekyc.sessions.model import Media, Session


class EditDetail(msgspec.Struct, frozen=True, rename="pascal"):
    """One field the person corrected."""

    field_name: str
    original_field_value: str
    revised_field_value: str


class CardVerifyResult(msgspec.Struct, frozen=True, rename="pascal"):
    """One reading. Unless it passed nothing of what was read is given out. The fields are as the person confirmed them; what was read
    before is in `edit_details`, and unchanged in the JSON file."""

    is_pass: bool
    is_edit: bool
    card_video: FileInfo | None
    card_image: FileInfo
    card_info_ocr_json: FileInfo
    request_id: str
    card_info: dict[str, Any] | None
    normal_card_info: dict[str, Any] | None
    warn_card_infos: tuple[int, ...]
    edit_details: tuple[EditDetail, ...]


def card_result(session: Session, reading: Reading, context: Context) -> CardVerifyResult:
    """The result of one reading, with fresh links."""
    shot = reading.shot
    values = reading.values if reading.passed else None
    on = day(shot.concluded_at or shot.submitted_at)
    return CardVerifyResult(
        is_pass=reading.passed,
        is_edit=bool(reading.edits),
        card_video=None,
        card_image=file_info(reading.front, context),
        card_info_ocr_json=file_info(shot.ocr if reading.passed else None, context),
        request_id=ids.derived(session.token, "document", shot.number),
        card_info=None if values is None else card_info(reading.kind, values, on),
        normal_card_info=None if values is None else normal_card_info(reading.kind, values, on),
        warn_card_infos=shot.warnings,
        edit_details=tuple(EditDetail(edit.name, edit.original, edit.revised) for edit in reading.edits),
    )


def portrait(readings: tuple[Reading, ...]) -> Media | None:
    """The face as cut from the document that counts."""
    return next((reading.shot.portrait for reading in reversed(readings) if reading.passed), None)


def day(seconds: float) -> date:
    """The day of the reading, by which ages are told."""
    return datetime.fromtimestamp(seconds, UTC).date()
