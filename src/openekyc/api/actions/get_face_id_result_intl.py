"""GetFaceIdResultIntl: the outcome of a selfie-verification session, media inline as Base64."""

import msgspec

from openekyc.api.action import Action, Context
from openekyc.api.results import PAID_TIERS, SdkToken, inline, read_outcome, told
from openekyc.sessions.outcome import Outcome
from openekyc.wire.codes import BizTokenExpired, BizTokenIllegal, InternalError, InvalidParameter, OperationDenied


class Params(msgspec.Struct, frozen=True, rename="pascal"):
    """What may be asked."""

    sdk_token: SdkToken


class Result(msgspec.Struct, frozen=True, rename="pascal"):
    """`similarity` is 0..100, and 0 without a comparison; `liveness_info_tag` None = not offered to this session, or not finished."""

    result: str
    description: str
    best_frame: str
    video: str
    action_video: str
    similarity: float
    extra: str
    device_info_level: str
    liveness_info_tag: tuple[str, ...] | None


async def run(params: Params, context: Context) -> Result:
    """Read the outcome and its media."""
    outcome = await read_outcome(params.sdk_token, "faceid", context.settings.faceid_result_window_s, context)
    attempt = outcome.attempt
    verdict = attempt.verdict if attempt else None
    return Result(
        result=outcome.code,
        description=told(outcome, context.language),
        best_frame=await inline(attempt.best_frame if attempt else None, context),
        video=await inline(attempt.video if attempt else None, context),
        action_video=await inline(attempt.action_video if attempt else None, context),
        similarity=(verdict and verdict.similarity) or 0.0,
        extra=outcome.session.terms.extra,
        device_info_level="",
        liveness_info_tag=reasons(outcome, paid_tiers=context.settings.paid_tiers),
    )


def reasons(outcome: Outcome, *, paid_tiers: bool) -> tuple[str, ...] | None:
    """The reasons found, for every SdkVersion unless the operator keeps the vendor's paid tiers."""
    if outcome.attempt is None or outcome.attempt.verdict is None:
        return None
    if paid_tiers and outcome.session.terms.sdk_version not in PAID_TIERS:
        return None
    return outcome.attempt.verdict.tags


ACTION = Action(
    "GetFaceIdResultIntl",
    Params,
    run,
    summary="Fetch the outcome of a selfie-verification session: result, similarity, reasons and media as Base64.",
    errors=(InternalError, InvalidParameter, BizTokenExpired, BizTokenIllegal, OperationDenied),
    large_result=True,
)
