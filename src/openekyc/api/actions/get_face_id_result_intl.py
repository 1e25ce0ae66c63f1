"""GetFaceIdResultIntl: the outcome of a selfie-verification session, media inline as Base64."""

from typing import Annotated

import msgspec

from openekyc.api.action import Action, Context, Findings
from openekyc.api.results import (
    PAID_TIERS,
    Description,
    DeviceInfoLevel,
    Downgraded,
    Extra,
    ReferenceNotices,
    ResultCode,
    SdkToken,
    inline,
    light_declined,
    read_outcome,
    reference_notices,
    told,
)
from openekyc.codes_help import RESULTS, TAGS
from openekyc.sessions.outcome import Outcome
from openekyc.wire.codes import BizTokenExpired, BizTokenIllegal, InternalError, InvalidParameter, OperationDenied
from openekyc.wire.parameters import Note
from openekyc.wire.responses import Null


class Params(msgspec.Struct, frozen=True, rename="pascal"):
    """What may be asked."""

    sdk_token: SdkToken


class Result(msgspec.Struct, frozen=True, rename="pascal"):
    """`result` is "0" for passed and "-999" before the end, when media are empty."""

    result: ResultCode
    description: Description
    best_frame: Annotated[str, Note("Base64 of the best picture of the face (JPEG); empty while Result is -999, or where no face was seen")]
    video: Annotated[str, Note("Base64 of the latest judged attempt's recording, as the client sent it; empty while Result is -999")]
    action_video: Annotated[str, Note("Base64 of the part of it that holds the gestures; empty at levels without gestures")]
    similarity: Annotated[float, Note("0 to 100; 0 where nothing was compared; it stands here even if liveness failed, so go by Result")]
    extra: Extra
    device_info_level: DeviceInfoLevel
    liveness_info_tag: Annotated[
        tuple[str, ...] | None,
        Note("the reasons found against the latest judged attempt; an empty list if there are none"),
        Null("while no attempt has a verdict; with the setting `paid_tiers` also unless SdkVersion was PRO or PLUS"),
    ]
    downgraded: Downgraded
    reference_notices: ReferenceNotices


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
        downgraded=light_declined(outcome.session, attempt),
        reference_notices=reference_notices(attempt),
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
    result=Result,
    windows=("faceid_result_window_s",),
    findings=Findings(RESULTS, TAGS),
    errors=(InternalError, InvalidParameter, BizTokenExpired, BizTokenIllegal, OperationDenied),
    large_result=True,
)
