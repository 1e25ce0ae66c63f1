"""GetWebVerificationResultIntl: the outcome of a verification on the hosted page, media of the last attempt inline as Base64."""

from typing import Annotated

import msgspec

from openekyc import ids
from openekyc.api import web
from openekyc.api.action import Action, Context
from openekyc.api.documents import OcrResult, ocr_results
from openekyc.api.results import inline, light_declined, read_attempts
from openekyc.api.web import Detail
from openekyc.sessions.model import Attempt, Media, Session
from openekyc.wire.codes import BizTokenExpired, BizTokenIllegal, InternalError, InvalidParameter, InvalidParameterValue, OperationDenied
from openekyc.wire.parameters import Note


class Params(msgspec.Struct, frozen=True, rename="pascal"):
    """What may be asked."""

    biz_token: Annotated[str, Note("the token whose result is wanted; it may be read many times")]


class Result(msgspec.Struct, frozen=True, rename="pascal"):
    """`error_code` is 0 for passed and 17 before the end, when the other members are empty or null."""

    error_code: int
    error_msg: str
    verification_detail_list: tuple[Detail, ...]
    video_base64: str | None = msgspec.field(name="VideoBase64")
    best_frame_base64: str | None = msgspec.field(name="BestFrameBase64")
    ocr_result: tuple[OcrResult, ...] | None = msgspec.field(name="OCRResult")
    extra: str | None


async def run(params: Params, context: Context) -> Result:
    """Read the outcome and the last attempt's media."""
    session, attempts = await read_attempts(params.biz_token, "web", context.settings.web_result_window_s, context)
    number = web.final_code(session, attempts)
    over = attempts if number != web.NOT_FINISHED else ()
    last = next((attempt for attempt in reversed(over) if attempt.counts), None)
    return Result(
        error_code=number,
        error_msg=web.told(number, session, context.language, declined=light_declined(session, last)),
        verification_detail_list=_details(session, over, context),
        video_base64=await _inline(last.video if last else None, context),
        best_frame_base64=await _inline(last.best_frame if last else None, context),
        ocr_result=await ocr_results(session, context) if number != web.NOT_FINISHED else None,
        extra=session.terms.extra or None,
    )


def _details(session: Session, attempts: tuple[Attempt, ...], context: Context) -> tuple[Detail, ...]:
    tagged = not context.settings.paid_tiers or session.terms.sdk_version == "PLUS"
    seq = [ids.derived(session.token, "attempt", attempt.number) for attempt in attempts]
    return web.details(session, attempts, context.language, tagged=tagged, seq=seq)


async def _inline(media: Media | None, context: Context) -> str | None:
    return await inline(media, context) or None


ACTION = Action(
    "GetWebVerificationResultIntl",
    Params,
    run,
    summary="Fetch the outcome of a verification on the hosted page: code, every attempt, the last recording and best frame as Base64.",
    errors=(InternalError, InvalidParameter, InvalidParameterValue, BizTokenExpired, BizTokenIllegal, OperationDenied),
    large_result=True,
)
