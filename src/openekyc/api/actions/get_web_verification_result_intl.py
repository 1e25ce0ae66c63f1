"""GetWebVerificationResultIntl: the outcome of a verification on the hosted page, media of the last attempt inline as Base64."""

from typing import Annotated

import msgspec

from openekyc import ids
from openekyc.api import web
from openekyc.api.action import Action, Context, Findings
from openekyc.api.documents import DOCUMENT_EXPIRED, OcrResult, document_expired, ocr_results
from openekyc.api.results import Downgraded, ReferenceNotices, inline, light_declined, read_attempts, reference_notices
from openekyc.api.web import Detail
from openekyc.codes_help import ANSWERED_WARNINGS, WEB_RESULTS, WEB_TAGS
from openekyc.sessions.model import Attempt, Media, Session
from openekyc.wire.codes import BizTokenExpired, BizTokenIllegal, InternalError, InvalidParameter, InvalidParameterValue, OperationDenied
from openekyc.wire.parameters import Note
from openekyc.wire.responses import Null


class Params(msgspec.Struct, frozen=True, rename="pascal"):
    """What may be asked."""

    biz_token: Annotated[str, Note("the token whose result is wanted; it may be read many times")]


class Result(msgspec.Struct, frozen=True, rename="pascal"):
    """`error_code` is 0 for passed and 17 before the end, when the other members are empty or null."""

    error_code: Annotated[int, Note("the result code as an integer: 0 passed, 17 not finished")]
    error_msg: Annotated[str, Note("ErrorCode in words, in the language asked for; sandbox sessions say so")]
    verification_detail_list: Annotated[
        tuple[Detail, ...],
        Note("one for each attempt that is over and counts, in order; empty while ErrorCode is 17, also between two attempts"),
    ]
    video_base64: Annotated[
        str | None,
        Note("the last attempt's recording in Base64"),
        Null("while ErrorCode is 17, or where the last attempt was never submitted"),
    ] = msgspec.field(name="VideoBase64")
    best_frame_base64: Annotated[
        str | None,
        Note("the last attempt's best picture of the face (JPEG) in Base64"),
        Null("while ErrorCode is 17, or where the last attempt was never judged or shows no face"),
    ] = msgspec.field(name="BestFrameBase64")
    ocr_result: Annotated[
        tuple[OcrResult, ...] | None,
        Note("one for each reading of the document, in order; the last counts"),
        Null("while ErrorCode is 17, or where no document was read"),
    ] = msgspec.field(name="OCRResult")
    extra: Annotated[str | None, Note("the text sent with the apply call, unchanged"), Null("where none was sent")]
    document_expired: Annotated[bool, Note(DOCUMENT_EXPIRED)]
    downgraded: Downgraded
    reference_notices: ReferenceNotices


async def run(params: Params, context: Context) -> Result:
    """Read the outcome and the last attempt's media."""
    session, attempts = await read_attempts(params.biz_token, "web", context.settings.web_result_window_s, context)
    number = web.final_code(session, attempts)
    over = attempts if number != web.NOT_FINISHED else ()
    last = next((attempt for attempt in reversed(over) if web.is_told(attempt)), None)
    readings = await context.sessions.readings(session) if number != web.NOT_FINISHED else ()
    return Result(
        error_code=number,
        error_msg=web.told(number, session, context.language, declined=light_declined(session, last)),
        verification_detail_list=_details(session, over, context),
        video_base64=await _inline(last.video if last else None, context),
        best_frame_base64=await _inline(last.best_frame if last else None, context),
        ocr_result=await ocr_results(session, readings, context),
        extra=session.terms.extra or None,
        document_expired=document_expired(readings),
        downgraded=light_declined(session, last),
        reference_notices=reference_notices(last),
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
    result=Result,
    windows=("web_result_window_s",),
    findings=Findings(WEB_RESULTS, WEB_TAGS, ANSWERED_WARNINGS),
    errors=(InternalError, InvalidParameter, InvalidParameterValue, BizTokenExpired, BizTokenIllegal, OperationDenied),
    large_result=True,
)
