"""GetLivenessResult: the outcome of a liveness-only session, media as links."""

from typing import Annotated

import msgspec

from openekyc.api.action import MAINLAND_HOST, Action, Context, Findings
from openekyc.api.results import Description, Downgraded, FileInfo, ResultCode, SdkToken, file_info, light_declined, read_outcome, told
from openekyc.codes_help import LIVENESS_RESULTS
from openekyc.wire.codes import BizTokenExpired, BizTokenIllegal, InternalError, InvalidParameter, OperationDenied
from openekyc.wire.parameters import Note


class Params(msgspec.Struct, frozen=True, rename="pascal"):
    """What may be asked."""

    sdk_token: SdkToken


class Result(msgspec.Struct, frozen=True, rename="pascal"):
    """`result` is "0" for passed and "-999" before the end."""

    result: ResultCode
    description: Description
    best_frame: Annotated[FileInfo, Note("the best picture of the face (JPEG); empty while Result is -999, or where no face was seen")]
    video: Annotated[FileInfo, Note("the recording of the latest judged attempt, as the client sent it; empty while Result is -999")]
    downgraded: Downgraded


async def run(params: Params, context: Context) -> Result:
    """Read the outcome; every call makes fresh links."""
    outcome = await read_outcome(params.sdk_token, "liveness", context.settings.liveness_result_window_s, context)
    attempt = outcome.attempt
    return Result(
        result=outcome.code,
        description=told(outcome, context.language),
        best_frame=file_info(attempt.best_frame if attempt else None, context),
        video=file_info(attempt.video if attempt else None, context),
        downgraded=light_declined(outcome.session, attempt),
    )


ACTION = Action(
    "GetLivenessResult",
    Params,
    run,
    summary="Fetch the outcome of a liveness-only session: result, best frame and recording as links.",
    result=Result,
    windows=("liveness_result_window_s", "link_seconds"),
    findings=Findings(LIVENESS_RESULTS),
    errors=(InternalError, InvalidParameter, BizTokenExpired, BizTokenIllegal, OperationDenied),
    host_regions={MAINLAND_HOST: frozenset({"ap-hongkong", "ap-jakarta", "ap-singapore"})},
)
