"""GetLivenessResult: the outcome of a liveness-only session, media as links."""

import msgspec

from openekyc.api.action import MAINLAND_HOST, Action, Context
from openekyc.api.results import FileInfo, SdkToken, file_info, read_outcome, told
from openekyc.wire.codes import BizTokenExpired, BizTokenIllegal, InternalError, InvalidParameter, OperationDenied


class Params(msgspec.Struct, frozen=True, rename="pascal"):
    """What may be asked."""

    sdk_token: SdkToken


class Result(msgspec.Struct, frozen=True, rename="pascal"):
    """`result` is "0" for passed and "-999" before the end."""

    result: str
    description: str
    best_frame: FileInfo
    video: FileInfo


async def run(params: Params, context: Context) -> Result:
    """Read the outcome; every call makes fresh links."""
    outcome = await read_outcome(params.sdk_token, "liveness", context.settings.liveness_result_window_s, context)
    attempt = outcome.attempt
    return Result(
        result=outcome.code,
        description=told(outcome, context.language),
        best_frame=file_info(attempt.best_frame if attempt else None, context),
        video=file_info(attempt.video if attempt else None, context),
    )


ACTION = Action(
    "GetLivenessResult",
    Params,
    run,
    summary="Fetch the outcome of a liveness-only session: result, best frame and recording as links.",
    errors=(InternalError, InvalidParameter, BizTokenExpired, BizTokenIllegal, OperationDenied),
    host_regions={MAINLAND_HOST: frozenset({"ap-hongkong", "ap-jakarta", "ap-singapore"})},
)
